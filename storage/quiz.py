"""Attempts at a quiz: what was drawn, in which order it was shown, and what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage import campaigns
from storage.campaigns import Campaign
from storage.database import Transaction
from storage.schema.studies import campaign, quiz_attempt


@dataclass(frozen=True, slots=True)
class Drawn:
    """One question of an attempt; `order` are its options as shown, 0 being the right one."""

    question: str
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    id: int
    campaign_id: int
    member_id: int
    # From 1, for each member and campaign.
    number: int
    # The version whose questions it asks, even when the campaign goes on with a corrected one.
    version_hash: str
    questions: tuple[Drawn, ...]
    # What was chosen so far, as indexes into the unshuffled options.
    answers: tuple[int, ...]
    # Percent, once finished.
    score: int | None
    started_at: datetime
    finished_at: datetime | None


_COLUMNS = (
    quiz_attempt.c.id,
    quiz_attempt.c.campaign_id,
    quiz_attempt.c.member_id,
    quiz_attempt.c.number,
    quiz_attempt.c.version_hash,
    quiz_attempt.c.questions,
    quiz_attempt.c.answers,
    quiz_attempt.c.score,
    quiz_attempt.c.started_at,
    quiz_attempt.c.finished_at,
)
_WITH_CAMPAIGN = (
    select(*_COLUMNS, *campaigns.COLUMNS)
    .join(campaign, campaign.c.id == quiz_attempt.c.campaign_id)
    .where(quiz_attempt.c.id == bindparam("id"))
    .with_for_update(of=quiz_attempt)
)
_OF_MEMBER = (
    select(*_COLUMNS)
    .where(
        quiz_attempt.c.campaign_id == bindparam("campaign_id"),
        quiz_attempt.c.member_id == bindparam("member_id"),
    )
    .order_by(quiz_attempt.c.number.desc())
    .limit(bindparam("limit"))
)
# Of everybody, what they answered before they saw which answers are right.
_FIRST = (
    select(*_COLUMNS)
    .where(
        quiz_attempt.c.campaign_id == bindparam("campaign_id"),
        quiz_attempt.c.number == 1,
        quiz_attempt.c.finished_at.is_not(None),
    )
    .order_by(quiz_attempt.c.id)
)
_UNFINISHED = (
    select(quiz_attempt.c.campaign_id)
    .where(quiz_attempt.c.member_id == bindparam("member_id"), quiz_attempt.c.finished_at.is_(None))
    .distinct()
)


def _from_values(values: Sequence[Any]) -> Attempt:
    attempt_id, campaign_id, member_id, number, version_hash, questions, answers, *rest = values
    drawn = tuple(Drawn(each["id"], tuple(each["order"])) for each in questions)
    return Attempt(attempt_id, campaign_id, member_id, number, version_hash, drawn, tuple(answers), *rest)


async def with_campaign(tx: Transaction, attempt_id: int) -> tuple[Attempt, Campaign] | None:
    """The attempt, held until the transaction ends, and its campaign."""
    row = await tx.first(_WITH_CAMPAIGN, {"id": attempt_id})
    if row is None:
        return None
    return _from_values(row[: len(_COLUMNS)]), campaigns.from_row(row[len(_COLUMNS) :])


async def latest(tx: Transaction, campaign_id: int, member_id: int, limit: int) -> list[Attempt]:
    """The member's last attempts in a campaign, the newest first."""
    values = {"campaign_id": campaign_id, "member_id": member_id, "limit": limit}
    return [_from_values(row) for row in await tx.all(_OF_MEMBER, values)]


async def first_attempts(tx: Transaction, campaign_id: int) -> list[Attempt]:
    """Everybody's first attempt, where they finished it."""
    return [_from_values(row) for row in await tx.all(_FIRST, {"campaign_id": campaign_id})]


async def unfinished_campaigns(tx: Transaction, member_id: int) -> set[int]:
    """The campaigns in which the member has begun an attempt and not finished it."""
    return {row.campaign_id for row in await tx.all(_UNFINISHED, {"member_id": member_id})}


async def start(
    tx: Transaction,
    *,
    campaign_id: int,
    member_id: int,
    number: int,
    version_hash: str,
    questions: Sequence[Drawn],
    now: datetime,
) -> Attempt:
    values = {
        "campaign_id": campaign_id,
        "member_id": member_id,
        "number": number,
        "version_hash": version_hash,
        "questions": [{"id": each.question, "order": list(each.order)} for each in questions],
        "answers": [],
        "started_at": now,
    }
    attempt_id = int(await tx.scalar(insert(quiz_attempt).returning(quiz_attempt.c.id), values))
    drawn = tuple(questions)
    return Attempt(attempt_id, campaign_id, member_id, number, version_hash, drawn, (), None, now, None)


# What is finished stays as it is, whoever asks.
_ANSWER = (
    update(quiz_attempt)
    .where(quiz_attempt.c.id == bindparam("b_id"), quiz_attempt.c.finished_at.is_(None))
    .values(
        answers=bindparam("b_answers", type_=quiz_attempt.c.answers.type),
        score=bindparam("b_score"),
        finished_at=bindparam("b_finished", type_=quiz_attempt.c.finished_at.type),
    )
)


async def save_answers(
    tx: Transaction,
    attempt_id: int,
    answers: Sequence[int],
    score: int | None = None,
    finished_at: datetime | None = None,
) -> bool:
    """Write the answers so far, with the last one the score; False when it was finished before."""
    values = {"b_id": attempt_id, "b_answers": list(answers), "b_score": score, "b_finished": finished_at}
    return await tx.run(_ANSWER, values) == 1
