"""What the doctor finds on the machine itself: settings, files, the database, the address."""

import asyncio
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot.doctor import address, budgets, database, folder, settings_given, webchat
from bot.doctor.database import LITTLE, SOME
from bot.system import SystemClock
from bot.web.site import WebSettings
from storage import branch
from storage import budgets as stored
from storage.branch import Branch
from storage.database import is_sqlite, open_database
from tests.channels.telegram.harness import gateway, unused_url
from tests.doctor.conftest import Doctor, states
from tests.web.house import House
from tests.world import START, World

NOWHERE = "postgresql://me:geheim@127.0.0.1:9/nowhere"


# Settings and files.


async def test_settings_that_nobody_knows_and_a_file_that_others_read(
    doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert states(await doctor.sees(settings_given.check)) == {"settings": "ok"}
    monkeypatch.setenv("CAUNOI_ZALO_BOT_TOKN", "geheim")
    [found] = await doctor.sees(settings_given.check)
    assert (found["state"], "CAUNOI_ZALO_BOT_TOKN" in found["message"]) == ("warning", True)
    (tmp_path / ".env").write_text("CAUNOI_ZALO_BOT_TOKEN=geheim\n")
    (tmp_path / ".env").chmod(0o640)
    _, found = await doctor.sees(settings_given.check)
    assert (found["state"], found["advice"]) == ("warning", "Gõ: chmod 600 .env")
    assert "geheim" not in str(found)


async def test_the_data_directory_and_its_keys(doctor: Doctor, tmp_path: Path) -> None:
    keys = tmp_path / "keys" / "evidence"
    keys.mkdir(parents=True)
    for name, mode in (("a", 0o600), ("b", 0o640)):
        (keys / name).touch()
        (keys / name).chmod(mode)
    [found] = await doctor.sees(folder.check)
    assert found["state"] == "problem"
    assert found["message"].startswith("1 tệp khoá")
    (keys / "b").chmod(0o600)
    assert states(await doctor.sees(folder.check)) == {"data": "ok"}
    assert states(await doctor.sees(folder.check, data_dir=tmp_path / "none")) == {"data": "problem"}


@pytest.mark.skipif("os.geteuid() == 0", reason="root may write anywhere")
@pytest.mark.parametrize("locked", [".", "keys", "keys/zalo-oa"])
def test_a_data_directory_that_cannot_be_written(doctor: Doctor, tmp_path: Path, locked: str) -> None:
    (tmp_path / "keys" / "zalo-oa").mkdir(parents=True)
    (tmp_path / locked).chmod(0o500)
    [found] = asyncio.run(doctor.sees(folder.check))
    (tmp_path / locked).chmod(0o700)
    assert found["state"] == "problem"
    assert found["message"] == f"Không ghi được vào {tmp_path / locked}."


# The database.


async def test_a_branchs_database(doctor: Doctor, branch_world: World) -> None:
    doctor.clock.set(SystemClock().now())
    url = branch_world.database.url.render_as_string(hide_password=False)
    found = await doctor.sees(database.check, database_url=url)
    assert set(states(found).values()) == {"ok"}
    names = {each["name"] for each in found}
    assert names == {"database", "disk" if is_sqlite(branch_world.database.url) else "clock"}
    assert "Chi nhánh Thử nghiệm" in found[0]["message"]


@pytest.mark.parametrize(
    ("revision", "state", "says"), [("0001", "warning", "cũ hơn"), ("9999", "problem", "mới hơn")]
)
async def test_a_database_of_another_release(
    doctor: Doctor, sqlite_url: str, revision: str, state: str, says: str
) -> None:
    other = open_database(sqlite_url)
    async with other.write() as tx:
        await tx.run(text("UPDATE alembic_version SET version_num = :at"), {"at": revision})
    await other.close()
    found, _ = await doctor.sees(database.check)
    assert found["state"] == state
    assert says in found["message"]


async def test_a_database_without_a_branch_and_none_at_all(doctor: Doctor, tmp_path: Path) -> None:
    found = await doctor.sees(database.check)
    assert states(found)["database"] == "problem"
    assert "Chưa có công đoàn cơ sở" in found[0]["message"]
    nothing = tmp_path / "none"
    found = await doctor.sees(database.check, database_url=f"sqlite:///{nothing}/caunoi.db")
    assert states(found) == {"database": "problem"}
    assert not nothing.exists()


async def test_a_database_that_does_not_answer(doctor: Doctor, postgres_url: str) -> None:
    found = await doctor.sees(database.check, database_url=NOWHERE)
    assert states(found) == {"database": "problem"}
    assert "geheim" not in str(found)
    name = make_url(postgres_url).set(database="nowhere").render_as_string(hide_password=False)
    [missing] = await doctor.sees(database.check, database_url=name)
    assert (missing["state"], "InvalidCatalogNameError" in missing["message"]) == ("problem", True)


async def test_clocks_that_differ(doctor: Doctor, postgres_url: str) -> None:
    doctor.clock.set(SystemClock().now() - timedelta(minutes=2))
    found = await doctor.sees(database.check, database_url=postgres_url)
    assert states(found)["clock"] == "warning"
    assert "Lệch 12" in found[-1]["message"]


def test_room_on_the_disk() -> None:
    free = [LITTLE - 1, LITTLE, SOME - 1, SOME]
    assert [database._free(each).state for each in free] == ["problem", "warning", "warning", "ok"]


@pytest.mark.parametrize(
    ("monthly", "sent", "state"),
    [(100, 89, "ok"), (100, 90, "warning"), (100, 100, "problem"), (0, 9_000, "ok")],
)
async def test_the_months_messages(
    doctor: Doctor, sqlite_url: str, monthly: int, sent: int, state: str
) -> None:
    doctor.clock.set(START)
    opened = open_database(sqlite_url)
    async with opened.write() as tx:
        await branch.create(tx, Branch("A", "t3st"), START)
        await stored.add(tx, "zalo_bot", date(2026, 3, 1), sent)
        await stored.add(tx, "zalo_bot", date(2026, 2, 1), 5_000)
    await opened.close()
    given = {"zalo_bot_token": "1:a", "zalo_bot_monthly": monthly}
    found = await doctor.sees(budgets.check, **given)
    assert states(found) == {"budget_zalo_bot": state}
    assert await doctor.sees(budgets.check) == []
    assert await doctor.sees(budgets.check, **given, database_url=NOWHERE) == []


# Pages and the address.


async def test_pages_behind_the_address(doctor: Doctor, branch_world: World) -> None:
    house = House(branch_world)
    async with house.opened(WebSettings(demo=False, public_url="", timezone="Asia/Ho_Chi_Minh")):
        found = await doctor.sees(address.check, public_url=house.url)
        assert [each["state"] for each in found] == ["ok", "warning"]
        delivered = {"telegram_token": "1:a", "telegram_mode": "webhook"}
        found = await doctor.sees(address.check, public_url=house.url, **delivered)
        assert [each["state"] for each in found] == ["ok", "problem"]
        port = int(house.url.rpartition(":")[2])
        everywhere = "0.0.0.0"  # noqa: S104 - asked, not listened on
        found = await doctor.sees(webchat.check, web_port=port, web_host=everywhere)
        assert states(found) == {"web": "ok"}


async def test_pages_whose_database_is_away(doctor: Doctor, branch_world: World) -> None:
    house = House(branch_world)
    house.database = open_database(NOWHERE)
    async with house.opened(WebSettings(demo=False, public_url="", timezone="Asia/Ho_Chi_Minh")):
        found, _ = await doctor.sees(address.check, public_url=house.url)
    await house.database.close()
    assert (found["state"], "không ghi được" in found["message"]) == ("problem", True)


async def test_an_address_where_somebody_else_or_nobody_answers(doctor: Doctor) -> None:
    assert states(await doctor.sees(address.check)) == {"address": "warning"}
    async with gateway(200) as page:
        found, _ = await doctor.sees(address.check, public_url=page)
    assert (found["state"], "không phải Cầu Nối" in found["message"]) == ("problem", True)
    found, _ = await doctor.sees(address.check, public_url=unused_url())
    assert (found["state"], "Không ai trả lời" in found["message"]) == ("warning", True)


async def test_pages_that_nobody_serves(doctor: Doctor) -> None:
    port = int(unused_url().rpartition(":")[2])
    assert states(await doctor.sees(webchat.check, web_port=port)) == {"web": "warning"}
    assert states(await doctor.sees(webchat.check, web_port=0)) == {"web": "ok"}
