"""Cases and what belongs to them."""

from datetime import date
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from storage.concerns import cases, items, news
from storage.concerns.cases import State
from storage.concerns.expiry import DestroyedError, ExpiryKeys
from storage.concerns.items import ItemKind, NewItem
from storage.database import Database
from storage.migrate import config
from storage.schema.concerns import concern_item
from tests.storage.concerns.filing import KEPT_TO, WEEK, file_case
from tests.world import SeededChance


async def test_a_new_case_is_new_and_holds_what_was_sealed(database: Database, keys: ExpiryKeys) -> None:
    case_id = await file_case(database, keys, SeededChance(), files=2)
    async with database.read() as tx:
        case = await cases.by_id(tx, case_id)
        found = await items.of_case(tx, case_id)
        contents = [await items.sealed(tx, keys, item.id) for item in found]
    assert case is not None
    assert (case.state, case.week, case.version) == (State.NEW, WEEK, 0)
    assert [(item.number, item.kind) for item in found] == [
        (1, ItemKind.CONCERN),
        (2, ItemKind.FILE),
        (3, ItemKind.FILE),
    ]
    assert len({content for content in contents if content}) == 3


async def test_the_database_never_holds_the_age_file_itself(database: Database, keys: ExpiryKeys) -> None:
    chance = SeededChance()
    case_id = await file_case(database, keys, chance)
    new = NewItem(chance.token(16), ItemKind.ANSWER, b"age-encryption.org/v1\n-> X25519 them\n")
    async with database.write() as tx:
        await items.add(tx, keys, case_id, [new], week=WEEK, until=KEPT_TO, readers=[1])
        wrapped = await tx.scalar(select(concern_item.c.sealed).where(concern_item.c.id == new.id))
        assert await items.sealed(tx, keys, new.id) == new.sealed
    assert new.sealed not in wrapped


async def test_whoever_decides_on_an_older_state_is_told(database: Database, keys: ExpiryKeys) -> None:
    case_id = await file_case(database, keys, SeededChance())
    async with database.write() as tx:
        seen = await cases.hold(tx, case_id)
        assert seen is not None
        assert await cases.change(tx, seen, state=State.READ.value)
        assert not await cases.change(tx, seen, state=State.CLOSED.value)
        now = await cases.by_id(tx, case_id)
    assert now is not None
    assert (now.state, now.version) == (State.READ, 1)


async def test_the_list_tells_weeks_and_no_order_within(database: Database, keys: ExpiryKeys) -> None:
    chance = SeededChance()
    later = date(2026, 3, 9)
    made = [await file_case(database, keys, chance, week=week) for week in (WEEK, later, WEEK, later)]
    async with database.read() as tx:
        listed = [case.id for case in await cases.listed(tx)]
    assert listed == [*sorted(made[1::2]), *sorted(made[0::2])]


async def test_what_is_past_its_month_is_destroyed_with_all_that_belongs_to_it(
    database: Database, keys: ExpiryKeys
) -> None:
    chance = SeededChance()
    old = await file_case(database, keys, chance, files=1, until=date(2027, 2, 1))
    kept = await file_case(database, keys, chance)
    async with database.write() as tx:
        assert await cases.destroy(tx, KEPT_TO) == 1
        assert await cases.by_id(tx, old) is None
        assert await items.of_case(tx, old) == []
        assert await cases.by_id(tx, kept) is not None


async def test_open_cases_are_renewed_and_others_not(database: Database, keys: ExpiryKeys) -> None:
    chance = SeededChance()
    waiting = await file_case(database, keys, chance)
    over = await file_case(database, keys, chance)
    async with database.write() as tx:
        case = await cases.hold(tx, over)
        assert case is not None
        await cases.change(tx, case, state=State.DECLINED.value)
        assert [case.id for case in await cases.renewable(tx, date(2027, 4, 1))] == [waiting]
        assert await cases.renewable(tx, KEPT_TO) == []


async def test_an_item_for_other_readers_takes_the_place_of_the_old_one(
    database: Database, keys: ExpiryKeys
) -> None:
    case_id = await file_case(database, keys, SeededChance())
    until = date(2027, 9, 1)
    async with database.write() as tx:
        [item] = await items.of_case(tx, case_id)
        await items.reseal(tx, keys, item.id, b"anew", until=until)
        assert await items.sealed(tx, keys, item.id) == b"anew"
        keys.destroy(until)
        with pytest.raises(DestroyedError):
            await items.sealed(tx, keys, item.id)


async def test_what_waits_is_counted(database: Database, keys: ExpiryKeys) -> None:
    chance = SeededChance()
    ids = [await file_case(database, keys, chance) for _ in range(3)]
    async with database.write() as tx:
        assert await cases.unread(tx) == 3
        changed: list[dict[str, Any]] = [
            {"first_answer_week": WEEK, "state": "answered"},
            {"state": "read"},
            {"merged_into": ids[0]},
        ]
        for case_id, values in zip(ids, changed, strict=True):
            case = await cases.hold(tx, case_id)
            assert case is not None
            await cases.change(tx, case, **values)
        assert await cases.unread(tx) == 1
        assert await cases.unanswered(tx, date(2026, 3, 12)) == 0
        assert await cases.unanswered(tx, date(2026, 3, 13)) == 1


async def test_there_is_no_case_where_there_is_none(database: Database, keys: ExpiryKeys) -> None:
    async with database.write() as tx:
        assert await cases.by_id(tx, b"x" * 16) is None
        assert await cases.hold(tx, b"x" * 16) is None
        assert await items.by_id(tx, b"x" * 16) is None
        assert await items.sealed(tx, keys, b"x" * 16) is None


async def test_news_are_told_once(database: Database) -> None:
    async with database.write() as tx:
        assert not await news.take_waiting(tx)
        await news.set_waiting(tx)
        await news.set_waiting(tx)
        assert await news.take_waiting(tx)
        assert not await news.take_waiting(tx)


async def test_cases_from_before_are_as_quiet_as_what_was_written_in_them(
    database: Database, keys: ExpiryKeys
) -> None:
    """What the migration makes of them: readers' notes are no words to whoever wrote."""
    chance = SeededChance()
    waiting, answered = [await file_case(database, keys, chance) for _ in range(2)]
    last = date(2026, 4, 6)
    said = (ItemKind.REPLY, date(2026, 3, 16)), (ItemKind.ANSWER, last), (ItemKind.NOTE, date(2026, 5, 4))
    migration = ScriptDirectory.from_config(config()).get_revision("0010")
    assert migration is not None
    async with database.write() as tx:
        for kind, week in said:
            new = NewItem(chance.token(16), kind, b"sealed")
            await items.add(tx, keys, answered, [new], week=week, until=KEPT_TO, readers=[])
        await tx.run(text(migration.module._LAST))
        found = {case.id: case.quiet_since for case in await cases.listed(tx)}
    assert found == {waiting: WEEK, answered: last}
