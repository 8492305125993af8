"""Two programs on one PostgreSQL database: one sends, and the other takes its place when it dies."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.delivery.bulk import SIDE_BY_SIDE
from bot.delivery.receipts import AT_ONCE
from tests.doubles.telegram import TelegramDouble
from tests.kill.branch import HEADING, link
from tests.kill.program import Program

pytestmark = pytest.mark.kill
PEOPLE = 400
# What is promised.
TAKEN_OVER_WITHIN_S = 15
RATE = "80"
# What may have been accepted and not been recorded: see `test_broadcast`.
WINDOW = SIDE_BY_SIDE + 2 * AT_ONCE


@dataclass
class Pair:
    """`first` works, and `second` stands by."""

    double: TelegramDouble
    first: Program
    second: Program
    chats: dict[str, int]

    def sent_by(self, program: Program) -> int:
        return sum(call.host == program.host for call in self.double.called("sendMessage"))

    async def announce(self, words: str) -> None:
        await self.first.command("announce", words, "--urgent")

    async def has_taken_over(self, program: Program) -> None:
        def polls() -> bool:
            return any(call.host == program.host for call in self.double.called("getUpdates"))

        await self.double.until(polls, within=TAKEN_OVER_WITHIN_S)

    async def everybody_has(self, number: int) -> None:
        """Everybody was sent so many messages, or more."""
        delivered = self.double.delivered
        await self.double.until(
            lambda: all(delivered[chat] >= number for chat in self.chats.values()), within=60
        )


@pytest.fixture
async def pair(postgres_url: str, tmp_path: Path, double: TelegramDouble) -> AsyncIterator[Pair]:
    first = Program(tmp_path, postgres_url, double, rate=RATE)
    second = Program(tmp_path, postgres_url, double, rate=RATE, host="localhost")
    await first.command("init", "--branch", "Công đoàn Chi nhánh", "--chair", "Nguyễn Thị Ánh")
    codes = [f"NV{number:04}" for number in range(1, PEOPLE + 1)]
    rows = [f"{code};Trần Văn {code};Tổ 1;x;" for code in codes]
    roster = tmp_path / "danh-sach.csv"
    roster.write_text("\n".join([HEADING, "CT01;Nguyễn Thị Ánh;Tổ 1;x;chủ tịch", *rows]), "utf-8")
    assert (await first.command("roster", "import", str(roster)))["errors"] == []
    chats = {code: 1_000 + place for place, code in enumerate(codes)}
    await link(postgres_url, chats)
    for chat in chats.values():
        double.person(chat)
    await first.start()
    await second.launch()
    await second.until_it_says("standby")
    yield Pair(double, first, second, chats)
    await first.end()
    await second.end()


async def test_who_stands_by_takes_over_from_a_killed_one_and_everybody_is_told(pair: Pair) -> None:
    await pair.announce("Mai họp")
    await pair.double.until(lambda: pair.double.delivered.total() >= PEOPLE / 4, within=60)
    await pair.first.kill()
    assert pair.sent_by(pair.second) == 0
    await pair.has_taken_over(pair.second)
    await pair.everybody_has(1)
    assert await pair.second.stopped() == 0
    assert pair.double.delivered.total() - PEOPLE <= WINDOW
    assert pair.sent_by(pair.second) >= PEOPLE / 4
    assert pair.first.mistakes() + pair.second.mistakes() == []


async def test_one_that_was_put_to_sleep_sends_nothing_more_when_it_wakes(pair: Pair) -> None:
    """It has letters in its hands, and could still send them."""
    stop = pair.double.misbehave(429, method="sendMessage", times=1, retry_after=5)
    await pair.announce("Mai họp")
    await pair.double.until(lambda: stop.hits == 1, within=60)
    await _quiet(pair)
    pair.first.suspend()
    by_first = pair.sent_by(pair.first)
    await pair.has_taken_over(pair.second)
    await pair.double.until(lambda: pair.sent_by(pair.second) >= PEOPLE / 4, within=60)
    pair.first.resume()
    await pair.first.until_it_says("standby")
    await pair.everybody_has(1)
    assert "another_process_sends" in pair.first.events()
    assert pair.sent_by(pair.first) == by_first
    assert pair.double.delivered.total() - PEOPLE <= WINDOW
    # Now they have changed places, and a clean end lets the other begin at once.
    assert await pair.second.stopped() == 0
    await pair.first.until_it_says("running", times=2)
    await pair.announce("Ngày kia họp")
    await pair.everybody_has(2)
    assert await pair.first.stopped() == 0
    assert pair.first.mistakes() + pair.second.mistakes() == []


async def test_who_stands_by_ends_when_asked_to(pair: Pair) -> None:
    assert await pair.second.stopped() == 0
    assert pair.second.events() == ["standby"]
    await pair.announce("Mai họp")
    await pair.everybody_has(1)
    assert await pair.first.stopped() == 0


async def _quiet(pair: Pair) -> None:
    """Nothing that was begun is under way any more."""
    before, now = -1, 0
    while before != now:
        before = now
        await asyncio.sleep(0.3)
        now = pair.sent_by(pair.first)
