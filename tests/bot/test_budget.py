"""A month's messages are counted whatever happens, and those who may use the last of them are told apart."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.config import Settings
from bot.delivery.budget import Budget, level_of, may_go
from bot.jobs.budgets import BudgetRounds
from storage import budgets
from storage.database import Database, open_database
from storage.outbox import Priority
from tests.people import CHAIR, WORKER
from tests.talk import Talk
from tests.world import START, ZONE, SetClock, World

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
CHANNEL = "zalo_bot"
NOT_REPLIES = [Priority.URGENT, Priority.NORMAL, Priority.BULK]


def _budget(database: Database, clock: SetClock, monthly: int = 100) -> Budget:
    return Budget(database, clock, ZONE, CHANNEL, monthly)


async def _stored(database: Database, month: date = MARCH) -> int:
    async with database.read() as tx:
        return await budgets.sent(tx, CHANNEL, month)


# Who may send.


@given(st.sampled_from(Priority), st.integers(0, 10_000), st.integers(1, 10), st.integers(1, 5_000))
def test_the_rule(priority: Priority, sent: int, parts: int, monthly: int) -> None:
    may = may_go(priority, sent, parts, monthly)
    match priority:
        case Priority.REPLY:
            assert may
        case Priority.URGENT:
            assert may == (sent + parts <= monthly)
        case _:
            assert may == (sent + parts <= monthly * 0.9)
    assert may_go(priority, sent, parts, 0)
    # Whoever may send, may send less; and what is more urgent goes where this goes.
    assert not may or may_go(priority, max(sent - 1, 0), parts, monthly)
    assert not may or all(may_go(each, sent, parts, monthly) for each in Priority if each < priority)


@given(st.integers(0, 10_000), st.integers(0, 5_000))
def test_a_level_is_reached_with_its_share(sent: int, monthly: int) -> None:
    level = level_of(sent, monthly)
    assert level in {0, 70, 90, 100}
    assert not level or sent / monthly >= level / 100
    assert not monthly or (level == 100) == (sent >= monthly)


async def test_the_last_tenth_is_kept_for_what_is_urgent(database: Database, clock: SetClock) -> None:
    budget = _budget(database, clock)
    assert not budget.is_spent
    budget.count(89)
    assert [budget.may_send(each, 1) for each in NOT_REPLIES] == [True, True, True]
    assert [budget.may_send(each, 2) for each in NOT_REPLIES] == [True, False, False]
    budget.count(11)
    assert [budget.may_send(each, 1) for each in NOT_REPLIES] == [False, False, False]
    assert budget.may_send(Priority.REPLY, 3)
    assert budget.is_spent


async def test_without_a_limit_it_is_counted_all_the_same(database: Database, clock: SetClock) -> None:
    budget = _budget(database, clock, monthly=0)
    budget.count(5_000)
    assert budget.may_send(Priority.BULK, 9)
    assert not budget.is_spent
    await budget.flush()
    assert await _stored(database) == 5_000


# What is counted.


async def test_nothing_is_written_before_its_time(database: Database, clock: SetClock) -> None:
    budget = _budget(database, clock)
    budget.count(2)
    budget.count(1)
    assert await _stored(database) == 0
    assert budget.sent == 3
    await budget.flush()
    await budget.flush()
    assert await _stored(database) == 3
    assert budget.sent == 3


async def test_a_program_that_starts_goes_on_from_there(database: Database, clock: SetClock) -> None:
    earlier = _budget(database, clock)
    earlier.count(85)
    await earlier.close()
    later = _budget(database, clock)
    await later.load()
    assert not later.may_send(Priority.BULK, 6)
    later.count(4)
    await later.flush()
    assert await _stored(database) == 89


async def test_what_no_row_tells_of_is_written_when_its_week_is_over(
    database: Database, clock: SetClock
) -> None:
    """With the rest of it, and until then nobody sees it but who sends; the program's end loses it."""
    budget = _budget(database, clock)
    budget.count(5)
    budget.count(84, ephemeral=True)
    await budget.flush()
    assert (budget.sent, budget.tellable, await _stored(database)) == (89, 5, 5)
    assert not budget.may_send(Priority.BULK, 2)
    clock.forward(days=7)
    budget.count(2, ephemeral=True)
    await budget.flush()
    assert await _stored(database) == 89
    await budget.close()
    assert (budget.sent, await _stored(database)) == (91, 89)


