from datetime import date

import pytest

from bot.channels.webchat import WebChat
from bot.web.site import WebSettings
from storage import budgets
from storage.database import Database, open_database
from tests.channels.telegram.harness import Pauses, Taken, connected, running
from tests.doubles.telegram import TelegramDouble
from tests.web.house import Browser, House
from tests.world import World


async def test_a_well_program_says_so(demo: House) -> None:
    demo.clock.forward(minutes=2)
    async with demo.browser() as browser:
        answer = await browser.get("/healthz")
    assert answer.status == 200
    assert answer.json == {"ok": True, "database": "ok", "channels": {"web": "ok"}, "uptime_s": 120}


async def test_a_refused_platform_is_shown_and_the_program_is_well(demo: House) -> None:
    token = "123456789:AAH-dq3kP0-notArealToken_xyzXYZ0123"
    pauses = Pauses()
    async with (
        TelegramDouble() as double,
        connected(double.url, token=token, pauses=pauses) as telegram,
        running(telegram, Taken().receive),
    ):
        await pauses.until(1)
        demo.channels.append(telegram)
        async with demo.browser() as browser:
            answer = await browser.get("/healthz")
    assert (answer.status, answer.json["ok"]) == (200, True)
    assert answer.json["channels"] == {"web": "ok", "telegram": "refused"}
    assert token not in answer.text


async def test_without_its_database_it_says_so_and_so_do_the_pages(branch_world: World) -> None:
    house = House(branch_world)
    house.database = open_database("postgresql://postgres@127.0.0.1:9/nowhere")
    house.chat = WebChat(house.database, house.clock, house.chance, house.streams)
    settings = WebSettings(demo=False, public_url="", timezone="Asia/Ho_Chi_Minh")
    async with house.opened(settings), house.browser() as browser:
        health = await browser.get("/healthz")
        browser.set_cookie("0" * 64)
        page = await browser.get("/chat")
        stream = await browser.get("/chat/stream")
    await house.database.close()
    assert (health.status, health.json["ok"]) == (503, False)
    assert (page.status, page.headers["retry-after"]) == (503, "5")
    assert "thử lại sau ít phút" in page.text
    assert stream.status == 503


async def test_figures_are_totals(ha: Browser, database: Database) -> None:
    await ha.says("/echo one")
    async with database.write() as tx:
        for month, sent in ((date(2026, 2, 1), 5), (date(2026, 3, 1), 41)):
            await budgets.add(tx, "zalo_bot", month, sent)
    async with ha.stream() as stream:
        await stream.next()
        answer = await ha.get("/metrics")
    lines = answer.text.splitlines()
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'caunoi_events_remembered{channel="web"} 2' in lines
    assert 'caunoi_messages{channel="web",state="sent"} 2' in lines
    assert 'caunoi_accounts{channel="web",linked="yes"} 1' in lines
    assert 'caunoi_accounts{channel="web",linked="no"} 0' in lines
    assert "caunoi_web_sessions 1" in lines
    assert "caunoi_web_streams 1" in lines
    assert "caunoi_uptime_seconds 0" in lines
    assert 'caunoi_sent_this_month{channel="zalo_bot"} 41' in lines
    assert "NV06" not in answer.text
    assert await ha.address() not in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8080", "127.0.0.1:80", "127.8.0.1", "[::1]:8080"])
async def test_figures_are_for_this_machine(demo: House, host: str) -> None:
    async with demo.browser() as browser:
        assert (await browser.get("/metrics", headers={"Host": host})).status == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Forwarded-For", "203.0.113.9"),
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Host", "localhost"),
        ("Forwarded", "for=127.0.0.1"),
        ("X-Real-IP", "127.0.0.1"),
        ("Via", "1.1 proxy"),
        ("CF-Connecting-IP", "203.0.113.9"),
        ("True-Client-IP", "203.0.113.9"),
    ],
)
async def test_figures_are_not_passed_on(demo: House, name: str, value: str) -> None:
    async with demo.browser() as browser:
        assert (await browser.get("/metrics", headers={name: value})).status == 404
        # Everything else may be.
        assert (await browser.get("/healthz", headers={name: value})).status == 200


@pytest.mark.parametrize(
    "host", ["chat.example", "10.0.0.5:8080", "localhost.example", "127.0.0.1.example", "[::"]
)
async def test_figures_are_not_for_a_public_name(demo: House, host: str) -> None:
    """What a proxy asks for that says nothing of itself."""
    async with demo.browser() as browser:
        assert (await browser.get("/metrics", headers={"Host": host})).status == 404
