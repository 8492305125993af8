"""The report of a year's concerns: only what is shown of them anywhere, and nothing counted anew."""

from collections.abc import Sequence
from datetime import timedelta

from handlers.concerns import figures
from handlers.concerns.figures import Figures, Share
from handlers.kit.access import Right
from handlers.kit.context import Work
from handlers.kit.reports import (
    Figure,
    Kind,
    Report,
    ReportKind,
    Table,
    Value,
    column,
    figure,
    lead,
    notes,
    table,
)
from handlers.kit.suppression.showing import SMALLEST

_SOURCE = "concerns"


async def of_year(work: Work, year: int) -> Report:
    await figures.freeze(work)
    found = await figures.of_year(work, year)
    whole = found[-1]
    return Report(
        name="concerns",
        about=work.label("reports/about_concerns", year=year),
        stem=work.label("reports/stem_concerns", year=year),
        made_at=work.now,
        lead=lead(work, "concerns", year=year, whole=whole, due=whole.window.due_on, today=work.today),
        figures=_figures(work, whole),
        tables=(
            _windows_table(work, found),
            _categories_table(work, found),
            _satisfaction_table(work, whole),
        ),
        notes=(
            *notes(work, *([] if whole.is_counted else ["not_counted"]), "frozen"),
            work.label("reports/note_hidden", number=SMALLEST),
            work.label("reports/note_quarters", people=figures.QUARTERS_FROM),
        ),
    )


def _figures(work: Work, whole: Figures) -> tuple[Figure, ...]:
    return (
        figure(work, "concerns", whole.total, _SOURCE),
        figure(work, "answered", _share_text(work, whole.answered), _SOURCE, Kind.TEXT),
        figure(work, "answered_in_time", _share_text(work, whole.in_time), _SOURCE, Kind.TEXT),
    )


def _share_text(work: Work, share: Share | None) -> str | None:
    if share is None:
        return None
    return work.label("reports/share", least=share.at_least, most=share.at_most)


def _window_text(work: Work, each: Figures) -> str:
    return work.label("reports/window", year=each.window.year, quarter=each.window.quarter)


def _windows_table(work: Work, found: Sequence[Figures]) -> Table:
    return table(
        work,
        "windows",
        columns=(
            column(work, "window", Kind.TEXT, 35),
            column(work, "from", Kind.DAY, 27),
            column(work, "to", Kind.DAY, 27),
            column(work, "concerns", Kind.NUMBER, 20),
            column(work, "answered", Kind.TEXT, 30),
            column(work, "answered_in_time", Kind.TEXT, 30),
        ),
        rows=tuple(
            (
                _window_text(work, each),
                each.window.first_week,
                each.window.week_after - timedelta(days=1),
                each.total,
                _share_text(work, each.answered),
                _share_text(work, each.in_time),
            )
            for each in found
        ),
        source=_SOURCE,
    )


def _categories_table(work: Work, found: Sequence[Figures]) -> Table:
    """A category in each row, and what is shown of it in each window."""
    names = {key: each.label for key, each in work.services.categories.items()}
    rows: list[tuple[Value, ...]] = [
        (names.get(key, key), *(each.categories[key] for each in found)) for key in found[-1].categories
    ]
    rows.append((work.label("reports/others"), *(each.others for each in found)))
    return table(
        work,
        "categories",
        columns=(
            column(work, "category", Kind.TEXT, 65),
            *(column(work, f"window_{each.window.quarter or 0}", Kind.NUMBER, 20) for each in found),
        ),
        rows=tuple(rows),
        source=_SOURCE,
    )


def _satisfaction_table(work: Work, whole: Figures) -> Table:
    return table(
        work,
        "satisfaction",
        columns=(
            column(work, "satisfaction", Kind.TEXT, 100),
            column(work, "concerns", Kind.NUMBER, 30),
        ),
        rows=tuple(
            (work.label(f"reports/satisfaction_{key}"), number) for key, number in whole.satisfactions.items()
        ),
        source=_SOURCE,
    )


REPORTS = (ReportKind("concerns", Right.SEE_FIGURES, of_year=of_year),)
