"""What an import changes of people whom the roster knows already, as people read it."""

from datetime import date
from typing import NamedTuple

from handlers.kit.access import roles_of
from handlers.kit.roles import Role
from handlers.kit.texts import Texts, format_day
from handlers.roster.columns import Column
from handlers.roster.rules import Change, Field

_Value = str | bool | date | frozenset[Role] | None


class Difference(NamedTuple):
    # As the roster's header names it.
    column: str
    # Empty for an empty cell.
    before: str
    after: str


def differences(change: Change, texts: Texts) -> list[Difference]:
    """Each column that differs, in the order of the roster's; who is back after having left comes first."""
    values = _values(change)
    return [
        Difference(
            texts.label("roster/listed") if field is Field.RETURNED else Column[field.name],
            *(_text(value, texts) for value in values[field]),
        )
        for field in change.fields
    ]


def _values(change: Change) -> dict[Field, tuple[_Value, _Value]]:
    """Before and after."""
    member, row = change.member, change.row
    return {
        Field.RETURNED: (member.is_active, True),
        Field.CODE: (member.code, row.code),
        Field.FULL_NAME: (member.full_name, row.full_name),
        Field.GROUP: (member.group_name, row.group),
        Field.POSITION: (member.position, row.position),
        Field.UNION_MEMBER: (member.is_union_member, row.is_union_member),
        Field.PARTY_MEMBER: (member.is_party_member, row.is_party_member),
        Field.ROLES: (roles_of(member), row.roles),
        Field.STARTED_ON: (member.started_on, row.started_on),
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
