"""`caunoi dialogue`, as a program of its own."""

import asyncio
import io
from datetime import timedelta
from pathlib import Path

import pytest
from docx import Document

from bot.branch import open_work
from bot.config import Settings
from bot.system import SystemClock
from handlers.dialogue import agenda, rounds, themes
from handlers.meetings import actions as meetings
from handlers.meetings.actions import Wish
from storage import members
from storage.meetings import Kind
from tests.cli.conftest import Caunoi

KEYS = {"round", "kind", "meeting", "day", "steps", "earliest", "announcement", "posted_days", "agenda"}


async def _make(*, has_meeting: bool) -> None:
    """A round with one theme; the founder is the chair."""
    async with open_work(Settings()) as work:
        chair = await members.by_code(work.db, "CT")
        assert chair is not None
        starts = SystemClock().now().replace(tzinfo=None) + timedelta(days=60)
        wish = Wish("cli", Kind.DIALOGUE, "Đối thoại", starts, 90, "Hội trường", "all")
        meeting = await meetings.call(work, chair, wish) if has_meeting else None
        seen = await rounds.begin(work, chair, meeting.id if meeting else None)
        theme = await themes.create(work, chair, "Bữa ăn ca", "Bữa ăn ca tối nguội.")
        await themes.publish(work, chair, theme.id)
        await agenda.add(work, chair, seen.round.id, theme.id)


@pytest.fixture
def kept(branch: Caunoi) -> Caunoi:
    asyncio.run(_make(has_meeting=True))
    return branch


def test_rounds_and_one_of_them(kept: Caunoi) -> None:
    (only,) = kept("dialogue", "--json").json
    assert set(only) == KEYS
    assert kept("dialogue", "show", "1", "--json").json == only
    assert {each["step"] for each in only["steps"]} >= {"union_contents", "held", "published", "posted"}
    said = kept("dialogue").out
    assert "1. Định kỳ, họp ngày" in said
    assert "1 vấn đề" in said
    shown = kept("dialogue", "show", "1").out
    assert "- Công đoàn gửi nội dung: cần làm, hạn" in shown
    assert "1. Bữa ăn ca" in shown


def test_the_minutes_as_a_file(kept: Caunoi, tmp_path: Path) -> None:
    out = tmp_path / "bien-ban.docx"
    said = kept("dialogue", "minutes", "1", "--out", str(out), "--place", "Hà Nội")
    assert said.out.strip() == f"Đã ghi biên bản đợt 1 vào {out}."
    document = Document(io.BytesIO(out.read_bytes()))
    assert any("Bữa ăn ca" in each.text for each in document.paragraphs)
    found = kept("dialogue", "minutes", "1", "--out", str(out), "--json").json
    assert found == {"round": 1, "file": str(out), "bytes": out.stat().st_size}


def test_what_can_not_be_printed(kept: Caunoi, tmp_path: Path) -> None:
    assert "Không có đợt đối thoại số 7" in kept("dialogue", "show", "7").refusal()
    nowhere = str(tmp_path / "khong-co" / "x.docx")
    assert "Chưa ghi được biên bản vào" in kept("dialogue", "minutes", "1", "--out", nowhere).refusal()


def test_a_branch_without_any(branch: Caunoi, tmp_path: Path) -> None:
    assert "Chưa có đợt đối thoại nào." in branch("dialogue").out
    asyncio.run(_make(has_meeting=False))
    assert "chưa có ngày họp" in branch("dialogue").out
    out = str(tmp_path / "x.docx")
    assert "chưa có ngày họp" in branch("dialogue", "minutes", "1", "--out", out).refusal()
