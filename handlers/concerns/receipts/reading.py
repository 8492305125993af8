"""Reads the words of a receipt as people type them weeks later, and says kindly what is wrong."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations

from handlers.concerns.receipts.nearest import is_near, near_places, neighbours, shown
from handlers.concerns.receipts.receipt import COUNT, Receipt, from_places
from handlers.concerns.receipts.words import SIZE, Words
from handlers.kit.vietnamese import clean, fold

MAX_LENGTH = 10_000
# No word of the list is half as long; a longer one is cut before it is shown again.
_LONGEST_SHOWN = 20


class Misread(StrEnum):
    FEW = "few"
    MANY = "many"
    UNKNOWN = "unknown"
    # All words are known; exchanging two of them would make the check right.
    SWAPPED = "swapped"
    # All words are known, but at least one is another than was given out.
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word that isn't in the list; `place` counts from 1."""

    place: int
    typed: str = field(repr=False)
    nearest: tuple[str, ...] = field(repr=False)


class MisreadError(Exception):
    """Not a receipt. The exception's text names the kind only: what was typed mustn't get into a log."""

    def __init__(
        self,
        kind: Misread,
        *,
        count: int = COUNT,
        unknown: tuple[Unknown, ...] = (),
        swaps: tuple[tuple[int, int], ...] = (),
    ) -> None:
        """`count`: how many words there were; `swaps`: each pair of places, from 1, that may be exchanged."""
        super().__init__(kind.value)
        self.kind = kind
        self.count = count
        self.unknown = unknown
        self.swaps = swaps


@dataclass(frozen=True, slots=True)
class _Typed:
    text: str = field(repr=False)
    folded: str = field(repr=False)
    # Where it stands in the list; None when it doesn't.
    at: int | None = field(repr=False)


def read(words: Words, text: str) -> Receipt:
    """The receipt that was typed, in any case, with or without diacritics, separators, numbers and words
    around it; MisreadError otherwise. What follows the first 10,000 characters isn't looked at.
    """
    typed = _typed(words, text)
    found = _found(words, typed)
    if len(found) == 1:
        return found.pop()
    raise _misread(words, _without_edges(typed))


def holds_one(words: Words, text: str) -> bool:
    """Whether `read` finds a receipt; in no time, also when there is none."""
    return len(_found(words, _typed(words, text))) == 1


def nearly_holds_one(words: Words, text: str) -> bool:
    """Whether these are eight words that are a receipt but for one that is mistyped, or for two that changed
    places. The check sorts out nine of ten sentences that happen to have eight words.
    """
    typed = _without_edges(_typed(words, text))
    places = [each.at for each in typed]
    if len(typed) != COUNT or places.count(None) > 1:
        return False
    if None in places:
        # Few pass the check: it is asked first.
        fitting = [place for place in range(SIZE) if _fits(words, places, place)]
        return any(is_near(words, typed[places.index(None)].folded, place) for place in fitting)
    known = [place for place in places if place is not None]
    return any(_swaps(words, known)) or any(
        _fits(words, [*places[:at], None, *places[at + 1 :]], place)
        for at, each in enumerate(typed)
        for place in neighbours(words, each.folded)
    )


def _typed(words: Words, text: str) -> list[_Typed]:
    return _without_introduction(words, clean(text[:MAX_LENGTH]))


def _found(words: Words, typed: list[_Typed]) -> set[Receipt]:
    windows = (typed[start : start + COUNT] for start in range(len(typed) - COUNT + 1))
    return {receipt for window in windows if (receipt := _receipt(words, window))}


def _without_introduction(words: Words, text: str) -> list[_Typed]:
    """The words of the text, without what stands before a colon when that looks like a sentence."""
    before, _, after = text.partition(":")
    introduction = _split(words, before)
    known = sum(each.at is not None for each in introduction)
    return _split(words, after) if known * 2 < len(introduction) and after else _split(words, text)


def _split(words: Words, text: str) -> list[_Typed]:
    letters = "".join(letter if _is_letter(letter) else " " for letter in text)
    pairs = [(each, fold(each)) for each in letters.split()]
    return [_Typed(each, folded, words.places.get(folded)) for each, folded in pairs if folded]


def _is_letter(letter: str) -> bool:
    """Also a mark that no composed letter has: it belongs to the letter before."""
    return letter.isalpha() or unicodedata.category(letter) == "Mn"


def _receipt(words: Words, typed: Sequence[_Typed]) -> Receipt | None:
    places = [each.at for each in typed if each.at is not None]
    return from_places(words, places) if len(places) == COUNT else None


def _without_edges(typed: list[_Typed]) -> list[_Typed]:
    """Of too many words, those at either end that aren't in the list belong to a sentence around it."""
    start, end = 0, len(typed)
    while end - start > COUNT and typed[start].at is None:
        start += 1
    while end - start > COUNT and typed[end - 1].at is None:
        end -= 1
    return typed[start:end]


def _misread(words: Words, typed: Sequence[_Typed]) -> MisreadError:
    if len(typed) != COUNT:
        return MisreadError(Misread.FEW if len(typed) < COUNT else Misread.MANY, count=len(typed))
    places = [each.at for each in typed]
    known = [place for place in places if place is not None]
    if len(known) < COUNT:
        return MisreadError(Misread.UNKNOWN, unknown=_unknown(words, typed, places))
    swaps = tuple((one + 1, two + 1) for one, two in _swaps(words, known))
    return MisreadError(Misread.SWAPPED if swaps else Misread.OTHER, swaps=swaps)


def _unknown(words: Words, typed: Sequence[_Typed], places: Sequence[int | None]) -> tuple[Unknown, ...]:
    found = []
    for index, each in enumerate(typed):
        if each.at is None:
            near = near_places(words, each.folded)
            if places.count(None) == 1:
                near = [place for place in near if _fits(words, places, place)] or near
            found.append(Unknown(index + 1, each.text[:_LONGEST_SHOWN], shown(words, near)))
    return tuple(found)


def _fits(words: Words, places: Sequence[int | None], missing: int) -> bool:
    """Whether the check is right with this word in the gap: of many words alike that is mostly one."""
    filled = [missing if place is None else place for place in places]
    return from_places(words, filled) is not None


def _swaps(words: Words, places: Sequence[int]) -> Iterable[tuple[int, int]]:
    for one, two in combinations(range(COUNT), 2):
        swapped = list(places)
        swapped[one], swapped[two] = places[two], places[one]
        if from_places(words, swapped):
            yield one, two
