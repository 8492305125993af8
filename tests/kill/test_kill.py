"""What members did is there exactly once, however often the program is killed under their hands."""

import asyncio
import random  # noqa: TID251 - seeded, so that the moments can be repeated
from pathlib import Path

import pytest

from tests.doubles.telegram import TelegramDouble
from tests.kill.branch import READERS, Records, found, readers, records
from tests.kill.program import Program
from tests.kill.reader import Reader

pytestmark = pytest.mark.kill
KILLS = 10
# How many requests of the program there are between a start and the next kill, between a statement that was
# taken and the kill that is meant for its confirmation, and between the beginnings of two readers.
ANYWHERE = (20, 60)
AT_A_STATEMENT = (1, 3)
APART = 40
# Nobody waits so long: it ends a test that would never end.
PATIENCE_S = 180


async def test_nothing_is_lost_or_doubled_when_the_program_is_killed(
    program: Program, double: TelegramDouble, tmp_path: Path, database_url: str
) -> None:
    people = readers(double, await found(program, tmp_path))
    await program.start()
    studying = (_study(double, place, reader) for place, reader in enumerate(people.values()))
    await asyncio.gather(_kill_often(program, double, list(people.values())), *studying)
    assert (await program.stopped()) == 0
    assert program.mistakes() == []
    _check(people, await records(database_url))
    await _check_commands(people, program)


async def test_an_answer_under_way_is_given_after_the_next_start(
    program: Program, double: TelegramDouble, tmp_path: Path, database_url: str
) -> None:
    """The acknowledgement was committed, and Telegram had not taken its confirmation yet."""
    people = readers(double, await found(program, tmp_path))
    reader = people["NV02"]
    await program.start()
    await reader.read()
    silence = double.misbehave("hang", method="editMessageText")
    reader.acknowledge()
    await double.until(lambda: silence.hits == 1)
    await program.kill()
    double.behave()
    assert not reader.is_confirmed
    await program.start()
    await double.until(lambda: reader.is_confirmed)
    assert (await records(database_url)).acknowledgements == {"NV02": 1}


async def test_what_telegram_gives_again_counts_once(
    program: Program, double: TelegramDouble, tmp_path: Path, database_url: str
) -> None:
    """The acknowledgement was committed and confirmed to the person; only Telegram was not told yet."""
    people = readers(double, await found(program, tmp_path))
    reader = people["NV02"]
    await program.start()
    await reader.read()
    deaf = double.misbehave("hang", method="getUpdates")
    reader.acknowledge()
    await double.until(lambda: reader.is_confirmed and deaf.hits == 1)
    await program.kill()
    double.behave()
    assert reader.is_stating
    await program.start()
    await double.until(lambda: not reader.is_stating)
    assert (await records(database_url)).acknowledgements == {"NV02": 1}
    assert program.mistakes() == []


async def _study(double: TelegramDouble, place: int, reader: Reader) -> None:
    """They come one after another, so that a kill meets each at another step."""
    await double.until(lambda: len(double.calls) >= place * APART, within=PATIENCE_S)
    await reader.study()


async def _kill_often(program: Program, double: TelegramDouble, people: list[Reader]) -> None:
    chance = random.Random(20)  # noqa: S311 - a test's dice
    for number in range(KILLS):
        if number % 3 == 0:
            await _more_calls(double, chance.randint(*ANYWHERE))
        else:
            await _statement(double, people)
        if number % 3 == 1:
            await _more_calls(double, chance.randint(*AT_A_STATEMENT))
        await program.kill()
        await program.start()


async def _statement(double: TelegramDouble, people: list[Reader]) -> None:
    """Return at the moment when Telegram forgets somebody's statement, because the program has taken it."""
    await double.until(lambda: any(reader.is_stating for reader in people), within=PATIENCE_S)
    stating = [reader for reader in people if reader.is_stating]
    await double.until(lambda: not all(reader.is_stating for reader in stating), within=PATIENCE_S)


async def _more_calls(double: TelegramDouble, number: int) -> None:
    target = len(double.calls) + number
    await double.until(lambda: len(double.calls) >= target, within=PATIENCE_S)


def _check(people: dict[str, Reader], kept: Records) -> None:
    assert len(people) == READERS
    assert all(reader.has_acknowledged and reader.is_confirmed for reader in people.values())
    assert kept.acknowledgements == dict.fromkeys(people, 1)
    assert kept.acknowledged == set(people)
    assert kept.attempts == {code: 1 for code, reader in people.items() if reader.takes_quiz}


async def _check_commands(people: dict[str, Reader], program: Program) -> None:
    verdict = await program.command("evidence", "verify")
    passed = {code for code, reader in people.items() if reader.takes_quiz}
    # Before anybody studied, the founder got the roster's code, and the campaign was published.
    assert (verdict["ok"], verdict["entries"]) == (True, 2 + len(people) + len(passed))
    coverage = await program.command("study", "coverage")
    assert coverage["in_scope"] == len(people) + 1
    assert (coverage["acknowledged"], coverage["passed"]) == (len(people), len(passed))
    assert {each["code"] for each in coverage["missing"]} == {"CT01", *people} - passed
