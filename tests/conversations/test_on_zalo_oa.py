"""What only an official account has: buttons beside numbers, followers, and windows that close."""

import pytest

from handlers.campaign import actions as campaign
from storage import accounts
from tests.announce.sending import go
from tests.announce.test_actions import announced, figures
from tests.doubles.zalo import Code
from tests.lines.zalo_oa import ZaloOaLine, ZaloOaWorld
from tests.people import CHAIR, WORKER
from tests.study.course import publish
from tests.talk import Shown, Talk

ADDRESS = f"p-{WORKER}"


async def _linked(world: ZaloOaWorld) -> tuple[Talk, ZaloOaLine]:
    return await world.talk(WORKER), world.line(ADDRESS)


async def _lost(world: ZaloOaWorld) -> str | None:
    """Why the person's account can't be reached."""
    async with world.database.read() as tx:
        found = await accounts.load(tx, "zalo_oa", ADDRESS)
    assert found is not None
    return found.unreachable


async def test_whoever_follows_is_told_how_to_begin_and_once(zalo_oa: ZaloOaWorld) -> None:
    line = zalo_oa.line("somebody")
    line.person.follows()
    await line.answered()
    [greeting] = line.shown()
    assert "mã mời" in greeting.text
    line.person.unfollows()
    line.person.follows()
    await line.answered()
    assert line.shown() == [greeting]


async def test_a_member_who_leaves_is_not_written_to_and_comes_back_without_a_word(
    zalo_oa: ZaloOaWorld,
) -> None:
    _, line = await _linked(zalo_oa)
    line.person.follows()
    line.person.unfollows()
    await line.answered()
    assert await _lost(zalo_oa) == "blocked"
    made = await announced(zalo_oa, audience=f"code:{WORKER}")
    await go(zalo_oa)
    assert (await figures(zalo_oa, made.id)).unreachable == 1
    line.person.follows()
    await line.answered()
    assert await _lost(zalo_oa) is None
    assert (line.shown(), len(zalo_oa.double.called("cs"))) == ([], 0)


async def test_a_window_that_closed_is_open_again_when_the_person_writes(zalo_oa: ZaloOaWorld) -> None:
    await publish(zalo_oa)
    talk, line = await _linked(zalo_oa)
    await talk.says("menu")
    zalo_oa.clock.forward(days=8)
    async with zalo_oa.database.write() as tx:
        await campaign.push_first_cards(zalo_oa.work(tx), 500)
    await zalo_oa.deliver()
    assert await _lost(zalo_oa) == "window"
    await talk.says("menu")
    talk.sees("muốn làm gì")
    assert await _lost(zalo_oa) is None
    assert len(line.shown()) == 2


async def test_a_ninth_message_waits_for_the_persons_next_word(zalo_oa: ZaloOaWorld) -> None:
    """Or for another channel; unless the account pays for it."""
    zalo_oa.double.paid = False
    talk, line = await _linked(zalo_oa)
    await talk.says("menu")
    for _ in range(8):
        await announced(zalo_oa, audience=f"code:{WORKER}")
        await go(zalo_oa)
    assert len(line.shown()) == 8
    assert await _lost(zalo_oa) == "window"
    await talk.says("menu")
    assert await _lost(zalo_oa) is None


async def test_what_closed_comes_by_the_other_channel(zalo_oa: ZaloOaWorld) -> None:
    await zalo_oa.link("direct", "elsewhere", WORKER)
    talk, line = await _linked(zalo_oa)
    await talk.says("/caidat")
    await talk.taps("Nhận tin ở đâu")
    await talk.taps("Zalo")
    before = line.shown()
    zalo_oa.clock.forward(days=8)
    zalo_oa.meet()
    made = await announced(zalo_oa, audience=f"code:{WORKER}")
    await go(zalo_oa)
    assert zalo_oa.double.called("cs")[-1].code == Code.WINDOW_CLOSED
    assert (await figures(zalo_oa, made.id)).sent == 1
    assert line.shown() == before
    assert len(zalo_oa.channel.boxes["elsewhere"]) == 1


