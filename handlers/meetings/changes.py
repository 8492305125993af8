"""A meeting that people know of is changed or cancelled, one date or the whole series."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.recurrence import to_utc
from handlers.kit.sittings import Sitting
from handlers.meetings import actions, rules, sending, sittings
from handlers.meetings.letters import Change
from storage import attendance, jobs, meeting_answers, meeting_dates, meetings
from storage.meeting_dates import Occurrence
from storage.members import Member


@dataclass(frozen=True, slots=True)
class Edit:
    """Which date is looked at, and why it is changed.

    `seen` is the mark that it had: when somebody else has changed it since, the officer is told so and
    nothing happens. None: by command, which looks at what is there.
    """

    occurrence_id: int
    seen: int | None = None
    note: str = ""


async def move_date(work: Work, edit: Edit, starts: datetime, minutes: int | None) -> Sitting:
    """To another time, on the wall; without `minutes` it lasts as long as before."""
    before = await _held(work, edit)
    length = timedelta(minutes=minutes) if minutes else before.date.ends_at - before.date.starts_at
    actions.check_time(work, starts, round(length / timedelta(minutes=1)))
    begin = to_utc(starts, work.services.zone)
    times = {"starts_at": begin, "ends_at": begin + length}
    await meeting_dates.change_date(work.db, before.id, work.now, note=edit.note, **times)
    if before.meeting.recurrence is None:
        await _keep_single(work, before, starts, length)
    if (begin, begin + length) != (before.date.starts_at, before.date.ends_at):
        await meeting_answers.forget(work.db, [before.id])
    if starts.date() != _local(work, before.date).date():
        # Who came early to the day that it was to be on isn't there on the new one.
        await attendance.forget(work.db, before.id)
    return await _changed(work, before, "moved", edit.note)


async def _keep_single(work: Work, before: Sitting, starts: datetime, length: timedelta) -> None:
    """A single meeting is where its one date is."""
    minutes = round(length / timedelta(minutes=1))
    await meetings.change(work.db, before.meeting.id, work.now, starts_local=starts, minutes=minutes)
    await meeting_dates.shift_rule(work.db, before.id, starts)


async def move_series(work: Work, edit: Edit, starts: datetime, minutes: int | None) -> Sitting:
    """All dates to come to another time of the day; those that were moved by themselves stay where they are.
    Only the time of `starts` counts.
    """
    before = await _held(work, edit)
    found, zone, at = before.meeting, work.services.zone, starts.time()
    length = minutes or found.minutes
    actions.check_time(work, _local(work, before.date).replace(hour=at.hour, minute=at.minute), length)
    first = datetime.combine(found.starts_local.date(), at)
    await meetings.change(work.db, found.id, work.now, starts_local=first, minutes=length)
    moved = []
    for each in await meeting_dates.dates_of(work.db, found.id):
        recurs_at = datetime.combine(each.recurs_at.date(), at)
        begin = to_utc(recurs_at, zone)
        is_regular = each.starts_at == to_utc(each.recurs_at, zone)
        if is_regular and begin > work.now and Sitting(found, each).is_ahead(work.now):
            times = {"starts_at": begin, "ends_at": begin + timedelta(minutes=length)}
            await meeting_dates.change_date(work.db, each.id, work.now, **times)
            moved.append(each)
        # Also of what is over: by this the rule's dates are known again.
        await meeting_dates.shift_rule(work.db, each.id, recurs_at)
    await meeting_answers.forget(work.db, [each.id for each in moved])
    if moved and before.id not in {each.id for each in moved}:
        before = Sitting(found, moved[0])
    return await _changed(work, before, "moved", edit.note, is_series=True)


async def set_place(work: Work, edit: Edit, place: str, *, is_series: bool) -> Sitting:
    actions.check_texts(place=place)
    before = await _held(work, edit)
    if is_series or before.meeting.recurrence is None:
        await meetings.change(work.db, before.meeting.id, work.now, place=place)
        await meeting_dates.change_date(work.db, before.id, work.now, place=None, note=edit.note)
    else:
        await meeting_dates.change_date(work.db, before.id, work.now, place=place, note=edit.note)
    return await _changed(work, before, "moved", edit.note, is_series=is_series)


async def set_title(work: Work, edit: Edit, title: str) -> Sitting:
    """Of the whole series."""
    actions.check_texts(title=title)
    before = await _held(work, edit)
    await meetings.change(work.db, before.meeting.id, work.now, title=title)
    return await _changed(work, before, "moved", "", is_series=before.meeting.recurrence is not None)


async def set_agenda(work: Work, edit: Edit, agenda: str) -> Sitting:
    """Nobody is told: it stands in what they are reminded by."""
    actions.check_texts(agenda=agenda)
    before = await _held(work, edit)
    await meetings.change(work.db, before.meeting.id, work.now, agenda=agenda)
    return await _replanned(work, before)


async def set_leads(work: Work, edit: Edit, leads: Sequence[int]) -> Sitting:
    actions.check_leads(leads)
    before = await _held(work, edit)
    await meetings.change(work.db, before.meeting.id, work.now, leads=sorted(leads, reverse=True))
    return await _replanned(work, before)


async def set_audience(work: Work, edit: Edit, officer: Member | None, audience: str) -> Sitting:
    """Who is new is invited, who isn't invited any more is told."""
    kept = await actions.resolve_audience(work, officer, audience)
    before = await _held(work, edit)
    await meetings.change(work.db, before.meeting.id, work.now, audience=kept)
    found = await _replanned(work, before)
    unsent = await sending.unsent(work, before.id)
    # Who knows of it; "": nobody yet.
    knowing = unsent.details["outside"] if unsent else before.meeting.audience
    if unsent:
        await jobs.cancel(work.db, sending.INVITATION, before.id, work.now)
        await jobs.cancel(work.db, sending.UNINVITED, before.id, work.now)
    if kept != knowing:
        await sending.invite(work, found, outside=knowing)
        if knowing:
            await sending.tell_uninvited(work, found, knowing)
    return found


