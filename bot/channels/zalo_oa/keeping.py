"""The pair of tokens on the disk: written whole or not at all, by one program at a time, for its owner alone.

Why it is a file, and what a kill at each instant leaves, says decision 52.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import msgspec

# Room that a new pair is sure to find: it is taken before Zalo is asked.
ROOM = 16 * 1024
_LOCK_EVERY_S = 0.05
_LONG_AGO = datetime.fromtimestamp(0, UTC)


class LockedError(Exception):
    """Another program has been renewing the pair all the time."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The latest pair; its tokens are empty where there never was one. Times are in UTC.

    From `due` on the access token is to be renewed; from `ends` on Zalo doesn't take it.
    """

    access: str = field(default="", repr=False)
    refresh: str = field(default="", repr=False)
    due: datetime = _LONG_AGO
    ends: datetime = _LONG_AGO
    # Fingerprints of the operator's tokens that became pairs, and of questions that Zalo refused.
    seeds: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


_decoder = msgspec.json.Decoder(Kept)


def fingerprint(*words: str) -> str:
    """Tells them from others without telling them."""
    return sha256("\0".join(words).encode()).hexdigest()


class Keeping:
    """The pair in `folder`, which need not be there yet. Everything but `read` belongs inside `locked`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / "tokens.json"
        self._draft = folder / "tokens.new"

    def read(self) -> Kept:
        """What is kept; nothing where there is no file, or one that isn't ours. OSError when it can't be
        read.
        """
        try:
            return _decoder.decode(self._path.read_bytes())
        except (FileNotFoundError, ValueError):
            return Kept()

    @contextmanager
    def locked(self, patience_s: float) -> Iterator[None]:
        """Hold the lock, which ends with the process; LockedError when it isn't free in time."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(file, time.monotonic() + patience_s)
            yield
        finally:
            os.close(file)

    def settle(self) -> None:
        """Put a pair in its place that another program had written when it was killed."""
        with suppress(FileNotFoundError, ValueError):
            _decoder.decode(self._draft.read_bytes())
            self._put_in_place()

    def prepare(self) -> None:
        """Make sure that a new pair can be written. OSError when it can't be: nothing is lost yet."""
        self._fill(b"")

    def write(self, kept: Kept) -> None:
        """On the disk when this returns, in the room of `prepare`."""
        self._fill(msgspec.json.encode(kept))
        self._put_in_place()

    def _fill(self, content: bytes) -> None:
        """The draft with this content and blanks behind it; what stood there is overwritten in place."""
        with open(os.open(self._draft, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:  # noqa: PTH123 - from a descriptor
            file.write(content.ljust(ROOM))
            file.truncate()
            file.flush()
            os.fsync(file.fileno())

    def _put_in_place(self) -> None:
        self._draft.replace(self._path)
        # Names of files are on the disk too only after this.
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _lock(file: int, until: float) -> None:
    while True:
        with suppress(BlockingIOError):
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if time.monotonic() > until:
            raise LockedError
        time.sleep(_LOCK_EVERY_S)
