"""Keys of months, as files: made once, private, and gone when they are destroyed."""

from datetime import date
from pathlib import Path

import pyrage
import pytest

from storage.concerns.expiry import DestroyedError, ExpiryKeys

MARCH, APRIL = date(2027, 3, 1), date(2027, 4, 1)


def test_what_is_wrapped_can_be_unwrapped_until_its_key_is_destroyed(keys: ExpiryKeys) -> None:
    march, april = keys.wrap(MARCH, b"a"), keys.wrap(APRIL, b"b")
    keys.destroy(MARCH)
    assert keys.unwrap(APRIL, april) == b"b"
    with pytest.raises(DestroyedError):
        keys.unwrap(MARCH, march)
    assert keys.months() == [APRIL]


def test_a_new_key_of_a_destroyed_month_opens_nothing_old(keys: ExpiryKeys) -> None:
    old = keys.wrap(MARCH, b"a")
    keys.destroy(MARCH)
    keys.wrap(MARCH, b"b")
    with pytest.raises(DestroyedError):
        keys.unwrap(MARCH, old)


def test_another_program_with_the_same_folder_has_the_same_keys(keys: ExpiryKeys, tmp_path: Path) -> None:
    other = ExpiryKeys(tmp_path / "keys")
    assert other.unwrap(MARCH, keys.wrap(MARCH, b"a")) == b"a"
    assert keys.unwrap(MARCH, other.wrap(MARCH, b"b")) == b"b"


def test_a_key_that_another_program_made_meanwhile_is_taken(keys: ExpiryKeys, tmp_path: Path) -> None:
    """Between looking for the file and making it."""
    theirs = ExpiryKeys(tmp_path / "theirs")
    sealed = theirs.wrap(MARCH, b"a")
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "2027-03.key").write_bytes((tmp_path / "theirs" / "2027-03.key").read_bytes())
    keys._make(MARCH)
    assert keys.unwrap(MARCH, sealed) == b"a"
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["2027-03.key"]


def test_only_their_owner_reads_the_files(keys: ExpiryKeys, tmp_path: Path) -> None:
    keys.wrap(MARCH, b"a")
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "keys" / "2027-03.key").stat().st_mode & 0o777 == 0o600


def test_a_key_file_is_an_age_identity(keys: ExpiryKeys, tmp_path: Path) -> None:
    wrapped = keys.wrap(MARCH, b"a")
    identity = pyrage.x25519.Identity.from_str((tmp_path / "keys" / "2027-03.key").read_text().strip())
    length = int.from_bytes(wrapped[:4])
    assert pyrage.decrypt(wrapped[4 : 4 + length], [identity]) == b"a"
    assert set(wrapped[4 + length :]) <= {0}


def test_a_damaged_key_file_is_told_as_one_that_is_gone(keys: ExpiryKeys, tmp_path: Path) -> None:
    wrapped = keys.wrap(MARCH, b"a")
    (tmp_path / "keys" / "2027-03.key").write_bytes(b"\xff rubbish")
    with pytest.raises(DestroyedError):
        ExpiryKeys(tmp_path / "keys").unwrap(MARCH, wrapped)


def test_the_disk_holds_no_key_that_was_destroyed(keys: ExpiryKeys, tmp_path: Path) -> None:
    """Another name of the same file shows that it was overwritten before its name went."""
    keys.wrap(MARCH, b"a")
    path = tmp_path / "keys" / "2027-03.key"
    secret = path.read_bytes().strip()
    (tmp_path / "kept").hardlink_to(path)
    keys.destroy(MARCH)
    assert secret not in (tmp_path / "kept").read_bytes()


def test_keys_that_are_ready_are_neither_made_nor_read_when_a_case_comes(
    keys: ExpiryKeys, tmp_path: Path
) -> None:
    """Not even one that is damaged stands in the way of the others."""
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "2027-02.key").write_bytes(b"rubbish")
    keys.make_ready([MARCH, APRIL])
    secret = (tmp_path / "keys" / "2027-03.key").read_text()
    keys.make_ready([MARCH, APRIL])
    (tmp_path / "keys" / "2027-03.key").write_text("rubbish")
    wrapped = keys.wrap(MARCH, b"a")
    (tmp_path / "keys" / "2027-03.key").write_text(secret)
    assert ExpiryKeys(tmp_path / "keys").unwrap(MARCH, wrapped) == b"a"


def test_other_files_are_no_months(keys: ExpiryKeys, tmp_path: Path) -> None:
    keys.wrap(MARCH, b"a")
    for name in ("2027-03 (1).key", "2027-13.key", "notes.key"):
        (tmp_path / "keys" / name).touch()
    assert keys.months() == [MARCH]


def test_no_folder_is_no_months(keys: ExpiryKeys) -> None:
    assert keys.months() == []
