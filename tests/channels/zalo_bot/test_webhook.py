"""The webhook, over real HTTP: who may call it, what each answer promises, and that Zalo never waits long."""

import asyncio
import hmac
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import aiohttp
import msgspec
import pytest
import structlog
import uvicorn
from starlette.applications import Starlette

from bot.channels import inbox
from bot.channels.webhooks import MAX_BODY, is_secret, secret_of
from bot.channels.zalo_bot.adapter import ZaloBot
from bot.channels.zalo_bot.webhook import HEADER, PATH
from bot.system import spawn
from handlers.kit.incoming import Incoming
from storage.database import StorageUnavailableError
from tests.channels.hanging_up import hung_up
from tests.channels.telegram.harness import Pauses, Taken
from tests.channels.zalo_bot.harness import PUBLIC, TOKEN, Place, known, outgoing, running, texts
from tests.doubles.zalo import ZaloBotDouble
from tests.world import World


@dataclass
class Hook:
    url: str
    zalo: ZaloBot
    double: ZaloBotDouble

    async def post(self, body: bytes, secret: str | None = None) -> int:
        """As whoever knows the address; the answer's status."""
        headers = {} if secret is None else {HEADER: secret}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.url + PATH, data=BytesIO(body), headers=headers) as answer,
        ):
            return answer.status

    async def ready(self) -> None:
        await self.double.until(lambda: bool(self.double.courier.url))

    async def posted(self, number: int) -> list[int | None]:
        """The answers to so many events."""
        await self.double.until(lambda: len(self.double.deliveries) == number and not self.double.pending)
        return [delivery.status for delivery in self.double.deliveries]


@pytest.fixture
async def hook(place: Place) -> AsyncIterator[Hook]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        async with (
            ZaloBotDouble(TOKEN, origin=url) as double,
            place.connected(double.url, public_url=PUBLIC) as zalo,
            _served(zalo, listening),
        ):
            yield Hook(url, zalo, double)


@asynccontextmanager
async def _served(zalo: ZaloBot, listening: socket.socket) -> AsyncIterator[None]:
    app = Starlette(routes=[zalo.route()])
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
    task = spawn(server.serve(sockets=[listening]), "web")
    yield
    server.should_exit = True
    await task


async def test_zalo_is_told_where_and_what(hook: Hook, taken: Taken) -> None:
    async with running(hook.zalo, taken.receive):
        await hook.ready()
        assert hook.zalo.state == "ok"
    (call,) = hook.double.called("setWebhook")
    assert call.params == {"url": PUBLIC + PATH, "secret_token": secret_of(TOKEN)}
    assert TOKEN not in str(call.params)
    assert not hook.double.called("getUpdates")


@pytest.mark.parametrize("enveloped", [True, False])
async def test_both_envelopes(hook: Hook, taken: Taken, *, enveloped: bool) -> None:
    hook.double.enveloped = enveloped
    hook.double.person("lan").says("chào")
    async with running(hook.zalo, taken.receive):
        assert await hook.posted(1) == [200]
    assert taken.texts == ["chào"]


async def test_an_event_is_answered_when_its_effect_is_committed(hook: Hook, taken: Taken) -> None:
    arrived, commit = asyncio.Event(), asyncio.Event()

    async def before(_incoming: Incoming) -> None:
        arrived.set()
        await commit.wait()

    taken.before = before
    hook.double.person("lan").says("chào")
    async with running(hook.zalo, taken.receive):
        await arrived.wait()
        assert hook.double.deliveries == []
        commit.set()
        assert await hook.posted(1) == [200]
    assert taken.texts == ["chào"]


async def test_who_waits_too_long_is_answered_and_the_work_goes_on_in_order(hook: Hook, taken: Taken) -> None:
    commit = asyncio.Event()

    async def before(incoming: Incoming) -> None:
        if incoming.address == "lan":
            await commit.wait()

    taken.before = before
    async with running(hook.zalo, taken.receive):
        await hook.ready()
        lan, hoa = hook.double.person("lan"), hook.double.person("hoa")
        hook.double.courier.stop()
        events = [lan.says("một"), lan.says("hai"), hoa.says("ba")]
        hook.double.courier.url = hook.url + PATH
        deliveries = await asyncio.gather(*(hook.double.post(event) for event in events))
        until_then = taken.texts
        commit.set()
        # Before Zalo's two seconds are over.
        assert [each.status for each in deliveries] == [200, 200, 200]
        assert until_then == ["ba"]
    assert taken.texts == ["ba", "một", "hai"]


async def test_a_database_away_for_a_moment_loses_nothing(hook: Hook, taken: Taken, pauses: Pauses) -> None:
    refusals = 3

    async def before(_incoming: Incoming) -> None:
        nonlocal refusals
        if refusals:
            refusals -= 1
            raise StorageUnavailableError("OperationalError")

    taken.before = before
    hook.double.person("lan").says("chào")
    async with running(hook.zalo, taken.receive):
        assert await hook.posted(1) == [200]
    assert taken.texts == ["chào"]
    assert len(pauses.taken) == 3


