"""What is put down about a meeting, and in which words it goes to whom."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select

from bot.jobs.carrier import Carrier
from handlers.kit.markup import plain
from handlers.meetings import sending
from storage import jobs, meeting_answers, meeting_dates, members, wanted
from storage.database import Transaction
from storage.jobs import Job
from storage.schema.calendar import preference, preferred_lead
from storage.schema.people import member
from storage.wanted import Wanted
from tests.jobs.occasions import deliver
from tests.meetings.calling import (
    KINDS,
    called,
    dates_of,
    letter,
    person,
    planned,
    waiting,
)
from tests.people import LEADER, WORKER
from tests.world import START, World


async def codes(world: World, to: Wanted) -> set[str]:
    async with world.database.read() as tx:
        rows = await tx.all(select(member.c.code).where(await wanted.people(tx, to)))
    return {row.code for row in rows}


async def answers(world: World, occurrence: int, **coming: bool) -> None:
    async with world.database.write() as tx:
        for code, is_coming in coming.items():
            found = await members.by_code(tx, code)
            assert found is not None
            await meeting_answers.give(tx, occurrence, found.id, world.clock.now(), is_coming=is_coming)


async def prefer(tx: Transaction, member_id: int, *leads: int) -> None:
    await tx.run(insert(preference).values(member_id=member_id, has_own_leads=True, changed_at=START))
    await tx.run_many(insert(preferred_lead), [{"member_id": member_id, "minutes": each} for each in leads])


def by_lead(jobs: list[Job]) -> dict[int, Job]:
    return {each.details["lead"]: each for each in jobs if each.kind == sending.REMINDER}


async def test_the_invitation_goes_at_once_and_the_reminders_follow(branch_world: World) -> None:
    found = await called(branch_world, audience="group:Tổ Hành chính")
    [invitation] = await waiting(branch_world, sending.INVITATION)
    assert (invitation.due_at, invitation.expires_at) == (START, found.date.starts_at)
    sent = await letter(branch_world, invitation)
    assert sent is not None
    assert "Mời họp: Họp tổ" in sent.reply.text
    assert [button.label for row in sent.reply.buttons for button in row] == [
        "✅ Có mặt",
        "Vắng",
        "Xem cuộc họp",
    ]
    assert await codes(branch_world, sent.to) == {"CT01", "CU03", "TT04", "NV06"}
    reminders = by_lead(await waiting(branch_world))
    starts_at = datetime(2026, 3, 6, 1, 30, tzinfo=UTC)
    assert {lead: (each.due_at, each.expires_at) for lead, each in reminders.items()} == {
        4320: (starts_at - timedelta(days=3), starts_at - timedelta(days=1)),
        1440: (starts_at - timedelta(days=1), starts_at - timedelta(hours=1)),
        60: (starts_at - timedelta(hours=1), starts_at),
    }


async def test_only_reminders_that_are_ahead_are_put_down(branch_world: World) -> None:
    await called(branch_world, starts=datetime(2026, 3, 3, 8, 0))  # noqa: DTZ001
    assert set(by_lead(await waiting(branch_world))) == {60}
    await planned(branch_world, START - timedelta(days=9), START + timedelta(days=60))
    assert set(by_lead(await waiting(branch_world))) == {60}


async def test_a_reminder_says_what_is_really_left(branch_world: World) -> None:
    await called(branch_world)
    reminders = by_lead(await waiting(branch_world))
    branch_world.clock.set(reminders[4320].due_at + timedelta(hours=30))
    sent = await letter(branch_world, reminders[4320])
    assert sent is not None
    assert "Còn 2 ngày: Họp tổ" in sent.reply.text
    assert "thứ Sáu, 06/03/2026" in sent.reply.text
    for before, said in ((timedelta(minutes=61), "Còn 1 giờ"), (timedelta(minutes=20), "Còn 20 phút")):
        branch_world.clock.set(reminders[60].expires_at - before)
        sent = await letter(branch_world, reminders[60])
        assert sent is not None
        assert said in plain(sent.reply.text)


async def test_whoever_said_that_they_stay_away_is_not_reminded(branch_world: World) -> None:
    found = await called(branch_world)
    await answers(branch_world, found.id, NV06=False, NV07=True)
    sent = await letter(branch_world, by_lead(await waiting(branch_world))[60])
    assert sent is not None
    assert "NV06" not in await codes(branch_world, sent.to)
    assert "NV07" in await codes(branch_world, sent.to)


async def test_everybody_is_reminded_when_they_want_to_be(branch_world: World) -> None:
    worker, other = await person(branch_world, WORKER), await person(branch_world, "NV07")
    async with branch_world.database.write() as tx:
        await prefer(tx, worker.id, 1440, 30)
        await prefer(tx, other.id)
    await called(branch_world)
    reminders = by_lead(await waiting(branch_world))
    assert set(reminders) == {4320, 1440, 60, 30}
    reached = {}
    for lead, job in reminders.items():
        sent = await letter(branch_world, job)
        assert sent is not None
        reached[lead] = await codes(branch_world, sent.to)
    assert [lead for lead, people in sorted(reached.items()) if WORKER in people] == [30, 1440]
    assert not any("NV07" in people for people in reached.values())
    assert [lead for lead, people in sorted(reached.items()) if "NV08" in people] == [60, 1440, 4320]


async def test_a_lead_that_is_chosen_later_is_planned(branch_world: World) -> None:
    await called(branch_world)
    worker = await person(branch_world, WORKER)
    async with branch_world.database.write() as tx:
        await prefer(tx, worker.id, 180, 10080)
    for _ in range(2):
        await planned(branch_world, START + timedelta(days=60), START + timedelta(days=60, minutes=5))
    assert set(by_lead(await waiting(branch_world))) == {4320, 1440, 180, 60}


async def test_a_series_asks_once_and_is_put_down_far_ahead(branch_world: World) -> None:
    found = await called(branch_world, recurrence="RRULE:FREQ=WEEKLY")
    dates = await dates_of(branch_world, found)
    assert len(dates) == 57
    assert all(each.starts_at.hour == 1 for each in dates)
    assert len(await waiting(branch_world, sending.INVITATION)) == 1
    near = len(await waiting(branch_world, sending.REMINDER))
    assert near == 27
    branch_world.clock.forward(days=40)
    now = branch_world.clock.now()
    await planned(branch_world, now + timedelta(days=20), now + timedelta(days=60))
    assert len(await dates_of(branch_world, found)) == 63
    later = len(await waiting(branch_world, sending.REMINDER))
    assert later > near
    await planned(branch_world, now + timedelta(days=20), now + timedelta(days=60))
    assert len(await waiting(branch_world, sending.REMINDER)) == later


async def test_what_fell_due_while_nobody_planned_is_put_down_to_be_missed(branch_world: World) -> None:
    await called(branch_world, recurrence="RRULE:FREQ=WEEKLY", leads=(60,))
    branch_world.clock.forward(days=90)
    begin = START + timedelta(days=61)
    await planned(branch_world, begin, branch_world.clock.now() + timedelta(days=60))
    due = [each.due_at for each in await waiting(branch_world, sending.REMINDER)]
    assert sorted(due) == [min(due) + timedelta(days=7 * index) for index in range(len(due))]


async def test_invitations_wait_for_the_morning(branch_world: World) -> None:
    branch_world.clock.forward(hours=14)
    await called(branch_world)
    [invitation] = await waiting(branch_world, sending.INVITATION)
    assert invitation.due_at == datetime(2026, 3, 3, 0, 0, tzinfo=UTC)


async def test_whoever_called_it_is_responsible_until_they_leave(branch_world: World) -> None:
    await called(branch_world, LEADER, audience="group:Tổ Hành chính")
    leader = await person(branch_world, LEADER)
    [job, *_] = await waiting(branch_world)
    async with branch_world.database.read() as tx:
        assert await KINDS[job.kind].responsible(branch_world.work(tx), job) == (leader.id,)
        assert "Họp tổ" in await KINDS[job.kind].title(branch_world.work(tx), job)
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, [LEADER], START)
    async with branch_world.database.read() as tx:
        assert await KINDS[job.kind].responsible(branch_world.work(tx), job) == ()
    assert await letter(branch_world, job) is not None


async def test_what_was_not_sent_before_the_meeting_is_missed_and_told(branch_world: World) -> None:
    chair, worker = await branch_world.talk("CT01"), await branch_world.talk(WORKER)
    await called(branch_world)
    branch_world.clock.forward(days=5)
    for _ in range(2):
        await Carrier(
            branch_world.database, branch_world.services, branch_world.clock, branch_world.delivery.wake
        ).carry_out()
        await deliver(branch_world)
    assert worker.all == []
    assert "Họp tổ" in chair.all[-1].text
    async with branch_world.database.read() as tx:
        missed = await jobs.late(tx, START, 10)
    assert [each.kind for each in missed] == [sending.REMINDER] * 3 + [sending.INVITATION]


async def test_a_job_whose_date_is_gone_or_has_begun_earlier_sends_nothing(branch_world: World) -> None:
    await called(branch_world)
    planned_ones = [
        replace(each, expires_at=each.expires_at + timedelta(days=60)) for each in await waiting(branch_world)
    ]
    branch_world.clock.forward(days=30)
    assert [await letter(branch_world, each) for each in planned_ones] == [None] * 4
    for kind in KINDS:
        gone = Job(1, "k", kind, 99, {}, START, START, planned_ones[0].state, None, 0, 0)
        assert await letter(branch_world, gone) is None
        async with branch_world.database.read() as tx:
            assert await KINDS[kind].title(branch_world.work(tx), gone)
            assert await KINDS[kind].responsible(branch_world.work(tx), gone) == ()


async def test_a_reminder_of_before_a_change_says_nothing(branch_world: World) -> None:
    """Whoever changed it: only what was put down since then counts."""
    found = await called(branch_world)
    before = await waiting(branch_world, sending.REMINDER)
    async with branch_world.database.write() as tx:
        await meeting_dates.change_date(tx, found.id, START, place="Sân")
    assert [await letter(branch_world, each) for each in before] == [None] * 3
    await planned(branch_world, START + timedelta(days=60), START + timedelta(days=60))
    since = [each for each in await waiting(branch_world, sending.REMINDER) if each not in before]
    assert len(since) == 3
    assert all([await letter(branch_world, each) for each in since])
