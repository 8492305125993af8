"""`caunoi desk`, as people type it."""

import asyncio
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from bot.config import Settings
from storage import members
from storage.concerns import readers
from storage.concerns.expiry import ExpiryKeys
from storage.database import Database, open_database
from storage.desk import acts, factors
from storage.desk.acts import Act
from tests.cli.conftest import Caunoi
from tests.storage.concerns.filing import file_case
from tests.world import START, ZONE, SeededChance


@pytest.fixture
def database(branch: Caunoi, tmp_path: Path) -> Database:  # noqa: ARG001 - it makes the file
    return open_database(Settings(data_dir=tmp_path / "data").database)


async def _set_up(database: Database) -> None:
    async with database.write() as tx:
        chair = await members.by_code(tx, "CT")
        assert chair is not None
        await factors.begin(tx, chair.id, "A" * 32, START)
        await acts.add(tx, START, chair.id, Act.ENTERED)
        midnight = datetime.combine(START.astimezone(ZONE).date(), time(), ZONE)
        await acts.add(tx, midnight.astimezone(UTC), chair.id, Act.ANSWERED, "aabbccdd", state="answered")
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
    assert said.strip() == "2026-03-02  Mai Anh (CT): trả lời kiến nghị aabbccdd"
    assert branch("desk", "reset", "ct", "--json").json == {"code": "CT", "name": "Mai Anh"}
    assert branch("desk", "acts", "--json").json[0]["act"] == "factor_reset"
    assert "chưa cài mã xác nhận" in branch("desk", "reset", "CT").refusal()
    assert "XX" in branch("desk", "reset", "XX").refusal()


def test_what_a_reset_says(branch: Caunoi, database: Database) -> None:
    asyncio.run(_set_up(database))
    said = branch("desk", "reset", "CT")
    assert "Đã đặt lại mã xác nhận của Mai Anh (CT)" in said.out


HEADER = "Mã,Họ và tên,Tổ công đoàn,Vai trò\n"


async def _read(database: Database) -> None:
    """Both people get a key for concerns."""
    async with database.write() as tx:
        for person in await members.everybody(tx):
            await readers.ask(tx, person.id, f"age1{person.code}", "{}", START, is_first=True)
    await database.close()


async def _file_one(folder: Path) -> None:
    """Sealed for the chair only."""
    database = open_database(Settings(data_dir=folder / "data").database)
    await file_case(database, ExpiryKeys(folder / "keys"), SeededChance())
    await database.close()


def test_an_import_that_takes_the_role_from_a_reader_warns(
    branch: Caunoi, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "ds.csv"
    both = HEADER + "CT,Mai Anh,Tổ 1,chủ tịch\nBH,Lê Bình,Tổ 1,ban chấp hành\n"
    file.write_text(both, "utf-8")
    branch("roster", "import", "ds.csv")
    asyncio.run(_read(database))
    assert "khoá đọc" not in branch("roster", "import", "ds.csv").out
    file.write_text(both.replace("ban chấp hành", ""), "utf-8")
    said = branch("roster", "import", "ds.csv", "--dry-run").out
    assert "CHÚ Ý: Lê Bình đang giữ khoá đọc kiến nghị gửi kín và sẽ không còn vai trò" in said
    assert "NGHIÊM TRỌNG" not in said
    assert "Người đọc còn lại sẽ cần gõ /ban" in said
    swapped = HEADER + "CT,Mai Anh,Tổ 1,\nBH,Lê Bình,Tổ 1,chủ tịch\n"
    file.write_text(swapped, "utf-8")
    asyncio.run(_file_one(tmp_path))
    hanging = branch("roster", "import", "ds.csv", "--dry-run")
    assert "Còn 1 nội dung chỉ người này mở được. Nên làm trước khi nhập" in hanging.out
    file.write_text(HEADER + "CT,Mai Anh,Tổ 1,\nMOI,Tạ Quỳnh,Tổ 1,chủ tịch\n", "utf-8")
    planned = branch("roster", "import", "ds.csv", "--dry-run").out
    assert "NGHIÊM TRỌNG: khi ấy không còn ai" in planned
    assert "Nên làm trước khi nhập" in planned
    done = branch("roster", "import", "ds.csv").out
    assert "NGHIÊM TRỌNG: hiện không còn ai" in done
    assert "Nên làm ngay" in done
    assert not branch("roster", "import", "ds.csv", "--json").json["no_reader_left"]
