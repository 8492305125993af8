"""What tests of the registers do and look at, outside of conversations."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import TypeVar

from handlers.kit.context import Work
from handlers.registers.admission import actions
from storage import members
from storage.members import Member
from storage.registers.admissions import Admission
from tests.people import CHAIR
from tests.world import START, ZONE, World

T = TypeVar("T")
# On the roster, and no union members.
RECRUIT, OTHER_RECRUIT = "NV08", "NV10"
RECRUITS_NAME = "Đỗ Mỹ Linh"
TODAY = START.astimezone(ZONE).date()
DECISION = "12/QĐ-CĐCS"


async def do(world: World, deed: Callable[[Work], Awaitable[T]]) -> T:
    async with world.database.write() as tx:
        return await deed(world.work(tx))


async def person(world: World, code: str) -> Member:
    async with world.database.read() as tx:
        found = await members.by_code(tx, code)
    assert found is not None
    return found


async def begun(world: World, code: str = RECRUIT) -> Admission:
    recruit, chair = await person(world, code), await person(world, CHAIR)
    return await do(world, lambda work: actions.begin(work, chair, recruit.id))


async def signed(world: World, code: str = RECRUIT, day: date = TODAY) -> Admission:
    found = await begun(world, code)
    return await do(world, lambda work: actions.note_signed(work, None, found.id, day))


async def admitted(world: World, code: str = RECRUIT) -> Admission:
    found = await signed(world, code)
    return await do(world, lambda work: actions.admit(work, None, found.id, DECISION, work.today))
