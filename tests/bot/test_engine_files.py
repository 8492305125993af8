"""A file's content is fetched for a step that takes files, and outside of the transaction."""

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest
from markupsafe import Markup
from sqlalchemy import func, select

from handlers.kit.context import Context
from handlers.kit.errors import FileUnavailableError, RefusedError, Unavailable
from handlers.kit.feature import Command, Feature
from handlers.kit.flow import Flow, Step
from handlers.kit.incoming import Incoming, IncomingFile, Kind
from handlers.kit.reply import End, Goto, Turn
from storage import accounts, members
from storage.schema.conversations import dialogue
from tests.world import DirectChannel, World

FILE = IncomingFile("a.pdf", "application/pdf", 3, "1")


class _PutBackError(Exception):
    pass


class Watching(DirectChannel):
    """Takes the event itself while it fetches, and puts it back: whoever still held the transaction in which
    the engine took it would lock it out.
    """

    def __init__(self, world: World) -> None:
        super().__init__()
        self.boxes = world.channel.boxes
        self.fetched: list[str] = []
        self.problem: Exception | None = None
        self._world = world

    async def fetch(self, file: IncomingFile) -> bytes:
        with suppress(_PutBackError):
            async with asyncio.timeout(4), self._world.database.write() as tx:
                assert await accounts.take_event(tx, "direct", f"e-{file.reference}", self._world.clock.now())
                raise _PutBackError
        self.fetched.append(file.reference)
        if self.problem is not None:
            raise self.problem
        return b"content"


async def _ask(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((ctx.reply("home/media"),), then=Goto("probe", "file"))


async def _take(incoming: Incoming, ctx: Context) -> Turn:
    assert incoming.file is not None
    assert incoming.file.content is not None
    await members.add_groups(ctx.db, [(f"took {incoming.file.size}", "took")])
    if incoming.rich == "refuse":
        raise RefusedError("home/not_allowed")
    return Turn((ctx.reply("home/edited"),), then=End())


PROBE = Feature(
    "probe",
    commands=(Command("ask", _ask, None),),
    flows=(Flow("probe", (Step("file", _ask, _take, takes_files=True),)),),
)


@pytest.fixture
async def channel(branch_world: World) -> Watching:
    """The person at "x" stands in a step that takes files."""
    branch_world.restart(PROBE)
    watching = Watching(branch_world)
    await branch_world.engine.receive(watching, Incoming("direct", "e-0", "x", Kind.TEXT, text="/ask"))
    await branch_world.delivery.settle()
    return watching


def _sent(file: IncomingFile = FILE, event: str = "e-1", caption: str = "") -> Incoming:
    return Incoming("direct", event, "x", Kind.MEDIA, "document", rich=Markup(caption), file=file)  # noqa: S704


async def _receive(world: World, channel: Watching, incoming: Incoming) -> str:
    """The text of the last message after it."""
    await world.engine.receive(channel, incoming)
    await world.delivery.settle()
    return list(channel.boxes["x"].values())[-1].text


async def _groups(world: World) -> set[str]:
    async with world.database.read() as tx:
        return set(await members.group_ids(tx))


async def _stands_in_step(world: World) -> bool:
    async with world.database.read() as tx:
        return bool(await tx.scalar(select(func.count()).select_from(dialogue)))


async def test_the_content_is_fetched_outside_of_the_transaction(
    branch_world: World, channel: Watching
) -> None:
    assert "tin mới" in await _receive(branch_world, channel, _sent())
    assert channel.fetched == ["1"]
    # The size is that of what came, whatever the platform had said.
    assert "took" in await _groups(branch_world)
    assert not await _stands_in_step(branch_world)
    assert [incoming.file and incoming.file.size for incoming in channel.kept] == [None, 7]


async def test_the_same_event_again_is_not_fetched_again(branch_world: World, channel: Watching) -> None:
    for _ in range(3):
        await _receive(branch_world, channel, _sent())
    assert channel.fetched == ["1"]


async def test_content_that_is_there_is_not_fetched(branch_world: World, channel: Watching) -> None:
    await _receive(branch_world, channel, _sent(replace(FILE, content=b"abc")))
    assert channel.fetched == []
    assert "took" in await _groups(branch_world)


@pytest.mark.parametrize(
    ("reason", "words"), [(Unavailable.TOO_LARGE, "20 MB"), (Unavailable.NOT_GIVEN, "chưa tải được")]
)
async def test_what_can_not_be_fetched_is_said_in_one_sentence_and_the_step_waits(
    branch_world: World, channel: Watching, reason: Unavailable, words: str
) -> None:
    channel.problem = FileUnavailableError(reason)
    assert words in await _receive(branch_world, channel, _sent())
    assert await _stands_in_step(branch_world)
    assert "took" not in await _groups(branch_world)
    # It counts as handled.
    await _receive(branch_world, channel, _sent())
    assert len(channel.fetched) == 1
    channel.problem = None
    assert "tin mới" in await _receive(branch_world, channel, _sent(replace(FILE, reference="2"), "e-2"))


async def test_a_mistake_while_fetching_gets_a_reference(branch_world: World, channel: Watching) -> None:
    channel.problem = ZeroDivisionError("secret words of a person")
    assert "trục trặc" in await _receive(branch_world, channel, _sent())
    assert await _stands_in_step(branch_world)


async def test_a_refusal_of_the_handler_is_said_and_rolls_back(
    branch_world: World, channel: Watching
) -> None:
    assert "cán bộ công đoàn" in await _receive(branch_world, channel, _sent(caption="refuse"))
    assert "took" not in await _groups(branch_world)
    assert await _stands_in_step(branch_world)


async def test_a_step_that_is_over_fetches_nothing(branch_world: World, channel: Watching) -> None:
    branch_world.clock.forward(hours=3)
    await _receive(branch_world, channel, _sent())
    assert channel.fetched == []
    assert not await _stands_in_step(branch_world)
