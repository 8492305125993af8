"""Who may read concerns: keys asked for, let in, removed, and handed over."""

import json

import pyrage
import pytest
from sqlalchemy import select

from storage.desk import acts
from storage.schema.concerns import concern_reader
from tests.people import CHAIR, COMMITTEE
from tests.web.desk import WRAPPED, Officer, change_roster
from tests.web.house import House


async def _states(officer: Officer) -> dict[int, str]:
    return {each["id"]: each["state"] for each in (await officer.get("readers")).json}


async def test_the_chairs_first_key_is_in_at_once(office: House, chair: Officer) -> None:
    before = (await chair.get("me")).json
    assert (before["reader"], before["may_appoint"], before["keys"]) == (None, True, [])
    number = await chair.become_reader()
    after = (await chair.get("me")).json
    assert (after["reader"], after["may_appoint"]) == (number, False)
    [key] = after["keys"]
    assert (key["recipient"], key["wrapped"], key["state"]) == (chair.recipient, WRAPPED, "active")
    [listed] = (await chair.get("readers")).json
    assert "wrapped" not in listed
    assert listed["fingerprint"] == key["fingerprint"]
    assert len(listed["fingerprint"].split()) == 4
    async with office.database.read() as tx:
        done = [(each.act, each.subject) for each in await acts.latest(tx, 2)]
    assert done == [("reader_let_in", str(number)), ("reader_asked", str(number))]


async def test_others_wait_until_a_reader_lets_them_in(chair: Officer, colleague: Officer) -> None:
    await chair.become_reader()
    number = await colleague.become_reader()
    assert (await colleague.get("me")).json["reader"] is None
    assert (await colleague.get("cases")).status == 403
    refused = await colleague.post(f"readers/{number}/let-in")
    assert (refused.status, refused.json["reason"]) == (403, "not_appointed")
    assert (await chair.post(f"readers/{number}/let-in")).status == 200
    assert (await colleague.get("me")).json["reader"] == number
    assert (await colleague.get("cases")).status == 200
    again = await chair.post(f"readers/{number}/let-in")
    assert (again.status, again.json["reason"]) == (409, "reader_decided")


async def test_while_nobody_reads_the_chair_says_who_does(chair: Officer, colleague: Officer) -> None:
    number = await colleague.become_reader()
    assert await _states(chair) == {number: "asked"}
    assert (await colleague.post(f"readers/{number}/let-in")).status == 403
    assert (await chair.post(f"readers/{number}/let-in")).status == 200
    assert (await colleague.get("cases")).status == 200
    assert (await chair.get("me")).json["may_appoint"] is False


async def test_a_second_key_takes_the_place_of_one_that_waits(chair: Officer, colleague: Officer) -> None:
    await chair.become_reader()
    first = await colleague.become_reader()
    colleague.identity = pyrage.x25519.Identity.generate()
    second = await colleague.become_reader()
    states = await _states(chair)
    assert states[second] == "asked"
    assert first not in states


async def test_a_lost_passphrase_is_a_new_key_that_one_lets_in_oneself(chair: Officer) -> None:
    lost = await chair.become_reader()
    chair.identity = pyrage.x25519.Identity.generate()
    new = await chair.become_reader()
    assert await _states(chair) == {lost: "active", new: "asked"}
    assert (await chair.post(f"readers/{new}/let-in")).status == 200
    assert (await chair.post(f"readers/{lost}/remove")).status == 200
    me = (await chair.get("me")).json
    assert me["reader"] == new
    # What is still sealed to the old key can be opened, should its passphrase be found.
    assert [(each["id"], each["state"]) for each in me["keys"]] == [(lost, "removed"), (new, "active")]


