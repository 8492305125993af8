"""Which people a push goes to, and to which of their accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, literal, not_, or_, select

from storage import audiences, reach
from storage.campaigns import Campaign
from storage.coverage import covering, first_topic
from storage.database import Transaction
from storage.schema.messages import outbox
from storage.schema.people import account, member, union_group
from storage.schema.studies import study


@dataclass(frozen=True, slots=True)
class Addressee:
    member_id: int
    # The best of the member's accounts that can be reached; see `storage.reach`.
    account_id: int
    group_id: int


@dataclass(frozen=True, slots=True)
class OutOfReach:
    code: str
    full_name: str
    group: str


# Joined to `member`: an account that messages can be sent to.
_IS_REACHABLE = and_(account.c.member_id == member.c.id, account.c.unreachable.is_(None))


async def count_reachable(tx: Transaction, audience: str) -> int:
    """How many of the audience have an account that messages can be sent to."""
    people = await audiences.condition(tx, audience)
    statement = select(func.count()).select_from(member).where(people, exists().where(_IS_REACHABLE))
    return int(await tx.scalar(statement))


async def out_of_reach(tx: Transaction, audience: str, limit: int) -> list[OutOfReach]:
    """Up to `limit` of the audience who have no account that messages can be sent to, by their names."""
    people = await audiences.condition(tx, audience)
    statement = (
        select(member.c.code, member.c.full_name, union_group.c.name)
        .join(union_group, union_group.c.id == member.c.group_id)
        .where(people, not_(exists().where(_IS_REACHABLE)))
        .order_by(member.c.folded_name, member.c.id)
        .limit(limit)
    )
    return [OutOfReach(*tuple(row)) for row in await tx.all(statement)]


async def count_each(tx: Transaction, kept: Sequence[str]) -> dict[str, int]:
    """How many people each of these audiences has, in one look at the roster."""
    counts = [func.count().filter(await audiences.condition(tx, each)) for each in kept]
    row = await tx.first(select(*counts).select_from(member))
    return dict(zip(kept, row or (), strict=False))


async def invited(tx: Transaction, campaign: Campaign, topic: str, limit: int) -> list[Addressee]:
    """Up to `limit` reachable people of the audience for whom the outbox holds nothing of `topic` yet."""
    people = await audiences.condition(tx, campaign.audience)
    return await _fetch(tx, _without(topic).where(people).limit(limit))


async def missing(
    tx: Transaction, campaign: Campaign, topic: str, limit: int, *, invited_before: datetime
) -> list[Addressee]:
    """The same, of those who are not covered and were not invited only just now."""
    people = await audiences.condition(tx, campaign.audience)
    just_invited = and_(_letter(first_topic(campaign.id)), outbox.c.created_at >= invited_before)
    statement = _without(topic).outerjoin(study, covering(campaign))
    return await _fetch(
        tx,
        statement.where(people, study.c.member_id.is_(None), not_(exists().where(just_invited))).limit(limit),
    )


async def group_leaders(tx: Transaction, campaign: Campaign, topic: str) -> list[Addressee]:
    """Leaders of the groups that have somebody in the audience, without those who got `topic` before."""
    people = await audiences.condition(tx, campaign.audience)
    groups = select(member.c.group_id).where(people).correlate(None)
    return await _fetch(
        tx, _without(topic).where(member.c.is_active, member.c.is_group_leader, member.c.group_id.in_(groups))
    )


async def chairs(tx: Transaction, topic: str) -> list[Addressee]:
    return await _fetch(tx, _without(topic).where(member.c.is_active, member.c.is_chair))


async def announcers(tx: Transaction, topic: str) -> list[Addressee]:
    """Committee and chair."""
    are_officers = or_(member.c.is_committee, member.c.is_chair)
    return await _fetch(tx, _without(topic).where(member.c.is_active, are_officers))


async def one(tx: Transaction, topic: str, member_id: int) -> list[Addressee]:
    """One person, if they can be reached."""
    return await _fetch(tx, _without(topic).where(member.c.is_active, member.c.id == member_id))


async def these(tx: Transaction, member_ids: Sequence[int]) -> list[Addressee]:
    """Those of these people who are on the roster and can be reached."""
    return await _fetch(tx, _reachable().where(member.c.is_active, member.c.id.in_(member_ids)))


async def leaders(tx: Transaction, after: int, limit: int) -> list[Addressee]:
    """The next `limit` leaders of groups, by their ids, with an id above `after`."""
    which = (member.c.is_active, member.c.is_group_leader, member.c.id > after)
    return await _fetch(tx, _reachable().where(*which).limit(limit))


async def in_charge(tx: Transaction) -> list[Addressee]:
    """The chair, or where no chair can be reached the committee."""
    statement = _reachable().where(member.c.is_active)
    found = await _fetch(tx, statement.where(member.c.is_chair))
    return found or await _fetch(tx, statement.where(member.c.is_committee))


def _reachable() -> Select[Any]:
    """People with their account."""
    return (
        select(member.c.id, account.c.id, member.c.group_id)
        .select_from(member)
        .join(account, account.c.id == reach.best(member.c.id))
        .order_by(member.c.id)
    )


def _without(topic: str) -> Select[Any]:
    """The same, of those for whom the outbox holds nothing of `topic`."""
    return _reachable().where(not_(exists().where(_letter(topic))))


def _letter(topic: str) -> ColumnElement[bool]:
    """The member's row of the outbox: its key is made of the topic and the member."""
    return outbox.c.key == literal(f"{topic}:") + cast(member.c.id, String)


async def _fetch(tx: Transaction, statement: Select[Any]) -> list[Addressee]:
    return [Addressee(*tuple(row)) for row in await tx.all(statement)]
