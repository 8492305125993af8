"""What must not get through, and that every refusal is one kind sentence."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from io import BytesIO

import aiohttp
import pytest
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from structlog.testing import capture_logs

from bot.system import spawn
from bot.web.assets import Assets
from bot.web.site import HERE, WebSettings
from handlers.kit.incoming import Incoming
from storage.database import StorageUnavailableError
from storage.schema.conversations import web_session
from tests.web.house import Browser, House
from tests.world import World

SENTENCE = re.compile(r"^[^<>{}]{20,200}[.!]$")
TEXT = {"id": "abcdefgh", "kind": "text", "text": "/menu"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What stands in front of the database is tried with one kind of it."""
    return sqlite_url


def _is_kind(answer_text: str) -> bool:
    return bool(SENTENCE.match(json.loads(answer_text)["error"]))


@pytest.mark.parametrize(
    "path", ["/", "/chat", "/chat/stream", "/nowhere", "/static/chat.css", "/static/none", "/healthz"]
)
async def test_every_answer_carries_the_walls(ha: Browser, path: str) -> None:
    async with ha.client.get(path) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "microphone=()" in headers["Permissions-Policy"]
    assert "server" not in {name.lower() for name in headers}
    if not path.startswith("/static/chat"):
        assert headers["Cache-Control"] == "no-store"
    # HSTS on a plain address would shut people out of a machine that has no certificate.
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("POST", "/chat", 405), ("GET", "/chat/send", 405), ("GET", "/logout", 405)],
)
async def test_errors_carry_them_too(ha: Browser, method: str, path: str, status: int) -> None:
    async with ha.client.request(method, path) as answer:
        assert answer.status == status
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"


async def test_under_https_cookies_and_browsers_are_held_to_it(branch_world: World) -> None:
    settings = WebSettings(demo=True, public_url="https://chat.example", timezone="Asia/Ho_Chi_Minh")
    async with House(branch_world).opened(settings) as house, house.browser() as browser:
        answer = await browser.get("/")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert "Secure" in answer.headers["set-cookie"]


async def test_the_session_cookie_is_for_the_server_only(demo: House) -> None:
    async with demo.browser() as browser:
        await browser.get("/")
        form = {"csrf": browser.csrf, "person": await demo.member_id("NV06")}
        async with browser.client.post("/choose", data=form, allow_redirects=False) as answer:
            cookie = next(line for line in answer.headers.getall("Set-Cookie") if line.startswith("caunoi="))
    assert re.match(r"caunoi=[0-9a-f]{64};", cookie)
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age=7776000" in cookie
    assert "Secure" not in cookie


async def test_a_request_that_another_page_forged_has_no_effect(demo: House, ha: Browser) -> None:
    before = await demo.transcript(ha)
    for headers in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "0" * 64}, {"X-CSRF-Token": "é"}):
        answer = await ha.post("/chat/send", json=TEXT, headers=headers)
        assert answer.status == 403
        assert _is_kind(answer.text)
    assert (await ha.post("/logout", data={"csrf": "0" * 64})).status == 403
    assert (await ha.post("/logout", data={})).status == 403
    assert await demo.transcript(ha) == before
    assert (await ha.get("/chat")).path == "/chat"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_even_with_the_right_token_another_site_sends_nothing(
    ha: Browser, headers: dict[str, str]
) -> None:
    headers = {**headers, "X-CSRF-Token": ha.csrf}
    assert (await ha.post("/chat/send", json=TEXT, headers=headers)).status == 403


async def test_the_own_origin_may(demo: House, ha: Browser) -> None:
    for origin in ({"Origin": demo.url}, {"Sec-Fetch-Site": "same-origin", "Origin": demo.url}):
        headers = {**origin, "X-CSRF-Token": ha.csrf}
        assert (await ha.post("/chat/send", json=TEXT, headers=headers)).status == 202


async def test_the_address_that_people_open_may_differ_from_the_servers(branch_world: World) -> None:
    settings = WebSettings(demo=True, public_url="https://chat.example", timezone="Asia/Ho_Chi_Minh")
    async with House(branch_world).opened(settings) as house, house.browser() as browser:
        await browser.get("/")
        # The test's browser doesn't give a Secure cookie to a plain address by itself.
        form = browser.cookie("caunoi_form")
        answer = await browser.post(
            "/choose",
            data={"csrf": browser.csrf, "person": await house.member_id("NV06")},
            headers={"Origin": "https://chat.example", "Cookie": f"caunoi_form={form}"},
            allow_redirects=False,
        )
    assert answer.status == 303


