"""What the doctor finds of the bot in Telegram."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.doctor import examine, examining, telegram
from tests.channels.telegram.harness import TOKEN, gateway, unused_url
from tests.doctor.conftest import Doctor, states
from tests.doubles.telegram import TelegramDouble
from tests.doubles.telegram.webhook import WebhookSettings

ADDRESS = "https://chi-nhanh.example"
BY_WEBHOOK = {"telegram_mode": "webhook", "public_url": ADDRESS}


@pytest.fixture
async def double() -> AsyncIterator[TelegramDouble]:
    async with TelegramDouble(TOKEN) as started:
        yield started


async def _sees(doctor: Doctor, url: str, **changes: str) -> list[dict[str, str]]:
    given = {"telegram_token": TOKEN, "telegram_api_url": url} | changes
    found = await doctor.sees(telegram.check, **given)
    assert TOKEN.partition(":")[2] not in str(found)
    return found


async def _webhook(double: TelegramDouble, url: str) -> None:
    await double.webhook.start(WebhookSettings(url))


async def test_a_bot_that_fetches_its_messages(doctor: Doctor, double: TelegramDouble) -> None:
    assert states(await doctor.sees(telegram.check)) == {"telegram": "ok"}
    found = await _sees(doctor, double.url)
    assert states(found) == {"telegram": "ok", "telegram_webhook": "ok"}
    assert "@double_bot" in found[0]["message"]
    assert {call.method for call in double.calls} == {"getMe", "getWebhookInfo"}


async def test_a_webhook_that_nobody_asked_for(doctor: Doctor, double: TelegramDouble) -> None:
    await _webhook(double, "https://other.example/geheim")
    _, found = await _sees(doctor, double.url)
    assert (found["state"], "other.example" in found["message"]) == ("warning", True)
    assert "geheim" not in str(found)


async def test_the_webhook_of_this_program(doctor: Doctor, double: TelegramDouble) -> None:
    _, found = await _sees(doctor, double.url, **BY_WEBHOOK)
    assert (found["state"], "chưa có webhook" in found["message"]) == ("warning", True)
    await _webhook(double, f"{ADDRESS}/telegram/webhook")
    assert set(states(await _sees(doctor, double.url, **BY_WEBHOOK)).values()) == {"ok"}
    double.webhook.last_error = "Wrong response from the webhook: 502 Bad Gateway"
    doctor.clock.set(datetime.fromtimestamp(double.world.now(), UTC) + timedelta(minutes=10))
    _, found = await _sees(doctor, double.url, **BY_WEBHOOK)
    assert (found["state"], "502 Bad Gateway" in found["message"]) == ("warning", True)
    doctor.clock.forward(hours=1)
    assert set(states(await _sees(doctor, double.url, **BY_WEBHOOK)).values()) == {"ok"}


@pytest.mark.parametrize("url", ["http://chi-nhanh.example", "https://chi-nhanh.example:8080"])
async def test_an_address_that_telegram_does_not_deliver_to(
    doctor: Doctor, double: TelegramDouble, url: str
) -> None:
    _, found = await _sees(doctor, double.url, telegram_mode="webhook", public_url=url)
    assert (found["state"], "8443" in found["advice"]) == ("problem", True)


async def test_messages_that_nobody_takes(doctor: Doctor, double: TelegramDouble) -> None:
    for number in range(101):
        double.person(7).says(f"{number}")
    _, found = await _sees(doctor, double.url)
    assert (found["state"], "101 tin" in found["message"]) == ("warning", True)


async def test_a_token_that_is_refused_and_a_platform_that_is_away(
    doctor: Doctor, double: TelegramDouble
) -> None:
    double.misbehave(401)
    assert states(await _sees(doctor, double.url)) == {"telegram": "problem"}
    for url in (unused_url(), double.url.replace("http:", "https:")):
        assert states(await _sees(doctor, url)) == {"telegram": "warning"}
    async with gateway(403) as page:
        assert states(await _sees(doctor, page)) == {"telegram": "warning"}


async def test_a_platform_that_is_silent_holds_up_nobody(
    doctor: Doctor, double: TelegramDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examining, "PATIENCE_S", 0.3)
    double.misbehave("hang")
    settings = doctor.settings(telegram_token=TOKEN, telegram_api_url=double.url, web_port=0)
    found = {each.name: each for each in await examine(settings, doctor.clock)}
    assert (found["telegram"].state, found["telegram"].key) == ("warning", "no_answer")
    assert found["data"].state == "ok"


async def test_a_check_that_fails_hides_no_other(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_given: object) -> list[object]:
        raise ZeroDivisionError("geheim")

    monkeypatch.setattr(examining, "CHECKS", {**examining.CHECKS, "telegram": fails})
    found = {each.name: each for each in await examine(doctor.settings(web_port=0), doctor.clock)}
    assert (found["telegram"].state, found["telegram"].values) == ("problem", {"error": "ZeroDivisionError"})
    assert found["data"].state == "ok"
