"""Themes: what workers raised, in the union's own words. No text of a concern ever stands in one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from storage.concerns.turn import take_turn
from storage.database import Transaction
from storage.schema.concerns import concern_case
from storage.schema.themes import theme


class State(StrEnum):
    DRAFT = "draft"
    # Published, or handed over, or both.
    OPEN = "open"
    AGENDA = "agenda"
    PROMISED = "promised"
    REFUSED = "refused"
    DONE = "done"
    DROPPED = "dropped"


class ReplyKind(StrEnum):
    POSITION = "position"
    PROMISE = "promise"


@dataclass(frozen=True, slots=True)
class Theme:
    id: int
    title: str
    text: str
    state: State
    # Since when members see it, and since when the employer's side does.
    published_at: datetime | None
    handed_over_at: datetime | None
    # The day on which the figures that people see were last looked at.
    counted_on: date | None
    # What the employer's side said of it, last.
    reply_kind: ReplyKind | None
    reply: str
    replied_by: int | None
    replied_at: datetime | None
    # None: made by command.
    author_id: int | None
    created_at: datetime
    changed_at: datetime


_ALL = select(*(theme.c[each.name] for each in fields(Theme)))


def _from_row(row: Row[Any]) -> Theme:
    kind = ReplyKind(row.reply_kind) if row.reply_kind else None
    return Theme(**dict(row._mapping) | {"state": State(row.state), "reply_kind": kind})  # noqa: SLF001 - its public name


async def create(tx: Transaction, title: str, text: str, author_id: int | None, now: datetime) -> int:
    values = {"title": title, "text": text, "author_id": author_id, "created_at": now, "changed_at": now}
    return int(await tx.scalar(insert(theme).returning(theme.c.id), values))


async def by_id(tx: Transaction, theme_id: int) -> Theme | None:
    row = await tx.first(_ALL.where(theme.c.id == theme_id))
    return None if row is None else _from_row(row)


async def hold(tx: Transaction, theme_id: int) -> Theme | None:
    """One that nobody else changes until the transaction ends."""
    row = await tx.first(_ALL.where(theme.c.id == theme_id).with_for_update())
    return None if row is None else _from_row(row)


async def by_ids(tx: Transaction, ids: Sequence[int]) -> dict[int, Theme]:
    return {row.id: _from_row(row) for row in await tx.all(_ALL.where(theme.c.id.in_(ids)))}


async def everything(tx: Transaction) -> list[Theme]:
    """All there are, the newest first."""
    return [_from_row(row) for row in await tx.all(_ALL.order_by(theme.c.id.desc()))]


async def published(tx: Transaction) -> list[Theme]:
    """What members see, the newest first."""
    shown = _ALL.where(theme.c.published_at.is_not(None)).order_by(theme.c.id.desc())
    return [_from_row(row) for row in await tx.all(shown)]


async def handed_over(tx: Transaction) -> list[Theme]:
    """What the employer's side sees, the newest first."""
    shown = _ALL.where(theme.c.handed_over_at.is_not(None)).order_by(theme.c.id.desc())
    return [_from_row(row) for row in await tx.all(shown)]


async def in_state(tx: Transaction, states: Collection[State]) -> list[Theme]:
    wanted = _ALL.where(theme.c.state.in_([each.value for each in states]))
    return [_from_row(row) for row in await tx.all(wanted.order_by(theme.c.id))]


async def change(tx: Transaction, theme_id: int, now: datetime, **values: Any) -> None:
    """Set columns of one."""
    await tx.run(update(theme).where(theme.c.id == theme_id).values(**values, changed_at=now))


# Cases that a theme speaks of.


async def link_case(tx: Transaction, case_id: bytes, theme_id: int | None) -> bool:
    """The case belongs to this theme from now on, or to none; False when there is no such case."""
    await take_turn(tx)
    of_it = update(concern_case).where(concern_case.c.id == case_id)
    return await tx.run(of_it.values(theme_id=theme_id)) == 1


async def count_cases(tx: Transaction, theme_id: int) -> int:
    """How many there are. Whether that may be shown is up to `handlers.dialogue.support`."""
    counted = select(func.count()).select_from(concern_case).where(concern_case.c.theme_id == theme_id)
    return int(await tx.scalar(counted))
