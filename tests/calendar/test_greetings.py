"""Greetings: planned for every hour people can choose, sent in the day's words, never the day after."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from handlers.calendar import greetings
from handlers.calendar.talk import FEATURE
from handlers.kit.context import Work
from handlers.kit.jobs import Letter, Span
from handlers.kit.markup import plain
from handlers.kit.payload import decode
from storage import jobs, preferences, wanted
from storage.database import Transaction
from storage.jobs import Job
from storage.preferences import GREETING_HOURS
from storage.schema.people import member
from storage.wanted import Greeting
from tests.calendar.conftest import work_with
from tests.world import BRANCH, CALENDAR, ZONE, World

ALL = list(CALENDAR.by_slug.values())


def local(year: int, month: int, day: int, hour: int = 0, zone: ZoneInfo = ZONE) -> datetime:
    return datetime(year, month, day, hour, tzinfo=zone).astimezone(UTC)


def year(number: int) -> Span:
    return Span(local(number, 1, 1), local(number + 1, 1, 1))


async def planned(work: Work, span: Span) -> list[Job]:
    await greetings.plan(work, span)
    return await jobs.waiting(work.db, 1000)


async def letter_of(work: Work, job: Job) -> Letter:
    found = await greetings.KIND.letter(work, job)
    assert found is not None
    return found


async def test_every_marked_day_has_a_job_for_each_hour(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        found = await planned(branch_world.work(tx), year(2027))
    days = {each.day for each in CALENDAR.between(date(2027, 1, 1), date(2028, 1, 1))}
    # 9/11 and 1/5 are marked twice.
    assert len(days) == 24
    assert Counter(each.due_at.astimezone(ZONE).date() for each in found) == dict.fromkeys(
        days, len(GREETING_HOURS)
    )
    assert {each.kind for each in found} == {"greeting"}
    [seven] = [each for each in found if each.key == "greeting:2027-02-06:07"]
    assert (seven.due_at, seven.expires_at) == (local(2027, 2, 6, 7), local(2027, 2, 6, 20))
    assert all(each.due_at < each.expires_at for each in found)
    assert all(
        each.expires_at.astimezone(ZONE).date() == each.due_at.astimezone(ZONE).date() for each in found
    )


async def test_planning_again_adds_nothing(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        work = branch_world.work(tx)
        first = await planned(work, year(2027))
        again = await planned(work, Span(local(2026, 12, 25), local(2028, 1, 1)))
        assert {each.key for each in again} == {each.key for each in first}


async def test_a_span_is_kept_to_the_minute(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        work = branch_world.work(tx)
        found = await planned(work, Span(local(2027, 2, 6, 7), local(2027, 2, 6, 12)))
        assert [each.key[-2:] for each in found] == ["07", "08"]
        # Spans that meet leave nothing out.
        found = await planned(work, Span(local(2027, 2, 6, 12), local(2027, 2, 7)))
        assert [each.key[-2:] for each in found] == ["07", "08", "12", "17", "19"]


async def test_an_empty_span_plans_nothing(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        assert await planned(branch_world.work(tx), Span(local(2027, 1, 2), local(2027, 1, 3))) == []


@pytest.mark.parametrize("name", ["Europe/Berlin", "Africa/Cairo", "America/New_York", "Pacific/Chatham"])
async def test_hours_are_those_of_the_wall_in_a_zone_with_summer_time(branch_world: World, name: str) -> None:
    zone = ZoneInfo(name)
    async with branch_world.database.write() as tx:
        work = branch_world.work(tx)
        abroad = replace(work, services=replace(work.services, zone=zone))
        span = Span(local(2027, 1, 1, zone=zone), local(2028, 1, 1, zone=zone))
        for each in await planned(abroad, span):
            due, last = each.due_at.astimezone(zone), each.expires_at.astimezone(zone)
            assert each.key == f"greeting:{due:%Y-%m-%d}:{due:%H}"
            assert (last.date(), last.hour) == (due.date(), 20)


async def test_with_another_time_zone_what_waits_comes_at_the_hours_of_its_wall(branch_world: World) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    async with branch_world.database.write() as tx:
        work = branch_world.work(tx)
        span = Span(local(2027, 2, 1), local(2027, 4, 1))
        before = await planned(work, span)
        abroad = replace(work, services=replace(work.services, zone=berlin))
        after = await planned(abroad, span)
    assert [each.key for each in after] == [each.key for each in before]
    for each in after:
        due = each.due_at.astimezone(berlin)
        assert each.key == f"greeting:{due:%Y-%m-%d}:{due:%H}"
        assert each.expires_at.astimezone(berlin).hour == 20


async def test_an_hour_that_the_clocks_leave_out_is_the_one_after(branch_world: World) -> None:
    """On 28/3/2027 clocks in Berlin go from 2 to 3 o'clock."""
    berlin = ZoneInfo("Europe/Berlin")
    async with branch_world.database.read() as tx:
        work = branch_world.work(tx)
        abroad = replace(work, services=replace(work.services, zone=berlin))
        made = greetings._job(abroad, date(2027, 3, 28), 2)
    assert made.due_at.astimezone(berlin).hour == 3


