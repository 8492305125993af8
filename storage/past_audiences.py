"""Who belonged to an audience at some earlier moment, by the roster of then."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_, select, true

from storage import audiences, campaigns, roster_history
from storage.audiences import Kind, Part
from storage.campaigns import Campaign
from storage.database import Transaction
from storage.members import Member
from storage.schema.people import member, union_group
from storage.schema.registers import roster_period
from storage.schema.studies import study


async def people(tx: Transaction, audience: str, moment: datetime) -> list[Member]:
    """As they stood then, in the order of their ids."""
    return await roster_history.standing(tx, await condition(tx, audience, moment))


async def ids(tx: Transaction, audience: str, moment: datetime, group_id: int | None = None) -> set[int]:
    """With `group_id` those of this group only."""
    them = select(roster_period.c.member_id).where(await condition(tx, audience, moment))
    if group_id is not None:
        them = them.where(roster_period.c.group_id == group_id)
    return {row.member_id for row in await tx.all(them)}


async def condition(tx: Transaction, audience: str, moment: datetime) -> ColumnElement[bool]:
    """For a query on `roster_period`: the periods of those who belonged to the audience then."""
    parts = [await _matches(tx, part, moment) for part in audiences.read(audience)]
    return and_(roster_history.at(moment), or_(false(), *parts))


_SIMPLE: dict[Kind, ColumnElement[bool]] = {
    Kind.ALL: true(),
    Kind.MEMBERS: roster_period.c.is_union_member.is_(True),
    Kind.PARTY: roster_period.c.is_party_member.is_(True),
    Kind.OFFICERS: or_(
        roster_period.c.is_group_leader, roster_period.c.is_committee, roster_period.c.is_chair
    ),
}


async def _matches(tx: Transaction, part: Part, moment: datetime) -> ColumnElement[bool]:
    match part.kind:
        case Kind.GROUP:
            named = select(union_group.c.id).where(union_group.c.folded == part.names[0])
            return roster_period.c.group_id == named.scalar_subquery()
        case Kind.CODE:
            # Whoever got another code since, or whose name was forgotten, was meant too.
            now = select(member.c.id).where(member.c.code.in_(part.names))
            return or_(roster_period.c.code.in_(part.names), roster_period.c.member_id.in_(now))
        case Kind.UNFINISHED:
            return await _had_not_finished(tx, int(part.names[0]), moment)
        case _:
            return _SIMPLE[part.kind]


async def _had_not_finished(tx: Transaction, campaign_id: int, moment: datetime) -> ColumnElement[bool]:
    """A campaign's audience can only name earlier campaigns, so this ends."""
    found = await campaigns.by_id(tx, campaign_id)
    if found is None:
        return false()
    done = (
        exists()
        .where(study.c.campaign_id == found.id, study.c.member_id == roster_period.c.member_id)
        .where(covered_by(found, moment))
        .correlate(roster_period)
    )
    return and_(await condition(tx, found.audience, moment), not_(done))


def covered_by(campaign: Campaign, moment: datetime) -> ColumnElement[bool]:
    """What `campaigns.is_covered` says, of a moment."""
    studied: list[Any] = [study.c.acknowledged_at <= moment]
    if campaign.pass_mark > 0:
        studied.append(study.c.passed_at <= moment)
    credited = and_(study.c.credit.is_not(None), study.c.credited_at <= moment)
    return or_(study.c.waived_at <= moment, credited, and_(*studied))
