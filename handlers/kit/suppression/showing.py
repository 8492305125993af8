"""Chooses what is shown: the most wanted first, and each only when every small count stays hidden."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from handlers.kit.suppression.network import Arc, Bounds, Network, can_be

# From so many on a count may be shown. One below it, zero too, is small.
SMALLEST = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """What might be told of a figure; only beside the figure `needs`, and once of each."""

    name: str
    bounds: Bounds
    needs: str | None = None


def is_safe(networks: Sequence[Network], shown: Mapping[str, Bounds]) -> bool:
    """Whether all small counts are hidden from whoever sees what is shown, in each of the networks."""
    return all(_is_hidden(network, shown, arc) for network in networks for arc in _small(network))


def _small(network: Network) -> list[Arc]:
    return [arc for arc in network if arc.count < SMALLEST]


def _is_hidden(network: Network, shown: Mapping[str, Bounds], arc: Arc) -> bool:
    """It might be none, and it might be no small one. So no sum of counts with this one among them is known
    to be small either: the sum would bound each of them.
    """
    return can_be(network, shown, arc, 0) and can_be(network, shown, arc, SMALLEST)


def choose(
    networks: Sequence[Network], before: Mapping[str, Bounds], candidates: Iterable[Candidate]
) -> dict[str, Bounds]:
    """What may be told beside what was told before. What comes first goes first: a later one that would give
    a small count away isn't told.
    """
    shown = dict(before)
    for each in candidates:
        if each.name in shown or (each.needs is not None and each.needs not in shown):
            continue
        more = shown | {each.name: each.bounds}
        if is_safe(networks, more):
            shown = more
    return {name: bounds for name, bounds in shown.items() if name not in before}
