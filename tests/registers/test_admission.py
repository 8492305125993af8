"""From an application to the decision: what may follow what, and what it does to the roster."""

import asyncio
from collections.abc import Awaitable
from datetime import date, timedelta

import pytest

from bot.system import spawn
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.payload import encode
from handlers.registers.admission import actions
from storage import members, roster_history
from storage.registers import admissions
from storage.registers.admissions import Admission, State
from storage.roster_keeping import Cause
from tests.people import CHAIR, EMPLOYER, WORKER, appoint_employer
from tests.registers.office import (
    DECISION,
    OTHER_RECRUIT,
    RECRUIT,
    RECRUITS_NAME,
    TODAY,
    admitted,
    begun,
    do,
    person,
    signed,
)
from tests.talk import Shown
from tests.world import BRANCH, ZONE, World


async def test_the_decision_makes_a_member_and_the_history_knows_why(branch_world: World) -> None:
    found = await signed(branch_world)
    branch_world.clock.forward(days=3)
    decided = await do(
        branch_world, lambda work: actions.admit(work, None, found.id, f" {DECISION} ", work.today)
    )
    assert (decided.state, decided.decision) == (State.ADMITTED, DECISION)
    assert decided.decided_on == TODAY + timedelta(days=3)
    recruit = await person(branch_world, RECRUIT)
    assert recruit.is_union_member
    async with branch_world.database.read() as tx:
        before, after = await roster_history.of_member(tx, recruit.id)
    assert (before.standing.is_union_member, after.standing.is_union_member) == (False, True)
    assert (after.cause, after.since) == (Cause.ADMISSION, branch_world.clock.now())


async def test_a_tap_is_no_application_yet(branch_world: World) -> None:
    found = await begun(branch_world)
    with pytest.raises(RefusedError, match="moved_on"):
        await do(branch_world, lambda work: actions.admit(work, None, found.id, DECISION, TODAY))
    assert not (await person(branch_world, RECRUIT)).is_union_member


async def test_who_may_not_apply(branch_world: World) -> None:
    await begun(branch_world)
    for code, why in ((WORKER, "member_already"), (RECRUIT, "applied_already")):
        with pytest.raises(RefusedError, match=why):
            await begun(branch_world, code)
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, [OTHER_RECRUIT], branch_world.clock.now())
    with pytest.raises(RefusedError, match="has_left"):
        await begun(branch_world, OTHER_RECRUIT)
    with pytest.raises(StaleError):
        await do(branch_world, lambda work: actions.begin(work, None, 999))


async def test_who_left_meanwhile_is_not_admitted(branch_world: World) -> None:
    found = await signed(branch_world)
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, [RECRUIT], branch_world.clock.now())
    with pytest.raises(RefusedError, match="has_left"):
        await do(branch_world, lambda work: actions.admit(work, None, found.id, DECISION, TODAY))


async def test_whom_an_import_made_a_member_meanwhile_gets_the_decision(branch_world: World) -> None:
    found = await signed(branch_world)
    recruit = await person(branch_world, RECRUIT)
    async with branch_world.database.write() as tx:
        await members.change(tx, [{"b_id": recruit.id, "is_union_member": True}])
    decided = await do(branch_world, lambda work: actions.admit(work, None, found.id, DECISION, TODAY))
    assert decided.state is State.ADMITTED


@pytest.mark.parametrize(
    ("day", "fits"),
    [
        (TODAY, True),
        (TODAY - timedelta(days=365), True),
        (TODAY + timedelta(days=1), False),
        (TODAY - timedelta(days=366), False),
    ],
)
async def test_when_a_paper_can_have_been_signed(branch_world: World, day: date, *, fits: bool) -> None:
    if fits:
        assert (await signed(branch_world, day=day)).signed_on == day
    else:
        with pytest.raises(RefusedError, match="day_out_of_reach"):
            await signed(branch_world, day=day)


@pytest.mark.parametrize(
    ("decision", "shift", "why"),
    [(" ", 0, "length"), ("x" * 61, 0, "length"), (DECISION, 1, "day_out"), (DECISION, -1, "decided_before")],
)
async def test_what_a_decision_needs(branch_world: World, decision: str, shift: int, why: str) -> None:
    found = await signed(branch_world)
    day = TODAY + timedelta(days=shift)
    with pytest.raises(RefusedError, match=why):
        await do(branch_world, lambda work: actions.admit(work, None, found.id, decision, day))
    assert not (await person(branch_world, RECRUIT)).is_union_member


async def test_the_day_of_the_paper_is_corrected_and_never_by_an_old_button(branch_world: World) -> None:
    found = await signed(branch_world)
    chair = await branch_world.talk(CHAIR)
    earlier = TODAY - timedelta(days=7)
    await chair.presses(Shown("old", ""), encode(BRANCH.tag, "registers.admission", found.id))
    await chair.taps("Sửa ngày nộp đơn")
    await chair.says(f"{earlier:%d/%m/%Y}")
    chair.sees(f"Đã nộp đơn ký tay ngày {earlier:%d/%m/%Y}")
    await chair.presses(Shown("old", ""), encode(BRANCH.tag, "registers.signed", found.id))
    chair.sees("nay đã khác")
    decided = await do(branch_world, lambda work: actions.admit(work, None, found.id, DECISION, earlier))
    assert decided.decided_on == earlier


async def test_refused_with_a_reason_and_asked_again(branch_world: World) -> None:
    found = await signed(branch_world)
    with pytest.raises(RefusedError, match="length"):
        await do(branch_world, lambda work: actions.refuse(work, None, found.id, "vì"))
    refused = await do(branch_world, lambda work: actions.refuse(work, None, found.id, "Chưa đủ hồ sơ"))
    assert (refused.state, refused.reason) == (State.REFUSED, "Chưa đủ hồ sơ")
    assert (await begun(branch_world)).id != found.id
    with pytest.raises(RefusedError, match="applied_already"):
        await do(branch_world, lambda work: actions.reopen(work, None, found.id))


