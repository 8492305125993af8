"""The interim or final review of the programme: each target beside where the branch stands, and who says so.

A review speaks of several subjects, so it reads what their modules in storage keep.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date

from handlers.kit.access import Right
from handlers.kit.context import Work
from handlers.kit.reports import (
    Kind,
    Report,
    ReportKind,
    Table,
    Value,
    column,
    figure,
    last_day,
    lead,
    notes,
    share,
    source_text,
    year_end,
)
from handlers.reports.page import text_of
from handlers.reports.targets import Target, load
from storage import duties, members, reported_coverage, roster_history
from storage.registers import Share, admissions, training


@dataclass(frozen=True, slots=True)
class Standing:
    words: str
    # None: there is nothing to reach.
    is_reached: bool | None
    # The name of a label that begins with `from_`.
    source: str


async def of_year(work: Work, year: int) -> Report:
    """A year that isn't over is reviewed in the interim."""
    programme = load(work)
    found = [(each, await _STANDINGS[each.source](work, each, year)) for each in programme.targets]
    reached = sum(each.is_reached is True for _, each in found)
    said = {
        "programme": programme.programme,
        "year": year,
        "is_running": year >= work.today.year,
        "number": len(found),
        "reached": reached,
        "until": last_day(work, year),
    }
    return Report(
        name="review",
        about=work.label("reports/about_review", **said),
        stem=work.label("reports/stem_review", year=year),
        made_at=work.now,
        lead=lead(work, "review", **said),
        figures=(
            figure(work, "targets", len(found), "review"),
            figure(work, "targets_reached", reached, "review"),
        ),
        tables=(_table(work, found),),
        notes=notes(work, *_moment(is_running=bool(said["is_running"])), "by_word", "covered"),
    )


def _moment(*, is_running: bool) -> tuple[str, ...]:
    return ("year_running", "scope_year") if is_running else ("people_at_end", "scope_past_year")


async def _study(work: Work, target: Target, year: int) -> Standing:
    every = await reported_coverage.of_year(work.db, work.now, year, work.services.zone)
    people, done = reported_coverage.people_over(each for each in every if not each.is_replaced)
    found = share(done, people)
    if found is None:
        return Standing(work.label("reports/standing_no_study"), is_reached=False, source="study_year")
    words = work.label("reports/standing_study", share=text_of(found, Kind.PERCENT), done=done, people=people)
    return Standing(words, found >= target.least, "study_year")


async def _trained(work: Work, target: Target, year: int) -> Standing:
    found = await training.trained(work.db, last_day(work, year), work.services.zone)
    return _of_share(work, "trained", found, target, "training")


async def _admitted(work: Work, target: Target, year: int) -> Standing:
    first, last = date(year, 1, 1), last_day(work, year)
    found = await admissions.admitted(work.db, first, last, work.services.zone)
    return _of_share(work, "admitted", found, target, "roster")


def _of_share(work: Work, what: str, found: Share, target: Target, source: str) -> Standing:
    percent = share(found.part, found.whole)
    if percent is None:
        return Standing(work.label(f"reports/standing_nobody_{what}"), is_reached=None, source=source)
    words = work.label(
        f"reports/standing_{what}",
        share=text_of(percent, Kind.PERCENT),
        done=found.part,
        people=found.whole,
    )
    return Standing(words, percent >= target.least, source)


async def _duty(work: Work, target: Target, year: int) -> Standing:
    rows = await duties.everything(work.db)
    found = next((each for each in rows if (each.rule, each.period) == (target.duty, str(year))), None)
    if found is None:
        return Standing(work.label("reports/standing_no_duty"), is_reached=False, source="duties")
    if found.is_dropped:
        words = work.label("reports/standing_dropped", reason=found.note)
        return Standing(words, is_reached=None, source="duties")
    if found.done_on is None:
        return Standing(work.label("reports/standing_open"), is_reached=False, source="duties")
    return Standing(work.label("reports/standing_done", on=found.done_on), is_reached=True, source="duties")


async def _chair(work: Work, _target: Target, year: int) -> Standing:
    """As the roster says today, or said at the end of the year."""
    end = year_end(work, year)
    people = await (members.with_roles(work.db) if end is None else roster_history.as_of(work.db, end))
    chair = next((each for each in people if each.is_chair and each.is_active), None)
    if chair is None:
        return Standing(work.label("reports/standing_no_chair"), is_reached=False, source="roster")
    is_in = chair.is_cell_committee
    words = work.label("reports/standing_chair", name=chair.full_name, is_in=is_in)
    return Standing(words, is_in, "roster")


_STANDINGS: Mapping[str, Callable[[Work, Target, int], Awaitable[Standing]]] = {
    "study": _study,
    "duty": _duty,
    "chair": _chair,
    "trained": _trained,
    "admitted": _admitted,
}


def _table(work: Work, found: list[tuple[Target, Standing]]) -> Table:
    return Table(
        key="targets",
        title=work.label("reports/table_targets"),
        columns=(
            column(work, "number", Kind.NUMBER, 11),
            column(work, "target", Kind.TEXT, 62),
            column(work, "standing", Kind.TEXT, 42),
            column(work, "result", Kind.TEXT, 22),
            column(work, "source", Kind.TEXT, 28),
        ),
        rows=tuple(_row(work, number, *each) for number, each in enumerate(found, 1)),
        source=source_text(work, "review_table"),
        empty="",
    )


def _row(work: Work, number: int, target: Target, standing: Standing) -> tuple[Value, ...]:
    results = {True: work.label("reports/reached"), False: work.label("reports/not_reached"), None: None}
    return (
        number,
        target.target,
        standing.words,
        results[standing.is_reached],
        source_text(work, standing.source),
    )


REPORTS = (ReportKind("review", Right.SEE_FIGURES, of_year=of_year),)
