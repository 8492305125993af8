"""Where rows lie, and what the database writes on them, doesn't tell in which order they came."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from storage.concerns import cases, items, mixing
from storage.concerns.cases import State
from storage.concerns.expiry import ExpiryKeys
from storage.concerns.items import ItemKind
from storage.database import Database, open_database
from storage.dialogue import themes
from storage.schema.concerns import concern_case, concern_item
from tests.ranks import correlation
from tests.storage.concerns.filing import file_case
from tests.storage.snapshot import snapshot
from tests.world import SeededChance

NUMBER = 30
# With 30 values in an order by chance it is as high once in 2,000 times; in the order of coming it is 1.
HIGHEST = 0.6


def test_an_order_is_found_where_there_is_one() -> None:
    assert correlation(range(NUMBER)) == pytest.approx(1)
    assert correlation([5] * NUMBER) == 0


async def _in_file(database: Database, path: Path, ids: list[bytes]) -> list[int]:
    """Where in the file the middle of each concern's sealed bytes stands."""
    await database.forget_earlier(concern_case, concern_item)
    content = await asyncio.to_thread(path.read_bytes)
    async with database.read() as tx:
        rows = await tx.all(select(concern_item.c.case_id, concern_item.c.sealed))
    sealed = {row.case_id: row.sealed for row in rows}
    # A piece may lie across two pages; two that follow each other don't both.
    pieces = ((sealed[each][10_000:10_032], sealed[each][10_100:10_132]) for each in ids)
    return [max(content.find(piece) for piece in of_one) for of_one in pieces]


async def test_in_the_file_of_sqlite(sqlite_url: str, tmp_path: Path, keys: ExpiryKeys) -> None:
    database = open_database(sqlite_url)
    chance = SeededChance()
    ids = [await file_case(database, keys, chance) for _ in range(NUMBER)]
    places = await _in_file(database, tmp_path / "caunoi.db", ids)
    await database.close()
    assert min(places) > 0
    assert correlation(places) < HIGHEST


@pytest.mark.parametrize("table", ["concern_case", "concern_item"])
@pytest.mark.parametrize("mark", ["ctid", "xmin"])
async def test_in_what_postgresql_writes_on_rows(
    postgres_url: str, keys: ExpiryKeys, table: str, mark: str
) -> None:
    database = open_database(postgres_url)
    chance = SeededChance()
    ids = [await file_case(database, keys, chance) for _ in range(NUMBER)]
    case_id = "id" if table == "concern_case" else "case_id"
    of_rows = text(f"SELECT {case_id} AS id, {mark}::text AS mark FROM {table}")  # noqa: S608 - names of this test
    async with database.read() as tx:
        marks = {row.id: row.mark for row in await tx.all(of_rows)}
    await database.close()
    places = [_number(marks[each]) for each in ids]
    assert correlation(places) < HIGHEST


def _number(mark: str) -> int:
    """A ctid is "(page,place)"."""
    page, _, place = mark.strip("()").partition(",")
    return int(page) * 1_000 + int(place or 0)


async def test_mixing_changes_nothing_else(database: Database, keys: ExpiryKeys) -> None:
    chance = SeededChance()
    for _ in range(3):
        await file_case(database, keys, chance, files=2)
    before = await snapshot(database)
    for mix in (mixing.mix_cases, mixing.mix_texts, mixing.mix_files):
        async with database.write() as tx:
            assert await mix(tx, mixing.FIRST, chance.shuffle) is not None
    assert await snapshot(database) == before


async def test_going_round_reaches_every_row_once(database: Database, keys: ExpiryKeys) -> None:
    chance = SeededChance()
    for _ in range(3):
        await file_case(database, keys, chance, files=3)
    laid: list[bytes] = []
    place: bytes | None = mixing.FIRST
    while place is not None:
        async with database.write() as tx:
            place = await mixing.mix_files(tx, place, lambda rows: laid.extend(row["id"] for row in rows))
    async with database.read() as tx:
        files = await items.of_kind(tx, ItemKind.FILE)
        assert sorted(laid) == [item.id for item in files]
        assert len(await cases.listed(tx)) == 3


async def test_round_an_id_near_the_end_the_first_ones_follow(database: Database, keys: ExpiryKeys) -> None:
    chance = SeededChance()
    ids = sorted([await file_case(database, keys, chance) for _ in range(5)])
    async with database.write() as tx:
        rows = await mixing._around(tx, concern_case, ids[3], 4)
    assert [row["id"] for row in rows] == [ids[3], ids[4], ids[0], ids[1]]


async def test_many_at_once_lose_nothing_and_put_nothing_twice(database: Database, keys: ExpiryKeys) -> None:
    chance = SeededChance()
    before = [await file_case(database, keys, chance) for _ in range(6)]

    async def read(case_id: bytes) -> None:
        async with database.write() as tx:
            case = await cases.hold(tx, case_id)
            assert case is not None
            assert await cases.change(tx, case, state=State.READ.value)

    coming = [file_case(database, keys, chance) for _ in range(8)]
    await asyncio.gather(*coming, *map(read, before))
    async with database.read() as tx:
        states = {case.id: case.state for case in await cases.listed(tx)}
    assert len(states) == 14
    assert {states[each] for each in before} == {State.READ}


async def test_a_theme_is_not_lost_while_rows_are_laid_anew(database: Database, keys: ExpiryKeys) -> None:
    chance = SeededChance()
    ids = [await file_case(database, keys, chance) for _ in range(6)]
    async with database.write() as tx:
        theme_id = await themes.create(tx, "Nóng", "Quạt hỏng.", None, datetime(2026, 3, 2, tzinfo=UTC))

    async def link(case_id: bytes) -> None:
        async with database.write() as tx:
            assert await themes.link_case(tx, case_id, theme_id)

    async def mix() -> None:
        async with database.write() as tx:
            await mixing.mix_cases(tx, mixing.FIRST, chance.shuffle)

    for _ in range(5):
        await asyncio.gather(mix(), *map(link, ids), mix())
    async with database.read() as tx:
        assert {case.theme_id for case in await cases.listed(tx)} == {theme_id}
