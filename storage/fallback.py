"""Another account for what couldn't be sent to one account of a member's.

Each row remembers in `not_to` the accounts that it has passed: it goes to each of them once at most, and so
comes to an end. What may have arrived stays where it is.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    TableValuedAlias,
    and_,
    bindparam,
    case,
    cast,
    func,
    not_,
    or_,
    select,
    update,
)

from storage import reach
from storage.database import Transaction, bound, rows_of
from storage.outbox import HERE_ONLY, State
from storage.reach import OPEN
from storage.schema.messages import attachment, outbox, shared_message
from storage.schema.people import account

_row, _to = outbox.alias("unsent"), account.alias("to_account")
_NOT_TO = func.coalesce(_row.c.not_to, ",")
# A claim that is being answered counts; any other one went without an answer, and may have arrived.
_NEVER_UNANSWERED = or_(
    and_(_row.c.state == State.PENDING.value, _row.c.attempts == 0),
    and_(_row.c.state == State.SENDING.value, _row.c.attempts == 1),
)
# A reply belongs to its chat, and what was sent before is edited or deleted where it is.
_MAY_GO_ELSEWHERE = and_(
    _row.c.member_id.is_not(None),
    _NOT_TO != HERE_ONLY,
    or_(_row.c.shared_id.is_(None), shared_message.c.deed == "send"),
    _NEVER_UNANSWERED,
)
_PASSED = _NOT_TO + cast(_row.c.account_id, String) + ","
_IS_NEW = not_(_PASSED.like("%," + cast(OPEN.c.id, String) + ",%"))


def _passed_on(unsent: TableValuedAlias) -> Any:
    """`unsent`: ids of rows, and the accounts for which they were."""
    ways = (
        select(_row.c.id, _to.c.id.label("account_id"), _to.c.channel, _PASSED.label("not_to"))
        .select_from(unsent)
        .join(_row, and_(_row.c.id == cast(unsent.c.key, Integer), _was_for(unsent, _row.c.account_id)))
        .outerjoin(shared_message, shared_message.c.id == _row.c.shared_id)
        .join(_to, _to.c.id == reach.best(_row.c.member_id, _IS_NEW))
        .where(_MAY_GO_ELSEWHERE)
        .subquery("way")
    )
    return (
        update(outbox)
        .where(outbox.c.id == ways.c.id)
        .values(
            account_id=ways.c.account_id,
            channel=case((outbox.c.shared_id.is_not(None), ways.c.channel)),
            not_to=ways.c.not_to,
            state=State.PENDING.value,
            attempts=0,
            lease_until=None,
            problem=func.coalesce(bindparam("b_problem", type_=String), outbox.c.problem),
        )
    )


def _with_files(unsent: TableValuedAlias) -> Any:
    return (
        update(attachment)
        .where(
            outbox.c.id == cast(unsent.c.key, Integer),
            attachment.c.id == outbox.c.attachment_id,
            _was_for(unsent, attachment.c.account_id),
        )
        .values(account_id=outbox.c.account_id)
    )


def _was_for(unsent: TableValuedAlias, account_id: ColumnElement[Any]) -> ColumnElement[bool]:
    return account_id == cast(unsent.c.value, Integer)


_PASS_ON = {dialect: _passed_on(unsent) for dialect, unsent in rows_of("b_unsent").items()}
_FILES = {dialect: _with_files(unsent) for dialect, unsent in rows_of("b_unsent").items()}


async def pass_on(tx: Transaction, unsent: Mapping[int, int], problem: str | None = None) -> None:
    """`unsent`: messages by their ids, with the account that each was for. Those whose member can be reached
    on another account go there, with their files; the others stay as they are. However many there are, it
    takes two statements.
    """
    if not unsent:
        return
    rows = bound(tx, "b_unsent", {row: str(account_id) for row, account_id in unsent.items()})
    if await tx.run(_PASS_ON[tx.dialect], rows | {"b_problem": problem}):
        await tx.run(_FILES[tx.dialect], rows)
