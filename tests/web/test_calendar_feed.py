"""The calendar's address: what it gives, whom it gives nothing, and that nothing tells of it."""

import logging
from collections.abc import Iterator
from datetime import datetime
from io import StringIO

import pytest
from structlog.testing import capture_logs

from storage import calendar_links, members
from tests.feed.keeping import calendar_of, keep, subscribed
from tests.feed.series import meeting, series
from tests.people import LEADER, WORKER
from tests.web.house import Answer, House
from tests.world import World

FIRST = datetime(2026, 3, 9, 8, 30)  # noqa: DTZ001 - on the wall


async def _ask(house: House, token: str, method: str = "GET", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with (
        house.browser() as browser,
        browser.client.request(method, f"/lich/{token}.ics", headers=named) as answer,
    ):
        got = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status, got, (await answer.read()).decode(), "")


async def test_the_calendar_is_read_without_a_login(public: House, branch_world: World) -> None:
    await keep(branch_world, series(meeting("RRULE:FREQ=WEEKLY", FIRST)))
    token = await subscribed(branch_world, WORKER)
    answer = await _ask(public, token)
    assert answer.status == 200
    assert answer.text == await calendar_of(branch_world, token)
    assert "Họp tổ" in answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert token not in answer.headers["content-disposition"]
    assert "set-cookie" not in answer.headers


async def test_who_has_it_already_gets_it_again_only_after_a_change(
    public: House, branch_world: World
) -> None:
    token = await subscribed(branch_world, WORKER)
    etag = (await _ask(public, token)).headers["etag"]
    public.clock.forward(hours=4)
    same = await _ask(public, token, if_none_match=etag)
    assert (same.status, same.text, same.headers["etag"]) == (304, "", etag)
    assert (await _ask(public, token, if_none_match=f'"other", W/{etag}')).status == 304
    await keep(branch_world, series(meeting(None, FIRST)))
    changed = await _ask(public, token, if_none_match=etag)
    assert changed.status == 200
    assert changed.headers["etag"] != etag


async def test_head_tells_what_get_would(public: House, branch_world: World) -> None:
    token = await subscribed(branch_world, WORKER)
    got, head = await _ask(public, token), await _ask(public, token, "HEAD")
    assert (head.status, head.text) == (200, "")
    assert head.headers["etag"] == got.headers["etag"]
    assert int(head.headers["content-length"]) == len(got.text.encode())


async def test_every_wrong_address_gets_the_same_answer(public: House, branch_world: World) -> None:
    revoked, left = await subscribed(branch_world, WORKER), await subscribed(branch_world, LEADER)
    now = branch_world.clock.now()
    async with branch_world.database.write() as tx:
        worker = await members.by_code(tx, WORKER)
        assert worker is not None
        await calendar_links.revoke(tx, worker.id, now)
        await members.mark_left(tx, [LEADER], now)
    answers = [await _ask(public, token) for token in ("A" * 43, revoked, left, "x", "a" * 5000)]
    assert {(each.status, each.text) for each in answers} == {(404, answers[0].text)}
    heads = [{**each.headers, "date": ""} for each in answers]
    assert all(each == heads[0] for each in heads)
    assert heads[0]["cache-control"] == "no-store"


async def test_nobody_writes_to_it(public: House, branch_world: World) -> None:
    token = await subscribed(branch_world, WORKER)
    for method in ("POST", "PUT", "DELETE", "PROPFIND"):
        assert (await _ask(public, token, method)).status == 405


async def test_a_program_that_asks_without_end_is_told_to_wait(public: House, branch_world: World) -> None:
    token, other = await subscribed(branch_world, WORKER), await subscribed(branch_world, LEADER)
    statuses = [(await _ask(public, token)).status for _ in range(21)]
    assert statuses == [200] * 20 + [429]
    assert (await _ask(public, other)).status == 200
    public.clock.forward(minutes=1)
    assert (await _ask(public, token)).status == 200


async def test_a_peer_that_tries_addresses_is_told_to_wait(public: House, branch_world: World) -> None:
    token = await subscribed(branch_world, WORKER)
    for number in range(300):
        assert (await _ask(public, f"{number:043}")).status == 404
    refused = await _ask(public, token)
    assert refused.status == 429
    assert refused.headers["retry-after"]
    assert "thử lại sau ít phút" in refused.text
    public.clock.forward(seconds=1)
    assert (await _ask(public, token)).status == 200


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """What reaches the program's own log, at its finest level; pytest's hears what is silenced too."""
    heard, root = StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(heard), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield heard
    root.setLevel(level)
    root.removeHandler(handler)


async def test_no_log_holds_the_address(
    public: House,
    branch_world: World,
    logged: StringIO,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not even when the page fails."""
    token = await subscribed(branch_world, WORKER)
    with capture_logs() as lines:
        await _ask(public, token)
        await _ask(public, "A" * 43)
        monkeypatch.setattr("handlers.feed.calendar.render", lambda _feed: 1 / 0)
        assert (await _ask(public, token)).status == 500
    assert [(each["event"], each["route"]) for each in lines] == [("page_failed", "/lich/{token}.ics")]
    logging.getLogger("uvicorn.error").debug("heard")
    assert "heard" in logged.getvalue()
    written = f"{lines}{logged.getvalue()}{''.join(capfd.readouterr())}"
    assert token not in written
    assert "A" * 43 not in written
