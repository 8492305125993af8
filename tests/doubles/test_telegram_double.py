"""The double as python-telegram-bot sees it: every answer and update can be read by it."""

import io
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import ParseMode

from tests.doubles.telegram import Person, TelegramDouble
from tests.doubles.telegram.person import PIXEL


@pytest.fixture
async def bot(double: TelegramDouble) -> AsyncIterator[telegram.Bot]:
    files = f"{double.url}/file/bot"
    async with telegram.Bot(double.token, f"{double.url}/bot", files) as running:
        yield running


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=f"v1:{label}")] for label in labels]
    )


async def test_a_conversation_of_message_tap_edit_and_answer(
    double: TelegramDouble, bot: telegram.Bot, lan: Person
) -> None:
    lan.says("/start CODE")
    (started,) = await bot.get_updates(timeout=5)
    assert started.message is not None
    assert started.message.parse_entities() == {started.message.entities[0]: "/start"}

    sent = await bot.send_message(
        lan.id, "Chào <b>chị Lan</b> &amp; 😀", ParseMode.HTML, reply_markup=keyboard("Next")
    )
    assert sent.text == "Chào chị Lan & 😀"
    assert sent.parse_entities() == {sent.entities[0]: "chị Lan"}
    assert lan.chat.last.buttons == [["Next"]]

    lan.taps(sent.message_id, "Next")
    (tapped,) = await bot.get_updates(started.update_id + 1, timeout=5)
    query = tapped.callback_query
    assert query is not None
    assert query.data == "v1:Next"
    assert query.message == sent
    assert double.unanswered == [query.id]

    edited = await query.edit_message_text("Trang 2")
    await query.answer("Xong")
    assert isinstance(edited, telegram.Message)
    assert edited.edit_date is not None
    assert edited.reply_markup is None
    assert lan.chat.last.text == "Trang 2"
    assert [wire["text"] for wire in lan.chat.last.history] == ["Chào chị Lan & 😀"]
    assert double.unanswered == []
    assert double.delivered == {lan.id: 1}
    assert [call.method for call in double.calls][-2:] == [
        "editMessageText",
        "answerCallbackQuery",
    ]


