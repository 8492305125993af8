"""Meetings called without a conversation, and what is sent about them."""

from dataclasses import replace
from datetime import datetime

from handlers.kit.jobs import Letter, Span
from handlers.kit.sittings import Sitting
from handlers.meetings import actions, sending
from handlers.meetings.actions import Wish
from storage import jobs, meeting_dates, members
from storage.jobs import Job
from storage.meeting_dates import Occurrence
from storage.meetings import Kind
from storage.members import Member
from tests.world import World

# A Friday, four days after the clock of the tests.
FRIDAY = datetime(2026, 3, 6, 8, 30)  # noqa: DTZ001 - on the wall
WISH = Wish("uid", Kind.GROUP, "Họp tổ", FRIDAY, 90, "Phòng 2", "all")
KINDS = {kind.name: kind for kind in sending.JOBS}


async def person(world: World, code: str) -> Member:
    async with world.database.read() as tx:
        found = await members.by_code(tx, code)
    assert found is not None
    return found


async def called(world: World, by: str | None = "CT01", **wanted: object) -> Sitting:
    organiser = await person(world, by) if by else None
    async with world.database.write() as tx:
        work = world.work(tx)
        return await actions.call(work, organiser, replace(WISH, **wanted))  # type: ignore[arg-type]


async def dates_of(world: World, found: Sitting) -> list[Occurrence]:
    async with world.database.read() as tx:
        return await meeting_dates.dates_of(tx, found.meeting.id)


async def waiting(world: World, kind: str | None = None) -> list[Job]:
    async with world.database.read() as tx:
        found = await jobs.waiting(tx, 10_000)
    return [each for each in found if kind in {None, each.kind}]


async def letter(world: World, job: Job) -> Letter | None:
    """In the words that are right now."""
    async with world.database.read() as tx:
        return await KINDS[job.kind].letter(world.work(tx), job)


async def planned(world: World, begin: datetime, end: datetime) -> None:
    async with world.database.write() as tx:
        await sending.plan(world.work(tx), Span(begin, end))
