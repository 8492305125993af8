"""What commands do with what they are given, on a branch of their own."""

import asyncio
import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.branch import DOCUMENTS, open_branch
from bot.config import Settings
from bot.jobs.rounds import Rounds
from bot.system import SystemClock
from storage import jobs
from tests.cli.conftest import Caunoi

SLUG = "nghi-quyet-02"


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Documents that may be changed."""
    copied = shutil.copytree(DOCUMENTS, tmp_path / "documents")
    monkeypatch.setattr("bot.branch.DOCUMENTS", copied)
    return copied


def test_founding_says_the_names_as_they_are_kept(caunoi: Caunoi) -> None:
    said = caunoi("init", "--branch", "  Công đoàn \n Mới", "--chair", "Nguyễn Thị  A\u0301nh", "--json").json
    assert (said["branch"], said["chair"]) == ("Công đoàn Mới", "Nguyễn Thị Ánh")
    assert set(said) == {"branch", "chair", "invite"}


def test_without_the_browsers_code_nothing_is_served(
    branch: Caunoi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.main.HERE", tmp_path)
    refusal = branch("run").refusal()
    assert refusal.startswith("Thiếu phần mã dành cho trình duyệt")
    assert "make .venv/run.stamp" in refusal


def correct(documents: Path) -> None:
    page = documents / SLUG / "document.md"
    page.write_text(page.read_text("utf-8") + "\nThêm một câu.\n", "utf-8")


@pytest.mark.parametrize(
    "choice", [("--audience", "members"), ("--deadline", "2099-01-01"), ("--pass-mark", "0")]
)
def test_a_correction_takes_no_choices(here: Caunoi, documents: Path, choice: tuple[str, str]) -> None:
    here("init", "--branch", "A", "--chair", "Mai Anh")
    first: dict[str, Any] = here("study", "publish", SLUG, "--json").json
    correct(documents)
    refusal = here("study", "publish", SLUG, *choice).refusal()
    assert refusal.startswith("Đợt học “")
    assert f"{choice[0]} không đổi được nên chưa ghi gì" in refusal
    # Nothing was written, so that the correction itself is still to come.
    second = json.loads(here("study", "publish", SLUG, "--json").out)
    assert second["campaign"] == first["campaign"]
    assert second["version"] != first["version"]


HEADER = "Mã,Họ và tên,Tổ công đoàn,Chức vụ,Vai trò\n"


def roster(folder: Path, position: str, people: int = 22) -> str:
    """A file whose people all hold one position."""
    rows = [
        f"NV{number:02},Mai Anh,Tổ 1,{position},{'' if number else 'chủ tịch'}" for number in range(people)
    ]
    (folder / "danh-sach.csv").write_text(HEADER + "\n".join(rows), "utf-8")
    return "danh-sach.csv"


def test_an_import_shows_what_changes_of_whom(here: Caunoi, tmp_path: Path) -> None:
    here("init", "--branch", "A", "--chair", "Mai Anh")
    here("roster", "import", roster(tmp_path, "Lái xe"))
    file = roster(tmp_path, "Thủ quỹ")
    for way in (["--dry-run"], []):
        lines = here("roster", "import", file, *way).out.splitlines()
        assert "sửa 22" in lines[0]
        assert lines[1:3] == ["~ NV00 Mai Anh", "    Chức vụ: Lái xe → Thủ quỹ"]
        assert lines[-1] == "… và 2 người nữa."
        assert len(lines) == 1 + 20 * 2 + 1


def test_an_import_names_every_change_as_json(here: Caunoi, tmp_path: Path) -> None:
    here("init", "--branch", "A", "--chair", "Mai Anh")
    here("roster", "import", roster(tmp_path, "Lái xe"))
    report = here("roster", "import", roster(tmp_path, ""), "--json").json
    assert (report["added"], report["changed"], report["left"], report["errors"]) == (0, 22, 0, [])
    assert [each["code"] for each in report["changes"]] == [f"NV{number:02}" for number in range(22)]
    assert report["changes"][5] == {
        "code": "NV05",
        "name": "Mai Anh",
        "columns": [{"column": "Chức vụ", "before": "Lái xe", "after": ""}],
    }


def test_an_import_says_which_first_day_is_too_far_ahead(caunoi: Caunoi, tmp_path: Path) -> None:
    caunoi("init", "--branch", "A", "--chair", "Mai Anh")
    file = tmp_path / "danh-sach.csv"
    file.write_text(
        "Mã,Họ và tên,Tổ công đoàn,Vai trò,Ngày vào làm\nNV1,Mai Anh,Tổ 1,chủ tịch,01/02/2099\n", "utf-8"
    )
    said = caunoi("roster", "import", "danh-sach.csv")
    assert said.code == 2
    assert said.out == (
        "Dòng 2, cột Ngày vào làm: Còn hơn một năm nữa mới đến ngày 01/02/2099. "
        "Xem lại năm; ô chưa có ngày thì để trống.\n"
    )
    assert said.err.startswith("Có 1 chỗ cần sửa nên chưa nhập dòng nào")


def test_who_is_still_to_be_told_and_a_notice_for_them(here: Caunoi, tmp_path: Path) -> None:
    here("init", "--branch", "A", "--chair", "Mai Anh")
    here("roster", "import", roster(tmp_path, "Lái xe", people=3))
    here("announce", "Chào {{ten}}, mai **họp**.", "--urgent")
    assert here("announce", "unreached", "1").out == "Thông báo số 1 không còn ai cần báo trực tiếp.\n"
    refusal = here("announce", "unreached", "1", "--sheet", "giay.pdf").refusal()
    assert refusal.startswith("Không còn ai cần báo trực tiếp thông báo số 1")
    asyncio.run(send(tmp_path))
    said = here("announce", "unreached", "1", "--sheet", "giay.pdf").out.splitlines()
    assert said == [
        "Thông báo số 1 còn 3 người cần báo trực tiếp.",
        "NV00  Mai Anh, Tổ 1: chưa liên kết tài khoản",
        "NV01  Mai Anh, Tổ 1: chưa liên kết tài khoản",
        "NV02  Mai Anh, Tổ 1: chưa liên kết tài khoản",
        "Bản in: giay.pdf",
    ]
    assert (tmp_path / "giay.pdf").read_bytes().startswith(b"%PDF-")
    people = here("announce", "unreached", "1", "--json").json
    first = {"code": "NV00", "name": "Mai Anh", "group": "Tổ 1", "state": "unreachable", "reason": "unlinked"}
    assert (people[0], len(people)) == (first, 3)
    assert here("announce", "status", "1", "--json").json["told"] == 0
    assert "Bản in" not in here("announce", "unreached", "1").out
    nowhere = here("announce", "unreached", "1", "--sheet", "khong/co.pdf")
    assert nowhere.refusal().startswith("Chưa ghi được bản in vào khong/co.pdf")
    assert here("announce", "unreached", "2").refusal().startswith("Không có thông báo số 2")


async def send(folder: Path) -> None:
    """What the running program does to an announcement, with nobody in reach."""
    async with open_branch(Settings(data_dir=folder / "data")) as (database, services):
        await Rounds(database, services, SystemClock(), lambda: None).announce()


def test_an_opinion_is_asked_by_command(here: Caunoi) -> None:
    here("init", "--branch", "A", "--chair", "Mai Anh")
    answers = ("--answer", "Đi  biển", "--answer", "Lên núi")
    number: int = here("announce", "Đi đâu?", *answers, "--unnamed", "--json").json["announcement"]
    assert here("announce", "status", str(number), "--json").json["poll"] == {
        "named": False,
        "open": True,
        "answered": 0,
        "options": ["Đi biển", "Lên núi"],
        "counts": None,
    }
    said = here("announce", "status", str(number)).out
    assert "Ý kiến (không ghi tên, đang mở): 0 người trả lời" in said
    assert "chỉ hiện sau khi kết thúc, nếu có từ 5 người trả lời" in said
    named: int = here("announce", "Đi đâu?", *answers, "--json").json["announcement"]
    assert here("announce", "status", str(named), "--json").json["poll"]["counts"] == [0, 0]
    assert "- Đi biển: 0 (0 %)" in here("announce", "status", str(named)).out
    plain: int = here("announce", "Mai họp.", "--json").json["announcement"]
    assert here("announce", "status", str(plain), "--json").json["poll"] is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--answer", "Có"), "Cần ít nhất 2 câu trả lời"),
        (("--answer", "Có", "--answer", "CÓ"), "dễ bị nhầm là một"),
        (("--answer", "Có", "--answer", "Không", "--receipt"), "không kèm nút “Tôi đã nắm”"),
        (("--unnamed",), "--unnamed chỉ dùng cùng --answer"),
    ],
)
def test_an_opinion_that_cannot_be_asked(here: Caunoi, words: tuple[str, ...], said: str) -> None:
    here("init", "--branch", "A", "--chair", "Mai Anh")
    assert said in here("announce", "Đi đâu?", *words).refusal()
    assert "Không có thông báo số 1" in here("announce", "status", "1").refusal()


def test_what_is_done_about_an_announcement(here: Caunoi, tmp_path: Path) -> None:
    here("init", "--branch", "A", "--chair", "Mai Anh")
    here("roster", "import", roster(tmp_path, "Lái xe", people=3))
    here("announce", "Chào {{ten}}, mai **họp**.", "--urgent")
    here("announce", "correct", "1", "Mai họp lúc 9 giờ.")
    assert "Chưa hiểu {{x}}" in here("announce", "correct", "1", "{{x}}").refusal()
    assert "đang chờ đến giờ gửi" in here("announce", "pause", "1").refusal()
    assert "đang chờ đến giờ gửi" in here("announce", "withdraw", "1").refusal()
    asyncio.run(send(tmp_path))
    assert here("announce", "again", "1", "--json").json == {"announcement": 1, "state": "sending"}
    assert "tạm dừng" in here("announce", "pause", "1").out
    assert here("announce", "resume", "1", "--json").json["state"] == "sending"
    asyncio.run(send(tmp_path))
    assert here("announce", "again", "1", "--unknown", "--json").json["state"] == "sending"
    assert "đã huỷ" in here("announce", "cancel", "1").out
    for deed in ("resume", "cancel", "again", "remind"):
        assert "đã huỷ, nên không làm bước đó được nữa" in here("announce", deed, "1").refusal()
    assert "đã thu hồi" in here("announce", "withdraw", "1").out
    assert "Không có thông báo số 9" in here("announce", "withdraw", "9").refusal()


def test_without_an_officer_nobody_approves(here: Caunoi, tmp_path: Path) -> None:
    here("init", "--branch", "A", "--chair", "Mai Anh")
    here("roster", "import", roster(tmp_path, "Lái xe", people=3))
    assert "Chưa có cán bộ nào khác" in here("announce", "Mai họp.", "--approval").refusal()


def test_jobs_says_what_comes_and_what_came_too_late(branch: Caunoi) -> None:
    said = branch("jobs")
    assert "Chưa có tin tự động nào" in said.out
    assert "không tin nào lỡ giờ" in said.out
    asyncio.run(_put_jobs(SystemClock().now()))
    said = branch("jobs")
    assert "a-kind" in said.out
    assert "(3 người chưa nhận)" in said.out
    assert "(không gửi cho ai)" in said.out
    found = json.loads(branch("jobs", "--limit", "1", "--json").out)
    assert [each["kind"] for each in found["next"]] == ["a-kind"]
    assert found["next"][0]["state"] == "waiting"
    assert [each["late"] for each in found["missed"]] == [3]
    assert branch("jobs", "--limit", "0").code == 2


async def _put_jobs(now: datetime) -> None:
    async with open_branch(Settings()) as (database, _), database.write() as tx:
        moments = [
            now + timedelta(days=1),
            now + timedelta(days=2),
            now - timedelta(1),
            now - timedelta(days=2),
        ]
        new = [
            jobs.NewJob(f"a{number}", "a-kind", at, at + timedelta(hours=1))
            for number, at in enumerate(moments)
        ]
        await jobs.add(tx, new, now)
        late = {"a2": 3, "a3": 0}
        for each in await jobs.due(tx, now, 10):
            over = jobs.State.DONE if late[each.key] else jobs.State.MISSED
            await jobs.finish(tx, each.id, over, now, late[each.key])
