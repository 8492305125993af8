"""Whose calendar holds what, and which links open one."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert

from storage import calendar_links, days, duties, meeting_dates, meetings, members, preferences
from storage.days import Override
from storage.schema.calendar import calendar_link
from storage.schema.meetings import meeting_answer, meeting_attendance
from tests.feed.keeping import calendar_of, keep, member_id, subscribed
from tests.feed.series import days_of, meeting, parsed, series, shown
from tests.people import CELL, CHAIR, COMMITTEE, LEADER, WORKER
from tests.world import World

FIRST = datetime(2026, 3, 9, 8, 30)  # noqa: DTZ001 - on the wall
WEEKLY = "RRULE:FREQ=WEEKLY;BYDAY=MO"
NEXT_YEAR = datetime(2027, 1, 1, tzinfo=UTC)


async def _read(world: World, code: str) -> str:
    text = await calendar_of(world, await subscribed(world, code))
    assert text is not None
    return text


def _titles(text: str) -> set[str]:
    return {each.summary or "" for each in parsed(text).events if isinstance(each.start, datetime)}


async def test_one_finds_the_meetings_one_is_invited_to(branch_world: World) -> None:
    audiences = {"Mọi người": "all", "Cán bộ": "officers", "Hai người": f"code:{WORKER},{CHAIR}"}
    for number, (title, audience) in enumerate(audiences.items()):
        await keep(
            branch_world, series(meeting(None, FIRST, title=title, audience=audience, uid=f"m{number}"))
        )
    assert _titles(await _read(branch_world, WORKER)) == {"Mọi người", "Hai người"}
    assert _titles(await _read(branch_world, LEADER)) == {"Mọi người", "Cán bộ"}
    assert _titles(await _read(branch_world, CHAIR)) == set(audiences)


async def test_what_was_over_before_this_year_is_gone_and_a_series_keeps_its_beginning(
    branch_world: World,
) -> None:
    await keep(branch_world, series(meeting(None, FIRST.replace(year=2025), title="Cũ", uid="old")))
    weekly = series(meeting(WEEKLY, FIRST.replace(year=2025, month=12, day=8), title="Tuần"), 30)
    await keep(branch_world, weekly)
    text = await _read(branch_world, WORKER)
    assert _titles(text) == {"Tuần"}
    assert shown(parsed(text), weekly.dates[-1].ends_at)[0].begin == weekly.dates[0].starts_at


async def test_changes_arrive(branch_world: World) -> None:
    of = series(meeting(WEEKLY, FIRST), 4)
    meeting_id = await keep(branch_world, of)
    token = await subscribed(branch_world, WORKER)
    branch_world.clock.forward(hours=1)
    now = branch_world.clock.now()
    async with branch_world.database.write() as tx:
        first, second, *_ = await meeting_dates.dates_of(tx, meeting_id)
        await meeting_dates.change_date(tx, first.id, now, is_cancelled=True)
        moved = {
            "starts_at": second.starts_at + timedelta(days=1),
            "ends_at": second.ends_at + timedelta(days=1),
        }
        await meeting_dates.change_date(tx, second.id, now, **moved)
    text = await calendar_of(branch_world, token)
    seen = [each.begin for each in shown(parsed(text or ""), of.dates[-1].ends_at)]
    assert seen == [second.starts_at + timedelta(days=1), of.dates[2].starts_at, of.dates[3].starts_at]
    async with branch_world.database.write() as tx:
        await meetings.change(tx, meeting_id, now, is_cancelled=True)
    assert _titles(await calendar_of(branch_world, token) or "") == set()


async def test_the_file_stays_the_same_until_something_changes(branch_world: World) -> None:
    await keep(branch_world, series(meeting(WEEKLY, FIRST), 4))
    token = await subscribed(branch_world, COMMITTEE)
    before = await calendar_of(branch_world, token)
    branch_world.clock.forward(days=200)
    assert await calendar_of(branch_world, token) == before
    async with branch_world.database.write() as tx:
        await preferences.set_leads(
            tx, await member_id(branch_world, COMMITTEE), [60], branch_world.clock.now()
        )
    assert await calendar_of(branch_world, token) != before


async def test_ones_own_reminder_times_are_its_alarms(branch_world: World) -> None:
    await keep(branch_world, series(meeting(None, FIRST, leads=(4320, 60))))
    assert (await _read(branch_world, WORKER)).count("TRIGGER:") == 2
    async with branch_world.database.write() as tx:
        await preferences.set_leads(tx, await member_id(branch_world, WORKER), [30], branch_world.clock.now())
    assert "TRIGGER:-PT30M" in (text := await _read(branch_world, WORKER))
    assert text.count("TRIGGER:") == 1


async def test_days_that_are_marked_off_and_worked(branch_world: World) -> None:
    found = days_of(parsed(await _read(branch_world, WORKER)))
    assert found[date(2026, 2, 17)] == "Tết Nguyên Đán"
    assert found[date(2027, 2, 6)] == "Tết Nguyên Đán"
    assert found[date(2026, 7, 28)] == "Ngày thành lập Công đoàn Việt Nam"
    assert found[date(2026, 2, 18)].startswith("Nghỉ: ")
    assert found[date(2026, 8, 22)] == "Đi làm bù"
    assert {day.year for day in found} == {2026, 2027}


async def test_a_swapped_day_is_the_branchs_own(branch_world: World) -> None:
    off, worked = date(2026, 6, 15), date(2026, 6, 20)
    async with branch_world.database.write() as tx:
        for new in (Override(off, True, "Nghỉ bù ngày hội"), Override(worked, False, "Bù ngày 15/6")):
            await days.set_override(tx, new, None, branch_world.clock.now())
    text = await _read(branch_world, WORKER)
    found = days_of(parsed(text))
    assert (found[off], found[worked]) == ("Nghỉ: Nghỉ bù ngày hội", "Đi làm: Bù ngày 15/6")


async def test_officers_see_what_is_due_and_not_yet_done(branch_world: World) -> None:
    now = branch_world.clock.now()
    [first, second, third, *_] = branch_world.services.duties.rules
    async with branch_world.database.write() as tx:
        await duties.add(tx, [(each, "2026") for each in (first, second, third, "gone")], now)
        kept = {each.rule: each.id for each in await duties.everything(tx)}
        await duties.set_due(tx, [(kept[each], date(2026, 5, 4)) for each in (first, second, "gone")])
        await duties.change(tx, kept[second], None, now, done_on=date(2026, 3, 1))
    name = branch_world.services.duties.rules[first].name
    for code in (CHAIR, COMMITTEE, CELL):
        text = await _read(branch_world, code)
        due = {day: title for day, title in days_of(parsed(text)).items() if title.startswith("Hạn: ")}
        assert due == {date(2026, 5, 4): f"Hạn: {name}"}
    for code in (LEADER, WORKER):
        assert "Hạn: " not in await _read(branch_world, code)


async def test_nothing_of_other_people_stands_in_it(branch_world: World) -> None:
    of = series(meeting(None, FIRST, organiser_id=await member_id(branch_world, COMMITTEE)))
    meeting_id = await keep(branch_world, of)
    now = branch_world.clock.now()
    async with branch_world.database.write() as tx:
        [one] = await meeting_dates.dates_of(tx, meeting_id)
        for code in (WORKER, LEADER):
            who = {"occurrence_id": one.id, "member_id": await member_id(branch_world, code), "at": now}
            await tx.run(insert(meeting_answer).values(is_coming=False, reason="Con ốm", **who))
            await tx.run(insert(meeting_attendance).values(how="officer", **who))
        everybody = await members.everybody(tx)
    text = await _read(branch_world, WORKER)
    assert "Họp tổ" in text
    assert "Con ốm" not in text
    assert not [each.full_name for each in everybody if each.full_name in text]
    assert "ATTENDEE" not in text
    assert "ORGANIZER" not in text


# Links.


async def test_a_link_is_kept_as_a_digest(branch_world: World) -> None:
    token = await subscribed(branch_world, WORKER)
    assert len(token) == 43
    async with branch_world.database.read() as tx:
        [row] = await tx.all(calendar_link.select())
    assert token not in str(row)


async def test_a_new_link_ends_the_old_one(branch_world: World) -> None:
    old = await subscribed(branch_world, WORKER)
    other = await subscribed(branch_world, CHAIR)
    new = await subscribed(branch_world, WORKER)
    assert await calendar_of(branch_world, old) is None
    assert await calendar_of(branch_world, new) is not None
    assert await calendar_of(branch_world, other) is not None


async def test_a_revoked_link_opens_nothing(branch_world: World) -> None:
    token = await subscribed(branch_world, WORKER)
    me, now = await member_id(branch_world, WORKER), branch_world.clock.now()
    async with branch_world.database.write() as tx:
        assert await calendar_links.revoke(tx, me, now)
        assert not await calendar_links.revoke(tx, me, now)
    assert await calendar_of(branch_world, token) is None


async def test_who_left_the_roster_has_no_calendar(branch_world: World) -> None:
    token = await subscribed(branch_world, WORKER)
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, [WORKER], branch_world.clock.now())
    assert await calendar_of(branch_world, token) is None


@pytest.mark.parametrize("token", ["", "x", "ữ" * 43, "\udc80", "a" * 10_000])
async def test_any_other_token_opens_nothing(branch_world: World, token: str) -> None:
    await subscribed(branch_world, WORKER)
    assert await calendar_of(branch_world, token) is None
