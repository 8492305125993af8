"""The report of a year's duties: what was to be done until when, by which rule, and what became of it."""

from collections import Counter
from collections.abc import Sequence

from handlers.duties.board import Item
from handlers.duties.display import period_text, waits_for
from handlers.duties.planning import refresh
from handlers.duties.rules import State
from handlers.duties.screens import of_year as items_of_year
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
    share,
    table,
)

_SOURCE = "duties"


async def of_year(work: Work, year: int) -> Report:
    board = await refresh(work)
    items = sorted(items_of_year(board, year, work.today), key=_by_day)
    return Report(
        name="duties",
        about=work.label("reports/about_duties", year=year),
        stem=work.label("reports/stem_duties", year=year),
        made_at=work.now,
        lead=lead(work, "duties", year=year, number=len(items), today=work.today),
        figures=_figures(work, items),
        tables=(_table(work, items),),
        notes=notes(work, *(["year_running"] if year >= work.today.year else []), "unconfirmed", "late"),
    )


def _by_day(item: Item) -> tuple[str, int]:
    """In the order of deadlines; what has none yet comes last."""
    return item.due_on.isoformat() if item.due_on else "9999", item.duty.id


def _figures(work: Work, items: Sequence[Item]) -> tuple[Figure, ...]:
    states = Counter(each.state for each in items)
    to_do = len(items) - states[State.DROPPED]
    late = sum(_is_late(each) for each in items)
    return (
        figure(work, "duties", to_do, _SOURCE),
        figure(work, "duties_done", states[State.DONE], _SOURCE),
        figure(work, "duties_share", share(states[State.DONE], to_do), _SOURCE, Kind.PERCENT),
        figure(work, "duties_late", late, _SOURCE),
        figure(work, "duties_overdue", states[State.OVERDUE], _SOURCE),
        figure(work, "duties_ahead", states[State.PLANNED] + states[State.WAITING], _SOURCE),
        figure(work, "duties_dropped", states[State.DROPPED], _SOURCE),
    )


def _is_late(item: Item) -> bool:
    done, due = item.duty.done_on, item.due_on
    return done is not None and due is not None and done > due


def _table(work: Work, items: Sequence[Item]) -> Table:
    return table(
        work,
        "duties",
        columns=(
            column(work, "duty", Kind.TEXT, 34),
            column(work, "period", Kind.TEXT, 15),
            column(work, "due", Kind.DAY, 26),
            column(work, "done", Kind.DAY, 26),
            column(work, "state", Kind.TEXT, 23),
            column(work, "basis", Kind.TEXT, 41),
        ),
        rows=tuple(_row(work, each) for each in items),
        source=_SOURCE,
        empty="duties",
    )


def _row(work: Work, item: Item) -> tuple[Value, ...]:
    basis = item.rule.basis
    return (
        item.rule.name,
        _sentence(period_text(work, item.rule, item.period)),
        item.due_on,
        item.duty.done_on,
        _state_text(work, item),
        basis if item.rule.confirmed else work.label("reports/unconfirmed", basis=basis),
    )


def _state_text(work: Work, item: Item) -> str:
    if item.state is State.WAITING:
        return _sentence(waits_for(work, item))
    state = "done_late" if _is_late(item) else item.state.value
    reason = item.duty.note if item.state is State.DROPPED else ""
    return work.label(f"reports/duty_{state}", reason=reason)


def _sentence(text: str) -> str:
    """What stands inside a sentence elsewhere fills a cell here."""
    return text[:1].upper() + text[1:]


REPORTS = (ReportKind("duties", Right.SEE_FIGURES, of_year=of_year),)
