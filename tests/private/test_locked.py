"""The database is locked by another program while a private conversation wants to write."""

import sqlite3
from pathlib import Path

import pytest

from storage.sqlite_writer import SqliteWriter
from tests.people import WORKER
from tests.private.note import KEPT, RECEIPT
from tests.storage.snapshot import changes, snapshot
from tests.world import World


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


async def test_whoever_sends_is_told_that_it_was_not_sent_and_the_draft_stays(
    world: World, tmp_path: Path
) -> None:
    """The event isn't brought again: the person presses once more."""
    assert isinstance(world.database._writer, SqliteWriter)
    world.database._writer._patience_s = 0.05
    talk = await world.talk(WORKER)
    await talk.says("/ghi")
    await talk.says(f"{KEPT} chuyện của tôi")
    before = await snapshot(world.database)
    other = sqlite3.connect(tmp_path / "caunoi.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    await talk.taps("Gửi")
    talk.sees("chưa có gì được gửi đi", "vẫn còn đây")
    other.close()
    assert await changes(world.database, before) == {}
    await talk.taps("Gửi")
    talk.sees(RECEIPT)
    assert list(await changes(world.database, before)) == ["union_group"]