async def test_a_wrong_decision_is_taken_back(branch_world: World) -> None:
    found = await admitted(branch_world)
    again = await do(branch_world, lambda work: actions.reopen(work, None, found.id))
    assert (again.state, again.decision, again.decided_on) == (State.SIGNED, None, None)
    assert not (await person(branch_world, RECRUIT)).is_union_member
    with pytest.raises(RefusedError, match="moved_on"):
        await do(branch_world, lambda work: actions.reopen(work, None, found.id))


async def test_a_wrong_withdrawal_is_taken_back(branch_world: World) -> None:
    found = await begun(branch_world)
    gone = await do(branch_world, lambda work: actions.withdraw(work, None, found.id, "-"))
    assert (gone.state, gone.reason) == (State.WITHDRAWN, "")
    again = await do(branch_world, lambda work: actions.reopen(work, None, found.id))
    assert again.state is State.BEGUN


async def test_an_application_that_is_none(branch_world: World) -> None:
    with pytest.raises(StaleError):
        await do(branch_world, lambda work: actions.find(work, 999))
    with pytest.raises(StaleError):
        await do(branch_world, lambda work: actions.withdraw(work, None, 999))


# Two officers at once.


async def _both(*deeds: Awaitable[Admission]) -> list[Admission | BaseException]:
    return await asyncio.gather(*deeds, return_exceptions=True)


async def test_of_two_decisions_at_once_one_holds(branch_world: World) -> None:
    found = await signed(branch_world)
    results = await _both(
        do(branch_world, lambda work: actions.admit(work, None, found.id, DECISION, TODAY)),
        do(branch_world, lambda work: actions.refuse(work, None, found.id, "Chưa đủ hồ sơ")),
    )
    [refusal] = [each for each in results if isinstance(each, RefusedError)]
    assert refusal.key == "registers/moved_on"
    async with branch_world.database.read() as tx:
        kept = await admissions.by_id(tx, found.id)
    assert kept is not None
    is_member = (await person(branch_world, RECRUIT)).is_union_member
    assert is_member == (kept.state is State.ADMITTED)
    assert (kept.decision is not None) == is_member


async def test_the_second_officer_waits_for_the_first(branch_world: World) -> None:
    """The refusal begins while the decision isn't committed yet."""
    found = await signed(branch_world)
    async with branch_world.database.write() as tx:
        await actions.admit(branch_world.work(tx), None, found.id, DECISION, TODAY)
        refusing = spawn(
            do(branch_world, lambda work: actions.refuse(work, None, found.id, "Chưa đủ hồ sơ")), "refusal"
        )
        # Time enough to read the application, if nothing kept it from that.
        await asyncio.wait([refusing], timeout=0.3)
    [outcome] = await _both(refusing)
    assert isinstance(outcome, RefusedError)
    async with branch_world.database.read() as tx:
        kept = await admissions.by_id(tx, found.id)
    assert kept is not None
    assert kept.state is State.ADMITTED


async def test_of_two_applications_at_once_one_is_begun(branch_world: World) -> None:
    results = await _both(begun(branch_world), begun(branch_world))
    assert [each.key for each in results if isinstance(each, RefusedError)] == ["registers/applied_already"]
    async with branch_world.database.read() as tx:
        [only] = await admissions.everything(tx)
    assert only.full_name == RECRUITS_NAME


# The target.


async def test_how_many_recruits_of_a_time_are_members_at_its_end(branch_world: World) -> None:
    async def admitted_in(begin: date, end: date) -> tuple[int, int]:
        async with branch_world.database.read() as tx:
            found = await admissions.admitted(tx, begin, end, ZONE)
        return found.part, found.whole

    year_end = date(TODAY.year, 12, 31)
    assert await admitted_in(TODAY, year_end) == (0, 2)
    branch_world.clock.forward(days=40)
    found = await begun(branch_world)
    day = TODAY + timedelta(days=40)
    await do(branch_world, lambda work: actions.note_signed(work, None, found.id, day))
    await do(branch_world, lambda work: actions.admit(work, None, found.id, DECISION, day))
    assert await admitted_in(TODAY, year_end) == (1, 2)
    # The day before nobody was admitted yet; afterwards one is no recruit any more.
    assert await admitted_in(TODAY, day - timedelta(days=1)) == (0, 2)
    assert await admitted_in(day + timedelta(days=1), year_end) == (0, 1)
    # Before the roster there was nobody.
    assert await admitted_in(date(2020, 1, 1), date(2020, 12, 31)) == (0, 0)
    branch_world.clock.forward(days=1)
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, [OTHER_RECRUIT], branch_world.clock.now())
    assert await admitted_in(TODAY, year_end) == (1, 1)


async def test_a_correction_of_the_same_moment_makes_no_recruit(branch_world: World) -> None:
    chair = await person(branch_world, CHAIR)
    for is_member in (False, True):
        async with branch_world.database.write() as tx:
            await members.change(tx, [{"b_id": chair.id, "is_union_member": is_member}])
    async with branch_world.database.read() as tx:
        assert (await admissions.admitted(tx, TODAY, TODAY, ZONE)).whole == 2


async def test_who_speaks_for_the_employer_is_no_recruit(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        await appoint_employer(tx)
    async with branch_world.database.read() as tx:
        waiting = {each.code for each in await admissions.waiting(tx)}
        share = await admissions.admitted(tx, TODAY, TODAY, ZONE)
    assert (EMPLOYER in waiting, RECRUIT in waiting, share.whole) == (False, True, 1)
