"""The interim or final review of the programme: each target, where the branch stands, and who says so."""

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
    source_text,
    table,
)
from handlers.reports.standings import STANDINGS, Standing
from handlers.reports.targets import Target, load


async def of_year(work: Work, year: int) -> Report:
    """A year that isn't over is reviewed in the interim."""
    programme = load(work)
    found = [(each, await STANDINGS[each.source](work, each, year)) for each in programme.targets]
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


def _table(work: Work, found: list[tuple[Target, Standing]]) -> Table:
    return table(
        work,
        "targets",
        columns=(
            column(work, "number", Kind.NUMBER, 11),
            column(work, "target", Kind.TEXT, 62),
            column(work, "standing", Kind.TEXT, 42),
            column(work, "result", Kind.TEXT, 22),
            column(work, "source", Kind.TEXT, 28),
        ),
        rows=tuple(_row(work, number, *each) for number, each in enumerate(found, 1)),
        source="review_table",
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
