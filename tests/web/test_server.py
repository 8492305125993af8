import asyncio
import socket

import aiohttp
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.web.server import WebServer


async def _hello(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("hello")(scope, receive, send)


def _slow(entered: asyncio.Event, may_end: asyncio.Event) -> ASGIApp:
    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        entered.set()
        await may_end.wait()
        await PlainTextResponse(Request(scope).url.path)(scope, receive, send)

    return slow


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
async def test_it_answers_from_the_moment_it_is_made(host: str) -> None:
    server = WebServer(_hello, host, 0, lambda: None)
    named = f"[{host}]" if ":" in host else host
    async with aiohttp.ClientSession() as client, client.get(f"http://{named}:{server.port}/") as answer:
        assert await answer.text() == "hello"
        assert "Server" not in answer.headers
    await server.stop()


async def test_a_port_that_is_taken_is_an_error_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(OSError, match="in use"):
        WebServer(_hello, "127.0.0.1", other.getsockname()[1], lambda: None)


async def test_a_host_that_is_none_is_an_error_at_once() -> None:
    with pytest.raises(OSError, match=r".+"):
        WebServer(_hello, "203.0.113.1", 0, lambda: None)


async def test_stopping_lets_an_answer_under_way_finish() -> None:
    entered, may_end = asyncio.Event(), asyncio.Event()
    # What ends open streams lets this one end too.
    server = WebServer(_slow(entered, may_end), "127.0.0.1", 0, may_end.set)
    async with aiohttp.ClientSession() as client, asyncio.TaskGroup() as group:
        asked = group.create_task(_get(client, f"http://127.0.0.1:{server.port}/path"))
        await entered.wait()
        await server.stop()
        with pytest.raises(aiohttp.ClientConnectionError):
            await _get(client, f"http://127.0.0.1:{server.port}/")
    assert asked.result() == "/path"


async def _get(client: aiohttp.ClientSession, url: str) -> str:
    async with client.get(url) as answer:
        return await answer.text()
