"""Whatever a platform answers: nobody finds an older screen below a newer one, and nothing is lost."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from sqlalchemy import select

from bot.delivery.gate import Gate
from bot.delivery.pacing import Pacing
from bot.delivery.worker import DeliveryWorker
from handlers.kit.channel import Outgoing, Receipt, RetryAt, Sent, Unknown
from handlers.kit.reply import Reply
from storage import accounts, delivery, outbox
from storage.database import Database, Transaction, open_database
from storage.delivery import Claimed
from storage.outbox import LEASE, Attached, NewMessage, Priority
from storage.schema.messages import outbox as table
from tests.world import START, DirectChannel, SetClock

# What becomes of a push: (what the program is told, whether the person sees it).
SENT = (Sent("1"), True)
OUTCOMES: dict[str, tuple[Receipt, bool]] = {
    "sent": SENT,
    "unanswered, shown": (Unknown("Timed out"), True),
    "unanswered, lost": (Unknown("Timed out"), False),
    "refused for a moment": (RetryAt(timedelta(seconds=2), "500"), False),
    "refused for long": (RetryAt(timedelta(seconds=64), "500"), False),
    "everybody refused": (RetryAt(timedelta(seconds=20), "429", whole_token=True), False),
}


@dataclass
class Screen(DirectChannel):
    """One person's screen: the keys of what was shown, in order; `outcomes` are met one after another."""

    outcomes: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    tries: Counter[str] = field(default_factory=Counter)

    async def push(self, outgoing: Outgoing) -> Receipt:
        receipt, is_shown = OUTCOMES[self.outcomes.pop(0)] if self.outcomes else SENT
        if not isinstance(receipt, RetryAt):
            self.tries[outgoing.key] += 1
        if is_shown:
            self.shown.append(outgoing.key)
        return receipt


class Heedless(Pacing):
    """Tries at once where everybody was asked to wait: the worst that can happen to the order."""

    def heed(self, receipt: Receipt) -> None: ...


class Branch:
    """One account, the real worker, and the outbox on `database`."""

    def __init__(self, database: Database, clock: SetClock, outcomes: Sequence[str] = ()) -> None:
        self.database = database
        self.clock = clock
        self.screen = Screen(outcomes=list(outcomes))
        self._numbers = count(1)
        self.restart()

    def restart(self) -> None:
        pacing = {"direct": Heedless(0, lambda: 0.0)}
        self.worker = DeliveryWorker(self.database, {"direct": self.screen}, self.clock, pacing)

    async def reply(self, *, replies: int = 1, file: bool = False) -> None:
        event = next(self._numbers)
        async with self.database.write() as tx:
            fresh = [await put_in(tx, f"direct:{event}:{n}", self.clock, file=file) for n in range(replies)]
        self.worker.dispatch(fresh)
        await self.worker.settle()

    async def push(self, priority: Priority) -> None:
        number = next(self._numbers)
        async with self.database.write() as tx:
            account = await accounts.arrive(tx, "direct", "a", START)
            key = f"{priority.name}:{number}"
            pushed = NewMessage(key, "t", account.id, None, priority, MESSAGE)
            await outbox.add(tx, [pushed], self.clock.now())
        await self.worker.send_due()

    async def wait(self, seconds: int) -> None:
        self.clock.forward(seconds=seconds)
        await self.worker.send_due()

    async def die(self) -> None:
        """The program ends and is started again."""
        self.restart()
        async with self.database.write() as tx:
            await delivery.release(tx, self.clock.now())
        await self.worker.send_due()

    async def rest(self) -> dict[str, str]:
        """Everything goes well from now on; what became of each message, by its key."""
        self.screen.outcomes.clear()
        for _ in range(4):
            await self.wait(120)
        async with self.database.read() as tx:
            return {row.key: row.state for row in await tx.all(select(table.c.key, table.c.state))}


MESSAGE: dict[str, Any] = {"text": "Trang", "buttons": [], "replaces": ""}
FILE = Attached("a.png", "image/png", b"png")


async def put_in(tx: Transaction, key: str, clock: SetClock, *, file: bool = False) -> Claimed:
    now = clock.now()
    account = await accounts.arrive(tx, "direct", "a", now)
    if file:
        await outbox.attach(tx, f"{key:f>32}", account.id, FILE, now)
    new = NewMessage(
        key, "reply", account.id, None, Priority.REPLY, MESSAGE, attachment_id=f"{key:f>32}" if file else None
    )
    number = await outbox.add_claimed(tx, new, now)
    sent = FILE if file else None
    return Claimed(number, key, account.id, "direct", "a", 0, MESSAGE, sent, 1, now + LEASE)


STEPS: st.SearchStrategy[tuple[str, dict[str, Any]]] = st.one_of(
    st.tuples(st.just("reply"), st.fixed_dictionaries({"replies": st.integers(1, 2)})),
    st.tuples(st.just("reply"), st.just({"file": True})),
    st.tuples(st.just("push"), st.fixed_dictionaries({"priority": st.sampled_from(list(Priority)[1:])})),
    st.tuples(st.just("wait"), st.fixed_dictionaries({"seconds": st.sampled_from([1, 3, 30, 61])})),
    st.tuples(st.just("die"), st.just({})),
)


@settings(max_examples=150, deadline=None)
@given(steps=st.lists(STEPS, max_size=10), outcomes=st.lists(st.sampled_from(list(OUTCOMES)), max_size=14))
def test_order_and_completeness(
    sqlite_template: Path, steps: list[tuple[str, dict[str, Any]]], outcomes: list[str]
) -> None:
    with TemporaryDirectory() as folder:
        shutil.copy(sqlite_template, f"{folder}/a.db")
        asyncio.run(_play(f"sqlite:///{folder}/a.db", steps, outcomes))


