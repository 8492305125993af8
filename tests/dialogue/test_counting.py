"""Answers to themes on their way into the tables: no two copies of those tell what one person has said."""

import random  # noqa: TID251 - seeded
from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import select, text

from handlers.dialogue import counting, themes
from handlers.kit.waiting import TOGETHER, Waiting
from storage.database import StorageUnavailableError
from storage.dialogue import support
from storage.dialogue.support import AGREES, DISAGREES, Counts
from storage.dialogue.themes import Theme
from storage.schema.themes import theme_count, theme_voter
from tests.dialogue.table import TITLE, Table
from tests.people import PEOPLE, WORKER
from tests.world import SeededChance

EVERYBODY = [code for code, *_ in PEOPLE]
STEPS = 150

# Who stands there, and how often which answer does, by theme.
Copy = tuple[set[tuple[int, int]], dict[tuple[int, int], int]]


async def copy(table: Table) -> Copy:
    async with table.world.database.read() as tx:
        voters = {tuple(row) for row in await tx.all(select(theme_voter))}
        counts = {(row.theme_id, row.option): row.number for row in await tx.all(select(theme_count))}
    return voters, counts


async def live(table: Table) -> list[Copy]:
    """Themes come, are answered in any order and end; the program starts anew now and then. Somebody takes a
    copy after each of it.
    """
    dice = random.Random(44)  # noqa: S311 - a test's dice
    open_ones = [await table.theme(f"{TITLE} {number}") for number in range(2)]
    copies = [await copy(table)]
    for step in range(STEPS):
        theme = dice.choice(open_ones)
        match dice.choices(["answer", "round", "restart", "end"], [20, 5, 0.3, 1])[0]:
            case "answer":
                by = dice.choice(EVERYBODY)
                await table.act(themes.answer, theme.id, dice.choice((AGREES, DISAGREES)), by=by)
            case "round":
                await table.count()
            case "restart":
                table.world.restart()
            case "end":
                await table.act(themes.drop, theme.id)
                await table.count()
                open_ones.remove(theme)
                open_ones.append(await table.theme(f"{TITLE}, {step}"))
        copies.append(await copy(table))
    return copies


def told(copies: list[Copy]) -> list[str]:
    """What the difference of two of them says of fewer than five people."""
    found = []
    for (voters, counts), (later, more) in combinations(copies, 2):
        for theme_id, _ in counts:
            differ = {member for of, member in voters ^ later if of == theme_id}
            grown = sum(more[theme_id, each] - counts[theme_id, each] for each in (AGREES, DISAGREES))
            is_over = bool(voters) and not {of for of, _ in later if of == theme_id}
            if 0 < len(differ) < TOGETHER or (0 < grown < TOGETHER and not is_over):
                found.append(f"theme {theme_id}: {sorted(differ)}, {grown}")
    return found


async def test_no_two_copies_differ_by_fewer_than_five(table: Table) -> None:
    copies = await live(table)
    assert told(copies) == []
    # Something was written, more than once, and forgotten.
    assert max(len(voters) for voters, _ in copies) >= TOGETHER
    assert len({frozenset(voters) for voters, _ in copies}) > 3


async def test_answers_that_are_written_one_by_one_are_found_out(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "TOGETHER", 1)
    assert told(await live(table))


async def answered(table: Table, theme: Theme, number: int, option: int = AGREES, begin: int = 0) -> None:
    for code in EVERYBODY[begin : begin + number]:
        assert await table.act(themes.answer, theme.id, option, by=code)


async def kept(table: Table, theme: Theme) -> tuple[int, Counts]:
    """How many voters, and the counts."""
    async with table.world.database.read() as tx:
        return len(await support.voters(tx, theme.id)), await support.counts(tx, theme.id)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.parametrize("is_shuffled", [True, False])