async def test_the_last_reader_stays(chair: Officer, colleague: Officer) -> None:
    number = await chair.become_reader()
    refused = await chair.post(f"readers/{number}/remove")
    assert (refused.status, refused.json["reason"]) == (409, "last_reader")
    other = await colleague.become_reader()
    assert (await colleague.post(f"readers/{number}/remove")).json["reason"] == "not_reader"
    assert (await chair.post(f"readers/{other}/let-in")).status == 200
    assert (await colleague.post(f"readers/{number}/remove")).status == 200
    assert (await chair.get("cases")).json["reason"] == "not_reader"
    gone = await colleague.post(f"readers/{number}/remove")
    assert (gone.status, gone.json["reason"]) == (409, "reader_decided")


async def test_who_waits_may_take_it_back(chair: Officer, colleague: Officer) -> None:
    await chair.become_reader()
    number = await colleague.become_reader()
    assert (await colleague.post(f"readers/{number}/remove")).status == 200
    assert number not in await _states(chair)


async def test_a_new_chair_begins_anew_when_the_old_one_has_left(office: House, chair: Officer) -> None:
    old = await chair.become_reader()
    await change_roster(office, CHAIR, is_active=False)
    await change_roster(office, COMMITTEE, is_chair=True)
    async with office.browser() as browser:
        successor = await Officer(office, browser, COMMITTEE).enter()
        assert (await successor.get("me")).json["may_appoint"] is True
        new = await successor.become_reader()
        assert (await successor.get("me")).json["reader"] == new
        assert [each["is_there"] for each in (await successor.get("readers")).json] == [False, True]
        assert (await successor.post(f"readers/{old}/remove")).status == 200
        assert (await successor.get("me")).json["may_appoint"] is False


async def test_nobody_without_the_role_is_let_in(office: House, chair: Officer, colleague: Officer) -> None:
    await chair.become_reader()
    number = await colleague.become_reader()
    await change_roster(office, COMMITTEE, is_committee=False)
    assert [each["is_entitled"] for each in (await chair.get("readers")).json] == [True, False]
    refused = await chair.post(f"readers/{number}/let-in")
    assert (refused.status, refused.json["reason"]) == (409, "not_entitled")


async def test_a_passphrase_is_changed_by_the_keys_owner_only(
    office: House, chair: Officer, colleague: Officer
) -> None:
    number = await chair.become_reader()
    new = WRAPPED.replace("AAAA", "BBBB")
    assert (await chair.post(f"readers/{number}/passphrase", {"wrapped": new})).status == 200
    assert (await chair.get("me")).json["keys"][0]["wrapped"] == new
    assert (await colleague.post(f"readers/{number}/passphrase", {"wrapped": WRAPPED})).status == 404
    assert (await chair.post("readers/77/passphrase", {"wrapped": WRAPPED})).status == 404
    bad = await chair.post(f"readers/{number}/passphrase", {"wrapped": "{}"})
    assert bad.json["reason"] == "not_a_key"
    async with office.database.read() as tx:
        assert await tx.scalar(select(concern_reader.c.wrapped)) == new


@pytest.mark.parametrize(
    ("recipient", "wrapped"),
    [
        ("", WRAPPED),
        ("age1nothing", WRAPPED),
        # A point whose secret everybody knows.
        ("age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqs3290gq", WRAPPED),
        (None, "[]"),
        (None, "{"),
        (None, "[" * 1_999),
        (None, json.dumps({"v": 1})),
        (None, WRAPPED.replace("AAAA", "AGE-SECRET-KEY-1QQQ")),
    ],
)
async def test_what_is_no_wrapped_key_is_not_kept(
    office: House, chair: Officer, recipient: str | None, wrapped: str
) -> None:
    key = {"recipient": chair.recipient if recipient is None else recipient, "wrapped": wrapped}
    answer = await chair.post("readers", key)
    assert (answer.status, answer.json["reason"]) == (409, "not_a_key")
    async with office.database.read() as tx:
        assert await tx.all(select(concern_reader)) == []


async def test_a_key_is_known_once(chair: Officer, colleague: Officer) -> None:
    await chair.become_reader()
    colleague.identity = chair.identity
    answer = await colleague.post("readers", {"recipient": chair.recipient, "wrapped": WRAPPED})
    assert answer.json["reason"] == "key_known"
