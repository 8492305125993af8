"""The roster: people and their groups."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, insert, or_, select, update

from storage import roster_keeping
from storage.database import Transaction
from storage.roster_keeping import Cause
from storage.schema.people import member, union_group


@dataclass(frozen=True, slots=True)
class Member:
    id: int
    code: str
    full_name: str
    group_id: int
    group_name: str
    position: str
    is_union_member: bool
    is_party_member: bool
    is_group_leader: bool
    is_committee: bool
    is_chair: bool
    is_cell_committee: bool
    is_employer: bool
    started_on: date | None
    is_active: bool


# The columns of `Member`, in its order; for queries that join `union_group`.
COLUMNS = (
    member.c.id,
    member.c.code,
    member.c.full_name,
    member.c.group_id,
    union_group.c.name,
    member.c.position,
    member.c.is_union_member,
    member.c.is_party_member,
    member.c.is_group_leader,
    member.c.is_committee,
    member.c.is_chair,
    member.c.is_cell_committee,
    member.c.is_employer,
    member.c.started_on,
    member.c.is_active,
)


def from_row(row: Row[Any] | Sequence[Any]) -> Member:
    return Member(*row)


def _query() -> Select[Any]:
    return select(*COLUMNS).join(union_group, union_group.c.id == member.c.group_id)


_BY_ID = _query().where(member.c.id == bindparam("id"))
_BY_CODE = _query().where(member.c.code == bindparam("code"))


async def by_id(tx: Transaction, member_id: int) -> Member | None:
    row = await tx.first(_BY_ID, {"id": member_id})
    return from_row(row) if row else None


async def by_code(tx: Transaction, code: str) -> Member | None:
    row = await tx.first(_BY_CODE, {"code": code})
    return from_row(row) if row else None


# Fewer than the 32,766 values that both databases take in one statement.
AT_ONCE = 10_000
# So many people are looked up one by one; for more, everybody is read.
_FEW = 100
_BY_IDS = (
    _query()
    .where(member.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(member.c.id)
    .with_for_update(of=member)
)


async def lock(tx: Transaction, ids: Sequence[int]) -> list[Member]:
    """The people with these ids, in the order of their ids, held until the transaction ends."""
    rows: list[Row[Any]] = []
    for start in range(0, len(ids), AT_ONCE):
        rows += await tx.all(_BY_IDS, {"ids": sorted(ids)[start : start + AT_ONCE]})
    return [from_row(row) for row in rows]


async def named(tx: Transaction, folded_names: Sequence[str], codes: Sequence[str]) -> list[Member]:
    """Active people who have one of these folded names, or one of these codes."""
    found: dict[int, Member] = {}
    for column, words in ((member.c.folded_name, folded_names), (member.c.code, codes)):
        for start in range(0, len(words), AT_ONCE):
            wanted = _query().where(member.c.is_active, column.in_(words[start : start + AT_ONCE]))
            found |= {row.id: from_row(row) for row in await tx.all(wanted)}
    return list(found.values())


async def search(tx: Transaction, folded: str, limit: int) -> list[Member]:
    """Active people with a word of their folded name, or their code, beginning with `folded` (no diacritics,
    lower case).
    """
    pattern = folded.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    statement = (
        _query()
        .where(member.c.is_active)
        .where(
            member.c.folded_name.like(f"{pattern}%", escape="\\")
            | member.c.folded_name.like(f"% {pattern}%", escape="\\")
            | member.c.code.ilike(f"{pattern}%", escape="\\")
        )
        .order_by(member.c.folded_name)
        .limit(limit)
    )
    return [from_row(row) for row in await tx.all(statement)]


async def everybody(tx: Transaction) -> list[Member]:
    """All rows, those who left too."""
    return [from_row(row) for row in await tx.all(_query())]


async def with_roles(tx: Transaction) -> list[Member]:
    """Active people who hold any role beside a worker's, in the order of their codes."""
    holds = or_(
        member.c.is_group_leader,
        member.c.is_committee,
        member.c.is_chair,
        member.c.is_cell_committee,
        member.c.is_employer,
    )
    statement = _query().where(member.c.is_active, holds).order_by(member.c.code)
    return [from_row(row) for row in await tx.all(statement)]


async def active_codes(tx: Transaction) -> set[str]:
    return {row.code for row in await tx.all(select(member.c.code).where(member.c.is_active))}


async def group_ids(tx: Transaction) -> dict[str, int]:
    """Folded group name to id."""
    rows = await tx.all(select(union_group.c.folded, union_group.c.id))
    return {row.folded: row.id for row in rows}


async def add_groups(tx: Transaction, groups: Iterable[tuple[str, str]]) -> None:
    """New groups as (name, folded name)."""
    await tx.run_many(insert(union_group), [{"name": name, "folded": folded} for name, folded in groups])


async def add(tx: Transaction, rows: Sequence[dict[str, Any]], cause: Cause = Cause.IMPORT) -> None:
    """New people; each dict holds every column but `id`."""
    if rows:
        await tx.run_many(insert(member), rows)
        await roster_keeping.keep(tx, cause)


async def change(tx: Transaction, rows: Sequence[dict[str, Any]], cause: Cause = Cause.IMPORT) -> None:
    """Changed people; each dict holds `b_id`, and the same columns as the others."""
    if not rows:
        return
    names = [name for name in rows[0] if name != "b_id"]
    statement = (
        update(member)
        .where(member.c.id == bindparam("b_id"))
        .values({name: bindparam(name) for name in names})
    )
    await tx.run_many(statement, rows)
    few = [row["b_id"] for row in rows] if len(rows) <= _FEW else []
    await roster_keeping.keep(tx, cause, few)


async def mark_left(tx: Transaction, codes: Sequence[str], now: datetime) -> None:
    """People who stand on the roster no more."""
    if not codes:
        return
    statement = (
        update(member)
        .where(member.c.code == bindparam("b_code"))
        .values(is_active=False, changed_at=bindparam("changed_at"))
    )
    await tx.run_many(statement, [{"b_code": code, "changed_at": now} for code in codes])
    await roster_keeping.keep(tx, Cause.IMPORT)
