"""Random walks through everything: no walk ends in an unhandled error or in silence."""

import asyncio
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.features import make_router
from handlers.kit.payload import encode
from storage import evidence_check
from storage.database import open_database
from tests import people
from tests.talk import Shown, Talk
from tests.world import BRANCH, SetClock, World

ROUTER = make_router(BRANCH.tag)
WORDS = st.sampled_from(
    [
        *(f"/{command.name}" for command in ROUTER.commands),
        "/huy",
        "/khongco",
        "/",
        "học tập",
        "Đặng Thu Hà",
        "NV06",
        "NV06, NV07\nNV08",
        "31/12",
        "2026-13-45",
        '<b>đậm</b> & "nháy" {{ x }}',
        "😀",
        "a" * 4096,
        "N\u0065\u0302\u0301u",
    ]
)
STEPS = st.one_of(
    st.tuples(st.just("tap"), st.integers(0, 30)),
    st.tuples(st.just("tap"), st.integers(0, 30)),
    st.tuples(st.just("old"), st.integers(0, 200)),
    st.tuples(st.just("say"), WORDS),
    st.tuples(st.just("say"), st.text(min_size=1, max_size=40)),
    st.tuples(st.just("media"), st.just("sticker")),
    st.tuples(
        st.just("forge"),
        st.tuples(st.sampled_from(sorted(ROUTER.actions)), st.lists(st.integers(0, 12), max_size=4)),
    ),
    st.tuples(st.just("wait"), st.sampled_from([1, 3 * 60, 26 * 60])),
    st.tuples(st.just("restart"), st.none()),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    code=st.sampled_from([people.CHAIR, people.COMMITTEE, people.LEADER, people.CELL, people.WORKER]),
    steps=st.lists(STEPS, min_size=5, max_size=30),
)
def test_no_walk_ends_in_an_error_or_in_silence(
    sqlite_template: Path, code: str, steps: list[tuple[str, object]]
) -> None:
    asyncio.run(_walk(sqlite_template, code, steps))


async def _walk(template: Path, code: str, steps: list[tuple[str, object]]) -> None:
    with TemporaryDirectory() as folder:
        path = shutil.copy(template, folder)
        database = open_database(f"sqlite:///{path}")
        world = World(database, SetClock())
        await world.start()
        async with database.write() as tx:
            await people.seed(tx, world.clock.now())
        try:
            talk = await world.talk(code)
            await talk.says("/menu")
            for step in steps:
                await _go(world, talk, *step)
                assert "trục trặc" not in talk.screen, step
            async with database.read() as tx:
                assert (await evidence_check.verify(tx, world.clock.now())).finding is None
        finally:
            await database.close()


async def _go(world: World, talk: Talk, deed: str, how: object) -> None:
    match deed, how:
        case "tap" | "old", int(index):
            await _press(talk, [talk.last] if deed == "tap" else talk.all, index)
        case "say", str(text):
            await talk.says(text)
        case "media", str(kind):
            await talk.sends(kind)
        case "forge", (str(name), list(arguments)):
            # Each on a message of its own: one that shows the answer already would not change.
            gone = Shown(f"gone {len(talk.all)}", "")
            await talk.presses(gone, encode(BRANCH.tag, name, *arguments))
        case "wait", int(minutes):
            world.clock.forward(minutes=minutes)
        case "restart", _:
            world.restart()


async def _press(talk: Talk, messages: list[Shown], index: int) -> None:
    buttons = [(message, button) for message in messages for button in message.buttons]
    if buttons:
        message, (label, payload) = buttons[index % len(buttons)]
        await talk.presses(message, payload, label)
