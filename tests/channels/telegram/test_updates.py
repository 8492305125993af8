"""Which updates are events, and which are met with silence on purpose."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import structlog

from bot.channels.telegram import answers
from bot.channels.telegram.adapter import Telegram
from handlers.kit.incoming import Incoming, Kind
from tests.channels.telegram.harness import Taken, outgoing, running, taken_all
from tests.doubles.telegram import Person, TelegramDouble


@dataclass
class Line:
    """One person's end of the channel."""

    telegram: Telegram
    double: TelegramDouble
    taken: Taken
    an: Person

    async def events(self) -> list[Incoming]:
        """What has become of the updates that wait."""
        async with running(self.telegram, self.taken.receive):
            await taken_all(self.double)
        return self.taken.events

    async def event(self) -> Incoming:
        (event,) = await self.events()
        return event


@pytest.fixture
def line(telegram: Telegram, double: TelegramDouble, taken: Taken) -> Line:
    return Line(telegram, double, taken, double.person(7, first_name="An"))


async def test_a_text_is_cleaned_and_carries_the_update_s_number(line: Line) -> None:
    update = line.an.says("Tie\u0302\u0301ng\u200b Vie\u0323\u0302t\r\n\u202edòng hai")
    event = await line.event()
    assert event == Incoming(
        channel="telegram",
        event=str(update["update_id"]),
        address="7",
        kind=Kind.TEXT,
        text="Tiếng Việt\ndòng hai",
        own_message=str(update["message"]["message_id"]),
    )


async def test_half_a_surrogate_pair_hides_neither_its_update_nor_the_batch() -> None:
    body = rb'{"ok":true,"result":[{"text":"a\ud800b"},{"text":"c"}]}'
    assert answers.result(body, list[Any]) == [{"text": "a\ud800b"}, {"text": "c"}]


async def test_a_press_carries_payload_and_message(line: Line) -> None:
    await line.telegram.push(outgoing("Chọn", "menu"))
    shown = line.double.chat(7).last
    line.an.taps(shown.id, "menu")
    event = await line.event()
    assert (event.kind, event.payload, event.message) == (Kind.PRESS, "1~t3st~home.menu", str(shown.id))


async def test_a_press_on_a_message_that_telegram_no_longer_shows_is_an_event(line: Line) -> None:
    line.an.presses(999, "1~t3st~home.menu")
    event = await line.event()
    assert (event.kind, event.message) == (Kind.PRESS, "999")


@pytest.mark.parametrize(
    ("does", "kind"),
    [
        (Person.sends_photo, "photo"),
        (Person.sends_document, "document"),
        (Person.sends_voice, "voice"),
        (Person.sends_video_note, "video_note"),
        (Person.sends_sticker, "sticker"),
        (Person.sends_location, "location"),
        (Person.sends_contact, "contact"),
    ],
)
async def test_files_and_the_like_are_media_named_by_their_kind(
    line: Line,
    does: Callable[[Person], Any],
    kind: str,
) -> None:
    does(line.an)
    event = await line.event()
    assert (event.kind, event.text) == (Kind.MEDIA, kind)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"animation": {}, "document": {}}, "animation"),
        ({"venue": {}, "location": {}}, "venue"),
        ({"poll": {}}, "poll"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "dice"),
        ({"audio": {}}, "audio"),
        ({"video": {}, "caption": "xem này"}, "video"),
    ],
)
async def test_rarer_media(line: Line, content: dict[str, Any], kind: str) -> None:
    line.double.feed({"message": message(line.an, **content)})
    event = await line.event()
    assert (event.kind, event.text) == (Kind.MEDIA, kind)


async def test_a_forwarded_text_says_so(line: Line) -> None:
    line.an.forwards("Lời người khác")
    event = await line.event()
    assert (event.kind, event.text, event.forwarded) == (Kind.TEXT, "Lời người khác", True)


async def test_an_edited_text_is_an_event_of_its_own(line: Line) -> None:
    said = line.an.says("nhầm")["message"]["message_id"]
    line.an.edits(said, "đúng")
    assert [(event.kind, event.text) for event in await line.events()] == [
        (Kind.TEXT, "nhầm"),
        (Kind.EDITED, "đúng"),
    ]


