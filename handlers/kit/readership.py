"""Those to whom concerns are sealed now: their key was let in, and they may read by the roster as it is."""

from handlers.kit.access import Right, may
from storage import consents, members
from storage.concerns import readers
from storage.concerns.readers import Reader, ReaderState
from storage.concerns.turn import take_turn
from storage.database import Transaction


async def is_entitled(tx: Transaction, reader: Reader) -> bool:
    """Not so when they have lost their role, have left, or have withdrawn their consent."""
    if not may(await members.by_id(tx, reader.member_id), Right.READ_CONCERNS):
        return False
    return not await consents.is_withdrawn(tx, reader.member_id)


async def current(tx: Transaction) -> list[Reader]:
    """In the order in which they asked; whoever changes keys is there with both for a while."""
    return [
        each
        for each in await readers.listed(tx)
        if each.state is ReaderState.ACTIVE and await is_entitled(tx, each)
    ]


async def held(tx: Transaction) -> list[Reader]:
    """The same, and nobody is let in or removed before the transaction ends."""
    await take_turn(tx)
    return await current(tx)
