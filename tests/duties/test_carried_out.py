"""Reminders carried out by the program itself, from the plan to the button in the officer's chat."""

from datetime import date

import pytest

from bot.jobs.carrier import Carrier
from handlers.duties import letters, planning
from tests.duties.office import Office
from tests.jobs.occasions import deliver
from tests.people import CELL, CHAIR, COMMITTEE, WORKER


@pytest.fixture
def carrier(office: Office) -> Carrier:
    world = office.world
    return Carrier(
        world.database,
        world.services,
        world.clock,
        world.delivery.wake,
        kinds={letters.JOB.name: letters.JOB},
        plans=(planning.plan,),
    )


async def look(office: Office, carrier: Carrier) -> None:
    await carrier.plan()
    await carrier.carry_out()
    await deliver(office.world)
    await carrier.carry_out()


async def test_whoever_is_responsible_gets_it_once_and_opens_the_duty(
    office: Office, carrier: Carrier
) -> None:
    talks = {code: await office.world.talk(code) for code in (CHAIR, COMMITTEE, CELL, WORKER)}
    await look(office, carrier)
    office.go_to(date(2026, 3, 17))
    for _ in range(3):
        await look(office, carrier)
    for code in (CHAIR, COMMITTEE):
        (shown,) = talks[code].new
        assert "Còn 14 ngày đến hạn 31/03/2026 của nhiệm vụ Hội nghị người lao động" in shown.text
    assert talks[CELL].new == talks[WORKER].new == []
    await talks[CHAIR].taps("Mở nhiệm vụ")
    talks[CHAIR].sees("Hội nghị người lao động, năm 2026", "3 tháng sau khi hết năm tài chính")
    await talks[CHAIR].taps("Hôm nay đã xong")
    # The week before says nothing of what is done.
    talks[COMMITTEE].look()
    office.go_to(date(2026, 3, 24))
    await look(office, carrier)
    assert talks[COMMITTEE].new == []


async def test_what_came_too_late_is_told_and_what_still_matters_is_sent(
    office: Office, carrier: Carrier
) -> None:
    chair = await office.world.talk(CHAIR)
    await look(office, carrier)
    # Off from before the 17th until after the 24th.
    office.go_to(date(2026, 3, 25), 9)
    await look(office, carrier)
    chair.sees("Còn 6 ngày đến hạn 31/03/2026", "Nhắc nhiệm vụ: Hội nghị người lao động, năm 2026")
    chair.misses("Còn 14 ngày", "Còn 7 ngày")
    assert len(chair.new) == 2
