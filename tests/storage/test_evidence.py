from datetime import timedelta, timezone
from hashlib import sha256

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from storage import evidence, evidence_check, evidence_seals
from storage.database import Database, open_database
from storage.evidence import Kind, NewEvidence
from storage.evidence_seals import GENESIS
from storage.schema.evidence import evidence as entries
from storage.schema.evidence import evidence_seal
from tests import people
from tests.storage import chain
from tests.storage.chain import NOW, acknowledge, insert_entry, sealed_branch


async def _seal(database: Database, minutes: int, limit: int = 100) -> int:
    async with database.write() as tx:
        return await evidence_seals.seal(tx, NOW + timedelta(minutes=minutes), limit)


async def _is_intact(database: Database, minutes: int) -> bool:
    async with database.read() as tx:
        return (await evidence_check.verify(tx, NOW + timedelta(minutes=minutes))).ok


async def test_an_entry_keeps_everything_it_was_given(database: Database) -> None:
    given = NewEvidence(
        kind=Kind.QUIZ,
        member_id=2,
        actor_id=1,
        campaign_id=1,
        channel="telegram",
        at=NOW.astimezone(timezone(timedelta(hours=7))),
        version_hash="cd" * 32,
        attempts=3,
        # The name comes in decomposed letters, as some phones send it.
        details={"score": 80, "ghi chú": "Ho\u0323c la\u0323i trang 2"},
        statement_hash="ab" * 32,
        personal={"reason": "Ô\u0301m"},
    )
    async with database.write() as tx:
        await chain.campaign(tx)
        number = await evidence.append(tx, given)
        row = await tx.first(select(entries).where(entries.c.id == number))
    assert row is not None
    assert row.at == NOW
    assert row.details == '{"ghi chú":"Học lại trang 2","score":80}'
    kept = (
        row.kind,
        row.member_id,
        row.actor_id,
        row.campaign_id,
        row.channel,
        row.attempts,
    )
    assert kept == ("quiz", 2, 1, 1, "telegram", 3)
    assert (row.format, row.member_code, row.statement_hash) == (2, None, None)
    fields = {"member_code": "BCH02", "reason": "Ốm", "statement_hash": "ab" * 32}
    assert await chain.personal(database, row) == fields


async def test_seals_follow_each_other(database: Database) -> None:
    await sealed_branch(database)
    async with database.read() as tx:
        seals = await tx.all(select(evidence_seal).order_by(evidence_seal.c.position))
    assert [seal.position for seal in seals] == [1, 2, 3, 4, 5, 6, 7]
    assert [seal.evidence_id for seal in seals] == [1, 2, 3, 4, 5, 6, 7]
    assert [seal.previous for seal in seals] == [GENESIS, *(seal.hash for seal in seals[:-1])]


async def test_the_hash_is_the_documented_one_on_both_databases(database: Database) -> None:
    """Others can check the chain with SHA-256 and JSON alone, and a branch may change its database."""
    await sealed_branch(database)
    async with database.read() as tx:
        first, second, *_ = await tx.all(select(evidence_seal.c.hash).order_by(evidence_seal.c.position))
        entry = await tx.first(select(entries).where(entries.c.id == 2))
    assert entry is not None
    words = (
        first.hash + '{"actor_id":1,"at":"2026-03-02T01:30:00.000000+00:00","attempts":null,"campaign_id":1,'
        '"channel":"direct","details":"{}","format":2,"id":2,"kind":"acknowledgement","member_code":null,'
        f'"member_id":1,"person_key":"{entry.person_key}","personal":"{entry.personal}",'
        f'"statement_hash":null,"version_hash":"{chain.VERSION.hash}"}}'
    )
    assert second.hash == sha256(words.encode()).hexdigest()


async def test_entries_of_the_first_format_are_hashed_as_ever(database: Database) -> None:
    values = {
        "kind": "acknowledgement",
        "member_id": 1,
        "member_code": "CT01",
        "actor_id": 1,
        "campaign_id": 1,
        "version_hash": chain.VERSION.hash,
        "statement_hash": "ab" * 32,
        "channel": "direct",
        "details": '{"statement":"Tôi, Đặng Thu Hà, xác nhận…"}',
        "at": NOW,
    }
    async with database.write() as tx:
        await chain.campaign(tx)
        await tx.run(entries.insert().values(id=2, **values))
    await _seal(database, 1)
    async with database.read() as tx:
        first, second = await tx.all(select(evidence_seal.c.hash).order_by(evidence_seal.c.position))
    words = (
        first.hash + '{"actor_id":1,"at":"2026-03-02T01:30:00.000000+00:00","attempts":null,"campaign_id":1,'
        '"channel":"direct","details":"{\\"statement\\":\\"Tôi, Đặng Thu Hà, xác nhận…\\"}","id":2,'
        f'"kind":"acknowledgement","member_code":"CT01","member_id":1,"statement_hash":"{"ab" * 32}",'
        f'"version_hash":"{chain.VERSION.hash}"}}'
    )
    assert second.hash == sha256(words.encode()).hexdigest()


async def test_sealing_goes_on_where_it_stopped(database: Database) -> None:
    async with database.write() as tx:
        campaign_id = await chain.campaign(tx)
        for code, *_ in people.PEOPLE[:5]:
            await acknowledge(tx, campaign_id, code)
    assert [await _seal(database, 1, limit=2) for _ in range(4)] == [2, 2, 2, 0]
    assert await _is_intact(database, 1)


async def test_an_entry_that_becomes_visible_late_is_sealed(database: Database) -> None:
    """PostgreSQL gives out numbers before the commit: 8 may be seen after 9."""
    campaign_id = await sealed_branch(database)
    await insert_entry(database, 9, campaign_id, NOW + timedelta(minutes=7))
    assert await _seal(database, 7) == 1
    await insert_entry(database, 8, campaign_id, NOW + timedelta(minutes=7))
    assert await _is_intact(database, 8)
    assert await _seal(database, 8) == 1
    assert await _seal(database, 9) == 0
    assert await _is_intact(database, 60)


async def test_a_look_tells_whether_there_is_something_to_seal(database: Database) -> None:
    async def is_waiting() -> bool:
        async with database.read() as tx:
            return await evidence_seals.has_unsealed(tx, NOW)

    assert not await is_waiting()
    async with database.write() as tx:
        await acknowledge(tx, await chain.campaign(tx), "NV06")
    assert await is_waiting()
    await _seal(database, 0)
    assert not await is_waiting()


async def test_an_old_entry_put_in_below_is_not_made_good_by_a_seal(database: Database) -> None:
    campaign_id = await sealed_branch(database)
    await insert_entry(database, 0, campaign_id, NOW - timedelta(days=30))
    assert await _seal(database, 7) == 0


@pytest.mark.parametrize("table", ["evidence", "evidence_seal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {}", "DELETE FROM {}"])
async def test_the_database_itself_refuses_changes(database: Database, table: str, statement: str) -> None:
    await sealed_branch(database)
    change = statement.format(table, "channel = 'x'" if table == "evidence" else "previous = 'x'")
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.write() as tx:
            await tx.run(text(change))
    assert await _is_intact(database, 60)


async def test_postgresql_refuses_to_empty_the_tables(postgres_url: str) -> None:
    database = open_database(postgres_url)
    await sealed_branch(database)
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.write() as tx:
            await tx.run(text("TRUNCATE evidence CASCADE"))
    await database.close()
