"""What was measured, beside what is to be reached."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    what: str
    # The database, or empty where there is none to tell apart.
    on: str
    value: float
    unit: str
    # None: there to be known, without a value to reach.
    goal: float | None = None
    # Throughput should be above its goal, everything else below.
    higher: bool = False

    @property
    def reached(self) -> bool | None:
        if self.goal is None:
            return None
        return self.value >= self.goal if self.higher else self.value <= self.goal

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"reached": self.reached}


def medians(runs: Sequence[Sequence[Figure]]) -> list[Figure]:
    """One figure for each that the runs hold, in the order of the first run."""
    values: dict[tuple[str, str], list[float]] = {}
    for figure in (each for run in runs for each in run):
        values.setdefault((figure.what, figure.on), []).append(figure.value)
    return [replace(each, value=median(values[each.what, each.on])) for each in runs[0]]


def print_table(figures: Iterable[Figure], about: Sequence[str]) -> None:
    """The same in a pipe as on a screen."""
    table = Table(title="\n".join(about), title_justify="left", title_style="")
    table.add_column("Measured")
    table.add_column("Database")
    table.add_column("Value", justify="right")
    table.add_column("To reach", justify="right")
    table.add_column("")
    for each in figures:
        sign = ">" if each.higher else "<"
        goal = f"{sign} {each.goal:g} {each.unit}" if each.goal is not None else ""
        reached = "" if each.reached is None else "yes" if each.reached else "NO"
        table.add_row(each.what, each.on, _shown(each), goal, reached)
    console = Console()
    console.width = max(console.width, 110)
    console.print(table)


def _shown(figure: Figure) -> str:
    digits = 0 if figure.value >= 100 else 1 if figure.value >= 10 else 2
    return f"{figure.value:,.{digits}f} {figure.unit}"
