"""What people are sent about a meeting, in the words that are right at the moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers.kit import recurrence
from handlers.kit.calendar import to_lunar
from handlers.kit.context import Work
from handlers.kit.recurrence.words import weekday
from handlers.kit.reply import Attachment, Button, Reply
from handlers.kit.sittings import Sitting
from storage import meeting_files
from storage.meeting_files import FileKind
from storage.meetings import Meeting

_ONE_DAY, _ONE_HOUR, _ONE_MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
# From so long before on, the hours count and not the days.
_BY_HOURS = timedelta(hours=20)


def when(work: Work, starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
    """For the template `_when`: in the branch's time, with weekday and lunar date."""
    local, end = (each.astimezone(work.services.zone) for each in (starts_at, ends_at))
    return {
        "start": local,
        "end": end,
        "weekday": weekday(work.services.texts, local.weekday()),
        "lunar": to_lunar(local.date()),
    }


def values(work: Work, found: Sitting) -> dict[str, Any]:
    """What all screens and letters about one date say of it."""
    return when(work, found.date.starts_at, found.date.ends_at) | {
        "meeting": found.meeting,
        "date": found.date,
        "kind": kind_name(work, found.meeting.kind),
        "place": found.place,
        "series": series(work, found.meeting),
    }


def kind_name(work: Work, kind: str) -> str:
    return work.label(f"meetings/kind_{kind}")


def series(work: Work, meeting: Meeting) -> str:
    """How it goes on, in words; empty for a single one."""
    if meeting.recurrence is None:
        return ""
    rule = recurrence.read(meeting.recurrence)
    return recurrence.describe(work.services.texts, rule, meeting.starts_local)


def answers(work: Work, found: Sitting) -> tuple[Button, ...]:
    return (
        work.button("meetings/coming", "meeting.coming", found.id),
        work.button("meetings/absent", "meeting.absent", found.id),
    )


async def invitation(work: Work, found: Sitting, *, again: bool = False) -> Reply:
    """`again`: to those who haven't answered."""
    agenda = None if again else await agenda_file(work, found)
    reply = work.reply(
        "meetings/invitation",
        answers(work, found),
        (work.button("meetings/details", "meeting.show", found.id),),
        again=again,
        **values(work, found),
    )
    return Reply(reply.text, reply.buttons, agenda)


async def agenda_file(work: Work, found: Sitting) -> Attachment | None:
    """The newest agenda that is a file."""
    papers = await meeting_files.of_date(work.db, found.meeting.id, found.id)
    agendas = [each for each in papers if each.kind is FileKind.AGENDA]
    if not agendas:
        return None
    last = agendas[-1]
    content = await meeting_files.content(work.db, last)
    return Attachment(last.name, last.mime, content, last.attachment_id)


def reminder(work: Work, found: Sitting) -> Reply:
    return work.reply(
        "meetings/reminder",
        answers(work, found),
        (work.button("meetings/details", "meeting.show", found.id),),
        left=time_left(work, found.date.starts_at - work.now),
        **values(work, found),
    )


def time_left(work: Work, left: timedelta) -> str:
    """Such as "3 ngày": what is really left, to the nearest."""
    if left >= _BY_HOURS:
        return work.label("meetings/days", number=max(1, round(left / _ONE_DAY)))
    if left >= _ONE_HOUR:
        return work.label("meetings/hours", number=round(left / _ONE_HOUR))
    return work.label("meetings/minutes", number=max(1, round(left / _ONE_MINUTE)))


@dataclass(frozen=True, slots=True)
class Change:
    """What was changed, as a job keeps it."""

    # "moved", "cancelled", or "uninvited" for those who aren't invited any more.
    what: str
    # Of the whole series.
    is_series: bool
    # What people knew before.
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    note: str = ""


def change(work: Work, found: Sitting, changed: Change) -> Reply:
    """What was, what is, and the question anew where people may still come."""
    buttons = answers(work, found) if changed.what == "moved" and not found.is_cancelled else ()
    was = when(work, changed.starts_at, changed.ends_at)
    return work.reply(
        f"meetings/{changed.what}",
        buttons,
        was=was,
        changed=changed,
        other_time=(changed.starts_at, changed.ends_at) != (found.date.starts_at, found.date.ends_at),
        **values(work, found),
    )
