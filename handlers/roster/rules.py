"""What a new roster changes, and which changes are too big to make without asking again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from handlers.kit.access import roles_of
from handlers.kit.roles import Role
from handlers.kit.vietnamese import fold
from handlers.roster.reading import RosterRow
from storage.members import Member

# The chair's code until a roster brings the real one.
FOUNDER = "CT"
# Fewer people than this may leave at once without asking, whatever their share.
FEW = 10
# Somebody who is taken on next year may stand on the roster; a later day is a typing error.
FURTHEST_START = timedelta(days=366)


class Field(StrEnum):
    """What can differ, in the order of `_Standing`; all but the first are called like their columns."""

    RETURNED = "returned"
    CODE = "code"
    FULL_NAME = "full_name"
    GROUP = "group"
    POSITION = "position"
    UNION_MEMBER = "union_member"
    PARTY_MEMBER = "party_member"
    ROLES = "roles"
    STARTED_ON = "started_on"


class _Standing(NamedTuple):
    """A person as the roster has them, in comparable form."""

    is_active: bool
    code: str
    full_name: str
    folded_group: str
    position: str
    is_union_member: bool
    is_party_member: bool
    roles: frozenset[Role]
    started_on: date | None


@dataclass(frozen=True, slots=True)
class Change:
    """What a row changes of a person who is known already."""

    member: Member
    row: RosterRow
    fields: tuple[Field, ...]

    @property
    def is_other_name(self) -> bool:
        """The given name differs by more than its marks."""
        return Field.FULL_NAME in self.fields and _given(self.member.full_name) != _given(self.row.full_name)


@dataclass(frozen=True, slots=True)
class Plan:
    added: tuple[RosterRow, ...]
    changed: tuple[Change, ...]
    left: tuple[Member, ...]
    # How many were active before.
    active: int
    # Whether a chair is there afterwards.
    has_chair: bool

    @property
    def many_left(self) -> bool:
        """A file with half of the people is more often a wrong file than a branch that lost them."""
        return len(self.left) >= FEW and 2 * len(self.left) > self.active

    @property
    def renamed(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changed if change.is_other_name)


def compare(existing: Sequence[Member], rows: Sequence[RosterRow]) -> Plan:
    """What importing `rows` would do: people are told apart by their codes, and those missing have left."""
    known = _by_code(existing, rows)
    folded = cache(fold)
    changed = [
        Change(member, row, fields)
        for row in rows
        if (member := known.get(row.code)) and (fields := _differences(member, row, folded))
    ]
    found = {known[row.code].id for row in rows if row.code in known}
    has_chair = any(Role.CHAIR in row.roles for row in rows)
    missing = [member for member in existing if member.is_active and member.id not in found]
    # The founder doesn't come from a file, and stays as long as no file names a chair.
    staying = [member for member in missing if _is_founder(member) and not has_chair]
    return Plan(
        added=tuple(row for row in rows if row.code not in known),
        changed=tuple(changed),
        left=tuple(member for member in missing if member not in staying),
        active=sum(member.is_active for member in existing),
        has_chair=has_chair or bool(staying),
    )


def starting_too_late(rows: Iterable[RosterRow], today: date) -> list[tuple[int, date]]:
    """First days of work that are too far ahead to be true, with the rows they stand in."""
    latest = today + FURTHEST_START
    return [(row.line, row.started_on) for row in rows if row.started_on and row.started_on > latest]


def _by_code(existing: Iterable[Member], rows: Iterable[RosterRow]) -> Mapping[str, Member]:
    """Everybody by the code that the file knows them by."""
    known = {member.code: member for member in existing}
    founder = known.get(FOUNDER)
    if founder is None or not _is_founder(founder):
        return known
    name = fold(founder.full_name)
    same = [row.code for row in rows if Role.CHAIR in row.roles and fold(row.full_name) == name]
    if len(same) == 1 and same[0] not in known:
        known[same[0]] = known.pop(FOUNDER)
    return known


def _is_founder(member: Member) -> bool:
    return member.code == FOUNDER and member.is_chair


def _differences(member: Member, row: RosterRow, folded: Callable[[str], str]) -> tuple[Field, ...]:
    before = _Standing(
        member.is_active,
        member.code,
        member.full_name,
        folded(member.group_name),
        member.position,
        member.is_union_member,
        member.is_party_member,
        roles_of(member),
        member.started_on,
    )
    after = _Standing(
        True,
        row.code,
        row.full_name,
        folded(row.group),
        row.position,
        row.is_union_member,
        row.is_party_member,
        row.roles,
        row.started_on,
    )
    if before == after:
        return ()
    pairs = zip(Field, before, after, strict=True)
    return tuple(field for field, old, new in pairs if old != new)


def _given(full_name: str) -> str:
    return fold(full_name).rpartition(" ")[2]
