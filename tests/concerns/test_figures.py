"""Windows are counted once, and nothing that happens later changes what is seen of them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, func, insert, select, update

from bot.concerns import Traces
from bot.jobs.concerns import ConcernRounds
from bot.jobs.numbers import Numbers
from handlers.concerns import figures
from handlers.concerns.figures import Figures, Share
from handlers.kit.suppression import Bounds
from storage.concerns import figures as kept_figures
from storage.schema.concerns import concern_case, concern_figures
from tests.concerns.counting import WEEKS, YEAR
from tests.concerns.place import Place, draft
from tests.world import World

WEEK = timedelta(weeks=1)
# The Mondays on which a quarter, and with the fourth the year, is due.
DUE = [date(2026, 5, 4), date(2026, 8, 3), date(2026, 11, 2), date(2027, 2, 1)]


@pytest.fixture(autouse=True)
def quarters(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' people are few, and have quarters all the same."""
    monkeypatch.setattr(figures, "QUARTERS_FROM", 5)


async def came(
    world: World, week: date, category: str, number: int, *, answered: bool = True, said: int | None = None
) -> None:
    """So many concerns of that week, answered a week later."""
    async with world.database.write() as tx:
        for _ in range(number):
            values = {
                "id": world.services.chance.token(16),
                "week": week,
                "category": category,
                "state": "new",
                "due_on": week + 2 * WEEK,
                "first_answer_week": week + WEEK if answered else None,
                "answered_in_time": True if answered else None,
                "satisfaction": said,
                "destroyed_after": date(2027, 6, 1),
            }
            await tx.run(insert(concern_case), values)


async def counted(world: World, day: date) -> int:
    world.clock.set(datetime(day.year, day.month, day.day, 3, tzinfo=UTC))
    async with world.database.write() as tx:
        return await figures.freeze(world.work(tx))


async def seen(world: World, year: int = YEAR) -> dict[str, Figures]:
    async with world.database.read() as tx:
        return {each.window.name: each for each in await figures.of_year(world.work(tx), year)}


async def a_year(world: World) -> None:
    for week in WEEKS[::13]:
        await came(world, week, "pay", 20, said=3)
        await came(world, week, "hours", 12, said=2)
        await came(world, week, "safety", 4, answered=False)
        await came(world, week, "rules", 3)


async def test_each_window_is_counted_when_it_is_due_and_not_before(branch_world: World) -> None:
    await a_year(branch_world)
    before = DUE[0] - timedelta(days=1)
    # Of the years before nothing is known, which looks like any year with few concerns.
    assert await counted(branch_world, before) == 10
    assert not any(each.is_counted for each in (await seen(branch_world)).values())
    for day, number in zip(DUE, (1, 1, 1, 2), strict=True):
        assert await counted(branch_world, day) == number
        assert await counted(branch_world, day) == 0
    found = await seen(branch_world)
    assert all(each.is_counted for each in found.values())
    first, year = found["2026-1"], found["2026"]
    assert first.total == 39
    assert (first.categories["pay"], first.categories["hours"], first.others) == (20, 12, 7)
    assert {first.categories[key] for key in ("safety", "rules", "ideas")} == {None}
    assert first.answers == {"in_time": None, "late": None, "none": None}
    assert first.in_time == first.answered == Share(87, 100)
    # Four categories had none, and nobody said that it didn't help: one more is hidden with these.
    assert (year.total, list(year.categories.values()).count(None)) == (156, 5)
    assert list(year.satisfactions.values()).count(None) == 2
    shown = sum(number or 0 for number in year.categories.values())
    assert year.others == 156 - shown


async def test_what_happens_later_changes_nothing_that_is_seen(branch_world: World) -> None:
    await a_year(branch_world)
    for day in DUE:
        await counted(branch_world, day)
    found = await seen(branch_world)
    async with branch_world.database.write() as tx:
        one = await tx.scalar(select(func.min(concern_case.c.id)))
        await tx.run(
            update(concern_case).where(concern_case.c.id != one).values(satisfaction=1, merged_into=one)
        )
        await tx.run(delete(concern_case).where(concern_case.c.category == "pay"))
    assert await counted(branch_world, DUE[-1] + WEEK) == 0
    assert await seen(branch_world) == found
    # Counted anew it would be another: the difference of two looks would tell what happened.
    async with branch_world.database.write() as tx:
        await tx.run(delete(concern_figures))
    await counted(branch_world, DUE[-1] + WEEK)
    assert await seen(branch_world) != found


