"""What has a set time: sent once within its window, or missed and told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from markupsafe import Markup
from sqlalchemy import func, select, update

from bot.jobs.carrier import Carrier
from handlers.announce import actions as announce
from handlers.campaign.actions import publish
from handlers.campaign.pushing import push_first_cards
from handlers.jobs import actions
from handlers.kit.channel import Unknown
from handlers.kit.context import Work
from handlers.kit.jobs import Span
from storage import jobs, shared
from storage.schema.calendar import preference
from storage.schema.messages import outbox
from storage.schema.people import account, member
from storage.wanted import Wanted
from tests.announce.sending import put_in
from tests.jobs.occasions import Occasions, deliver, occasion, put, state
from tests.people import CHAIR, COMMITTEE, LEADER, OTHER_LEADER, WORKER
from tests.world import START, World


async def _rows(world: World, topic: str) -> dict[str, int]:
    async with world.database.read() as tx:
        statement = (
            select(outbox.c.state, func.count()).where(outbox.c.topic == topic).group_by(outbox.c.state)
        )
        found: Any = await tx.all(statement)
        return dict(map(tuple, found))


async def test_what_is_due_reaches_everybody_once(branch_world: World) -> None:
    talks = [await branch_world.talk(code) for code in (WORKER, LEADER)]
    carrier = Occasions().carrier(branch_world)
    assert await put(branch_world, occasion("a"), occasion("b", due=START + timedelta(hours=1))) == 2
    assert await put(branch_world, occasion("a")) == 0
    for _ in range(3):
        await carrier.carry_out()
        await deliver(branch_world)
    for talk in talks:
        assert [shown.text for shown in talk.all] == ["This is a"]
    await carrier.carry_out()
    assert await state(branch_world, "a") == ("done", 0)
    assert await state(branch_world, "b") == ("waiting", 0)
    # Whoever has no account is on record as out of reach, and nobody else has a row.
    assert await _rows(branch_world, "a") == {"sent": 2, "unreachable": 8}


async def test_what_is_found_too_late_is_missed_and_the_chair_is_told_once(branch_world: World) -> None:
    chair, worker = await branch_world.talk(CHAIR), await branch_world.talk(WORKER)
    carrier = Occasions().carrier(branch_world)
    await put(branch_world, occasion("a"), occasion("b"), occasion("c", lasts=timedelta(days=4)))
    branch_world.clock.forward(days=3)
    for _ in range(3):
        await carrier.carry_out()
        await deliver(branch_world)
    assert [shown.text for shown in worker.all] == ["This is c"]
    assert await state(branch_world, "a") == ("missed", 0)
    [told] = [shown.text for shown in chair.all if "không kịp" in shown.text]
    assert "2 tin" in told
    assert "<a>" in told
    assert "<b>, hẹn 08:30 02/03/2026" in told
    assert "<c>" not in told


async def test_at_the_very_end_of_the_window_it_is_too_late(branch_world: World) -> None:
    carrier = Occasions().carrier(branch_world)
    await put(branch_world, occasion("a", lasts=timedelta(minutes=10)))
    branch_world.clock.forward(minutes=10)
    await carrier.carry_out()
    assert (await state(branch_world, "a"))[0] == "missed"


async def test_a_letter_whose_turn_comes_too_late_is_not_sent_and_counted(branch_world: World) -> None:
    chair, worker = await branch_world.talk(CHAIR), await branch_world.talk(WORKER)
    carrier = Occasions(Wanted(f"code:{WORKER}")).carrier(branch_world)
    await put(branch_world, occasion("a"))
    await carrier.carry_out()
    branch_world.clock.forward(hours=3)
    await deliver(branch_world)
    await carrier.carry_out()
    await deliver(branch_world)
    assert worker.all == []
    assert await state(branch_world, "a") == ("done", 1)
    assert "<a>, hẹn 08:30 02/03/2026: 1 người có thể chưa nhận được" in chair.all[-1].text


async def test_the_responsible_are_told_and_by_night_only_in_the_morning(branch_world: World) -> None:
    talks = {code: await branch_world.talk(code) for code in (CHAIR, COMMITTEE)}
    async with branch_world.database.read() as tx:
        responsible = await tx.scalar(select(member.c.id).where(member.c.code == COMMITTEE))
    carrier = Occasions(officers=[responsible]).carrier(branch_world)
    await put(branch_world, occasion("a"))
    branch_world.clock.set(datetime(2026, 3, 3, 16, 0, tzinfo=UTC))
    await carrier.carry_out()
    await deliver(branch_world)
    assert talks[COMMITTEE].all == []
    branch_world.clock.forward(hours=8)
    await deliver(branch_world)
    assert "<a>" in talks[COMMITTEE].all[-1].text
    assert talks[CHAIR].all == []


@pytest.mark.parametrize("change", [{"is_active": False}, {"unlinked": True}])
async def test_when_the_responsible_officer_has_left_the_chair_is_told(
    branch_world: World, change: dict[str, bool]
) -> None:
    chair = await branch_world.talk(CHAIR)
    if "is_active" in change:
        await branch_world.talk(COMMITTEE)
    async with branch_world.database.write() as tx:
        responsible = await tx.scalar(select(member.c.id).where(member.c.code == COMMITTEE))
        if "is_active" in change:
            await tx.run(update(member).where(member.c.code == COMMITTEE).values(is_active=False))
    carrier = Occasions(officers=[responsible]).carrier(branch_world)
    await put(branch_world, occasion("a"))
    branch_world.clock.forward(days=1)
    await carrier.carry_out()
    await deliver(branch_world)
    assert "<a>" in chair.all[-1].text


async def test_more_than_one_letter_can_name_are_counted(branch_world: World) -> None:
    chair = await branch_world.talk(CHAIR)
    carrier = Occasions().carrier(branch_world)
    await put(branch_world, *(occasion(f"o{number}") for number in range(12)))
    branch_world.clock.forward(days=1)
    await carrier.carry_out()
    await deliver(branch_world)
    assert "và 2 tin khác" in chair.all[-1].text
    assert "<o9>" in chair.all[-1].text


async def test_what_applies_no_more_is_cancelled(branch_world: World) -> None:
    worker = await branch_world.talk(WORKER)
    carrier = Occasions(applies=False).carrier(branch_world)
    await put(branch_world, occasion("a"))
    await carrier.carry_out()
    await deliver(branch_world)
    assert worker.all == []
    assert await state(branch_world, "a") == ("cancelled", 0)


async def test_a_kind_nobody_knows_is_cancelled(branch_world: World) -> None:
    carrier = Occasions().carrier(branch_world)
    await put(branch_world, jobs.NewJob("a", "from-tomorrow", START, START + timedelta(days=1)))
    await carrier.carry_out()
    assert await state(branch_world, "a") == ("cancelled", 0)


async def test_for_nobody_it_is_done_at_once(branch_world: World) -> None:
    carrier = Occasions(Wanted("code:ZZ99")).carrier(branch_world)
    await put(branch_world, occasion("a"))
    await carrier.carry_out()
    assert await state(branch_world, "a") == ("done", 0)
    assert await _rows(branch_world, "a") == {}


async def test_one_that_cannot_be_rendered_holds_up_no_other_and_is_tried_again(
    branch_world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    worker = await branch_world.talk(WORKER)
    occasions = Occasions(broken={"a"})
    carrier = occasions.carrier(branch_world)
    await put(branch_world, occasion("a"), occasion("b"))
    await carrier.carry_out()
    await deliver(branch_world)
    assert [shown.text for shown in worker.all] == ["This is b"]
    assert "ZeroDivisionError" in "".join(capsys.readouterr())
    occasions.broken.clear()
    branch_world.clock.forward(minutes=1)
    await carrier.carry_out()
    await deliver(branch_world)
    assert [shown.text for shown in worker.all] == ["This is b", "This is a"]


async def test_one_that_failed_while_the_clock_ran_ahead_does_not_wait_for_that_time(
    branch_world: World,
) -> None:
    worker = await branch_world.talk(WORKER)
    occasions = Occasions(broken={"a"})
    carrier = occasions.carrier(branch_world)
    await put(branch_world, occasion("a"))
    branch_world.clock.forward(hours=1)
    await carrier.carry_out()
    occasions.broken.clear()
    branch_world.clock.set(START)
    await carrier.carry_out()
    await deliver(branch_world)
    assert [shown.text for shown in worker.all] == ["This is a"]


async def test_one_that_could_not_be_rendered_in_time_is_missed_and_told(branch_world: World) -> None:
    chair = await branch_world.talk(CHAIR)
    carrier = Occasions(broken={"a"}).carrier(branch_world)
    await put(branch_world, occasion("a"))
    for _ in range(2):
        await carrier.carry_out()
        await deliver(branch_world)
        branch_world.clock.forward(hours=2)
    assert await state(branch_world, "a") == ("missed", 0)
    assert "<a>" in chair.all[-1].text


async def test_one_of_which_nothing_can_be_told_keeps_nobody_from_hearing_of_the_others(
    branch_world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    chair = await branch_world.talk(CHAIR)
    carrier = Occasions(nameless={"a"}).carrier(branch_world)
    await put(branch_world, occasion("a"), occasion("b"))
    branch_world.clock.forward(days=1)
    for _ in range(2):
        await carrier.carry_out()
        await deliver(branch_world)
    [told] = [shown.text for shown in chair.all]
    assert "• test, hẹn" in told
    assert "<b>" in told
    assert "job_untold" in "".join(capsys.readouterr())


async def test_whoever_could_not_be_put_in_in_time_may_not_have_got_it(branch_world: World) -> None:
    """The letter could be rendered when it was begun, and since then can't."""
    chair = await branch_world.talk(CHAIR)
    occasions = Occasions()
    await put(branch_world, occasion("a"))
    async with branch_world.database.write() as tx:
        [due] = await jobs.due(tx, branch_world.clock.now(), 1)
        await actions.start(branch_world.work(tx), {"test": occasions.kind()}, due.id)
    occasions.broken = {"a"}
    carrier = occasions.carrier(branch_world)
    for _ in range(3):
        await carrier.carry_out()
        await deliver(branch_world)
        branch_world.clock.forward(hours=1)
    assert await state(branch_world, "a") == ("done", 10)
    assert "<a>, hẹn 08:30 02/03/2026: 10 người có thể chưa nhận được" in chair.all[-1].text
    async with branch_world.database.read() as tx:
        assert not await jobs.has_work(tx, branch_world.clock.now())


