"""Whatever goes wrong: who sends is told that it was not sent, and nothing of it stands in a file."""

import asyncio
import json
import resource
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from storage.concerns import cases
from storage.database import is_sqlite
from tests.anonymity import searching
from tests.anonymity.instance import Instance, instance
from tests.anonymity.life import PHRASE, TELEGRAM, WEB, WEB_WORKER, Line, line_of, send, write
from tests.doubles.telegram.person import PIXEL
from tests.people import WORKER
from tests.storage.snapshot import snapshot

pytestmark = pytest.mark.kill
PEOPLE = {TELEGRAM: WORKER, WEB: WEB_WORKER}
