"""What was done at the desk, by whom and when: it only grows, and holds no word of a concern."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select

from storage.database import Transaction
from storage.schema.desk import desk_act
from storage.schema.people import member


class Act(StrEnum):
    """The values are stored: they never change. The subject is a case's short name, where none is told."""

    ENTERED = "entered"
    LEFT = "left"
    WRONG_CODE = "wrong_code"
    BLOCKED = "blocked"
    FACTOR_SET = "factor_set"
    # On the server, by whoever runs it; it stands under the one whose factor it was.
    FACTOR_RESET = "factor_reset"
    # All concerns were fetched to be searched and sorted in the browser.
    FETCHED = "fetched"
    EXPORTED = "exported"
    READ = "read"
    ANSWERED = "answered"
    DECLINED = "declined"
    NOTED = "noted"
    STATE = "state"
    ASSIGNED = "assigned"
    MERGED = "merged"
    THEMED = "themed"
    # The subject of these is a reader's number.
    READER_ASKED = "reader_asked"
    READER_LET_IN = "reader_let_in"
    READER_REMOVED = "reader_removed"
    KEY_REWRAPPED = "key_rewrapped"
    # Items were sealed anew, for readers who changed.
    RESEALED = "resealed"


# Of what is done with concerns only the day is kept: when somebody first read one bounds when it came.
BY_DAY = frozenset(
    {
        Act.FETCHED,
        Act.READ,
        Act.ANSWERED,
        Act.DECLINED,
        Act.NOTED,
        Act.STATE,
        Act.ASSIGNED,
        Act.MERGED,
        Act.THEMED,
    }
)


@dataclass(frozen=True, slots=True)
class DeskAct:
    """`at` is the begin of the branch's day where the act is one of `BY_DAY`."""

    id: int
    at: datetime
    code: str
    full_name: str
    act: str
    subject: str
    details: dict[str, Any]


def shown_at(act: DeskAct, zone: tzinfo) -> datetime | date:
    """The branch's time, or the day where no more is told."""
    here = act.at.astimezone(zone)
    return here.date() if act.act in BY_DAY else here


async def add(
    tx: Transaction, at: datetime, member_id: int, act: Act, subject: str = "", **details: str | int | None
) -> None:
    values = {"at": at, "member_id": member_id, "act": act.value, "subject": subject, "details": details}
    await tx.run(insert(desk_act), values)


async def latest(tx: Transaction, limit: int, before: int | None = None) -> Sequence[DeskAct]:
    """The newest first; those with a number below `before`, if it is given."""
    statement = (
        select(
            desk_act.c.id,
            desk_act.c.at,
            member.c.code,
            member.c.full_name,
            desk_act.c.act,
            desk_act.c.subject,
            desk_act.c.details,
        )
        .join(member, member.c.id == desk_act.c.member_id)
        .order_by(desk_act.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(desk_act.c.id < before)
    return [DeskAct(*tuple(row)) for row in await tx.all(statement)]
