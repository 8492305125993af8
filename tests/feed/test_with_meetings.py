"""Meetings as officers call, move and cancel them, on the telephone of somebody invited."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.meetings import actions, changes
from handlers.meetings.actions import Wish
from handlers.meetings.changes import Edit
from storage import meeting_dates
from storage.meeting_dates import Occurrence
from storage.meetings import Kind
from tests.feed.keeping import calendar_of, subscribed
from tests.feed.series import parsed, shown
from tests.people import WORKER
from tests.world import World

RULES = [
    (None, datetime(2026, 3, 9, 8, 30)),  # noqa: DTZ001 - on the wall
    ("RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=6", datetime(2026, 3, 9, 8, 30)),  # noqa: DTZ001
    ("RRULE:FREQ=MONTHLY;BYDAY=1MO;UNTIL=20261231", datetime(2026, 4, 6, 8, 30)),  # noqa: DTZ001
    ("LUNAR:MONTHLY;DAY=15", datetime(2026, 4, 2, 8, 30)),  # noqa: DTZ001
]


async def _call(world: World, rule: str | None, starts: datetime) -> int:
    wish = Wish(
        uid="a1",
        kind=Kind.GROUP,
        title="Họp tổ",
        starts=starts,
        minutes=60,
        place="Phòng 201",
        audience="all",
        recurrence=rule,
    )
    async with world.database.write() as tx:
        return (await actions.call(world.work(tx), None, wish)).meeting.id


async def _held(world: World, meeting_id: int) -> list[Occurrence]:
    async with world.database.read() as tx:
        return [each for each in await meeting_dates.dates_of(tx, meeting_id) if not each.is_cancelled]


async def _check(world: World, token: str, meeting_id: int) -> None:
    """The telephone shows the dates that are kept; of a rule that goes on, those later ones too."""
    held = await _held(world, meeting_id)
    text = await calendar_of(world, token)
    until = max((each.ends_at for each in held), default=datetime(2028, 1, 1, tzinfo=UTC))
    seen = [(each.begin, each.end) for each in shown(parsed(text or ""), until)]
    assert seen == sorted((each.starts_at, each.ends_at) for each in held)


@pytest.mark.parametrize(("rule", "starts"), RULES)
async def test_a_telephone_follows_every_change(
    branch_world: World, rule: str | None, starts: datetime
) -> None:
    token = await subscribed(branch_world, WORKER)
    meeting_id = await _call(branch_world, rule, starts)
    await _check(branch_world, token, meeting_id)
    first, *others = await _held(branch_world, meeting_id)
    async with branch_world.database.write() as tx:
        await changes.move_date(branch_world.work(tx), Edit(first.id), starts + timedelta(days=1), 90)
    await _check(branch_world, token, meeting_id)
    if others:
        async with branch_world.database.write() as tx:
            work = branch_world.work(tx)
            await changes.move_series(work, Edit(others[0].id), starts.replace(hour=14), 45)
            await changes.cancel_date(work, Edit(others[1].id))
        await _check(branch_world, token, meeting_id)
        branch_world.clock.set(others[2].ends_at + timedelta(hours=12))
        await _check(branch_world, token, meeting_id)
    else:
        branch_world.clock.forward(hours=1)
    async with branch_world.database.write() as tx:
        last = (await meeting_dates.dates_of(tx, meeting_id))[-1]
        await changes.cancel_series(branch_world.work(tx), Edit(last.id))
    await _check(branch_world, token, meeting_id)
    assert len(await _held(branch_world, meeting_id)) == (3 if others else 0)
