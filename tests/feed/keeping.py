"""Meetings and calendars in a world."""

from dataclasses import fields

from handlers.feed import actions
from handlers.feed.calendar import render
from handlers.feed.model import Series
from storage import meeting_dates, meetings, members
from storage.meeting_dates import Date
from storage.meetings import NewMeeting
from tests.world import World


async def keep(world: World, of: Series) -> int:
    """Put the meeting and its dates into storage as they were first planned."""
    new = NewMeeting(**{each.name: getattr(of.meeting, each.name) for each in fields(NewMeeting)})
    dates = [Date(each.recurs_at, each.starts_at, each.ends_at) for each in of.dates]
    async with world.database.write() as tx:
        meeting_id = await meetings.create(tx, new, world.clock.now())
        await meeting_dates.add_dates(tx, meeting_id, dates, world.clock.now())
    return meeting_id


async def member_id(world: World, code: str) -> int:
    async with world.database.read() as tx:
        found = await members.by_code(tx, code)
    assert found is not None
    return found.id


async def subscribed(world: World, code: str) -> str:
    """The token of a new link of the person with this code."""
    me = await member_id(world, code)
    async with world.database.write() as tx:
        return await actions.make_link(world.work(tx), me)


async def calendar_of(world: World, token: str) -> str | None:
    """What is read with the token; None when it opens nothing."""
    async with world.database.read() as tx:
        link = await actions.find_link(world.work(tx), token)
        if link is None:
            return None
        feed = await actions.feed_of(world.work(tx), link)
    return render(feed).decode()
