"""What is kept of answers, with names and without."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.jobs.rounds import Rounds
from storage import announced, members, polls
from storage.announced import Who
from storage.database import Database, is_sqlite
from storage.polls import Choice, Poll
from storage.schema.announcements import poll_count, poll_voter
from tests.announce.asking import asked, close, forge, person
from tests.people import WORKER
from tests.storage.snapshot import changes, snapshot
from tests.world import START, World

OPTIONS = ("Đồng ý", "Không đồng ý", "Ý kiến khác")


async def test_a_poll_is_kept_as_it_was_made(branch_world: World) -> None:
    number = await asked(branch_world, named=True, options=OPTIONS)
    async with branch_world.database.write() as tx:
        assert await polls.of(tx, number) == Poll(number, OPTIONS, is_named=True)
        assert await polls.of(tx, number + 1) is None
        assert await polls.close(tx, number, START)
        assert not await polls.close(tx, number, branch_world.clock.now())
        assert await polls.of(tx, number) == Poll(number, OPTIONS, is_named=True, closed_at=START)


async def test_with_names_the_latest_choice_stands(branch_world: World) -> None:
    number = await asked(branch_world, named=True)
    someone, other = await person(branch_world, "NV06"), await person(branch_world, "NV09")
    async with branch_world.database.write() as tx:
        poll = Poll(number, OPTIONS, is_named=True)
        assert not await polls.has_answered(tx, poll, someone.id)
        assert await polls.choice_of(tx, poll, someone.id) is None
        for option in (0, 2):
            await polls.choose(tx, poll, someone.id, option, START)
        await polls.choose(tx, poll, other.id, 1, START)
        assert await polls.has_answered(tx, poll, someone.id)
        assert await polls.choice_of(tx, poll, someone.id) == 2
        assert (await polls.counts(tx, poll), await polls.answered(tx, poll)) == ((0, 1, 1), 2)
        chosen = [
            Choice("NV09", other.full_name, "Tổ Kỹ thuật", 1),
            Choice("NV06", someone.full_name, "Tổ Hành chính", 2),
        ]
        assert await polls.choices(tx, number, 10) == chosen
        assert await polls.choices(tx, number, 10, 1) == chosen[1:]
        assert await announced.count_people(tx, number, Who.NOT_ANSWERED) == 8


async def test_without_names_everybody_counts_once_and_nobody_is_tied_to_a_choice(
    branch_world: World,
) -> None:
    number = await asked(branch_world, named=False)
    someone, other = await person(branch_world, "NV06"), await person(branch_world, "NV09")
    async with branch_world.database.write() as tx:
        poll = Poll(number, OPTIONS, is_named=False)
        assert await polls.counts(tx, poll) == (0, 0, 0)
        assert await polls.count_in(tx, poll, someone.id, 2)
        assert not await polls.count_in(tx, poll, someone.id, 0)
        assert await polls.count_in(tx, poll, other.id, 2)
        assert (await polls.counts(tx, poll), await polls.answered(tx, poll)) == ((0, 0, 2), 2)
        assert await polls.has_answered(tx, poll, someone.id)
        assert await polls.choice_of(tx, poll, someone.id) is None
        assert await polls.choices(tx, number, 10) == []
        assert await announced.count_people(tx, number, Who.NOT_ANSWERED) == 8
        silent = await announced.people(tx, number, Who.NOT_ANSWERED, 20)
    assert {each.code for each in silent}.isdisjoint({"NV06", "NV09"})


async def test_one_poll_does_not_touch_another(branch_world: World) -> None:
    first = await asked(branch_world, named=False)
    second = await asked(branch_world, named=False)
    someone = await person(branch_world, "NV06")
    async with branch_world.database.write() as tx:
        assert await polls.count_in(tx, Poll(first, OPTIONS, is_named=False), someone.id, 1)
        assert await polls.counts(tx, Poll(second, OPTIONS, is_named=False)) == (0, 0, 0)
        assert not await polls.has_answered(tx, Poll(second, OPTIONS, is_named=False), someone.id)


async def test_two_presses_at_once_count_once(branch_world: World) -> None:
    number = await asked(branch_world, named=False)
    someone = await person(branch_world, "NV06")

    async def press(option: int) -> bool:
        async with branch_world.database.write() as tx:
            return await polls.count_in(tx, Poll(number, OPTIONS, is_named=False), someone.id, option)

    assert sorted(await asyncio.gather(*(press(each % 3) for each in range(6)))) == [False] * 5 + [True]
    async with branch_world.database.read() as tx:
        assert sum(await polls.counts(tx, Poll(number, OPTIONS, is_named=False))) == 1


# What is left behind by an unnamed answer.


async def test_of_an_unnamed_answer_a_voter_a_count_and_the_event_are_all_that_is_kept(
    branch_world: World,
) -> None:
    number = await asked(branch_world, named=False)
    worker = await branch_world.talk(WORKER)
    someone = await person(branch_world, WORKER)
    before = await snapshot(branch_world.database)
    await forge(worker, f"answer~{number}~1")
    worker.sees("Đã ghi nhận, không lưu anh/chị chọn câu nào")
    changed = await changes(branch_world.database, before)
    assert set(changed) == {"poll_voter", "poll_count", "processed_event"}
    assert changed["poll_voter"] == [f"({number}, {someone.id})"]
    assert changed["poll_count"] == [f"({number}, 1, 0)", f"({number}, 1, 1)"]
    [event] = changed["processed_event"]
    assert event.startswith("('direct', '")
    # Not even what they tried afterwards.
    before = await snapshot(branch_world.database)
    await forge(worker, f"answer~{number}~2")
    worker.sees("đã trả lời rồi", "không đổi được")
    assert set(await changes(branch_world.database, before)) == {"processed_event"}


async def test_which_option_was_chosen_makes_no_other_difference(branch_world: World) -> None:
    """Beside the count itself, two people with two choices leave the same behind."""
    number = await asked(branch_world, named=False)
    left: list[dict[str, int]] = []
    for code, option in (("NV06", 0), ("NV07", 2)):
        talk = await branch_world.talk(code)
        before = await snapshot(branch_world.database)
        await forge(talk, f"answer~{number}~{option}")
        left.append(
            {name: len(each) for name, each in (await changes(branch_world.database, before)).items()}
        )
    assert left[0] == left[1]


def size(log: Path) -> int:
    return log.stat().st_size


def columns(table: Any) -> set[str]:
    return {column.name for column in table.columns}


async def test_there_is_no_place_for_a_time_or_an_order(branch_world: World) -> None:
    assert columns(poll_voter) == {"announcement_id", "member_id"}
    assert columns(poll_count) == {"announcement_id", "option", "number"}
    if not is_sqlite(branch_world.database.url):
        return
    async with branch_world.database.read() as tx:
        for table in ("poll_voter", "poll_count"):
            statement = text("SELECT sql FROM sqlite_master WHERE name = :name")
            made = await tx.scalar(statement, {"name": table})
            assert made.rstrip().endswith("WITHOUT ROWID")


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_postgresql_s_own_marks_do_not_tell_which_count_grew(branch_world: World) -> None:
    """`xmin` is the transaction that wrote a row last: a voter's is that of all counts or of none."""
    number = await asked(branch_world, named=False)
    for option, code in enumerate(("NV06", "NV07", "NV08")):
        await forge(await branch_world.talk(code), f"answer~{number}~{option}")
    async with branch_world.database.read() as tx:
        marks = await tx.all(text("SELECT DISTINCT xmin::text FROM poll_count"))
    assert len(marks) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sqlite_s_log_is_emptied_while_answers_come(branch_world: World) -> None:
    log = Path(f"{branch_world.database.url.database}-wal")
    rounds = Rounds(branch_world.database, branch_world.services, branch_world.clock, lambda: None)
    await rounds.forget_answers()
    assert size(log) > 0
    number = await asked(branch_world, named=False)
    await forge(await branch_world.talk(WORKER), f"answer~{number}~1")
    assert size(log) > 0
    await rounds.forget_answers()
    assert size(log) == 0
    # Also what came just before the end.
    await forge(await branch_world.talk("NV07"), f"answer~{number}~2")
    await close(branch_world, number)
    await rounds.forget_answers()
    assert size(log) == 0
    branch_world.clock.forward(days=2)
    await (await branch_world.talk("NV08")).says("/menu")
    await rounds.forget_answers()
    assert size(log) > 0


async def test_a_log_that_somebody_reads_is_left_for_the_next_time(branch_world: World) -> None:
    await asked(branch_world, named=False)
    async with branch_world.database.read() as tx:
        assert await members.everybody(tx)
        await branch_world.database.empty_log()
    await branch_world.database.empty_log()
    await (await branch_world.talk(WORKER)).says("/menu")


async def test_a_database_that_was_just_opened_can_be_emptied(database: Database) -> None:
    await database.empty_log()
