"""Meetings as they are made, and the code that stands on the wall."""

import base64
from datetime import datetime, timedelta

from handlers.attendance import codes
from handlers.kit.sittings import Sitting, load
from storage import meeting_dates, meetings, members
from storage.meeting_dates import Date
from storage.meetings import Kind, NewMeeting
from storage.members import Member
from tests.people import CHAIR
from tests.world import ZONE, World

TITLE = "Họp tổ tháng 3"
SECRET = base64.b32encode(b"twenty bytes, secret").decode()


async def person(world: World, code: str) -> Member:
    async with world.database.read() as tx:
        found = await members.by_code(tx, code)
    assert found is not None
    return found


async def hold(
    world: World,
    *,
    begins_in: float = 10,
    minutes: int = 60,
    audience: str = "all",
    kind: Kind = Kind.GROUP,
    organiser: str = CHAIR,
    title: str = TITLE,
    campaign: int | None = None,
    is_make_up: bool = False,
    weeks: int = 1,
) -> list[Sitting]:
    """A meeting that begins in so many minutes, and its dates, one a week."""
    local = world.clock.now().astimezone(ZONE) + timedelta(minutes=begins_in)
    officer = await person(world, organiser)
    new = NewMeeting(
        uid=f"{title}-{audience}"[:40],
        kind=kind,
        title=title,
        place="Phòng họp",
        agenda="",
        audience=audience,
        starts_local=local.replace(tzinfo=None),
        zone=ZONE.key,
        minutes=minutes,
        recurrence="RRULE:FREQ=WEEKLY" if weeks > 1 else None,
        leads=(),
        organiser_id=officer.id,
        campaign_id=campaign,
        is_make_up=is_make_up,
        secret=SECRET,
    )
    async with world.database.write() as tx:
        number = await meetings.create(tx, new, world.clock.now())
        dates = [_date(local + timedelta(weeks=week), minutes) for week in range(weeks)]
        await meeting_dates.add_dates(tx, number, dates, world.clock.now())
        found = await meeting_dates.dates_of(tx, number)
        held = [await load(tx, each.id) for each in found]
    return [each for each in held if each is not None]


def _date(local: datetime, minutes: int) -> Date:
    return Date(local.replace(tzinfo=None), local, local + timedelta(minutes=minutes))


def code_of(world: World, sitting: Sitting) -> str:
    """What is shown now."""
    return codes.code_at(SECRET, sitting.id, world.clock.now())


def wrong_code(world: World, *held: Sitting) -> str:
    """One that no meeting takes, now or in the next minutes of a test."""
    now = world.clock.now()
    good = {
        codes.code_at(SECRET, each.id, now + timedelta(seconds=after))
        for each in held
        for after in range(-60, 3600, codes.STEP_S)
    }
    return next(code for code in (f"{number:06}" for number in range(1_000)) if code not in good)
