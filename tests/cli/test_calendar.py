"""`caunoi calendar`: the year's days, and the branch's own."""

import asyncio
import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.system import SystemClock
from handlers.kit.calendar import to_lunar
from storage import meeting_dates
from storage.database import open_database
from tests.calendar.conftest import put_meeting
from tests.cli.conftest import Caunoi

TODAY = SystemClock().now().date()
COMING = (TODAY + timedelta(days=30)).isoformat()


def test_a_year_of_days(branch: Caunoi) -> None:
    found = branch("calendar", "--year", "2027", "--json").json
    assert {"date": "2027-02-06", "kind": "holiday", "name": "Tết Nguyên Đán", "lunar": "1/1/2027"} in found
    assert [each["date"] for each in found] == sorted(each["date"] for each in found)
    assert {each["kind"] for each in found} == {"holiday", "commemoration", "day_off"}
    assert all(set(each) == {"date", "kind", "name", "lunar"} for each in found)
    leap = branch("calendar", "show", "--year", "2025", "--json").json
    assert [each["lunar"] for each in leap if each["date"] == "2025-07-27"] == ["3/6/2025 nhuận"]
    printed = branch("calendar", "--year", "2027").out
    assert "06/02/2027 (1/1 âm lịch)  ngày lễ: Tết Nguyên Đán" in printed


def test_without_a_year_it_is_this_one(branch: Caunoi) -> None:
    found = branch("calendar", "--json").json
    assert {each["date"][:4] for each in found} == {str(TODAY.year)}


def test_meetings_that_take_place(branch: Caunoi, tmp_path: Path) -> None:
    asyncio.run(_meetings(tmp_path))
    found = branch("calendar", "--year", COMING[:4], "--json").json
    assert [each for each in found if each["kind"] == "meeting"] == [
        {"date": COMING, "kind": "meeting", "name": "Họp tổ", "lunar": _lunar(COMING)}
    ]


async def _meetings(folder: Path) -> None:
    """Two on the same day, one of them cancelled."""
    database = open_database(f"sqlite:///{folder / 'data' / 'caunoi.db'}")
    now = SystemClock().now()
    at = datetime.fromisoformat(f"{COMING}T09:00+07:00")
    async with database.write() as tx:
        await put_meeting(tx, now, "Họp tổ", at, "code:NOBODY")
        cancelled = await put_meeting(tx, now, "Họp mặt", at)
        await meeting_dates.change_date(tx, cancelled, now, is_cancelled=True)
    await database.close()


def _lunar(day: str) -> str:
    lunar = to_lunar(date.fromisoformat(day))
    return f"{lunar.day}/{lunar.month}/{lunar.year}{' nhuận' if lunar.is_leap else ''}"


def test_the_branchs_own_days(branch: Caunoi) -> None:
    assert "nghỉ, Nghỉ mát" in branch("calendar", "off", COMING, " Nghỉ   mát ").out
    own = {"date": COMING, "kind": "day_off", "name": "Nghỉ mát"}
    listed = branch("calendar", "--year", COMING[:4], "--json").json
    assert own in [{key: each[key] for key in own} for each in listed]
    assert "làm việc, Làm bù" in branch("calendar", "work", COMING, "Làm bù").out
    listed = branch("calendar", "--year", COMING[:4], "--json").json
    assert [each["kind"] for each in listed if each["name"] in {"Làm bù", "Nghỉ mát"}] == ["working_day"]
    assert "lại theo lịch chung" in branch("calendar", "forget", COMING).out
    assert "chưa được ghi khác lịch chung" in branch("calendar", "forget", COMING).refusal()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("off", "2027-02-31", "a"), "“2027-02-31” không phải là ngày"),
        (("work", "mai", "a"), "“mai” không phải là ngày"),
        (("forget", "31/12/2027"), "không phải là ngày"),
        (("off", "2020-01-02", "a"), "đã qua"),
        (("off", "2206-01-02", "a"), "còn xa quá"),
        (("off", COMING, " "), "bằng vài chữ"),
        (("off", COMING), "LÝ-DO"),
        (("--year", "1999"), "một số nguyên từ 2000 đến 2099"),
        (("--year", "năm nay"), "một số nguyên từ 2000 đến 2099"),
    ],
)
def test_what_cannot_be_is_one_clear_line(branch: Caunoi, words: tuple[str, ...], said: str) -> None:
    assert said in branch("calendar", *words).refusal()


def test_before_there_is_a_branch(caunoi: Caunoi) -> None:
    assert "caunoi init" in caunoi("calendar").refusal()


def test_the_check_reads_the_calendar_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from bot.cli import programme  # noqa: PLC0415
    from bot.cli.output import CommandError  # noqa: PLC0415

    folder = tmp_path / "calendar"
    folder.mkdir()
    (folder / "02.yaml").write_text('occasions:\n  - slug: ngay-a\n    solar: "31/2"\n', "utf-8")
    monkeypatch.setattr(programme, "CALENDAR", folder)
    with pytest.raises(CommandError):
        programme.check(as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert {"calendar/02.yaml"} == {each["file"] for each in found}
    assert (3, "Ngày dương lịch này không phải năm nào cũng có.") in [
        (each["line"], each["problem"]) for each in found
    ]