@pytest.mark.parametrize("word", ["/hoctap", "/hoctap@double_bot", "/hoctap@Double_Bot 3"])
async def test_a_command_to_us_in_a_group_is_an_event_of_the_group(line: Line, word: str) -> None:
    line.an.says(word, chat=line.double.group(-100200))
    event = await line.event()
    assert (event.kind, event.address, event.text) == (Kind.GROUP, "-100200", word)


async def test_blocking_and_coming_back(line: Line) -> None:
    line.an.blocks()
    line.an.unblocks()
    assert [(event.kind, event.address) for event in await line.events()] == [
        (Kind.BLOCKED, "7"),
        (Kind.UNBLOCKED, "7"),
    ]


def message(person: Person, **content: Any) -> dict[str, Any]:
    return {"message_id": 50, "from": person.user, "chat": person.chat.wire, "date": 1_791_162_000, **content}


Deed = Callable[[TelegramDouble, Person], Any]
SILENCE: dict[str, Deed] = {
    "a talk in a group": lambda double, an: an.says("mai họp nhé", chat=double.group(-5)),
    "a command to another bot": lambda double, an: an.says("/x@other_bot", chat=double.group(-5)),
    "a path in a group": lambda double, an: an.says("/home/an", chat=double.group(-5)),
    "a photo in a group": lambda double, an: double.feed(
        {"message": message(an, chat=double.group(-5).wire, photo=[])}
    ),
    "another bot": lambda double, _an: double.person(99, is_bot=True).says("beep"),
    "another bot's edit": lambda double, an: double.feed(
        {"edited_message": message(an, text="x", **{"from": an.user | {"is_bot": True}})}
    ),
    "a channel's post": lambda double, _an: double.posts(double.channel(-6), "tin"),
    "a message without a sender": lambda double, an: double.feed(
        {
            "message": {
                "message_id": 1,
                "chat": double.channel(-6).wire,
                "date": 1,
                "text": an.user["first_name"],
            }
        }
    ),
    "a person in a channel": lambda double, an: an.says("?", chat=double.channel(-6)),
    "an inline query": lambda _double, an: an.asks_inline("tra cứu"),
    "a place that moves": lambda double, an: double.feed(
        {"edited_message": message(an, location={"latitude": 21.0, "longitude": 105.8})}
    ),
    "an edit in a group": lambda double, an: double.feed(
        {"edited_message": message(an, chat=double.group(-5).wire, text="x")}
    ),
    "a note of Telegram's": lambda double, an: double.feed(
        {"message": message(an, message_auto_delete_timer_changed={"message_auto_delete_time": 60})}
    ),
    "being added to a group": lambda double, an: an.adds_bot(double.group(-5)),
    "being removed from a group": lambda double, an: an.removes_bot(double.group(-5)),
}


@pytest.mark.parametrize("deed", SILENCE.values(), ids=SILENCE.keys())
async def test_silence_on_purpose(line: Line, deed: Deed) -> None:
    deed(line.double, line.an)
    said = line.an.says("còn đây")
    assert [event.event for event in await line.events()] == [str(said["update_id"])]


async def test_a_press_that_is_no_event_is_answered_all_the_same(line: Line) -> None:
    line.an.presses(3, "x", chat=line.double.group(-5))
    async with running(line.telegram, line.taken.receive):
        await line.double.until(lambda: not line.double.unanswered)
    assert line.taken.events == []


async def test_an_unreadable_update_is_skipped_and_logged_without_what_tells_whose_it_is(line: Line) -> None:
    line.double.feed({"message": message(line.an, text="bí mật") | {"chat": {"id": "seven"}}})
    said = line.an.says("còn đây")
    with structlog.testing.capture_logs() as lines:
        events = await line.events()
    assert [event.event for event in events] == [str(said["update_id"])]
    assert lines == [{"event": "telegram_update_unreadable", "log_level": "error"}]
