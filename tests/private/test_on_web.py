"""What only the web chat has: pages that mark what is private, and that come and go."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from markupsafe import Markup

from bot.channels import webchat
from handlers.kit.channel import Outgoing, Sent
from handlers.kit.reply import Attachment, Reply
from storage.database import Database
from tests.private.note import LOST, RECEIPT
from tests.storage.snapshot import changes, snapshot
from tests.web.house import Browser, Event, House, until

PHRASE = "bếp ăn ca nấu đồ ôi"
# The only event without any data is the end.
OVER = "{}"
SEND = {"kind": "press", "payload": "1~t3st~note.send", "private": True}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def page(house: House) -> AsyncIterator[Browser]:
    async with house.browser() as browser:
        await browser.choose("NV06")
        yield browser


async def _events(page: Browser, last: str) -> list[Event]:
    """What a page that opens now gets, up to the event that holds `last`; its transcript left out."""
    async with page.stream() as stream:
        return [event for event in await stream.until(last) if event.id is None]


def _named(events: list[Event], name: str) -> list[dict[str, Any]]:
    return [event.data for event in events if event.name == name]


async def test_what_was_written_never_comes_back_from_the_server(house: House, page: Browser) -> None:
    before = await house.transcript(page)
    async with page.stream() as stream:
        await stream.until("Đặng Thu Hà")
        await page.send(id="opening-1", text="/ghi")
        opening = await stream.until("Mời bạn viết")
        await page.send(id="writing-1", text=PHRASE, private=True)
        writing = await stream.until("Đọc lại")
        await page.send(message=writing[-1].data["id"], **SEND)
        ending = await stream.until(OVER)
    assert [event.name for event in opening] == ["taken", "message"]
    assert [event.data.get("client") for event in writing] == ["writing-1", None]
    assert [event.data["private"] for event in (opening[-1], writing[-1])] == [True, True]
    assert [event.name for event in ending] == ["message", "erased", "private_over"]
    last, erased, _ = ending
    assert (last.data["id"], last.data["private"]) == (writing[-1].data["id"], False)
    assert erased.data["ids"] == ["opening-1", opening[-1].data["id"], "writing-1"]
    assert await house.transcript(page) == before


async def test_a_page_that_is_loaded_again_gets_the_bot_s_side(house: House, page: Browser) -> None:
    await page.says("/ghi")
    await page.send(text=PHRASE, private=True)
    house.clock.forward(seconds=600)
    events = await _events(page, "Đọc lại")
    assert [data["private"] for data in _named(events, "message")] == [True, True]
    await page.send(text="/huy", private=True)
    events = await _events(page, OVER)
    shown = [str(data["html"]) for data in _named(events, "message")]
    assert [text for text in shown if PHRASE in text or "Mời bạn viết" in text] == []
    assert len(_named(events, "private_over")) == 1


async def test_what_stays_after_the_end_waits_for_no_page(house: House, page: Browser) -> None:
    await page.says("/ghi")
    await page.send(text=PHRASE, private=True)
    await page.send(kind="press", payload="1~t3st~note.leave", private=True)
    events = await _events(page, OVER)
    assert [data for data in _named(events, "message") if PHRASE in str(data["html"])] == []
    assert house.chat._private == {}


async def test_a_file_of_an_erased_message_can_not_be_fetched(house: House, page: Browser) -> None:
    address = await page.address()
    file = Attachment("a.png", "image/png", b"4711")
    reply = Reply(Markup("đây"), attachment=file, ephemeral=True)
    receipt = await house.chat.push(Outgoing("key", address, reply, private=True))
    [event] = [each for each in await _events(page, "đây") if each.name == "message"]
    url = event.data["file"]["url"]
    assert (await page.get(url)).status == 200
    assert isinstance(receipt, Sent)
    await house.chat.erase(address, [receipt.message])
    assert (await page.get(url)).status == 404


async def test_a_marked_text_is_kept_nowhere_also_after_a_restart(house: House, page: Browser) -> None:
    await page.says("/ghi")
    await page.send(text=PHRASE, private=True)
    before = await snapshot(house.database)
    house.restart()
    menu = {"kind": "press", "payload": "1~t3st~home.open~menu"}
    for marked in ({"text": PHRASE}, {"text": "viết kín"}, menu):
        answer = await page.send(**marked, private=True)
        assert answer.status == 202
    answer = await page.send_file("a.pdf", "application/pdf", b"4711", text=PHRASE, private="1")
    assert answer.status == 202
    events = await _events(page, OVER)
    assert {LOST in str(data["html"]) for data in _named(events, "message")} == {True}
    assert await changes(house.database, before) == {}


async def test_what_was_written_before_the_page_knew_of_the_end_is_not_lied_about(
    house: House, page: Browser
) -> None:
    await page.says("/ghi")
    await page.send(text=PHRASE, private=True)
    await page.send(**SEND)
    before = await snapshot(house.database)
    await page.send(text="thêm một ý", private=True)
    events = await _events(page, "đã kết thúc trước khi")
    assert LOST not in str(events)
    assert RECEIPT in str(events)
    assert await changes(house.database, before) == {}


async def _written(page: Browser) -> str:
    """A conversation in which something was written; the id of the message with the button."""
    async with page.stream() as stream:
        await page.says("/ghi")
        await page.send(text=PHRASE, private=True)
        return str((await stream.until("Đọc lại"))[-1].data["id"])


def _lingering(house: House, address: str) -> str:
    return b"".join(house.streams._lingering.get(address, {}).values()).decode()


async def test_a_receipt_waits_for_a_page_that_is_away_until_it_is_deleted(
    house: House, page: Browser
) -> None:
    """Everything else is given up after two minutes, here at once; nothing of it is stored."""
    house.streams._linger_s = 0
    message = await _written(page)
    before = await snapshot(house.database)
    await page.send(message=message, **SEND)
    await house.delivery.settle()
    for _ in range(2):
        [shown] = [event for event in await _events(page, RECEIPT) if event.name == "message"]
    await page.send(kind="press", payload="1~t3st~note.wipe", message=shown.data["id"])
    address = await page.address()
    await until(lambda: RECEIPT not in _lingering(house, address))
    assert await changes(house.database, before) == {}


async def test_nor_does_it_wait_for_ever(
    house: House, page: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webchat, "WRITING_TIME", timedelta(milliseconds=50))
    message = await _written(page)
    async with page.stream() as stream:
        await page.send(message=message, **SEND)
        await stream.until(RECEIPT)
    address = await page.address()
    await until(lambda: RECEIPT not in _lingering(house, address))


async def test_uploads_reach_the_step_and_no_file(house: House, page: Browser, database: Database) -> None:
    await page.says("/ghi")
    before = await snapshot(database)
    answer = await page.send_file("a.pdf", "application/pdf", b"4711" * 1000, text=PHRASE, private="1")
    assert answer.status == 202
    events = await _events(page, "a.pdf 4000")
    assert PHRASE in str(events[-1].data)
    assert await changes(database, before) == {}
    assert house.chat._files == {}
