"""Whoever is on several channels gets an announcement once, on one of them."""

import asyncio
import shutil
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.delivery.budget import Budget
from handlers.kit.channel import NotNow, Outgoing, Receipt, Rejected, RetryAt, Unknown, Unreachable
from storage import announced as announced_to
from storage import members, preferences
from storage.announced import Who
from storage.database import Database, open_database
from tests import people
from tests.announce.sending import put_in, send
from tests.announce.test_actions import announced
from tests.channels.contract.bench import Bench, Person
from tests.channels.contract.telegram_bench import telegram_bench
from tests.channels.contract.web_bench import web_bench
from tests.channels.contract.zalo_bot_bench import ZaloBotBench, zalo_bot_bench
from tests.people import WORKER
from tests.world import ZONE, DirectChannel, SetClock, World

MANY = 60
LATER = RetryAt(timedelta(seconds=1), "429")
# What each channel says to a person, again and again; after the second it takes the message.
TAKES: tuple[Receipt, ...] = ()
PASSES_ON = (Unreachable("blocked"), Unreachable("window"), NotNow("budget"), Rejected("400"))
STAYS = (Unknown("timeout"),)
ANSWERS = st.sampled_from([TAKES, (LATER,), *((each,) * 9 for each in (*PASSES_ON, *STAYS))])
CHANNELS = ("telegram", "zalo_bot", "zalo_oa", "web")
# Which channels a person has, with their answers, and which one was chosen: any, also one that isn't theirs.
PEOPLE = st.lists(
    st.tuples(st.dictionaries(st.sampled_from(CHANNELS), ANSWERS), st.sampled_from((*CHANNELS, ""))),
    min_size=MANY,
    max_size=MANY,
)
Answers = Mapping[str, tuple[Receipt, ...]]


async def _choose(world: World, code: str, channel: str) -> None:
    async with world.database.write() as tx:
        found = await members.by_code(tx, code)
        assert found is not None
        await preferences.set_channel(tx, found.id, channel, world.clock.now())


async def _announce(world: World, audience: str, text: str = "Họp lúc 8 giờ.") -> int:
    """Announced and sent, with what had to wait; its number."""
    made = await announced(world, text, audience=audience)
    await put_in(world)
    for _ in range(8):
        await send(world)
        world.clock.forward(minutes=2)
    return made.id


async def test_on_three_real_channels_each_announcement_comes_once(
    sqlite_url: str, clock: SetClock, tmp_path: Path
) -> None:
    database = open_database(sqlite_url)
    base = World(database, clock)
    await base.start()
    async with database.write() as tx:
        await people.seed(tx, clock.now())
    async with AsyncExitStack() as stack:
        benches = [
            await stack.enter_async_context(opened(base, tmp_path))
            for opened in (telegram_bench, web_bench, zalo_bot_bench)
        ]
        ends = [await _linked(bench, clock) for bench in benches]
        world = World(database, clock, *(bench.channel for bench in benches))
        await _choose(world, WORKER, "telegram")
        await _announce(world, f"code:{WORKER}", "một")
        assert await _got(ends) == [["một"], [], []]
        await ends[0].leaves()
        await _announce(world, f"code:{WORKER}", "hai")
        assert await _got(ends) == [["một"], [], ["hai"]]
        _spend_the_month(benches[2], database, clock)
        await _announce(world, f"code:{WORKER}", "ba")
        assert await _got(ends) == [["một"], ["ba"], ["hai"]]
    await database.close()


async def _linked(bench: Bench, clock: SetClock) -> Person:
    """The worker's end; what was linked last is tried first where nothing was chosen."""
    clock.forward(minutes=1)
    return await bench.person(WORKER)


def _spend_the_month(bench: Bench, database: Database, clock: SetClock) -> None:
    assert isinstance(bench, ZaloBotBench)
    bench.zalo._sender._budget = Budget(database, clock, ZONE, "zalo_bot", 1)


async def _got(ends: list[Person]) -> list[list[str]]:
    """Which of the announcements each shows."""
    return [[_word(each.text) for each in await end.shown()] for end in ends]


def _word(text: str) -> str:
    return next(word for word in ("một", "hai", "ba") if word in text.split())


class Answering(DirectChannel):
    """Answers each person as they were given, and takes what it has no answer for."""

    def __init__(self, name: str, answers: dict[str, list[Receipt]]) -> None:
        super().__init__()
        self.name = name
        self._answers = answers

    async def push(self, outgoing: Outgoing) -> Receipt:
        left = self._answers.get(outgoing.address)
        return left.pop(0) if left else await super().push(outgoing)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(PEOPLE)
def test_of_many_on_any_channels_each_gets_it_once_or_is_listed(
    sqlite_template: Path, crowd: list[tuple[Answers, str]]
) -> None:
    asyncio.run(_send_to(sqlite_template, crowd))


async def _send_to(template: Path, crowd: list[tuple[Answers, str]]) -> None:
    codes = {f"M{number}": each for number, each in enumerate(crowd)}
    channels = [
        Answering(name, {code: list(answers.get(name, ())) for code, (answers, _) in codes.items()})
        for name in CHANNELS
    ]
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{shutil.copy(template, folder)}")
        world = World(database, SetClock(), *channels)
        await world.start()
        await _settle(world, codes)
        number = await _announce(world, "all")
        async with database.read() as tx:
            unreached = await announced_to.people(tx, number, Who.NOT_REACHED, MANY)
        await database.close()
    listed = {each.code for each in unreached}
    for code, (answers, chosen) in codes.items():
        got = {each.name: len(each.boxes[code]) for each in channels if code in each.boxes}
        taker = _taker(answers, chosen)
        assert got == ({taker: 1} if taker else {}), (code, answers, chosen)
        assert (code in listed) == (not taker)


async def _settle(world: World, codes: Mapping[str, tuple[Answers, str]]) -> None:
    now = world.clock.now()
    async with world.database.write() as tx:
        await members.add_groups(tx, [("Tổ", "to")])
        [group] = (await members.group_ids(tx)).values()
        await members.add(tx, [people.person(group, now, code=code, name=code) for code in codes])
    for channel in CHANNELS:
        world.clock.forward(minutes=1)
        for code, (answers, chosen) in codes.items():
            if channel in answers:
                await world.link(channel, code, code)
            if channel == chosen:
                await _choose(world, code, channel)


def _taker(answers: Answers, chosen: str) -> str:
    """The channel by which it comes: the chosen one first, then those linked last, while each passes on."""
    for channel in _in_order(answers, chosen):
        if answers[channel] == TAKES or answers[channel] == (LATER,):
            return channel
        if answers[channel][0] in STAYS:
            return ""
    return ""


def _in_order(answers: Answers, chosen: str) -> Iterator[str]:
    if chosen in answers:
        yield chosen
    yield from (each for each in reversed(CHANNELS) if each in answers and each != chosen)
