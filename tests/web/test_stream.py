"""Streams that break: nothing is lost, nothing doubled, everything ends in its place."""

import asyncio
import random  # noqa: TID251 - seeded, so that a failure can be repeated
from contextlib import AsyncExitStack
from typing import Any

import pytest
from markupsafe import Markup, escape

from bot.channels.webstreams import Streams
from bot.web.chat import RECENT
from handlers.kit.channel import Outgoing, Sent, Unreachable
from handlers.kit.reply import Reply
from storage.database import StorageUnavailableError
from tests.web.house import Browser, Follower, House, until


class Page:
    """What the front end does with messages: known ids are replaced, and `seq` is the order."""

    def __init__(self) -> None:
        self.last: int | None = None
        self.messages: dict[str, dict[str, Any]] = {}
        self.received: list[int] = []

    async def read(self, stream: Follower, number: int) -> None:
        for _ in range(number):
            event = await stream.next()
            while event.name == "notice":
                event = await stream.next()
            assert event.id is not None
            self.received.append(event.id)
            self.last = event.id
            self.messages[event.data["id"]] = event.data

    @property
    def shown(self) -> list[str]:
        return [each["html"] for each in sorted(self.messages.values(), key=lambda one: one["seq"])]


async def _as_kept(house: House, browser: Browser) -> list[str]:
    kept = await house.transcript(browser)
    return [message.html for message in sorted(kept, key=lambda one: one.place)]


