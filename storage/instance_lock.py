"""One running program for each SQLite file: the second says so and stops.

On PostgreSQL the others stand by (`storage.sender_leases`).
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.database import is_sqlite, parse_url


class AlreadyRunningError(Exception):
    """Another process runs on this database."""


@contextmanager
def only_instance(url_text: str) -> Iterator[None]:
    """Hold the file's lock; it ends with the process, however that dies."""
    url = parse_url(url_text)
    if not is_sqlite(url):
        yield
        return
    path = Path(f"{url.database}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(file)
        raise AlreadyRunningError from error
    try:
        yield
    finally:
        os.close(file)
