"""Killed at any moment: who was shown a receipt lost nothing, and whoever presses again sends nothing twice."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from handlers.concerns.receipts import Receipt
from storage.concerns import cases, items
from tests.anonymity.browser import Browser
from tests.anonymity.instance import READER, Instance, instance
from tests.anonymity.life import PHRASE, TELEGRAM, WEB, WEB_WORKER, Line, line_of, receipt_on, send, write
from tests.people import WORKER
from handlers.kit import sealing

pytestmark = pytest.mark.kill
BUTTON = "Gửi kín"
NOT_SENT = "Chưa có gì được gửi"
PEOPLE = {WORKER: TELEGRAM, WEB_WORKER: WEB}


async def test_whatever_the_moment_nothing_is_lost_or_doubled(tmp_path: Path, database_url: str) -> None:
    """Before the commit, right after it, and after the receipt was shown; pressed again each time."""
    async with instance(tmp_path, database_url) as place:
        kept: list[Receipt] = []
        for code, channel in PEOPLE.items():
            line = await line_of(place, code, channel)
            await _dies(place, line, "dies_before_storing", shows=NOT_SENT)
            assert await _texts(place) == {PHRASE: len(kept)}
            await _dies(place, line, "dies_after_storing", shows="Mã tra cứu")
            kept.append(receipt_on(line))
            assert await _texts(place) == {PHRASE: len(kept)}
            kept.append(await _killed_with_receipt(place, line))
            assert await _texts(place) == {PHRASE: len(kept)}
        for receipt in kept:
            await _finds(line, receipt)
        await place.stop()


async def _dies(place: Instance, line: Line, how: str, *, shows: str) -> None:
    """What the button shows after the next start that was pressed when the program died."""
    await _start(place, how)
    await write(line, PHRASE)
    payload = line.payload(BUTTON)
    await _press_in_vain(place, line, payload)
    await _start(place)
    await _press_again(line, payload, shows)