async def test_a_month_begins_at_the_branchs_midnight_and_leaves_the_last_one_whole(
    database: Database, clock: SetClock
) -> None:
    clock.set(datetime(2026, 3, 31, 16, 59, tzinfo=UTC))
    budget = _budget(database, clock)
    budget.count(100)
    clock.forward(minutes=1)
    assert budget.sent == 0
    budget.count(7)
    await budget.flush()
    assert (await _stored(database, MARCH), await _stored(database, APRIL)) == (100, 7)
    async with database.read() as tx:
        assert await budgets.sent_by_all(tx, APRIL) == {CHANNEL: 7}


async def test_what_cannot_be_written_is_kept(clock: SetClock, sqlite_url: str) -> None:
    gone = open_database("postgresql://postgres@127.0.0.1:9/nowhere")
    budget = _budget(gone, clock)
    budget.count(95)
    await budget.close()
    await gone.close()
    budget._database = database = open_database(sqlite_url)
    await budget.flush()
    assert (budget.sent, await _stored(database)) == (95, 95)
    await database.close()


def test_channels_that_are_on_have_a_budget() -> None:
    assert Settings.model_construct().monthly == {}
    account = {"zalo_oa_app_id": "4096", "zalo_oa_secret_key": "a", "zalo_oa_webhook_key": "b"}
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        zalo_bot_token="1:a",  # type: ignore[arg-type]
        public_url="https://chi-nhanh.example",
        **account,  # type: ignore[arg-type]
    )
    assert settings.monthly == {"zalo_bot": 3_000, "zalo_oa": 0}


# What the chair hears.


async def _rounds(world: World, monthly: int = 1_000) -> tuple[Budget, BudgetRounds]:
    """As after a start of the program."""
    budget = _budget(world.database, world.clock, monthly)
    await budget.load()
    rounds = BudgetRounds(world.database, world.services, world.clock, world.delivery.wake, [budget])
    return budget, rounds


async def _warned(world: World, rounds: BudgetRounds, chair: Talk) -> list[str]:
    chair.look()
    for _ in range(2):
        await rounds.warn()
        await world.deliver()
    return [shown.text for shown in chair.new]


async def test_the_chair_is_told_of_each_level_once(branch_world: World) -> None:
    chair, worker = await branch_world.talk(CHAIR), await branch_world.talk(WORKER)
    budget, rounds = await _rounds(branch_world)
    budget.count(699)
    assert await _warned(branch_world, rounds, chair) == []
    budget.count(1)
    [first] = await _warned(branch_world, rounds, chair)
    assert "Số tin tháng 3 của bot Zalo đã dùng 70%" in first
    assert "Đã gửi 700 trên 1.000 tin" in first
    await rounds.write()
    _, after_restart = await _rounds(branch_world)
    assert await _warned(branch_world, after_restart, chair) == []
    # A warning would tell when it was that somebody talked in private.
    budget.count(200, ephemeral=True)
    assert await _warned(branch_world, rounds, chair) == []
    budget.count(200)
    [second] = await _warned(branch_world, rounds, chair)
    assert "chỉ còn gửi tin khẩn và trả lời" in second
    budget.count(100)
    [third] = await _warned(branch_world, rounds, chair)
    assert "Số tin tháng 3 của bot Zalo đã dùng hết" in third
    assert "CAUNOI_ZALO_BOT_MONTHLY" in third
    assert worker.all == []


async def test_a_bigger_plan_and_another_month_have_levels_of_their_own(branch_world: World) -> None:
    chair = await branch_world.talk(CHAIR)
    budget, rounds = await _rounds(branch_world, monthly=100)
    budget.count(95)
    [told] = await _warned(branch_world, rounds, chair)
    assert "95 trên 100" in told
    await rounds.write()
    budget, rounds = await _rounds(branch_world, monthly=200)
    assert await _warned(branch_world, rounds, chair) == []
    budget.count(95)
    assert len(await _warned(branch_world, rounds, chair)) == 1
    branch_world.clock.set(START.replace(month=4))
    assert await _warned(branch_world, rounds, chair) == []
    budget.count(150)
    [told] = await _warned(branch_world, rounds, chair)
    assert "tháng 4" in told


async def test_nobody_is_woken_for_it(branch_world: World) -> None:
    chair = await branch_world.talk(CHAIR)
    branch_world.clock.set(datetime(2026, 3, 2, 13, 0, tzinfo=UTC))
    budget, rounds = await _rounds(branch_world)
    budget.count(1_000)
    assert await _warned(branch_world, rounds, chair) == []
    branch_world.clock.forward(hours=12)
    assert len(await _warned(branch_world, rounds, chair)) == 1
