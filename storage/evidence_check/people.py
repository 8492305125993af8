"""Whose entries they are: the roster's code of the member, when it was written and now."""

from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, select

from storage.database import Transaction
from storage.evidence import Kind
from storage.evidence_check.findings import Finding, Problem
from storage.schema import evidence, member

_recoding = evidence.alias("recoding")
# The details are canonical JSON.
_WAS_RECODED = (
    select(_recoding.c.id)
    .where(
        _recoding.c.kind == Kind.RECODING.value,
        _recoding.c.member_id == evidence.c.member_id,
        _recoding.c.details == '{"from":"' + evidence.c.member_code + '"}',
    )
    .exists()
)
_OTHER_CODE = (
    select(evidence.c.id, evidence.c.member_code)
    .outerjoin(member, member.c.id == evidence.c.member_id)
    .where(
        evidence.c.member_id.is_not(None),
        member.c.code.is_distinct_from(evidence.c.member_code),
        ~_WAS_RECODED,
    )
    .order_by(evidence.c.id)
    .limit(1)
)


def code_of(member_id: ColumnElement[int]) -> ScalarSelect[str]:
    """For a column of what is found: a join would look up everybody else as well."""
    return select(member.c.code).where(member.c.id == member_id).scalar_subquery()


async def find_other_code(tx: Transaction, _now: datetime) -> Finding | None:
    """A code stays with its member, unless a roster gave them another one and an entry says so."""
    row = await tx.first(_OTHER_CODE)
    return Finding(Problem.CODE, row.id, row.member_code or "") if row else None
