"""What is open is kept, what is over is destroyed in its time, in copies too."""

from datetime import timedelta

import pytest

from handlers.concerns import following, keeping
from storage.concerns import cases, items
from storage.concerns.expiry import DestroyedError
from tests.concerns.place import Place, draft
from tests.storage.snapshot import changes, snapshot

MONTHS_APART = timedelta(days=31)


async def _keep(place: Place) -> tuple[int, int]:
    async with place.database.write() as tx:
        renewed = await keeping.renew(place.world.work(tx), place.room.keys, place.room.kept_months)
    async with place.database.write() as tx:
        return renewed, await keeping.destroy(place.world.work(tx), place.room.keys)


async def test_an_open_case_outlives_its_first_months(place: Place) -> None:
    done = await place.submit(draft(place.world))
    await place.answer(done.receipt, "Đang làm.")
    for _ in range(30):
        place.world.clock.forward(days=31)
        assert (await _keep(place))[1] == 0
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
    async with place.database.write() as tx:
        assert await keeping.destroy(place.world.work(tx), place.room.keys) == 1
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
