"""A case whose time is over, looked for in the raw bytes of all files."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyrage
import pytest
from sqlalchemy import select, text

import storage.database
from handlers.concerns import keeping
from storage.concerns import cases
from storage.concerns.expiry import ExpiryKeys
from storage.database import is_sqlite
from storage.schema.concerns import concern_case, concern_item
from tests.anonymity import searching
from tests.concerns.place import Place, draft
from tests.storage.concerns.filing import file_case

_LONGER_THAN_KEPT = 430
_PIECE, _STEP = 32, 500
_LENGTH = 4
# All age files begin alike.
_HEAD = 200


class Remains:
    """What there was of a case, to look for and to open."""

    def __init__(self, case_id: bytes, items: Sequence[Any]) -> None:
        self.case_id = case_id
        self.wrapped = [bytes(item.sealed) for item in items]
        self._ids = [case_id, *(item.id for item in items)]

    def in_files(self, files: dict[str, bytes]) -> list[str]:
        pieces = [way for each in self._ids for way in searching.of_bytes(each).values()]
        for each in self.wrapped:
            pieces += [each[at : at + _PIECE] for at in range(_HEAD, len(each.rstrip(b"\0")) - _PIECE, _STEP)]
        return sorted({name for name, content in files.items() for piece in pieces if piece in content})

    def is_opened_by(self, identity: pyrage.x25519.Identity) -> bool:
        return any(_opens(identity, each) for each in self.wrapped)


def _opens(identity: pyrage.x25519.Identity, wrapped: bytes) -> bool:
    try:
        pyrage.decrypt(wrapped[_LENGTH : _LENGTH + int.from_bytes(wrapped[:_LENGTH])], [identity])
    except pyrage.DecryptError:
        return False
    return True


async def test_nothing_is_left_that_anybody_can_open(place: Place, tmp_path: Path) -> None:
    over, kept = await _over_and_kept(place)
    key = _identity(tmp_path, await _month(place, over))
    assert over.is_opened_by(key)
    assert over.in_files(await _files(place, tmp_path))
    await _grow_old(place)
    await _forget(place)
    files = await _files(place, tmp_path)
    if is_sqlite(place.database.url):
        assert over.in_files(files) == []
    # What a server's files or a backup hold still opens with no key that is left.
    left = [_identity(path.parents[2], path.stem) for path in (tmp_path / "keys").rglob("*.key")]
    left += [pyrage.x25519.Identity.from_str(each) for each in place.identities.values()]
    assert [each for each in left if over.is_opened_by(each)] == []
    assert str(key).encode() not in b"".join(files.values())
    async with place.database.read() as tx:
        ids = {case.id for case in await cases.listed(tx)}
    assert over.case_id not in ids
    assert kept.case_id in ids


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_log_that_is_kept_is_found_out(place: Place, tmp_path: Path) -> None:
    over, _ = await _over_and_kept(place)
    await _grow_old(place)
    assert over.in_files(await _files(place, tmp_path))


@pytest.fixture
def rows_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not overwritten when they are deleted."""
    pragmas = tuple(
        each.replace("secure_delete = ON", "secure_delete = OFF") for each in storage.database._SQLITE_PRAGMAS
    )
    monkeypatch.setattr(storage.database._prepare, "__defaults__", (pragmas,))


@pytest.mark.usefixtures("rows_left")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_rows_that_are_not_overwritten_are_found_out(place: Place, tmp_path: Path) -> None:
    over, _ = await _over_and_kept(place)
    await _grow_old(place)
    await _forget(place)
    assert over.in_files(await _files(place, tmp_path))


async def test_a_key_that_is_kept_is_found_out(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ExpiryKeys, "destroy", lambda *_rest: None)
    over, _ = await _over_and_kept(place)
    month = await _month(place, over)
    await _grow_old(place)
    assert over.is_opened_by(_identity(tmp_path, month))


async def _over_and_kept(place: Place) -> tuple[Remains, Remains]:
    """A closed case with its answer, and an open one, among others."""
    found = []
    for state in ("closed", "read"):
        done = await place.submit(draft(place.world))
        await place.answer(done.receipt, "Đã xong.")
        case = await place.case_of(done.receipt)
        async with place.database.write() as tx:
            held = await cases.hold(tx, case.id)
            assert held is not None
            await cases.change(tx, held, state=state)
            rows = await tx.all(select(concern_item).where(concern_item.c.case_id == case.id))
        found.append(Remains(case.id, rows))
    for _ in range(5):
        await file_case(
            place.database, place.room.keys, place.world.chance, until=(await _first_month(place))
        )
    return found[0], found[1]


async def _first_month(place: Place) -> Any:
    async with place.database.read() as tx:
        return min(case.destroyed_after for case in await cases.listed(tx))


async def _month(place: Place, remains: Remains) -> str:
    async with place.database.read() as tx:
        case = await cases.by_id(tx, remains.case_id)
    assert case is not None
    return f"{case.destroyed_after:%Y-%m}"


def _identity(folder: Path, month: str) -> pyrage.x25519.Identity:
    path = folder / "keys" / "concerns" / f"{month}.key"
    return pyrage.x25519.Identity.from_str(path.read_text("ascii").strip())


async def _grow_old(place: Place) -> None:
    place.world.clock.forward(days=_LONGER_THAN_KEPT / 2)
    for _ in range(2):
        async with place.database.write() as tx:
            await keeping.renew(place.world.work(tx), place.room.keys, place.room.kept_months)
        async with place.database.write() as tx:
            await keeping.destroy(place.world.work(tx), place.room.keys)
        place.world.clock.forward(days=_LONGER_THAN_KEPT / 2)
    async with place.database.write() as tx:
        await keeping.destroy(place.world.work(tx), place.room.keys)


async def _forget(place: Place) -> None:
    await place.database.forget_earlier(concern_case, concern_item)


async def _files(place: Place, folder: Path) -> dict[str, bytes]:
    """All bytes, of PostgreSQL's folder too."""
    if not is_sqlite(place.database.url):
        async with place.database.read() as tx:
            await tx.run(text("CHECKPOINT"))
            folder = Path(await tx.scalar(text("SHOW data_directory")))
    return await asyncio.to_thread(_read, folder)


def _read(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes().rstrip(b"\0") for path in folder.rglob("*") if path.is_file()}
