"""Nothing hangs on a key that is removed, nothing new is sealed to who may not read any more."""

import asyncio
from datetime import UTC, datetime

import pyrage
import pytest

from bot.system import spawn
from handlers.desk.frames import frame
from handlers.kit import readership, sealing
from storage import accounts, consents, members
from storage.concerns import cases, items
from storage.concerns.items import ItemKind, NewItem
from storage.desk import acts
from storage.desk.acts import BY_DAY, Act
from tests.people import CHAIR, COMMITTEE
from tests.web.desk import WRAPPED, Officer, change_roster, seal, submit
from tests.web.house import Answer, House

PHRASE = "Câu này chỉ người đọc mới được thấy"
ITEM, OTHER = "aa" * 16, "bb" * 16


@pytest.fixture
async def number(chair: Officer) -> int:
    """The chair reads; the reader's number."""
    return await chair.become_reader()


async def _join(chair: Officer, colleague: Officer) -> int:
    """The colleague is let in; their number."""
    second = await colleague.become_reader()
    assert (await chair.post(f"readers/{second}/let-in")).status == 200
    return second


async def _stale(officer: Officer) -> list[str]:
    return [each["id"] for each in (await officer.get("stale")).json]


async def _reseal(officer: Officer, item: str, recipients: list[str], readers: str) -> Answer:
    again = seal(recipients, PHRASE, "concern", category="pay", files=[])
    return await officer.write("reseal", frame(bytes.fromhex(item), again), readers=readers)


async def test_nobody_is_removed_on_whose_key_something_hangs(
    office: House, chair: Officer, colleague: Officer, number: int
) -> None:
    _case, first = await submit(office, [chair.recipient], PHRASE)
    _other_case, second = await submit(office, [chair.recipient], PHRASE, 2)
    joined = await _join(chair, colleague)
    assert sorted(await _stale(colleague)) == sorted([first, second])
    # Sealing anew is broken off after the first.
    both = [chair.recipient, colleague.recipient]
    assert (await _reseal(chair, first, both, f"{number},{joined}")).json == {"resealed": 1}
    assert await _stale(chair) == [second]
    refused = await colleague.post(f"readers/{number}/remove?sure=true")
    assert (refused.status, refused.json["reason"]) == (409, "not_sealed_anew")
    assert "1 nội dung chỉ khoá của Nguyễn Thị Ánh" in refused.json["problem"]
    own = await chair.post(f"readers/{number}/remove")
    assert (own.status, own.json["reason"]) == (409, "would_be_lost")
    assert len((await chair.get("readers")).json) == 2
    # Any other browser goes on with what is left.
    await _reseal(chair, second, both, f"{number},{joined}")
    assert await _stale(colleague) == []
    assert (await colleague.post(f"readers/{number}/remove")).status == 200
    for sealed in (await colleague.frames([first, second])).values():
        assert sealing.decode(pyrage.decrypt(sealed, [colleague.identity])).header["text"] == PHRASE
    # It opens with the removed key, too, until it is sealed anew.
    assert sorted(await _stale(colleague)) == sorted([first, second])


async def test_what_is_stored_while_somebody_is_removed_counts(
    office: House, chair: Officer, colleague: Officer, number: int
) -> None:
    joined = await _join(chair, colleague)
    case, _item = await submit(office, [chair.recipient, colleague.recipient], PHRASE)
    async with office.database.write() as tx:
        assert [each.id for each in await readership.held(tx)] == [number, joined]
        removing = spawn(colleague.post(f"readers/{number}/remove"), "removing")
        await asyncio.wait([removing], timeout=1)
        new = NewItem(bytes.fromhex(ITEM), ItemKind.NOTE, seal([chair.recipient], "N", "note"))
        found = await cases.by_id(tx, bytes.fromhex(case))
        assert found is not None
        until = found.destroyed_after
        await items.add(tx, office.keys, found.id, [new], week=found.week, until=until, readers=[number])
    assert (await removing).json["reason"] == "not_sealed_anew"


async def test_who_was_just_let_in_is_removed_without_loss(
    office: House, chair: Officer, colleague: Officer, number: int
) -> None:
    _case, item = await submit(office, [chair.recipient], PHRASE)
    joined = await _join(chair, colleague)
    assert (await chair.post(f"readers/{joined}/remove")).status == 200
    assert await _stale(chair) == []
    assert list(await chair.frames([item])) == [item]
    assert number


async def test_what_an_officer_writes_is_marked_as_well(
    office: House, chair: Officer, colleague: Officer, number: int
) -> None:
    case, item = await submit(office, [chair.recipient], PHRASE)
    note = seal([chair.recipient], "N", "note")
    await chair.write(f"cases/{case}/note", note, version=0, item=ITEM, readers=number)
    assert await _stale(chair) == []
    joined = await _join(chair, colleague)
    assert sorted(await _stale(chair)) == sorted([item, ITEM])
    both = seal([chair.recipient, colleague.recipient], "N", "note")
    await chair.write(f"cases/{case}/note", both, version=1, item=OTHER, readers=f"{number},{joined}")
    assert OTHER not in await _stale(chair)


async def test_what_only_a_lost_key_opens_is_given_up_by_whoever_says_so(
    office: House, chair: Officer, number: int
) -> None:
    await submit(office, [chair.recipient], PHRASE)
    chair.identity = pyrage.x25519.Identity.generate()
    new = await chair.become_reader()
    await chair.post(f"readers/{new}/let-in")
    refused = await chair.post(f"readers/{number}/remove")
    assert refused.json["reason"] == "would_be_lost"
    assert (await chair.post(f"readers/{number}/remove?sure=perhaps")).status == 400
    assert (await chair.post(f"readers/{number}/remove?sure=true")).status == 200
    async with office.database.read() as tx:
        [act] = await acts.latest(tx, 1)
    assert (act.act, act.details) == ("reader_removed", {"name": "Nguyễn Thị Ánh", "lost": 1})


