"""What people do in an official account, as it comes by the webhook over HTTP; and who else may call it."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.channels.webhooks import MAX_BODY
from handlers.kit.errors import FileUnavailableError, Unavailable
from handlers.kit.files import LARGEST
from handlers.kit.incoming import Incoming, IncomingFile, Kind
from storage.database import StorageUnavailableError
from tests.channels.zalo_oa.harness import Oa, outgoing
from tests.doubles.telegram.person import PIXEL
from tests.doubles.zalo import OA_ID
from tests.doubles.zalo.answers import Json

PRESS = "1~t3st~home.open~hoctap"


async def test_a_text(hook: Oa) -> None:
    hook.lan.says("Cha\u0300o chị 😀")
    event = await hook.event()
    assert (event.channel, event.address, event.kind) == ("zalo_oa", "lan", Kind.TEXT)
    assert (event.text, event.event) == ("Chào chị 😀", "lan-1")
    assert await hook.brought() == [200]


async def test_a_text_with_an_address_is_a_text(hook: Oa) -> None:
    said = hook.lan.says("https://congdoan.example")
    said["message"]["msg_id"] = "other"
    await hook.double.post(said | {"event_name": "user_send_link"})
    event = await hook.event()
    assert (event.event, event.kind, event.text) == ("other", Kind.TEXT, "https://congdoan.example")


async def test_a_press_is_a_text_that_is_not_shown(hook: Oa) -> None:
    hook.lan.window.renews(hook.double.now())
    await hook.channel.push(outgoing("Chọn:", "Học tập"))
    hook.lan.taps("Học tập")
    event = await hook.event()
    assert (event.kind, event.payload, event.text) == (Kind.PRESS, "1~t3st~home.open~0", "")


async def test_only_what_has_the_form_of_a_press_is_one(hook: Oa) -> None:
    """Of another version, of another branch, forged: whoever gets it looks at what it says."""
    for text in (PRESS, "27~0ther~study.card~1", "1~t3st~x.x~" + "9" * 200):
        hook.lan.says(text)
        event = await hook.event()
        assert (event.kind, event.payload) == (Kind.PRESS, text)
    for text in ("~~~~", "1~2", "1~2~3~4", f"{PRESS} {PRESS}"):
        hook.lan.says(text)
        event = await hook.event()
        assert (event.kind, event.text) == (Kind.TEXT, text)


async def test_a_picture_and_a_file(hook: Oa) -> None:
    hook.lan.sends_image(PIXEL)
    event = await hook.event()
    assert (event.kind, event.text) == (Kind.MEDIA, "photo")
    assert event.file is not None
    assert (event.file.name, event.file.mime) == ("photo.jpg", "image/jpeg")
    assert await hook.channel.fetch(event.file) == PIXEL
    hook.lan.sends_file(b"%PDF-", "../Đơn.pdf")
    event = await hook.event()
    assert event.text == "document"
    assert event.file is not None
    assert (event.file.name, event.file.mime, event.file.size) == ("Đơn.pdf", "application/pdf", 5)
    assert await hook.channel.fetch(event.file) == b"%PDF-"


async def test_what_is_written_under_a_picture_comes_with_it(hook: Oa) -> None:
    sent = hook.lan.sends_image()
    sent["message"] |= {"text": "đây <ạ>", "msg_id": "other"}
    await hook.double.post(sent)
    assert (await hook.event()).rich == "đây &lt;ạ&gt;"


async def test_a_picture_that_makes_no_sense_is_a_picture_all_the_same(hook: Oa) -> None:
    sent = hook.lan.sends_image()
    odd: list[Any] = [{"url": 7}, {}, None, [], [{"payload": {"url": None}}]]
    for number, attachments in enumerate(odd):
        sent["message"] |= {"attachments": attachments, "msg_id": f"other-{number}"}
        await hook.double.post(sent)
        event = await hook.event()
        assert (event.event, event.text, event.file) == (f"other-{number}", "photo", None)


@pytest.mark.parametrize(
    ("reference", "size", "reason"),
    [
        ("http://198.51.100.7/x", 1, Unavailable.NOT_GIVEN),
        ("file:///etc/passwd", 1, Unavailable.NOT_GIVEN),
        ("https://198.51.100.7/x", LARGEST + 1, Unavailable.TOO_LARGE),
    ],
)
async def test_what_is_not_fetched(oa: Oa, reference: str, size: int, reason: Unavailable) -> None:
    with pytest.raises(FileUnavailableError) as failed:
        await oa.channel.fetch(IncomingFile("x", "a/b", size, reference))
    assert failed.value.reason is reason


async def test_everything_else_that_people_send(hook: Oa) -> None:
    person = hook.lan
    person.sends_sticker(), person.sends_audio(), person.sends_location(), person.sends_nothing()
    await hook.brought()
    assert [(each.kind, each.text) for each in hook.taken.events] == [
        (Kind.MEDIA, "sticker"),
        (Kind.MEDIA, "voice"),
        (Kind.MEDIA, "location"),
        (Kind.MEDIA, "unsupported"),
    ]


async def test_following_and_leaving(hook: Oa) -> None:
    hook.lan.follows()
    hook.lan.unfollows()
    await hook.brought()
    assert [(each.address, each.kind) for each in hook.taken.events] == [
        ("lan", Kind.UNBLOCKED),
        ("lan", Kind.BLOCKED),
    ]


async def test_what_is_nobodys_deed_is_ignored(hook: Oa) -> None:
    said = hook.lan.says("chào")
    others: list[Json] = [
        said | {"event_name": "oa_send_text", "sender": {"id": OA_ID}, "recipient": {"id": "lan"}},
        said | {"event_name": "user_seen_message"},
        said | {"event_name": "user_send_group_text"},
        said | {"event_name": "something_new"},
    ]
    for each in others:
        await hook.double.post(each)
    assert set(await hook.brought()) == {200}
    assert hook.taken.texts == ["chào"]


async def test_what_is_not_as_zalo_describes_it_is_logged_without_its_content(hook: Oa) -> None:
    said = hook.lan.says("chào")
    await hook.brought()
    odd: list[Json] = [
        {"sender": None}, {"sender": {"id": 7}}, {"message": "chào"}, {"message": {"text": ["x"]}},
    ]  # fmt: skip
    with capture_logs() as logged:
        for change in odd:
            await hook.double.post(said | change)
    assert logged == [{"event": "zalo_event_unreadable", "log_level": "error"}] * 4
    assert await hook.brought() == [200] * 5
    assert len(hook.taken.events) == 1


async def test_what_is_brought_again_counts_once(hook: Oa) -> None:
    """By the message's number; where there is none, by who did what at which moment."""
    for happened in (hook.lan.says("chào"), hook.lan.follows(), hook.lan.sends_nothing()):
        await hook.double.post(happened)
    assert await hook.brought() == [200] * 6
    assert [each.kind for each in hook.taken.events] == [Kind.TEXT, Kind.UNBLOCKED, Kind.MEDIA]
    hook.double.advance(1)
    hook.lan.follows()
    hook.lan.sends_nothing()
    assert len(await hook.brought()) == 8
    assert len(hook.taken.events) == 5