@pytest.mark.parametrize("seed", range(4))
async def test_a_page_that_is_cut_off_again_and_again_ends_complete(
    demo: House, ha: Browser, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - a test's dice
    page = Page()
    await ha.says("/pages")
    for number in range(12):
        demo.clock.forward(minutes=1)
        if dice.random() < 0.5:
            shown = await demo.transcript(ha)
            turned = next(message for message in shown if "Page" in message.html)
            await ha.send(kind="press", payload=turned.buttons[0][0][1], message=turned.id)
        else:
            await ha.says(f"/echo {number}")
        if dice.random() < 0.7:
            missing = sum(message.seq > (page.last or 0) for message in await demo.transcript(ha))
            async with ha.stream(last=page.last) as stream:
                await page.read(stream, dice.randint(0, missing))
    missing = sum(message.seq > (page.last or 0) for message in await demo.transcript(ha))
    async with ha.stream(last=page.last) as stream:
        await page.read(stream, missing)
    assert page.shown == await _as_kept(demo, ha)
    assert page.received == sorted(set(page.received))


async def test_two_tabs_show_the_same(demo: House, ha: Browser) -> None:
    one, other = Page(), Page()
    async with ha.stream() as first, ha.stream() as second:
        await ha.says("/many")
        number = len(await demo.transcript(ha))
        await one.read(first, number)
        await other.read(second, number)
    assert one.shown == other.shown == await _as_kept(demo, ha)


async def test_the_browsers_own_word_is_newer_than_the_address(demo: House, ha: Browser) -> None:
    await ha.says("/echo one")
    newest = (await demo.transcript(ha))[-1]
    async with ha.stream(last=newest.seq - 1, after=1) as stream:
        assert (await stream.next()).id == newest.seq
    async with ha.stream(after=newest.seq - 1) as stream:
        assert (await stream.next()).id == newest.seq


@pytest.mark.parametrize("last", [0, 987_654_321])
async def test_a_number_nobody_gave_begins_anew(ha: Browser, last: int) -> None:
    async with ha.stream(last=last) as stream:
        assert (await stream.next()).data["html"] == "<p>/menu</p>"


async def test_words_in_place_of_a_number_begin_anew(ha: Browser) -> None:
    async with ha.client.get("/chat/stream", headers={"Last-Event-ID": "1; DROP TABLE"}) as response:
        assert (await Follower(response).next()).data["html"] == "<p>/menu</p>"


async def test_only_the_recent_messages_come_first_and_an_old_one_when_it_changes(
    demo: House, ha: Browser
) -> None:
    await ha.says("/pages")
    turned = (await demo.transcript(ha))[-1]
    address = await ha.address()
    for number in range(RECENT):
        await demo.chat.push(Outgoing(f"key-{number}", address, Reply(Markup("number ") + str(number))))
    page = Page()
    async with ha.stream() as stream:
        await page.read(stream, RECENT)
        assert page.shown[0] == "<p>number 0</p>"
        await ha.send(kind="press", payload=turned.buttons[0][0][1], message=turned.id)
        await page.read(stream, 1)
    assert page.shown[0] == "<p><b>Page</b> 2</p>"


async def test_a_repeated_push_doubles_nothing(demo: House, ha: Browser) -> None:
    address = await ha.address()
    outgoing = Outgoing("study:1:first:6", address, Reply(Markup("a card")))
    first = await demo.chat.push(outgoing)
    assert isinstance(first, Sent)
    assert await demo.chat.push(outgoing) == first
    shown = await demo.transcript(ha)
    assert [message.html for message in shown].count("<p>a card</p>") == 1
    assert shown[-1].id == first.message


async def test_an_edit_of_a_message_that_is_gone_is_a_new_one(demo: House, ha: Browser) -> None:
    outgoing = Outgoing("key", await ha.address(), Reply(Markup("text"), edit=True), replaces="0" * 32)
    receipt = await demo.chat.push(outgoing)
    assert isinstance(receipt, Sent)
    assert (await demo.transcript(ha))[-1].id == receipt.message != "0" * 32


@pytest.mark.parametrize("ephemeral", [False, True])
async def test_a_push_to_nobody_says_so(demo: House, *, ephemeral: bool) -> None:
    outgoing = Outgoing("key", "nobody", Reply(Markup("text"), ephemeral=ephemeral))
    assert await demo.chat.push(outgoing) == Unreachable("gone")


async def test_pushes_at_once_get_numbers_of_their_own(demo: House, ha: Browser) -> None:
    address = await ha.address()
    await asyncio.gather(
        *(demo.chat.push(Outgoing(f"k{number}", address, Reply(escape(number)))) for number in range(20))
    )
    numbers = [message.seq for message in await demo.transcript(ha)]
    assert len(set(numbers)) == len(numbers)


async def test_a_page_that_reads_nothing_holds_up_nobody(demo: House, ha: Browser) -> None:
    address = await ha.address()
    long_text = escape("x" * 15_000)
    async with ha.stream() as slow, ha.stream() as quick:
        for number in range(150):
            await demo.chat.push(Outgoing(f"key-{number}", address, Reply(long_text + str(number))))
        await demo.chat.push(Outgoing("end", address, Reply(Markup("the end"))))
        seen_quickly = await quick.until("the end")
        seen_slowly = await slow.until("the end")
    assert seen_slowly == seen_quickly
    assert len(seen_quickly) == 153


async def test_leaving_ends_the_pages_of_this_session_only(demo: House, ha: Browser) -> None:
    async with demo.browser() as elsewhere:
        await elsewhere.choose("NV06")
        async with ha.stream() as here, elsewhere.stream() as there:
            await here.take(2)
            await there.take(2)
            await ha.post("/logout", data={"csrf": ha.csrf})
            gone = await here.next()
            await here.ended()
            await elsewhere.says("/echo still here")
            await there.until("<p>echo still here</p>")
    assert gone.name == "gone"
    assert "đã thoát" in gone.data["text"]


async def test_without_a_session_a_stream_says_so_and_ends(demo: House) -> None:
    async with demo.browser() as stranger, stranger.stream() as stream:
        event = await stream.next()
        await stream.ended()
    assert event.name == "gone"
    assert "vào lại" in event.data["text"]


async def test_more_streams_than_anybody_needs_are_refused(demo: House, ha: Browser) -> None:
    async with AsyncExitStack() as open_pages:
        for _ in range(20):
            page = await open_pages.enter_async_context(ha.stream())
            await page.next()
        assert (await ha.get("/chat/stream")).status == 429
        assert demo.streams.total == 20


async def test_closed_pages_are_forgotten(demo: House, ha: Browser) -> None:
    async with ha.stream() as stream:
        await stream.next()
        assert demo.streams.total == 1
    await until(lambda: demo.streams.total == 0)


async def test_stopping_the_server_ends_open_streams(demo: House, ha: Browser) -> None:
    async with ha.stream() as stream:
        await stream.take(2)
        await demo.server.stop()
        await stream.ended()


async def test_what_was_only_passed_on_is_forgotten() -> None:
    streams = Streams(linger_s=0)
    streams.pass_on("address", b"event")
    await until(lambda: not streams._lingering)
    with streams.opened("address", "session") as stream:
        assert stream.take() == []


async def test_who_left_gets_nothing_of_what_was_passed_on() -> None:
    streams = Streams()
    streams.pass_on("address", b"event")
    streams.end_session("address", "session", b"gone")
    with streams.opened("address", "session") as stream:
        assert stream.take() == []


async def test_after_the_close_streams_end_at_once() -> None:
    streams = Streams()
    streams.close()
    with streams.opened("address", "session") as stream:
        assert stream.is_ended
        assert await stream.wait(60)


async def test_a_quiet_stream_says_that_it_lives() -> None:
    streams = Streams()
    with streams.opened("address", "session") as stream:
        stream.begin_look()
        assert not await stream.wait(0)


async def test_a_quiet_stream_is_kept_alive_by_comments(ha: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.chat.KEEP_ALIVE_S", 0.01)
    async with ha.client.get("/chat/stream") as answer:
        lines = answer.content
        while await lines.readline() != b": \n":
            assert not lines.at_eof()


async def test_a_stream_ends_after_its_time_and_the_next_one_goes_on(
    ha: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.chat.STREAM_LIFE_S", 0)
    async with ha.stream() as stream:
        first, second = await stream.take(2)
        await stream.ended()
    assert first.id is not None
    async with ha.stream(last=first.id) as stream:
        assert await stream.next() == second
        await stream.ended()


async def test_while_the_database_is_away_a_stream_ends_and_the_browser_comes_back(
    ha: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unavailable(*_arguments: Any) -> list[Any]:
        raise StorageUnavailableError("locked")

    with monkeypatch.context() as broken:
        broken.setattr("storage.web.changes", unavailable)
        async with ha.stream() as stream:
            await stream.ended()
    async with ha.stream() as stream:
        assert (await stream.next()).data["html"] == "<p>/menu</p>"
