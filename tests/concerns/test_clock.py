"""By a wrong clock nothing of concerns is closed or destroyed that can't be brought back."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
import structlog.testing

from bot.concerns import Traces
from bot.jobs.concerns import ConcernRounds
from bot.jobs.numbers import Numbers
from storage.concerns import cases, figures
from storage.concerns.cases import State
from tests.concerns.place import Place, draft

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass
class Program:
    """The rounds of a program that was just started; its seconds go on by themselves."""

    place: Place
    seconds: float = 0.0
    rounds: ConcernRounds = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        world = self.place.world
        self.rounds = ConcernRounds(
            world.database,
            world.services,
            world.clock,
            lambda: self.seconds,
            room=self.place.room,
            traces=Traces(world.database),
            numbers=Numbers(world.database, world.clock, lambda: 0),
            push=lambda *_: None,
        )

    async def run(self, time: timedelta) -> None:
        """Let the clock go evenly for so long, with a round each hour."""
        for _ in range(time // HOUR):
            self.place.world.clock.forward(hours=1)
            self.seconds += HOUR.total_seconds()
            await self.rounds.keep()

    def set_clock(self, ahead: timedelta) -> None:
        self.place.world.clock.forward(days=ahead / DAY)


@pytest.fixture
async def months(place: Place) -> list[date]:
    """The months of four closed cases, the earliest first, on the last day before the first one is over."""
    found = []
    for _ in range(4):
        case = await place.case_of((await place.submit(draft(place.world))).receipt)
        async with place.database.write() as tx:
            await cases.change(tx, case, state="closed")
        found.append(case.destroyed_after)
        place.world.clock.forward(days=62)
    place.world.clock.set(datetime(found[0].year, found[0].month, 28, tzinfo=UTC))
    return found


async def _left(place: Place) -> list[date]:
    """The months of the cases that can still be opened."""
    async with place.database.read() as tx:
        found = [case for case in await cases.listed(tx) if await place.opened(case)]
    return sorted(case.destroyed_after for case in found)


async def test_by_a_right_clock_months_go_in_their_time(place: Place, months: list[date]) -> None:
    program = Program(place)
    await program.run(2 * DAY)
    assert await _left(place) == months
    await program.run(4 * DAY)
    assert await _left(place) == months[1:]


async def test_a_clock_that_jumps_ahead_and_is_set_right_destroys_nothing(
    place: Place, months: list[date]
) -> None:
    program = Program(place)
    await program.run(2 * DAY)
    program.set_clock(400 * DAY)
    await program.run(23 * HOUR)
    program.set_clock(-400 * DAY)
    await program.run(DAY)
    assert await _left(place) == months


async def test_a_clock_that_was_wrong_from_the_start_destroys_nothing_for_a_day(
    place: Place, months: list[date]
) -> None:
    place.world.clock.forward(days=400)
    program = Program(place)
    await program.run(23 * HOUR)
    assert await _left(place) == months
    # Nor by being started again and again.
    program.start()
    await program.run(23 * HOUR)
    assert await _left(place) == months


async def test_a_clock_that_stays_wrong_takes_a_month_a_day(place: Place, months: list[date]) -> None:
    place.world.clock.forward(days=400)
    program = Program(place)
    for day in (1, 2, 3):
        await program.run(DAY + HOUR)
        assert await _left(place) == months[day:]


async def test_neither_does_a_wrong_clock_close_or_count_or_renew(place: Place) -> None:
    done = await place.submit(draft(place.world))
    await place.answer(done.receipt, "Tuần sau có quạt mới.")
    waiting = await place.submit(draft(place.world))
    before = [await place.case_of(each.receipt) for each in (done, waiting)]
    program = Program(place)
    program.set_clock(800 * DAY)
    await program.run(23 * HOUR)
    assert [await place.case_of(each.receipt) for each in (done, waiting)] == before
    async with place.database.read() as tx:
        assert await figures.kept(tx, ["2026", "2027", "2028"]) == {}
    # By a right one they are.
    await program.run(2 * HOUR)
    assert (await place.case_of(done.receipt)).state is State.CLOSED
    assert (await place.case_of(waiting.receipt)).destroyed_after > before[1].destroyed_after


@pytest.mark.usefixtures("months")
async def test_months_that_wait_for_long_are_told_of(place: Place) -> None:
    """A machine that is switched off each night never runs for a day."""
    program = Program(place)
    with structlog.testing.capture_logs() as lines:
        await program.run(HOUR)
    assert lines == []
    place.world.clock.forward(days=100)
    program.start()
    with structlog.testing.capture_logs() as lines:
        await program.run(HOUR)
    assert [line["event"] for line in lines] == ["concern_months_not_destroyed_yet"]
