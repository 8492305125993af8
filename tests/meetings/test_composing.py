"""An officer calls a meeting in the chat; what can't be is refused."""

from datetime import datetime

import pytest

from storage import meetings, members
from storage.meetings import Meeting
from tests.meetings.calling import called, waiting
from tests.meetings.delivering import carry_out
from tests.people import CHAIR, COMMITTEE, LEADER, WORKER
from tests.study.course import publish
from tests.talk import Shown, Talk
from tests.world import START, World

STALE = "Nút này đã cũ"


async def kept(world: World) -> list[Meeting]:
    async with world.database.read() as tx:
        found = await meetings.by_ids(tx, range(1, 20))
    return list(found.values())


async def to_review(talk: Talk, time: str = "8h30 thứ 6", audience: str = "all") -> None:
    await talk.says("/hop")
    await talk.taps("Tạo cuộc họp")
    await talk.taps("Họp tổ công đoàn")
    await talk.taps("Họp Tổ Hành chính")
    await talk.says(time)
    await talk.says("Phòng 2")
    talk.sees("Mời ai họp?")
    await talk.says(audience)
    talk.sees("Mời họp")


@pytest.fixture
async def chair(branch_world: World) -> Talk:
    return await branch_world.talk(CHAIR)


async def test_the_short_way(branch_world: World, chair: Talk) -> None:
    await to_review(chair)
    chair.sees("08:30–10:00 thứ Sáu, 06/03/2026", "(18/1 âm lịch)", "mọi người (10 người)", "không lặp lại")
    chair.sees("nhắc trước 3 ngày, 1 ngày, 1 giờ")
    await chair.taps("Mời họp (10 người)")
    chair.sees("Đã mời họp", "Chưa trả lời: 10")
    [made] = await kept(branch_world)
    assert (made.title, made.place, made.leads) == ("Họp Tổ Hành chính", "Phòng 2", (4320, 1440, 60))
    assert made.starts_local == datetime(2026, 3, 6, 8, 30)  # noqa: DTZ001
    jobs = await waiting(branch_world)
    assert sorted(each.kind for each in jobs) == ["invitation", "meeting", "meeting", "meeting"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("8h 31/2", "Không có ngày 31/2"),
        ("8h 30/2 âm lịch", "tháng này thiếu, chỉ có 29 ngày"),
        ("8h 1/3", "đã qua rồi"),
        ("10h-8h thứ 6", "không sau giờ bắt đầu"),
        ("8h 1/1/2031", "xa hơn hai năm"),
        ("thứ 6", "Chưa thấy giờ bắt đầu"),
        ("hôm nào rảnh 8h", "Chưa đọc được giờ này"),
    ],
)
async def test_a_time_that_cannot_be(branch_world: World, chair: Talk, typed: str, said: str) -> None:
    await chair.says("/hop")
    await chair.taps("Tạo cuộc họp")
    await chair.taps("Cuộc họp khác")
    await chair.says("Họp nhanh")
    await chair.says(typed)
    chair.sees(said)
    await chair.says("mai 8h")
    chair.sees("Họp ở đâu?")
    assert await kept(branch_world) == []


