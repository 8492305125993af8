"""Who has said what they think of a theme, and what was said: kept apart, as for polls without names.

Voters and counts are kept, and nothing that ties the two: no time, no order, no row of an answer. Several
answers are written together (`handlers.dialogue.counting`), and all counts of a theme anew each time, so that
even the database's own marks of who changed a row last don't tell which of them grew.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, delete, exists, insert, or_, select, update

from storage.database import Transaction
from storage.dialogue.themes import State
from storage.schema.themes import theme, theme_count, theme_voter

# Of `theme_count.option`.
AGREES, DISAGREES = 0, 1


@dataclass(frozen=True, slots=True)
class Counts:
    agree: int
    disagree: int

    @property
    def total(self) -> int:
        return self.agree + self.disagree


async def begin(tx: Transaction, theme_id: int) -> None:
    """It can be answered from now on."""
    rows = [{"theme_id": theme_id, "option": each, "number": 0, "shown": 0} for each in (AGREES, DISAGREES)]
    await tx.run_many(insert(theme_count), rows)


async def add_voters(tx: Transaction, theme_id: int, member_ids: Sequence[int]) -> None:
    """They can't answer once more."""
    await tx.run_many(insert(theme_voter), [{"theme_id": theme_id, "member_id": each} for each in member_ids])


async def count_in(tx: Transaction, theme_id: int, options: Sequence[int]) -> None:
    """What was answered, and not by whom."""
    more = case((theme_count.c.option == AGREES, options.count(AGREES)), else_=options.count(DISAGREES))
    grown = {"number": theme_count.c.number + more}
    await tx.run(update(theme_count).where(theme_count.c.theme_id == theme_id).values(grown))


async def voters(tx: Transaction, theme_id: int) -> set[int]:
    """Whose answers are counted, while it can be answered."""
    found = select(theme_voter.c.member_id).where(theme_voter.c.theme_id == theme_id)
    return {row.member_id for row in await tx.all(found)}


async def forget_voters(tx: Transaction, theme_id: int) -> None:
    await tx.run(delete(theme_voter).where(theme_voter.c.theme_id == theme_id))


_ANSWERABLE = [State.OPEN.value, State.AGENDA.value]


async def to_end(tx: Transaction) -> list[int]:
    """Themes that can't be answered any more, and whose voters are still kept."""
    wanted = select(theme.c.id).where(
        theme.c.state.not_in(_ANSWERABLE), exists().where(theme_voter.c.theme_id == theme.c.id)
    )
    return [row.id for row in await tx.all(wanted.order_by(theme.c.id))]


async def answered(tx: Transaction, member_id: int, theme_ids: Collection[int]) -> set[int]:
    """To which of these themes the member's answer is counted."""
    mine = select(theme_voter.c.theme_id).where(
        theme_voter.c.member_id == member_id, theme_voter.c.theme_id.in_(theme_ids)
    )
    return {row.theme_id for row in await tx.all(mine)}


async def counts(tx: Transaction, theme_id: int) -> Counts:
    """As they are now: never for anybody's eyes."""
    return (await _counts(tx, [theme_id], "number")).get(theme_id, Counts(0, 0))


async def shown(tx: Transaction, theme_ids: Collection[int]) -> dict[int, Counts]:
    """As they stood when they were last looked at."""
    return await _counts(tx, theme_ids, "shown")


async def _counts(tx: Transaction, theme_ids: Collection[int], column: str) -> dict[int, Counts]:
    wanted = select(theme_count.c.theme_id, theme_count.c.option, theme_count.c[column].label("counted"))
    rows = await tx.all(wanted.where(theme_count.c.theme_id.in_(theme_ids)))
    found: dict[int, dict[int, int]] = {}
    for row in rows:
        found.setdefault(row.theme_id, {})[row.option] = row.counted
    return {each: Counts(by_option[AGREES], by_option[DISAGREES]) for each, by_option in found.items()}


async def show(tx: Transaction, theme_id: int, new: Counts) -> None:
    """What people see from now on."""
    as_counted = case((theme_count.c.option == AGREES, new.agree), else_=new.disagree)
    await tx.run(update(theme_count).where(theme_count.c.theme_id == theme_id).values(shown=as_counted))


async def to_look_at(tx: Transaction, today: date) -> list[int]:
    """Published themes whose figures nobody has looked at today."""
    is_old = or_(theme.c.counted_on.is_(None), theme.c.counted_on < today)
    wanted = select(theme.c.id).where(theme.c.published_at.is_not(None), is_old).order_by(theme.c.id)
    return [row.id for row in await tx.all(wanted)]


async def note_looked_at(tx: Transaction, theme_id: int, today: date) -> None:
    await tx.run(update(theme).where(theme.c.id == theme_id).values(counted_on=today))
