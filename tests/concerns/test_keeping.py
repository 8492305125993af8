"""What is open is kept, what is over is destroyed in its time, in copies too."""

from datetime import UTC, date, datetime, timedelta

import pytest

from handlers.concerns import following, keeping
from handlers.concerns.receipts import Receipt
from storage.concerns import cases, items
from storage.concerns.cases import State
from storage.concerns.expiry import DestroyedError
from tests.concerns.place import Place, draft
from tests.storage.snapshot import changes, snapshot

MONTHS_APART = timedelta(days=31)


async def _keep(place: Place) -> tuple[int, int]:
    """How many cases were renewed, and how many months destroyed."""
    async with place.database.write() as tx:
        renewed = await keeping.renew(place.world.work(tx), place.room.keys, place.room.kept_months)
    return renewed, len(await _destroy(place))


async def _destroy(place: Place) -> list[date]:
    months = []
    async with place.database.write() as tx:
        while month := await keeping.destroy(place.world.work(tx), place.room.keys):
            months.append(month)
    return months


async def _close(place: Place) -> int:
    async with place.database.write() as tx:
        return await keeping.close(place.world.work(tx), place.room.close_weeks, place.room.kept_months)


async def _set(place: Place, receipt: Receipt, **values: object) -> None:
    async with place.database.write() as tx:
        await cases.change(tx, await place.case_of(receipt), **values)


async def test_an_open_case_outlives_its_first_months(place: Place) -> None:
    done = await place.submit(draft(place.world))
    await place.answer(done.receipt, "Đang làm.")
    for _ in range(30):
        place.world.clock.forward(days=31)
        await _keep(place)
    keys = await place.room.derive(done.receipt)
    opened = await following.open_case(await place.context(), place.room, keys)
    assert opened is not None
    assert [each.text for each in opened.answers] == ["Đang làm."]
    assert len(place.room.keys.months()) <= place.room.kept_months + 3


async def test_a_closed_case_is_kept_for_a_year_at_least_and_destroyed_soon_after(place: Place) -> None:
    done = await place.submit(draft(place.world))
    place.world.clock.forward(days=200)
    await _keep(place)
    await place.answer(done.receipt, "Đã xong.")
    case = await place.case_of(done.receipt)
    async with place.database.write() as tx:
        await cases.change(tx, case, state="closed")
    months = 0
    while await _exists(place, case.id):
        place.world.clock.forward(days=30.5)
        await _keep(place)
        months += 1
    assert 12 <= months <= 15


async def _exists(place: Place, case_id: bytes) -> bool:
    async with place.database.read() as tx:
        return await cases.by_id(tx, case_id) is not None


async def test_a_copy_of_the_database_opens_for_nobody_after_that(place: Place) -> None:
    """Not even with a reader's key, and whatever the rows say: only the months' keys are gone."""
    done = await place.submit(draft(place.world))
    case = await place.case_of(done.receipt)
    [item] = [item for item, _ in await place.opened(case)]
    async with place.database.write() as tx:
        await cases.change(tx, case, state="closed")
    place.world.clock.forward(days=500)
    assert case.destroyed_after in await _destroy(place)
    assert not await _exists(place, case.id)
    async with place.database.write() as tx:
        # What a backup would bring back.
        await cases.add(
            tx, cases.NewCase(case.id, case.week, case.category, case.due_on, case.destroyed_after)
        )
    async with place.database.read() as tx:
        assert await items.sealed(tx, place.room.keys, item.id) is None
    with pytest.raises(DestroyedError):
        place.room.keys.unwrap(case.destroyed_after, b"")


async def test_what_no_key_opens_any_more_holds_up_nothing(place: Place) -> None:
    """As after a backup was brought back, which never holds the keys: the others are renewed, it goes in its
    time.
    """
    lost = await place.case_of((await place.submit(draft(place.world))).receipt)
    place.world.clock.forward(days=93)
    kept = await place.case_of((await place.submit(draft(place.world))).receipt)
    place.room.keys.destroy(lost.destroyed_after)
    for _ in range(14):
        place.world.clock.forward(days=31)
        await _keep(place)
    assert not await _exists(place, lost.id)
    [(_, said)] = await place.opened(kept)
    assert said.header["text"] == draft(place.world).text