async def test_everything_that_may_be_added(branch_world: World, chair: Talk) -> None:
    await publish(branch_world)
    await chair.says("/hop")
    await chair.taps("Tạo cuộc họp")
    await chair.taps("Buổi học tập")
    await chair.says("Học nghị quyết")
    await chair.says("8h-10h thứ 2 tuần sau")
    await chair.says("https://hop.example/abc")
    await chair.taps("Mọi người")
    await chair.taps("Lặp lại…")
    chair.sees("Buổi đầu: 🕗 08:00–10:00 thứ Hai, 09/03/2026")
    assert chair.buttons[:6] == [
        "Không lặp lại",
        "Thứ Hai hằng tuần",
        "Thứ Hai, 2 tuần một lần",
        "Thứ Hai lần thứ 2 hằng tháng",
        "Ngày 9 hằng tháng",
        "Ngày 21 âm lịch hằng tháng",
    ]
    await chair.taps("Thứ Hai lần thứ 2 hằng tháng")
    chair.sees("🔁 thứ Hai lần thứ 2 hằng tháng")
    await chair.taps("Nội dung, tệp…")
    await chair.says("1. Học <b>kỹ</b>")
    chair.sees("1. Học <b>kỹ</b>")
    await chair.taps("Nội dung, tệp…")
    await chair.sends_file("chuong-trinh.pdf", "application/pdf", b"%PDF-")
    chair.sees("📎 chuong-trinh.pdf", "1. Học <b>kỹ</b>")
    await chair.taps("Nhắc trước…")
    await chair.taps("☐ 7 ngày")
    await chair.taps("☑ 1 giờ")
    chair.sees("Nhắc 3 lần")
    await chair.taps("Xem lại cả cuộc họp")
    chair.sees("nhắc trước 7 ngày, 3 ngày, 1 ngày")
    await chair.taps("Đợt học tập…")
    await chair.taps("An toàn")
    await chair.taps("Tính là học bù: không")
    chair.sees("tính là học bù")
    await chair.taps("Mời họp (10 người)")
    chair.sees("Đã mời họp", "🔁 thứ Hai lần thứ 2 hằng tháng")
    [made] = await kept(branch_world)
    assert (made.recurrence, made.leads) == ("RRULE:FREQ=MONTHLY;BYDAY=2MO", (10080, 4320, 1440))
    assert (made.minutes, made.campaign_id, made.is_make_up) == (120, 1, True)
    worker = await branch_world.talk(WORKER)
    await carry_out(branch_world)
    assert worker.all[-1].file == ("chuong-trinh.pdf", b"%PDF-")
    await worker.taps("Xem cuộc họp")
    worker.sees("Học <b>kỹ</b>", "https://hop.example/abc")
    await worker.taps("Tài liệu, biên bản")
    await worker.taps("chuong-trinh.pdf")
    assert worker.files == [("chuong-trinh.pdf", b"%PDF-")]


async def test_each_part_is_changed_by_itself(chair: Talk) -> None:
    await to_review(chair)
    for button, said, shown in (
        ("Đổi tên", "Họp gấp", "Họp gấp"),
        ("Đổi giờ", "mai 7h-8h", "07:00–08:00 thứ Ba, 03/03/2026"),
        ("Đổi nơi họp", "Sân", "📍 Sân"),
        ("Đổi người được mời", "party", "đảng viên (3 người)"),
        ("Thêm người", "Tổ Kỹ thuật", "đảng viên, Tổ Kỹ thuật (5 người)"),
        ("Lặp lại…", "lunar:monthly;day=15", "🔁 ngày 15 âm lịch hằng tháng"),
    ):
        await chair.taps(button)
        await chair.says(said)
        chair.sees(shown)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "không bao giờ có buổi nào"),
        ("RRULE:FREQ=MONTHLY;BYDAY=2MO", "ngày đúng gần nhất là 09/03/2026"),
        ("RRULE:FREQ=WEEKLY;COUNT=1", "không còn buổi nào nữa"),
        ("RRULE:FREQ=MINUTELY", "Chưa hiểu quy tắc"),
        ("LUNAR:MONTHLY;DAY=31", "Âm lịch không có ngày"),
        ("hằng tuần", "Chưa hiểu quy tắc"),
    ],
)
async def test_a_rule_that_cannot_be(branch_world: World, chair: Talk, typed: str, said: str) -> None:
    await to_review(chair)
    await chair.taps("Lặp lại…")
    await chair.says(typed)
    chair.sees(said)
    await chair.says("RRULE:FREQ=WEEKLY")
    chair.sees("🔁 thứ Sáu hằng tuần")
    # The day no longer fits the rule.
    await chair.taps("Lặp lại…")
    await chair.says("RRULE:FREQ=MONTHLY;BYDAY=1FR")
    await chair.taps("Đổi giờ")
    await chair.says("8h 10/3")
    chair.sees("ngày đúng gần nhất là 03/04/2026")
    assert await kept(branch_world) == []


async def test_an_audience_of_nobody_is_refused(branch_world: World, chair: Talk) -> None:
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, ["NV10"], START)
    await to_review(chair)
    await chair.taps("Đổi người được mời")
    for typed, said in (("code:NV10", "hiện không có ai"), ("ai đó", "Chưa hiểu “ai đó”")):
        await chair.says(typed)
        chair.sees(said)
    await chair.taps("Một tổ…")
    await chair.taps("Tổ Kỹ thuật")
    chair.sees("Tổ Kỹ thuật (1 người)")


async def test_who_is_invited_elsewhere_is_said_and_not_refused(branch_world: World, chair: Talk) -> None:
    await called(branch_world, uid="other", title="Chi bộ", audience="party")
    await to_review(chair)
    chair.sees("⚠️ 3 người đã được mời “Chi bộ” lúc 08:30 06/03/2026")
    await chair.taps("Đổi giờ")
    await chair.says("10h thứ 6")
    chair.misses("⚠️")
    await chair.taps("Mời họp (10 người)")
    chair.sees("Đã mời họp")


