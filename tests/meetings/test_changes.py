"""A meeting is moved, renamed, readdressed and cancelled; everybody hears of it once, in the right words."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.kit.errors import RefusedError
from handlers.kit.markup import plain
from handlers.kit.sittings import Sitting
from handlers.meetings import changes, sending, sittings
from handlers.meetings.changes import Edit
from storage import jobs, meeting_answers, meeting_dates, meetings
from tests.meetings.calling import FRIDAY, called, dates_of, letter, person, waiting
from tests.meetings.test_sending import answers, codes
from tests.people import CHAIR
from tests.world import START, World

MONDAY = datetime(2026, 3, 9, 14, 0)  # noqa: DTZ001 - on the wall
WEEKLY = "RRULE:FREQ=WEEKLY"


async def sent(world: World) -> None:
    """The invitation has gone out."""
    async with world.database.write() as tx:
        for each in await jobs.waiting(tx, 10_000):
            if each.kind == sending.INVITATION:
                await jobs.finish(tx, each.id, jobs.State.DONE, world.clock.now())


async def told(world: World, kind: str = sending.CHANGE) -> list[str]:
    texts = []
    for each in await waiting(world, kind):
        found = await letter(world, each)
        assert found is not None
        texts.append(plain(found.reply.text))
    return texts


async def moved(world: World, found: Sitting, starts: datetime = MONDAY, *, note: str = "") -> Sitting:
    async with world.database.write() as tx:
        return await changes.move_date(world.work(tx), Edit(found.id, None, note), starts, None)


async def test_a_moved_date_is_told_with_both_times_and_asked_about_anew(branch_world: World) -> None:
    found = await called(branch_world)
    await sent(branch_world)
    await answers(branch_world, found.id, NV06=True)
    now = await moved(branch_world, found, note="Phòng bận")
    assert now.date.starts_at == datetime(2026, 3, 9, 7, 0, tzinfo=UTC)
    assert now.date.ends_at - now.date.starts_at == timedelta(minutes=90)
    assert now.meeting.starts_local == MONDAY
    [text] = await told(branch_world)
    assert "Giờ cũ: 08:30–10:00 thứ Sáu, 06/03/2026" in text
    assert "14:00–15:30 thứ Hai, 09/03/2026" in text
    assert "Phòng bận" in text
    assert "trả lời lại" in text
    async with branch_world.database.read() as tx:
        counts = await meeting_answers.counts(tx, found.id, "all")
    assert (counts.coming, counts.silent) == (0, 10)
    reminders = await waiting(branch_world, sending.REMINDER)
    assert {each.expires_at for each in reminders} >= {now.date.starts_at}
    assert all(each.details["mark"] == now.mark for each in reminders)
    assert len(reminders) == 3


async def test_moved_there_and_back_it_is_reminded_of_all_the_same(branch_world: World) -> None:
    found = await called(branch_world)
    await sent(branch_world)
    await moved(branch_world, found)
    await moved(branch_world, found, FRIDAY)
    # Nobody had heard of it.
    assert await told(branch_world) == []
    reminders = await waiting(branch_world, sending.REMINDER)
    assert len(reminders) == 3
    assert all([await letter(branch_world, each) for each in reminders])


async def test_two_changes_before_anybody_heard_are_told_as_one(branch_world: World) -> None:
    found = await called(branch_world)
    await sent(branch_world)
    await moved(branch_world, found)
    async with branch_world.database.write() as tx:
        work = branch_world.work(tx)
        await changes.set_place(work, Edit(found.id), "Hội trường", is_series=False)
    [text] = await told(branch_world)
    assert "Giờ cũ: 08:30" in text
    assert "Hội trường (nơi cũ: Phòng 2)" in text


async def test_who_was_not_invited_yet_is_invited_to_what_it_is_now(branch_world: World) -> None:
    branch_world.clock.forward(hours=14)
    found = await called(branch_world)
    await moved(branch_world, found)
    assert await told(branch_world) == []
    [text] = await told(branch_world, sending.INVITATION)
    assert "14:00–15:30 thứ Hai, 09/03/2026" in text
    async with branch_world.database.write() as tx:
        await changes.cancel_date(branch_world.work(tx), Edit(found.id))
    assert await waiting(branch_world) == []


async def test_one_date_of_a_series_is_moved_and_the_others_stay(branch_world: World) -> None:
    found = await called(branch_world, recurrence=WEEKLY)
    await sent(branch_world)
    before = await dates_of(branch_world, found)
    await moved(branch_world, Sitting(found.meeting, before[1]))
    after = await dates_of(branch_world, found)
    assert [each.recurs_at for each in after] == sorted(each.recurs_at for each in before)
    assert [a.starts_at == b.starts_at for a, b in zip(after[:3], before[:3], strict=True)] == [
        True,
        False,
        True,
    ]
    [text] = await told(branch_world)
    assert "Giờ cũ: 08:30–10:00 thứ Sáu, 13/03/2026" in text


async def test_a_series_is_moved_to_another_hour(branch_world: World) -> None:
    found = await called(branch_world, recurrence=WEEKLY)
    await sent(branch_world)
    dates = await dates_of(branch_world, found)
    await moved(branch_world, Sitting(found.meeting, dates[2]))
    branch_world.clock.set(dates[0].ends_at)
    async with branch_world.database.write() as tx:
        at = datetime(2026, 3, 8, 15, 0)  # noqa: DTZ001
        await changes.move_series(branch_world.work(tx), Edit(dates[1].id), at, 60)
    after = await dates_of(branch_world, found)
    assert after[0].starts_at == dates[0].starts_at
    by_id = {each.id: each for each in after}
    assert by_id[dates[2].id].starts_at == datetime(2026, 3, 9, 7, tzinfo=UTC)
    assert by_id[dates[1].id].starts_at == datetime(2026, 3, 13, 8, tzinfo=UTC)
    assert by_id[dates[1].id].ends_at == datetime(2026, 3, 13, 9, tzinfo=UTC)
    assert {each.recurs_at.hour for each in after} == {15}
    texts = await told(branch_world)
    assert any("Từ nay mỗi buổi: 15:00–16:00" in text for text in texts)
    async with branch_world.database.write() as tx:
        work = branch_world.work(tx)
        series = await meetings.by_id(tx, found.meeting.id)
        assert series is not None
        # The rule still knows its dates.
        assert await sending.extend(work, series) == 1


async def test_a_cancelled_date_is_told_and_the_others_stay(branch_world: World) -> None:
    found = await called(branch_world, recurrence=WEEKLY)
    await sent(branch_world)
    async with branch_world.database.write() as tx:
        gone = await changes.cancel_date(branch_world.work(tx), Edit(found.id, None, "Bão"))
    assert gone.is_cancelled
    [text] = await told(branch_world)
    assert "Huỷ họp: Họp tổ" in text
    assert "Bão" in text
    assert "Các buổi khác vẫn như lịch" in text
    assert not any(each.subject_id == found.id for each in await waiting(branch_world, sending.REMINDER))
    assert await waiting(branch_world, sending.REMINDER)


async def test_a_cancelled_series_is_over(branch_world: World) -> None:
    found = await called(branch_world, recurrence=WEEKLY)
    await sent(branch_world)
    async with branch_world.database.write() as tx:
        await changes.cancel_series(branch_world.work(tx), Edit(found.id))
    [text] = await told(branch_world)
    assert "Huỷ cả loạt: Họp tổ" in text
    assert "và các buổi sau" in text
    assert await waiting(branch_world, sending.REMINDER) == []
    async with branch_world.database.read() as tx:
        assert await meeting_dates.upcoming(tx, START, 10) == []
        assert await meetings.to_extend(tx, START + timedelta(days=999)) == []


async def test_other_people_are_invited_and_told(branch_world: World) -> None:
    found = await called(branch_world, audience="group:Tổ Hành chính")
    await sent(branch_world)
    chair = await person(branch_world, CHAIR)
    async with branch_world.database.write() as tx:
        await changes.set_audience(branch_world.work(tx), Edit(found.id), chair, "party+code:NV08")
    [invitation] = await waiting(branch_world, sending.INVITATION)
    [farewell] = await waiting(branch_world, sending.UNINVITED)
    invited, uninvited = await letter(branch_world, invitation), await letter(branch_world, farewell)
    assert invited is not None
    assert uninvited is not None
    assert await codes(branch_world, invited.to) == {"TT05", "NV08"}
    assert await codes(branch_world, uninvited.to) == {"TT04", "NV06"}
    assert "không cần dự" in uninvited.reply.text


async def test_people_who_were_not_invited_yet_hear_nothing_of_another_audience(branch_world: World) -> None:
    branch_world.clock.forward(hours=14)
    found = await called(branch_world, audience="group:Tổ Hành chính")
    async with branch_world.database.write() as tx:
        await changes.set_audience(branch_world.work(tx), Edit(found.id), None, "party")
    assert await waiting(branch_world, sending.UNINVITED) == []
    [invitation] = await waiting(branch_world, sending.INVITATION)
    invited = await letter(branch_world, invitation)
    assert invited is not None
    assert await codes(branch_world, invited.to) == {"CT01", "CU03", "TT05"}


async def test_a_title_an_agenda_and_reminders(branch_world: World) -> None:
    found = await called(branch_world)
    await sent(branch_world)
    async with branch_world.database.write() as tx:
        work = branch_world.work(tx)
        await changes.set_agenda(work, Edit(found.id), "Bàn Tết")
        await changes.set_leads(work, Edit(found.id), [30, 1440])
    assert await told(branch_world) == []
    reminders = await waiting(branch_world, sending.REMINDER)
    assert sorted(each.details["lead"] for each in reminders) == [30, 1440]
    reminded = await letter(branch_world, reminders[0])
    assert reminded is not None
    assert "Bàn Tết" in reminded.reply.text
    async with branch_world.database.write() as tx:
        await changes.set_title(branch_world.work(tx), Edit(found.id), "Họp Tết")
    [text] = await told(branch_world)
    assert "Tên cũ: Họp tổ" in text


async def test_the_later_of_two_officers_is_told(branch_world: World) -> None:
    found = await called(branch_world)
    seen = Edit(found.id, found.mark)
    async with branch_world.database.write() as tx:
        await changes.move_date(branch_world.work(tx), seen, MONDAY, None)
    with pytest.raises(RefusedError) as refused:
        async with branch_world.database.write() as tx:
            await changes.cancel_date(branch_world.work(tx), seen)
    assert refused.value.key == "meetings/changed_meanwhile"


@pytest.mark.parametrize("how", ["past", "begun", "cancelled", "note", "place", "lead", "nobody", "unknown"])
async def test_what_cannot_be_changed(branch_world: World, how: str) -> None:
    found = await called(branch_world)
    if how == "begun":
        branch_world.clock.set(found.date.starts_at)
    if how == "cancelled":
        async with branch_world.database.write() as tx:
            await changes.cancel_date(branch_world.work(tx), Edit(found.id))
    edit = Edit(99 if how == "unknown" else found.id, None, "a" * 301 if how == "note" else "")
    with pytest.raises(RefusedError):
        await _change(branch_world, how, edit)
    async with branch_world.database.read() as tx:
        kept = await sittings.load(branch_world.work(tx), found.id)
    assert kept.date.starts_at == found.date.starts_at


async def _change(world: World, how: str, edit: Edit) -> None:
    async with world.database.write() as tx:
        work = world.work(tx)
        match how:
            case "place":
                await changes.set_place(work, edit, " ", is_series=False)
            case "lead":
                await changes.set_leads(work, edit, [61])
            case "nobody":
                await changes.set_audience(work, edit, None, "unfinished:1")
            case _:
                starts = FRIDAY - timedelta(days=30 * (how == "past"))
                await changes.move_date(work, edit, starts, None)


async def test_a_place_of_one_date_and_of_all(branch_world: World) -> None:
    found = await called(branch_world, recurrence=WEEKLY)
    await sent(branch_world)
    dates = await dates_of(branch_world, found)
    async with branch_world.database.write() as tx:
        work = branch_world.work(tx)
        await changes.set_place(work, Edit(dates[1].id), "Sân", is_series=False)
        await changes.set_place(work, Edit(dates[0].id), "Hội trường", is_series=True)
        places = [(await sittings.load(work, each.id)).place for each in dates[:3]]
    assert places == ["Hội trường", "Sân", "Hội trường"]
