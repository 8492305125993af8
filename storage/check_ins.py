"""Wrong check-in codes, and the pages that show the right one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, or_, select, update

from storage.database import Transaction, upsert
from storage.schema.meetings import check_in_display, check_in_try

# Wrong codes.


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong codes in a row, and until when no code of the member is looked at."""

    wrong: int = 0
    blocked_until: datetime | None = None


async def tries(tx: Transaction, member_id: int) -> Tries:
    mine = select(check_in_try.c.wrong, check_in_try.c.blocked_until)
    row = await tx.first(mine.where(check_in_try.c.member_id == member_id))
    return Tries(*row) if row else Tries()


async def count_wrong(tx: Transaction, member_id: int) -> int:
    """One more; how many it are now. Two accounts that try at once count one after the other."""
    statement = upsert(tx, check_in_try).values(member_id=member_id, wrong=1)
    counted = statement.on_conflict_do_update(
        index_elements=["member_id"], set_={"wrong": check_in_try.c.wrong + 1}
    )
    return int(await tx.scalar(counted.returning(check_in_try.c.wrong)))


async def block(tx: Transaction, member_id: int, until: datetime) -> None:
    """No code of theirs is looked at until then; after that they begin anew."""
    mine = update(check_in_try).where(check_in_try.c.member_id == member_id)
    await tx.run(mine.values(wrong=0, blocked_until=until))


async def forget_tries(tx: Transaction, member_id: int) -> None:
    await tx.run(delete(check_in_try).where(check_in_try.c.member_id == member_id))


# Pages that show the code.


async def open_display(
    tx: Transaction, token_hash: str, occurrence_id: int, *, by: int, now: datetime, expires_at: datetime
) -> None:
    """The page of this token shows the date's code until then; the one before shows it no more."""
    is_over = check_in_display.c.expires_at <= now
    await tx.run(
        delete(check_in_display).where(or_(check_in_display.c.occurrence_id == occurrence_id, is_over))
    )
    values = {
        "token_hash": token_hash,
        "occurrence_id": occurrence_id,
        "made_by": by,
        "expires_at": expires_at,
    }
    await tx.run(upsert(tx, check_in_display).values(values))


_DISPLAYED = select(check_in_display.c.occurrence_id, check_in_display.c.made_by).where(
    check_in_display.c.token_hash == bindparam("token_hash"),
    check_in_display.c.expires_at > bindparam("now", type_=check_in_display.c.expires_at.type),
)


async def displayed(tx: Transaction, token_hash: str, now: datetime) -> tuple[int, int] | None:
    """The date whose code the page of this token shows, and the member who made it; None when it shows none,
    or none any more.
    """
    row = await tx.first(_DISPLAYED, {"token_hash": token_hash, "now": now})
    return (row.occurrence_id, row.made_by) if row else None
