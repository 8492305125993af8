"""`make bench`: measures, and prints one table.

`--quick` measures a smaller branch, `--runs 3` gives the medians of three, `--only presses` leaves the rest
out, `--json FILE` keeps the figures.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from tests.bench import (
    broadcasts,
    concerns,
    desk,
    due,
    machine,
    million,
    presses,
    proofs,
    records,
    reports,
    rosters,
    start_up,
)
from tests.bench.bulk import race
from tests.bench.figures import Figure, medians, print_table
from tests.bench.processes import Databases, databases

KINDS = ("SQLite", "PostgreSQL")
PEOPLE, PRESSING = 100_000, 1_000
MESSAGES, RECIPIENTS = 20_000, 1_000_000
JOBS, QUICK_JOBS = 1_000_000, 100_000
CASES, QUICK_CASES = 10_000, 1_000
ENTRIES, QUICK_ENTRIES = 1_000_000, 100_000
QUICK_PEOPLE, QUICK_PRESSING = 10_000, 200
QUICK_MESSAGES, QUICK_RECIPIENTS = 2_000, 100_000
Measure = Callable[[Databases, str, Path], Awaitable[list[Figure]]]


def measures(*, quick: bool) -> dict[str, Measure]:
    people, pressing = (QUICK_PEOPLE, QUICK_PRESSING) if quick else (PEOPLE, PRESSING)
    messages, recipients = (QUICK_MESSAGES, QUICK_RECIPIENTS) if quick else (MESSAGES, RECIPIENTS)

    jobs, cases = (QUICK_JOBS, QUICK_CASES) if quick else (JOBS, CASES)
    entries = QUICK_ENTRIES if quick else ENTRIES

    async def bulk(served: Databases, kind: str, _home: Path) -> list[Figure]:
        return await race.measure(kind, await served.fresh(kind), messages)

    return {
        "start": start_up.measure,
        "presses": lambda served, kind, home: presses.measure(served, kind, home, pressing),
        "bulk": bulk,
        "broadcasts": broadcasts.measure,
        "million": lambda served, kind, home: million.measure(served, kind, home, recipients),
        "due": lambda served, kind, home: due.measure(served, kind, home, jobs),
        "concerns": concerns.measure,
        "desk": lambda served, kind, home: desk.measure(served, kind, home, cases),
        "import": lambda served, kind, home: rosters.measure(served, kind, home, people),
        "reports": reports.measure,
        "evidence": lambda served, kind, home: proofs.measure(served, kind, home, entries),
        "records": lambda served, kind, home: records.measure(served, kind, home, people),
    }


async def run(chosen: dict[str, Measure], served: Databases, home: Path) -> list[Figure]:
    figures = []
    for name, measure in chosen.items():
        for kind in KINDS:
            print(f"{name}, {kind} ...", file=sys.stderr, flush=True)  # noqa: T201 - a long wait
            before = machine.loop_ms()
            figures += await measure(served, kind, home)
            loop = (before + machine.loop_ms()) / 2
            figures.append(Figure(f"a fixed loop of Python, beside: {name}", kind, loop, "ms"))
    return figures


def options(names: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure, and print one table.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the people")
    parser.add_argument("--runs", type=int, default=1, help="take the median of so many")
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    return parser.parse_args()


def main() -> None:
    given = options(list(measures(quick=True)))
    chosen = {name: each for name, each in measures(quick=given.quick).items() if name in given.only}
    with tempfile.TemporaryDirectory(prefix="caunoi-bench-") as folder, databases(Path(folder)) as served:
        about = machine.describe(served.version)
        runs = [asyncio.run(run(chosen, served, Path(folder))) for _ in range(given.runs)]
    figures = medians(runs)
    print_table(figures, about)
    if given.json:
        given.json.write_bytes(
            msgspec.json.encode({"machine": about, "figures": [each.as_json() for each in figures]})
        )


if __name__ == "__main__":
    main()
