"""How sending ends: with a receipt, whatever the platform does, and what each says holds."""

import asyncio
from datetime import timedelta

import pytest

from bot.channels import http
from bot.system import spawn
from handlers.kit.channel import Receipt, RetryAt, Sent, Unknown, Unreachable
from handlers.kit.incoming import Kind
from storage.database import open_database
from storage.outbox import Priority
from tests.channels.contract.bench import OTHER, SAID, Bench, Fault, Person
from tests.channels.contract.letters import outgoing

NOWHERE = "postgresql://postgres@127.0.0.1:9/nowhere"


def longer_than(bench: Bench, parts: int) -> str:
    """A text of one part more, whose words are all different."""
    words = (f"{SAID}-{number}" for number in range(parts * bench.channel.limits.text // len(SAID)))
    return " ".join(words)


async def read(person: Person) -> str:
    return " ".join(each.text for each in await person.shown())


def tells_nothing(bench: Bench, *receipts: Receipt) -> bool:
    """Their reasons are kept."""
    return not any(each in str(receipts) for each in (SAID, *bench.secrets))


def is_refused(receipt: Receipt, *, whole_token: bool) -> bool:
    """For now, with a wait, and for everybody or for this message alone."""
    return isinstance(receipt, RetryAt) and receipt.wait > timedelta() and receipt.whole_token is whole_token


@pytest.mark.needs("network")
@pytest.mark.parametrize(("fault", "whole_token"), [("flood", True), ("token", True), ("failing", False)])
async def test_what_is_refused_for_now_arrives_once_when_it_is_tried_again(
    bench: Bench, fault: Fault, *, whole_token: bool
) -> None:
    lan = await bench.person()
    bench.fails(fault)
    receipts = [await bench.channel.push(outgoing(lan, SAID, "muc1")) for _ in range(3)]
    assert all(is_refused(each, whole_token=whole_token) for each in receipts)
    assert tells_nothing(bench, *receipts)
    assert await lan.shown() == []
    bench.behaves()
    receipt = await bench.channel.push(outgoing(lan, SAID, "muc1"))
    [message] = await lan.shown()
    assert receipt == Sent(message.id)


@pytest.mark.needs("network")
@pytest.mark.parametrize("fault", ["close", "garbage", "empty", "hang"])
async def test_without_an_answer_nobody_knows(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    """Whether it has arrived or not."""
    lan = await bench.person()
    if fault == "hang":
        monkeypatch.setattr(http, "TOTAL_S", 0.5)
    for accepted in (False, True):
        bench.fails(fault, accepted=accepted)
        receipt = await bench.channel.push(outgoing(lan, key=f"channel:{accepted}:0"))
        assert isinstance(receipt, Unknown)
        assert tells_nothing(bench, receipt)
        assert len(await lan.shown()) == accepted
        bench.behaves()
    monkeypatch.undo()
    assert isinstance(await bench.channel.push(outgoing(lan)), Sent)


@pytest.mark.needs("network")
async def test_while_nobody_listens_everybody_waits(bench: Bench) -> None:
    lan = await bench.person()
    await bench.stops_listening()
    assert is_refused(await bench.channel.push(outgoing(lan)), whole_token=True)


@pytest.mark.needs("cuts")
async def test_a_long_text_that_is_interrupted_again_and_again_arrives_once(bench: Bench) -> None:
    lan = await bench.person()
    long = longer_than(bench, 3)
    hits = bench.fails("failing", probability=0.5)
    receipt: Receipt = Unknown("")
    while not isinstance(receipt, Sent):
        receipt = await bench.channel.push(outgoing(lan, long, "muc1"))
    messages = await lan.shown()
    assert hits() > 1
    assert (await read(lan)).startswith(long)
    assert [len(each.buttons) for each in messages] == [0] * (len(messages) - 1) + [1]
    assert receipt == Sent(messages[-1].id, tuple(each.id for each in messages[:-1]))


@pytest.mark.needs("leaving")
async def test_who_has_left_can_t_be_reached(bench: Bench) -> None:
    lan = await bench.person()
    async with bench.running():
        await lan.leaves()
        [event] = await bench.taken.until(1)
    assert (event.kind, event.address) == (Kind.BLOCKED, lan.address)
    assert isinstance(await bench.channel.push(outgoing(lan)), Unreachable)
    assert await lan.shown() == []


async def test_one_who_gives_up_waiting_holds_up_nobody(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection is given back: there is only one."""
    monkeypatch.setattr(http, "CONNECTIONS", 1)
    lan = await bench.person()
    async with bench.stuck() as began:
        pushing = spawn(bench.channel.push(outgoing(lan)), "push")
        await began()
        pushing.cancel()
        await asyncio.wait([pushing])
    assert pushing.cancelled()
    assert isinstance(await bench.channel.push(outgoing(lan, key="channel:event-2:0")), Sent)
    assert SAID in await read(lan)


async def test_copies_are_what_a_push_is(bench: Bench) -> None:
    lan, hoa = await bench.person(), await bench.person(OTHER)
    shared = outgoing(lan, f"Chào <b>mọi người</b>, {SAID}", "muc1").reply
    own = outgoing(hoa, f"Chào <b>Hoa</b>, {SAID}").reply.text
    send = bench.channel.copies(shared, Priority.BULK)
    await send("announce:1:1", lan.address)
    await send("announce:1:2", hoa.address, own)
    [to_lan], [to_hoa] = await lan.shown(), await hoa.shown()
    assert to_lan.text.startswith(f"Chào mọi người, {SAID}")
    assert to_hoa.text.startswith(f"Chào Hoa, {SAID}")
    assert [label for label, _ in to_lan.buttons] == [label for label, _ in to_hoa.buttons] == ["muc1"]


@pytest.mark.needs("storage")
@pytest.mark.parametrize("private", [False, True])
async def test_what_can_t_be_looked_up_or_kept_is_refused_for_now(bench: Bench, *, private: bool) -> None:
    lan = await bench.person()
    message = outgoing(lan, SAID, "muc1", private=private)
    nowhere = open_database(NOWHERE)
    with bench.database_is(nowhere):
        assert is_refused(await bench.channel.push(message), whole_token=False)
    await nowhere.close()
    assert isinstance(await bench.channel.push(message), Sent)
    assert (await read(lan)).startswith(SAID)