async def test_nothing_new_is_sealed_to_who_lost_their_role(
    office: House, chair: Officer, colleague: Officer, number: int
) -> None:
    joined = await _join(chair, colleague)
    both = [chair.recipient, colleague.recipient]
    case, item = await submit(office, both, PHRASE)
    await change_roster(office, COMMITTEE, is_committee=False)
    assert [each["is_entitled"] for each in (await chair.get("readers")).json] == [True, False]
    assert await _stale(chair) == [item]
    told = {"version": 0, "item": ITEM}
    old = await chair.write(
        f"cases/{case}/note", seal(both, "N", "note"), readers=f"{number},{joined}", **told
    )
    assert old.json["reason"] == "readers_changed"
    now = await chair.write(f"cases/{case}/note", seal(both[:1], "N", "note"), readers=number, **told)
    assert now.status == 200
    refused = await chair.post(f"cases/{case}/assign", {"version": 1, "reader": joined})
    assert refused.json["reason"] == "reader_gone"
    # They may be removed before everything is sealed anew: somebody who stays opens it.
    assert (await chair.post(f"readers/{joined}/remove")).status == 200


async def test_what_hangs_on_who_lost_their_role_is_not_lost_by_the_way(
    office: House, chair: Officer, colleague: Officer, number: int
) -> None:
    await submit(office, [chair.recipient], PHRASE)
    await _join(chair, colleague)
    await change_roster(office, CHAIR, is_chair=False, is_committee=False)
    refused = await colleague.post(f"readers/{number}/remove")
    assert refused.json["reason"] == "would_be_lost"
    assert (await colleague.post(f"readers/{number}/remove?sure=true")).status == 200


async def test_who_withdrew_their_consent_reads_no_more(
    office: House, chair: Officer, colleague: Officer, number: int
) -> None:
    await _join(chair, colleague)
    async with office.database.write() as tx:
        person = await members.by_code(tx, COMMITTEE)
        assert person is not None
        account = await accounts.arrive(tx, "direct", "a", office.clock.now())
        for _ in range(2):
            await consents.give(tx, person.id, account.id, "0" * 64, office.clock.now())
        await consents.withdraw(tx, person.id, office.clock.now())
    assert [each["is_entitled"] for each in (await chair.get("readers")).json] == [True, False]
    async with office.database.write() as tx:
        await consents.give(tx, person.id, account.id, "0" * 64, office.clock.now())
    assert [each["is_entitled"] for each in (await chair.get("readers")).json] == [True, True]
    assert number


async def test_cases_go_over_to_the_new_key_or_to_nobody(
    office: House, chair: Officer, colleague: Officer, number: int
) -> None:
    joined = await _join(chair, colleague)
    both = [chair.recipient, colleague.recipient]
    mine, first = await submit(office, both, PHRASE)
    theirs, second = await submit(office, both, PHRASE, 2)
    await chair.post(f"cases/{mine}/assign", {"version": 0, "reader": number})
    await chair.post(f"cases/{theirs}/assign", {"version": 0, "reader": joined})
    key = pyrage.x25519.Identity.generate()
    made = await chair.post("readers", {"recipient": str(key.to_public()), "wrapped": WRAPPED})
    new = made.json["id"]
    await chair.post(f"readers/{new}/let-in")
    for item in (first, second):
        await _reseal(chair, item, [*both, str(key.to_public())], f"{number},{joined},{new}")
    for gone in (number, joined):
        assert (await chair.post(f"readers/{gone}/remove")).status == 200
    shown = {each["id"]: each["assigned_to"] for each in (await chair.get("cases")).json}
    assert shown == {mine: new, theirs: None}
    # Whoever looked at it before is told.
    late = await chair.post(f"cases/{theirs}/assign", {"version": 1, "reader": new})
    assert late.json["reason"] == "case_changed"


@pytest.mark.usefixtures("number")
async def test_what_a_writer_adds_is_news_until_somebody_opens_the_case(
    office: House, chair: Officer
) -> None:
    case, _item = await submit(office, [chair.recipient], PHRASE)
    await chair.post(f"cases/{case}/open")
    async with office.database.write() as tx:
        assert await cases.unread(tx) == 0
        held = await cases.hold(tx, bytes.fromhex(case))
        assert held is not None
        await cases.change(tx, held, has_news=True)
        assert await cases.unread(tx) == 1
    [listed] = (await chair.get("cases")).json
    assert listed["has_news"] is True
    assert (await chair.post(f"cases/{case}/open")).json["case"]["has_news"] is False
    async with office.database.read() as tx:
        assert await cases.unread(tx) == 0


async def test_of_what_is_done_with_concerns_only_the_day_is_kept(
    office: House, chair: Officer, number: int
) -> None:
    case, item = await submit(office, [chair.recipient], PHRASE)
    await chair.post(f"cases/{case}/open")
    await chair.frames([item])
    await chair.post(f"cases/{case}/assign", {"version": 1, "reader": number})
    async with office.database.read() as tx:
        done = await acts.latest(tx, 20)
    midnight = datetime(2026, 3, 1, 17, tzinfo=UTC)
    coarse = [each for each in done if each.act in BY_DAY]
    assert {each.act for each in coarse} == {Act.READ, Act.FETCHED, Act.ASSIGNED}
    assert {each.at for each in coarse} == {midnight}
    assert midnight not in {each.at for each in done if each.act not in BY_DAY}
    shown = {each["act"]: each["at"] for each in (await chair.get("acts")).json}
    assert shown["read"] == shown["fetched"] == "2026-03-02"
    assert "T08:30" in shown["reader_asked"]