async def test_what_is_not_shown_stands_nowhere(branch_world: World) -> None:
    await a_year(branch_world)
    for day in DUE:
        await counted(branch_world, day)
    async with branch_world.database.read() as tx:
        kept = await kept_figures.kept(tx, ["2026-1", "2026"])
    assert kept["2026-1"].seed is None
    assert kept["2026-1"].shown == {
        "total": (39, 39),
        "category/pay": (20, 20),
        "category/hours": (12, 12),
        "answer/in_time": (34, None),
        "answer/none": (0, 5),
    }
    assert all(Bounds(5, None).hold(low) for low, _ in kept["2026"].shown.values())


async def test_a_branch_restored_from_a_backup_shows_the_same_again(branch_world: World) -> None:
    """The order by chance was there before it was counted."""
    for key in ("pay", "hours", "safety", "welfare"):
        await came(branch_world, WEEKS[0], key, 5)
    await came(branch_world, WEEKS[0], "rules", 1)
    await counted(branch_world, DUE[0] - WEEK)
    async with branch_world.database.read() as tx:
        seed = (await kept_figures.kept(tx, ["2026-1"]))["2026-1"].seed
    assert seed is not None
    await counted(branch_world, DUE[0])
    found = await seen(branch_world)
    async with branch_world.database.write() as tx:
        await tx.run(update(concern_figures).values(seed=seed, shown={}))
    await counted(branch_world, DUE[0] + WEEK)
    assert await seen(branch_world) == found


async def test_a_small_branch_has_years_only(branch_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "QUARTERS_FROM", 11)
    await a_year(branch_world)
    for day in DUE:
        await counted(branch_world, day)
    *quarters, year = (await seen(branch_world)).values()
    assert all(each.is_counted and each.total is None and each.answered is None for each in quarters)
    assert year.total == 156


async def test_a_category_that_nobody_can_choose_any_more_is_shown_still(branch_world: World) -> None:
    await came(branch_world, WEEKS[0], "former", 9)
    await came(branch_world, WEEKS[0], "pay", 4)
    await came(branch_world, WEEKS[0], "hours", 4)
    await counted(branch_world, DUE[0])
    assert (await seen(branch_world))["2026-1"].categories["former"] == 9


async def test_shares_are_rounded_to_where_they_are_true(branch_world: World) -> None:
    await came(branch_world, WEEKS[0], "pay", 20)
    await came(branch_world, WEEKS[0], "hours", 10, answered=False)
    async with branch_world.database.write() as tx:
        hours = concern_case.c.category == "hours"
        await tx.run(
            update(concern_case).where(hours).values(first_answer_week=WEEKS[2], answered_in_time=False)
        )
    await came(branch_world, WEEKS[13], "pay", 7)
    await came(branch_world, WEEKS[13], "pay", 7, answered=False)
    await came(branch_world, WEEKS[13], "hours", 7, answered=False)
    async with branch_world.database.write() as tx:
        late = concern_case.c.category == "hours"
        changed = update(concern_case).where(late, concern_case.c.week == WEEKS[13])
        await tx.run(changed.values(first_answer_week=WEEKS[15], answered_in_time=False))
    await counted(branch_world, DUE[1])
    found = await seen(branch_world)
    # None are unanswered, so the late ones can't be told either, or what remained would be known to be none.
    assert found["2026-1"].in_time is not None
    assert found["2026-2"].answers == {"in_time": 7, "late": 7, "none": 7}
    assert (found["2026-2"].answered, found["2026-2"].in_time) == (Share(67, 67), Share(33, 33))


async def test_what_people_hand_in_is_counted_by_the_round(place: Place) -> None:
    for _ in range(6):
        await place.submit(draft(place.world))
    place.world.clock.set(datetime(2026, 5, 4, 3, tzinfo=UTC))
    world = place.world
    rounds = ConcernRounds(
        world.database,
        world.services,
        world.clock,
        lambda: world.clock.now().timestamp(),
        room=place.room,
        traces=Traces(world.database),
        numbers=Numbers(world.database, world.clock, lambda: 0),
        push=lambda *_: None,
    )
    [look] = [each for each in rounds.looks() if each.name == "keep concerns"]
    await look.run()
    assert not (await seen(world))["2026-1"].is_counted
    world.clock.forward(days=1)
    await look.run()
    assert (await seen(world))["2026-1"].total == 6
