"""`caunoi meeting attendance`, on a branch of its own."""

import asyncio
from datetime import timedelta
from pathlib import Path

from bot.branch import open_work
from bot.config import Settings
from storage import attendance, meeting_dates, meetings, members
from storage.attendance import How
from storage.meeting_dates import Date
from storage.meetings import Kind, NewMeeting
from tests.attendance.holding import SECRET, TITLE
from tests.cli.conftest import Caunoi
from tests.world import START, ZONE

ROSTER = """Mã;Họ và tên;Tổ công đoàn;Đoàn viên;Vai trò
NV1;Lê A;Tổ 1;x;chủ tịch
NV2;Lê B;Tổ 1;x;
NV3;Lê C;Tổ 2;x;
"""


async def _hold(settings: Settings) -> None:
    async with open_work(settings) as work:
        local = START.astimezone(ZONE)
        new = NewMeeting(
            uid="one",
            kind=Kind.CONFERENCE,
            title=TITLE,
            place="",
            agenda="",
            audience="group:to 1",
            starts_local=local.replace(tzinfo=None),
            zone=ZONE.key,
            minutes=60,
            recurrence=None,
            leads=(),
            organiser_id=None,
            campaign_id=None,
            is_make_up=False,
            secret=SECRET,
        )
        number = await meetings.create(work.db, new, work.now)
        date = Date(new.starts_local, START, START + timedelta(hours=1))
        await meeting_dates.add_dates(work.db, number, [date], work.now)
        for code in ("NV2", "NV3"):
            person = await members.by_code(work.db, code)
            assert person is not None
            await attendance.enter(work.db, 1, person.id, How.CODE, by=None, now=START)


def test_who_was_there(branch: Caunoi, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(ROSTER, "utf-8")
    branch("roster", "import", "roster.csv")
    asyncio.run(_hold(Settings(_env_file=None, data_dir=tmp_path / "data")))  # type: ignore[call-arg]
    found = branch("meeting", "attendance", "1", "--json").json
    people = {each["code"]: each for each in found.pop("people")}
    assert found == {
        "meeting": 1,
        "date": 1,
        "title": TITLE,
        "starts_at": "2026-03-02T01:30+00:00",
        "closed_at": None,
        "invited": 2,
        "present": 1,
        "guests": 1,
        "quorate": False,
    }
    assert people["NV2"] == {
        "code": "NV2",
        "name": "Lê B",
        "group": "Tổ 1",
        "invited": True,
        "coming": None,
        "present": True,
        "how": "code",
    }
    assert (people["NV3"]["invited"], people["NV1"]["how"]) == (False, None)
    said = branch("meeting", "attendance", "1").out
    for part in (TITLE, "Có mặt: 1/2", "khách 1", "Chưa đủ", "tức 2 người", "[x] NV2  Lê B", "[ ] NV1"):
        assert part in said
    assert "Không có buổi họp số 9" in branch("meeting", "attendance", "9").refusal()
