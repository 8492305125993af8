"""The webhook, over real HTTP: who may call it, and what each answer promises."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO

import aiohttp
import pytest
import structlog
import uvicorn
from starlette.applications import Starlette

from bot.channels.telegram.adapter import Telegram
from bot.channels.telegram.webhook import HEADER, PATH
from bot.channels.webhooks import MAX_BODY, secret_of
from bot.system import spawn
from handlers.kit.incoming import Incoming
from storage.database import Database, StorageUnavailableError
from tests.channels.hanging_up import hung_up
from tests.channels.telegram.harness import (
    TOKEN,
    Pauses,
    Taken,
    connected,
    engine_for,
    outgoing,
    running,
    taken_all,
)
from tests.doubles.telegram import TelegramDouble
from tests.world import SetClock, World

PUBLIC = "https://chi-nhanh.example"


@dataclass
class Hook:
    url: str
    telegram: Telegram
    double: TelegramDouble

    async def post(self, body: bytes, secret: str | None = None) -> int:
        """As whoever knows the address; the answer's status."""
        headers = {} if secret is None else {HEADER: secret}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.url + PATH, data=BytesIO(body), headers=headers) as answer,
        ):
            return answer.status

    async def ready(self) -> None:
        await self.double.until(lambda: self.double.webhook.settings is not None)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        async with (
            TelegramDouble(TOKEN, webhook_origin=url, webhook_pause=0.01) as double,
            connected(double.url, public_url=PUBLIC) as telegram,
            _served(telegram, listening),
        ):
            yield Hook(url, telegram, double)


@asynccontextmanager
async def _served(telegram: Telegram, listening: socket.socket) -> AsyncIterator[None]:
    app = Starlette(routes=[telegram.route()])
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
    task = spawn(server.serve(sockets=[listening]), "web")
    yield
    server.should_exit = True
    await task


async def test_telegram_is_told_where_and_what(hook: Hook, taken: Taken) -> None:
    async with running(hook.telegram, taken.receive):
        await hook.ready()
    params = hook.double.called("setWebhook")[0].params
    assert params["url"] == PUBLIC + PATH
    assert params["max_connections"] == 64
    assert params["drop_pending_updates"] is False
    assert len(params["secret_token"]) == 64
    assert TOKEN not in str(params)


async def test_an_update_is_answered_200_when_its_effect_is_committed(hook: Hook, taken: Taken) -> None:
    arrived, commit = asyncio.Event(), asyncio.Event()

    async def before(_incoming: Incoming) -> None:
        arrived.set()
        await commit.wait()

    taken.before = before
    hook.double.person(7).says("chào")
    async with running(hook.telegram, taken.receive):
        await arrived.wait()
        assert hook.double.webhook_attempts == []
        commit.set()
        await taken_all(hook.double)
    assert [attempt.status for attempt in hook.double.webhook_attempts] == [200]
    assert taken.texts == ["chào"]


async def test_a_database_that_can_t_take_it_makes_telegram_come_again(hook: Hook, taken: Taken) -> None:
    refusals = 2

    async def before(_incoming: Incoming) -> None:
        nonlocal refusals
        if refusals:
            refusals -= 1
            raise StorageUnavailableError("OperationalError")

    taken.before = before
    hook.double.person(7).says("chào")
    async with running(hook.telegram, taken.receive):
        await taken_all(hook.double)
    assert [attempt.status for attempt in hook.double.webhook_attempts] == [503, 503, 200]
    assert taken.texts == ["chào"]


async def test_each_person_s_order_is_kept(hook: Hook, taken: Taken) -> None:
    for number in range(60):
        hook.double.person(number % 6 + 1).says(str(number))
    async with running(hook.telegram, taken.receive):
        await taken_all(hook.double)
    for person in range(6):
        theirs = [int(event.text) for event in taken.events if event.address == str(person + 1)]
        assert theirs == list(range(person, 60, 6))


