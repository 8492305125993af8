"""`/caidat`: each choice is kept at once, shown at once, and is what sending goes by."""

import pytest
from sqlalchemy import select

from handlers.kit.incoming import Kind
from storage import preferences, reach, wanted
from storage.preferences import LEADS, Preferences, Quiet
from storage.schema.calendar import preference
from storage.schema.people import member
from storage.wanted import Greeting, Wanted
from tests.feed.keeping import member_id
from tests.people import WORKER
from tests.talk import Talk
from tests.world import World


async def _kept(world: World, code: str = WORKER) -> Preferences:
    async with world.database.read() as tx:
        return await preferences.of_member(tx, await member_id(world, code))


async def _is_meant(world: World, wish: Wanted) -> bool:
    """Whether sending means the worker."""
    async with world.database.read() as tx:
        condition = await wanted.people(tx, wish)
        found = await tx.all(select(member.c.code).where(condition))
    return WORKER in {row.code for row in found}


async def _settings(world: World) -> Talk:
    talk = await world.talk(WORKER)
    await talk.says("/caidat")
    return talk


@pytest.mark.parametrize("typed", ["/caidat", "cài đặt", "tuỳ chọn", "tuy chon"])
async def test_whoever_has_chosen_nothing_has_what_is_usual(branch_world: World, typed: str) -> None:
    talk = await branch_world.talk(WORKER)
    await talk.says(typed)
    talk.sees("Lời chào: ngày lễ và ngày kỷ niệm, lúc 7 giờ", "Giờ yên lặng: không đặt")
    talk.sees("Nhắc họp: theo từng cuộc họp")
    async with branch_world.database.read() as tx:
        assert await tx.all(select(preference)) == []


async def test_greetings_are_switched_off_and_on(branch_world: World) -> None:
    talk = await _settings(branch_world)
    holiday = Wanted("all", greeting=Greeting.HOLIDAY, hour=7, is_usual_hour=True)
    commemoration = Wanted("all", greeting=Greeting.COMMEMORATION, hour=7, is_usual_hour=True)
    await talk.taps("Lời chào ngày lễ: có")
    talk.sees("Lời chào: ngày kỷ niệm, lúc 7 giờ")
    assert not await _is_meant(branch_world, holiday)
    assert await _is_meant(branch_world, commemoration)
    await talk.taps("Lời nhắn ngày kỷ niệm: có")
    talk.sees("Lời chào: không nhận")
    assert not await _is_meant(branch_world, commemoration)
    await talk.taps("Lời chào ngày lễ: không")
    talk.sees("Lời chào: ngày lễ, lúc 7 giờ")
    assert await _is_meant(branch_world, holiday)


async def test_a_switch_pressed_twice_is_switched_once(branch_world: World) -> None:
    talk = await _settings(branch_world)
    screen = talk.last
    payload = next(payload for label, payload in screen.buttons if "ngày lễ" in label)
    await talk.presses(screen, payload)
    await branch_world.receive(f"p-{WORKER}", Kind.PRESS, payload=payload, message=screen.id)
    assert not (await _kept(branch_world)).wants_holidays


async def test_the_hour_of_greetings(branch_world: World) -> None:
    talk = await _settings(branch_world)
    await talk.taps("Giờ nhận lời chào")
    assert talk.buttons == ["6 giờ", "✓ 7 giờ", "8 giờ", "12 giờ", "17 giờ", "19 giờ", "‹ Cài đặt"]
    await talk.taps("19 giờ")
    talk.sees("Đang đặt 19 giờ")
    await talk.taps("✓ 19 giờ")
    assert talk.screen == "Đã lưu."
    at_seven = Wanted("all", greeting=Greeting.HOLIDAY, hour=7, is_usual_hour=True)
    at_nineteen = Wanted("all", greeting=Greeting.HOLIDAY, hour=19)
    assert not await _is_meant(branch_world, at_seven)
    assert await _is_meant(branch_world, at_nineteen)
    await talk.taps("‹ Cài đặt")
    talk.sees("lúc 19 giờ")


async def test_quiet_hours_are_chosen_typed_and_given_up(branch_world: World) -> None:
    talk = await _settings(branch_world)
    await talk.taps("Giờ yên lặng")
    talk.sees("tin đợi đến hết giờ mới tới", "22-6")
    assert "✓ Không đặt giờ yên lặng" in talk.buttons
    await talk.taps("8 – 16 giờ")
    talk.sees("từ 8 giờ đến 16 giờ")
    assert "✓ 8 – 16 giờ" in talk.buttons
    assert (await _kept(branch_world)).quiet == Quiet(8, 16)
    await talk.sends("sticker")
    talk.sees("từ 8 giờ đến 16 giờ", "22-6")
    await talk.says("khuya lắm")
    talk.sees("Chưa đọc được giờ này", "vẫn như cũ")
    await talk.says("từ 23 giờ đến 5 giờ")
    talk.sees("Giờ yên lặng: từ 23 giờ đến 5 giờ")
    assert (await _kept(branch_world)).quiet == Quiet(23, 5)
    await talk.taps("Giờ yên lặng")
    await talk.taps("Không đặt")
    assert (await _kept(branch_world)).quiet is None


async def test_hours_typed_elsewhere_are_no_quiet_hours(branch_world: World) -> None:
    talk = await _settings(branch_world)
    await talk.taps("Giờ yên lặng")
    await talk.taps("‹ Cài đặt")
    await talk.says("22-6")
    assert (await _kept(branch_world)).quiet is None


