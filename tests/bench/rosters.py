"""`caunoi roster import` of a big roster, from the start of the command to its end."""

from pathlib import Path
from time import perf_counter

from tests.bench.figures import Figure
from tests.bench.processes import Databases, command
from tests.bench.roster_file import write_csv, write_workbook


async def measure(databases: Databases, kind: str, home: Path, people: int) -> list[Figure]:
    figures = []
    for form, write in ((".xlsx", write_workbook), (".csv", write_csv)):
        file = write(home / f"roster{form}", people)
        database = await databases.fresh(kind)
        await command(
            database, home, "init", "--branch", "Công đoàn cơ sở Thử tải", "--chair", "Trần Văn Bình"
        )
        begin = perf_counter()
        report = await command(database, home, "roster", "import", str(file))
        seconds = perf_counter() - begin
        assert report["added"] == people
        figures.append(Figure(f"import of {people:,} people, {form}", kind, seconds, "s", 30))
    return figures
