"""What the doctor finds of the bot of Zalo's bot platform."""

from collections.abc import AsyncIterator

import pytest

from bot.channels.zalo_bot.api import Api
from bot.doctor import zalo_bot
from tests.channels.telegram.harness import gateway, unused_url
from tests.doctor.conftest import Doctor, states
from tests.doubles.zalo import ZaloBotDouble

TOKEN = "12345:zalo-bot-token"
ADDRESS = "https://chi-nhanh.example"
BY_WEBHOOK = {"zalo_bot_mode": "webhook", "public_url": ADDRESS}


@pytest.fixture
async def double() -> AsyncIterator[ZaloBotDouble]:
    async with ZaloBotDouble(TOKEN) as started:
        yield started


async def _sees(doctor: Doctor, url: str, **changes: str) -> list[dict[str, str]]:
    given = {"zalo_bot_token": TOKEN, "zalo_bot_api_url": url} | changes
    found = await doctor.sees(zalo_bot.check, **given)
    assert TOKEN.partition(":")[2] not in str(found)
    return found


async def _set_webhook(double: ZaloBotDouble, url: str) -> None:
    api = Api(TOKEN, double.url)
    await api.call("setWebhook", dict, url=url, secret_token="a secret of theirs")
    await api.close()


async def test_a_bot_that_fetches_its_messages(doctor: Doctor, double: ZaloBotDouble) -> None:
    assert states(await doctor.sees(zalo_bot.check)) == {"zalo_bot": "ok"}
    found = await _sees(doctor, double.url)
    assert states(found) == {"zalo_bot": "ok", "zalo_bot_webhook": "ok"}
    assert "bot.double" in found[0]["message"]
    assert {call.method for call in double.calls} == {"getMe", "getWebhookInfo"}


async def test_a_webhook_that_nobody_asked_for(doctor: Doctor, double: ZaloBotDouble) -> None:
    await _set_webhook(double, "https://other.example/geheim")
    _, found = await _sees(doctor, double.url)
    assert (found["state"], "other.example" in found["message"]) == ("warning", True)
    assert "geheim" not in str(found)


async def test_the_webhook_of_this_program(doctor: Doctor, double: ZaloBotDouble) -> None:
    _, found = await _sees(doctor, double.url, **BY_WEBHOOK)
    assert (found["state"], "chưa có webhook" in found["message"]) == ("warning", True)
    await _set_webhook(double, f"{ADDRESS}/zalo/bot/webhook")
    assert set(states(await _sees(doctor, double.url, **BY_WEBHOOK)).values()) == {"ok"}
    plain = BY_WEBHOOK | {"public_url": "http://chi-nhanh.example"}
    assert states(await _sees(doctor, double.url, **plain))["zalo_bot_webhook"] == "problem"


async def test_a_token_that_is_refused_and_a_platform_that_is_away(
    doctor: Doctor, double: ZaloBotDouble
) -> None:
    double.token = "67890:another"
    assert states(await _sees(doctor, double.url)) == {"zalo_bot": "problem"}
    for url in (unused_url(), double.url.replace("http:", "https:")):
        assert states(await _sees(doctor, url)) == {"zalo_bot": "warning"}
    async with gateway(502) as page:
        assert states(await _sees(doctor, page)) == {"zalo_bot": "warning"}
