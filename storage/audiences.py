"""Who a campaign or an announcement is for, as a condition on the roster: membership is live.

An audience is kept as text, the union of its parts: `party+group:van phong+code:NV07,NV12`. Groups stand in
it folded, codes as on the roster, campaigns by id. `handlers.kit.audience` makes this form from what people
type.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, func, not_, or_, select, true

from storage import campaigns, members
from storage.campaigns import is_covered
from storage.database import Transaction
from storage.members import Member
from storage.schema.people import member, union_group
from storage.schema.studies import study

MAX_LENGTH = 400


class Kind(StrEnum):
    ALL = "all"
    MEMBERS = "members"
    OFFICERS = "officers"
    PARTY = "party"
    GROUP = "group"
    CODE = "code"
    UNFINISHED = "unfinished"


# Kinds that name something after a colon.
NAMING = frozenset({Kind.GROUP, Kind.CODE, Kind.UNFINISHED})


@dataclass(frozen=True, slots=True)
class Part:
    kind: Kind
    # The codes, or the one group or campaign; empty for the kinds that name nothing.
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind}:{','.join(self.names)}" if self.names else self.kind.value


# A "+" inside a group's name doesn't separate: only one before the next part's first word does.
_SEPARATOR = re.compile(
    r"\s*\+\s*(?=(?:all|members|officers|party)\s*(?:\+|$)|(?:group|code|unfinished)\s*:)", re.IGNORECASE
)


def split(text: str) -> list[str]:
    return _SEPARATOR.split(text.strip())


def read(text: str) -> tuple[Part, ...]:
    """The parts of a kept audience; ValueError for what `handlers.kit.audience` didn't make."""
    return tuple(_read_part(part) for part in split(text))


def _read_part(text: str) -> Part:
    word, _, names = text.partition(":")
    kind = Kind(word)
    if kind not in NAMING:
        return Part(kind)
    return Part(kind, tuple(names.split(",")) if kind is Kind.CODE else (names,))


async def condition(tx: Transaction, audience: str) -> ColumnElement[bool]:
    """For a query on `member`: the active people of the audience.

    It needs a statement of its own only for `unfinished`.
    """
    return and_(member.c.is_active, or_(false(), *[await _matches(tx, part) for part in read(audience)]))


_SIMPLE: dict[Kind, ColumnElement[bool]] = {
    Kind.ALL: true(),
    Kind.MEMBERS: member.c.is_union_member.is_(True),
    Kind.PARTY: member.c.is_party_member.is_(True),
    Kind.OFFICERS: or_(member.c.is_group_leader, member.c.is_committee, member.c.is_chair),
}


async def _matches(tx: Transaction, part: Part) -> ColumnElement[bool]:
    match part.kind:
        case Kind.GROUP:
            named = select(union_group.c.id).where(union_group.c.folded == part.names[0])
            return member.c.group_id == named.scalar_subquery()
        case Kind.CODE:
            return member.c.code.in_(part.names)
        case Kind.UNFINISHED:
            return await _has_not_finished(tx, int(part.names[0]))
        case _:
            return _SIMPLE[part.kind]


async def _has_not_finished(tx: Transaction, campaign_id: int) -> ColumnElement[bool]:
    """A campaign's audience can only name earlier campaigns, so this ends."""
    found = await campaigns.by_id(tx, campaign_id)
    if found is None:
        return false()
    done = (
        exists()
        .where(study.c.campaign_id == found.id, study.c.member_id == member.c.id, is_covered(found.pass_mark))
        # Else a query that joins `study` itself would take this one's rows for its own.
        .correlate(member)
    )
    return and_(await condition(tx, found.audience), not_(done))


async def count(tx: Transaction, audience: str) -> int:
    statement = select(func.count()).select_from(member).where(await condition(tx, audience))
    return int(await tx.scalar(statement))


async def count_in_both(tx: Transaction, audience: str, other: str) -> int:
    """How many people belong to both."""
    both = and_(await condition(tx, audience), await condition(tx, other))
    return int(await tx.scalar(select(func.count()).select_from(member).where(both)))


async def member_ids(tx: Transaction, audience: str) -> list[int]:
    statement = select(member.c.id).where(await condition(tx, audience)).order_by(member.c.id)
    return [row.id for row in await tx.all(statement)]


async def contains(tx: Transaction, audience: str, member_id: int) -> bool:
    return audience in await including(tx, [audience], member_id)


async def including(tx: Transaction, audiences: Iterable[str], member_id: int) -> set[str]:
    """Those of `audiences` that the member belongs to now, in one statement."""
    asked = list(dict.fromkeys(audiences))
    if not asked:
        return set()
    conditions = [(await condition(tx, each)).label(f"in_{index}") for index, each in enumerate(asked)]
    row = await tx.first(select(*conditions).where(member.c.id == member_id))
    return {audience for audience, belongs in zip(asked, row or (), strict=False) if belongs}


async def among(
    tx: Transaction, audience: str, codes: Sequence[str], folded_names: Sequence[str]
) -> list[Member]:
    """People of the audience with one of these codes (in capitals) or whole folded names."""
    named = or_(func.upper(member.c.code).in_(codes), member.c.folded_name.in_(folded_names))
    return await _people(tx, audience, named)


async def search(tx: Transaction, audience: str, folded: str, limit: int) -> list[Member]:
    """People of the audience whose folded name holds `folded`, or whose code begins with it."""
    fits = or_(
        member.c.folded_name.contains(folded, autoescape=True),
        func.lower(member.c.code).startswith(folded, autoescape=True),
    )
    return await _people(tx, audience, fits, limit)


async def _people(
    tx: Transaction, audience: str, which: ColumnElement[bool], limit: int | None = None
) -> list[Member]:
    statement = (
        select(*members.COLUMNS)
        .join(union_group, union_group.c.id == member.c.group_id)
        .where(await condition(tx, audience), which)
        .order_by(member.c.folded_name, member.c.id)
        .limit(limit)
    )
    return [members.from_row(row) for row in await tx.all(statement)]


_GROUPS = select(union_group.c.folded, union_group.c.name)


async def group_names(tx: Transaction) -> dict[str, str]:
    """Folded name to name of every group."""
    return {row.folded: row.name for row in await tx.all(_GROUPS)}


_PEOPLED = (
    select(union_group.c.id, union_group.c.name)
    .where(exists().where(member.c.group_id == union_group.c.id, member.c.is_active))
    .order_by(union_group.c.folded)
)


async def groups_with_people(tx: Transaction) -> list[tuple[int, str]]:
    """(id, name) of every group that somebody is in, in the order of their names."""
    return [(row.id, row.name) for row in await tx.all(_PEOPLED)]


_CODES = select(member.c.code).where(member.c.code.in_(bindparam("codes", expanding=True)))


async def known_codes(tx: Transaction, codes: Sequence[str]) -> set[str]:
    """Those of `codes` that stand on the roster, left or not."""
    values: dict[str, Any] = {"codes": list(codes)}
    return {row.code for row in await tx.all(_CODES, values)}
