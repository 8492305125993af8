"""People with the calendar in their hands, meetings in it, and content that can be changed."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from handlers.kit.calendar import Calendar, Observance
from handlers.kit.context import Work
from storage import meeting_dates, meetings
from storage.database import Transaction
from storage.meeting_dates import Date
from storage.meetings import Kind, NewMeeting
from tests.world import ZONE, World

_UIDS = count(1)


def in_march(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of March 2026, as clocks in Vietnam show it."""
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


async def meet(world: World, title: str, starts: datetime, audience: str = "all") -> int:
    """A meeting of an hour; the id of its date."""
    async with world.database.write() as tx:
        return await put_meeting(tx, world.clock.now(), title, starts, audience)


async def put_meeting(
    tx: Transaction, now: datetime, title: str, starts: datetime, audience: str = "all"
) -> int:
    wall, at = starts.astimezone(ZONE).replace(tzinfo=None), starts.astimezone(UTC)
    new = NewMeeting(
        uid=f"m{next(_UIDS)}@test",
        kind=Kind.GROUP,
        title=title,
        place="Phòng họp tầng 2",
        agenda="",
        audience=audience,
        starts_local=wall,
        zone=str(ZONE),
        minutes=60,
        recurrence=None,
        leads=(60,),
        organiser_id=None,
        campaign_id=None,
        is_make_up=False,
        secret="",
    )
    meeting = await meetings.create(tx, new, now)
    await meeting_dates.add_dates(tx, meeting, [Date(wall, at, at + timedelta(hours=1))], now)
    [made] = await meeting_dates.dates_of(tx, meeting)
    return made.id


@asynccontextmanager
async def work_with(world: World, observances: Sequence[Observance]) -> AsyncIterator[Work]:
    """A transaction in a branch whose calendar holds these."""
    async with world.database.write() as tx:
        work = world.work(tx)
        yield replace(work, services=replace(work.services, calendar=Calendar(observances)))
