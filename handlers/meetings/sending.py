"""What is sent about meetings by itself: the jobs, and how each is carried out."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.jobs import JobKind, Letter, Span
from handlers.kit.recurrence import dates, read, to_utc
from handlers.kit.sittings import Sitting, manages
from handlers.meetings import letters, rules, sittings
from handlers.meetings.letters import Change
from storage import jobs, meeting_dates, meetings, members, wanted
from storage.jobs import Job, NewJob
from storage.meeting_dates import Date, Occurrence
from storage.meetings import Meeting
from storage.preferences import LEADS
from storage.wanted import Wanted

# Kinds of jobs; the subject of each is a date.
INVITATION, REMINDER, CHANGE, UNINVITED = "invitation", "meeting", "change", "uninvited"
# So far ahead reminders are put down when a meeting is called or changed; the plan adds later ones.
_AHEAD = timedelta(days=61)
_LONGEST_LEAD = timedelta(minutes=max(LEADS))
# Jobs of one statement.
_STEP = 500


# Put down.


async def invite(work: Work, found: Sitting, *, outside: str = "", by: str = "") -> bool:
    """Ask everybody, or those who aren't in the audience `outside`. `by` names the occasion where it isn't
    that the meeting was called or changed: only to those who haven't answered. False when that was so before.
    """
    details = {"outside": outside, "again": bool(by)}
    key = f"meet:i:{found.id}:{by or found.mark}"
    return await _add_now(work, found, INVITATION, key, details)


async def unsent(work: Work, occurrence_id: int) -> Job | None:
    """The invitation that goes out when the night is over: to everybody, or to those who are new."""
    waiting = await jobs.waiting_about(work.db, INVITATION, occurrence_id)
    return next((each for each in waiting if not each.details["again"]), None)


async def tell(work: Work, found: Sitting, changed: Change) -> None:
    """Everybody who is invited hears of the change."""
    key = f"meet:c:{found.id}:{found.mark}"
    await _add_now(work, found, CHANGE, key, msgspec.to_builtins(changed), was=changed.starts_at)


async def tell_uninvited(work: Work, found: Sitting, audience: str) -> None:
    """Whoever of this earlier audience isn't invited any more."""
    key = f"meet:u:{found.id}:{found.mark}"
    await _add_now(work, found, UNINVITED, key, {"audience": audience})


async def _add_now(
    work: Work,
    found: Sitting,
    kind: str,
    key: str,
    details: dict[str, object],
    *,
    was: datetime | None = None,
) -> bool:
    """At once or after the night. `was`: when it was to begin before it was moved or cancelled."""
    was = was or found.date.starts_at
    ends = was if found.is_cancelled else found.date.starts_at
    due = rules.tell_at(work.now, min(was, ends), work.services.zone)
    return await jobs.add(work.db, [NewJob(key, kind, due, ends, found.id, details)], work.now) == 1


async def remind_of(work: Work, meeting: Meeting, only: int | None = None) -> None:
    """Put down its reminders anew: those that are ahead, in place of those that wait. `only`: of the one date
    that was changed by itself.
    """
    dates_of_it = await meeting_dates.dates_of(work.db, meeting.id)
    coming = [each for each in dates_of_it if each.starts_at > work.now and only in {None, each.id}]
    await jobs.cancel_all(work.db, REMINDER, [each.id for each in coming], work.now)
    await _put_down(work, meeting, coming, Span(work.now, work.now + _AHEAD))


async def plan(work: Work, span: Span) -> None:
    """Dates of series far enough ahead, and reminders that fall due up to the end of the span. Those before
    it that aren't there belong to a lead that somebody has just chosen: from now on they count.
    """
    for ending in await meetings.to_extend(work.db, work.now + rules.LEAST_AHEAD):
        # An officer may be moving or cancelling it: whoever comes second sees what the first one did.
        series = await meetings.hold(work.db, ending.id)
        if series is not None and not series.is_cancelled:
            await extend(work, series)
    begin = min(span.begin, work.now)
    coming = await meeting_dates.between(work.db, begin, span.end + _LONGEST_LEAD)
    of_meeting: dict[int, list[Occurrence]] = {}
    for each in coming:
        of_meeting.setdefault(each.meeting_id, []).append(each)
    for meeting_id, meeting in (await meetings.by_ids(work.db, list(of_meeting))).items():
        await _put_down(work, meeting, of_meeting[meeting_id], Span(begin, span.end))


