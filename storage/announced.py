"""Who got an announcement, and who didn't: lists of people, and what one of them may ask about their own."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, not_, or_, select

from storage.announcements import topic
from storage.database import Transaction
from storage.schema.announcements import announcement_receipt, poll_answer, poll_voter
from storage.schema.messages import outbox
from storage.schema.people import member, union_group


class Who(StrEnum):
    """People of an announcement who are listed by name."""

    # It didn't reach them, or nobody knows whether it did.
    NOT_REACHED = "not_reached"
    # It reached them, and they haven't taken note.
    NOT_NOTED = "not_noted"
    # It reached them, and they haven't answered its poll.
    NOT_ANSWERED = "not_answered"
    # Their copy couldn't be corrected or withdrawn.
    NOT_CHANGED = "not_changed"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person's copy; `problem` says more about its state, where it has more to say."""

    code: str
    full_name: str
    group: str
    state: str
    problem: str | None


_OF_TOPIC = outbox.c.topic == bindparam("topic")
_HAS_NOTED = exists().where(
    announcement_receipt.c.announcement_id == bindparam("id"),
    announcement_receipt.c.member_id == outbox.c.member_id,
)
# Of an unnamed poll it is known who has answered, and no more.
_HAS_ANSWERED = or_(
    *(
        exists().where(
            each.c.announcement_id == bindparam("id"),
            each.c.member_id == outbox.c.member_id,
        )
        for each in (poll_answer, poll_voter)
    )
)
_NOT_REACHED_STATES = ("unreachable", "failed", "unknown", "expired", "cancelled")
# Found by what the announcement's own tables say of them.
_BY_ID = frozenset({Who.NOT_NOTED, Who.NOT_ANSWERED})
_WHO = {
    Who.NOT_REACHED: and_(_OF_TOPIC, outbox.c.state.in_(_NOT_REACHED_STATES)),
    Who.NOT_NOTED: and_(_OF_TOPIC, outbox.c.state == "sent", not_(_HAS_NOTED)),
    Who.NOT_ANSWERED: and_(_OF_TOPIC, outbox.c.state == "sent", not_(_HAS_ANSWERED)),
    Who.NOT_CHANGED: and_(_OF_TOPIC, outbox.c.state.in_(_NOT_REACHED_STATES)),
}
_COUNTS = {who: select(func.count()).select_from(outbox).where(which) for who, which in _WHO.items()}
_PEOPLE = {
    who: select(member.c.code, member.c.full_name, union_group.c.name, outbox.c.state, outbox.c.problem)
    .select_from(outbox)
    .join(member, member.c.id == outbox.c.member_id)
    .join(union_group, union_group.c.id == member.c.group_id)
    .where(which)
    .order_by(union_group.c.folded, member.c.folded_name, member.c.id)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
    for who, which in _WHO.items()
}


async def count_people(tx: Transaction, announcement_id: int, who: Who, of: str = "") -> int:
    """`of` is the topic of what changed their copies, for those where that failed."""
    return int(await tx.scalar(_COUNTS[who], _of(announcement_id, who, of)))


# Of a copy that ended so nobody knows whether it came; and some came by another way.
_ANSWERED_UNREACHED = (
    select(func.count())
    .select_from(outbox)
    .where(_OF_TOPIC, outbox.c.state.in_(_NOT_REACHED_STATES), or_(_HAS_NOTED, _HAS_ANSWERED))
)


async def count_answered_unreached(tx: Transaction, announcement_id: int) -> int:
    """How many have taken note, or answered, though it isn't known to have reached them."""
    values = {"topic": topic(announcement_id), "id": announcement_id}
    return int(await tx.scalar(_ANSWERED_UNREACHED, values))


async def people(
    tx: Transaction, announcement_id: int, who: Who, limit: int, offset: int = 0, *, of: str = ""
) -> list[Recipient]:
    """Some of them, group by group and by name."""
    values = _of(announcement_id, who, of) | {"limit": limit, "offset": offset}
    return [Recipient(*tuple(row)) for row in await tx.all(_PEOPLE[who], values)]


def _of(announcement_id: int, who: Who, of: str) -> dict[str, Any]:
    values: dict[str, Any] = {"topic": of or topic(announcement_id)}
    return values | {"id": announcement_id} if who in _BY_ID else values


async def reached(tx: Transaction, announcement_id: int, member_id: int) -> bool:
    """Whether it was sent to the member, and not only meant for them."""
    key = f"{topic(announcement_id)}:{member_id}"
    return (
        await tx.first(select(outbox.c.id).where(outbox.c.key == key, outbox.c.state == "sent")) is not None
    )


async def has_noted(tx: Transaction, announcement_id: int, member_id: int) -> bool:
    mine = select(announcement_receipt.c.at).where(
        announcement_receipt.c.announcement_id == announcement_id,
        announcement_receipt.c.member_id == member_id,
    )
    return await tx.first(mine) is not None
