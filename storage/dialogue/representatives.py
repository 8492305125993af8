"""The representatives of both sides: one list holds until the next is drawn up."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import delete, insert, select, update

from storage.database import Transaction
from storage.schema.rounds import dialogue_list, dialogue_representative


class Side(StrEnum):
    WORKERS = "workers"
    EMPLOYER = "employer"


@dataclass(frozen=True, slots=True)
class Representative:
    side: Side
    full_name: str
    position: str = ""
    # None: somebody of the employer's side who isn't on the roster.
    member_id: int | None = None
    # The employer's legal representative, or whoever speaks by their authority.
    is_legal: bool = False


@dataclass(frozen=True, slots=True)
class Roll:
    """The list in force. `posted_on`: since when everybody can read it."""

    id: int
    made_on: date
    posted_on: date | None
    people: tuple[Representative, ...]

    def of(self, side: Side) -> tuple[Representative, ...]:
        return tuple(each for each in self.people if each.side is side)


_NEWEST = select(dialogue_list.c.id, dialogue_list.c.made_on, dialogue_list.c.posted_on).order_by(
    dialogue_list.c.id.desc()
)
_PEOPLE = select(
    dialogue_representative.c.side,
    dialogue_representative.c.full_name,
    dialogue_representative.c.position,
    dialogue_representative.c.member_id,
    dialogue_representative.c.is_legal,
).order_by(dialogue_representative.c.id)


async def in_force(tx: Transaction) -> Roll | None:
    row = await tx.first(_NEWEST.limit(1))
    if row is None:
        return None
    people = await tx.all(_PEOPLE.where(dialogue_representative.c.list_id == row.id))
    found = (Representative(Side(each.side), *tuple(each)[1:]) for each in people)
    return Roll(row.id, row.made_on, row.posted_on, tuple(found))


async def draw_up(tx: Transaction, made_on: date, by: int | None, now: datetime) -> int:
    """A new list, empty at first, in place of the one before."""
    values = {"made_on": made_on, "made_by": by, "created_at": now}
    return int(await tx.scalar(insert(dialogue_list).returning(dialogue_list.c.id), values))


async def set_side(tx: Transaction, list_id: int, side: Side, people: Sequence[Representative]) -> None:
    """Who stands on the list for this side. It has to be posted again."""
    of_it = dialogue_representative.c.list_id == list_id
    await tx.run(delete(dialogue_representative).where(of_it, dialogue_representative.c.side == side.value))
    rows = [asdict(each) | {"list_id": list_id, "side": side.value} for each in people]
    if rows:
        await tx.run_many(insert(dialogue_representative), rows)
    await note_posted(tx, list_id, None)


async def note_posted(tx: Transaction, list_id: int, day: date | None) -> None:
    await tx.run(update(dialogue_list).where(dialogue_list.c.id == list_id).values(posted_on=day))
