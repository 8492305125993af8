"""One program for each database, and an orderly end."""

import asyncio
from pathlib import Path

import pytest

from tests.doubles.telegram import TelegramDouble
from tests.kill.branch import found, readers, records
from tests.kill.program import Program

pytestmark = pytest.mark.kill


async def test_a_second_program_on_the_file_says_so_and_stops(
    sqlite_url: str, double: TelegramDouble, tmp_path: Path
) -> None:
    program = Program(tmp_path, sqlite_url, double)
    invites = await found(program, tmp_path)
    await program.start()
    code, said = await program.second()
    assert code == 2
    assert said.strip().count("\n") == 0
    assert "đang chạy" in said
    # The first one goes on.
    first = next(iter(readers(double, invites).values()))
    await first.study()
    assert first.is_confirmed
    assert await program.stopped() == 0


async def test_an_asked_end_is_clean_and_loses_nothing(
    program: Program, double: TelegramDouble, tmp_path: Path, database_url: str
) -> None:
    everybody = readers(double, await found(program, tmp_path))
    people = dict(list(everybody.items())[:8])
    await program.start()
    studying = asyncio.gather(*(reader.study() for reader in people.values()))
    await double.until(lambda: len(double.calls) >= 100, within=30)
    assert await program.stopped() == 0
    # What was answered until then is recorded as sent; what was not is answered now.
    await program.start()
    await studying
    kept = await records(database_url)
    assert kept.acknowledgements == dict.fromkeys(people, 1)
    # Nothing but structured lines, and none about a mistake.
    assert program.events().count("stopping") == 1
    assert program.mistakes() == []
