"""Whoever may not read any more: nothing is sealed to them, nobody is told their name, they hear nothing."""

import pytest

from handlers.concerns import following, notices, telling
from handlers.kit import readership, sealing
from handlers.kit.errors import RefusedError
from storage import members
from storage.concerns import items
from storage.concerns.readers import listed
from tests.concerns.place import Place, draft
from tests.people import CHAIR, COMMITTEE, WORKER

CHAIRS_NAME, OTHERS_NAME = "Nguyễn Thị Ánh", "Trần Văn Bình"


async def _change(place: Place, code: str, **values: bool) -> None:
    async with place.database.write() as tx:
        person = await members.by_code(tx, code)
        assert person is not None
        await members.change(tx, [{"b_id": person.id, **values}])


@pytest.fixture(params=[{"is_committee": False}, {"is_active": False}], ids=["role", "left"])
async def two(place: Place, request: pytest.FixtureRequest) -> Place:
    """Two have keys, one of them has lost the right to read."""
    await place.add_reader(COMMITTEE)
    await _change(place, COMMITTEE, **request.param)
    return place


async def test_nothing_new_is_sealed_to_them(two: Place) -> None:
    done = await two.submit(draft(two.world))
    keys = await two.room.derive(done.receipt)
    await following.write_again(await two.context(), two.room, keys.case_id, b"i" * 16, "Thêm nữa.")
    case = await two.case_of(done.receipt)
    assert len(await two.opened(case, CHAIR)) == 2
    with pytest.raises(sealing.SealingError):
        await two.opened(case, COMMITTEE)
    async with two.database.read() as tx:
        [chair] = await readership.current(tx)
        # The marks say the same.
        assert await items.stale(tx, [chair.id]) == []
        assert len(await items.stale(tx, [each.id for each in await listed(tx)])) == 2


async def test_they_are_not_named_to_who_writes(two: Place) -> None:
    worker = await two.world.talk(WORKER)
    await worker.says("/kiennghi")
    assert CHAIRS_NAME in worker.last.text
    assert OTHERS_NAME not in worker.last.text


async def test_they_hear_of_nothing(two: Place) -> None:
    chair, other = await two.world.talk(CHAIR), await two.world.talk(COMMITTEE)
    await two.submit(draft(two.world))
    async with two.database.read() as tx:
        work = two.world.work(tx)
        told = await notices.unread(work)
        assert await telling._readers(work) == (CHAIR,)
    assert [address for _channel, address, _reply in told] == [f"p-{CHAIR}"]
    assert chair.all == other.all == []


async def test_without_anybody_a_concern_is_refused_kindly(two: Place) -> None:
    done = await two.submit(draft(two.world))
    keys = await two.room.derive(done.receipt)
    worker = await two.world.talk(WORKER)
    await worker.says("/kiennghi")
    await worker.taps("An toàn")
    await worker.says("Quạt hỏng.")
    await _change(two, CHAIR, is_chair=False, is_committee=False)
    await worker.taps("Gửi kín")
    assert "chưa gửi được" in worker.last.text
    assert "/ban" in worker.last.text
    with pytest.raises(RefusedError, match="concerns/no_readers"):
        await following.write_again(await two.context(), two.room, keys.case_id, b"i" * 16, "Nữa.")
    # As soon as somebody may read again it goes on.
    await _change(two, CHAIR, is_chair=True)
    await worker.taps("Gửi kín")
    assert "Mã tra cứu" in worker.last.text


async def test_who_changes_keys_is_named_and_told_once(place: Place) -> None:
    await place.add_reader(CHAIR)
    await place.world.talk(CHAIR)
    worker = await place.world.talk(WORKER)
    await worker.says("/kiennghi")
    assert worker.last.text.count(CHAIRS_NAME) == 1
    await place.submit(draft(place.world))
    async with place.database.read() as tx:
        assert len(await notices.unread(place.world.work(tx))) == 1