async def test_a_look_at_settings_leaves_what_one_is_in_the_middle_of(branch_world: World) -> None:
    talk = await _settings(branch_world)
    old = talk.last
    await talk.says("/toi")
    await talk.taps("Rút lại đồng ý")
    question = talk.last
    await talk.presses(old, f"1~{branch_world.services.branch.tag}~settings.hours")
    await talk.presses(old, f"1~{branch_world.services.branch.tag}~settings.menu")
    talk.sees("Cài đặt của anh/chị")
    await talk.presses(question, question.buttons[-1][1])
    talk.sees("Đã ghi nhận anh/chị rút lại đồng ý")


async def test_reminders_are_the_meetings_ones_own_or_none(branch_world: World) -> None:
    talk = await _settings(branch_world)
    await talk.taps("Giờ nhắc họp")
    talk.sees("Nhắc họp: theo từng cuộc họp")
    assert talk.buttons[:7] == [
        *("✓ Theo từng cuộc họp", "1 tuần", "3 ngày", "1 ngày", "3 giờ", "1 giờ", "30 phút"),
    ]
    await talk.taps("30 phút")
    await talk.taps("1 ngày")
    talk.sees("Nhắc họp: trước 1 ngày, 30 phút")
    assert (await _kept(branch_world)).leads == (1440, 30)
    assert await _is_meant(branch_world, Wanted("all", lead=1440, is_usual_lead=False))
    assert not await _is_meant(branch_world, Wanted("all", lead=60))
    await talk.taps("✓ 30 phút")
    assert (await _kept(branch_world)).leads == (1440,)
    await talk.taps("✓ 1 ngày")
    talk.sees("Nhắc họp: không nhắc")
    assert "✓ Không nhắc" in talk.buttons
    assert not await _is_meant(branch_world, Wanted("all", lead=1440))
    await talk.taps("Theo từng cuộc họp")
    assert (await _kept(branch_world)).leads is None
    assert await _is_meant(branch_world, Wanted("all", lead=60))
    await talk.taps("Không nhắc")
    assert (await _kept(branch_world)).leads == ()


async def test_all_times_before_can_be_had(branch_world: World) -> None:
    talk = await _settings(branch_world)
    await talk.taps("Giờ nhắc họp")
    for label in ("1 tuần", "3 ngày", "1 ngày", "3 giờ", "1 giờ", "30 phút"):
        await talk.taps(label)
    talk.sees("trước 1 tuần, 3 ngày, 1 ngày, 3 giờ, 1 giờ, 30 phút")
    assert (await _kept(branch_world)).leads == LEADS


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        ("hour", "9"),
        ("hour", ""),
        ("quiet_set", "25~6"),
        ("quiet_set", "5~6"),
        ("quiet_set", "6~6"),
        ("quiet_set", "6"),
        ("lead", "61~1"),
        ("lead", "60"),
        ("holidays", "x"),
        ("channel_set", "99"),
        ("channel_set", ""),
    ],
)
async def test_a_forged_button_changes_nothing(branch_world: World, action: str, arguments: str) -> None:
    talk = await _settings(branch_world)
    tag = branch_world.services.branch.tag
    await talk.presses(talk.last, f"1~{tag}~settings.{action}~{arguments}")
    talk.sees("Nút này đã cũ")
    assert await _kept(branch_world) == Preferences()


async def test_settings_are_for_whoever_is_linked(branch_world: World) -> None:
    talk = branch_world.stranger("nobody")
    await talk.says("/caidat")
    talk.sees("mã mời")


async def test_one_persons_choice_is_nobody_elses(branch_world: World) -> None:
    talk = await _settings(branch_world)
    await talk.taps("Lời chào ngày lễ: có")
    assert await _kept(branch_world, "NV07") == Preferences()


async def test_where_messages_come_is_chosen_among_the_channels_one_has(branch_world: World) -> None:
    talk = await _settings(branch_world)
    talk.misses("Nhận tin ở")
    assert "Nhận tin ở đâu" not in talk.buttons
    branch_world.clock.forward(days=1)
    for channel in ("zalo_bot", "web"):
        await branch_world.link(channel, channel, WORKER)
    await talk.says("/caidat")
    talk.sees("Nhận tin ở: nơi liên kết sau cùng (trang trò chuyện)")
    await talk.taps("Nhận tin ở đâu")
    talk.sees("mỗi tin một lần")
    assert talk.buttons == ["Direct", "Zalo", "Trang trò chuyện", "✓ Nơi liên kết sau cùng", "‹ Cài đặt"]
    await talk.taps("Zalo")
    talk.sees("Nhận tin ở: Zalo")
    assert "✓ Zalo" in talk.buttons
    assert await _reached_by(branch_world) == "zalo_bot"
    await talk.says("/toi")
    talk.sees("nhận tin ở: Zalo", "trang trò chuyện, từ")
    await talk.says("/caidat")
    await talk.taps("Nhận tin ở đâu")
    await talk.taps("Nơi liên kết sau cùng")
    assert await _reached_by(branch_world) == "web"
    assert (await _kept(branch_world)).channel is None


async def test_whoever_has_both_of_zalos_can_tell_them_apart(branch_world: World) -> None:
    talk = await _settings(branch_world)
    for channel in ("zalo_oa", "zalo_bot"):
        await branch_world.link(channel, channel, WORKER)
    await talk.says("/caidat")
    await talk.taps("Nhận tin ở đâu")
    await talk.taps("Zalo OA")
    talk.sees("Nhận tin ở: Zalo OA")
    assert "Zalo Bot" in talk.buttons
    assert await _reached_by(branch_world) == "zalo_oa"


async def _reached_by(world: World) -> str | None:
    async with world.database.read() as tx:
        found = await reach.address_of(tx, await member_id(world, WORKER))
    return found[0] if found else None
