"""An announcement to two thousand people, while Telegram does its worst and the program is killed."""

import asyncio
import random  # noqa: TID251 - seeded, so that the moments can be repeated
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.delivery.bulk import SIDE_BY_SIDE
from bot.delivery.receipts import AT_ONCE
from storage.database import open_database
from storage.schema.messages import outbox
from storage.schema.people import member
from tests.doubles.telegram import TelegramDouble
from tests.doubles.telegram.faults import Fault
from tests.kill.branch import HEADING, link
from tests.kill.program import Program

pytestmark = pytest.mark.kill
PEOPLE, BLOCKED, UNLINKED = 2_000, 20, 15
KILLS = 5
# Messages that go out between a start and the next kill.
BETWEEN = (120, 330)
# What may have been accepted and not been recorded at a kill: messages under way, the receipts of one batch,
# and those of the next, which gathers while the first is written.
WINDOW = SIDE_BY_SIDE + 2 * AT_ONCE
FINISH_WITHIN_S = 150


async def test_everybody_gets_it_and_the_record_agrees_with_what_telegram_saw(
    program: Program, double: TelegramDouble, tmp_path: Path, database_url: str
) -> None:
    chats = await _prepare(program, double, tmp_path, database_url)
    made = await program.command("announce", "Chào {{ten}}, **mai họp**.", "--urgent")
    assert (made["recipients"], made["unreachable"]) == (PEOPLE + 1, UNLINKED + 1)
    faults = _misbehave(double)
    await _kill_often(program, double)
    double.behave()
    await program.start()
    status = await _finished(program, made["announcement"])
    assert await program.stopped() == 0
    assert program.mistakes() == []

    states = await _states(database_url)
    told = {code: double.delivered[chat] for code, chat in chats.items()}
    assert status["pending"] == status["failed"] == status["cancelled"] == 0
    assert status["sent"] + status["unknown"] + status["unreachable"] == PEOPLE + 1
    # Of who has blocked the bot that may have stayed unknown too.
    assert 0 <= UNLINKED + 1 + BLOCKED - status["unreachable"] <= status["unknown"]
    # Unknown is only who was met by two misfortunes one after the other.
    assert status["unknown"] <= sum(fault.hits for fault in faults)
    assert [code for code, state in states.items() if state == "sent" and not told[code]] == []
    assert [code for code, number in told.items() if number and states[code] == "unreachable"] == []
    twice = sum(number - 1 for number in told.values() if number > 1)
    assert twice <= KILLS * WINDOW + sum(fault.hits for fault in faults if fault.accepted)
    assert twice <= status["doubled"] + status["unknown"]


async def _prepare(
    program: Program, double: TelegramDouble, folder: Path, database_url: str
) -> dict[str, int]:
    """A branch whose people have linked their accounts, but for the last few; their chats by code."""
    await program.command("init", "--branch", "Công đoàn Chi nhánh", "--chair", "Nguyễn Thị Ánh")
    codes = [f"NV{number:04}" for number in range(1, PEOPLE + 1)]
    rows = [f"{code};Trần Văn {code};Tổ {place % 9};x;" for place, code in enumerate(codes)]
    roster = folder / "danh-sach.csv"
    roster.write_text("\n".join([HEADING, "CT01;Nguyễn Thị Ánh;Tổ 1;x;chủ tịch", *rows]), "utf-8")
    assert (await program.command("roster", "import", str(roster)))["errors"] == []
    chats = {code: 1_000 + place for place, code in enumerate(codes[: PEOPLE - UNLINKED])}
    await link(database_url, chats)
    for place, chat in enumerate(chats.values()):
        person = double.person(chat)
        if place < BLOCKED:
            person.chat.forbidden = "Forbidden: bot was blocked by the user"
    return chats


def _misbehave(double: TelegramDouble) -> list[Fault]:
    """Everything that Telegram is known to do; those that leave nobody knowing whether it has sent it."""

    def now_and_then(kind: int | str, probability: float, *, accepted: bool = False) -> Fault:
        return double.misbehave(kind, method="sendMessage", probability=probability, accepted=accepted)

    now_and_then(429, 0.002)
    now_and_then(500, 0.02)
    now_and_then(502, 0.02)
    return [
        now_and_then("close", 0.01),
        now_and_then("empty", 0.01),
        now_and_then("hang", 0.004),
        now_and_then("close", 0.01, accepted=True),
        now_and_then("garbage", 0.01, accepted=True),
        now_and_then("hang", 0.004, accepted=True),
        now_and_then(500, 0.005, accepted=True),
    ]


async def _kill_often(program: Program, double: TelegramDouble) -> None:
    moments = random.Random(5)  # noqa: S311 - chooses moments, no secrets
    for _ in range(KILLS):
        await program.start()
        await _sent(double, double.delivered.total() + moments.randint(*BETWEEN))
        await program.kill()


async def _sent(double: TelegramDouble, enough: int) -> None:
    await double.until(lambda: double.delivered.total() >= enough, within=60)


async def _finished(program: Program, number: int) -> dict[str, Any]:
    """The announcement's status once nothing of it waits any more."""
    async with asyncio.timeout(FINISH_WITHIN_S):
        while True:
            status: dict[str, Any] = await program.command("announce", "status", str(number))
            if status["state"] == "sent":
                return status


async def _states(database_url: str) -> dict[str, str]:
    database = open_database(database_url)
    async with database.read() as tx:
        rows = await tx.all(
            select(member.c.code, outbox.c.state).join(outbox, outbox.c.member_id == member.c.id)
        )
    await database.close()
    assert len(rows) == PEOPLE + 1
    return {row.code: row.state for row in rows}
