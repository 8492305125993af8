"""For which readers items are sealed: what is to be sealed anew, and what hangs on one key."""

from datetime import date

from sqlalchemy import select, update

from storage.concerns import items, marks
from storage.concerns.expiry import ExpiryKeys
from storage.concerns.items import Item, ItemKind, NewItem
from storage.database import Database, Transaction
from storage.schema.concerns import concern_item
from tests.storage.concerns.filing import KEPT_TO, WEEK, file_case
from tests.world import SeededChance

NOW = date(2026, 3, 1)


async def _item(tx: Transaction, keys: ExpiryKeys, case_id: bytes, number: int, *readers: int) -> None:
    new = NewItem(bytes([number]) * 16, ItemKind.NOTE, b"sealed")
    await items.add(tx, keys, case_id, [new], week=WEEK, until=KEPT_TO, readers=readers)


async def _mark(tx: Transaction, item: Item) -> str | None:
    found: str | None = await tx.scalar(select(concern_item.c.mark).where(concern_item.c.id == item.id))
    return found


async def test_what_is_sealed_for_others_is_stale(database: Database, keys: ExpiryKeys) -> None:
    case_id = await file_case(database, keys, SeededChance(), files=1)
    async with database.write() as tx:
        await _item(tx, keys, case_id, 2, 2, 1)
        await _item(tx, keys, case_id, 3, 12)
        assert {item.number for item in await items.stale(tx, [2, 1])} == {1, 2, 4}
        assert {item.number for item in await items.stale(tx, [1])} == {3, 4}
        await tx.run(update(concern_item).values(mark=None))
        assert len(await items.stale(tx, [1])) == 4


async def test_sealing_anew_changes_the_mark_and_another_month_keeps_it(
    database: Database, keys: ExpiryKeys
) -> None:
    case_id = await file_case(database, keys, SeededChance())
    async with database.write() as tx:
        [item] = await items.of_case(tx, case_id)
        await items.reseal(tx, keys, item.id, b"same", until=date(2027, 5, 1))
        assert await _mark(tx, item) == "1"
        await items.seal_anew(tx, keys, item.id, b"anew", until=KEPT_TO, readers=[7, 3])
        assert await _mark(tx, item) == "3,7"
        assert await items.sealed(tx, keys, item.id) == b"anew"


async def test_what_hangs_on_one_key_is_counted(database: Database, keys: ExpiryKeys) -> None:
    case_id = await file_case(database, keys, SeededChance())
    async with database.write() as tx:
        await _item(tx, keys, case_id, 2, 1, 2)
        await _item(tx, keys, case_id, 3, 3)
        assert await marks.hanging_on(tx, frozenset({1}), frozenset({2}), NOW) == 1
        assert await marks.hanging_on(tx, frozenset({1}), frozenset({3}), NOW) == 2
        assert await marks.hanging_on(tx, frozenset({2}), frozenset({1, 3}), NOW) == 0
        # What nobody who stays opens already isn't lost by removing somebody else.
        assert await marks.hanging_on(tx, frozenset({2}), frozenset({1}), NOW) == 0
        # Two who leave together take along what only they opened.
        assert await marks.hanging_on(tx, frozenset({1, 2}), frozenset({3}), NOW) == 2
        # Nothing of a month whose key is gone can be lost.
        assert await marks.hanging_on(tx, frozenset({1}), frozenset({3}), date(2027, 4, 1)) == 0


async def test_of_what_is_not_known_anything_may_be_lost(database: Database, keys: ExpiryKeys) -> None:
    await file_case(database, keys, SeededChance(), files=1)
    async with database.write() as tx:
        await tx.run(update(concern_item).values(mark=None))
        assert await marks.hanging_on(tx, frozenset({1}), frozenset({2, 3}), NOW) == 2
        assert await marks.hanging_on(tx, frozenset(), frozenset({2, 3}), NOW) == 0
