"""Officers write, address, time and send an announcement in the chat; what can't be sent is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.announce.rules import LONGEST_CAPTION, LONGEST_TEXT
from storage import accounts, announcements, members
from storage.accounts import Dialogue
from storage.announcements import Announcement, State
from tests.announce.sending import go
from tests.announce.writing import announce, to_audience, to_options, to_review
from tests.people import CHAIR, COMMITTEE, person
from tests.study.course import publish
from tests.talk import Shown, Talk
from tests.world import START, World

STALE = "Nút này đã cũ"


async def kept(world: World) -> list[Announcement]:
    """The newest first."""
    async with world.database.read() as tx:
        return await announcements.newest(tx, 100)


@pytest.fixture
async def chair(branch_world: World) -> Talk:
    await branch_world.link("direct", "p-NV06", "NV06")
    return await branch_world.talk(CHAIR)


# The words.


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("   ", "chưa có chữ nào"),
        ("a" * (LONGEST_TEXT + 1), "dài quá 3.500 ký tự"),
        ("Chào {{bạn}} và {{ nhom }}", "Chưa hiểu {{bạn}}, {{nhom}} là gì"),
    ],
)
async def test_words_that_cannot_be_sent(branch_world: World, chair: Talk, text: str, said: str) -> None:
    await chair.says("/guitin")
    await chair.taps("Soạn thông báo")
    await chair.writes(text)
    chair.sees(said)
    await chair.writes("Mai họp.")
    chair.sees("Gửi cho ai?")
    assert await kept(branch_world) == []


async def test_a_caption_is_shorter_and_a_sticker_is_no_text(chair: Talk) -> None:
    await chair.says("/guitin")
    await chair.taps("Soạn thông báo")
    await chair.sends_file("a.png", "image/png", b"-", "a" * (LONGEST_CAPTION + 1))
    chair.sees("dài quá 800 ký tự")
    await chair.sends("sticker")
    chair.sees("Soạn thông báo")
    await chair.sends_file("a.png", "image/png", b"-")
    chair.sees("Gửi cho ai?")


async def test_new_words_take_the_place_of_a_file(branch_world: World, chair: Talk) -> None:
    await chair.says("/guitin")
    await chair.taps("Soạn thông báo")
    await chair.sends_file("a.png", "image/png", b"-", "cũ")
    await chair.says("code:NV06")
    await chair.taps("Xem trước")
    assert chair.files
    await chair.taps("Sửa nội dung")
    chair.sees("thay hẳn cho nội dung cũ")
    await chair.writes("mới")
    chair.sees("mới", "Gửi thông báo này?")
    chair.misses("cũ")
    assert chair.files == []
    await chair.taps("Gửi (1 người)")
    assert [(each.text, each.attachment_id) for each in await kept(branch_world)] == [("mới", None)]


async def test_what_looks_like_a_template_stays_what_it_is(branch_world: World, chair: Talk) -> None:
    await to_review(chair, "code:NV06", "1 &lt; 2 {% if %} {{ten}} &amp; %s")
    chair.sees("1 < 2 {% if %} Nguyễn Thị Ánh & %s")
    await chair.taps("Gửi (1 người)")
    await go(branch_world)
    worker = await branch_world.talk("NV06")
    assert "1 < 2 {% if %} Đặng Thu Hà & %s" in worker.last.text


# The audience.


async def test_buttons_say_how_many_people_there_are(chair: Talk) -> None:
    await to_audience(chair)
    assert chair.buttons[:4] == ["Mọi người (10)", "Đoàn viên (8)", "Đảng viên (3)", "Cán bộ công đoàn (4)"]
    assert not any("chưa học xong" in label for label in chair.buttons)


@pytest.mark.parametrize(
    ("way", "number", "audience"),
    [
        (("Mọi người",), 10, "all"),
        (("Đảng viên",), 3, "party"),
        (("Một tổ…", "Tổ Kỹ thuật"), 2, "group:to ky thuat"),
        (("Người chưa học xong…", "An toàn"), 10, "unfinished:1"),
    ],
)
async def test_an_audience_by_buttons(
    branch_world: World, chair: Talk, way: tuple[str, ...], number: int, audience: str
) -> None:
    await publish(branch_world)
    await to_audience(chair)
    for label in way:
        await chair.taps(label)
    chair.sees(f"({number} người)")
    await chair.taps("Xem trước")
    await chair.taps(f"Gửi ({number} người)")
    assert [each.audience for each in await kept(branch_world)] == [audience]


async def test_people_are_added_and_changed(branch_world: World, chair: Talk) -> None:
    await to_options(chair, "party")
    await chair.taps("Thêm người nhận")
    chair.sees("Đã chọn: đảng viên")
    await chair.says("tổ kỹ thuật")
    chair.sees("đảng viên, Tổ Kỹ thuật (5 người)")
    await chair.taps("Xem trước")
    await chair.taps("Đổi người nhận")
    chair.misses("Đã chọn")
    await chair.says("code:nv06")
    chair.sees("người có mã NV06 (1 người)")
    chair.misses("đảng viên")
    await chair.taps("Xem trước")
    await chair.taps("Gửi (1 người)")
    assert [each.audience for each in await kept(branch_world)] == ["code:NV06"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("group:Không có", "không có tổ “Không có”"),
        ("ai đó", "Chưa hiểu “ai đó”"),
        ("code:XX99", "không có mã XX99"),
        ("code:NV10", "hiện không có ai là người có mã NV10"),
    ],
)
async def test_an_audience_that_cannot_be(branch_world: World, chair: Talk, typed: str, said: str) -> None:
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, ["NV10"], START)
    await to_audience(chair)
    await chair.says(typed)
    chair.sees(said)
    await chair.says("code:NV06")
    chair.sees("Người nhận")


async def test_those_out_of_reach_are_named_up_to_ten(branch_world: World, chair: Talk) -> None:
    await to_options(chair, "code:NV06")
    chair.sees("Ai cũng nhận được")
    await chair.taps("Đổi người nhận")
    await chair.taps("Mọi người")
    chair.sees("Chưa liên hệ được 8 người", "• Ngô Văn Ước (Tổ Kỹ thuật)")
    chair.misses("người nữa", "Đặng Thu Hà")
    async with branch_world.database.write() as tx:
        found = await accounts.load(tx, "direct", "p-NV06")
        assert found is not None
        await accounts.set_unreachable(tx, found.id, "blocked")
    await chair.taps("Đổi người nhận")
    await chair.taps("Mọi người")
    chair.sees("Chưa liên hệ được 9 người", "Đặng Thu Hà")
    chair.misses("người nữa")
    async with branch_world.database.write() as tx:
        group = (await members.group_ids(tx))["to ky thuat"]
        await members.add(tx, [person(group, START, code=f"X{each}", name=f"Ỵ {each}") for each in range(3)])
    await chair.taps("Đổi người nhận")
    await chair.taps("Mọi người")
    chair.sees("Chưa liên hệ được 12 người", "Ỵ 0", "và 2 người nữa.")
    chair.misses("Ỵ 1")


# When.


async def test_it_goes_at_the_time_that_was_chosen(branch_world: World, chair: Talk) -> None:
    await to_options(chair)
    await chair.taps("Không hẹn giờ")
    chair.sees("Giờ gửi: ngay khi bấm Gửi")
    await chair.taps("Hẹn 7:30 sáng mai, 03/03")
    chair.sees("07:30 03/03/2026")
    await chair.says("05/03 14:00")
    chair.sees("14:00 05/03/2026")
    await chair.taps("Xem trước")
    chair.sees("14:00 05/03/2026")
    await chair.taps("Gửi (")
    chair.sees("chờ đến giờ gửi", "Thông báo sẽ gửi lúc 14:00 05/03/2026")
    [made] = await kept(branch_world)
    assert made.send_at == datetime(2026, 3, 5, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("07:00 02/03", "Lúc 07:00 02/03/2026 đã qua rồi"),
        ("07:00 01/01/2020", "đã qua rồi"),
        ("07:00 05/03/2030", "xa hơn một năm"),
        ("hôm sau", "Chưa đọc được giờ này"),
    ],
)
async def test_a_time_that_cannot_be(chair: Talk, typed: str, said: str) -> None:
    await to_options(chair)
    await chair.says(typed)
    chair.sees(said)
    await chair.taps("Xem trước")
    chair.sees("ngay khi bấm Gửi")


async def test_a_time_that_passed_while_it_was_looked_at(branch_world: World, chair: Talk) -> None:
    await to_options(chair)
    await chair.says("9:00")
    await chair.taps("Xem trước")
    branch_world.clock.forward(hours=1)
    await chair.taps("Gửi (")
    chair.sees("đã qua rồi")
    assert await kept(branch_world) == []
    await chair.taps("Đổi giờ, cách gửi")
    await chair.taps("Không hẹn giờ")
    await chair.taps("Xem trước")
    await chair.taps("Gửi (")
    chair.sees("Thông báo số 1")


async def test_in_quiet_hours_it_waits_for_the_morning(branch_world: World, chair: Talk) -> None:
    branch_world.clock.forward(hours=13, minutes=40)
    await to_options(chair)
    chair.sees("07:00 03/03/2026", "đợi đến sáng, trừ khi gửi khẩn")
    await chair.taps("Xem trước")
    await chair.taps("Gửi (")
    [made] = await kept(branch_world)
    assert made.send_at == datetime(2026, 3, 3, tzinfo=UTC)
    await go(branch_world)
    assert (await kept(branch_world))[0].state is State.SCHEDULED


async def test_waking_people_is_asked_once_more(branch_world: World, chair: Talk) -> None:
    branch_world.clock.forward(hours=13, minutes=40)
    await to_options(chair)
    await chair.taps("Gửi khẩn: không")
    chair.sees("gửi khẩn dù đang giờ nghỉ")
    await chair.taps("Xem trước")
    await chair.taps("Gửi (")
    chair.sees("Bây giờ là 22:10 02/03/2026")
    assert await kept(branch_world) == []
    await chair.sends("sticker")
    chair.sees("Bây giờ là 22:10")
    await chair.taps("Vẫn gửi, việc này khẩn")
    chair.sees("Thông báo số 1", "gửi khẩn")
    [made] = await kept(branch_world)
    assert (made.is_urgent, made.send_at) == (True, branch_world.clock.now())


async def test_what_is_not_that_urgent_waits_after_all(branch_world: World, chair: Talk) -> None:
    await to_options(chair)
    await chair.says("23:00")
    await chair.taps("Gửi khẩn: không")
    await chair.taps("Xem trước")
    await chair.taps("Gửi (")
    chair.sees("Giờ gửi là 23:00 02/03/2026")
    await chair.taps("Không khẩn")
    chair.sees("Gửi thông báo này?", "07:00 03/03/2026")
    await chair.taps("Gửi (")
    assert [each.is_urgent for each in await kept(branch_world)] == [False]


async def test_by_day_what_is_urgent_goes_without_another_question(branch_world: World, chair: Talk) -> None:
    await to_options(chair)
    await chair.taps("Gửi khẩn: không")
    await chair.taps("Gửi khẩn: có")
    chair.misses("gửi khẩn")
    await chair.taps("Gửi khẩn: không")
    await chair.taps("Xem trước")
    await chair.taps("Gửi (")
    chair.sees("Thông báo số 1")
    assert [each.is_urgent for each in await kept(branch_world)] == [True]


# Sending once.


async def test_a_second_press_sends_nothing_and_shows_what_the_first_did(
    branch_world: World, chair: Talk
) -> None:
    await to_review(chair)
    [(_, send)] = [button for button in chair.last.buttons if button[0].startswith("Gửi (")]
    for number in range(3):
        await chair.presses(Shown(f"another {number}", ""), send)
        chair.sees("Thông báo số 1")
    chair.sees("Không gửi lại lần nữa")
    assert len(await kept(branch_world)) == 1
    await chair.says("/guitin")
    await chair.taps("Soạn thông báo")
    await chair.presses(Shown("third", ""), send)
    chair.sees("Thông báo số 1")
    assert len(await kept(branch_world)) == 1


async def test_an_older_confirmation_does_not_send_what_was_changed_since(
    branch_world: World, chair: Talk
) -> None:
    await to_review(chair)
    [(_, old)] = [button for button in chair.last.buttons if button[0].startswith("Gửi (")]
    await chair.taps("Sửa nội dung")
    await chair.writes("Nội dung khác")
    await chair.presses(Shown("older", ""), old)
    chair.sees(STALE, "Nội dung khác", "Gửi thông báo này?")
    await chair.taps("Huỷ")
    await chair.presses(Shown("gone", ""), old)
    chair.sees(STALE)
    assert await kept(branch_world) == []


async def test_the_button_of_another_draft_sends_nothing(branch_world: World, chair: Talk) -> None:
    await to_review(chair)
    [(_, old)] = [button for button in chair.last.buttons if button[0].startswith("Gửi (")]
    branch_world.clock.forward(minutes=2)
    await to_review(chair)
    await chair.presses(Shown("older", ""), old)
    chair.sees(STALE)
    assert await kept(branch_world) == []


async def test_a_test_goes_to_oneself_alone(branch_world: World, chair: Talk) -> None:
    await to_options(chair)
    await chair.taps("Hỏi “Tôi đã nắm”: không")
    await chair.taps("Xem trước")
    await chair.taps("Gửi thử cho tôi")
    chair.sees("Chào Nguyễn Thị Ánh, mai họp")
    await chair.taps("Tôi đã nắm")
    chair.sees("Đây là bản xem thử")
    await go(branch_world)
    assert "p-NV06" not in branch_world.channel.boxes
    assert await kept(branch_world) == []


async def test_two_officers_write_side_by_side(branch_world: World, chair: Talk) -> None:
    other = await branch_world.talk(COMMITTEE)
    await to_review(chair, text="Một")
    await to_review(other, text="Hai")
    await chair.taps("Gửi (")
    await other.taps("Gửi (")
    chair.sees("Thông báo số 1")
    other.sees("Thông báo số 2")
    assert [each.text for each in await kept(branch_world)] == ["Hai", "Một"]


# Leaving, losing the right, and what was never on a screen.


async def test_every_step_says_again_where_one_is_and_can_be_left(branch_world: World, chair: Talk) -> None:
    await chair.says("/guitin")
    await chair.taps("Soạn thông báo")
    for said in ("Mai họp.", "party", "9:30"):
        here = chair.last.text
        await chair.sends("sticker")
        chair.sees(here)
        await chair.says(said)
    await chair.taps("Xem trước")
    here = chair.last.text
    await chair.says("gì nữa?")
    chair.sees(here)
    old = chair.last
    await chair.taps("Huỷ")
    chair.sees("Đã dừng")
    for _, payload in old.buttons:
        await chair.presses(Shown("old", ""), payload)
        chair.sees(STALE)
    assert await kept(branch_world) == []


@pytest.mark.parametrize("how_far", [0, 1, 2, 3])
async def test_whoever_loses_the_right_in_the_middle_gets_no_further(
    branch_world: World, how_far: int
) -> None:
    officer = await branch_world.talk(COMMITTEE)
    await officer.says("/guitin")
    await officer.taps("Soạn thông báo")
    for said in ("Mai họp.", "party")[:how_far]:
        await officer.says(said)
    if how_far == 3:
        await officer.taps("Xem trước")
    before = officer.last
    async with branch_world.database.write() as tx:
        before_change = await members.by_code(tx, COMMITTEE)
        assert before_change is not None
        await members.change(tx, [{"b_id": before_change.id, "is_committee": False}])
    for _, payload in before.buttons[:-1]:
        await officer.presses(Shown("pressed", ""), payload)
        officer.sees("dành cho cán bộ công đoàn")
    await officer.says("Mai họp.")
    officer.sees("dành cho cán bộ công đoàn")
    officer.misses("Người nhận", "Gửi cho ai?")
    await officer.says("xin chào")
    officer.misses("dành cho cán bộ công đoàn")
    assert await kept(branch_world) == []


@pytest.mark.parametrize(
    ("step", "forged"),
    [
        (0, "audience~all"),
        (1, "audience~nobody"),
        (1, "audience~code"),
        (1, "group~99"),
        (1, "campaign~99"),
        (1, "groups~x"),
        (2, "when~never"),
        (2, "urgent"),
        (2, "readdress"),
        (2, "send~1~1"),
        (3, "send~1"),
        (3, "send_urgent~1~1"),
        (3, "send~2147483647~2147483647"),
        (3, "when~now"),
    ],
)
async def test_forged_presses_lead_back_to_where_one_is(
    branch_world: World, chair: Talk, step: int, forged: str
) -> None:
    await chair.says("/guitin")
    await chair.taps("Soạn thông báo")
    for said in ("Mai họp.", "party")[:step]:
        await chair.says(said)
    if step == 3:
        await chair.taps("Xem trước")
    here = chair.last.text
    await chair.presses(Shown("forged", ""), f"1~t3st~announce.{forged}")
    chair.sees(STALE, here)
    assert await kept(branch_world) == []


@pytest.mark.parametrize(
    "data", [{}, {"begun": "x"}, {"begun": 1, "send_at": "mai"}, {"begun": 1, "poll": {}}]
)
@pytest.mark.parametrize("step", ["text", "audience", "options", "poll", "review", "urgent"])
async def test_a_dialogue_that_another_version_left_behind(
    branch_world: World, chair: Talk, step: str, data: dict[str, object]
) -> None:
    await chair.says("/menu")
    async with branch_world.database.write() as tx:
        account = await accounts.load(tx, "direct", f"p-{CHAIR}")
        assert account is not None
        until = branch_world.clock.now() + timedelta(hours=1)
        await accounts.save_dialogue(tx, account.id, Dialogue("announce", step, data, until))
    await chair.sends("sticker")
    chair.sees("không còn dùng được")
    await chair.says("xin chào")
    chair.misses("trục trặc", "không còn dùng được")


async def test_groups_and_campaigns_stand_on_pages(branch_world: World, chair: Talk) -> None:
    async with branch_world.database.write() as tx:
        await members.add_groups(tx, [(f"Tổ {number}", f"to {number}") for number in range(7)])
        groups = await members.group_ids(tx)
        others = [each for each in await members.everybody(tx) if each.code != CHAIR]
        moved = [{"b_id": each.id, "group_id": groups[f"to {at % 7}"]} for at, each in enumerate(others)]
        await members.change(tx, [*moved, {"b_id": others[-1].id, "group_id": groups["to ky thuat"]}])
    await to_audience(chair)
    await chair.taps("Một tổ…")
    assert len(chair.buttons) == 10
    await chair.taps("Sau ›")
    assert chair.buttons[1:] == ["‹ Trước", "Huỷ"]
    await announce(chair)
    chair.sees("Thông báo số 1")
