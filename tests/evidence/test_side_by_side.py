"""The daily round and an export at the same moment, each a program of its own, as on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from handlers.evidence import actions, tree
from handlers.evidence.archive import Trusted, check_archive
from storage import evidence, evidence_heads, evidence_seals
from storage.database import Database, open_database
from storage.evidence_check import Verdict
from storage.schema.evidence import evidence_key
from tests.evidence.archives import CODES, Book, book


@pytest.fixture
async def both(database: Database, database_url: str, tmp_path: Path) -> AsyncIterator[tuple[Book, Book]]:
    """Two programs with the same database and the same folder of keys."""
    other = open_database(database_url)
    first = book(database, tmp_path)
    yield first, book(other, tmp_path, first.world.clock)
    await other.close()


async def verify(branch: Book) -> Verdict:
    async with branch.world.database.read() as tx:
        return await actions.verify(branch.world.work(tx))


async def test_two_make_one_head_by_one_key(both: tuple[Book, Book], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_heads, "LOWEST", 1)
    monkeypatch.setattr(tree, "_BLOCK", 2)
    monkeypatch.setattr(tree, "STEP", 4)
    one, other = both
    for _ in range(3):
        await one.grow(*CODES[:7])
        made = await asyncio.gather(*(each.rounds.make() for each in (one, other, one, other)))
        assert len(set(made)) == 1
    async with one.world.database.read() as tx:
        assert await tx.scalar(select(func.count()).select_from(evidence_key)) == 1
    assert (await verify(one)).ok


async def test_people_go_on_while_an_archive_is_written(both: tuple[Book, Book], tmp_path: Path) -> None:
    one, other = both
    await one.grow(*CODES[:7])
    other.campaigns = one.campaigns
    path, *_ = await asyncio.gather(one.export(tmp_path / "a.zip"), other.grow(*CODES), other.rounds.make())
    assert check_archive(path, Trusted(await one.public())).head.size >= 8


async def test_two_seal_each_entry_once(both: tuple[Book, Book]) -> None:
    one, other = both
    for _ in range(3):
        await one.enter(*CODES[:7])
        await asyncio.gather(*(each.seal() for each in (one, other, one, other)))
    async with one.world.database.read() as tx:
        assert await evidence_seals.sealed(tx) == await evidence.count(tx) == 24
    assert (await verify(one)).ok
