"""A concern is stored sealed, for its readers alone, and nothing beside it tells who wrote it or when."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from handlers.concerns import submitting
from handlers.concerns.rules import DraftFile
from handlers.concerns.writing import Writing
from handlers.kit import sealing
from handlers.kit.channel import Unreachable
from handlers.kit.errors import RefusedError
from handlers.kit.incoming import Incoming, Kind
from storage.concerns import cases, readers
from storage.concerns.cases import State
from storage.concerns.items import ItemKind
from storage.database import StorageUnavailableError, Transaction
from storage.schema.concerns import concern_item
from tests.concerns.place import Place, draft
from tests.people import COMMITTEE, LEADER, WORKER
from tests.storage.snapshot import changes, snapshot
from tests.world import World

PICTURE = DraftFile("tep-1.png", "image/png", b"\x89PNG and so on")


async def test_its_readers_read_it_and_nobody_else(place: Place) -> None:
    await place.add_reader(COMMITTEE)
    done = await place.submit(replace(draft(place.world), files=(PICTURE,)))
    case = await place.case_of(done.receipt)
    for code in place.identities:
        (concern, said), (file, content) = await place.opened(case, code)
        assert (concern.kind, file.kind) == (ItemKind.CONCERN, ItemKind.FILE)
        assert said.header["text"] == "Quạt ở xưởng hai hỏng đã một tháng."
        assert said.header["category"] == "safety"
        assert said.header["files"] == [{"name": "tep-1.png", "mime": "image/png", "size": 14}]
        assert content.body == PICTURE.content
    place.identities["nobody"] = sealing.identity_from(b"x" * 32)
    with pytest.raises(sealing.SealingError):
        await place.opened(case, "nobody")


async def test_who_is_removed_while_it_is_sent_cannot_read_it_and_who_is_let_in_can(place: Place) -> None:
    await place.add_reader(COMMITTEE)

    @asynccontextmanager
    async def late() -> AsyncIterator[Transaction]:
        async with place.database.write() as tx:
            gone = next(each for each in await readers.listed(tx) if each.recipient == removed)
            await readers.remove(tx, gone.id, place.world.clock.now())
        await place.add_reader(LEADER)
        async with place.database.write() as tx:
            yield tx

    removed = sealing.recipient_of(place.identities[COMMITTEE])
    ctx = replace(await place.context(), write=late)
    done = await submitting.submit(ctx, place.room, draft(place.world))
    [(_, said)] = await place.opened(await place.case_of(done.receipt), LEADER)
    assert said.header["text"] == "Quạt ở xưởng hai hỏng đã một tháng."
    with pytest.raises(sealing.SealingError):
        await place.opened(await place.case_of(done.receipt), COMMITTEE)


async def test_only_a_week_is_kept_and_the_day_an_answer_is_due(place: Place) -> None:
    done = await place.submit(draft(place.world))
    case = await place.case_of(done.receipt)
    assert (case.week, case.state, case.category) == (date(2026, 3, 2), State.NEW, "safety")
    assert case.due_on == done.due_on == date(2026, 3, 13)
    assert date(2027, 3, 1) <= case.destroyed_after <= date(2027, 4, 1)


async def test_the_month_tells_no_more_than_the_week(place: Place) -> None:
    """In a week that lies in two months, too: by a month of its own, each half could be told."""
    months: dict[int, set[date]] = {}
    place.world.clock.forward(days=28)
    for day in (30, 31, 1):
        assert place.world.clock.now().day == day
        for _ in range(8):
            case = await place.case_of((await place.submit(draft(place.world))).receipt)
            assert case.week == date(2026, 3, 30)
            months.setdefault(day, set()).add(case.destroyed_after)
        place.world.clock.forward(days=1)
    assert months[30] == months[31] == months[1]


async def test_stored_without_a_word_of_it_the_next_press_hands_out_the_receipt(place: Place) -> None:
    """The connection broke off while the transaction was being committed: nobody was told that it was."""
    written = draft(place.world)
    done = await place.submit(written)
    before = await snapshot(place.database)
    assert await place.submit(written) == done
    assert await changes(place.database, before) == {}


async def test_nothing_else_changes_in_the_database(place: Place) -> None:
    before = await snapshot(place.database)
    await place.submit(draft(place.world))
    assert set(await changes(place.database, before)) == {"concern_case", "concern_item"}
    assert place.stored == [None]


async def test_what_was_handed_in_can_be_told_by_its_secret(place: Place) -> None:
    """After a kill between storing and answering, the same button leads to the same receipt."""
    written = draft(place.world)
    ctx = await place.context()
    assert await submitting.submitted(ctx, place.room, written.secret) is None
    done = await place.submit(written)
    assert await submitting.submitted(ctx, place.room, written.secret) == done


async def test_without_readers_nothing_is_stored(place: Place) -> None:
    async with place.database.write() as tx:
        await readers.remove(tx, 1, place.world.clock.now())
    before = await snapshot(place.database)
    with pytest.raises(RefusedError, match="concerns/no_readers"):
        await place.submit(draft(place.world))
    assert await changes(place.database, before) == {}
    assert place.stored == []


async def test_ten_and_two_thousand_characters_look_alike(place: Place) -> None:
    sizes = set()
    for text in ("ngắn thôi!", "dài " * 500, "😀" * 4_000, '"\\' * 2_000):
        done = await place.submit(draft(place.world, text))
        case = await place.case_of(done.receipt)
        async with place.database.read() as tx:
            stored = select(concern_item.c.sealed).where(concern_item.c.case_id == case.id)
            sizes.add(len(await tx.scalar(stored)))
    assert sizes == {24 * 1024}


async def test_what_could_not_be_stored_left_nothing(place: Place, branch_world: World) -> None:
    before = await snapshot(place.database)
    ctx = await place.context()

    def refuse() -> AbstractAsyncContextManager[Transaction]:
        raise StorageUnavailableError("locked")

    with pytest.raises(StorageUnavailableError):
        await submitting.submit(replace(ctx, write=refuse), place.room, draft(branch_world))
    assert await changes(place.database, before) == {}
    async with place.database.read() as tx:
        assert await cases.listed(tx) == []


async def test_a_receipt_that_got_lost_on_the_way_is_shown_by_the_same_button(place: Place) -> None:
    """The messages of the conversation stay in the chat until what is said at its end has arrived."""
    worker = await place.world.talk(WORKER)
    await worker.says("/kiennghi")
    await worker.taps("An toàn lao động")
    await worker.says("Quạt hỏng.")
    button = next(
        (message, payload)
        for message in worker.all
        for label, payload in message.buttons
        if "Gửi kín" in label
    )
    place.world.channel.receipts = [Unreachable("gone")]
    with pytest.raises(AssertionError, match="silence"):
        await worker.presses(*button)
    assert button[0] in worker.all
    await worker.presses(*button)
    worker.sees("Mã tra cứu")
    async with place.database.read() as tx:
        assert len(await cases.listed(tx)) == 1


async def test_the_receipt_is_not_missed_by_whoever_looks_away(place: Place) -> None:
    """Neither the first time nor when it is asked for again."""
    written = draft(place.world)
    pressed = Incoming("direct", "e", "a", Kind.PRESS)
    for held in (written, None):
        ctx = await place.context(draft=held, press=written.secret.hex())
        assert (await Writing(place.room).send(pressed, ctx)).waits
