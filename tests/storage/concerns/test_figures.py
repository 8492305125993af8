"""What is counted in the cases, and what is kept of it for good."""

from datetime import date
from typing import Any

from storage.concerns import cases, figures
from storage.concerns.expiry import ExpiryKeys
from storage.concerns.figures import Kept, Tally
from storage.database import Database
from tests.storage.concerns.filing import WEEK, file_case
from tests.world import SeededChance

LATER = date(2026, 3, 9)


async def change(database: Database, case_id: bytes, **values: Any) -> None:
    async with database.write() as tx:
        case = await cases.hold(tx, case_id)
        assert case is not None
        assert await cases.change(tx, case, **values)


async def test_cases_that_are_alike_are_counted_together(database: Database, keys: ExpiryKeys) -> None:
    chance = SeededChance()
    ids = [await file_case(database, keys, chance) for _ in range(3)]
    await file_case(database, keys, chance, category="hours", week=LATER)
    await change(database, ids[0], first_answer_week=LATER, answered_in_time=True, satisfaction=3)
    async with database.read() as tx:
        found = await figures.tallies(tx, WEEK, date(2026, 3, 16))
        assert await figures.tallies(tx, LATER, date(2026, 3, 16)) == [
            Tally(LATER, "hours", None, None, None, 1)
        ]
        assert await figures.tallies(tx, date(2026, 2, 23), WEEK) == []
    assert sorted(found, key=lambda each: (each.category, each.count)) == [
        Tally(LATER, "hours", None, None, None, 1),
        Tally(WEEK, "pay", LATER, True, 3, 1),
        Tally(WEEK, "pay", None, None, None, 2),
    ]


async def test_a_merged_case_counts_and_is_answered_with_the_other(
    database: Database, keys: ExpiryKeys
) -> None:
    chance = SeededChance()
    one, other = [await file_case(database, keys, chance) for _ in range(2)]
    await change(database, one, first_answer_week=LATER, answered_in_time=False)
    await change(database, other, merged_into=one)
    async with database.read() as tx:
        assert await figures.tallies(tx, WEEK, LATER) == [Tally(WEEK, "pay", LATER, False, None, 2)]


async def test_what_is_counted_once_stays(database: Database) -> None:
    async with database.write() as tx:
        await figures.wait_for(tx, "2026-1", b"1" * 16)
        await figures.wait_for(tx, "2026-1", b"2" * 16)
        assert await figures.kept(tx, ["2026-1", "2026-2"]) == {"2026-1": Kept(b"1" * 16, {})}
        await figures.freeze(tx, "2026-1", {"total": (30, 30), "answer/in_time": (25, None)})
        await figures.freeze(tx, "2026-1", {"total": (29, 29)})
        await figures.wait_for(tx, "2026-1", b"3" * 16)
    async with database.read() as tx:
        assert await figures.kept(tx, ["2026-1"]) == {
            "2026-1": Kept(None, {"total": (30, 30), "answer/in_time": (25, None)})
        }
