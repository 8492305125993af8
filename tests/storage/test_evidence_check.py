"""Somebody with every right on the database changes the evidence; the check says which entry and how."""

import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from storage import evidence, evidence_check, evidence_seals
from storage.database import Database, open_database, parse_url
from storage.evidence import entry_hash
from storage.evidence_check import Finding, Problem, Verdict
from storage.schema.evidence import evidence as entries
from storage.schema.evidence import evidence_seal
from tests.storage import chain
from tests.storage.chain import NOW, acknowledge, insert_entry, put, sealed_branch, tamper

LATER = NOW + timedelta(hours=1)
PUT_BACK = "INSERT INTO evidence SELECT * FROM kept"
# One change for each column of an entry, but its number.
CHANGES = {
    "kind": "'waiver'",
    "member_id": "9",
    "member_code": "'NV09'",
    "actor_id": "NULL",
    "campaign_id": "NULL",
    "version_hash": "NULL",
    "statement_hash": f"'{'cd' * 32}'",
    "channel": "'telegram'",
    "attempts": "1",
    "details": "'[]'",
    "at": "'2026-03-02 01:32:00.000001'",
    "format": "1",
    "personal": "'AAAA'",
    "person_key": "NULL",
}


def renumber(table: str, column: str, *moves: tuple[int, int]) -> list[str]:
    return [put(table, f"{column} = {new}", f"{column} = {old}") for old, new in moves]


CUT_OUT = ["DELETE FROM evidence WHERE id = 3", "DELETE FROM evidence_seal WHERE evidence_id = 3"]
CLOSE_THE_GAP = renumber("evidence_seal", "position", (4, 3), (5, 4), (6, 5), (7, 6))
SWAP = ((3, -1), (4, 3), (-1, 4))
TAMPERING = {
    "the hash of a seal": (["UPDATE evidence_seal SET hash = 'x' WHERE position = 3"], Problem.CHANGED, 3),
    "what a seal follows": (
        ["UPDATE evidence_seal SET previous = 'x' WHERE position = 3"],
        Problem.CHANGED,
        3,
    ),
    "an entry is gone": (["DELETE FROM evidence WHERE id = 3"], Problem.MISSING, 3),
    "a seal is gone": (["DELETE FROM evidence_seal WHERE position = 3"], Problem.MISSING, 3),
    "the first seal is gone": (["DELETE FROM evidence_seal WHERE position = 1"], Problem.MISSING, 1),
    "both are gone": (CUT_OUT, Problem.MISSING, 3),
    "both are gone and the others close up": ([*CUT_OUT, *CLOSE_THE_GAP], Problem.MISSING, 3),
    "seals changed places": (renumber("evidence_seal", "position", *SWAP), Problem.REORDERED, 4),
    "entries changed places": (renumber("evidence", "id", *SWAP), Problem.REORDERED, 3),
    "a text that was studied": (
        ["UPDATE document_version SET canonical = '\\x00'"],
        Problem.DOCUMENT,
        None,
    ),
}


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_check.chain, "_PAGE", 2)


async def verify(database: Database) -> Verdict:
    async with database.read() as tx:
        return await evidence_check.verify(tx, LATER)


async def found(database: Database) -> tuple[Problem, int | None] | None:
    finding = (await verify(database)).finding
    return (finding.problem, finding.entry) if finding else None


async def test_untouched_evidence_is_intact(database: Database) -> None:
    await sealed_branch(database)
    verdict = await verify(database)
    assert (verdict.ok, verdict.entries, verdict.sealed) == (True, 7, 7)
    async with database.read() as tx:
        last = select(evidence_seal.c.hash).where(evidence_seal.c.position == 7)
        assert verdict.head == await tx.scalar(last)


async def test_no_evidence_is_intact(database: Database) -> None:
    verdict = await verify(database)
    assert (verdict.ok, verdict.entries, verdict.head) == (True, 0, evidence_seals.GENESIS)


async def test_a_change_of_any_column_is_found(database: Database) -> None:
    await sealed_branch(database)
    await tamper(database, "CREATE TABLE kept AS SELECT * FROM evidence WHERE id = 3")
    assert {"id", *CHANGES} == set(entries.columns.keys())
    for column, value in CHANGES.items():
        await tamper(database, put("evidence", f"{column} = {value}", "id = 3"))
        assert await found(database) == (Problem.CHANGED, 3), column
        await tamper(database, "DELETE FROM evidence WHERE id = 3", PUT_BACK)
        assert await found(database) is None, column


async def test_a_renumbered_entry_is_missing(database: Database) -> None:
    await sealed_branch(database)
    await tamper(database, *renumber("evidence", "id", (3, 99)))
    assert await found(database) == (Problem.MISSING, 3)


@pytest.mark.parametrize("what", TAMPERING)
async def test_tampering_is_found_and_named(database: Database, what: str) -> None:
    statements, problem, entry = TAMPERING[what]
    await sealed_branch(database)
    await tamper(database, *statements)
    assert await found(database) == (problem, entry)


@pytest.mark.parametrize("column", ["at", "channel"])
async def test_what_sqlite_stores_but_nobody_can_read_is_a_change(sqlite_url: str, column: str) -> None:
    database = open_database(sqlite_url)
    await sealed_branch(database)
    value = "'hôm qua'" if column == "at" else "x'00ff'"
    await tamper(database, put("evidence", f"{column} = {value}", "id = 3"))
    assert await found(database) == (Problem.CHANGED, 3)
    await database.close()


