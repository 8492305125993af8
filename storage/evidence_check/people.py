"""Whose entries they are: their personal fields and keys, and the roster's code of the member."""

import json
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, bindparam, select

from storage import person_keys
from storage.database import Transaction
from storage.evidence import Kind
from storage.evidence_check.findings import Finding, Problem
from storage.person_keys import NotOpenedError
from storage.schema.evidence import evidence, person_key
from storage.schema.people import member

_PAGE = 1000
_LOWEST = -(2**31)
_ENTRIES = (
    select(
        evidence.c.id,
        evidence.c.member_id,
        evidence.c.member_code,
        evidence.c.kind,
        evidence.c.details,
        evidence.c.personal,
        evidence.c.person_key,
        member.c.code,
        person_key.c.secret,
    )
    .outerjoin(member, member.c.id == evidence.c.member_id)
    .outerjoin(person_key, person_key.c.fingerprint == evidence.c.person_key)
    .where(evidence.c.member_id.is_not(None), evidence.c.id > bindparam("after"))
    .order_by(evidence.c.id)
    .limit(bindparam("size"))
)
_OF_KIND = _ENTRIES.where(evidence.c.kind == bindparam("kind"))


def code_of(member_id: ColumnElement[int]) -> ScalarSelect[str]:
    """For a column of what is found: a join would look up everybody else as well."""
    return select(member.c.code).where(member.c.id == member_id).scalar_subquery()


async def _entries(tx: Transaction, kind: Kind | None = None) -> AsyncIterator[Row[Any]]:
    after, statement = _LOWEST, _ENTRIES if kind is None else _OF_KIND
    values = {} if kind is None else {"kind": kind.value}
    while rows := await tx.all(statement, {"after": after, "size": _PAGE, **values}):
        for row in rows:
            yield row
        after = rows[-1].id


async def find_other_person(tx: Transaction, _now: datetime) -> Finding | None:
    """A code stays with its member, unless a roster gave them another one and an entry says so. A key that
    was destroyed, as the law says, has left an entry as well.
    """
    erased = {row.details async for row in _entries(tx, Kind.ERASURE)}
    before = defaultdict(set)
    async for row in _entries(tx, Kind.RECODING):
        before[row.member_id].add(_fields(row).get("from"))
    async for row in _entries(tx):
        if row.personal is not None and row.secret is None:
            if f'{{"key":"{row.person_key}"}}' not in erased:
                return Finding(Problem.KEY, row.id)
            continue
        try:
            code = _fields(row).get("member_code")
        except NotOpenedError:
            return Finding(Problem.KEY, row.id)
        if code != row.code and code not in before[row.member_id] and row.kind != Kind.ERASURE.value:
            return Finding(Problem.CODE, row.id, code or "")
    return None


def _fields(row: Row[Any]) -> dict[str, str]:
    """The personal fields of either format; none where their key was destroyed.

    NotOpenedError when they aren't what the entry's key has sealed.
    """
    if row.personal is None:
        said = json.loads(row.details) if row.kind == Kind.RECODING.value else {}
        return {**said, **({"member_code": row.member_code} if row.member_code else {})}
    if row.secret is None:
        return {}
    if person_keys.fingerprint_of(row.secret) != row.person_key:
        raise NotOpenedError
    return person_keys.opened(row.secret, row.personal)
