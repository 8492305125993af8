"""Misbehaviour on demand, of either double."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.doubles.conftest import Api
from tests.doubles.zalo import ZaloBotDouble

TO_LAN = {"chat_id": "lan", "text": "x"}


@pytest.fixture
async def double() -> AsyncIterator[ZaloBotDouble]:
    async with ZaloBotDouble(any_chat=True) as running:
        yield running


@pytest.fixture
async def api(double: ZaloBotDouble) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as session:
        yield Api(session, f"{double.url}/bot{double.token}")


async def test_a_code_for_the_next_calls_of_a_method_and_chat(api: Api, double: ZaloBotDouble) -> None:
    fault = double.fault(403, method="sendMessage", chat_id="lan", times=2, description="Internal error")
    assert await api.result("sendMessage", chat_id="hoa", text="x")
    assert await api.result("getMe")
    for _ in range(2):
        refused = await api("sendMessage", **TO_LAN)
        assert (refused["error_code"], refused["description"]) == (403, "Internal error")
    assert await api.result("sendMessage", **TO_LAN)
    assert fault.hits == 2
    assert double.delivered == {"lan": 1, "hoa": 1}
    assert [call.code for call in double.called("sendMessage")] == [200, 403, 403, 200]


@pytest.mark.parametrize("accepted", [False, True])
@pytest.mark.parametrize(("kind", "body"), [("garbage", b'{"ok":true,"result":{'), ("empty", b"")])
async def test_answers_that_are_none(
    api: Api, double: ZaloBotDouble, *, kind: Any, body: bytes, accepted: bool
) -> None:
    double.fault(kind, times=1, accepted=accepted)
    async with api.session.post(f"{api.root}/sendMessage", json=TO_LAN) as response:
        assert (await response.read()).startswith(body)
    assert double.delivered["lan"] == int(accepted)


@pytest.mark.parametrize("accepted", [False, True])
async def test_a_closed_connection_before_and_after_the_message_counts(
    api: Api, double: ZaloBotDouble, *, accepted: bool
) -> None:
    double.fault("close", accepted=accepted)
    with pytest.raises(aiohttp.ClientConnectionError):
        await api("sendMessage", **TO_LAN)
    assert double.delivered["lan"] == int(accepted)
    assert double.calls[0].code is None
    double.behave()
    assert await api.result("sendMessage", **TO_LAN)


async def test_a_call_that_is_never_answered_ends_with_the_double() -> None:
    async with ZaloBotDouble() as double, aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
        api = Api(session, f"{double.url}/bot{double.token}")
        fault = double.fault("hang")
        hung = group.create_task(_is_cut_off(api))
        await double.until(lambda: fault.hits == 1)
        await double.__aexit__(None, None, None)
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
    async with ZaloBotDouble(seed=seed) as double, aiohttp.ClientSession() as session:
        api = Api(session, f"{double.url}/bot{double.token}")
        double.fault(429, probability=0.5)
        return [(await api("getMe"))["ok"] for _ in range(30)]


async def test_a_file_may_be_missing_for_once(api: Api, double: ZaloBotDouble) -> None:
    address = double.keep(b"x", "image/png")
    double.fault(404, method="download", times=1)
    statuses = []
    for _ in range(2):
        async with api.session.get(address) as response:
            statuses.append(response.status)
    assert statuses == [404, 200]


def test_a_fault_is_of_a_known_kind() -> None:
    with pytest.raises(ValueError, match="a fault is a number or one of garbage, empty, hang, close"):
        ZaloBotDouble().fault("rocket")  # type: ignore[arg-type]


async def test_waiting_tells_what_was_called_instead(api: Api, double: ZaloBotDouble) -> None:
    await api("getMe")
    with pytest.raises(TimeoutError, match=r"the latest calls: \['getMe 200'\]"):
        await double.until(lambda: False, within=0.01)
