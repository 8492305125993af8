"""Random walks through everything that is done with announcements: none ends in an error or in silence."""

import asyncio
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.features import make_router
from handlers.kit.payload import encode
from storage.database import open_database
from tests import people
from tests.announce.sending import go
from tests.announce.writing import announce, to_review
from tests.talk import Shown, Talk
from tests.world import BRANCH, SetClock, World

ACTIONS = sorted(name for name in make_router(BRANCH.tag).actions if name.startswith("announce."))
WORDS = (
    "/guitin",
    "/thongbao",
    "/canbao",
    "Chào {{ten}}",
    "{{x}}",
    "party",
    "tổ kỹ thuật",
    "14:00 5/3",
    "23:00",
    "Có\nKhông",
    "😀",
)
STEPS = st.one_of(
    st.tuples(st.just("tap"), st.integers(0, 12)),
    st.tuples(st.just("tap"), st.integers(0, 12)),
    st.tuples(st.just("old"), st.integers(0, 200)),
    st.tuples(st.just("say"), st.sampled_from(WORDS)),
    st.tuples(st.just("file"), st.sampled_from(("", "{{to}}", "a" * 900))),
    st.tuples(st.just("forge"), st.tuples(st.sampled_from(ACTIONS), st.lists(st.integers(0, 4), max_size=3))),
    st.tuples(st.just("wait"), st.sampled_from([1, 14 * 60])),
    st.tuples(st.just("go"), st.none()),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    is_named=st.booleans(),
    code=st.sampled_from([people.CHAIR, people.COMMITTEE, people.LEADER, people.WORKER]),
    steps=st.lists(STEPS, min_size=5, max_size=25),
)
def test_no_walk_ends_in_an_error_or_in_silence(
    sqlite_template: Path, *, is_named: bool, code: str, steps: list[tuple[str, object]]
) -> None:
    asyncio.run(_walk(sqlite_template, code, steps, is_named=is_named))


async def _walk(template: Path, code: str, steps: list[tuple[str, object]], *, is_named: bool) -> None:
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{shutil.copy(template, folder)}")
        world = World(database, SetClock())
        await world.start()
        async with database.write() as tx:
            await people.seed(tx, world.clock.now())
        try:
            chair, walker = await world.talk(people.CHAIR), await world.talk(code)
            await announce(chair, "all", receipt=True)
            await announce(chair, "all", poll=is_named)
            await to_review(chair)
            await walker.says("/thongbao")
            for step in steps:
                await _go(world, walker, *step)
                walker.misses("trục trặc")
        finally:
            await database.close()


async def _go(world: World, talk: Talk, deed: str, how: object) -> None:
    match deed, how:
        case "tap" | "old", int(index):
            shown = [talk.last] if deed == "tap" else talk.all
            buttons = [(message, payload) for message in shown for _, payload in message.buttons]
            if buttons:
                message, payload = buttons[index % len(buttons)]
                # Of a message of its own: what is shown again as it was would be no change to see.
                await talk.presses(Shown(f"{message.id} {len(talk.all)}", ""), payload)
        case "say", str(text):
            await talk.says(text)
        case "file", str(caption):
            await talk.sends_file("a.png", "image/png", b"-", caption)
        case "forge", (str(name), list(arguments)):
            await talk.presses(Shown(f"gone {len(talk.all)}", ""), encode(BRANCH.tag, name, *arguments))
        case "wait", int(minutes):
            world.clock.forward(minutes=minutes)
        case "go", _:
            await go(world)