async def test_a_stolen_cookie_is_worth_nothing_after_leaving(demo: House, ha: Browser) -> None:
    stolen, csrf = ha.cookie(), ha.csrf
    await ha.post("/logout", data={"csrf": csrf})
    assert ha.cookie() == ""
    async with demo.browser() as thief:
        thief.set_cookie(stolen)
        assert (await thief.get("/chat")).path == "/"
        answer = await thief.post("/chat/send", json=TEXT, headers={"X-CSRF-Token": csrf})
    assert answer.status == 401
    assert _is_kind(answer.text)


@pytest.mark.parametrize("forged", ["0" * 64, "x", "'; DROP TABLE web_session;--", "ａ" * 64, "0" * 63])
async def test_a_forged_cookie_opens_nothing(demo: House, ha: Browser, forged: str) -> None:
    async with demo.browser() as browser:
        browser.set_cookie(forged)
        assert (await browser.get("/chat")).path == "/"
    assert ha.cookie()


async def test_the_database_does_not_hold_the_cookie(demo: House, ha: Browser) -> None:
    async with demo.database.read() as tx:
        kept = [row.token_hash for row in await tx.all(select(web_session.c.token_hash))]
    assert ha.cookie() not in kept
    assert len(kept) == 1


async def test_a_session_ends_after_ninety_days_without_a_visit(demo: House, ha: Browser) -> None:
    for _ in range(3):
        demo.clock.forward(days=60)
        assert (await ha.get("/chat")).path == "/chat"
    demo.clock.forward(days=91)
    assert (await ha.get("/chat")).path == "/"
    assert (await ha.send(text="/menu")).status == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"[" * 100_000,
        b"1" * 100_000,
        b"\xff\xfe",
        b'{"id": "abcdefgh"}',
        b'{"id": "short", "kind": "text", "text": "x"}',
        b'{"id": "abcdefgh\\n", "kind": "text", "text": "x"}',
        b'{"id": "abcdefgh", "kind": "edit", "text": "x"}',
        b'{"id": "abcdefgh", "kind": "text", "text": 5}',
        b'{"id": "abcdefgh", "kind": "press", "payload": "x", "message": "\\u0000"}',
        b'{"id": "abcdefgh", "kind": "press", "payload": "x", "message": "\\ud83d"}',
    ],
)
async def test_nonsense_is_refused_with_a_sentence(ha: Browser, body: bytes) -> None:
    headers = {"X-CSRF-Token": ha.csrf, "Content-Type": "application/json"}
    answer = await ha.post("/chat/send", data=body, headers=headers)
    assert answer.status == 400
    assert _is_kind(answer.text)


async def test_a_form_in_place_of_json_is_refused(ha: Browser) -> None:
    answer = await ha.post("/chat/send", data=TEXT, headers={"X-CSRF-Token": ha.csrf})
    assert answer.status == 415
    assert _is_kind(answer.text)


async def test_a_body_of_ten_megabytes_is_refused_with_a_sentence(ha: Browser) -> None:
    headers = {"X-CSRF-Token": ha.csrf, "Content-Type": "application/json"}
    answer = await ha.post("/chat/send", data=BytesIO(b"x" * 10_000_000), headers=headers)
    assert answer.status == 413
    assert _is_kind(answer.text)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    form = await ha.post("/logout", data=BytesIO(b"x" * 10_000_000), headers=headers)
    assert form.status == 413
    assert "quá lớn" in form.text


async def test_a_body_without_end_is_cut_off(ha: Browser) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1_000_000

    headers = {"X-CSRF-Token": ha.csrf, "Content-Type": "application/json"}
    # Whether the answer or the end of the connection is noticed first is up to the network.
    with suppress(aiohttp.ClientError):
        assert (await ha.post("/chat/send", data=endless(), headers=headers)).status == 413
    assert (await ha.send(text="/menu")).status == 202


async def test_a_form_with_a_thousand_fields_is_refused(ha: Browser) -> None:
    assert (await ha.post("/logout", data={f"f{number}": "" for number in range(1000)})).status == 400