async def test_every_key_that_a_case_may_need_is_there_before_it_comes(place: Place) -> None:
    """Also in the next month, until it is looked for again."""
    keys, clock = place.room.keys, place.world.clock
    keeping.make_ready(clock.now().date(), keys, place.room.kept_months)
    made = keys.months()
    for days in (0, 31):
        clock.forward(days=days)
        for _ in range(6):
            await place.submit(draft(place.world))
    assert keys.months() == made


async def test_nothing_to_do_changes_nothing(place: Place) -> None:
    await place.submit(draft(place.world))
    before = await snapshot(place.database)
    assert await _keep(place) == (0, 0)
    assert await changes(place.database, before) == {}


async def test_months_go_one_at_a_time_the_earliest_first(place: Place) -> None:
    """And of cases only those whose month went: should the clock be wrong, the others are still there."""
    first = await place.case_of((await place.submit(draft(place.world))).receipt)
    place.world.clock.forward(days=93)
    later = await place.case_of((await place.submit(draft(place.world))).receipt)
    place.world.clock.forward(days=900)
    async with place.database.write() as tx:
        assert await keeping.destroy(place.world.work(tx), place.room.keys) == first.destroyed_after
    assert not await _exists(place, first.id)
    assert await _exists(place, later.id)
    assert len(await place.opened(later)) == 1


async def test_an_answered_case_closes_when_nobody_writes_for_six_weeks(place: Place) -> None:
    done = await place.submit(draft(place.world))
    place.world.clock.forward(days=3)
    await place.answer(done.receipt, "Tuần sau có quạt mới.")
    keys = await place.room.derive(done.receipt)
    opened = await following.open_case(await place.context(), place.room, keys)
    assert opened is not None
    assert opened.closes_on == date(2026, 4, 20)
    place.world.clock.set(datetime(2026, 4, 19, 12, tzinfo=UTC))
    assert await _close(place) == 0
    place.world.clock.forward(days=1)
    assert await _close(place) == 1
    assert (await place.case_of(done.receipt)).state is State.CLOSED


async def test_who_writes_again_keeps_it_open(place: Place) -> None:
    """What is under way stays, however long nobody answers."""
    done = await place.submit(draft(place.world))
    await place.answer(done.receipt, "Tuần sau có quạt mới.")
    place.world.clock.forward(days=40)
    case = await place.case_of(done.receipt)
    await following.write_again(await place.context(), place.room, case.id, bytes(16), "Vẫn chưa có ạ.")
    place.world.clock.forward(days=800)
    assert await _close(place) == 0
    await place.answer(done.receipt, "Đã lắp.")
    place.world.clock.forward(days=40)
    assert await _close(place) == 0
    place.world.clock.forward(days=9)
    assert await _close(place) == 1


@pytest.mark.parametrize("state", ["new", "read", "in_progress", "to_dialogue"])
async def test_without_an_answer_nothing_closes(place: Place, state: str) -> None:
    done = await place.submit(draft(place.world))
    await _set(place, done.receipt, state=state)
    place.world.clock.forward(days=2_000)
    assert await _close(place) == 0


async def test_what_went_to_the_dialogue_closes_as_long_after_as_cases_are_kept(place: Place) -> None:
    done = await place.submit(draft(place.world))
    await place.answer(done.receipt, "Đưa ra đối thoại quý này.", state="to_dialogue")
    place.world.clock.set(datetime(2027, 2, 28, 12, tzinfo=UTC))
    assert await _close(place) == 0
    place.world.clock.forward(days=1)
    assert await _close(place) == 1


async def test_what_tells_the_same_closes_together(place: Place) -> None:
    """As long as one of them waits, none does."""
    main, other = [await place.submit(draft(place.world)) for _ in range(2)]
    for each in (main, other):
        await place.answer(each.receipt, "Tuần sau có quạt mới.")
    into = await place.case_of(main.receipt)
    await _set(place, other.receipt, merged_into=into.id, state="in_progress")
    place.world.clock.forward(days=100)
    assert await _close(place) == 0
    await place.answer(other.receipt, "Đã lắp.")
    place.world.clock.forward(days=100)
    assert await _close(place) == 2


async def test_closed_by_itself_it_is_kept_as_long_as_any(place: Place) -> None:
    done = await place.submit(draft(place.world))
    await place.answer(done.receipt, "Tuần sau có quạt mới.")
    case = await place.case_of(done.receipt)
    months = 0
    while await _exists(place, case.id):
        place.world.clock.forward(days=30.5)
        await _keep(place)
        await _close(place)
        months += 1
    # Six weeks until it closes, and a year from then.
    assert 14 <= months <= 16
