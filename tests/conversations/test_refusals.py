"""Every command and every button against every role: who may not is told so, and nobody gets a mishap."""

from collections.abc import AsyncIterator

import pytest

from bot.features import FEATURES, make_router
from bot.routing import Router
from handlers.kit.access import GRANTS, Right
from handlers.kit.feature import Action, Command, Feature
from handlers.kit.payload import encode
from handlers.kit.roles import Role
from storage.database import Database, open_database
from tests import people
from tests.talk import Shown, Talk
from tests.world import BRANCH, SetClock, World

ROUTER: Router = make_router(BRANCH.tag)
HOLDERS = {
    Role.WORKER: people.WORKER,
    Role.GROUP_LEADER: people.LEADER,
    Role.COMMITTEE: people.COMMITTEE,
    Role.CHAIR: people.CHAIR,
    Role.CELL_COMMITTEE: people.CELL,
    Role.EMPLOYER: people.EMPLOYER,
}
MISHAP = "trục trặc"
NOT_ALLOWED = "dành cho cán bộ công đoàn"
NOT_LINKED = "mã mời"


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """Rights don't depend on the kind of database."""
    opened = open_database(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture
async def branch_world(branch_world: World) -> World:
    async with branch_world.database.write() as tx:
        await people.appoint_employer(tx)
    return branch_world


def _is_granted(role: Role, right: Right | None) -> bool:
    # The chair of the sample roster sits in the committee too, as chairs do.
    roles = {role, Role.COMMITTEE} if role is Role.CHAIR else {role}
    return right is None or any(right in GRANTS[each] for each in roles)


@pytest.mark.parametrize("role", HOLDERS)
@pytest.mark.parametrize("command", ROUTER.commands, ids=lambda command: command.name)
async def test_commands(branch_world: World, command: Command, role: Role) -> None:
    talk = await branch_world.talk(HOLDERS[role])
    await talk.says(f"/{command.name}")
    talk.misses(MISHAP)
    assert (NOT_ALLOWED in talk.screen) != _is_granted(role, command.right)


@pytest.mark.parametrize("role", HOLDERS)
@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
async def test_buttons(branch_world: World, subtests: pytest.Subtests, feature: Feature, role: Role) -> None:
    """With arguments that name nothing: whoever may, is told that the button is old; nobody gets an error."""
    talk = await branch_world.talk(HOLDERS[role])
    for name, action in feature.actions.items():
        with subtests.test(name):
            await _press_in_vain(talk, name, action, role)


async def _press_in_vain(talk: Talk, name: str, action: Action, role: Role) -> None:
    for number, arguments in enumerate(((), ("1", "1", "1", "1"), ("2147483647", "x", "-"))):
        await talk.presses(Shown(f"{name}-{number}", ""), encode(BRANCH.tag, name, *arguments))
        talk.misses(MISHAP)
        if not action.step:
            assert (NOT_ALLOWED in talk.screen) >= (not _is_granted(role, action.right))


async def test_strangers(branch_world: World, subtests: pytest.Subtests) -> None:
    """Somebody who hasn't linked an account learns how to, and nothing else."""
    for command in ROUTER.commands:
        with subtests.test(command.name):
            talk = branch_world.stranger(f"nobody-{command.name}")
            await talk.says(f"/{command.name}")
            _learns_how_to_link(talk)
    for name in ROUTER.actions:
        with subtests.test(name):
            talk = branch_world.stranger(f"nobody-{name}")
            await talk.presses(Shown(name, ""), encode(BRANCH.tag, name, 1, 1, 1))
            _learns_how_to_link(talk)


def _learns_how_to_link(talk: Talk) -> None:
    talk.sees(NOT_LINKED)
    for _code, full_name, *_ in people.PEOPLE:
        talk.misses(full_name)


async def test_people_who_left_are_refused(branch_world: World) -> None:
    talk = await branch_world.talk(people.CHAIR)
    async with branch_world.database.write() as tx:
        from storage import members  # noqa: PLC0415 - the only test that changes the roster

        await members.mark_left(tx, [people.CHAIR], SetClock().now())
    for command in ROUTER.commands:
        await talk.says(f"/{command.name}")
        talk.misses(MISHAP, "Đặng Thu Hà")


def test_every_feature_is_listed() -> None:
    assert {feature.name for feature in FEATURES} >= {"link", "study", "campaign", "roster", "me"}