async def test_voters_do_not_stand_in_the_order_in_which_they_answered(
    table: Table, monkeypatch: pytest.MonkeyPatch, *, is_shuffled: bool
) -> None:
    if not is_shuffled:
        monkeypatch.setattr(SeededChance, "shuffle", lambda *_rest: None)
    theme = await table.theme()
    await answered(table, theme, len(EVERYBODY))
    came = list(table.world.services.waiting.of(theme.id))
    await table.count()
    async with table.world.database.read() as tx:
        stand = [row.member_id for row in await tx.all(select(theme_voter).order_by(text("ctid")))]
    assert sorted(stand) == sorted(came)
    assert (stand != came) == is_shuffled


async def test_four_wait_and_five_are_written(table: Table) -> None:
    theme = await table.theme()
    await answered(table, theme, 4)
    await table.count()
    assert await kept(table, theme) == (0, Counts(0, 0))
    await answered(table, theme, 1, DISAGREES, begin=4)
    await table.count()
    assert await kept(table, theme) == (5, Counts(4, 1))
    assert table.world.services.waiting.subjects() == []


async def test_what_is_waiting_at_the_end_is_counted_and_no_voter_is_left(table: Table) -> None:
    theme = await table.theme()
    await answered(table, theme, 5)
    await table.count()
    await answered(table, theme, 2, DISAGREES, begin=5)
    await table.act(themes.drop, theme.id)
    await table.count()
    assert await kept(table, theme) == (0, Counts(5, 2))
    await table.count()
    assert await kept(table, theme) == (0, Counts(5, 2))


async def test_of_fewer_than_five_at_the_end_nothing_is_written(table: Table) -> None:
    theme = await table.theme()
    await answered(table, theme, 4)
    await table.act(themes.drop, theme.id)
    await table.count()
    assert await kept(table, theme) == (0, Counts(0, 0))
    assert table.world.services.waiting.subjects() == []
    table.world.clock.forward(days=1)
    await table.work(themes.look_at_figures)
    figures = await table.work(lambda work: themes.figures(work, theme.id))
    assert figures == {"agree": None, "disagree": None}


async def test_after_a_restart_the_question_stands_there_again(table: Table) -> None:
    theme = await table.theme()
    worker = await table.world.talk(WORKER)
    await worker.says("/doithoai")
    await worker.taps(TITLE)
    worker.sees("cùng lúc với ít nhất bốn người khác", "câu hỏi sẽ hiện lại ở đây")
    await worker.taps("Đồng tình")
    await worker.taps("‹ Các vấn đề")
    await worker.taps(TITLE)
    worker.sees("đã trả lời rồi")
    table.world.restart()
    await worker.taps("‹ Các vấn đề")
    await worker.taps(TITLE)
    assert "Đồng tình" in worker.buttons
    assert await table.act(themes.answer, theme.id, AGREES, by=WORKER)


async def test_what_could_not_be_written_waits_on(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    theme = await table.theme()
    await answered(table, theme, 5)

    async def full(*_rest: Any) -> None:
        raise StorageUnavailableError("full")

    with monkeypatch.context() as broken:
        broken.setattr(support, "count_in", full)
        with pytest.raises(StorageUnavailableError):
            await table.count()
    assert await kept(table, theme) == (0, Counts(0, 0))
    await table.count()
    assert await kept(table, theme) == (5, Counts(5, 0))


async def test_whoever_stands_there_already_is_not_counted_twice(table: Table) -> None:
    """Nor makes up the number for others."""
    theme = await table.theme()
    await answered(table, theme, 5)
    await table.count()
    first = await table.person(EVERYBODY[0])
    table.world.services.waiting.put(theme.id, first.id, DISAGREES)
    await answered(table, theme, 4, begin=5)
    await table.count()
    assert await kept(table, theme) == (5, Counts(5, 0))


def test_what_is_waiting_is_forgotten_one_by_one() -> None:
    waiting = Waiting()
    assert waiting.put(1, 7, AGREES)
    assert not waiting.put(1, 7, DISAGREES)
    assert waiting.put(1, 8, DISAGREES)
    assert waiting.of(1) == {7: AGREES, 8: DISAGREES}
    waiting.forget(1, [7, 9])
    assert (waiting.has(1, 7), waiting.has(1, 8), waiting.has(2, 8)) == (False, True, False)
    waiting.forget(1, [8])
    assert waiting.subjects() == []
