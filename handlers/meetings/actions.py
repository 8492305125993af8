"""A meeting is called; chat and command line begin here."""

from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from handlers.kit import audience as audience_text
from handlers.kit import recurrence
from handlers.kit.access import Right, may
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.recurrence import to_utc
from handlers.kit.sittings import Sitting, own_group
from handlers.meetings import rules, sending
from storage import audiences, campaigns, meeting_dates, meeting_files, meetings
from storage.meetings import Kind, NewMeeting
from storage.members import Member
from storage.preferences import LEADS

_SECRET_BYTES = 20
# So many dates of a series are looked at for people who are invited elsewhere, and so many are named.
_LOOKED_AT, _NAMED = 12, 3


@dataclass(frozen=True, slots=True)
class Wish:
    """What an officer wants to call. `audience` is as people type it, `starts` on the wall."""

    uid: str
    kind: Kind
    title: str
    starts: datetime
    minutes: int
    place: str
    audience: str
    agenda: str = ""
    # An agenda that is kept already.
    file_id: str = ""
    recurrence: str | None = None
    leads: tuple[int, ...] = rules.DEFAULT_LEADS
    campaign_id: int | None = None
    is_make_up: bool = False


@dataclass(frozen=True, slots=True)
class Clash:
    """Some of the people are invited to something else at that time."""

    number: int
    title: str
    starts_at: datetime


async def call(work: Work, organiser: Member | None, wish: Wish) -> Sitting:
    """Its first date; everybody is asked. RefusedError says what is wrong. No `organiser`: by command."""
    wish = await checked(work, organiser, wish)
    new = NewMeeting(
        uid=wish.uid,
        kind=wish.kind,
        title=wish.title,
        place=wish.place,
        agenda=wish.agenda,
        audience=wish.audience,
        starts_local=wish.starts,
        zone=work.services.zone.key,
        minutes=wish.minutes,
        recurrence=wish.recurrence,
        leads=wish.leads,
        organiser_id=organiser.id if organiser else None,
        campaign_id=wish.campaign_id,
        is_make_up=wish.is_make_up,
        secret=b32encode(work.chance.token(_SECRET_BYTES)).decode(),
    )
    meeting_id = await meetings.create(work.db, new, work.now)
    made = await meetings.by_id(work.db, meeting_id)
    if made is None:
        raise AssertionError("the meeting was just made")
    if wish.file_id and organiser:
        await meeting_files.add_kept(work.db, meeting_id, wish.file_id, organiser.id, work.now)
    await sending.extend(work, made)
    first = Sitting(made, (await meeting_dates.dates_of(work.db, meeting_id))[0])
    await sending.invite(work, first)
    await sending.remind_of(work, made)
    return first


async def checked(work: Work, organiser: Member | None, wish: Wish) -> Wish:
    """The wish with everything as it is kept; RefusedError says what can't be."""
    check_texts(wish.title, wish.place, wish.agenda)
    check_time(work, wish.starts, wish.minutes)
    check_leads(wish.leads)
    kept = await resolve_audience(work, organiser, wish.audience)
    rule = wish.recurrence
    if rule is not None:
        read = recurrence.read(rule)
        recurrence.check(read, wish.starts)
        rule = read.text
    if wish.campaign_id is not None and await campaigns.by_id(work.db, wish.campaign_id) is None:
        raise RefusedError("audience/unknown_campaign", name=str(wish.campaign_id))
    return replace(wish, audience=kept, recurrence=rule)


def check_texts(title: str = "-", place: str = "-", agenda: str = "") -> None:
    for what, text, longest in (
        ("title", title, rules.LONGEST_TITLE),
        ("place", place, rules.LONGEST_PLACE),
        ("agenda", agenda, rules.LONGEST_AGENDA),
    ):
        if len(text) > longest:
            raise RefusedError("meetings/text_too_long", what=what, longest=longest)
        if what != "agenda" and not text.strip():
            raise RefusedError("meetings/no_text", what=what)


def check_time(work: Work, starts: datetime, minutes: int) -> None:
    starts_at = to_utc(starts, work.services.zone)
    if problem := rules.time_problem(starts_at, minutes, work.now):
        raise RefusedError(problem, starts_at=starts_at)


def check_leads(leads: Sequence[int]) -> None:
    if not set(leads) <= set(LEADS):
        raise RefusedError("meetings/unknown_lead", leads=LEADS)


async def resolve_audience(work: Work, organiser: Member | None, typed: str) -> str:
    """The audience as it is kept; RefusedError when it is nobody, or not for this officer to invite."""
    kept = await audience_text.resolve(work, typed)
    if organiser and not may(organiser, Right.MEET_ALL) and kept != own_group(organiser):
        raise RefusedError("meetings/own_group_only", group=organiser.group_name)
    if not await audiences.count(work.db, kept):
        raise RefusedError("meetings/nobody", audience=await audience_text.describe(work, kept))
    return kept


async def clashes(work: Work, wish: Wish) -> list[Clash]:
    """Who of the audience is invited to another meeting at one of its first dates."""
    zone, length = work.services.zone, timedelta(minutes=wish.minutes)
    locals_ = [wish.starts]
    if wish.recurrence is not None:
        series = recurrence.dates(recurrence.read(wish.recurrence), wish.starts, wish.starts + rules.AHEAD)
        locals_ = list(islice(series, _LOOKED_AT))
    found: list[Clash] = []
    for begin in (to_utc(each, zone) for each in locals_):
        found += await _clashes_at(work, wish.audience, begin, begin + length)
        if len(found) >= _NAMED:
            break
    return found[:_NAMED]


async def _clashes_at(work: Work, audience: str, begin: datetime, end: datetime) -> list[Clash]:
    others = await meeting_dates.overlapping(work.db, begin, end)
    known = await meetings.by_ids(work.db, [each.meeting_id for each in others])
    found = []
    for each in others:
        other = known[each.meeting_id]
        number = await audiences.count_in_both(work.db, audience, other.audience)
        if number:
            found.append(Clash(number, other.title, each.starts_at))
    return found
