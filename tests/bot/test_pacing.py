"""No limit of the platform's is exceeded, and nobody waits for somebody else's."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from heapq import heappop, heappush
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.chats import CHAT, GROUP, Chats
from bot.delivery.gate import Gate
from bot.delivery.pacing import Pacing
from bot.system import spawn
from handlers.kit.channel import RetryAt, Sent
from tests.world import SeededChance

RATE = 10.0
TOLERANCE_S = 0.01


@dataclass
class Time:
    """A monotonic clock that moves only when everybody sleeps. Who sleeps to the same moment wakes in any
    order, as in life.
    """

    now: float = 0.0
    chance: SeededChance = field(default_factory=SeededChance)
    _sleeping: list[tuple[float, int, int, "asyncio.Future[None]"]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        done = asyncio.get_running_loop().create_future()
        heappush(self._sleeping, (self.now + seconds, self.chance.below(100), next(self._numbers), done))
        await done

    async def until_done(self, tasks: Iterable["asyncio.Task[None]"]) -> None:
        waiting = list(tasks)
        while not all(task.done() for task in waiting):
            for _ in range(4):
                await asyncio.sleep(0)
            if self._sleeping:
                self.now, _, _, done = heappop(self._sleeping)
                done.set_result(None)
        for task in waiting:
            task.result()


@dataclass(frozen=True)
class Message:
    """`number` is its place among all, by the time when it comes."""

    number: int
    at: float
    chat: str
    urgent: bool


@dataclass
class Run:
    """What became of messages: when each went, in the order of their going."""

    messages: list[Message]
    went: list[tuple[float, Message]] = field(default_factory=list)

    async def play(self, time: Time, pacing: Pacing) -> None:
        async def send(message: Message) -> None:
            await time.sleep(message.at + message.number * 1e-6)
            assert await pacing.turn(message.chat, urgent=message.urgent)
            self.went.append((time.now, message))

        await time.until_done([spawn(send(each), "message") for each in self.messages])

    def of_chats(self) -> dict[str, list[tuple[float, Message]]]:
        found: dict[str, list[tuple[float, Message]]] = defaultdict(list)
        for moment, message in self.went:
            found[message.chat].append((moment, message))
        return found


def _in_order(came: list[tuple[float, str, bool]]) -> list[Message]:
    return [Message(number, *each) for number, each in enumerate(sorted(came, key=lambda each: each[0]))]


MESSAGES = st.lists(
    st.tuples(st.floats(0, 20), st.sampled_from(["1", "2", "3", "-1", "-2"]), st.booleans()), max_size=80
).map(_in_order)


def _paced(time: Time, *, rate: float = RATE) -> Pacing:
    return Pacing(rate, time, chats=Chats(), sleep=time.sleep)


def _within(moments: list[float], interval_s: float, burst: int) -> bool:
    """Whether in no window there are more than `burst` and one for each interval."""
    return all(
        later - earlier >= (number + 1 - burst) * interval_s - TOLERANCE_S
        for place, earlier in enumerate(moments)
        for number, later in enumerate(moments[place:])
    )


@given(messages=MESSAGES, seed=st.integers(0, 99))
def test_no_limit_is_exceeded_in_any_window_and_one_chat_s_order_is_kept(
    messages: list[Message], seed: int
) -> None:
    run, time = Run(messages), Time(chance=SeededChance(seed))
    asyncio.run(run.play(time, _paced(time)))
    assert len(run.went) == len(messages)
    assert _within([moment for moment, _ in run.went], 1 / RATE, 2)
    for chat, went in run.of_chats().items():
        pace = GROUP if chat.startswith("-") else CHAT
        moments = [moment for moment, _ in went]
        assert _within(moments, pace.interval_s, pace.burst)
        if pace is GROUP:
            assert all(sum(t <= each < t + 60 for each in moments) <= 20 for t in moments)
        for urgent in (True, False):
            numbers = [message.number for _, message in went if message.urgent is urgent]
            assert numbers == sorted(numbers)


@given(messages=MESSAGES, seed=st.integers(0, 99))
def test_nobody_waits_longer_than_for_their_own_chat_and_who_is_ahead(
    messages: list[Message], seed: int
) -> None:
    """At the worst everybody who comes goes first, one after the other, and then one's own chat."""
    run, time = Run(messages), Time(chance=SeededChance(seed))
    asyncio.run(run.play(time, _paced(time)))
    urgent = sum(message.urgent for message in messages)
    for chat, went in run.of_chats().items():
        own = len(went) * (GROUP if chat.startswith("-") else CHAT).interval_s
        for moment, message in went:
            ahead = urgent if message.urgent else len(messages)
            assert moment - message.at <= own + (ahead + len(went) + 1) * 2 / RATE


async def test_the_rate_is_even() -> None:
    time = Time()
    run = Run(_in_order([(0.0, str(number), False) for number in range(21)]))
    await run.play(time, _paced(time))
    assert time.now == pytest.approx(2.0, abs=TOLERANCE_S)


