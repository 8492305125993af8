"""The report of a year's announcements: how many people each was for, and how many it reached."""

from collections.abc import Mapping
from datetime import datetime

from handlers.announce import letters
from handlers.announce.display import beginning
from handlers.kit import audience
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
    last_day,
    lead,
    notes,
    share,
    table,
    year_end,
)
from storage import announcements
from storage.announcements import Announcement

_SOURCE = "announcements"
_LENGTH = 90
# By announcement: copies, those sent, and people who said that they took note.
_Counts = Mapping[int, tuple[int, int, int]]


async def of_year(work: Work, year: int) -> Report:
    """What began to be sent in it."""
    zone = work.services.zone
    begin, end = (datetime(each, 1, 1, tzinfo=zone) for each in (year, year + 1))
    every = await announcements.started(work.db, begin, end)
    counts = await _counts(work, [each.id for each in every], year_end(work, year))
    return Report(
        name="announcements",
        about=work.label("reports/about_announcements", year=year),
        stem=work.label("reports/stem_announcements", year=year),
        made_at=work.now,
        lead=lead(work, "announcements", year=year, number=len(every), until=last_day(work, year)),
        figures=_figures(work, every, counts),
        tables=(await _table(work, every, counts),),
        notes=notes(work, _moment(work, year), "recipients", "reached", "receipts"),
    )


def _moment(work: Work, year: int) -> str:
    return "year_running" if year_end(work, year) is None else "sent_by_end"


async def _counts(work: Work, numbers: list[int], end: datetime | None) -> _Counts:
    copies = await announcements.counts(work.db, numbers, end)
    receipts = await announcements.receipts(work.db, numbers, end)
    return {each: (*copies.get(each, (0, 0)), receipts.get(each, 0)) for each in numbers}


def _figures(work: Work, every: list[Announcement], counts: _Counts) -> tuple[Figure, ...]:
    copies, sent = (sum(each[place] for each in counts.values()) for place in (0, 1))
    return (
        figure(work, "announcements", len(every), _SOURCE),
        figure(work, "urgent", sum(each.is_urgent for each in every), _SOURCE),
        figure(work, "copies", copies, "outbox"),
        figure(work, "copies_sent", sent, "outbox"),
        figure(work, "copies_share", share(sent, copies), "outbox", Kind.PERCENT),
    )


async def _table(work: Work, every: list[Announcement], counts: _Counts) -> Table:
    return table(
        work,
        "announcements",
        columns=(
            column(work, "serial", Kind.NUMBER, 11),
            column(work, "day", Kind.DAY, 27),
            column(work, "announcement", Kind.TEXT, 50),
            column(work, "audience", Kind.TEXT, 28),
            column(work, "recipients", Kind.NUMBER, 17),
            column(work, "reached", Kind.NUMBER, 17),
            column(work, "share", Kind.PERCENT, 17),
            column(work, "receipts", Kind.NUMBER, 18),
        ),
        rows=tuple([await _row(work, each, counts[each.id]) for each in every]),
        source=_SOURCE,
        empty="announcements",
    )


async def _row(work: Work, each: Announcement, counted: tuple[int, int, int]) -> tuple[Value, ...]:
    copies, sent, receipts = counted
    began = (each.started_at or each.send_at).astimezone(work.services.zone)
    return (
        each.id,
        began.date(),
        beginning(letters.for_many(work, each.text), _LENGTH),
        await audience.describe(work, each.audience),
        copies,
        sent,
        share(sent, copies),
        receipts if each.wants_receipt else None,
    )


REPORTS = (ReportKind("announcements", Right.SEE_FIGURES, of_year=of_year),)
