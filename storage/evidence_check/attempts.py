"""The attempts at quizzes, and the entries that their ends left."""

from datetime import datetime

from sqlalchemy import String, and_, cast, func, null, or_, select

from storage.database import Transaction
from storage.evidence import Kind
from storage.evidence_check.findings import Finding, Problem
from storage.evidence_check.people import code_of
from storage.schema.evidence import evidence
from storage.schema.studies import quiz_attempt, study

_IS_QUIZ = evidence.c.kind == Kind.QUIZ.value
_ITS_ENTRY = and_(
    _IS_QUIZ,
    evidence.c.member_id == quiz_attempt.c.member_id,
    evidence.c.campaign_id == quiz_attempt.c.campaign_id,
    evidence.c.attempts == quiz_attempt.c.number,
)
# The details are canonical JSON: sorted, compact, with the score as the last value.
_SAME_SCORE = evidence.c.details.like('%"score":' + cast(quiz_attempt.c.score, String) + "}")
_OTHERWISE = (
    select(evidence.c.id, code_of(quiz_attempt.c.member_id).label("code"))
    .select_from(quiz_attempt)
    .outerjoin(evidence, _ITS_ENTRY)
    .where(
        quiz_attempt.c.finished_at.is_not(None),
        or_(
            evidence.c.id.is_(None),
            quiz_attempt.c.score.is_(None),
            ~_SAME_SCORE,
            evidence.c.at != quiz_attempt.c.finished_at,
            evidence.c.version_hash.is_distinct_from(quiz_attempt.c.version_hash),
        ),
    )
    .order_by(quiz_attempt.c.id)
    .limit(1)
)
_WITHOUT_ATTEMPT = (
    select(evidence.c.id, code_of(evidence.c.member_id).label("code"))
    .outerjoin(quiz_attempt, _ITS_ENTRY)
    .where(_IS_QUIZ, quiz_attempt.c.finished_at.is_(None))
    .order_by(evidence.c.id)
    .limit(1)
)
# For each study by an index: a join to all the best ones is planned badly by a PostgreSQL that hasn't counted
# its tables yet.
_BEST = (
    select(func.max(quiz_attempt.c.score))
    .where(quiz_attempt.c.campaign_id == study.c.campaign_id, quiz_attempt.c.member_id == study.c.member_id)
    .scalar_subquery()
)
_NOT_THE_BEST = (
    select(null().label("id"), code_of(study.c.member_id).label("code"))
    .select_from(study)
    .where(study.c.best_score.is_distinct_from(_BEST))
    .limit(1)
)


async def find_changed_score(tx: Transaction, _now: datetime) -> Finding | None:
    for statement in (_OTHERWISE, _WITHOUT_ATTEMPT, _NOT_THE_BEST):
        row = await tx.first(statement)
        if row:
            return Finding(Problem.SCORE, row.id, row.code or "")
    return None
