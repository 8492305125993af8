"""Which words of the list somebody may have meant."""

from collections.abc import Iterable, Iterator
from string import ascii_lowercase

from handlers.concerns.receipts.words import Words
from handlers.kit.vietnamese import fold

_MOST = 3
# Two slips of the finger; what is farther away looks like nothing.
_FARTHEST = 2


def near_places(words: Words, typed: str) -> list[int]:
    """The places of the words that differ from the folded `typed` by two slips at most, nearest first."""
    ranked = sorted(
        (_distance(typed, folded), place)
        for folded, place in words.places.items()
        if abs(len(folded) - len(typed)) <= _FARTHEST
    )
    return [place for distance, place in ranked if distance <= _FARTHEST]


def is_near(words: Words, typed: str, place: int) -> bool:
    """Whether `near_places` has this place."""
    return _distance(typed, fold(words.shown[place])) <= _FARTHEST


def neighbours(words: Words, typed: str) -> set[int]:
    """The places of the words that one slip makes of the folded `typed`; quicker than `near_places`."""
    return {words.places[each] for each in _slips(typed) if each in words.places and each != typed}


def _slips(typed: str) -> Iterator[str]:
    for at in range(len(typed) + 1):
        before, after = typed[:at], typed[at:]
        for letter in ascii_lowercase:
            yield before + letter + after
            yield before + letter + after[1:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]


def shown(words: Words, places: Iterable[int]) -> tuple[str, ...]:
    """The first few of them, as they are shown."""
    return tuple(words.shown[place] for place in places)[:_MOST]


def _distance(one: str, two: str) -> int:
    """How many slips lie between: a letter more, less or wrong, or two neighbours exchanged."""
    older, old = list(range(len(two) + 1)), list(range(len(two) + 1))
    for row, letter in enumerate(one):
        new = [row + 1]
        for column, other in enumerate(two):
            cost = min(old[column] + (letter != other), old[column + 1] + 1, new[column] + 1)
            if row and column and letter == two[column - 1] and one[row - 1] == other:
                cost = min(cost, older[column - 1] + 1)
            new.append(cost)
        older, old = old, new
    return old[-1]
