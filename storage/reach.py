"""By which of their accounts a member is reached: the one on the channel they chose, else the latest linked.
Always one that can be reached.
"""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, case, select

from storage.database import Transaction
from storage.schema.calendar import preference
from storage.schema.people import account

OPEN = account.alias("open_account")
_choice = preference.alias("choice")
_CHOSEN = (
    select(_choice.c.channel).where(_choice.c.member_id == OPEN.c.member_id).correlate(OPEN).scalar_subquery()
)
# Not by the bare comparison: where nothing was chosen it is null, which PostgreSQL puts first.
_BEST_FIRST = (case((OPEN.c.channel == _CHOSEN, 0), else_=1), OPEN.c.linked_at.desc(), OPEN.c.id.desc())


def _first(column: ColumnElement[Any], member_id: ColumnElement[Any], *which: Any) -> Select[Any]:
    return select(column).where(OPEN.c.member_id == member_id, *which).order_by(*_BEST_FIRST).limit(1)


def best(member_id: ColumnElement[Any], *which: ColumnElement[bool]) -> ScalarSelect[int]:
    """The id of the account that messages to this member go to, of those of `OPEN` that fit `which`; null
    where there is none. Looked up for each member, because PostgreSQL joins all accounts with each other when
    it has no statistics.
    """
    return _first(OPEN.c.id, member_id, OPEN.c.unreachable.is_(None), *which).scalar_subquery()


def why_not(member_id: ColumnElement[Any]) -> ScalarSelect[str]:
    """Why the member can't be reached, of whose accounts none can; null where they have none."""
    return _first(OPEN.c.unreachable, member_id).scalar_subquery()


_OF_MEMBER = select(account.c.channel, account.c.address).where(account.c.id == best(bindparam("member")))


async def address_of(tx: Transaction, member_id: int) -> tuple[str, str] | None:
    """Channel and address at which the member is reached now."""
    row = await tx.first(_OF_MEMBER, {"member": member_id})
    return None if row is None else (row.channel, row.address)
