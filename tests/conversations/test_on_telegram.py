"""What only Telegram has: media, edited and forwarded messages, groups, blocking."""

from typing import Any

import pytest

from handlers.campaign import actions as campaign
from handlers.link import actions as link
from storage import accounts
from tests.announce.sending import go
from tests.announce.test_actions import announced, figures
from tests.lines.telegram import TelegramLine, TelegramWorld
from tests.people import WORKER
from tests.study.course import publish
from tests.talk import Talk
from tests.world import DirectLine

NAME = "Đặng Thu Hà"


async def _linked(world: TelegramWorld) -> tuple[Talk, TelegramLine]:
    return await world.talk(WORKER), world.line(f"p-{WORKER}")


@pytest.mark.parametrize(
    "kind", ["photo", "sticker", "voice", "document", "video_note", "location", "contact"]
)
async def test_media_get_a_kind_word(telegram: TelegramWorld, kind: str) -> None:
    talk, _ = await _linked(telegram)
    await talk.sends(kind)
    talk.sees("mới đọc được chữ", "/menu")


async def test_media_do_not_disturb_a_step(telegram: TelegramWorld) -> None:
    await publish(telegram)
    talk, _ = await _linked(telegram)
    await talk.says("/hoctap")
    await talk.sends("sticker")
    await talk.taps("Sau ›")
    talk.sees("Trang 2/3")


async def test_a_changed_message_is_not_read_again(telegram: TelegramWorld) -> None:
    talk, line = await _linked(telegram)
    said = line.person.says("xin chào")
    await line.answered(said)
    talk.look()
    await line.answered(line.person.edits(said["message"]["message_id"], "/hoctap"))
    talk.sees("vừa sửa", "gửi thành tin mới")


async def test_a_forwarded_code_counts_as_sent(telegram: TelegramWorld) -> None:
    """A leader forwards the chair's message with the code: that is how codes travel."""
    async with telegram.database.write() as tx:
        [made] = await link.invite(telegram.work(tx), everyone=False, code=WORKER)
    talk = telegram.stranger("new")
    line = telegram.line("new")
    await line.answered(line.person.forwards(made.code))
    talk.sees(NAME, "đồng ý")


async def test_a_caption_is_not_read(telegram: TelegramWorld) -> None:
    talk, line = await _linked(telegram)
    await line.answered(line.person.sends_photo(caption="/toi"))
    talk.sees("mới đọc được chữ")
    talk.misses(NAME)


async def test_a_group_hears_only_that_it_is_one(telegram: TelegramWorld) -> None:
    _, line = await _linked(telegram)
    group = telegram.double.group(-100500, "Tổ Hành chính")
    await line.answered(line.person.adds_bot(group))
    for chatter in ("xin chào cả nhà", "NV06", "/toi@another_bot"):
        await line.answered(line.person.says(chatter, chat=group))
    assert group.sent == []
    for command in ("/toi", "/hoctap@double_bot", "/baocao"):
        await line.answered(line.person.says(command, chat=group))
        assert "thì không nên nói trong nhóm" in group.last.text
        assert NAME not in group.last.text
    assert [message.buttons for message in group.sent] == [[]] * 3
    assert line.person.chat.sent == []


async def test_bots_and_channels_are_not_answered(telegram: TelegramWorld) -> None:
    bot = telegram.double.person(77, is_bot=True)
    channel = telegram.double.channel(-100600)
    line = telegram.line("somebody")
    await line.answered(bot.says("/start"))
    await line.answered(telegram.double.posts(channel, "/start"))
    assert bot.chat.sent == []
    assert channel.sent == []


async def test_whoever_blocked_the_bot_is_written_to_once_when_they_are_back(
    telegram: TelegramWorld,
) -> None:
    talk, line = await _linked(telegram)
    await line.answered(line.person.blocks())
    async with telegram.database.write() as tx:
        await campaign.publish(telegram.work(tx), None, "nghi-quyet-02")
    await telegram.deliver()
    assert line.shown() == []
    await line.answered(line.person.unblocks())
    for _ in range(2):
        async with telegram.database.write() as tx:
            await campaign.push_first_cards(telegram.work(tx), 500)
        await telegram.deliver()
    assert len(line.shown()) == 1
    await talk.taps("Bắt đầu")
    talk.sees("Trang 1/")


async def test_whoever_blocks_in_between_is_not_written_to(telegram: TelegramWorld) -> None:
    """Telegram says so only in its answer to the message."""
    _, line = await _linked(telegram)
    line.person.deletes_account()
    async with telegram.database.write() as tx:
        await campaign.publish(telegram.work(tx), None, "nghi-quyet-02")
    await telegram.deliver()
    async with telegram.database.read() as tx:
        found = await accounts.load(tx, "telegram", str(line.person.id))
    assert found is not None
    assert found.unreachable == "gone"


async def test_what_telegram_refuses_comes_by_the_other_channel_and_is_answered_there(
    telegram: TelegramWorld,
) -> None:
    """The person's choice is Telegram; they have deleted that account, and nobody knows yet."""
    await telegram.link("direct", "elsewhere", WORKER)
    talk, line = await _linked(telegram)
    await talk.says("/caidat")
    await talk.taps("Nhận tin ở đâu")
    await talk.taps("Telegram")
    talk.sees("Nhận tin ở: Telegram")
    before = len(line.shown())
    line.person.deletes_account()
    made = await announced(telegram, audience=f"code:{WORKER}", wants_receipt=True)
    await go(telegram)
    assert len(line.shown()) == before
    other = Talk(DirectLine(telegram, "elsewhere"))
    await other.taps("Tôi đã nắm")
    other.sees("công đoàn đã ghi nhận")
    shown = await figures(telegram, made.id)
    assert (shown.recipients, shown.sent, shown.unreachable, shown.receipts) == (1, 1, 0, 1)


async def test_an_update_that_comes_twice_counts_once(telegram: TelegramWorld) -> None:
    _, line = await _linked(telegram)
    said: dict[str, Any] = line.person.says("/menu")
    await line.answered(said)
    telegram.double.feed(said)
    await line.answered(said)
    assert len(line.shown()) == 1


async def test_every_press_is_answered_and_no_form_is_refused(telegram: TelegramWorld) -> None:
    """The double is strict: whatever it refuses would have been lost at Telegram."""
    talk, _ = await _linked(telegram)
    await publish(telegram)
    await talk.says("/hoctap")
    for _ in range(2):
        await talk.taps("Sau ›")
    await talk.taps("Tới lời xác nhận")
    assert telegram.double.unanswered == []
    assert {call.status for call in telegram.double.calls if call.status is not None} == {200}
    assert [call.method for call in telegram.double.calls].count("editMessageText") == 3
