"""The report of a year's meetings, and of who was there: numbers, no names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

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
)
from handlers.kit.sittings import Sitting
from storage import attendance, meeting_dates, meetings
from storage.attendance import Figures
from storage.meetings import Kind as Meeting
from storage.registers import day_end

_SOURCE = "attendance"


@dataclass(frozen=True, slots=True)
class _Held:
    sitting: Sitting
    figures: Figures

    @property
    def is_kept(self) -> bool:
        """Whether anybody was checked in, or somebody closed the list."""
        there = self.figures.present + self.figures.guests
        return there > 0 or self.sitting.date.closed_at is not None


async def of_year(work: Work, year: int) -> Report:
    """What began in it, until now."""
    held = await _held(work, year)
    return Report(
        name="meetings",
        about=work.label("reports/about_meetings", year=year),
        stem=work.label("reports/stem_meetings", year=year),
        made_at=work.now,
        lead=lead(work, "meetings", year=year, number=len(held), until=last_day(work, year)),
        figures=_figures(work, held),
        tables=(_kinds_table(work, held), _meetings_table(work, held)),
        notes=notes(work, *(["year_running"] if year >= work.today.year else []), "invited", "not_kept"),
    )


async def _held(work: Work, year: int) -> list[_Held]:
    zone = work.services.zone
    begin, end = (datetime(each, 1, 1, tzinfo=zone) for each in (year, year + 1))
    dates = await meeting_dates.between(work.db, begin, min(end, max(begin, work.now)))
    found = await meetings.by_ids(work.db, list({each.meeting_id for each in dates}))
    sittings = [Sitting(found[each.meeting_id], each) for each in dates]
    return [_Held(each, await _figures_of(work, each)) for each in sittings if not each.is_cancelled]


async def _figures_of(work: Work, sitting: Sitting) -> Figures:
    """Invited was whoever belonged to its audience on that day."""
    zone = work.services.zone
    end = min(work.now, day_end(sitting.starts_at.astimezone(zone).date(), zone))
    return await attendance.figures_as_of(work.db, sitting.meeting.audience, sitting.id, end)


def _figures(work: Work, held: Sequence[_Held]) -> tuple[Figure, ...]:
    kept = [each.figures for each in held if each.is_kept]
    invited, present = sum(each.invited for each in kept), sum(each.present for each in kept)
    return (
        figure(work, "meetings", len(held), "calendar"),
        figure(work, "meetings_kept", len(kept), _SOURCE),
        figure(work, "invited", invited, _SOURCE),
        figure(work, "present", present, _SOURCE),
        figure(work, "present_share", share(present, invited), _SOURCE, Kind.PERCENT),
        figure(work, "guests", sum(each.guests for each in kept), _SOURCE),
    )


def _kinds_table(work: Work, held: Sequence[_Held]) -> Table:
    return table(
        work,
        "kinds",
        columns=(
            column(work, "kind", Kind.TEXT, 65),
            column(work, "meetings", Kind.NUMBER, 25),
            column(work, "invited", Kind.NUMBER, 25),
            column(work, "present", Kind.NUMBER, 25),
            column(work, "share", Kind.PERCENT, 25),
        ),
        rows=tuple(
            _kind_row(work, kind, of_it)
            for kind in Meeting
            if (of_it := [each for each in held if each.sitting.meeting.kind is kind])
        ),
        source=_SOURCE,
        empty="meetings",
        bars=("kind", "share"),
    )


def _kind_row(work: Work, kind: Meeting, held: Sequence[_Held]) -> tuple[Value, ...]:
    kept = [each.figures for each in held if each.is_kept]
    invited, present = sum(each.invited for each in kept), sum(each.present for each in kept)
    counted = (invited, present, share(present, invited)) if kept else (None, None, None)
    return work.label(f"meetings/kind_{kind}"), len(held), *counted


def _meetings_table(work: Work, held: Sequence[_Held]) -> Table:
    return table(
        work,
        "meetings",
        columns=(
            column(work, "day", Kind.DAY, 27),
            column(work, "meeting", Kind.TEXT, 50),
            column(work, "kind", Kind.TEXT, 32),
            column(work, "invited", Kind.NUMBER, 19),
            column(work, "present", Kind.NUMBER, 19),
            column(work, "share", Kind.PERCENT, 18),
            column(work, "guests", Kind.NUMBER, 18),
        ),
        rows=tuple(
            (
                each.sitting.starts_at.astimezone(work.services.zone).date(),
                each.sitting.title,
                work.label(f"meetings/kind_{each.sitting.meeting.kind}"),
                *_counted(each),
            )
            for each in held
        ),
        source=_SOURCE,
        empty="meetings",
    )


def _counted(held: _Held) -> tuple[int, int | None, float | None, int | None]:
    """Where nobody kept the list, nobody is said to have been away."""
    counted = held.figures
    if not held.is_kept:
        return counted.invited, None, None, None
    return counted.invited, counted.present, share(counted.present, counted.invited), counted.guests


REPORTS = (ReportKind("meetings", Right.SEE_FIGURES, of_year=of_year),)
