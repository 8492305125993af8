"""Who waits is told to officers: weekly while an application is open, monthly while there are recruits."""

from datetime import UTC, date, datetime, timedelta

from handlers.kit.jobs import Letter, Span
from handlers.kit.markup import plain
from handlers.registers.admission import actions, planning
from storage import jobs, members
from storage.jobs import Job
from tests.people import CHAIR, COMMITTEE
from tests.registers.office import OTHER_RECRUIT, RECRUIT, begun, do, signed
from tests.world import START, ZONE, World


async def _plan(world: World, days: int = 60) -> list[str]:
    """When they go out, in the branch's time."""
    now = world.clock.now()
    await do(world, lambda work: planning.plan(work, Span(now, now + timedelta(days=days))))
    return [f"{each.due_at.astimezone(ZONE):%d/%m %H:%M}" for each in await _waiting(world)]


async def _waiting(world: World) -> list[Job]:
    async with world.database.read() as tx:
        found = await jobs.waiting(tx, 1000)
    return [each for each in found if each.kind == planning.KIND]


async def _letter(world: World) -> Letter | None:
    job = (await _waiting(world))[0]
    return await do(world, lambda work: planning.JOB.letter(work, job))


async def _make_members(world: World) -> None:
    async with world.database.write() as tx:
        for code in (RECRUIT, OTHER_RECRUIT):
            found = await members.by_code(tx, code)
            assert found is not None
            await members.change(tx, [{"b_id": found.id, "is_union_member": True}])


async def test_recruits_are_told_of_once_a_month(branch_world: World) -> None:
    # It is the first Monday of March, 08:30: that time has passed.
    assert await _plan(branch_world) == ["06/04 08:00"]
    assert await _plan(branch_world) == ["06/04 08:00"]
    letter = await _letter(branch_world)
    assert letter is not None
    text = plain(letter.reply.text)
    assert "Chưa là đoàn viên và chưa có đơn: 2 người." in text
    assert "ký tay" not in text
    assert letter.to.audience == f"code:{COMMITTEE},{CHAIR}"


async def test_applications_are_told_of_each_week(branch_world: World) -> None:
    await begun(branch_world)
    # Monday 27/4 is off, for the Hùng kings' day that falls on a Sunday.
    due = [f"{each.due_at.astimezone(ZONE):%d/%m}" for each in await _waiting(branch_world)]
    assert due == ["09/03", "16/03", "23/03", "30/03", "06/04", "13/04", "20/04", "28/04"]
    await signed(branch_world, OTHER_RECRUIT)
    letter = await _letter(branch_world)
    assert letter is not None
    text = plain(letter.reply.text)
    assert "chờ ban chấp hành quyết định:\nNgô Văn Ước (NV10)" in text
    assert "chưa nộp đơn ký tay:\nĐỗ Mỹ Linh (NV08)" in text
    assert "chưa có đơn" not in text


async def test_where_nobody_waits_nothing_is_planned_or_sent(branch_world: World) -> None:
    planned = await _plan(branch_world)
    await _make_members(branch_world)
    assert await _letter(branch_world) is None
    branch_world.clock.forward(days=90)
    assert await _plan(branch_world) == planned


async def test_without_officers_nobody_is_told(branch_world: World) -> None:
    await _plan(branch_world)
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, [CHAIR, COMMITTEE], branch_world.clock.now())
    assert await _letter(branch_world) is None


async def test_who_hears_when_it_came_too_late(branch_world: World) -> None:
    await _plan(branch_world)
    job = (await _waiting(branch_world))[0]
    told = await do(branch_world, lambda work: planning.JOB.responsible(work, job))
    async with branch_world.database.read() as tx:
        names = {each.code for each in await members.lock(tx, list(told))}
    assert names == {CHAIR, COMMITTEE}
    assert await do(branch_world, lambda work: planning.JOB.title(work, job)) == "Nhắc người chờ kết nạp"


async def test_on_the_morning_itself(branch_world: World) -> None:
    await begun(branch_world)
    branch_world.clock.set(datetime(2026, 3, 9, 0, 59, tzinfo=UTC))
    assert START.date() < date(2026, 3, 9)
    first = (await _waiting(branch_world))[0]
    assert first.due_at == datetime(2026, 3, 9, 1, 0, tzinfo=UTC)
    assert first.expires_at - first.due_at == timedelta(days=3)
    [found] = (await do(branch_world, actions.look)).open
    assert found.code == RECRUIT


async def test_who_left_is_waited_for_no_more(branch_world: World) -> None:
    await signed(branch_world)
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, [RECRUIT], branch_world.clock.now())
    letter = await _letter(branch_world)
    assert letter is not None
    text = plain(letter.reply.text)
    assert RECRUIT not in text
    assert "Chưa là đoàn viên và chưa có đơn: 1 người." in text
