"""How far each member is in each campaign: one row for each of those who did anything or were credited."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Row, and_, bindparam, case, func, or_, select, update

from storage import campaigns
from storage.campaigns import Campaign, State
from storage.database import Transaction, for_both, upsert
from storage.schema.evidence import evidence
from storage.schema.studies import campaign, study


@dataclass(frozen=True, slots=True)
class Progress:
    """One member's study in one campaign; the defaults say that nothing happened yet."""

    # The furthest card that was shown, counted from 1.
    card: int = 0
    version_hash: str | None = None
    opened_at: datetime | None = None
    acknowledged_at: datetime | None = None
    # Percent, of the best finished attempt.
    best_score: int | None = None
    passed_at: datetime | None = None
    waived_at: datetime | None = None
    # "attendance" or "make_up".
    credit: str | None = None
    credited_at: datetime | None = None


# The columns of `Progress`, in its order.
_COLUMNS: tuple[Column[Any], ...] = (
    study.c.card,
    study.c.version_hash,
    study.c.opened_at,
    study.c.acknowledged_at,
    study.c.best_score,
    study.c.passed_at,
    study.c.waived_at,
    study.c.credit,
    study.c.credited_at,
)
_MINE = (study.c.campaign_id == bindparam("b_campaign")) & (study.c.member_id == bindparam("b_member"))
_ONE = select(*_COLUMNS).where(_MINE)
_ONE_LOCKED = _ONE.with_for_update()


_WITH_CAMPAIGN = select(*campaigns.COLUMNS, *_COLUMNS).outerjoin(
    study, and_(study.c.campaign_id == campaign.c.id, study.c.member_id == bindparam("b_member"))
)
_STANDING = _WITH_CAMPAIGN.where(campaign.c.id == bindparam("b_campaign"))
# A superseded campaign is gone from view: its document is studied in the one that followed.
_STANDINGS = _WITH_CAMPAIGN.where(
    or_(
        campaign.c.state == State.OPEN.value,
        and_(campaign.c.state == State.CLOSED.value, study.c.campaign_id.is_not(None)),
    )
).order_by(campaign.c.deadline.is_(None), campaign.c.deadline, campaign.c.id)


def _from_columns(values: Sequence[Any]) -> Progress:
    """From the values of `_COLUMNS`; an outer join that found no row gives nulls."""
    return Progress(*values) if values[0] is not None else Progress()


def _with_campaign(row: Row[Any]) -> tuple[Campaign, Progress]:
    width = len(campaigns.COLUMNS)
    return campaigns.from_row(row[:width]), _from_columns(row[width:])


async def standing(tx: Transaction, campaign_id: int, member_id: int) -> tuple[Campaign, Progress] | None:
    """A campaign, and how far the member is in it; None when there is no such campaign."""
    row = await tx.first(_STANDING, {"b_campaign": campaign_id, "b_member": member_id})
    return _with_campaign(row) if row else None


async def standings(tx: Transaction, member_id: int) -> list[tuple[Campaign, Progress]]:
    """Every open campaign, and the closed ones in which the member has a row; the most pressing first.

    Whether the member is in the audience of each is not looked at.
    """
    return [_with_campaign(row) for row in await tx.all(_STANDINGS, {"b_member": member_id})]


async def progress(tx: Transaction, campaign_id: int, member_id: int, *, lock: bool = False) -> Progress:
    """`lock` holds the row until the transaction ends: two presses at once decide one by one."""
    row = await tx.first(_ONE_LOCKED if lock else _ONE, {"b_campaign": campaign_id, "b_member": member_id})
    return _from_columns(row) if row else Progress()


def _shown_card(insert_into: Callable[[Any], Any]) -> Any:
    statement = insert_into(study)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["campaign_id", "member_id"],
        set_={
            "card": case((study.c.card < new.card, new.card), else_=study.c.card),
            "version_hash": new.version_hash,
            "opened_at": func.coalesce(study.c.opened_at, new.opened_at),
        },
    )


_SHOWN_CARD = for_both(_shown_card)


async def show_card(
    tx: Transaction, campaign_id: int, member_id: int, *, version_hash: str, card: int, now: datetime
) -> None:
    """Remember that `card` was shown; the furthest one stays."""
    values = {
        "campaign_id": campaign_id,
        "member_id": member_id,
        "version_hash": version_hash,
        "card": card,
        "opened_at": now,
    }
    await tx.run(_SHOWN_CARD[tx.dialect], values)


_ACKNOWLEDGE = (
    update(study)
    .where(_MINE)
    .values(
        acknowledged_at=bindparam("b_at", type_=study.c.acknowledged_at.type),
        evidence_id=bindparam("b_evidence"),
    )
)


async def acknowledge(
    tx: Transaction, campaign_id: int, member_id: int, at: datetime, evidence_id: int
) -> None:
    """The member's own statement, made on the row that `progress(lock=True)` held."""
    await tx.run(
        _ACKNOWLEDGE,
        {"b_campaign": campaign_id, "b_member": member_id, "b_at": at, "b_evidence": evidence_id},
    )


_SCORE = (
    update(study)
    .where(_MINE)
    .values(
        best_score=case(
            (study.c.best_score >= bindparam("b_score"), study.c.best_score), else_=bindparam("b_score")
        ),
        passed_at=func.coalesce(study.c.passed_at, bindparam("b_passed", type_=study.c.passed_at.type)),
    )
)


async def note_score(
    tx: Transaction, campaign_id: int, member_id: int, score: int, passed_at: datetime | None
) -> None:
    """A finished attempt: the best score and the first time of passing stay."""
    await tx.run(
        _SCORE,
        {"b_campaign": campaign_id, "b_member": member_id, "b_score": score, "b_passed": passed_at},
    )


async def waive(tx: Transaction, campaign_id: int, member_id: int, at: datetime, evidence_id: int) -> None:
    """An officer let the member off."""
    await _enter(tx, campaign_id, member_id, {"waived_at": at, "evidence_id": evidence_id})


async def credit(
    tx: Transaction, campaign_id: int, member_id: int, kind: str, *, at: datetime, evidence_id: int
) -> None:
    """An officer entered that the member studied outside the chat; `kind` is "attendance" or "make_up"."""
    await _enter(tx, campaign_id, member_id, {"credit": kind, "credited_at": at, "evidence_id": evidence_id})


_WITHDRAW = (
    update(study)
    .where(_MINE)
    .values(waived_at=None, credit=None, credited_at=None, evidence_id=bindparam("b_evidence"))
)


async def withdraw(tx: Transaction, campaign_id: int, member_id: int, evidence_id: int) -> None:
    """An officer took back what was entered; the member's own study stays."""
    values = {"b_campaign": campaign_id, "b_member": member_id, "b_evidence": evidence_id}
    await tx.run(_WITHDRAW, values)


async def _enter(tx: Transaction, campaign_id: int, member_id: int, values: dict[str, Any]) -> None:
    statement = upsert(tx, study).values(campaign_id=campaign_id, member_id=member_id, **values)
    await tx.run(statement.on_conflict_do_update(index_elements=["campaign_id", "member_id"], set_=values))


async def details_of_credit(tx: Transaction, campaign_id: int, member_id: int) -> str | None:
    """The details of what an officer entered last for the member's study; None when nothing stands."""
    statement = (
        select(evidence.c.details)
        .join(study, study.c.evidence_id == evidence.c.id)
        .where(
            study.c.campaign_id == campaign_id,
            study.c.member_id == member_id,
            study.c.credit.is_not(None),
            evidence.c.kind == study.c.credit,
        )
    )
    found: str | None = await tx.scalar(statement)
    return found
