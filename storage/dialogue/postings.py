"""Proof that what was published could be read, day by day: in the chat, and on the board."""

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select

from storage.database import Transaction, upsert
from storage.schema.rounds import dialogue_posting


class Place(StrEnum):
    CHAT = "chat"
    BOARD = "board"


@dataclass(frozen=True, slots=True)
class Posting:
    day: date
    place: Place
    # How many copies of the announcement there were, and how many had arrived; of the board None.
    copies: int | None = None
    delivered: int | None = None
    note: str = ""
    # A photo of the board.
    attachment_id: str | None = None


async def note(tx: Transaction, round_id: int, new: Posting, by: int | None, now: datetime) -> bool:
    """It stood there that day; False when that is noted already, and stays as it is."""
    values = asdict(new) | {"place": new.place.value, "round_id": round_id, "entered_by": by, "at": now}
    return await tx.run(upsert(tx, dialogue_posting).values(values).on_conflict_do_nothing()) == 1


async def of_round(tx: Transaction, round_id: int) -> list[Posting]:
    columns = [dialogue_posting.c[each.name] for each in fields(Posting)]
    of_it = select(*columns).where(dialogue_posting.c.round_id == round_id)
    rows = await tx.all(of_it.order_by(dialogue_posting.c.day, dialogue_posting.c.place))
    return [Posting(row.day, Place(row.place), *tuple(row)[2:]) for row in rows]
