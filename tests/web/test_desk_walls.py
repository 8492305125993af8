"""What must not get through to the desk: by every route, with every role."""

import json
from collections.abc import Iterator
from io import BytesIO

import pytest
from starlette.routing import Route

from bot.web.desk import items as item_pages
from bot.web.problems import DESK_API
from handlers.desk.entering import digest
from handlers.kit.access import GRANTS, Right
from storage.database import StorageUnavailableError
from storage.desk import sessions
from tests.people import CELL, CHAIR, COMMITTEE, LEADER, WORKER
from tests.web.desk import BINARY, Officer, change_roster, link_for
from tests.web.house import House

CASE = "aa" * 16
JSON = {"Content-Type": "application/json"}
NAMED = {"reader": "1", "case": CASE, "item": CASE, "theme": "1"}
# What doesn't ask for the right to read concerns.
OTHER_RIGHTS = [
    *("me", "acts", "figures", "themes", "themes/hints"),
    *(f"themes/1/{deed}" for deed in ("edit", "publish", "hand-over", "drop")),
]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What stands in front of the database is tried with one kind of it."""
    return sqlite_url


def api(house: House) -> Iterator[tuple[str, str]]:
    """Every route below `/desk/api/`, as method and address."""
    for route in house.routes:
        if isinstance(route, Route) and route.path.startswith(DESK_API):
            path = route.path.replace(":int", "").format(**NAMED)
            yield ("POST" if "POST" in (route.methods or ()) else "GET"), path


async def _ask(officer: Officer, method: str, path: str, **headers: str) -> int:
    headers = {"X-CSRF-Token": officer.browser.csrf, **headers}
    async with officer.browser.client.request(method, path, headers=headers) as answer:
        text = await answer.text()
        if answer.status >= 400:
            assert set(json.loads(text)) == {"problem", "reason"}
        return answer.status


def test_there_are_routes_to_walk(office: House) -> None:
    assert len(list(api(office))) == 30


async def test_without_a_session_every_route_says_to_enter(office: House) -> None:
    async with office.browser() as browser:
        for method, path in api(office):
            assert await _ask(Officer(office, browser, CHAIR), method, path) == 401


@pytest.mark.parametrize("code", [CELL, LEADER, WORKER])
async def test_no_session_of_others_opens_anything(office: House, code: str) -> None:
    """However it came about: not even one in the database."""
    async with office.browser() as browser:
        stranger = Officer(office, browser, code)
        assert (await stranger.open_link(await link_for(office, code))).status == 404
        member_id = await office.member_id(code)
        for method, path in api(office):
            async with office.database.write() as tx:
                await sessions.end_all_of(tx, member_id)
                await sessions.open_(tx, digest("ab" * 32), member_id, office.clock.now())
                await sessions.confirm(tx, digest("ab" * 32))
            headers = {"Cookie": f"caunoi_desk={'ab' * 32}"}
            assert await _ask(stranger, method, path, **headers) == 401


@pytest.mark.parametrize("code", [CHAIR, COMMITTEE])
async def test_officers_get_past_the_gate_everywhere(office: House, code: str) -> None:
    async with office.browser() as browser:
        officer = await Officer(office, browser, code).enter()
        for method, path in api(office):
            assert await _ask(officer, method, path) not in {401, 405, 500}


async def test_each_route_asks_for_its_own_right(
    office: House, chair: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role, rights in GRANTS.items():
        monkeypatch.setitem(GRANTS, role, rights - {Right.READ_CONCERNS})
    allowed = {path for method, path in api(office) if await _ask(chair, method, path) != 403}
    assert allowed == {f"{DESK_API}{path}" for path in OTHER_RIGHTS}


async def test_every_post_needs_the_pages_token(office: House, chair: Officer) -> None:
    posts = [path for method, path in api(office) if method == "POST"]
    assert len(posts) == 21
    for path in posts:
        for token in ("", "0" * 64, "é"):
            answer = await chair.browser.post(path, headers={"X-CSRF-Token": token})
            assert (answer.status, answer.json["reason"]) == (403, "forged")
        assert await _ask(chair, "POST", path, **{"Sec-Fetch-Site": "cross-site"}) == 403
        assert await _ask(chair, "POST", path, Origin="https://evil.example") == 403


async def test_wrong_methods_are_refused_as_json(office: House, chair: Officer) -> None:
    both = {f"{DESK_API}readers", f"{DESK_API}themes"}
    for method, path in api(office):
        if path not in both:
            assert await _ask(chair, "GET" if method == "POST" else "POST", path) == 405
    assert await _ask(chair, "GET", f"{DESK_API}nowhere") == 404
    for number in (2**31, 10**30):
        assert await _ask(chair, "POST", f"{DESK_API}readers/{number}/remove") == 404


async def test_every_answer_carries_the_walls(office: House, chair: Officer) -> None:
    await chair.become_reader()
    for method, path in [*api(office), ("GET", "/desk"), ("GET", "/desk/xac-nhan"), ("GET", "/desk/vao/x")]:
        headers = {"X-CSRF-Token": chair.browser.csrf}
        async with chair.browser.client.request(method, path, headers=headers) as answer:
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("readers", "{"),
        ("readers", "{}"),
        ("readers", '{"recipient":1,"wrapped":"x"}'),
        (f"cases/{CASE}/state", '{"version":-1,"state":"closed"}'),
        (f"cases/{CASE}/state", '{"version":0}'),
        (f"cases/{CASE}/assign", '{"version":0,"reader":"x"}'),
        (f"cases/{CASE}/merge", '{"version":0,"into":"zz"}'),
        ("sealed", '{"ids":["short"]}'),
        ("sealed", "[" * 5_000),
    ],
)
async def test_bodies_that_are_not_as_they_should_be(chair: Officer, path: str, body: str) -> None:
    await chair.become_reader()
    answer = await chair.post(path, data=body, headers=JSON)
    assert (answer.status, answer.json["reason"]) == (400, "malformed")
    assert (await chair.post(path, data=body, headers={"Content-Type": "text/plain"})).status == 415


@pytest.mark.parametrize(
    "query",
    [
        "",
        f"version=0&item={CASE}",
        f"version=0&item={CASE}&readers=",
        f"version=0&item={CASE}&readers=1,",
        f"version=0&item={CASE}&readers=x",
        f"version=x&item={CASE}&readers=1",
        "version=0&item=zz&readers=1",
        f"version=0&item={CASE}&readers=1&state=gone",
        f"version=99999999999&item={CASE}&readers=1",
    ],
)
async def test_addresses_that_are_not_as_they_should_be(chair: Officer, query: str) -> None:
    await chair.become_reader()
    answer = await chair.post(f"cases/{CASE}/answer?{query}", data=b"x", headers=BINARY)
    assert (answer.status, answer.json["reason"]) == (400, "malformed")


async def test_what_is_too_large_is_not_read(chair: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    await chair.become_reader()
    monkeypatch.setattr(item_pages, "LARGEST", 100_000)
    told = {"version": 0, "item": CASE, "readers": 1}
    for answer in [
        await chair.write(f"cases/{CASE}/answer", b"x" * 100_000, **told),
        await chair.write("reseal", b"x" * 100_100, readers=1),
        await chair.post("readers", {"recipient": "x", "wrapped": "x" * 140_000}),
        await chair.post("sealed", data=BytesIO(b"x" * 900_000), headers=JSON),
    ]:
        assert (answer.status, answer.json["reason"]) == (413, "too_big")
    assert (await chair.post("readers", {"recipient": "x", "wrapped": "x" * 3_000})).status == 400
    many = json.dumps({"ids": [CASE] * 20_001}, separators=(",", ":")).encode()
    assert (await chair.post("sealed", data=BytesIO(many), headers=JSON)).status == 400


async def test_a_role_that_is_lost_in_the_middle_ends_everything(office: House, colleague: Officer) -> None:
    await change_roster(office, COMMITTEE, is_committee=False)
    for method, path in api(office):
        assert await _ask(colleague, method, path) == 401


async def test_a_database_that_can_not_be_written_to_still_shows(
    office: House, chair: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.clock.forward(minutes=1)

    def refuse() -> None:
        raise StorageUnavailableError("full")

    monkeypatch.setattr(office.database, "write", refuse)
    assert (await chair.get("me")).status == 200
    answer = await chair.post("export")
    assert (answer.status, answer.json["reason"]) == (503, "not_now")
