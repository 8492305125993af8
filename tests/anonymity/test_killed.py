"""Killed at any moment: who was shown a receipt lost nothing, and who presses again sends nothing twice."""

from pathlib import Path

import pytest

from handlers.concerns.receipts import Receipt
from handlers.kit import sealing
from storage.concerns import items
from storage.concerns.items import ItemKind
from tests.anonymity.instance import READER, Instance, instance
from tests.anonymity.life import PHRASE, WEB, WEB_WORKER, Line, line_of, lines_of, receipt_on, send, write
from tests.anonymity.marks import ALWAYS
from tests.anonymity.zalo_phone import ZaloPhone
from tests.storage.snapshot import changes, snapshot

pytestmark = pytest.mark.kill
BUTTON, RECEIPT = "Gửi kín", "Mã tra cứu"
NOT_SENT, NOT_FOUND = "Chưa có gì được gửi", "không có hồ sơ nào"
NOBODY_KNOWS = "không ai biết tin đã tới nơi hay chưa"


async def test_nothing_is_lost_or_doubled(tmp_path: Path, database_url: str) -> None:
    async with instance(tmp_path, database_url) as place:
        phone, browser, zalo = await lines_of(place)
        await _start(place, "dies_before_storing")
        await _die(place, phone, browser, zalo)
        await _start(place, "dies_after_storing")
        for line in (phone, browser):
            await line.comes_back(sees=NOT_SENT)
        await zalo.comes_back(sees=NOBODY_KNOWS)
        assert await _stored(place) == []
        kept = []
        for line in (phone, browser):
            await _die(place, line)
            await _start(place, "dies_after_storing")
            await line.comes_back(sees=RECEIPT)
            kept.append(receipt_on(line))
        await _die(place, zalo)
        await _start(place)
        await _is_told_what_is_known(place, zalo)
        assert await _stored(place) == [PHRASE] * 3
        kept += await _killed_when_shown(place, zalo, phone, browser)
        assert await _stored(place) == [PHRASE] * 6
        assert len(set(kept)) == 5
        for line, receipt in zip((phone, browser, zalo, phone, browser), kept, strict=True):
            await _look_up(line, receipt.folded, sees="Hồ sơ gửi tuần")
            await line.says("/huy", sees="Đã bỏ")


async def test_a_receipt_shown_too_early_is_found_out(tmp_path: Path, sqlite_url: str) -> None:
    async with instance(tmp_path, sqlite_url) as place:
        lines = await lines_of(place)
        await _start(place, "receipt_before_storing")
        for line in lines:
            await write(line, PHRASE)
        receipts = [await send(line) for line in lines]
        await place.program.kill()
        await _start(place)
        for line, receipt in zip(lines, receipts, strict=True):
            await _look_up(line, receipt.folded, sees=NOT_FOUND)


async def test_who_is_wrongly_told_that_nothing_was_sent_is_found_out(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with instance(tmp_path, sqlite_url) as place:
        browser = await line_of(place, WEB_WORKER, WEB)
        await _start(place, "dies_after_storing")
        await _die(place, browser)
        await _start(place, "never_found_again")
        await browser.comes_back(sees=NOT_SENT)
        assert await _stored(place) == [PHRASE]


async def _start(place: Instance, *how: str) -> None:
    """It is killed if it works still."""
    await place.program.end()
    place.alter(*how)
    await place.start()


async def _die(place: Instance, *lines: Line) -> None:
    """All have written; the program dies at the first one's press, and the others press in vain."""
    for line in lines:
        await write(line, PHRASE)
    for line in lines:
        await line.presses_in_vain(line.payload(BUTTON), place.program.died)


async def _killed_when_shown(place: Instance, *lines: Line) -> list[Receipt]:
    """The receipts; after the next start each is shown again to whoever presses a button once more."""
    for line in lines:
        await write(line, PHRASE)
    payloads = [line.payload(BUTTON) for line in lines]
    receipts = [await send(line) for line in lines]
    await _start(place)
    for line, payload, receipt in zip(lines, payloads, receipts, strict=True):
        if isinstance(line, ZaloPhone):
            await line.presses(payload, sees=NOBODY_KNOWS)
        else:
            await line.presses(payload, sees=RECEIPT)
        assert receipt_on(line) == receipt
    return receipts


async def _is_told_what_is_known(place: Instance, line: Line) -> None:
    """A letter carries no receipt: nobody can tell whether it was sent, and nothing is kept of the asking."""
    before = await snapshot(place.database)
    await line.comes_back(sees=NOBODY_KNOWS)
    assert RECEIPT not in line.text
    assert set(await changes(place.database, before)) <= ALWAYS


async def _look_up(line: Line, words: str, sees: str) -> None:
    await line.says("/tracuu", sees="8 từ")
    await line.says(words, sees=sees)


async def _stored(place: Instance) -> list[str]:
    """The words of all concerns, as their reader reads them."""
    async with place.database.read() as tx:
        found = await items.of_kind(tx, ItemKind.CONCERN)
        sealed = [await items.sealed(tx, place.keys, item.id) for item in found]
    return [
        sealing.decode(sealing.open_with(READER, each)).header["text"] for each in sealed if each is not None
    ]
