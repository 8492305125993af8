"""Random walks: whatever is pressed or typed, nothing breaks and nobody is left in silence."""

import random  # noqa: TID251 - seeded, so that a failure can be repeated

import pytest

from bot.engine import REPLY_TOPIC
from storage import evidence_check, outbox
from tests.people import CHAIR, COMMITTEE, WORKER
from tests.study.course import DOCUMENT, Course, other, payload, publish
from tests.talk import Talk
from tests.world import World

STEPS = 120
MISHAP = "trục trặc ở phía Cầu Nối"
ACTIONS = (
    "study.card",
    "study.open",
    "study.statement",
    "study.acknowledge",
    "study.quiz",
    "study.answer",
    "study.resume",
    "study.reread",
    "study.list",
)
WORDS = ("/hoctap", "học", "/menu", "/huy", "A", "🙂", "<b>&")


async def press_something(dice: random.Random, talk: Talk, course: Course) -> None:
    """Mostly a button in sight, sometimes an old one, sometimes one that never was."""
    shown = [message for message in talk._line.shown() if message.buttons]
    if not shown or dice.random() < 0.15:
        arguments = [dice.choice((0, 1, 2, 3, 99, "x")) for _ in range(dice.randrange(4))]
        await talk._line.press(talk.last, payload(course, dice.choice(ACTIONS), *arguments), "")
        return
    message = shown[-1] if dice.random() < 0.8 else dice.choice(shown)
    label, pressed = dice.choice(message.buttons)
    await talk._line.press(message, pressed, label)


async def answers(world: World) -> int:
    """How many there were so far; one that puts the same screen in place again can't be seen in the chat."""
    async with world.database.read() as tx:
        return sum((await outbox.count_by_state(tx, REPLY_TOPIC)).values())


@pytest.mark.parametrize("seed", range(4))
async def test_no_walk_ends_in_an_error_or_in_silence(world: World, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a test's dice
    course = await publish(world)
    await publish(world, other(DOCUMENT, "hai", "Hai"), audience="party", pass_mark=0)
    talks = [await world.talk(code) for code in (WORKER, CHAIR, COMMITTEE)]
    for talk in talks:
        await talk.says("/hoctap")
    for step in range(STEPS):
        talk = dice.choice(talks)
        talk.look()
        before = await answers(world)
        if dice.random() < 0.15:
            await talk.says(dice.choice(WORDS))
        else:
            await press_something(dice, talk, course)
        talk.misses(MISHAP)
        assert await answers(world) > before
        world.clock.forward(minutes=dice.randrange(200))
        if step == STEPS * 3 // 4:
            await course.end()
    async with world.database.read() as tx:
        assert (await evidence_check.verify(tx, world.clock.now())).ok
    counted = [(entry.kind, entry.member_id, entry.campaign_id) for entry in await course.evidence()]
    stated = [entry for entry in counted if entry[0] == "acknowledgement"]
    assert len(stated) == len(set(stated))