async def test_an_update_that_comes_twice_has_one_effect(
    hook: Hook, database: Database, clock: SetClock
) -> None:
    world = World(database, clock)
    await world.start()
    engine, delivery = engine_for(world, hook.telegram)
    update = hook.double.person(7).says("/menu")
    async with running(hook.telegram, lambda incoming: engine.receive(hook.telegram, incoming)):
        await taken_all(hook.double)
        hook.double.feed(update)
        await taken_all(hook.double)
    await delivery.settle()
    assert [attempt.status for attempt in hook.double.webhook_attempts] == [200, 200]
    assert len(hook.double.chat(7).sent) == 1


@pytest.mark.parametrize("secret", [None, "", "x", secret_of("another"), TOKEN, "bí mật"])
async def test_nobody_else_is_listened_to(hook: Hook, taken: Taken, secret: str | None) -> None:
    async with running(hook.telegram, taken.receive):
        await hook.ready()
        assert await hook.post(b'{"update_id": 1}', secret) == 403
    assert taken.events == []


async def test_what_is_longer_than_any_update_isn_t_read(hook: Hook, taken: Taken) -> None:
    async with running(hook.telegram, taken.receive):
        await hook.ready()
        assert await hook.post(b" " * (MAX_BODY + 1), secret_of(TOKEN)) == 413


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b'{"update_id":"1"}', b"[" * 100_000, b'{"update_id":1,"message":[]}']
)
async def test_the_unreadable_is_logged_and_taken(hook: Hook, taken: Taken, body: bytes) -> None:
    async with running(hook.telegram, taken.receive):
        await hook.ready()
        with structlog.testing.capture_logs() as lines:
            assert await hook.post(body, secret_of(TOKEN)) == 200
    assert taken.events == []
    assert [line["event"] for line in lines] == ["telegram_update_unreadable"]


async def test_a_broken_letter_hides_nothing(hook: Hook, taken: Taken) -> None:
    body = (
        rb'{"update_id":5,"message":{"message_id":1,"date":0,"chat":{"id":7,"type":"private"},'
        rb'"from":{"id":7,"is_bot":false},"text":"ch\ud800ao"}}'
    )
    async with running(hook.telegram, taken.receive):
        await hook.ready()
        assert await hook.post(body, secret_of(TOKEN)) == 200
    assert taken.texts == ["chao"]


async def test_a_caller_that_hangs_up_in_the_middle_is_no_mistake(hook: Hook, taken: Taken) -> None:
    async with running(hook.telegram, taken.receive):
        await hook.ready()
        status = await hung_up(hook.telegram.route(), HEADER, secret_of(TOKEN))
    assert status == 400
    assert taken.events == []


async def test_before_the_channel_runs_telegram_comes_again(hook: Hook) -> None:
    assert await hook.post(b'{"update_id": 1}', secret_of(TOKEN)) == 503


async def test_a_refused_address_is_told_once_and_tried_again(
    double: TelegramDouble, pauses: Pauses, taken: Taken
) -> None:
    with structlog.testing.capture_logs() as lines:
        async with (
            connected(double.url, public_url="http://chi-nhanh.example", pauses=pauses) as telegram,
            running(telegram, taken.receive),
        ):
            await pauses.until(3)
            assert telegram.state == "refused"
            # Sending works all the same, and says nothing about the address.
            await telegram.push(outgoing(to=double.person(7).id))
            assert telegram.state == "refused"
    assert [line["problem"] for line in lines] == ["telegram_webhook_refused"]


async def test_a_token_that_is_refused_later_is_noticed_by_sending(hook: Hook, taken: Taken) -> None:
    hook.double.person(7)
    async with running(hook.telegram, taken.receive):
        await hook.ready()
        hook.double.misbehave(401, method="sendMessage", times=1)
        await hook.telegram.push(outgoing())
        refused = hook.telegram.state
        await hook.telegram.push(outgoing())
    assert (refused, hook.telegram.state) == ("refused", "ok")
