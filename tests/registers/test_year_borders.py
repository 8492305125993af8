"""Decisions around New Year: in which year they count, whenever they were entered."""

from datetime import UTC, date, datetime

import pytest

from handlers.registers.admission import actions
from storage.registers import admissions
from tests.registers.office import DECISION, RECRUIT, begun, do
from tests.world import ZONE, World

# New Year in Vietnam, and half an hour before and after it.
BEFORE, AFTER = datetime(2026, 12, 31, 16, 30, tzinfo=UTC), datetime(2026, 12, 31, 17, 30, tzinfo=UTC)
LATER = datetime(2027, 1, 5, 3, tzinfo=UTC)


async def _shares(world: World) -> dict[int, tuple[int, int]]:
    found = {}
    async with world.database.read() as tx:
        for year in (2026, 2027, 2028):
            share = await admissions.admitted(tx, date(year, 1, 1), date(year, 12, 31), ZONE)
            found[year] = (share.part, share.whole)
    return found


@pytest.mark.parametrize(
    ("entered_at", "decided_on", "shares"),
    [
        (BEFORE, date(2026, 12, 31), {2026: (1, 2), 2027: (0, 1), 2028: (0, 1)}),
        (AFTER, date(2027, 1, 1), {2026: (0, 2), 2027: (1, 2), 2028: (0, 1)}),
        # In January the old year's last decisions are entered: they are the old year's.
        (AFTER, date(2026, 12, 31), {2026: (1, 2), 2027: (0, 1), 2028: (0, 1)}),
        (LATER, date(2026, 12, 30), {2026: (1, 2), 2027: (0, 1), 2028: (0, 1)}),
    ],
)
async def test_a_decision_counts_from_its_own_day(
    branch_world: World, entered_at: datetime, decided_on: date, shares: dict[int, tuple[int, int]]
) -> None:
    found = await begun(branch_world, RECRUIT)
    branch_world.clock.set(entered_at)
    await do(branch_world, lambda work: actions.note_signed(work, None, found.id, date(2026, 12, 29)))
    await do(branch_world, lambda work: actions.admit(work, None, found.id, DECISION, decided_on))
    assert await _shares(branch_world) == shares