async def test_photo_document_and_download(double: TelegramDouble, bot: telegram.Bot, lan: Person) -> None:
    photo = await bot.send_photo(lan.id, PIXEL, caption="<i>Biểu đồ</i>", parse_mode="HTML")
    assert photo.photo[-1].width == 1
    assert photo.caption == "Biểu đồ"
    assert lan.chat.last.content == PIXEL

    document = await bot.send_document(lan.id, io.BytesIO(b"a,b"), filename="bao cao.csv")
    assert document.document is not None
    assert document.document.file_name == "bao cao.csv"
    file = await bot.get_file(document.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"a,b"

    again = await bot.send_document(lan.id, document.document.file_id)
    assert again.document is not None
    assert again.document.file_id == document.document.file_id
    renamed = await bot.edit_message_caption(lan.id, document.message_id, caption="Quý 3")
    assert isinstance(renamed, telegram.Message)
    assert double.chat(lan.id).sent[1].text == "Quý 3"


async def test_a_quiz_and_the_vote_on_it(bot: telegram.Bot, lan: Person) -> None:
    sent = await bot.send_poll(
        lan.id, "1 + 1 = ?", ["2", "3"], type="quiz", correct_option_ids=[0], is_anonymous=False,
        explanation="Đếm <b>ngón tay</b>", explanation_parse_mode="HTML",
    )  # fmt: skip
    assert sent.poll is not None
    assert sent.poll.explanation == "Đếm ngón tay"
    lan.votes(sent.message_id, 1)
    (update,) = await bot.get_updates()
    assert update.poll_answer is not None
    assert update.poll_answer.option_ids == (1,)
    assert update.poll_answer.option_persistent_ids == (sent.poll.options[1].persistent_id,)


async def test_the_bots_own_profile(double: TelegramDouble, bot: telegram.Bot, lan: Person) -> None:
    assert (await bot.get_me()).username == "double_bot"
    assert await bot.set_my_description("Công đoàn")
    assert await bot.set_my_short_description("CĐ", "vi")
    scope = telegram.BotCommandScopeChat(lan.id)
    assert await bot.set_my_commands([("menu", "Thực đơn")], scope)
    assert [command.command for command in await bot.get_my_commands(scope)] == ["menu"]
    assert double.world.commands["chat", lan.id, None, ""][0]["description"] == "Thực đơn"
    assert await bot.delete_my_commands(scope)
    assert await bot.get_my_commands(scope) == ()
    assert await bot.send_chat_action(lan.id, "typing")
    assert double.world.actions == [(lan.id, "typing")]
    assert (await bot.get_chat(lan.id)).first_name == "Lan"


async def test_everything_people_may_send_can_be_read(
    double: TelegramDouble, bot: telegram.Bot, lan: Person
) -> None:
    group = double.group(-100500)
    other_bot = double.person(99, is_bot=True)
    said = lan.says("Xin chào")["message"]["message_id"]
    lan.edits(said, "Xin chào ạ")
    lan.sends_photo(caption="ảnh")
    lan.sends_sticker()
    lan.sends_voice()
    lan.sends_video_note()
    lan.sends_document()
    lan.sends_location()
    lan.sends_contact()
    lan.forwards("tin cũ")
    lan.asks_inline("tìm")
    lan.says("trong nhóm", chat=group)
    other_bot.says("tôi cũng là bot", chat=group)
    double.posts(double.channel(-100600), "bài đăng")
    lan.adds_bot(group)
    lan.blocks()
    lan.unblocks()
    updates = await bot.get_updates(allowed_updates=telegram.Update.ALL_TYPES)
    kinds = [telegram.helpers.effective_message_type(update) or _kind(update) for update in updates]
    assert kinds == [
        "text", "text", "photo", "sticker", "voice", "video_note", "document", "location",
        "contact", "text", "inline_query", "text", "text", "text",
        "my_chat_member", "my_chat_member", "my_chat_member",
    ]  # fmt: skip
    assert updates[-2].my_chat_member is not None
    assert updates[-2].my_chat_member.new_chat_member.status == "kicked"
    assert updates[9].message is not None
    assert updates[9].message.forward_origin is not None


def _kind(update: telegram.Update) -> str:
    return next(kind for kind in telegram.Update.ALL_TYPES if getattr(update, kind) is not None)


async def test_a_person_who_blocked_the_bot_is_forbidden_until_they_come_back(
    bot: telegram.Bot, lan: Person
) -> None:
    lan.blocks()
    with pytest.raises(telegram.error.Forbidden, match="bot was blocked by the user"):
        await bot.send_message(lan.id, "Có tin mới")
    lan.unblocks()
    await bot.send_message(lan.id, "Có tin mới")
    assert [message.text for message in lan.chat.sent] == ["Có tin mới"]


async def test_a_deleted_message_is_inaccessible_to_a_late_tap(bot: telegram.Bot, lan: Person) -> None:
    sent = await bot.send_message(lan.id, "Trang 1", reply_markup=keyboard("Next"))
    await bot.delete_message(lan.id, sent.message_id)
    lan.presses(sent.message_id, "v1:Next")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert isinstance(update.callback_query.message, telegram.Message)
    assert update.callback_query.message.date.timestamp() == 0
    assert update.callback_query.message.text is None
    assert lan.chat.messages == []


async def test_the_librarys_errors_fit_the_status(
    double: TelegramDouble, bot: telegram.Bot, lan: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    double.misbehave(429, method="sendMessage", times=1, retry_after=17)
    with pytest.raises(telegram.error.RetryAfter) as limited:
        await bot.send_message(lan.id, "x")
    assert limited.value.retry_after == timedelta(seconds=17)
    double.misbehave(409, method="getUpdates", times=1)
    with pytest.raises(telegram.error.Conflict):
        await bot.get_updates()
    double.misbehave(502, times=1)
    with pytest.raises(telegram.error.NetworkError):
        await bot.get_me()
    double.misbehave(401, times=1)
    with pytest.raises(telegram.error.InvalidToken):
        await bot.get_me()
    with pytest.raises(telegram.error.BadRequest, match="Message is not modified"):
        await bot.edit_message_text("x", lan.id, (await bot.send_message(lan.id, "x")).id)