async def test_a_number_that_is_too_long_is_known_by_its_digest(hook: Oa) -> None:
    said = hook.lan.says("chào")
    said["message"]["msg_id"] = "x" * 65
    await hook.double.post(said)
    assert len((await hook.event()).event) == 64


async def test_who_has_no_key_is_not_heard(hook: Oa) -> None:
    said = hook.lan.says("chào")
    await hook.brought()
    assert (await hook.double.post(said, key="a key of theirs")).status == 403
    changed = await hook.double.post(said | {"app_id": "another app"})
    assert changed.status == 403
    for body in (b"", b"{", b"[]", b'{"event_name": "follow"}', b"\xff", b"[" * 10_000):
        assert await hook.post(body) == 403
        assert await hook.post(body, "mac=ữ") == 403
    assert len(hook.taken.events) == 1


async def test_the_signature_may_come_without_its_name(hook: Oa) -> None:
    hook.double.prefixed = False
    hook.lan.says("chào")
    assert (await hook.event()).text == "chào"


async def test_an_event_is_heard_in_its_time(hook: Oa) -> None:
    """A day long, also when the clocks differ by some minutes."""
    now = hook.double.now()
    for minutes in (-24 * 60 - 1, -24 * 60 + 1, 4, 6):
        said = hook.lan.says(f"{minutes}")
        said["timestamp"] = str(now + minutes * 60_000)
    assert await hook.brought() == [200] * 4
    assert hook.taken.texts == ["-1439", "4"]


async def test_a_moment_that_is_none(hook: Oa) -> None:
    said = hook.lan.says("chào")
    odd = ("", "soon", "-1", "9" * 15, "9" * 5_000, -5, "²")
    statuses = [(await hook.double.post(said | {"timestamp": moment})).status for moment in odd]
    assert statuses == [200] * len(odd)
    await hook.brought()
    assert len(hook.taken.events) == 1


async def test_more_than_any_event_is_not_read(hook: Oa) -> None:
    assert await hook.post(b" " * 10_000_000) == 413
    assert await hook.post(b" " * MAX_BODY) == 403


async def test_while_nobody_takes_events_zalo_is_told_so(hook: Oa) -> None:
    await hook.stop()
    hook.lan.says("chào")
    assert await hook.brought() == [503]
    assert hook.taken.events == []


async def test_zalo_is_answered_before_a_slow_effect_and_it_comes_all_the_same(
    hook: Oa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.zalo.channel.ZaloChannel._take.__defaults__", (0.0,))
    go, done, refusals = asyncio.Event(), asyncio.Event(), 1

    async def before(incoming: Incoming) -> None:
        nonlocal refusals
        await go.wait()
        if refusals:
            refusals -= 1
            raise StorageUnavailableError("OperationalError")
        if incoming.text == "ba":
            done.set()

    hook.taken.before = before
    for text in ("một", "hai", "ba"):
        hook.lan.says(text)
    assert await hook.brought() == [200] * 3
    assert hook.taken.events == []
    go.set()
    await done.wait()
    assert hook.taken.texts == ["một", "hai", "ba"]
