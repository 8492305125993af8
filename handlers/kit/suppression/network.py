"""What can be worked out of the shown figures of a table with its totals: exactly, by flows.

A table with row totals, column totals and a grand total is a circulation: each count flows along an arc from
its row to its column, each total along an arc to its row or from its column, the grand total back to the
start, and what flows into a place flows out of it. Whoever sees some of the figures knows that much and no
more, so a hidden count can be whatever some circulation with the shown ones has there. As the true table is
one of them, every other is reached from it along the residual network, in whole numbers.
Method: L. Willenborg and T. de Waal, "Elements of Statistical Disclosure Control" (2001), chapter 4;
M. Fischetti and J. J. Salazar González, "Models and Algorithms for the 2-Dimensional Cell Suppression
Problem in Statistical Disclosure Control", Mathematical Programming 84 (1999).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

# More than any count.
_ANY = 1 << 40


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is told of a count: that it lies between these, both included. Without `high`: or more."""

    low: int
    high: int | None

    @classmethod
    def exactly(cls, count: int) -> Self:
        return cls(count, count)

    def hold(self, count: int) -> bool:
        return self.low <= count and (self.high is None or count <= self.high)


_UNTOLD = Bounds(0, None)


@dataclass(frozen=True, slots=True)
class Arc:
    """A figure and its true count; the same figure may stand in several networks, once in each."""

    name: str
    tail: str
    head: str
    count: int


Network = Sequence[Arc]
Shown = Mapping[str, Bounds]


def agrees(network: Network, shown: Shown) -> bool:
    """Whether what is shown is true of this network."""
    return all(shown.get(arc.name, _UNTOLD).hold(arc.count) for arc in network)


def can_be(network: Network, shown: Shown, arc: Arc, count: int) -> bool:
    """Whether somebody who sees what is shown, which is true, must think this count possible for the arc."""
    if not shown.get(arc.name, _UNTOLD).hold(count):
        return False
    # What flows more along the arc comes back from its head to its tail by other ways; what flows less takes
    # them the other way round.
    start, end = (arc.head, arc.tail) if count > arc.count else (arc.tail, arc.head)
    ways = _residual((each for each in network if each is not arc), shown)
    return _carries(ways, start, end, abs(count - arc.count))


# By how much the flow from one place to another may change.
_Ways = dict[str, Counter[str]]


def _residual(arcs: Iterable[Arc], shown: Shown) -> _Ways:
    ways: _Ways = defaultdict(Counter)
    for arc in arcs:
        bounds = shown.get(arc.name, _UNTOLD)
        ways[arc.tail][arc.head] += (_ANY if bounds.high is None else bounds.high) - arc.count
        ways[arc.head][arc.tail] += arc.count - bounds.low
    return ways


def _carries(ways: _Ways, start: str, end: str, amount: int) -> bool:
    """Whether so much flows from start to end: Ford and Fulkerson's way, which uses `ways` up."""
    while amount > 0:
        path = _path(ways, start, end)
        if not path:
            return False
        most = min(amount, *(ways[tail][head] for tail, head in path))
        for tail, head in path:
            ways[tail][head] -= most
            ways[head][tail] += most
        amount -= most
    return True


def _path(ways: _Ways, start: str, end: str) -> list[tuple[str, str]]:
    """The steps of a shortest way that is open; none when there is no way."""
    came = {start: start}
    reached = [start]
    for place in reached:
        for following, room in ways[place].items():
            if room > 0 and following not in came:
                came[following] = place
                reached.append(following)
    if end not in came:
        return []
    path = []
    while end != start:
        path.append((came[end], end))
        end = came[end]
    return path
