"""Buttons of screens that are over, and conversations that another version of the program began."""

import pytest

from handlers.kit.asking import Asked
from handlers.kit.errors import StaleError
from handlers.kit.payload import encode
from handlers.registers.training import actions
from storage import accounts
from tests.people import CHAIR
from tests.registers.office import TODAY, admitted, begun, do
from tests.talk import Shown, Talk
from tests.world import BRANCH, World


async def _press(talk: Talk, action: str, *arguments: str | int) -> None:
    await talk.presses(Shown(f"{action}{arguments}", ""), encode(BRANCH.tag, action, *arguments))
    talk.misses("trục trặc")


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        ("registers.recruit", (999,)),
        ("registers.form", (1, "exe")),
        ("registers.ask", (1, "decided_on")),
        ("registers.ask", (1, "signed_on")),
        ("registers.see_file", (1,)),
        ("registers.set_certificate", (1, "name")),
    ],
)
async def test_what_is_over_changes_nothing(
    branch_world: World, action: str, arguments: tuple[str | int, ...]
) -> None:
    await admitted(branch_world)
    await do(branch_world, lambda work: actions.note(work, None, CHAIR, "Lớp", TODAY))
    talk = await branch_world.talk(CHAIR)
    await _press(talk, action, *arguments)
    assert talk.files == []
    async with branch_world.database.read() as tx:
        account = await accounts.load(tx, "direct", f"p-{CHAIR}")
    assert account is not None
    assert account.dialogue is None


async def test_a_question_about_an_open_application(branch_world: World) -> None:
    found = await begun(branch_world)
    talk = await branch_world.talk(CHAIR)
    await _press(talk, "registers.ask", found.id, "withdrawal")
    talk.sees("Vì sao rút đơn?")


def test_answers_that_are_not_there() -> None:
    for asked in (Asked(), Asked(so_far=("hôm qua",))):
        with pytest.raises(StaleError):
            asked.day()
    with pytest.raises(StaleError):
        Asked().words(0)
