"""What the platform's events become, and which of them are nobody's words."""

from typing import Any

import msgspec
import pytest

from bot.channels.zalo_bot import events
from handlers.kit.incoming import Incoming, Kind
from tests.doubles.zalo import ZaloBotDouble


def read(event: dict[str, Any]) -> Incoming | None:
    return events.read(events.decode(msgspec.json.encode(event)))


def message(**values: Any) -> dict[str, Any]:
    known = {
        "from": {"id": "lan", "display_name": "Lan", "is_bot": False},
        "chat": {"id": "lan", "chat_type": "PRIVATE"},
        "message_id": "m1",
        "date": 1,
    }
    return {"event_name": "message.text.received", "message": known | values}


def test_both_envelopes(double: ZaloBotDouble) -> None:
    event = double.person("lan").says("chào")
    expected = Incoming("zalo_bot", event["message"]["message_id"], "lan", Kind.TEXT, "chào")
    assert read(event) == read({"ok": True, "result": event}) == expected


def test_text_is_cleaned() -> None:
    incoming = read(message(text="Cha\u0300o\u200b\r\nchi\u0323"))
    assert incoming is not None
    assert incoming.text == "Chào\nchị"


def test_a_broken_letter_hides_nothing() -> None:
    body = msgspec.json.encode(message(text="ch@ao")).replace(b"@", rb"\ud800")
    incoming = events.read(events.decode(body))
    assert incoming is not None
    assert incoming.text == "chao"


@pytest.mark.parametrize("key", ["photo", "photo_url"])
@pytest.mark.parametrize("caption", ["", "Quạt <hỏng>"])
def test_pictures(double: ZaloBotDouble, key: str, caption: str) -> None:
    lan = double.person("lan")
    lan.photo_key = key
    event = lan.sends_photo(caption=caption)
    incoming = read(event)
    assert incoming is not None
    assert (incoming.kind, incoming.text) == (Kind.MEDIA, "photo")
    assert incoming.rich == caption.replace("<", "&lt;").replace(">", "&gt;")
    assert incoming.file is not None
    assert incoming.file.reference == event["message"][key]


def test_a_picture_without_an_address_is_no_file() -> None:
    incoming = read(message() | {"event_name": "message.image.received"})
    assert incoming is not None
    assert (incoming.text, incoming.file) == ("photo", None)


def test_everything_else_is_something_that_isn_t_read(double: ZaloBotDouble) -> None:
    lan = double.person("lan")
    deeds = [lan.sends_sticker(), lan.sends_voice(), lan.sends_unsupported()]
    found = [incoming for event in deeds if (incoming := read(event))]
    assert [each.text for each in found] == ["sticker", "voice", "unsupported"]
    assert {each.kind for each in found} == {Kind.MEDIA}
    assert not any(each.rich or each.file for each in found)


def test_an_event_without_a_message_is_nobody_s(double: ZaloBotDouble) -> None:
    assert read(double.person("lan").sends_unsupported(with_message=False)) is None
    assert read({"event_name": "message.unsupported.received", "message": None}) is None


def test_bots_are_not_answered() -> None:
    assert read(message(text="chào") | {}) is not None
    assert read(message(text="chào", **{"from": {"id": "b", "is_bot": True}})) is None


def test_in_groups_only_commands_are_heard(double: ZaloBotDouble) -> None:
    group, lan = double.group("g1"), double.person("lan")
    assert read(lan.says("menu nào", chat=group)) is None
    assert read(lan.sends_sticker(chat=group)) is None
    incoming = read(lan.says("/menu", chat=group))
    assert incoming is not None
    assert (incoming.kind, incoming.address) == (Kind.GROUP, "g1")


@pytest.mark.parametrize("kind", ["group", "SUPERGROUP", "CHANNEL"])
def test_what_isn_t_private_for_certain_is_a_group(kind: str) -> None:
    chat = {"id": "c1", "chat_type": kind}
    assert read(message(text="ABCD-EFGH-JKMN", chat=chat)) is None
    incoming = read(message(text="/toi", chat=chat))
    assert incoming is not None
    assert incoming.kind is Kind.GROUP


@pytest.mark.parametrize("chat", [{"id": "c1"}, {"id": "c1", "chat_type": "private"}])
def test_a_chat_without_a_kind_is_private(chat: dict[str, str]) -> None:
    incoming = read(message(text="/toi", chat=chat))
    assert incoming is not None
    assert incoming.kind is Kind.TEXT


def test_a_long_number_of_an_event_is_known_again() -> None:
    one, other = (read(message(message_id="m" * 300 + end)) for end in "ab")
    assert one is not None
    assert other is not None
    assert one.event != other.event
    assert len(one.event) == 64
    again = read(message(message_id="m" * 300 + "a"))
    assert again is not None
    assert again.event == one.event


UNREADABLE = [
    message(chat={"id": "l" * 65}),
    message(chat={"id": 7}),
    message(chat=None),
    message(message_id=None),
    message(text=["chào"]),
    {"event_name": "message.text.received", "message": {"text": "chào"}},
]


@pytest.mark.parametrize("event", UNREADABLE)
def test_what_isn_t_as_described_is_refused_without_a_word_of_it(event: dict[str, Any]) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the base of what may be raised
        read(event)
    assert "chào" not in str(refused.value)
