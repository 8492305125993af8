"""Every step says again where one is, takes what is meant for it, and survives what another version left."""

import pytest

from handlers.meetings.rules import LONGEST_AGENDA, LONGEST_PLACE, LONGEST_TITLE
from storage import accounts
from storage.accounts import Dialogue
from tests.meetings.calling import called
from tests.people import CHAIR
from tests.study.course import publish
from tests.talk import Shown, Talk
from tests.world import START, World

STALE = "Nút này đã cũ"


@pytest.fixture
async def chair(branch_world: World) -> Talk:
    await publish(branch_world)
    return await branch_world.talk(CHAIR)


async def test_every_step_says_again_where_one_is(chair: Talk) -> None:
    await chair.says("/hop")
    await chair.taps("Tạo cuộc họp")
    await chair.sends("sticker")
    chair.sees("Họp gì?")
    await chair.taps("Buổi học tập")
    for said in ("Học chung", "mai 9h", "Sân", "Người chưa học xong…"):
        here = chair.last.text
        await chair.sends("sticker")
        assert chair.last.text == here
        if said.endswith("…"):
            await chair.taps(said)
        else:
            await chair.says(said)
    await chair.taps("An toàn")
    chair.sees("(10 người)")
    await chair.sends("sticker")
    chair.sees("(10 người)")
    for button in ("Lặp lại…", "Nội dung, tệp…", "Nhắc trước…", "Đợt học tập…"):
        await chair.taps(button)
        here = chair.last.text
        await chair.sends("sticker")
        assert chair.last.text == here
        if button == "Đợt học tập…":
            await chair.taps("Không thuộc đợt nào")
        else:
            await chair.taps("Xem lại cả cuộc họp")


async def test_what_was_added_is_taken_out_again(chair: Talk) -> None:
    await chair.says("/hop")
    await chair.taps("Tạo cuộc họp")
    await chair.taps("Cuộc họp khác")
    for said in ("a" * (LONGEST_TITLE + 1), "Họp", "mai 9h", "b" * (LONGEST_PLACE + 1), "Sân", "all"):
        await chair.says(said)
    await chair.taps("Nội dung, tệp…")
    await chair.says("c" * (LONGEST_AGENDA + 1))
    chair.sees("dài quá 3.000 ký tự")
    await chair.sends_file("a.pdf", "application/pdf", b"%PDF-", "Lời ghi")
    chair.sees("📎 a.pdf", "Lời ghi")
    await chair.taps("Nội dung, tệp…")
    await chair.taps("Bỏ nội dung đã ghi")
    chair.misses("📎", "Lời ghi")
    await chair.taps("Lặp lại…")
    await chair.taps("hằng tuần")
    await chair.taps("Lặp lại…")
    await chair.taps("Không lặp lại")
    chair.sees("không lặp lại")
    # Another one at the end of a long month.
    await chair.taps("Đổi giờ")
    await chair.says("9h 31/3")
    await chair.taps("Lặp lại…")
    await chair.taps("Ngày 31 hằng tháng")
    chair.sees("tháng không có ngày 31 thì bỏ qua")


async def test_the_audience_of_a_meeting_by_its_campaign(branch_world: World, chair: Talk) -> None:
    await called(branch_world)
    await chair.presses(Shown("look", ""), "1~t3st~meeting.manage~1")
    await chair.taps("Đổi người được mời")
    await chair.taps("Người chưa học xong…")
    await chair.taps("An toàn")
    chair.sees("người chưa học xong “An toàn")
    await chair.taps("Huỷ")
    await chair.presses(Shown("again", ""), "1~t3st~meeting.list~0")
    chair.sees("Họp tổ")
    await chair.presses(Shown("beyond", ""), "1~t3st~meeting.people~1~7~0")
    chair.sees(STALE)


@pytest.mark.parametrize(
    ("flow", "step"),
    [
        *(("meeting", each) for each in ("kind", "title", "time", "place", "audience", "review", "repeat")),
        *(("meeting", each) for each in ("agenda", "leads", "campaign")),
        *(("meeting_change", each) for each in ("value", "audience", "note", "agenda")),
        ("meeting_answer", "reason"),
    ],
)
@pytest.mark.parametrize("data", [{}, {"uid": 1}, {"occurrence": 99, "seen": 0, "what": "place"}])
async def test_a_dialogue_that_another_version_left_behind(
    branch_world: World, chair: Talk, flow: str, step: str, data: dict[str, object]
) -> None:
    await chair.says("/menu")
    async with branch_world.database.write() as tx:
        found = await accounts.load(tx, "direct", f"p-{CHAIR}")
        assert found is not None
        await accounts.save_dialogue(tx, found.id, Dialogue(flow, step, data, START.replace(year=2027)))
    for said in ("gì đó", "mai 9h"):
        await chair.says(said)
        chair.misses("trục trặc")
