"""Coverage as it is reported: what is over by the roster of then, what goes on by that of now.

A campaign that has ended is counted over the people of that moment, with whatever officers have entered about
them since: those are corrections. Of a year that is over nothing counts that was noted after its end, so that
what was reported stays.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from storage import campaigns, coverage, past_audiences, past_coverage
from storage.campaigns import Campaign, State
from storage.coverage import Figures, Missing
from storage.database import Transaction
from storage.registers import day_end


@dataclass(frozen=True, slots=True)
class Counted:
    figures: Figures
    # By id.
    in_scope: set[int]
    # Those who withdrew their consent have no code and no name in what is over.
    missing: list[Missing]

    @property
    def is_replaced(self) -> bool:
        """Nobody could study it any more: it counts in no total."""
        return self.figures.campaign.state is State.SUPERSEDED


def _as_it_stood(campaign: Campaign, end: datetime | None) -> Campaign:
    """At the end of a year that is over, at which it may still have been open; None: as it stands."""
    if end is None or campaign.closed_at is None or campaign.closed_at <= end:
        return campaign
    return replace(campaign, state=State.OPEN, closed_at=None)


async def count(
    tx: Transaction,
    campaign: Campaign,
    now: datetime,
    *,
    end: datetime | None = None,
    group_id: int | None = None,
) -> Counted:
    """`end`: of a year that is over, as the campaign stood then. With `group_id` of this group only."""
    moment = campaign.closed_at or end
    if moment is None:
        figures = await coverage.figures(tx, campaign, group_id)
        scope = await coverage.in_scope(tx, campaign, group_id)
        return Counted(figures, scope, await coverage.missing(tx, campaign, group_id))
    figures, missing = await past_coverage.coverage_as_of(
        tx, campaign, moment, noted_by=end or now, group_id=group_id
    )
    return Counted(figures, await past_audiences.ids(tx, campaign.audience, moment, group_id), missing)


async def of_year(tx: Transaction, now: datetime, year: int, zone: tzinfo) -> list[Counted]:
    """Every campaign that was opened in the year, the oldest first."""
    last = day_end(date(year, 12, 31), zone)
    end = last if last < now else None
    every = [
        each for each in await campaigns.all_campaigns(tx) if each.published_at.astimezone(zone).year == year
    ]
    return [await count(tx, _as_it_stood(each, end), now, end=end) for each in reversed(every)]


def people_over(found: Iterable[Counted]) -> tuple[int, int]:
    """How many people have any of the campaigns to study, and how many have finished all that they have."""
    asked: set[int] = set()
    behind: set[int] = set()
    for each in found:
        asked |= each.in_scope
        behind |= {person.member_id for person in each.missing}
    return len(asked), len(asked - behind)
