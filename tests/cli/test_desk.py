"""`caunoi desk`, as people type it."""

import asyncio
from pathlib import Path

import pytest

from bot.config import Settings
from storage import members
from storage.database import Database, open_database
from storage.desk import acts, factors
from storage.desk.acts import Act
from tests.cli.conftest import Caunoi
from tests.world import START


@pytest.fixture
def database(branch: Caunoi, tmp_path: Path) -> Database:  # noqa: ARG001 - it makes the file
    return open_database(Settings(data_dir=tmp_path / "data").database)


async def _set_up(database: Database) -> None:
    async with database.write() as tx:
        chair = await members.by_code(tx, "CT")
        assert chair is not None
        await factors.begin(tx, chair.id, "A" * 32, START)
        await acts.add(tx, START, chair.id, Act.ENTERED)
        await acts.add(tx, START, chair.id, Act.ANSWERED, "aabbccdd", state="answered")
    await database.close()


def test_acts_and_a_reset(branch: Caunoi, database: Database) -> None:
    assert "Chưa có ai làm gì" in branch("desk", "acts").out
    asyncio.run(_set_up(database))
    answered, entered = branch("desk", "acts", "--json").json
    assert set(answered) == {"id", "at", "code", "name", "act", "subject", "details"}
    assert (answered["act"], answered["subject"]) == ("answered", "aabbccdd")
    assert (entered["act"], entered["code"], entered["name"]) == ("entered", "CT", "Mai Anh")
    assert entered["at"] == "2026-03-02 08:30:00+07:00"
    said = branch("desk", "acts", "--limit", "1").out
    assert said.strip() == "2026-03-02 08:30:00+07:00  Mai Anh (CT): trả lời kiến nghị aabbccdd"
    assert branch("desk", "reset", "ct", "--json").json == {"code": "CT", "name": "Mai Anh"}
    assert branch("desk", "acts", "--json").json[0]["act"] == "factor_reset"
    assert "chưa cài mã xác nhận" in branch("desk", "reset", "CT").refusal()
    assert "XX" in branch("desk", "reset", "XX").refusal()


def test_what_a_reset_says(branch: Caunoi, database: Database) -> None:
    asyncio.run(_set_up(database))
    said = branch("desk", "reset", "CT")
    assert "Đã đặt lại mã xác nhận của Mai Anh (CT)" in said.out
