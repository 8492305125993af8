"""Who had studied at some earlier moment, of those who were in scope then.

`storage.coverage` says it of today's roster. What was acknowledged, passed or entered later doesn't count,
and nobody counts who came later, while those who left or moved since stand where they stood.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from storage import audiences, campaigns, coverage, members, roster_history
from storage.audiences import Kind, Part
from storage.campaigns import Campaign
from storage.coverage import Figures, GroupCoverage, Missing, percent
from storage.database import Transaction
from storage.members import Member
from storage.registers.training import is_officer
from storage.schema import member, study


async def coverage_as_of(
    tx: Transaction, campaign: Campaign, moment: datetime
) -> tuple[Figures, list[Missing]]:
    """The figures as they stood then, and everybody who was missing, as `coverage.coverage` gives them."""
    people = await people_as_of(tx, campaign.audience, moment)
    done = {each.member_id: _Done(each, moment) for each in await _studies(tx, campaign)}
    theirs = [done[each.id] for each in people if each.id in done]
    covered = {each.id for each in people if each.id in done and done[each.id].covers(campaign.pass_mark)}
    figures = Figures(
        campaign=campaign,
        in_scope=len(people),
        sent=await coverage.reached(tx, campaign),
        acknowledged=sum(each.acknowledged for each in theirs),
        passed=sum(each.passed for each in theirs),
        waived=sum(each.waived for each in theirs),
        credited=sum(each.credited for each in theirs),
        covered=len(covered),
        coverage=percent(len(covered), len(people)),
        groups=_groups(people, covered),
    )
    absent = [each for each in people if each.id not in covered]
    return figures, [Missing(each.id, each.code, each.full_name, each.group_id) for each in absent]


async def people_as_of(tx: Transaction, audience: str, moment: datetime) -> list[Member]:
    """Who belonged to the audience then, as they stood; in the order of their ids."""
    people = await roster_history.as_of(tx, moment)
    belong: set[int] = set()
    for part in audiences.read(audience):
        belong |= await _belonging(tx, part, people, moment)
    return [each for each in people if each.id in belong]


_SIMPLE: dict[Kind, Callable[[Member], bool]] = {
    Kind.ALL: lambda _person: True,
    Kind.MEMBERS: lambda person: person.is_union_member,
    Kind.PARTY: lambda person: person.is_party_member,
    Kind.OFFICERS: is_officer,
}


async def _belonging(tx: Transaction, part: Part, people: Sequence[Member], moment: datetime) -> set[int]:
    match part.kind:
        case Kind.GROUP:
            group_id = (await members.group_ids(tx)).get(part.names[0])
            return {each.id for each in people if each.group_id == group_id}
        case Kind.CODE:
            # Whoever got another code since, or whose name was forgotten, was meant too.
            rows = await tx.all(select(member.c.id).where(member.c.code.in_(part.names)))
            return {row.id for row in rows} | {each.id for each in people if each.code in part.names}
        case Kind.UNFINISHED:
            return await _unfinished(tx, int(part.names[0]), moment)
        case _:
            return {each.id for each in people if _SIMPLE[part.kind](each)}


async def _unfinished(tx: Transaction, campaign_id: int, moment: datetime) -> set[int]:
    found = await campaigns.by_id(tx, campaign_id)
    if found is None:
        return set()
    _figures, absent = await coverage_as_of(tx, found, moment)
    return {each.member_id for each in absent}


class _Done:
    """What one person had done of a campaign by a moment."""

    def __init__(self, row: Row[Any], moment: datetime) -> None:
        def by_then(at: datetime | None) -> bool:
            return at is not None and at <= moment

        self.acknowledged = by_then(row.acknowledged_at)
        self.passed = by_then(row.passed_at)
        self.waived = by_then(row.waived_at)
        self.credited = row.credit is not None and by_then(row.credited_at)

    def covers(self, pass_mark: int) -> bool:
        """As `campaigns.is_covered` has it."""
        studied = self.acknowledged and (self.passed or pass_mark == 0)
        return self.waived or self.credited or studied


async def _studies(tx: Transaction, campaign: Campaign) -> list[Row[Any]]:
    columns = (
        study.c.member_id,
        study.c.acknowledged_at,
        study.c.passed_at,
        study.c.waived_at,
        study.c.credit,
        study.c.credited_at,
    )
    return list(await tx.all(select(*columns).where(study.c.campaign_id == campaign.id)))


def _groups(people: Sequence[Member], covered: set[int]) -> tuple[GroupCoverage, ...]:
    names = {each.group_id: each.group_name for each in people}
    numbers = Counter(each.group_id for each in people)
    done = Counter(each.group_id for each in people if each.id in covered)
    return tuple(
        GroupCoverage(group_id, names[group_id], number, done[group_id], percent(done[group_id], number))
        for group_id, number in numbers.items()
    )