async def cancel_date(work: Work, edit: Edit) -> Sitting:
    before = await _held(work, edit)
    await meeting_dates.change_date(work.db, before.id, work.now, is_cancelled=True, note=edit.note)
    if before.meeting.recurrence is None:
        await meetings.change(work.db, before.meeting.id, work.now, is_cancelled=True)
    return await _changed(work, before, "cancelled", edit.note)


async def cancel_series(work: Work, edit: Edit) -> Sitting:
    """This date and all that follow; what is over stays what it was."""
    before = await _held(work, edit)
    for each in await meeting_dates.dates_of(work.db, before.meeting.id):
        if Sitting(before.meeting, each).is_ahead(work.now):
            await meeting_dates.change_date(work.db, each.id, work.now, is_cancelled=True, note=edit.note)
    await meetings.change(work.db, before.meeting.id, work.now, is_cancelled=True)
    return await _changed(work, before, "cancelled", edit.note, is_series=True)


async def _held(work: Work, edit: Edit) -> Sitting:
    """The date as it is now, which nobody else changes until the transaction ends."""
    if len(edit.note) > rules.LONGEST_NOTE:
        raise RefusedError("meetings/text_too_long", what="note", longest=rules.LONGEST_NOTE)
    found = await sittings.load(work, edit.occurrence_id)
    await meetings.hold(work.db, found.meeting.id)
    # Nor does anybody close its attendance meanwhile.
    await attendance.hold(work.db, found.id, alone=True)
    found = await sittings.load(work, edit.occurrence_id)
    if edit.seen is not None and edit.seen != found.mark:
        raise RefusedError("meetings/changed_meanwhile", title=found.meeting.title)
    if not found.is_ahead(work.now):
        raise RefusedError("meetings/not_ahead", is_cancelled=found.is_cancelled)
    return found


def _local(work: Work, date: Occurrence) -> datetime:
    return date.starts_at.astimezone(work.services.zone).replace(tzinfo=None)


async def _replanned(work: Work, before: Sitting) -> Sitting:
    found = await sittings.load(work, before.id)
    is_one = found.meeting.sequence == before.meeting.sequence
    await sending.remind_of(work, found.meeting, only=before.id if is_one else None)
    return found


async def _changed(work: Work, before: Sitting, what: str, note: str, *, is_series: bool = False) -> Sitting:
    """Whoever knew of it hears of it; who was to be invited only now is invited to what it is now."""
    found = await _replanned(work, before)
    unsent = await sending.unsent(work, before.id)
    if unsent and not unsent.details["outside"]:
        await jobs.cancel(work.db, sending.INVITATION, before.id, work.now)
        following = await _next(work, found)
        if following is not None:
            await sending.invite(work, following)
        return found
    changed = Change(
        what,
        is_series,
        before.meeting.title,
        before.place,
        before.date.starts_at,
        before.date.ends_at,
        note,
    )
    changed = await _joined(work, found, changed)
    if _differs(found, changed):
        await sending.tell(work, found, changed)
    return found


async def _joined(work: Work, found: Sitting, changed: Change) -> Change:
    """Together with what waits to be told of the same: nobody has heard of what was in between."""
    waiting = await jobs.waiting_about(work.db, sending.CHANGE, found.id)
    earlier = [msgspec.convert(each.details, Change) for each in waiting]
    if not earlier or any(each.is_series != changed.is_series for each in earlier):
        return changed
    await jobs.cancel(work.db, sending.CHANGE, found.id, work.now)
    return replace(earlier[0], what=changed.what, note=changed.note or earlier[-1].note)


def _differs(found: Sitting, changed: Change) -> bool:
    now = (found.meeting.title, found.place, found.date.starts_at, found.date.ends_at)
    return found.is_cancelled or now != (changed.title, changed.place, changed.starts_at, changed.ends_at)


async def _next(work: Work, found: Sitting) -> Sitting | None:
    """The date itself, or where it was cancelled the next one of its series."""
    if found.meeting.is_cancelled:
        return None
    for each in await meeting_dates.dates_of(work.db, found.meeting.id):
        following = Sitting(found.meeting, each)
        if each.starts_at >= found.date.starts_at and following.is_ahead(work.now):
            return following
    return None
