"""The report of a year's studying: every campaign that began in it, and the groups over all of them."""

from collections import defaultdict
from collections.abc import Sequence

from handlers.campaign.display import percent_text
from handlers.campaign.printed.coverage import groups_table
from handlers.kit.context import Work
from handlers.kit.reports import Figure, Kind, Report, Table, column, figure, lead, notes, source_text
from handlers.kit.vietnamese import fold
from storage import campaigns, coverage
from storage.campaigns import Campaign, State
from storage.coverage import Figures, GroupCoverage, percent

_SOURCE = "study_year"


async def of_year(work: Work, year: int) -> Report:
    """A campaign belongs to the year in which it was opened."""
    every = [each for each in await campaigns.all_campaigns(work.db) if _year_of(work, each) == year]
    found = [await coverage.figures(work.db, each) for each in sorted(every, key=lambda each: each.id)]
    figures = await _figures(work, found)
    return Report(
        name="coverage",
        about=work.label("reports/about_year", year=year),
        stem=work.label("reports/stem_year", year=year),
        made_at=work.now,
        lead=lead(
            work, "year", year=year, number=len(found), share=percent_text(_share(found)), today=work.today
        ),
        figures=figures,
        tables=(_campaigns_table(work, found), groups_table(work, _by_group(found))),
        notes=notes(work, *_remarks(work, year, found), "scope", "turns", "covered"),
    )


def _year_of(work: Work, campaign: Campaign) -> int:
    return campaign.published_at.astimezone(work.services.zone).year


def _remarks(work: Work, year: int, found: Sequence[Figures]) -> list[str]:
    is_running = any(each.campaign.state is State.OPEN for each in found)
    said = {"year_running": year >= work.today.year, "some_running": is_running}
    return [key for key, holds in said.items() if holds]


def _share(found: Sequence[Figures]) -> float:
    return percent(sum(each.covered for each in found), sum(each.in_scope for each in found))


async def _figures(work: Work, found: Sequence[Figures]) -> tuple[Figure, ...]:
    """A turn is one person in one campaign."""
    asked: set[int] = set()
    behind: set[int] = set()
    for each in found:
        asked |= await coverage.in_scope(work.db, each.campaign)
        behind |= {person.member_id for person in await coverage.missing(work.db, each.campaign)}
    return (
        figure(work, "campaigns", len(found), _SOURCE),
        figure(work, "people", len(asked), _SOURCE),
        figure(work, "people_done", len(asked) - len(behind), _SOURCE),
        figure(work, "people_share", percent(len(asked) - len(behind), len(asked)), _SOURCE, Kind.PERCENT),
        figure(work, "turns", sum(each.in_scope for each in found), _SOURCE),
        figure(work, "turns_done", sum(each.covered for each in found), _SOURCE),
        figure(work, "turns_share", _share(found), _SOURCE, Kind.PERCENT),
    )


def _campaigns_table(work: Work, found: Sequence[Figures]) -> Table:
    return Table(
        key="campaigns",
        title=work.label("reports/table_campaigns"),
        columns=(
            column(work, "number", Kind.NUMBER, 12),
            column(work, "campaign", Kind.TEXT, 52),
            column(work, "begun", Kind.DAY, 23),
            column(work, "deadline", Kind.DAY, 23),
            column(work, "state", Kind.TEXT, 20),
            column(work, "in_scope", Kind.NUMBER, 20),
            column(work, "covered", Kind.NUMBER, 20),
            column(work, "coverage", Kind.PERCENT, 18),
        ),
        rows=tuple(
            (
                each.campaign.id,
                each.campaign.title,
                each.campaign.published_at.astimezone(work.services.zone).date(),
                each.campaign.deadline,
                work.label(f"reports/campaign_{each.campaign.state}"),
                each.in_scope,
                each.covered,
                each.coverage,
            )
            for each in found
        ),
        source=source_text(work, _SOURCE),
        empty=work.label("reports/empty_campaigns"),
    )


def _by_group(found: Sequence[Figures]) -> list[GroupCoverage]:
    """Each group's turns over all campaigns, in the order of names."""
    names: dict[int, str] = {}
    turns: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for group in (group for each in found for group in each.groups):
        names[group.group_id] = group.group
        turns[group.group_id][0] += group.in_scope
        turns[group.group_id][1] += group.covered
    return [
        GroupCoverage(each, names[each], in_scope, done, percent(done, in_scope))
        for each, (in_scope, done) in sorted(turns.items(), key=lambda item: fold(names[item[0]]))
    ]