async def test_a_letter_has_the_piece_both_dates_and_the_question(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        work = branch_world.work(tx)
        found = await planned(work, Span(local(2027, 2, 6), local(2027, 2, 7)))
        letters = [await letter_of(work, each) for each in found]
    seven = letters[1]
    words = plain(seven.reply.text)
    assert words.startswith("Thứ Bảy 06/02/2027, mùng 1 tháng Giêng năm Đinh Mùi\n\nTết Nguyên Đán")
    assert "Chúc anh/chị và gia đình năm mới bình an" in words
    [[button]] = seven.reply.buttons
    press = decode(button.payload, BRANCH.tag, {})
    assert (press.action, press.arguments) == ("calendar.question", ("tet-nguyen-dan", "2027-02-06"))
    assert {each.to.occasion for each in letters} == {"greeting:2027-02-06"}
    assert [(each.to.hour, each.to.is_usual_hour) for each in letters] == [
        (hour, hour == 7) for hour in GREETING_HOURS
    ]
    assert {each.to.greeting for each in letters} == {Greeting.HOLIDAY}
    assert {each.to.audience for each in letters} == {"all"}


async def test_two_on_one_day_are_one_letter(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        work = branch_world.work(tx)
        law = (await planned(work, Span(local(2027, 11, 9), local(2027, 11, 10))))[0]
        letter = await letter_of(work, law)
        words = plain(letter.reply.text)
        assert "Ngày Pháp luật Việt Nam" in words
        assert "Kỷ niệm 28 năm (1999 - 2027)" in words
        assert len(words) < 4000
        assert letter.to.greeting is Greeting.COMMEMORATION
        labels = [button.label for row in letter.reply.buttons for button in row]
        assert labels == [
            "Câu hỏi vui: Ngày Pháp luật Việt Nam",
            "Câu hỏi vui: Ngày thành lập Bảo hiểm tiền gửi Việt Nam",
        ]
        assert await greetings.KIND.title(work, law) == (
            "Lời chào 09/11/2027: Ngày Pháp luật Việt Nam, Ngày thành lập Bảo hiểm tiền gửi Việt Nam"
        )
        assert list(await greetings.KIND.responsible(work, law)) == []


async def test_a_day_with_a_holiday_is_greeted_as_a_holiday(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        work = branch_world.work(tx)
        found = await planned(work, Span(local(2027, 5, 1), local(2027, 5, 2)))
        assert (await letter_of(work, found[0])).to.greeting is Greeting.HOLIDAY


async def test_what_was_switched_off_since_is_not_sent(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        law, union, *_ = await planned(branch_world.work(tx), Span(local(2027, 11, 9), local(2027, 11, 10)))
    without_law = [replace(each, is_enabled=each.slug != "ngay-phap-luat") for each in ALL]
    async with work_with(branch_world, without_law) as work:
        assert "Pháp luật" not in plain((await letter_of(work, law)).reply.text)
    async with work_with(branch_world, []) as work:
        assert await greetings.KIND.letter(work, union) is None
        assert await greetings.KIND.title(work, union) == "Lời chào 09/11/2027"


async def _codes(tx: Transaction, letter: Letter) -> set[str]:
    rows = await tx.all(select(member.c.code).where(await wanted.people(tx, letter.to)))
    return {row.code for row in rows}


async def test_each_person_is_greeted_at_one_hour_unless_they_wish_not_to_be(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        work = branch_world.work(tx)
        ids = {row.code: row.id for row in await tx.all(select(member.c.code, member.c.id))}
        await preferences.set_greeting_hour(tx, ids["NV06"], 19, work.now)
        await preferences.set_greeting_hour(tx, ids["NV07"], 6, work.now)
        found = await planned(work, Span(local(2027, 2, 6), local(2027, 2, 7)))
        by_hour = {each.details["hour"]: await _codes(tx, await letter_of(work, each)) for each in found}
        assert by_hour[19] == {"NV06"}
        assert by_hour[6] == {"NV07"}
        assert by_hour[8] == by_hour[12] == by_hour[17] == set()
        assert by_hour[7] == set(ids) - {"NV06", "NV07"}


def test_a_year_is_within_what_one_can_bear() -> None:
    """Whoever wants everything is written to on some two days a month, and once a day."""
    for number in range(2025, 2061):
        days = [each.day for each in CALENDAR.between(date(number, 1, 1), date(number + 1, 1, 1))]
        assert 22 <= len(set(days)) <= 26


def test_the_feature_sends_and_plans_them() -> None:
    assert FEATURE.jobs == (greetings.KIND,)
    assert FEATURE.plans == (greetings.plan,)
