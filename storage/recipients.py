"""Which people a push goes to, and to which of their accounts."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, String, and_, cast, exists, func, literal, not_, or_, select

from storage import audiences
from storage.campaigns import Campaign
from storage.coverage import covering
from storage.database import Transaction
from storage.schema import account, member, outbox, study


@dataclass(frozen=True, slots=True)
class Addressee:
    member_id: int
    # The latest linked of the member's accounts that can be reached.
    account_id: int
    group_id: int


_later = account.alias("later")
_IS_REACHABLE = and_(account.c.member_id == member.c.id, account.c.unreachable.is_(None))
_IS_LATEST = not_(
    exists().where(
        _later.c.member_id == account.c.member_id,
        _later.c.unreachable.is_(None),
        or_(
            _later.c.linked_at > account.c.linked_at,
            and_(_later.c.linked_at == account.c.linked_at, _later.c.id > account.c.id),
        ),
    )
)


async def count_reachable(tx: Transaction, audience: str) -> int:
    """How many of the audience have an account that messages can be sent to."""
    people = await audiences.condition(tx, audience)
    statement = select(func.count()).select_from(member).where(people, exists().where(_IS_REACHABLE))
    return int(await tx.scalar(statement))


async def invited(tx: Transaction, campaign: Campaign, topic: str, limit: int) -> list[Addressee]:
    """Up to `limit` reachable people of the audience for whom the outbox holds nothing of `topic` yet."""
    people = await audiences.condition(tx, campaign.audience)
    return await _fetch(tx, _without(topic).where(people).limit(limit))


async def missing(tx: Transaction, campaign: Campaign, topic: str, limit: int) -> list[Addressee]:
    """The same, of those who are not covered."""
    people = await audiences.condition(tx, campaign.audience)
    statement = _without(topic).outerjoin(study, covering(campaign))
    return await _fetch(tx, statement.where(people, study.c.member_id.is_(None)).limit(limit))


async def group_leaders(tx: Transaction, topic: str) -> list[Addressee]:
    return await _fetch(tx, _without(topic).where(member.c.is_active, member.c.is_group_leader))


async def chairs(tx: Transaction, topic: str) -> list[Addressee]:
    return await _fetch(tx, _without(topic).where(member.c.is_active, member.c.is_chair))


def _without(topic: str) -> Select[Any]:
    """People with their account, for whom the outbox holds nothing of `topic`: its keys end in the member."""
    has_letter = exists().where(outbox.c.key == literal(f"{topic}:") + cast(member.c.id, String))
    return (
        select(member.c.id, account.c.id, member.c.group_id)
        .join(account, _IS_REACHABLE)
        .where(_IS_LATEST, not_(has_letter))
        .order_by(member.c.id)
    )


async def _fetch(tx: Transaction, statement: Select[Any]) -> list[Addressee]:
    return [Addressee(*tuple(row)) for row in await tx.all(statement)]
