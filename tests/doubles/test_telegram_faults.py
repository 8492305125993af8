"""Misbehaviour, rate limits, counting only, and the double as its own process."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from tests.doubles.conftest import Api, Json, api_of
from tests.doubles.telegram import Call, Person, TelegramDouble
from tests.doubles.telegram.answers import ApiError
from tests.doubles.telegram.faults import RateLimit


async def test_a_status_for_the_next_calls_of_a_method_and_chat(
    api: Api, double: TelegramDouble, lan: Person
) -> None:
    double.person(8)
    fault = double.misbehave(
        400, method="sendMessage", chat_id=lan.id, times=2, description="Bad Request: PEER_ID_INVALID"
    )
    assert await api.result("sendMessage", chat_id=8, text="x")
    assert await api.result("getMe")
    for _ in range(2):
        assert await api.refusal("sendMessage", chat_id=7, text="x") == "PEER_ID_INVALID"
    assert await api.result("sendMessage", chat_id=7, text="x")
    assert fault.hits == 2
    assert double.delivered == {7: 1, 8: 1}


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        (502, 502, b"<html>"),
        ("garbage", 200, b'{"ok":true,"result":{'),
        ("empty", 200, b""),
        (500, 500, b'{"ok":false,"error_code":500,"description":"Internal Server Error"}'),
    ],
)
@pytest.mark.parametrize("accepted", [False, True])
async def test_answers_that_are_none(
    api: Api, double: TelegramDouble, lan: Person, *, kind: int | str, status: int, body: bytes,
    accepted: bool,
) -> None:  # fmt: skip
    double.misbehave(kind, times=1, accepted=accepted)
    params = {"chat_id": lan.id, "text": "x"}
    async with api.session.post(f"{api.root}/sendMessage", json=params) as response:
        assert response.status == status
        assert (await response.read()).startswith(body)
    assert double.delivered[lan.id] == int(accepted)


@pytest.mark.parametrize("accepted", [False, True])
async def test_a_closed_connection_before_and_after_the_message_counts(
    api: Api, double: TelegramDouble, lan: Person, *, accepted: bool
) -> None:
    double.misbehave("close", times=1, accepted=accepted)
    with pytest.raises(aiohttp.ClientConnectionError):
        await api("sendMessage", chat_id=lan.id, text="x")
    assert len(lan.chat.sent) == double.delivered[lan.id] == int(accepted)
    assert double.called("sendMessage")[0].status is None
    assert await api.result("sendMessage", chat_id=lan.id, text="y")


async def test_a_call_that_is_never_answered_ends_with_the_client(
    api: Api, double: TelegramDouble, lan: Person
) -> None:
    fault = double.misbehave("hang", times=1)
    async with asyncio.TaskGroup() as group:
        hung = group.create_task(api("sendMessage", chat_id=lan.id, text="x"))
        await double.until(lambda: fault.hits == 1)
        assert await api.result("getMe")
        assert not hung.done()
        hung.cancel()
    assert double.delivered[lan.id] == 0


async def test_a_hung_call_does_not_keep_the_double_from_closing() -> None:
    async with TelegramDouble() as double, api_of(double) as api, asyncio.TaskGroup() as group:
        fault = double.misbehave("hang")
        hung = group.create_task(_is_cut_off(api))
        await double.until(lambda: fault.hits == 1)
        await double.server.stop()
        assert await hung


async def _is_cut_off(api: Api) -> bool:
    try:
        await api("getMe")
    except aiohttp.ClientConnectionError:
        return True
    return False


async def test_the_same_seed_strikes_the_same_calls() -> None:
    assert await _struck(seed=4) == await _struck(seed=4) != await _struck(seed=5)


async def _struck(seed: int) -> list[bool]:
    async with TelegramDouble(seed=seed) as double, api_of(double) as api:
        double.misbehave(500, probability=0.5)
        return [(await api("getMe"))["ok"] for _ in range(30)]


async def test_too_many_messages_are_refused_and_impatience_is_counted(
    api: Api, double: TelegramDouble, lan: Person
) -> None:
    limit = double.limit(per_chat=0.01, chat_burst=2)
    for _ in range(2):
        await api.result("sendMessage", chat_id=lan.id, text="x")
    refused = await api("sendMessage", chat_id=lan.id, text="x")
    assert refused["error_code"] == 429
    assert refused["parameters"]["retry_after"] == 100
    assert refused["description"] == "Too Many Requests: retry after 100"
    assert (limit.refused, limit.ignored) == (1, 0)
    assert (await api("sendMessage", chat_id=lan.id, text="x"))["error_code"] == 429
    assert (limit.refused, limit.ignored) == (1, 1)
    double.person(8)
    await api.result("sendMessage", chat_id=8, text="x")
    double.behave()
    await api.result("sendMessage", chat_id=lan.id, text="x")


def test_a_steady_bot_is_never_refused_and_a_burst_is() -> None:
    now = 0.0
    limit = RateLimit(lambda: now, overall=32)
    for _ in range(300):
        limit.check(7)
        now += 1 / 32
    for _ in range(32):
        limit.check(7)
    with pytest.raises(ApiError, match="Too Many Requests: retry after 1"):
        limit.check(7)
    now += 1
    limit.check(7)
    assert (limit.refused, limit.ignored) == (1, 0)


async def test_counts_only_keeps_the_latest_message_of_a_chat() -> None:
    heard: list[Call] = []
    async with TelegramDouble(record=False, any_chat=True) as double, api_of(double) as api:
        double.on_call(heard.append)
        for text in ("A", "B"):
            await api.result("sendMessage", chat_id=31, text=text)
        assert [message.text for message in double.chat(31).messages] == ["B"]
        assert await api.result("editMessageText", chat_id=31, message_id=1, text="C")
        assert (await api("editMessageText", chat_id=31, message_id=2, text="B"))["ok"] is False
        query = double.person(31).presses(1, "v1:x")["callback_query"]["id"]
        assert await api.result("answerCallbackQuery", callback_query_id=query)
    assert double.delivered == {31: 2}
    assert list(double.calls) == []
    assert [call.status for call in heard] == [200, 200, 200, 400, 200]


async def test_waiting_tells_what_was_called_instead(api: Api, double: TelegramDouble) -> None:
    await api("getMe")
    with pytest.raises(TimeoutError, match=r"the latest calls: \['getMe 200'\]"):
        await double.until(lambda: False, within=0.01)


@asynccontextmanager
async def process(*options: str) -> AsyncIterator[Json]:
    """The double as its own process; yields what it prints about itself."""
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.doubles.telegram", *options,
        stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert running.stdout is not None
    yield msgspec.json.decode(await running.stdout.readline())
    running.send_signal(signal.SIGTERM)
    assert await running.wait() == 0


async def test_the_double_in_its_own_process_is_controlled_over_http() -> None:
    async with process("--token", "5:X") as about, aiohttp.ClientSession() as session:
        api = Api(session, f"{about['url']}/bot5:X")
        root = f"{about['url']}/control"

        async def control(name: str, status: int = 200, **given: Any) -> Any:
            async with session.post(f"{root}/{name}", json=given) as response:
                assert response.status == status
                return await response.json(content_type=None)

        said = await control("person", id=7, first_name="Lan", does="says", args={"text": "/menu"})
        assert await api.result("getUpdates") == [said]
        await control("misbehave", kind="close", accepted=True, times=1)
        with pytest.raises(aiohttp.ClientConnectionError):
            await api("sendMessage", chat_id=7, text="x")
        await control("people", first=100, count=3)
        await control("feed", updates=[{"message": said["message"]}])
        await api.result("sendMessage", chat_id=102, text="y")
        counts = await control("counts")
        assert counts["messages"] == 2
        assert counts["chats"] == {"7": 1, "102": 1}
        assert counts["pending_updates"] == 2
        calls = await control("calls", after=1)
        assert [(call["method"], call["status"]) for call in calls] == [
            ("sendMessage", None), ("sendMessage", 200),
        ]  # fmt: skip
        await control("limit", overall=0.01)
        await control("advance", seconds=60)
        await api("sendMessage", chat_id=102, text="y")
        await control("behave")
        assert (await control("counts"))["refused_by_limit"] == 0
        messages = await control("chat", id=7)
        assert [message["from_bot"] for message in messages] == [False, True]
        press = {"id": "q", "from": said["message"]["from"], "message": messages[1], "data": "v1:x"}
        assert await control("press", updates=[{"callback_query": press}]) == {"presses": 1}
        async with asyncio.TaskGroup() as group:
            quiet = group.create_task(control("quiet", within=10, messages=4))
            await api.result("sendMessage", chat_id=102, text="z")
            await api.result("sendMessage", chat_id=7, text="answer")
            assert "problem" in await control("quiet", 400, within=0.01)
            waiting = group.create_task(api.result("getUpdates", offset=99, timeout=10))
            assert (await quiet)["messages"] >= 4
            await control("feed", updates=[{"message": said["message"]}])
            assert await waiting
        answers = await control("answers")
        assert answers["seconds"] == [answers["elapsed"]]
        for name, given in (
            ("person", {"id": 7, "does": "_sends"}),
            ("person", {"id": 7, "does": "flies"}),
            ("chat", {"id": 404}),
            ("misbehave", {"kind": 418}),
            ("rocket", {}),
        ):
            assert "problem" in await control(name, 400, **given)
