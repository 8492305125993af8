"""The endpoint that renews an official account's tokens: each refresh token once, and stops on the way."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.doubles.conftest import Json
from tests.doubles.zalo import Code, Hold, ZaloOaDouble
from tests.doubles.zalo.oauth import Point


@pytest.fixture
async def double() -> AsyncIterator[ZaloOaDouble]:
    async with ZaloOaDouble() as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as running:
        yield running


def form(double: ZaloOaDouble, **changed: str) -> dict[str, str]:
    own = {
        "app_id": double.app_id,
        "grant_type": "refresh_token",
        "refresh_token": double.oauth.refresh_token,
    }
    return own | changed


async def renewed(
    session: aiohttp.ClientSession, double: ZaloOaDouble, key: str | None = None, **given: Any
) -> Json:
    headers = {"secret_key": double.oauth.secret_key if key is None else key}
    url = f"{double.url}/v4/oa/access_token"
    async with session.post(url, headers=headers, **(given or {"data": form(double)})) as response:
        assert response.status == 200
        answer: Json = await response.json()
    return answer


async def test_a_refresh_token_is_good_once(session: aiohttp.ClientSession, double: ZaloOaDouble) -> None:
    oauth = double.oauth
    first = form(double)
    pair = await renewed(session, double)
    assert pair == {
        "access_token": oauth.access_token, "refresh_token": oauth.refresh_token, "expires_in": "90000",
    }  # fmt: skip
    assert pair["refresh_token"] != first["refresh_token"]
    assert (await renewed(session, double, data=first))["error"] == Code.WRONG_REFRESH_TOKEN
    assert (oauth.renewed, oauth.reused) == (1, 1)
    assert "error" not in await renewed(session, double)
    assert (await renewed(session, double, data=form(double, refresh_token="guess")))["error_name"]
    assert (oauth.renewed, oauth.reused) == (2, 1)


async def test_tokens_end_by_the_doubles_clock(session: aiohttp.ClientSession, double: ZaloOaDouble) -> None:
    oauth = double.oauth
    access = oauth.access_token
    double.advance(89_990)
    assert oauth.is_good(access)
    double.advance(20)
    assert not oauth.is_good(access)
    await renewed(session, double)
    assert oauth.is_good(oauth.access_token)
    oauth.end_access()
    assert not oauth.is_good(oauth.access_token)
    double.advance(91 * 86_400)
    assert (await renewed(session, double))["error"] == Code.WRONG_REFRESH_TOKEN
    assert oauth.reused == 0


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"app_id": "1"}, Code.WRONG_APP),
        ({"grant_type": "authorization_code"}, Code.MALFORMED),
        ({"scope": "all"}, Code.MALFORMED),
    ],
)
async def test_forms_that_are_refused(
    session: aiohttp.ClientSession, double: ZaloOaDouble, changed: dict[str, str], code: int
) -> None:
    assert (await renewed(session, double, data=form(double, **changed)))["error"] == code
    assert "error" not in await renewed(session, double)


async def test_the_key_and_the_kind_of_body_count(
    session: aiohttp.ClientSession, double: ZaloOaDouble
) -> None:
    assert (await renewed(session, double, key="x"))["error"] == Code.WRONG_KEY
    parts = aiohttp.FormData(form(double), default_to_multipart=True)
    assert (await renewed(session, double, data=parts))["error"] == Code.MALFORMED
    assert (await renewed(session, double, data={}))["error"] == Code.MALFORMED
    assert double.oauth.renewed == 0


@pytest.mark.parametrize(("point", "pairs"), [("before", 0), ("used", 1), ("half", 1)])
async def test_a_renewal_stops_where_it_is_told_to(
    session: aiohttp.ClientSession, double: ZaloOaDouble, point: Point, pairs: int
) -> None:
    held = double.oauth.hold(point)
    async with asyncio.TaskGroup() as group:
        asking = group.create_task(renewed(session, double))
        await held.reached.wait()
        assert double.oauth.renewed == pairs
        double.oauth.issue()
        other = await renewed(session, double)
        assert not asking.done()
        held.release()
    pair = asking.result()
    assert double.oauth.is_good(pair["access_token"])
    assert pair["refresh_token"] != other["refresh_token"]


@pytest.mark.parametrize(("point", "pairs"), [("before", 0), ("used", 1), ("half", 1)])
async def test_who_goes_away_meanwhile_has_used_up_what_was_used(
    double: ZaloOaDouble, point: Point, pairs: int
) -> None:
    held: Hold = double.oauth.hold(point)
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
        asking = group.create_task(renewed(session, double))
        await held.reached.wait()
        asking.cancel()
    assert double.oauth.renewed == pairs


async def test_half_an_answer_has_arrived(session: aiohttp.ClientSession, double: ZaloOaDouble) -> None:
    held = double.oauth.hold("half")
    headers = {"secret_key": double.oauth.secret_key}
    url = f"{double.url}/v4/oa/access_token"
    async with session.post(url, headers=headers, data=form(double)) as response:
        await held.reached.wait()
        begun = await response.content.readany()
        assert begun.startswith(b'{"access_token"')
        assert not begun.endswith(b"}")
        held.release()
        assert (begun + await response.read()).endswith(b'"90000"}')


async def test_an_answer_may_be_lost(session: aiohttp.ClientSession, double: ZaloOaDouble) -> None:
    double.fault("close", method="access_token", accepted=True, times=1)
    lost = form(double)
    with pytest.raises(aiohttp.ClientConnectionError):
        await renewed(session, double)
    assert (await renewed(session, double, data=lost))["error"] == Code.WRONG_REFRESH_TOKEN
    assert double.oauth.reused == 1
