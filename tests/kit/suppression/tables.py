"""Tables of two ways with totals, as a network and as sums."""

from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import strategies as st

from handlers.kit.suppression import Arc
from tests.kit.suppression.attacker import Sum


class Table(NamedTuple):
    network: list[Arc]
    sums: list[Sum]


def table_of(rows: Sequence[Sequence[int]]) -> Table:
    """Cells are "0,1", totals "0,*" and "*,1", the grand total "*,*"."""
    columns = list(zip(*rows, strict=True))
    across, down = range(len(rows)), range(len(columns))
    network = [
        *(
            Arc(f"{row},{column}", f"row {row}", f"column {column}", rows[row][column])
            for row in across
            for column in down
        ),
        *(Arc(f"{row},*", "start", f"row {row}", sum(rows[row])) for row in across),
        *(Arc(f"*,{column}", f"column {column}", "end", sum(columns[column])) for column in down),
        Arc("*,*", "end", "start", sum(map(sum, rows))),
    ]
    sums: list[Sum] = [
        *((f"{row},*", tuple(f"{row},{column}" for column in down)) for row in across),
        *((f"*,{column}", tuple(f"{row},{column}" for row in across)) for column in down),
        ("*,*", tuple(f"{row},*" for row in across)),
    ]
    return Table(network, sums)


# Small numbers are what it is about.
counts = st.one_of(st.integers(0, 6), st.integers(0, 15))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    height, width = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    return table_of([[draw(counts) for _ in range(width)] for _ in range(height)])