async def _play(url: str, steps: list[tuple[str, dict[str, Any]]], outcomes: list[str]) -> None:
    database = open_database(url)
    branch = Branch(database, SetClock(), outcomes)
    for name, how in steps:
        await getattr(branch, name)(**how)
    states = await branch.rest()
    files = {f"direct:{n}:0" for n, (name, how) in enumerate(_numbered(steps), 1) if "file" in how}
    await database.close()
    assert not _out_of_order(branch.screen.shown, files)
    assert max(branch.screen.tries.values(), default=0) <= 2
    later = [key for key in branch.screen.tries if key.startswith("direct")]
    for key, state in states.items():
        is_screen = key.startswith("direct") and key not in files
        if state == "sent" or (state == "unknown" and branch.screen.tries[key] == 2):
            continue
        assert is_screen, f"{key} is {state}"
        assert any(_event(other) > _event(key) for other in later), f"{key} is {state}"


def _numbered(steps: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    return [step for step in steps if step[0] in {"reply", "push"}]


def _event(key: str) -> int:
    return int(key.split(":")[1])


def _out_of_order(shown: list[str], files: set[str]) -> list[tuple[str, str]]:
    """Pairs of one kind, (above, below), of which the one below is the older."""
    kinds = [(key.split(":")[0], key) for key in shown if key not in files]
    return [
        (above, below)
        for place, (kind, above) in enumerate(kinds)
        for its_kind, below in kinds[place + 1 :]
        if kind == its_kind and _event(below) < _event(above)
    ]


async def test_a_reply_that_overtakes_a_claim_stays_the_newest(
    database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer reply is committed and sent between the claim's look and its end."""
    branch = Branch(database, clock, ["unanswered, lost"])
    await branch.reply()
    clock.forward(seconds=61)
    look = delivery.claim

    async def claim(tx: Transaction, *given: Any) -> delivery.Batch:
        batch = await look(tx, *given)
        branch.worker.dispatch([await put_in(tx, "direct:2:0", clock)])
        return batch

    monkeypatch.setattr(delivery, "claim", claim)
    await branch.worker.send_due()
    monkeypatch.undo()
    assert (await branch.rest(), branch.screen.shown) == (
        {"direct:1:0": "unknown", "direct:2:0": "sent"},
        ["direct:2:0"],
    )


async def test_one_who_waits_for_the_platform_is_not_sent_twice(database: Database, clock: SetClock) -> None:
    """A stop longer than the lease: the reply goes back into the outbox, and isn't claimed from the lane."""
    branch = Branch(database, clock)
    pacing = Pacing(0, lambda: 0.0)
    pacing.heed(RetryAt(timedelta(minutes=5), "429", whole_token=True))
    branch.worker = DeliveryWorker(database, {"direct": branch.screen}, clock, {"direct": pacing})
    await branch.reply(replies=2)
    await branch.wait(61)
    assert branch.screen.shown == []
    branch.restart()
    await branch.rest()
    assert branch.screen.shown == ["direct:1:0", "direct:1:1"]


async def test_nothing_is_claimed_while_everybody_waits(database: Database, clock: SetClock) -> None:
    branch = Branch(database, clock)
    pacing = Pacing(0, lambda: 0.0)
    pacing.heed(RetryAt(timedelta(minutes=5), "429", whole_token=True))
    branch.worker = DeliveryWorker(database, {"direct": branch.screen}, clock, {"direct": pacing})
    await branch.push(Priority.BULK)
    async with database.read() as tx:
        row = await tx.first(select(table.c.state, table.c.problem))
    assert row is not None
    assert tuple(row) == ("pending", None)


async def test_a_process_that_may_not_send_claims_nothing_and_puts_back_what_it_has(
    database: Database, clock: SetClock
) -> None:
    branch = Branch(database, clock)
    gate = Gate(lambda: 0.0)
    pacing = {"direct": Pacing(0, lambda: 0.0, gate=gate)}
    branch.worker = DeliveryWorker(database, {"direct": branch.screen}, clock, pacing)
    await branch.reply()
    await branch.push(Priority.NORMAL)
    branch.worker.dispatch_ephemeral("direct", "a", "direct:9:0", Reply(Markup("Mã tra cứu")))
    await branch.worker.settle()
    assert branch.screen.shown == []
    async with database.read() as tx:
        rows = await tx.all(select(table.c.state, table.c.attempts))
    assert [tuple(row) for row in rows] == [("pending", 0), ("pending", 0)]
    gate.open_until(1.0)
    await branch.wait(2)
    await branch.rest()
    assert len(branch.screen.shown) == 2


async def test_a_batch_doesn_t_wait_for_others_replies(database: Database, clock: SetClock) -> None:
    branch = Branch(database, clock)
    answered = asyncio.Event()
    push = branch.screen.push

    given_up = []

    async def slow(outgoing: Outgoing) -> Receipt:
        try:
            if outgoing.address == "b":
                await answered.wait()
        except asyncio.CancelledError:
            given_up.append(outgoing.key)
            raise
        return await push(outgoing)

    branch.screen.push = slow  # type: ignore[method-assign]
    branch.worker.dispatch_ephemeral("direct", "b", "busy:1", Reply(Markup("Xin chờ")))
    await branch.push(Priority.BULK)
    assert (branch.screen.shown, given_up) == (["BULK:1"], [])
    answered.set()
    await branch.worker.settle()