async def test_a_plan_that_fails_holds_up_no_other_and_loses_nothing(
    branch_world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    spans: list[Span] = []
    is_broken = True

    async def broken(_work: Work, span: Span) -> None:
        if is_broken:
            raise ZeroDivisionError
        spans.append(span)

    async def plan(work: Work, _span: Span) -> None:
        await jobs.add(work.db, [occasion(f"at {work.now:%H:%M}")], work.now)

    carrier = Occasions().carrier(branch_world, broken, plan)
    is_broken = False
    await carrier.plan()
    is_broken = True
    for _ in range(2):
        branch_world.clock.forward(minutes=1)
        await carrier.plan()
    assert "plan_failed" in "".join(capsys.readouterr())
    async with branch_world.database.read() as tx:
        assert [each.key for each in await jobs.waiting(tx, 10)] == ["at 01:30", "at 01:31", "at 01:32"]
    is_broken = False
    await carrier.plan()
    assert [each.begin for each in spans] == [START, START]


async def test_a_clock_that_stood_in_another_century_plans_no_century(branch_world: World) -> None:
    spans: list[Span] = []

    async def plan(_work: Work, span: Span) -> None:
        spans.append(span)

    carrier = Occasions().carrier(branch_world, plan)
    branch_world.clock.set(datetime(1990, 1, 1, tzinfo=UTC))
    await carrier.plan()
    branch_world.clock.set(START)
    await carrier.plan()
    # It had run ahead, and was set right.
    branch_world.clock.set(datetime(2090, 1, 1, tzinfo=UTC))
    await carrier.plan()
    branch_world.clock.set(START)
    await carrier.plan()
    begins = [each.begin for each in spans]
    assert begins[1] == START - actions.FARTHEST_BACK
    assert begins[3] == START
    assert all(each.begin < each.end for each in spans)


async def test_one_that_nobody_wanted_is_not_missed(branch_world: World) -> None:
    chair = await branch_world.talk(CHAIR)
    carrier = Occasions(Wanted("code:ZZ99")).carrier(branch_world)
    await put(branch_world, occasion("a"))
    branch_world.clock.forward(days=1)
    await carrier.carry_out()
    await deliver(branch_world)
    assert await state(branch_world, "a") == ("done", 0)
    assert chair.all == []


async def test_one_that_is_called_off_while_it_is_sent_goes_to_nobody_else(branch_world: World) -> None:
    worker = await branch_world.talk(WORKER)
    occasions = Occasions()
    carrier = occasions.carrier(branch_world)
    await put(
        branch_world, occasion("a", subject=5), occasion("b", subject=5, due=START + timedelta(hours=1))
    )
    await carrier.carry_out()
    async with branch_world.database.write() as tx:
        assert await jobs.cancel(tx, "test", 5, branch_world.clock.now()) == 2
    await deliver(branch_world)
    await carrier.carry_out()
    assert worker.all == []
    assert await state(branch_world, "a") == ("cancelled", 0)
    assert await state(branch_world, "b") == ("cancelled", 0)
    assert await _rows(branch_world, "a") == {"cancelled": 1, "unreachable": 9}


async def test_one_that_stops_to_apply_while_recipients_are_put_in_is_called_off(branch_world: World) -> None:
    worker = await branch_world.talk(WORKER)
    occasions = Occasions()
    await put(branch_world, occasion("a"))
    async with branch_world.database.write() as tx:
        [due] = await jobs.due(tx, branch_world.clock.now(), 1)
        kind = occasions.kind()
        await actions.start(branch_world.work(tx), {"test": kind}, due.id)
    occasions.applies = False
    await occasions.carrier(branch_world).carry_out()
    await deliver(branch_world)
    assert worker.all == []
    assert await state(branch_world, "a") == ("cancelled", 0)


async def test_two_jobs_of_one_occasion_reach_nobody_twice(branch_world: World) -> None:
    worker = await branch_world.talk(WORKER)
    carrier = Occasions().carrier(branch_world)
    await put(
        branch_world, occasion("a:7", of="a"), occasion("a:8", of="a", due=START + timedelta(minutes=5))
    )
    for _ in range(2):
        await carrier.carry_out()
        await deliver(branch_world)
        branch_world.clock.forward(minutes=5)
    assert [shown.text for shown in worker.all] == ["This is a:7"]


async def test_while_the_clock_cannot_be_believed_nothing_happens(branch_world: World) -> None:
    kind = Occasions().kind()
    steady = False
    carrier = Carrier(
        branch_world.database,
        branch_world.services,
        branch_world.clock,
        branch_world.delivery.wake,
        lambda: steady,
        kinds={"test": kind},
        plans=(),
    )
    await put(branch_world, occasion("a"))
    branch_world.clock.forward(days=30)
    await carrier.plan()
    await carrier.carry_out()
    assert await state(branch_world, "a") == ("waiting", 0)
    branch_world.clock.set(START)
    steady = True
    await carrier.carry_out()
    assert (await state(branch_world, "a"))[0] == "done"


async def _chose(world: World, code: str, **values: object) -> None:
    async with world.database.write() as tx:
        member_id = await tx.scalar(select(member.c.id).where(member.c.code == code))
        await tx.run(preference.insert().values(member_id=member_id, changed_at=START, **values))


async def test_quiet_hours_are_waited_for_and_nobody_else_waits(branch_world: World) -> None:
    quiet, other = await branch_world.talk(WORKER), await branch_world.talk(OTHER_LEADER)
    await _chose(branch_world, WORKER, quiet_from=22, quiet_until=10)
    await _chose(branch_world, OTHER_LEADER, quiet_from=9, quiet_until=10)
    carrier = Occasions().carrier(branch_world)
    await put(branch_world, occasion("a"))
    await carrier.carry_out()
    await deliver(branch_world)
    assert quiet.all == []
    assert [shown.text for shown in other.all] == ["This is a"]
    branch_world.clock.forward(minutes=89)
    await deliver(branch_world)
    assert quiet.all == []
    branch_world.clock.forward(minutes=1)
    await deliver(branch_world)
    assert [shown.text for shown in quiet.all] == ["This is a"]


async def test_whoever_is_left_alone_until_it_is_too_late_gets_none_and_is_not_late(
    branch_world: World,
) -> None:
    talk = await branch_world.talk(WORKER)
    await _chose(branch_world, WORKER, quiet_from=8, quiet_until=16)
    carrier = Occasions().carrier(branch_world)
    await put(branch_world, occasion("a"))
    await carrier.carry_out()
    branch_world.clock.forward(hours=10)
    await deliver(branch_world)
    await carrier.carry_out()
    assert talk.all == []
    assert await state(branch_world, "a") == ("done", 0)
    assert await _rows(branch_world, "a") == {"cancelled": 1, "unreachable": 9}


async def test_who_moves_to_another_account_gets_it_there_once(branch_world: World) -> None:
    first = await branch_world.talk(WORKER)
    carrier = Occasions().carrier(branch_world)
    await put(branch_world, occasion("a"))
    async with branch_world.database.write() as tx:
        await tx.run(update(account).values(unreachable="blocked"))
    await branch_world.link("direct", "new-phone", WORKER)
    await carrier.carry_out()
    await deliver(branch_world)
    assert first.all == []
    assert [each.text for each in branch_world.stranger("new-phone").all] == ["This is a"]


async def test_what_may_have_arrived_is_not_sent_again_and_counted(branch_world: World) -> None:
    chair, worker = await branch_world.talk(CHAIR), await branch_world.talk(WORKER)
    carrier = Occasions(Wanted(f"code:{WORKER}")).carrier(branch_world)
    await put(branch_world, occasion("a"))
    await carrier.carry_out()
    branch_world.channel.receipts = [Unknown("no answer")]
    for _ in range(3):
        await deliver(branch_world)
        await carrier.carry_out()
        branch_world.clock.forward(minutes=2)
    await deliver(branch_world)
    assert worker.all == []
    assert await state(branch_world, "a") == ("done", 1)
    assert "1 người có thể chưa nhận được" in chair.all[-1].text


async def test_what_a_killed_program_had_claimed_is_not_sent_again(branch_world: World) -> None:
    worker = await branch_world.talk(WORKER)
    carrier = Occasions(Wanted(f"code:{WORKER}")).carrier(branch_world)
    await put(branch_world, occasion("a"))
    await carrier.carry_out()
    async with branch_world.database.write() as tx:
        [message] = await shared.open_messages(tx)
        claimed = await shared.claim(tx, message, "direct", 100, branch_world.clock.now())
        assert len(claimed.to_send) == 1
    branch_world.clock.forward(minutes=2)
    async with branch_world.database.write() as tx:
        await shared.release(tx, ["direct"], branch_world.clock.now())
    await deliver(branch_world)
    await carrier.carry_out()
    assert worker.all == []
    assert await state(branch_world, "a") == ("done", 1)


async def test_a_letter_claimed_in_time_whose_turn_comes_too_late_stays_here(branch_world: World) -> None:
    worker = await branch_world.talk(WORKER)
    carrier = Occasions(Wanted(f"code:{WORKER}")).carrier(branch_world)
    await put(branch_world, occasion("a", lasts=timedelta(seconds=20)))
    await carrier.carry_out()
    [lane] = branch_world.delivery._bulk
    await lane._look()
    assert await lane._claim()
    branch_world.clock.forward(seconds=20)
    assert lane._take_at_once() is None
    await deliver(branch_world)
    assert worker.all == []
    assert await _rows(branch_world, "a") == {"expired": 1}


async def test_letters_of_one_persons_own_wait_for_their_quiet_hours_as_well(branch_world: World) -> None:
    quiet, other = await branch_world.talk(WORKER), await branch_world.talk(OTHER_LEADER)
    await _chose(branch_world, WORKER, quiet_from=8, quiet_until=10)
    async with branch_world.database.write() as tx:
        await publish(branch_world.work(tx), None, "du-lieu-ca-nhan")
    async with branch_world.database.write() as tx:
        await push_first_cards(branch_world.work(tx), 100)
    await deliver(branch_world)
    assert quiet.all == []
    assert len(other.all) == 1
    branch_world.clock.forward(minutes=90)
    await deliver(branch_world)
    assert len(quiet.all) == 1


@pytest.mark.parametrize(("is_urgent", "comes"), [(False, 0), (True, 1)])
async def test_announcements_wait_for_quiet_hours_unless_they_are_urgent(
    branch_world: World, *, is_urgent: bool, comes: int
) -> None:
    talk = await branch_world.talk(WORKER)
    await _chose(branch_world, WORKER, quiet_from=8, quiet_until=10)
    async with branch_world.database.write() as tx:
        draft = announce.Draft(Markup("Mai họp."), is_urgent=is_urgent)
        await announce.announce(branch_world.work(tx), None, draft)
    await put_in(branch_world)
    await deliver(branch_world)
    assert len(talk.all) == comes
    branch_world.clock.forward(minutes=90)
    await deliver(branch_world)
    assert len(talk.all) == 1
