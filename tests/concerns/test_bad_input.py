"""What nobody means to write, and what somebody writes much too often, with `/kiennghi` itself."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.concerns import make_room
from bot.config import Settings
from handlers.concerns.talk import make_feature
from storage.concerns import cases
from tests.concerns.place import Place
from tests.people import LEADER, WORKER
from tests.storage.snapshot import changes, snapshot
from tests.talk import Talk
from tests.world import BRANCH

TEXT = "Quạt ở xưởng hai hỏng đã một tháng."
FLOOD = 1_000


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """None of it gets as far as the database."""
    return sqlite_url


@pytest.fixture
async def worker(place: Place) -> Talk:
    return await place.world.talk(WORKER)


async def _begin(talk: Talk) -> None:
    await talk.says("/kiennghi")
    await talk.taps("An toàn lao động")


async def _stored(place: Place) -> int:
    async with place.database.read() as tx:
        return len(await cases.listed(tx))


@pytest.mark.parametrize("text", [" ", "   \n \t ", "\u00a0\u2003", "\u3000" * 5_000])
async def test_only_spaces_are_nothing_to_send(place: Place, worker: Talk, text: str) -> None:
    before = await snapshot(place.database)
    await _begin(worker)
    await worker.says(text)
    worker.sees("viết vào đây")
    assert "Gửi kín" not in worker.buttons
    await worker.says(TEXT)
    await worker.says(text)
    worker.sees(TEXT, "Chưa gửi")
    assert await changes(place.database, before) == {}


async def test_a_hundred_thousand_characters_are_refused_and_the_draft_stays(
    place: Place, worker: Talk
) -> None:
    await _begin(worker)
    await worker.says("á" * 100_000)
    worker.sees("chưa được thêm vào", "100.000", "4.000")
    await worker.says(TEXT)
    await worker.says("á" * 100_000)
    worker.sees("chưa được thêm vào", "vẫn còn")
    await worker.taps("Gửi kín")
    worker.sees("Đã gửi kín")
    assert await _stored(place) == 1


async def test_who_floods_it_sends_five_a_day_and_stops_nobody_else(
    place: Place, worker: Talk, tmp_path: Path
) -> None:
    """With the limits of the program itself."""
    world = place.world
    limits = make_room(Settings(data_dir=tmp_path), BRANCH, world.clock, world.chance, lambda: None)
    room = replace(place.room, sending_pace=limits.sending_pace)
    world.restart(private=(make_feature(room),))
    said = 0
    while said < FLOOD:
        await _begin(worker)
        await worker.says(TEXT)
        await worker.taps("Gửi kín")
        said += 4
        if said % 200 == 0:
            worker.sees("chưa gửi")
            await worker.says("/huy")
    assert await _stored(place) == 5
    other = await world.talk(LEADER)
    await _begin(other)
    await other.says(TEXT)
    await other.taps("Gửi kín")
    other.sees("Đã gửi kín")
    assert await _stored(place) == 6
    # The next day there is room again.
    await worker.says("/huy")
    world.clock.forward(days=1)
    await _begin(worker)
    await worker.says(TEXT)
    await worker.taps("Gửi kín")
    worker.sees("Đã gửi kín")
