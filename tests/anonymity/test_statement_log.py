"""What PostgreSQL's own log tells of a concern: nothing by default; with all statements, when it came."""

from pathlib import Path

import pytest
from sqlalchemy import text

from handlers.concerns import following
from storage.database import Database
from tests.anonymity import searching
from tests.concerns.place import Place, draft

TEXT = "Máy dập số ba không có che chắn 4711"


@pytest.fixture
def database_url(postgres_url: str) -> str:
    return postgres_url


@pytest.fixture
async def log(place: Place) -> Path:
    async with place.database.read() as tx:
        return Path(await tx.scalar(text("SHOW data_directory"))) / "log"


async def test_by_default_it_tells_nothing(place: Place, log: Path) -> None:
    before = _read(log)
    await _hand_in(place)
    assert b"concern" not in _read(log)[len(before) :]


async def test_with_all_statements_it_tells_when_and_which_case_but_no_word(place: Place, log: Path) -> None:
    await _set(place.database, "log_statement = 'all'")
    case_id = await _hand_in(place)
    content = _read(log)
    assert case_id.hex().encode() in content
    assert searching.found({"log": content}, TEXT) == []


async def test_without_parameters_it_tells_only_when(place: Place, log: Path) -> None:
    await _set(place.database, "log_statement = 'all'")
    await _set(place.database, "log_parameter_max_length = 0")
    before = _read(log)
    case_id = await _hand_in(place)
    content = _read(log)[len(before) :]
    assert b"INSERT INTO concern_case" in content
    assert case_id.hex().encode() not in content


def _read(log: Path) -> bytes:
    return log.read_bytes()


async def _set(database: Database, setting: str) -> None:
    """For the connection that writes, which is kept; only who runs the server may do it."""
    async with database.write() as tx:
        await tx.run(text(f"SET {setting}"))


async def _hand_in(place: Place) -> bytes:
    """A concern, and more of it later."""
    done = await place.submit(draft(place.world, TEXT))
    keys = await place.room.derive(done.receipt)
    await following.write_again(await place.context(), place.room, keys.case_id, b"i" * 16, TEXT)
    return keys.case_id
