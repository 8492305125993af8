"""Keys that make what is past its time unreadable everywhere, in backups too.

Each sealed item is wrapped once more, to the key of the month at whose end it is to be destroyed. These keys
are files outside the database, and no backup of the database holds them: once a month's key is gone, nobody
can open what was wrapped to it, whatever copies there are and whoever holds a reader's key.
"""

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pyrage

_ENDING = ".key"
# A copy under another name is nobody's key.
_NAME = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])\.key")
# What overwrites a key before its file goes, and fills up what is wrapped.
_BLANK = b"\0"
# age's files differ by some bytes by chance: what is stored is filled up, so that equal contents look equal.
_STEP = 4_096
_LENGTH = 4


class DestroyedError(Exception):
    """The key was destroyed in its time, or its file is missing."""


class DamagedError(DestroyedError):
    """There is a key, but not the one that was used, or what it was used for was changed."""


class ExpiryKeys:
    """The keys in `folder`, one file a month, such as `2027-11.key`: an age identity each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[date, pyrage.x25519.Identity] = {}

    def wrap(self, month: date, sealed: bytes) -> bytes:
        """`sealed` under the key of `month`, which is made when it isn't there yet; OSError when it can't
        be.
        """
        wrapped = pyrage.encrypt(sealed, [self._make_or_load(month).to_public()])
        whole = len(wrapped).to_bytes(_LENGTH) + wrapped
        return whole.ljust(-(-len(whole) // _STEP) * _STEP, _BLANK)

    def unwrap(self, month: date, wrapped: bytes) -> bytes:
        """DestroyedError when there is no key; DamagedError when the one there is doesn't open it."""
        end = _LENGTH + int.from_bytes(wrapped[:_LENGTH])
        try:
            return pyrage.decrypt(wrapped[_LENGTH:end], [self._load(month)])
        except pyrage.DecryptError as error:
            raise DamagedError from error

    def make_ready(self, months: Iterable[date]) -> None:
        """Make the keys that will be asked for, where there are none, and read all that there are: made or
        read when a case comes, a file would tell by its times when that was. OSError when it can't be done.
        """
        for month in months:
            if not self._path(month).exists():
                self._make(month)
        for month in self.months():
            with suppress(DestroyedError):
                self._load(month)

    def months(self) -> list[date]:
        """The months whose keys there are, the earliest first."""
        names = (match for path in self._folder.glob(f"*{_ENDING}") if (match := _NAME.fullmatch(path.name)))
        return sorted(date(int(name[1]), int(name[2]), 1) for name in names)

    def destroy(self, month: date) -> None:
        """Overwrite the key and delete its file; it is gone when this returns."""
        self._known.pop(month, None)
        path = self._path(month)
        with path.open("r+b") as file:
            file.write(_BLANK * path.stat().st_size)
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        self._sync_folder()

    def _make_or_load(self, month: date) -> pyrage.x25519.Identity:
        if not self._path(month).exists():
            self._make(month)
        return self._load(month)

    def _make(self, month: date) -> None:
        """Written whole or not at all, and never over one that another program has just made."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = self._path(month).with_suffix(f".{os.getpid()}")
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123 - from a descriptor
            file.write(f"{pyrage.x25519.Identity.generate()}\n".encode())
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            self._path(month).hardlink_to(new)
        new.unlink()
        self._sync_folder()

    def _load(self, month: date) -> pyrage.x25519.Identity:
        if month not in self._known:
            try:
                text = self._path(month).read_text("ascii").strip()
                self._known[month] = pyrage.x25519.Identity.from_str(text)
            except (FileNotFoundError, UnicodeDecodeError, pyrage.IdentityError) as error:
                raise DestroyedError from error
        return self._known[month]

    def _path(self, month: date) -> Path:
        return self._folder / f"{month:%Y-%m}{_ENDING}"

    def _sync_folder(self) -> None:
        """Names of files are on the disk too only after this."""
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
