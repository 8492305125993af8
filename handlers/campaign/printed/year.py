"""The report of a year's studying: every campaign that began in it, and the groups over all of them."""

from collections import defaultdict
from collections.abc import Sequence

from handlers.campaign.display import percent_text
from handlers.campaign.printed.coverage import groups_table
from handlers.kit.context import Work
from handlers.kit.reports import (
    Figure,
    Kind,
    Report,
    Table,
    column,
    figure,
    last_day,
    lead,
    notes,
    share,
    table,
    year_end,
)
from handlers.kit.vietnamese import text_key
from storage import reported_coverage
from storage.campaigns import State
from storage.coverage import Figures, GroupCoverage, percent
from storage.reported_coverage import Counted

_SOURCE = "study_year"


async def of_year(work: Work, year: int) -> Report:
    """A campaign belongs to the year in which it was opened. One that a new edition took the place of stands
    in the list and counts nowhere: nobody can study it any more.
    """
    found = await reported_coverage.of_year(work.db, work.now, year, work.services.zone)
    counted = [each.figures for each in found if not each.is_replaced]
    shown = [each.figures for each in found]
    return Report(
        name="coverage",
        about=work.label("reports/about_year", year=year),
        stem=work.label("reports/stem_year", year=year),
        made_at=work.now,
        lead=lead(
            work,
            "year",
            year=year,
            number=len(counted),
            share=percent_text(percent(*_turns(counted))),
            until=last_day(work, year),
        ),
        figures=_figures(work, found),
        tables=(_campaigns_table(work, shown), groups_table(work, _by_group(counted), _SOURCE)),
        notes=notes(work, *_remarks(work, year, shown), "turns", "covered"),
    )


def _remarks(work: Work, year: int, found: Sequence[Figures]) -> list[str]:
    states = {each.campaign.state for each in found}
    is_running = year_end(work, year) is None
    said = {
        "year_running": is_running,
        "some_running": is_running and State.OPEN in states,
        "some_superseded": State.SUPERSEDED in states,
        "scope_year": is_running,
        "scope_past_year": not is_running,
    }
    return [key for key, holds in said.items() if holds]


def _turns(found: Sequence[Figures]) -> tuple[int, int]:
    """Those done, and all: a turn is one person in one campaign."""
    return sum(each.covered for each in found), sum(each.in_scope for each in found)


def _figures(work: Work, found: Sequence[Counted]) -> tuple[Figure, ...]:
    counted = [each for each in found if not each.is_replaced]
    people, finished = reported_coverage.people_over(counted)
    done, turns = _turns([each.figures for each in counted])
    return (
        figure(work, "campaigns", len(counted), _SOURCE),
        figure(work, "people", people, _SOURCE),
        figure(work, "people_done", finished, _SOURCE),
        figure(work, "people_share", share(finished, people), _SOURCE, Kind.PERCENT),
        figure(work, "turns", turns, _SOURCE),
        figure(work, "turns_done", done, _SOURCE),
        figure(work, "turns_share", share(done, turns), _SOURCE, Kind.PERCENT),
    )


def _campaigns_table(work: Work, found: Sequence[Figures]) -> Table:
    return table(
        work,
        "campaigns",
        columns=(
            column(work, "serial", Kind.NUMBER, 11),
            column(work, "campaign", Kind.TEXT, 44),
            column(work, "begun", Kind.DAY, 27),
            column(work, "deadline", Kind.DAY, 27),
            column(work, "state", Kind.TEXT, 20),
            column(work, "in_scope", Kind.NUMBER, 17),
            column(work, "covered", Kind.NUMBER, 18),
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
                share(each.covered, each.in_scope),
            )
            for each in found
        ),
        source=_SOURCE,
        empty="campaigns",
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
        for each, (in_scope, done) in sorted(turns.items(), key=lambda item: text_key(names[item[0]]))
    ]