async def test_buttons_are_pressed_and_what_people_type_means_them_too(zalo_oa: ZaloOaWorld) -> None:
    await publish(zalo_oa)
    talk, line = await _linked(zalo_oa)
    await talk.says("hoctap")
    line.person.taps("Sau ›")
    await line.answered()
    talk.sees("Trang 2/3")
    buttons = [label for label, _ in talk.last.buttons]
    for text in ("sau", "Trước", str(buttons.index("Sau ›") + 1), "ｔｒｕｏｃ"):
        await talk.says(text)
    talk.sees("Trang 2/3")
    assert "Nhắn số" not in talk.screen


async def test_a_long_menu_is_lines_and_full_width_digits_choose(zalo_oa: ZaloOaWorld) -> None:
    await publish(zalo_oa)
    talk, _ = await _linked(zalo_oa)
    await talk.says("menu")
    mark = dict(talk.last.buttons)["Học tập"]
    talk.sees("Nhắn số để chọn")
    await talk.says(mark.translate({0x30 + digit: 0xFF10 + digit for digit in range(10)}))
    talk.sees("Trang 1/3")


async def test_marks_that_nobody_sees_mean_nothing_where_words_are_awaited(zalo_oa: ZaloOaWorld) -> None:
    chair = await zalo_oa.talk(CHAIR)
    for word in ("a", "1"):
        await chair.says("/guitin")
        await chair.taps("Soạn thông báo")
        assert 0 < len(chair.last.buttons) <= 5
        await chair.says(word)
        chair.sees("Gửi cho ai?")


async def test_a_number_that_nobody_saw_presses_nothing_of_two(zalo_oa: ZaloOaWorld) -> None:
    """An announcement comes in between: its words choose, and a number might mean either."""
    await publish(zalo_oa)
    talk, _ = await _linked(zalo_oa)
    await talk.says("hoctap")
    made = await announced(zalo_oa, audience=f"code:{WORKER}", wants_receipt=True)
    await go(zalo_oa)
    await talk.says("1")
    talk.sees("chưa hiểu ý")
    assert (await figures(zalo_oa, made.id)).receipts == 0
    await talk.says("tôi đã nắm")
    assert (await figures(zalo_oa, made.id)).receipts == 1


async def test_a_forged_or_old_button_shows_where_one_is(zalo_oa: ZaloOaWorld) -> None:
    talk, _ = await _linked(zalo_oa)
    for forged in (
        "1~0ther~study.card~1~1",
        "7~t3st~home.open~menu",
        "1~t3st~no.such",
        "1~t3st~x.x~" + "9" * 60,
    ):
        await talk.presses(Shown("1", ""), forged)
        talk.sees("Nút này đã cũ", "muốn làm gì")


@pytest.mark.parametrize("kind", ["photo", "sticker", "voice", "location"])
async def test_what_cannot_be_read_disturbs_no_step(zalo_oa: ZaloOaWorld, kind: str) -> None:
    await publish(zalo_oa)
    talk, _ = await _linked(zalo_oa)
    await talk.sends(kind)
    talk.sees("mới đọc được chữ")
    await talk.says("hoctap")
    await talk.sends(kind)
    await talk.taps("Sau ›")
    talk.sees("Trang 2/3")


async def test_an_event_without_a_message_gets_a_kind_word(zalo_oa: ZaloOaWorld) -> None:
    talk, line = await _linked(zalo_oa)
    line.person.sends_nothing()
    await line.answered()
    talk.sees("mới đọc được chữ")


async def test_an_event_that_is_brought_again_is_answered_once(zalo_oa: ZaloOaWorld) -> None:
    _, line = await _linked(zalo_oa)
    said = line.person.says("menu")
    await line.answered()
    zalo_oa.double.feed(said)
    await line.answered()
    assert len(line.shown()) == 1
    assert [each.status for each in zalo_oa.double.deliveries] == [200, 200]
