"""Whoever answers whatever in whatever order: counts add up to people, and nothing is shown too early."""

import asyncio
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.database import open_database
from tests import people
from tests.announce.asking import CODES, OPTIONS, asked, forge, results
from tests.people import CHAIR
from tests.world import SetClock, World

ANSWERS = st.tuples(st.sampled_from(CODES), st.integers(0, len(OPTIONS)))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    named=st.booleans(),
    answers=st.lists(ANSWERS, max_size=25),
    more=st.lists(ANSWERS, max_size=3),
)
def test_counts_add_up_to_people_and_never_show_too_early(
    sqlite_template: Path, *, named: bool, answers: list[tuple[str, int]], more: list[tuple[str, int]]
) -> None:
    asyncio.run(_answer_all(sqlite_template, named=named, answers=answers, more=more))


async def _answer_all(
    template: Path, *, named: bool, answers: list[tuple[str, int]], more: list[tuple[str, int]]
) -> None:
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{shutil.copy(template, folder)}")
        world = World(database, SetClock())
        await world.start()
        async with database.write() as tx:
            await people.seed(tx, world.clock.now())
        try:
            number = await asked(world, named=named)
            chosen = await _press(world, number, answers, named=named)
            found = await results(world, number)
            assert found.answered == len(chosen)
            assert (found.counts is None) is not named
            await _close(world, number)
            await _press(world, number, more, named=named)
            found = await results(world, number)
            assert found.answered == len(chosen)
            if named or len(chosen) >= 5:
                assert found.counts == tuple(list(chosen.values()).count(each) for each in range(3))
            else:
                assert found.counts is None
        finally:
            await database.close()


async def _press(world: World, number: int, answers: list[tuple[str, int]], *, named: bool) -> dict[str, int]:
    """What should stand afterwards. While names aren't kept, no officer sees a figure on the way."""
    chosen: dict[str, int] = {}
    chair = await world.talk(CHAIR)
    for code, option in answers:
        await forge(await world.talk(code), f"answer~{number}~{option}")
        if option < len(OPTIONS) and (named or code not in chosen):
            chosen[code] = option
        if not named:
            await forge(chair, f"results~{number}")
            if (await results(world, number)).is_open:
                chair.misses("▓", "░")
    return chosen


async def _close(world: World, number: int) -> None:
    chair = await world.talk(CHAIR)
    await forge(chair, f"close_poll_now~{number}")
    chair.sees("Đã kết thúc lấy ý kiến")
