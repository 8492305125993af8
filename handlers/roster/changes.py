"""What changes of people on the roster, as people read it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from handlers.kit.access import roles_of
from handlers.kit.roles import Role
from handlers.kit.texts import Texts, format_day
from handlers.roster.columns import Column
from handlers.roster.reading import RosterRow
from handlers.roster.rules import Change, Field
from storage.members import Member

_Value = str | bool | date | frozenset[Role] | None


class Difference(NamedTuple):
    # As the roster's header names it.
    column: str
    # Empty for an empty cell.
    before: str
    after: str


def differences(change: Change, texts: Texts) -> list[Difference]:
    """Each column that differs, in the order of the roster's; who is back after having left comes first."""
    return _shown(change.fields, _of_member(change.member), _of_row(change.row), texts)


def between(before: Member, after: Member, texts: Texts) -> list[Difference]:
    """Each column in which somebody stands otherwise than before."""
    old, new = _of_member(before), _of_member(after)
    return _shown([field for field in Field if old[field] != new[field]], old, new, texts)


_Values = Mapping[Field, _Value]


def _shown(fields: Iterable[Field], before: _Values, after: _Values, texts: Texts) -> list[Difference]:
    return [
        Difference(
            texts.label("roster/listed") if field is Field.RETURNED else Column[field.name],
            _text(before[field], texts),
            _text(after[field], texts),
        )
        for field in fields
    ]


def _of_member(member: Member) -> _Values:
    return {
        Field.RETURNED: member.is_active,
        Field.CODE: member.code,
        Field.FULL_NAME: member.full_name,
        Field.GROUP: member.group_name,
        Field.POSITION: member.position,
        Field.UNION_MEMBER: member.is_union_member,
        Field.PARTY_MEMBER: member.is_party_member,
        Field.ROLES: roles_of(member),
        Field.STARTED_ON: member.started_on,
    }


def _of_row(row: RosterRow) -> _Values:
    return {
        Field.RETURNED: True,
        Field.CODE: row.code,
        Field.FULL_NAME: row.full_name,
        Field.GROUP: row.group,
        Field.POSITION: row.position,
        Field.UNION_MEMBER: row.is_union_member,
        Field.PARTY_MEMBER: row.is_party_member,
        Field.ROLES: row.roles,
        Field.STARTED_ON: row.started_on,
    }


def _text(value: _Value, texts: Texts) -> str:
    if isinstance(value, bool):
        return texts.label("roster/yes" if value else "roster/no")
    if isinstance(value, date):
        return format_day(value)
    if isinstance(value, frozenset):
        held = [role for role in Role if role in value and role is not Role.WORKER]
        return ", ".join(texts.label(f"roster/role_{role}") for role in held)
    return value or ""
