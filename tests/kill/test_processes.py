"""One program for each database, and an orderly end."""

import asyncio
from pathlib import Path

import pytest

from bot.channels.zalo_oa.webhook import PATH
from bot.system import SystemClock
from handlers.roster.rules import FOUNDER
from storage import budgets
from storage.database import open_database
from tests.doubles.telegram import TelegramDouble
from tests.doubles.zalo import ZaloBotDouble, ZaloOaDouble
from tests.kill.branch import found, link, readers, records
from tests.kill.program import Program
from tests.world import ZONE

pytestmark = pytest.mark.kill


async def test_a_second_program_on_the_file_says_so_and_stops(
    sqlite_url: str, double: TelegramDouble, tmp_path: Path
) -> None:
    program = Program(tmp_path, sqlite_url, double)
    invites = await found(program, tmp_path)
    await program.start()
    code, said = await program.second()
    assert code == 2
    assert said.strip().count("\n") == 0
    assert "đang chạy" in said
    # The first one goes on.
    first = next(iter(readers(double, invites).values()))
    await first.study()
    assert first.is_confirmed
    assert await program.stopped() == 0


async def test_an_asked_end_is_clean_and_loses_nothing(
    program: Program, double: TelegramDouble, tmp_path: Path, database_url: str
) -> None:
    everybody = readers(double, await found(program, tmp_path))
    people = dict(list(everybody.items())[:8])
    await program.start()
    studying = asyncio.gather(*(reader.study() for reader in people.values()))
    await double.until(lambda: len(double.calls) >= 100, within=30)
    assert await program.stopped() == 0
    # What was answered until then is recorded as sent; what was not is answered now.
    await program.start()
    await studying
    kept = await records(database_url)
    assert kept.acknowledgements == dict.fromkeys(people, 1)
    # Nothing but structured lines, and none about a mistake.
    assert program.events().count("stopping") == 1
    assert program.mistakes() == []


async def test_an_asked_end_writes_how_many_messages_of_the_month_went_out(
    sqlite_url: str, double: TelegramDouble, tmp_path: Path
) -> None:
    now = int(SystemClock().now().timestamp())
    async with ZaloBotDouble() as zalo, ZaloOaDouble(epoch=now) as account:
        program = Program(tmp_path, sqlite_url, double, more=_zalo(zalo, account))
        await program.command("init", "--branch", "Công đoàn", "--chair", "Mai Anh")
        await program.start()
        lan, hoa = zalo.person("lan"), account.person("hoa")
        lan.says("xin chào")
        account.connect(program.web + PATH)
        hoa.says("xin chào")
        await zalo.until(lambda: bool(lan.chat.sent), within=30)
        await account.until(lambda: bool(hoa.chat.sent), within=30)
        assert await program.stopped() == 0
    assert account.oauth.renewed == 1
    database = open_database(sqlite_url)
    async with database.read() as tx:
        written = await budgets.sent_by_all(tx, budgets.month_of(SystemClock().now().astimezone(ZONE).date()))
    await database.close()
    assert written == {"zalo_bot": len(lan.chat.sent), "zalo_oa": len(hoa.chat.sent)}


async def test_what_waits_for_a_channel_that_was_turned_off_goes_by_another(
    sqlite_url: str, double: TelegramDouble, tmp_path: Path
) -> None:
    program, chat = Program(tmp_path, sqlite_url, double), double.person(1_000).id
    await program.command("init", "--branch", "Công đoàn", "--chair", "Mai Anh")
    await link(sqlite_url, {FOUNDER: chat})
    await link(sqlite_url, {FOUNDER: 1_001}, channel="zalo_bot")
    await program.command("announce", "Mai họp.", "--urgent")
    await program.start()
    await double.until(lambda: double.delivered[chat] == 1, within=30)
    assert await program.stopped() == 0


def _zalo(zalo: ZaloBotDouble, account: ZaloOaDouble) -> dict[str, str]:
    """The settings of both."""
    return {
        "CAUNOI_ZALO_BOT_TOKEN": zalo.token,
        "CAUNOI_ZALO_BOT_API_URL": zalo.url,
        "CAUNOI_ZALO_OA_APP_ID": account.app_id,
        "CAUNOI_ZALO_OA_SECRET_KEY": account.oauth.secret_key,
        "CAUNOI_ZALO_OA_WEBHOOK_KEY": account.webhook_key,
        "CAUNOI_ZALO_OA_REFRESH_TOKEN": account.oauth.refresh_token,
        "CAUNOI_ZALO_OA_API_URL": account.url,
        "CAUNOI_ZALO_OA_OAUTH_URL": account.url,
        "CAUNOI_PUBLIC_URL": "https://chi-nhanh.example",
    }
