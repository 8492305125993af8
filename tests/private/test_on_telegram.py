"""What only Telegram has: the person's own messages are deleted, long texts have several parts."""

import pytest

from tests.lines.telegram import TelegramLine, TelegramWorld
from tests.people import WORKER
from tests.private.note import LONG, NOTE, RECEIPT
from tests.talk import Talk

PHRASE = "quản đốc mắng người xin nghỉ ốm"


@pytest.fixture
def line(telegram: TelegramWorld) -> TelegramLine:
    telegram.restart(private=(NOTE,))
    return telegram.line(f"p-{WORKER}")


@pytest.fixture
async def talk(telegram: TelegramWorld, line: TelegramLine) -> Talk:
    del line
    return await telegram.talk(WORKER)


def _texts(line: TelegramLine) -> list[str]:
    """Of both sides."""
    return [message.text for message in line.person.chat.messages]


async def test_at_the_end_the_chat_holds_the_last_answer_alone(talk: Talk, line: TelegramLine) -> None:
    await talk.says("/ghi")
    await talk.says(PHRASE)
    await talk.sends_file("a.jpg", "image/jpeg", b"\xff\xd8", PHRASE)
    await talk.taps("Gửi")
    assert _texts(line) == [RECEIPT]


async def test_of_a_long_message_every_part_is_deleted(talk: Talk, line: TelegramLine) -> None:
    await talk.says("/ghi")
    await talk.says(f"{LONG} {PHRASE}")
    assert len(line.shown()) == 3
    await talk.says("/huy")
    assert len(_texts(line)) == 1


async def test_after_a_time_out_the_chat_is_empty(
    telegram: TelegramWorld, talk: Talk, line: TelegramLine
) -> None:
    await talk.says("/ghi")
    await talk.says(PHRASE)
    telegram.clock.forward(minutes=31)
    await telegram.lane.sweep()
    await telegram.delivery.settle()
    assert _texts(line) == []


async def test_a_changed_message_is_not_read_and_the_screen_comes_again(
    talk: Talk, line: TelegramLine
) -> None:
    await talk.says("/ghi")
    said = line.person.says(PHRASE)
    await line.answered(said)
    talk.look()
    await line.answered(line.person.edits(said["message"]["message_id"], "khác"))
    talk.sees("chưa dùng được", f"Đọc lại: {PHRASE}")
    await talk.says("/huy")
    assert len(_texts(line)) == 1


async def test_an_update_that_comes_twice_counts_once(
    telegram: TelegramWorld, talk: Talk, line: TelegramLine
) -> None:
    await talk.says("/ghi")
    said = line.person.says(PHRASE)
    await line.answered(said)
    telegram.double.feed(said)
    await line.answered(said)
    assert talk.last.text == f"Đọc lại: {PHRASE}"
    await talk.taps("Đảo")
    await talk.taps("Gửi")
    assert telegram.double.unanswered == []
