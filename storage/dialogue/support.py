"""Who has said what they think of a theme, and what was said: kept apart, as for polls without names.

A voter and a count are kept, and nothing that ties the two: no time, no order, no row of an answer. All
counts of a theme are written anew by each answer, so that even the database's own marks of who changed a row
last don't tell which of them grew.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case, exists, insert, or_, select, update

from storage.database import Transaction, upsert
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


async def count_in(tx: Transaction, theme_id: int, member_id: int, option: int) -> bool:
    """The member's answer; False, and nothing counted, when they have answered before."""
    voter = {"theme_id": theme_id, "member_id": member_id}
    if not await tx.run(upsert(tx, theme_voter).on_conflict_do_nothing(), voter):
        return False
    grown = theme_count.c.number + case((theme_count.c.option == option, 1), else_=0)
    await tx.run(update(theme_count).where(theme_count.c.theme_id == theme_id).values(number=grown))
    return True


async def answered(tx: Transaction, member_id: int, theme_ids: Collection[int]) -> set[int]:
    """Of which of these themes the member has said what they think."""
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


_RECENT = timedelta(days=1)
_OVER = [State.DONE.value, State.DROPPED.value, State.REFUSED.value]


async def may_leave_traces(tx: Transaction, now: datetime) -> bool:
    """Whether a theme can be answered, or could be so lately: the database's log could tell who said what."""
    is_recent = or_(theme.c.state.not_in(_OVER), theme.c.changed_at > now - _RECENT)
    return bool(await tx.scalar(select(exists().where(theme.c.published_at.is_not(None), is_recent))))
