"""Collective agreements, and the conferences that meetings and duties know of."""

from datetime import date, timedelta

import pytest

from handlers.duties import actions as duties
from handlers.kit.errors import RefusedError, StaleError
from handlers.registers.agreements import actions
from storage.meetings import Kind
from storage.registers import events
from storage.registers.events import Agreement
from tests.duties.office import CONFERENCE, Office
from tests.registers.office import TODAY, do
from tests.world import World

NUMBER = "01/TƯLĐTT"


async def _note(world: World, signed_on: date, valid_until: date, number: str = NUMBER) -> Agreement:
    return await do(world, lambda work: actions.note(work, None, number, signed_on, valid_until))


async def test_the_one_that_holds(branch_world: World) -> None:
    await _note(branch_world, date(2022, 5, 1), date(2024, 4, 30), "cũ")
    await _note(branch_world, date(2024, 3, 1), date(2026, 3, 2))
    async with branch_world.database.read() as tx:
        found = [(await events.agreement(tx, day)) for day in (date(2022, 4, 30), date(2024, 3, 15), TODAY)]
        after = await events.agreement(tx, TODAY + timedelta(days=1))
    assert [each.number if each else None for each in found] == [None, NUMBER, NUMBER]
    assert after is None
    standing = await do(branch_world, actions.look)
    assert [each.number for each in standing.agreements] == [NUMBER, "cũ"]


@pytest.mark.parametrize(
    ("number", "signed_on", "until", "why"),
    [
        ("", TODAY, TODAY, "length"),
        (NUMBER, TODAY + timedelta(days=1), TODAY + timedelta(days=9), "day_out_of_reach"),
        (NUMBER, TODAY, TODAY - timedelta(days=1), "end_out_of_reach"),
        (NUMBER, TODAY, date(2036, 3, 3), "end_out_of_reach"),
    ],
)
async def test_what_is_refused(
    branch_world: World, number: str, signed_on: date, until: date, why: str
) -> None:
    with pytest.raises(RefusedError, match=why):
        await _note(branch_world, signed_on, until, number)


async def test_one_a_day_and_a_wrong_one_is_removed(branch_world: World) -> None:
    found = await _note(branch_world, TODAY, TODAY)
    with pytest.raises(RefusedError, match="agreement_there"):
        await _note(branch_world, TODAY, TODAY)
    await do(branch_world, lambda work: actions.remove(work, found.id))
    with pytest.raises(StaleError):
        await do(branch_world, lambda work: actions.remove(work, found.id))


async def test_conferences_come_from_meetings_and_duties(branch_world: World) -> None:
    office = Office(branch_world)
    await office.refresh()
    held = await office.meet(Kind.CONFERENCE, date(2026, 3, 10))
    cancelled = await office.meet(Kind.CONFERENCE, date(2026, 3, 20))
    await office.call_off(cancelled)
    await office.meet(Kind.COMMITTEE, date(2026, 3, 12))
    await office.meet(Kind.CONFERENCE, date(2026, 9, 1))
    assert (await do(branch_world, actions.look)).conferences == []
    office.go_to(date(2026, 4, 1))
    assert held
    assert (await do(branch_world, actions.look)).conferences == [date(2026, 3, 10)]
    duty = await office.id_of(CONFERENCE)
    await office.act(duties.note_done, duty, date(2026, 3, 11))
    assert (await do(branch_world, actions.look)).conferences == [date(2026, 3, 10), date(2026, 3, 11)]


async def test_when_the_duty_of_an_agreement_was_done(branch_world: World) -> None:
    office = Office(branch_world)
    await office.refresh()
    duty = await office.id_of(events.AGREEMENT)
    await office.act(duties.note_done, duty, TODAY)
    async with branch_world.database.read() as tx:
        assert await events.agreement_done(tx, date(2026, 1, 1), TODAY) == [TODAY]
        assert await events.agreement_done(tx, date(2026, 1, 1), TODAY - timedelta(days=1)) == []


def test_the_slugs_are_those_of_the_duties(branch_world: World) -> None:
    rules = branch_world.services.duties.rules
    assert {events.CONFERENCE, events.AGREEMENT} <= set(rules)