@pytest.mark.parametrize(
    "path",
    [
        "/static/../site.py",
        "/static/..%2fsite.py",
        "/static/%2e%2e/%2e%2e/config.py",
        "/static//etc/passwd",
        "/static/....//site.py",
        "/static/chat.js%00.css",
        "/static/",
    ],
)
async def test_static_files_are_the_only_files(demo: House, path: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", demo.server.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    answer = (await reader.read()).decode()
    writer.close()
    assert answer.startswith("HTTP/1.1 404")
    assert "import" not in answer.partition("\r\n\r\n")[2]


async def test_static_files_are_fetched_once_and_then_only_asked_about(demo: House) -> None:
    async with demo.browser() as browser:
        first = await browser.get("/static/chat.css")
        etag = first.headers["etag"]
        again = await browser.get("/static/chat.css", headers={"If-None-Match": etag})
        plain = await browser.get("/static/chat.css", headers={"Accept-Encoding": "identity"})
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["content-encoding"] == "gzip"
    assert (again.status, again.text) == (304, "")
    assert "content-encoding" not in plain.headers
    assert plain.text == first.text


async def test_under_the_versioned_folder_they_are_kept_for_good(demo: House) -> None:
    folder = Assets(HERE / "static").folder
    async with demo.browser() as browser:
        answer = await browser.get(f"{folder}/chat.js")
        assert (await browser.get("/static/000000000000/chat.js")).status == 404
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"


async def _fails(_request: Request) -> Response:
    raise ValueError("the member wrote: my boss is a thief")


async def _works(_request: Request) -> Response:
    return PlainTextResponse("more")


async def test_a_mistake_of_ours_shows_a_number_and_no_traceback(branch_world: World) -> None:
    settings = WebSettings(demo=False, public_url="", timezone="Asia/Ho_Chi_Minh")
    more = (Route("/fails", _fails), Route("/works", _works))
    async with House(branch_world).opened(settings, more) as house, house.browser() as browser:
        with capture_logs() as lines:
            answer = await browser.get("/fails")
        assert (await browser.get("/works")).text == "more"
    reference = lines[0]["reference"]
    assert answer.status == 500
    assert reference in answer.text
    assert "Có lỗi ở phía máy chủ" in answer.text
    assert "Traceback" not in answer.text
    assert "ValueError" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert lines[0]["error"] == "ValueError"
    assert lines[0]["where"][-1].startswith("test_walls.py:")
    assert "thief" not in str(lines) + answer.text


async def test_while_the_database_is_away_the_same_id_may_come_again(demo: House, ha: Browser) -> None:
    async def refuse(_incoming: Incoming) -> None:
        raise StorageUnavailableError("locked")

    taking = demo.chat._receive
    assert taking is not None
    refusing = spawn(demo.chat.run(refuse), "refusing")
    await asyncio.sleep(0)
    answer = await ha.send(id="kept-for-later", text="/echo later")
    assert answer.status == 503
    assert _is_kind(answer.text)
    refusing.cancel()
    await asyncio.wait([refusing])
    # Between the stop of one and the start of the other nobody takes events.
    assert (await ha.send(id="kept-for-later", text="/echo later")).status == 503
    again = spawn(demo.chat.run(taking), "taking")
    await asyncio.sleep(0)
    assert (await ha.send(id="kept-for-later", text="/echo later")).status == 202
    assert (await demo.transcript(ha))[-1].html == "<p>echo later</p>"
    again.cancel()
    await asyncio.wait([again])


async def test_two_people_on_one_machine_do_not_write_as_each_other(demo: House, ha: Browser) -> None:
    old = ha.csrf
    before = await demo.transcript(ha)
    async with ha.stream() as stream:
        await stream.take(2)
        await ha.choose("NV07")
        assert (await stream.next()).name == "gone"
        answer = await ha.post("/chat/send", json=TEXT, headers={"X-CSRF-Token": old})
    assert answer.status == 403
    assert "tải lại trang" in answer.json["error"]
    await ha.choose("NV06")
    assert await demo.transcript(ha) == before


async def test_every_label_is_a_sentence(branch_world: World) -> None:
    texts = branch_world.services.texts
    for key in ("forged", "malformed", "too_big", "too_fast", "nobody", "not_found", "not_now", "mishap"):
        assert SENTENCE.match(texts.label(f"web/{key}"))
        assert texts.label(f"web/{key}_title")


async def test_a_client_that_goes_away_while_sending_leaves_no_trace(demo: House, ha: Browser) -> None:
    cookie = f"caunoi={ha.cookie()}"
    head = (
        f"POST /chat/send HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\nX-CSRF-Token: {ha.csrf}\r\n"
        "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
    )
    with capture_logs() as lines:
        _reader, writer = await asyncio.open_connection("127.0.0.1", demo.server.port)
        writer.write(head.encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        assert (await ha.send(text="/menu")).status == 202
    assert lines == []


async def test_a_websocket_is_no_way_in(demo: House) -> None:
    async with demo.browser() as browser:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await browser.client.ws_connect("/chat/stream")