async def extend(work: Work, series: Meeting) -> int:
    """Put down its dates up to the horizon; how many new ones."""
    zone = work.services.zone
    until = (work.now + rules.AHEAD).astimezone(zone).replace(tzinfo=None)
    if series.recurrence is None:
        locals_ = [series.starts_local]
    else:
        locals_ = list(dates(read(series.recurrence), series.starts_local, until))
    # Most of the time nothing is new: then nothing is written.
    known = {each.recurs_at for each in await meeting_dates.dates_of(work.db, series.id)}
    length = timedelta(minutes=series.minutes)
    begins = [(each, to_utc(each, zone)) for each in locals_ if each not in known]
    found = [Date(local, begin, begin + length) for local, begin in begins]
    return await meeting_dates.add_dates(work.db, series.id, found, work.now)


async def _put_down(work: Work, meeting: Meeting, coming: Iterable[Occurrence], span: Span) -> None:
    """Reminders within the span, of what was known when they fall due."""
    leads = {*meeting.leads, *await wanted.leads_in_use(work.db)}
    new = [
        NewJob(
            f"meet:r:{each.id}:{one.lead}:{meeting.sequence + each.sequence}",
            REMINDER,
            one.due_at,
            one.expires_at,
            each.id,
            {"lead": one.lead, "mark": meeting.sequence + each.sequence},
        )
        for each in coming
        if not (meeting.is_cancelled or each.is_cancelled)
        for one in rules.reminders(each.starts_at, leads, work.services.zone)
        if span.begin <= one.due_at < span.end and one.due_at > max(each.changed_at, meeting.changed_at)
    ]
    for start in range(0, len(new), _STEP):
        await jobs.add(work.db, new[start : start + _STEP], work.now)


# Carried out.


async def _subject(work: Work, job: Job) -> Sitting | None:
    try:
        return await sittings.load(work, job.subject_id or 0)
    except RefusedError:
        return None


def _applies(work: Work, found: Sitting, job: Job) -> bool:
    """What has begun while the job might still go out was moved. Where the job's time is over as well, it was
    missed: whoever called the meeting hears that people weren't told.
    """
    return not found.is_cancelled and (found.is_ahead(work.now) or work.now >= job.expires_at)


async def _invitation(work: Work, job: Job) -> Letter | None:
    found = await _subject(work, job)
    if found is None or not _applies(work, found, job):
        return None
    again = bool(job.details["again"])
    to = Wanted(
        found.meeting.audience,
        unanswered=found.id if again else None,
        outside=job.details["outside"],
    )
    return Letter(await letters.invitation(work, found, again=again), to)


async def _reminder(work: Work, job: Job) -> Letter | None:
    found = await _subject(work, job)
    if found is None or not _applies(work, found, job) or found.mark != job.details["mark"]:
        return None
    lead = int(job.details["lead"])
    to = Wanted(
        found.meeting.audience,
        # Where nights push two together, one is enough.
        occasion=f"meet:r:{found.id}:{found.mark}:{int(job.due_at.timestamp())}",
        lead=lead,
        is_usual_lead=lead in found.meeting.leads,
        unless_absent_from=found.id,
    )
    return Letter(letters.reminder(work, found), to)


async def _change(work: Work, job: Job) -> Letter | None:
    found = await _subject(work, job)
    if found is None:
        return None
    changed = msgspec.convert(job.details, Change)
    if changed.what == "moved" and found.is_cancelled:
        return None
    return Letter(letters.change(work, found, changed), Wanted(found.meeting.audience))


async def _uninvited(work: Work, job: Job) -> Letter | None:
    found = await _subject(work, job)
    if found is None or not _applies(work, found, job):
        return None
    to = Wanted(job.details["audience"], outside=found.meeting.audience)
    return Letter(work.reply("meetings/uninvited", **letters.values(work, found)), to)


async def _title(work: Work, job: Job) -> str:
    found = await _subject(work, job)
    title = found.meeting.title if found else ""
    return work.label(f"meetings/job_{job.kind}", title=title)


async def _responsible(work: Work, job: Job) -> Sequence[int]:
    """Who called it; nobody, when they don't see to it any more."""
    found = await _subject(work, job)
    organiser_id = found.meeting.organiser_id if found else None
    organiser = await members.by_id(work.db, organiser_id) if organiser_id else None
    if found is None or organiser is None or not manages(organiser, found.meeting):
        return ()
    return (organiser.id,)


JOBS = (
    JobKind(INVITATION, _invitation, _title, _responsible),
    JobKind(REMINDER, _reminder, _title, _responsible),
    JobKind(CHANGE, _change, _title, _responsible),
    JobKind(UNINVITED, _uninvited, _title, _responsible),
)