async def test_leaders_invite_their_own_group(branch_world: World) -> None:
    leader = await branch_world.talk(LEADER)
    await leader.says("/hop")
    await leader.taps("Tạo cuộc họp")
    assert leader.buttons == ["Họp tổ công đoàn", "Buổi học tập", "Cuộc họp khác", "Huỷ"]
    await leader.taps("Họp tổ công đoàn")
    await leader.taps("Họp Tổ Hành chính")
    await leader.says("8h30 thứ 6")
    await leader.says("Phòng 2")
    leader.sees("Tổ Hành chính (4 người)")
    assert "Đổi người được mời" not in leader.buttons
    await leader.taps("Mời họp (4 người)")
    leader.sees("Chưa trả lời: 4")
    await leader.taps("Đổi người được mời")
    await leader.says("all")
    leader.sees("Tổ trưởng mời họp tổ của mình")


async def test_a_second_press_calls_nothing_again(branch_world: World, chair: Talk) -> None:
    await to_review(chair)
    [(_, create)] = [button for button in chair.last.buttons if button[0].startswith("Mời họp (")]
    for number in range(2):
        await chair.presses(Shown(f"press {number}", ""), create)
        chair.sees("Sẽ dự: 0")
    assert len(await kept(branch_world)) == 1
    other = await branch_world.talk(COMMITTEE)
    await other.presses(Shown("other's", ""), create)
    other.sees(STALE)


async def test_an_older_confirmation_does_not_call_what_was_changed_since(
    branch_world: World, chair: Talk
) -> None:
    await to_review(chair)
    [(_, old)] = [button for button in chair.last.buttons if button[0].startswith("Mời họp (")]
    await chair.taps("Đổi nơi họp")
    await chair.says("Sân")
    await chair.presses(Shown("older", ""), old)
    chair.sees(STALE, "📍 Sân")
    await chair.taps("Huỷ")
    chair.sees("Đã dừng")
    await chair.presses(Shown("gone", ""), old)
    chair.sees(STALE)
    assert await kept(branch_world) == []


async def test_the_last_places_are_offered(branch_world: World, chair: Talk) -> None:
    await called(branch_world, place="Hội trường " + "dài " * 20)
    await chair.says("/hop")
    await chair.taps("Tạo cuộc họp")
    await chair.taps("Cuộc họp khác")
    await chair.says("Họp")
    await chair.says("mai 9h")
    await chair.taps("Hội trường")
    chair.sees("Mời ai họp?")


@pytest.mark.parametrize(
    ("how_far", "forged"),
    [
        (0, "kind~picnic"),
        (0, "title"),
        (0, "review"),
        (3, "last_place~0"),
        (4, "audience~nobody"),
        (4, "group~99"),
        (5, "change~what"),
        (5, "make_up~1"),
        (5, "repeat~weekly"),
        (5, "create~x~1"),
    ],
)
async def test_forged_presses_lead_back_to_where_one_is(
    branch_world: World, chair: Talk, how_far: int, forged: str
) -> None:
    await chair.says("/hop")
    await chair.taps("Tạo cuộc họp")
    if how_far:
        await chair.taps("Họp tổ công đoàn")
    for said in ("Họp", "mai 9h", "Sân", "all")[: max(0, how_far - 1)]:
        await chair.says(said)
    here = chair.last.text
    await chair.presses(Shown("forged", ""), f"1~t3st~meeting.{forged}")
    chair.sees(STALE, here)
    await chair.says("/huy")
    await chair.presses(Shown("forged again", ""), "1~t3st~meeting.review")
    chair.sees(STALE)
    assert await kept(branch_world) == []


@pytest.mark.parametrize(
    ("step", "forged"),
    [("Lặp lại…", "repeat~never"), ("Nhắc trước…", "lead~7~1"), ("Đợt học tập…", "about~9")],
)
async def test_forged_choices_of_a_part(chair: Talk, step: str, forged: str) -> None:
    await chair.says("/hop")
    await chair.taps("Tạo cuộc họp")
    await chair.taps("Buổi học tập")
    for said in ("Học", "mai 9h", "Sân", "all"):
        await chair.says(said)
    await chair.taps(step)
    await chair.presses(Shown("forged", ""), f"1~t3st~meeting.{forged}")
    chair.sees(STALE)
    await chair.sends("sticker")
    if step == "Đợt học tập…":
        await chair.taps("Không thuộc đợt nào")
        chair.sees("Mời họp")