async def test_a_thousand_a_second_are_held_though_everybody_is_woken_late() -> None:
    time = Time()

    async def sleep(seconds: float) -> None:
        time.now += seconds + 0.005

    pacing = Pacing(1_000, time, sleep=sleep)
    for number in range(1_000):
        await pacing.turn(str(number), urgent=False)
    assert time.now == pytest.approx(1.0, abs=0.04)


async def test_a_chat_that_has_to_wait_holds_up_nobody_else() -> None:
    time = Time()
    busy = [(0.0, "-7", True)] * 12
    run = Run(_in_order([*busy, *((0.5, str(number), False) for number in range(10))]))
    await run.play(time, _paced(time))
    others = [moment for moment, message in run.went if message.chat != "-7"]
    assert max(others) <= 0.5 + 11 / RATE + TOLERANCE_S
    assert run.went[-1][0] == pytest.approx((12 - GROUP.burst) * GROUP.interval_s, abs=0.5)


async def test_a_reply_goes_ahead_of_what_waits_for_the_same_chat() -> None:
    time = Time()
    bulk = [(0.0, "7", False)] * 8
    run = Run(_in_order([*bulk, (1.0, "7", True)]))
    await run.play(time, _paced(time))
    assert [message.urgent for _, message in run.went].index(True) == CHAT.burst + 1


async def test_replies_go_ahead_of_others() -> None:
    time = Time()
    bulk = [(0.0, str(number), False) for number in range(30)]
    run = Run(_in_order([*bulk, (0.55, "99", True)]))
    await run.play(time, _paced(time))
    reply = next(moment for moment, message in run.went if message.urgent)
    assert reply <= 0.55 + 1 / RATE + TOLERANCE_S


async def test_who_comes_when_another_s_moment_has_come_stands_behind() -> None:
    """The other one sleeps a little longer than it has to, as everybody does."""
    time = Time()
    pacing = _paced(time)
    order: list[str] = []

    async def send(name: str) -> None:
        assert await pacing.turn("7", urgent=False)
        order.append(name)

    first, second = spawn(send("first"), "message"), spawn(send("second"), "message")
    await asyncio.sleep(0)
    time.now = 2 / RATE
    third = spawn(send("third"), "message")
    await asyncio.sleep(0)
    await time.until_done([first, second, third])
    assert order == ["first", "second", "third"]


@pytest.mark.parametrize("chats", [None, Chats()])
async def test_a_stop_lasts_however_many_others_end(chats: Chats | None) -> None:
    time = Time()
    pacing = Pacing(0, time, chats=chats, sleep=time.sleep)
    pacing.heed(RetryAt(timedelta(seconds=5), "429", whole_token=True))
    pacing.heed(RetryAt(timedelta(seconds=1), "429", whole_token=True))
    pacing.heed(Sent("1"))
    assert pacing.stop == timedelta(seconds=5)
    await Run(_in_order([(0.0, "7", True)])).play(time, pacing)
    assert time.now == pytest.approx(5.0, abs=TOLERANCE_S)


async def test_a_chat_s_own_refusal_stops_nobody_else() -> None:
    pacing = Pacing(0, lambda: 0.0)
    pacing.heed(RetryAt(timedelta(seconds=5), "500"))
    assert not pacing.stop
    assert await pacing.turn("7", urgent=False)


async def test_who_can_t_wait_so_long_is_told_at_once() -> None:
    time = Time()
    pacing = _paced(time)
    for _ in range(GROUP.burst):
        assert await pacing.turn("-7", urgent=False, within_s=1)
        time.now += 1 / RATE
    assert not await pacing.turn("-7", urgent=False, within_s=1)
    assert await pacing.turn("7", urgent=False, within_s=1)


async def test_behind_a_closed_gate_nothing_goes() -> None:
    time = Time()
    gate = Gate(time)
    pacing = Pacing(RATE, time, gate=gate, sleep=time.sleep)
    assert pacing.stop
    assert not await pacing.turn("7", urgent=True)
    gate.open_until(1.0)
    assert not pacing.stop
    assert await pacing.turn("7", urgent=True)
    time.now = 1.0
    assert not await pacing.turn("7", urgent=True)


async def test_a_gate_that_closes_turns_away_who_waits() -> None:
    time = Time()
    gate = Gate(time)
    gate.open_until(0.25)
    pacing = Pacing(RATE, time, gate=gate, sleep=time.sleep)
    answers: list[bool] = []

    async def send() -> None:
        answers.append(await pacing.turn("7", urgent=False))

    await time.until_done([spawn(send(), "message") for _ in range(10)])
    assert answers == [True] * 3 + [False] * 7


def test_idle_chats_are_forgotten() -> None:
    chats = Chats()
    for number in range(100_000):
        chats.count(str(number), number / RATE)
    assert len(chats._even) < 2_000
    assert chats.free_at("99999") > 0
