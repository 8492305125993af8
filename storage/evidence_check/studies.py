"""Who counts as having studied, and the entries that say so."""

from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, cast, func, or_, select

from storage.database import Transaction
from storage.evidence import Kind
from storage.evidence_check.findings import Finding, Problem
from storage.evidence_check.people import code_of
from storage.schema.evidence import evidence
from storage.schema.studies import study


async def find_duplicate(tx: Transaction, _now: datetime) -> Finding | None:
    """A member acknowledges a campaign once, and ends each attempt at its quiz once."""
    found = await tx.scalar(
        select(func.max(evidence.c.id))
        .where(evidence.c.kind.in_((Kind.ACKNOWLEDGEMENT.value, Kind.QUIZ.value)))
        .group_by(evidence.c.kind, evidence.c.member_id, evidence.c.campaign_id, evidence.c.attempts)
        .having(func.count() > 1)
        .limit(1)
    )
    return Finding(Problem.DUPLICATE, found) if found is not None else None


def _has_entry(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """An entry of the study row's member and campaign."""
    own = and_(evidence.c.member_id == study.c.member_id, evidence.c.campaign_id == study.c.campaign_id)
    return select(evidence.c.id).where(own, *conditions).exists()


_ACKNOWLEDGED = and_(evidence.c.kind == Kind.ACKNOWLEDGEMENT.value, evidence.c.at == study.c.acknowledged_at)
_withdrawal = evidence.alias("withdrawal")
# What an officer entered, and nobody took back since.
_STANDS = ~(
    select(_withdrawal.c.id)
    .where(
        _withdrawal.c.kind == Kind.WITHDRAWAL.value,
        _withdrawal.c.member_id == evidence.c.member_id,
        _withdrawal.c.campaign_id == evidence.c.campaign_id,
        _withdrawal.c.id > evidence.c.id,
    )
    .exists()
)
# The details are canonical JSON: sorted, compact, with the score as the last of a quiz's values.
_SCORED = evidence.c.details.like('%"score":' + cast(study.c.best_score, String) + "}")
_HAS_PASSED = and_(evidence.c.kind == Kind.QUIZ.value, evidence.c.details.contains('"passed":1'))
_WAIVED = evidence.c.kind == Kind.WAIVER.value
_UNFOUNDED = (
    select(study.c.evidence_id, code_of(study.c.member_id).label("code"))
    .where(
        or_(
            and_(study.c.acknowledged_at.is_not(None), ~_has_entry(_ACKNOWLEDGED)),
            and_(
                study.c.waived_at.is_not(None),
                ~_has_entry(_WAIVED, evidence.c.at == study.c.waived_at, _STANDS),
            ),
            and_(
                study.c.credit.is_not(None),
                ~_has_entry(evidence.c.kind == study.c.credit, evidence.c.at == study.c.credited_at, _STANDS),
            ),
            and_(study.c.best_score.is_not(None), ~_has_entry(evidence.c.kind == Kind.QUIZ.value, _SCORED)),
            and_(
                study.c.passed_at.is_not(None),
                ~_has_entry(_HAS_PASSED, evidence.c.at == study.c.passed_at),
            ),
            and_(study.c.evidence_id.is_not(None), ~_has_entry(evidence.c.id == study.c.evidence_id)),
        )
    )
    .order_by(study.c.evidence_id)
    .limit(1)
)


async def find_unfounded(tx: Transaction, _now: datetime) -> Finding | None:
    """When the end of the chain is cut off, the seals that are left agree; the studies it proved don't."""
    row = await tx.first(_UNFOUNDED)
    return Finding(Problem.UNFOUNDED, row.evidence_id, row.code or "") if row else None


_CREDITS = (Kind.ATTENDANCE.value, Kind.MAKE_UP.value)
_UNCOUNTED = (
    select(evidence.c.id, code_of(evidence.c.member_id).label("code"))
    .outerjoin(
        study, and_(study.c.campaign_id == evidence.c.campaign_id, study.c.member_id == evidence.c.member_id)
    )
    .where(
        or_(
            and_(
                evidence.c.kind == Kind.ACKNOWLEDGEMENT.value,
                study.c.acknowledged_at.is_distinct_from(evidence.c.at),
            ),
            and_(_HAS_PASSED, study.c.passed_at.is_(None)),
            # Of two officers who enter at once, the later one's moment may be the one that stays.
            and_(_WAIVED, study.c.waived_at.is_(None), _STANDS),
            and_(evidence.c.kind.in_(_CREDITS), study.c.credit.is_(None), _STANDS),
        )
    )
    .order_by(evidence.c.id)
    .limit(1)
)


async def find_uncounted(tx: Transaction, _now: datetime) -> Finding | None:
    """Nothing takes a study away again but a withdrawal, which is an entry itself."""
    row = await tx.first(_UNCOUNTED)
    return Finding(Problem.UNCOUNTED, row.id, row.code or "") if row else None