async def test_sqlite_can_replace_a_row_without_its_triggers_but_not_unseen(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    await sealed_branch(database)
    await tamper(
        database,
        "REPLACE INTO evidence (id, kind, member_id, member_code, campaign_id, version_hash, channel, at) "
        "SELECT id, kind, member_id, member_code, campaign_id, version_hash, channel, at "
        "FROM evidence WHERE id = 3",
    )
    assert await found(database) == (Problem.CHANGED, 3)
    await database.close()


async def test_an_entry_put_in_below_is_found(database: Database) -> None:
    campaign_id = await sealed_branch(database)
    await insert_entry(database, 0, campaign_id, NOW - timedelta(days=30))
    assert await found(database) == (Problem.INSERTED, 0)


async def test_an_entry_put_in_below_with_a_time_to_come_is_found(database: Database) -> None:
    campaign_id = await sealed_branch(database)
    await insert_entry(database, 0, campaign_id, LATER + timedelta(days=30))
    assert await found(database) == (Problem.INSERTED, 0)


@pytest.mark.parametrize("place", [1, 4])
async def test_an_entry_put_in_with_a_seal_of_its_own_is_found(database: Database, place: int) -> None:
    campaign_id = await sealed_branch(database)
    await insert_entry(database, 77, campaign_id, NOW)
    async with database.read() as tx:
        row = await tx.first(select(entries).where(entries.c.id == 77))
        before = select(evidence_seal.c.hash).where(evidence_seal.c.position == place - 1)
        previous = await tx.scalar(before) or evidence_seals.GENESIS
    assert row is not None
    made = entry_hash(previous, evidence.as_mapping(row))
    make_room = [(at, at + 1) for at in range(7, place - 1, -1)]
    seal = {"position": place, "evidence_id": 77, "previous": previous, "hash": made, "sealed_at": NOW}
    await tamper(database, *renumber("evidence_seal", "position", *make_room))
    async with database.write() as tx:
        await tx.run(insert(evidence_seal).values(seal))
    assert await found(database) == (Problem.INSERTED, 77)


async def test_a_second_acknowledgement_is_found(database: Database) -> None:
    campaign_id = await sealed_branch(database)
    async with database.write() as tx:
        await acknowledge(tx, campaign_id, "CU03", LATER)
        await evidence_seals.seal(tx, LATER, 100)
    assert await found(database) == (Problem.DUPLICATE, 8)


# The end of the chain can be cut without a trace in it; what it proved still stands in `study`.


async def test_a_cut_off_end_is_found_by_the_studies_it_proved(database: Database) -> None:
    await sealed_branch(database)
    await tamper(
        database, "DELETE FROM evidence_seal WHERE position > 5", "DELETE FROM evidence WHERE id > 5"
    )
    assert (await verify(database)).finding == Finding(Problem.UNFOUNDED, 6, "TT05")


async def test_a_document_that_was_removed_is_found(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    await sealed_branch(database)
    with sqlite3.connect(parse_url(sqlite_url).database or "") as connection:
        connection.execute("DELETE FROM document_version")
    connection.close()
    finding = (await verify(database)).finding
    assert finding is not None
    assert finding.problem is Problem.DOCUMENT
    await database.close()


async def test_entries_that_wait_for_their_seal_are_counted(database: Database) -> None:
    campaign_id = await sealed_branch(database)
    async with database.write() as tx:
        await acknowledge(tx, campaign_id, "NV10", LATER)
    verdict = await verify(database)
    assert (verdict.ok, verdict.entries, verdict.sealed, verdict.waiting_since) == (True, 8, 7, LATER)


# The chain can't prove this by itself; that is why the command prints the head.


@pytest.fixture
async def kept(database: Database) -> str:
    """The head of a sealed branch, as somebody wrote it down."""
    await sealed_branch(database)
    return (await verify(database)).head


async def with_kept(database: Database, head: str) -> Verdict:
    async with database.read() as tx:
        return await evidence_check.verify(tx, LATER, head)


async def test_a_kept_head_vouches_for_what_was_before_it(database: Database, kept: str) -> None:
    async with database.write() as tx:
        await acknowledge(tx, await chain.campaign(tx, "second"), "NV10", LATER)
        await evidence_seals.seal(tx, LATER, 100)
    verdict = await with_kept(database, kept)
    assert (verdict.ok, verdict.kept, verdict.sealed) == (True, 7, 9)


async def test_a_chain_written_anew_is_told_by_a_head_that_was_kept(database: Database, kept: str) -> None:
    await tamper(database, "UPDATE evidence SET channel = 'x' WHERE id = 7", "DELETE FROM evidence_seal")
    async with database.write() as tx:
        await evidence_seals.seal(tx, LATER, 100)
    assert (await verify(database)).ok
    verdict = await with_kept(database, kept)
    assert verdict.finding == Finding(Problem.REWRITTEN, None, kept)


async def test_a_cut_off_end_is_told_by_a_head_that_was_kept(database: Database, kept: str) -> None:
    await tamper(
        database,
        "DELETE FROM study WHERE evidence_id = 7",
        "DELETE FROM evidence_seal WHERE position = 7",
        "DELETE FROM evidence WHERE id = 7",
    )
    assert (await verify(database)).ok
    verdict = await with_kept(database, kept)
    assert verdict.finding == Finding(Problem.REWRITTEN, None, kept)


async def test_the_head_of_an_empty_chain_is_one_to_keep(database: Database) -> None:
    head = (await verify(database)).head
    assert (await with_kept(database, head)).kept == 0
    await sealed_branch(database)
    assert (await with_kept(database, head)).ok