async def test_when_too_many_wait_zalo_is_told_to_come_again(
    hook: Hook, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MOST_WAITING", 2)
    commit, both = asyncio.Event(), asyncio.Barrier(3)

    async def before(_incoming: Incoming) -> None:
        if not commit.is_set():
            await both.wait()
        await commit.wait()

    taken.before = before
    async with running(hook.zalo, taken.receive):
        await hook.ready()
        body = [_event(str(number), "chào", address=str(number)) for number in range(3)]
        first = [spawn(hook.post(each, secret_of(TOKEN)), "post") for each in body[:2]]
        await both.wait()
        assert await hook.post(body[2], secret_of(TOKEN)) == 503
        commit.set()
        assert await asyncio.gather(*first) == [200, 200]
        assert await hook.post(body[2], secret_of(TOKEN)) == 200
    assert len(taken.events) == 3


async def test_an_event_that_comes_twice_has_one_effect(hook: Hook, place: Place) -> None:
    world = World(place.database, place.clock, hook.zalo)
    await world.start()
    lan = hook.double.person("lan")
    async with running(hook.zalo, lambda incoming: world.engine.receive(hook.zalo, incoming)):
        await hook.ready()
        event = lan.says("/menu")
        await hook.posted(1)
        forged = await hook.double.post(event, secret="somebody else's")
        again = await hook.double.post(event)
        await world.delivery.settle()
    assert (forged.status, again.status) == (403, 200)
    assert len(lan.chat.sent) == 1


async def test_nobody_else_is_listened_to(hook: Hook, taken: Taken) -> None:
    async with running(hook.zalo, taken.receive):
        await hook.ready()
        for secret in (None, "", "x", secret_of("another"), TOKEN, "bí mật"):
            assert await hook.post(_event("1", "chào"), secret) == 403
    assert taken.events == []


def test_a_secret_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []
    real = hmac.compare_digest

    def noting(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return real(one, other)

    monkeypatch.setattr(hmac, "compare_digest", noting)
    assert not is_secret("x", secret_of(TOKEN))
    assert is_secret(secret_of(TOKEN), secret_of(TOKEN))
    assert len(compared) == 2


TEN_MEGABYTES = f"Content-Length: {10 * 2**20}"


async def test_ten_megabytes_are_not_read_to_their_end(hook: Hook, taken: Taken) -> None:
    """The answer comes while nine of them are still to be sent."""
    async with running(hook.zalo, taken.receive):
        await hook.ready()
        host, _, port = hook.url.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        head = ("POST " + PATH + " HTTP/1.1", "Host: x", f"{HEADER}: {secret_of(TOKEN)}", TEN_MEGABYTES)
        writer.write("\r\n".join([*head, "", ""]).encode() + b" " * (MAX_BODY + 1))
        try:
            async with asyncio.timeout(10):
                assert (await reader.readline()).split()[1] == b"413"
        finally:
            writer.close()
    assert taken.events == []


UNREADABLE = [
    b"",
    b"{",
    b"[]",
    b'"x"',
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"event_name":7}',
    b'{"ok":true,"result":[]}',
    b'{"event_name":"message.text.received","message":{"text":"rieng tu"}}',
]


async def test_the_unreadable_is_taken_and_logged_without_a_word_of_it(hook: Hook, taken: Taken) -> None:
    async with running(hook.zalo, taken.receive):
        await hook.ready()
        with structlog.testing.capture_logs() as lines:
            for body in UNREADABLE:
                assert await hook.post(body, secret_of(TOKEN)) == 200
    assert taken.events == []
    assert [line["event"] for line in lines] == ["zalo_event_unreadable"] * len(UNREADABLE)
    assert "rieng tu" not in str(lines)


async def test_an_event_without_a_message_is_taken(hook: Hook, taken: Taken) -> None:
    hook.double.person("lan").sends_unsupported(with_message=False)
    async with running(hook.zalo, taken.receive):
        assert await hook.posted(1) == [200]
    assert taken.events == []


async def test_a_caller_that_hangs_up_in_the_middle_is_no_mistake(hook: Hook, taken: Taken) -> None:
    async with running(hook.zalo, taken.receive):
        await hook.ready()
        status = await hung_up(hook.zalo.route(), HEADER, secret_of(TOKEN))
    assert status == 400
    assert taken.events == []


async def test_before_anybody_takes_events_zalo_comes_again(hook: Hook) -> None:
    assert await hook.post(_event("1", "chào"), secret_of(TOKEN)) == 503


async def test_when_nobody_takes_events_any_more_zalo_comes_again(hook: Hook, taken: Taken) -> None:
    async with running(hook.zalo, taken.receive):
        await hook.ready()
    assert await hook.post(_event("1", "chào"), secret_of(TOKEN)) == 503
    assert taken.events == []


async def test_a_refused_address_is_told_once_and_tried_again(
    double: ZaloBotDouble, place: Place, taken: Taken
) -> None:
    with structlog.testing.capture_logs() as lines:
        async with (
            place.connected(double.url, public_url="http://chi-nhanh.example") as zalo,
            running(zalo, taken.receive),
        ):
            await place.pauses.until(3)
            assert zalo.state == "refused"
            # Sending works all the same, and says nothing about the address.
            known(double)
            await zalo.push(outgoing())
            assert (zalo.state, texts(double)) == ("refused", ["Xin chào"])
    assert [line["problem"] for line in lines] == ["zalo_bot_webhook_refused"]


def _event(number: str, text: str, address: str = "lan") -> bytes:
    message: dict[str, Any] = {
        "from": {"id": address, "display_name": "Lan", "is_bot": False},
        "chat": {"id": address, "chat_type": "PRIVATE"},
        "message_id": number,
        "text": text,
    }
    return msgspec.json.encode({"event_name": "message.text.received", "message": message})
