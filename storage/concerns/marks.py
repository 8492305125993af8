"""For which readers each item is sealed: a mark on its row names them by their numbers, such as "1,3".

The server can't look into what is sealed; whoever seals something says for which readers, and is refused
when these aren't the ones there are now. So the marks tell what must still be sealed anew, and what nobody
could open any more if a reader were removed.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import bindparam, func, select

from storage.database import Transaction
from storage.schema.concerns import concern_item

_BY_MARK = (
    select(concern_item.c.mark, func.count().label("items"))
    .where(concern_item.c.until >= bindparam("month"))
    .group_by(concern_item.c.mark)
)


def mark_of(readers: Iterable[int]) -> str:
    return ",".join(map(str, sorted(readers)))


async def hanging_on(tx: Transaction, leaving: frozenset[int], staying: frozenset[int], month: date) -> int:
    """How many items may be sealed for somebody who leaves and for nobody who stays. What was to be destroyed
    before `month` counts no more: nobody opens that.
    """
    rows = await tx.all(_BY_MARK, {"month": month})
    return sum(row.items for row in rows if _hangs(row.mark, leaving, staying))


def _hangs(mark: str | None, leaving: frozenset[int], staying: frozenset[int]) -> bool:
    if mark is None:
        return bool(leaving)
    sealed_for = {int(number) for number in mark.split(",")}
    return bool(sealed_for & leaving) and not sealed_for & staying
