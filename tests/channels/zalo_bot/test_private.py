"""What of a private conversation can be told from menus, counts and letters: nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.channels.zalo_bot.adapter import ZaloBot
from storage import offers
from storage.outbox import Priority
from tests.channels.telegram.harness import Taken
from tests.channels.zalo_bot.harness import Place, known, outgoing, running, taken_all, texts
from tests.doubles.zalo import ZaloBotDouble
from tests.storage.snapshot import snapshot

WITHOUT, NUMBERED, LETTERED, OVER = PEOPLE = "lan", "hoa", "mai", "tam"
NO_CHOICE = "Lựa chọn này không còn nữa"


@dataclass
class Month:
    """Counts into two sums."""

    is_spent: bool = False
    counted: dict[bool, int] = field(default_factory=lambda: {False: 0, True: 0})

    def may_send(self, priority: Priority, parts: int) -> bool:
        return bool(priority or parts)

    def count(self, parts: int, *, ephemeral: bool = False) -> None:
        self.counted[ephemeral] += parts


@pytest.fixture
def month() -> Month:
    return Month()


@pytest.fixture
async def zalo(double: ZaloBotDouble, place: Place, month: Month) -> AsyncIterator[ZaloBot]:
    for person in PEOPLE:
        known(double, person)
    await place.arrives(*PEOPLE)
    async with place.connected(double.url, budget=month) as made:
        yield made


async def _shows(zalo: ZaloBot, to: str, *, lettered: bool = False) -> None:
    """In private."""
    said = outgoing(
        "Về việc gì?", "Tiền lương", key="p:0", to=to, lettered=lettered, ephemeral=True, private=True
    )
    await zalo.push(said)


async def _kept(place: Place) -> list[Any]:
    """Each kind of what is kept of these people's menus."""
    async with place.database.read() as tx:
        found = [await offers.load(tx, "zalo_bot", person) for person in PEOPLE]
    return [each for at, each in enumerate(found) if each not in found[:at]]


async def test_what_is_kept_is_the_same_whatever_stands_above_it(zalo: ZaloBot, place: Place) -> None:
    """The marks of what comes by itself, and whether a prompt ended the numbers before it."""
    for person in PEOPLE:
        await zalo.push(outgoing("Chọn đi", "Học tập", to=person))
    await _shows(zalo, NUMBERED)
    await _shows(zalo, LETTERED, lettered=True)
    await _shows(zalo, OVER)
    await zalo.end_private(OVER)
    for person in PEOPLE:
        await zalo.push(outgoing("Tin", "Đã nắm", key="news", to=person, priority=Priority.NORMAL))
    [same] = await _kept(place)
    assert [each["choices"][0]["mark"] for each in same] == ["1", "2"]
    await zalo.end_private(NUMBERED)
    await zalo.end_private(LETTERED)
    for person in PEOPLE:
        await zalo.push(outgoing("Viết đi", key="zalo_bot:e2:0", to=person, lettered=True))
    [same] = await _kept(place)
    assert [each["is_over"] for each in same] == [True, True, False]


async def test_a_letter_that_leads_nowhere_is_answered_and_nothing_is_kept(
    zalo: ZaloBot, place: Place, double: ZaloBotDouble, taken: Taken, month: Month
) -> None:
    """As after a restart: it may have been meant for what was private. Where words are awaited it is one."""
    async with running(zalo, taken.receive):
        before = await snapshot(place.database)
        double.person(WITHOUT).says("A")
        await double.until(lambda: len(texts(double)) == 1)
        assert NO_CHOICE in texts(double)[0]
        assert await snapshot(place.database) == before
        assert month.counted == {False: 0, True: 1}
        await zalo.push(outgoing("Tên tổ?", "Thôi", lettered=True))
        double.person(WITHOUT).says("B")
        await taken_all(double)
        assert [event.text for event in taken.events] == ["B"]


async def test_what_no_row_tells_of_is_counted_apart(zalo: ZaloBot, month: Month) -> None:
    await zalo.push(outgoing("Chọn đi", "Học tập"))
    await _shows(zalo, WITHOUT)
    assert month.counted == {False: 1, True: 1}
