"""Those to whom concerns are sealed now: their key was let in, and they may read by the roster as it is."""

from collections.abc import Collection

from handlers.kit.access import Right, may
from handlers.kit.context import Work
from storage.concerns import marks, readers
from storage.concerns.readers import Reader, ReaderState
from storage.concerns.turn import take_turn
from storage.database import Transaction


def is_entitled(reader: Reader) -> bool:
    """Not so when they have lost their role, have left, or have withdrawn their consent."""
    return may(reader.member, Right.READ_CONCERNS) and not reader.has_withdrawn


async def current(tx: Transaction) -> list[Reader]:
    """In the order in which they asked; whoever changes keys is there with both for a while."""
    everybody = await readers.listed(tx)
    return [each for each in everybody if each.state is ReaderState.ACTIVE and is_entitled(each)]


async def hanging_on(work: Work, leaving: Collection[Reader], reading: Collection[Reader]) -> int:
    """How many items only these can open, of those who are `reading` now. Where nobody leaves none is looked
    at: there may be ten thousand.
    """
    if not leaving:
        return 0
    gone = frozenset(each.id for each in leaving)
    staying = frozenset(each.id for each in reading) - gone
    return await marks.hanging_on(work.db, gone, staying, work.today.replace(day=1))


async def held(tx: Transaction) -> list[Reader]:
    """The same, and nobody is let in or removed before the transaction ends."""
    await take_turn(tx)
    return await current(tx)
