"""With a receipt its writer reads the answers, writes again, and says whether it helped."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update

from handlers.concerns import following
from handlers.concerns.following import Lost
from handlers.concerns.receipts import Keys
from handlers.concerns.submitting import Submitted
from handlers.kit import sealing
from handlers.kit.errors import RefusedError
from storage.concerns import cases, items
from storage.concerns.cases import State
from storage.concerns.items import ItemKind
from storage.database import Transaction
from storage.schema.concerns import concern_item
from tests.concerns.place import Place, draft
from tests.people import LEADER
from tests.storage.snapshot import changes, snapshot

ITEM = b"i" * 16


@pytest.fixture
async def done(place: Place) -> Submitted:
    return await place.submit(draft(place.world))


@pytest.fixture
async def keys(place: Place, done: Submitted) -> Keys:
    return await place.room.derive(done.receipt)


async def _set(place: Place, case_id: bytes, **values: object) -> None:
    async with place.database.write() as tx:
        case = await cases.hold(tx, case_id)
        assert case is not None
        await cases.change(tx, case, **values)


async def test_the_answers_come_in_their_order(place: Place, done: Submitted, keys: Keys) -> None:
    for text in ("Đã chuyển phòng kỹ thuật.", "Quạt mới lắp thứ Hai."):
        await place.answer(done.receipt, text)
    opened = await following.open_case(await place.context(), place.room, keys)
    assert opened is not None
    assert [(each.text, each.by) for each in opened.answers] == [
        ("Đã chuyển phòng kỹ thuật.", "Nguyễn Thị Ánh"),
        ("Quạt mới lắp thứ Hai.", "Nguyễn Thị Ánh"),
    ]


async def test_looking_changes_nothing(place: Place, done: Submitted, keys: Keys) -> None:
    await place.answer(done.receipt, "Đã xong.")
    before = await snapshot(place.database)
    await following.open_case(await place.context(), place.room, keys)
    assert await changes(place.database, before) == {}


async def test_another_receipt_opens_nothing(place: Place, keys: Keys) -> None:
    ctx = await place.context()
    assert await following.open_case(ctx, place.room, Keys(keys.identity_seed, b"x" * 16)) is None


async def _seen(place: Place, keys: Keys) -> list[tuple[str, Lost | None]]:
    opened = await following.open_case(await place.context(), place.room, keys)
    assert opened is not None
    return [(each.text, each.lost) for each in opened.answers]


async def test_what_cannot_be_opened_hides_nothing_else(place: Place, done: Submitted, keys: Keys) -> None:
    for text in ("Đã chuyển phòng kỹ thuật.", "Chờ quạt.", "Quạt mới lắp thứ Hai.", "Xong."):
        await place.answer(done.receipt, text)
    found = [item for item, _ in await place.opened(await place.case_of(done.receipt))][1:]
    gone = date(2026, 1, 1)
    stranger = sealing.identity_from(b"x" * 32)
    not_theirs = sealing.seal_to([sealing.recipient_of(stranger)], sealing.encode({"kind": "answer"}))
    async with place.database.write() as tx:
        await items.reseal(tx, place.room.keys, found[0].id, b"age", until=gone)
        await items.reseal(tx, place.room.keys, found[1].id, not_theirs, until=date(2027, 3, 1))
        spoilt = update(concern_item).where(concern_item.c.id == found[3].id)
        await tx.run(spoilt.values(sealed=bytes(5_000)))
    place.room.keys.destroy(gone)
    assert await _seen(place, keys) == [
        ("", Lost.DESTROYED),
        ("", Lost.DAMAGED),
        ("Quạt mới lắp thứ Hai.", None),
        ("", Lost.DAMAGED),
    ]


async def test_a_case_whose_keys_are_destroyed_is_still_told(
    place: Place, done: Submitted, keys: Keys
) -> None:
    await place.answer(done.receipt, "Đã xong.")
    for month in place.room.keys.months():
        place.room.keys.destroy(month)
    assert await _seen(place, keys) == [("", Lost.DESTROYED)]


async def test_what_is_written_again_is_for_the_readers(place: Place, done: Submitted, keys: Keys) -> None:
    ctx = await place.context()
    await following.write_again(ctx, place.room, keys.case_id, ITEM, "Vẫn chưa thấy ai đến.")
    (_, _), (item, said) = await place.opened(await place.case_of(done.receipt))
    assert (item.id, item.kind, item.number) == (ITEM, ItemKind.REPLY, 2)
    assert said.header["text"] == "Vẫn chưa thấy ai đến."


async def test_what_is_written_again_is_for_those_who_may_read_it_when_it_is_stored(
    place: Place, keys: Keys
) -> None:
    @asynccontextmanager
    async def late() -> AsyncIterator[Transaction]:
        await place.add_reader(LEADER)
        async with place.database.write() as tx:
            yield tx

    ctx = replace(await place.context(), write=late)
    await following.write_again(ctx, place.room, keys.case_id, ITEM, "Vẫn chưa thấy ai đến.")
    async with place.database.read() as tx:
        sealed = await items.sealed(tx, place.room.keys, ITEM)
    assert sealed is not None
    said = sealing.decode(sealing.open_with(place.identities[LEADER], sealed))
    assert said.header["text"] == "Vẫn chưa thấy ai đến."


async def test_the_same_words_are_taken_once(place: Place, done: Submitted, keys: Keys) -> None:
    ctx = await place.context()
    for _ in range(2):
        await following.write_again(ctx, place.room, keys.case_id, ITEM, "Nhắc lại ạ.")
    assert len(await place.opened(await place.case_of(done.receipt))) == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (State.NEW, State.NEW),
        (State.ANSWERED, State.IN_PROGRESS),
        (State.TO_DIALOGUE, State.TO_DIALOGUE),
    ],
)
async def test_an_answered_case_is_under_way_again(
    place: Place, keys: Keys, before: State, after: State
) -> None:
    await _set(place, keys.case_id, state=before.value)
    await following.write_again(await place.context(), place.room, keys.case_id, ITEM, "Còn nữa.")
    async with place.database.read() as tx:
        case = await cases.by_id(tx, keys.case_id)
    assert case is not None
    assert case.state is after


@pytest.mark.parametrize("state", [State.CLOSED, State.DECLINED])
async def test_nothing_is_added_to_a_case_that_is_over(place: Place, keys: Keys, state: State) -> None:
    await _set(place, keys.case_id, state=state.value)
    before = await snapshot(place.database)
    with pytest.raises(RefusedError, match="concerns/over"):
        await following.write_again(await place.context(), place.room, keys.case_id, ITEM, "Còn nữa.")
    assert await changes(place.database, before) == {}


async def test_nothing_is_added_to_a_case_that_is_gone(place: Place) -> None:
    with pytest.raises(RefusedError, match="concerns/gone"):
        await following.write_again(await place.context(), place.room, b"x" * 16, ITEM, "Còn nữa.")


async def test_whether_it_helped_is_kept_without_a_time(place: Place, keys: Keys) -> None:
    ctx = await place.context()
    assert await following.rate(ctx, place.room, keys.case_id, 3)
    assert await following.rate(ctx, place.room, keys.case_id, 1)
    assert not await following.rate(ctx, place.room, b"x" * 16, 1)
    async with place.database.read() as tx:
        case = await cases.by_id(tx, keys.case_id)
    assert case is not None
    assert case.satisfaction == 1
