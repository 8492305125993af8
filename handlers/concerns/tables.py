"""Concerns as tables, and what of them is shown: pure.

Three tables share their totals: categories by quarter, time to the first answer by quarter, and what people
said of the answers in the whole year. Nothing of a quarter is told beside its total before that is, nor of
the year before its total: so hidden totals leave each table free by itself, and each can be looked at alone.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from handlers.concerns.windows import Window
from handlers.kit.suppression import SMALLEST, Arc, Bounds, Candidate, Network, agrees, choose
from storage.concerns.figures import Tally

# From so many on "nearly all" is told where the exact number would give away how few the others are.
ROUGH_FROM = 20
# What people said of the answer, as it is stored, and as it is named here when they said nothing.
UNSAID = "none"
SATISFACTIONS = ("3", "2", "1", UNSAID)
_START, _END = "start", "end"
# A number by chance for each figure, above 0 and at most 1: the order in which they are tried comes from it.
# Whoever knew the order could tell from what is missing why it is, and so more than from the figures alone.
Lot = Callable[[str], float]


class Answered(StrEnum):
    """When the first answer came. The values are stored in what is shown: they never change."""

    IN_TIME = "in_time"
    LATE = "late"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one window: how many by category, by when the first answer came, by what was said of it."""

    window: Window
    categories: Mapping[str, int]
    answers: Mapping[str, int]
    satisfactions: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.answers.values())


def count(window: Window, tallies: Iterable[Tally], categories: Iterable[str]) -> Counts:
    """The quarter's; each of the categories has a count, and so has every other that is found."""
    by_category = Counter(dict.fromkeys(categories, 0))
    by_answer = Counter(dict.fromkeys(map(str, Answered), 0))
    by_satisfaction = Counter(dict.fromkeys(SATISFACTIONS, 0))
    for each in tallies:
        if window.first_week <= each.week < window.week_after:
            by_category[each.category] += each.count
            by_answer[_answered(each, window.due_on)] += each.count
            by_satisfaction[str(each.satisfaction or UNSAID)] += each.count
    return Counts(window, by_category, by_answer, by_satisfaction)


def _answered(tally: Tally, due_on: date) -> str:
    """As it was when the window was due, whenever that is asked: so a year agrees with its quarters."""
    if tally.first_answer_week is None or tally.first_answer_week >= due_on:
        return Answered.NONE
    return Answered.IN_TIME if tally.answered_in_time else Answered.LATE


def together(year: Window, quarters: Sequence[Counts]) -> Counts:
    """The year's, out of its quarters'."""
    return Counts(
        year,
        _sum(each.categories for each in quarters),
        _sum(each.answers for each in quarters),
        _sum(each.satisfactions for each in quarters),
    )


def _sum(parts: Iterable[Mapping[str, int]]) -> Mapping[str, int]:
    total: Counter[str] = Counter()
    for part in parts:
        total.update(part)
    return total


def figure(window: Window, *names: str) -> str:
    return "/".join((window.name, *names))


def of_quarter(counts: Counts, lot: Lot) -> dict[str, Bounds]:
    """What is shown of a quarter whose year isn't over."""
    networks = [_column(counts, "category", counts.categories), _column(counts, "answer", counts.answers)]
    return choose(networks, {}, _details(counts, lot))


def of_year(
    quarters: Sequence[Counts], before: Mapping[str, Bounds], lot: Lot, *, with_quarter: bool
) -> dict[str, Bounds]:
    """What is shown of a year, and of its last quarter where that is wanted, after what was shown `before` of
    the others. Where that isn't true any more, because cases were destroyed or changed meanwhile, the year
    would tell which: then it isn't counted by that.
    """
    *_, last = quarters
    year = together(Window(last.window.year), quarters)
    wanted = list(_details(last, lot)) if with_quarter else []
    categories = _table(year, quarters, "category")
    answers = _table(year, quarters, "answer")
    if not agrees(categories, before):
        return of_quarter(last, lot) if with_quarter else {}
    wanted = [*_details(year, lot), *_satisfactions(year, lot), *wanted]
    if not agrees(answers, before):
        answers = _column(last, "answer", last.answers)
        told = {figure(year.window, "answer", name) for name in year.answers}
        wanted = [each for each in wanted if each.name not in told]
    return choose([categories, answers, _column(year, "satisfaction", year.satisfactions)], before, wanted)


def _column(counts: Counts, kind: str, parts: Mapping[str, int]) -> Network:
    """One window's counts and their total."""
    arcs = [Arc(figure(counts.window, kind, key), _START, _END, number) for key, number in parts.items()]
    return [*arcs, Arc(figure(counts.window, "total"), _END, _START, counts.total)]


def _table(year: Counts, quarters: Sequence[Counts], kind: str) -> Network:
    """A year's counts by quarter, with the totals of both."""
    return [
        *(
            Arc(figure(year.window, kind, key), _START, key, number)
            for key, number in _parts(year, kind).items()
        ),
        *(
            Arc(figure(each.window, kind, key), key, each.window.name, number)
            for each in quarters
            for key, number in _parts(each, kind).items()
        ),
        *(Arc(figure(each.window, "total"), each.window.name, _END, each.total) for each in quarters),
        Arc(figure(year.window, "total"), _END, _START, year.total),
    ]


def _parts(counts: Counts, kind: str) -> Mapping[str, int]:
    return counts.categories if kind == "category" else counts.answers


def _details(counts: Counts, lot: Lot) -> Iterator[Candidate]:
    """A window's total, its categories and its times to the first answer."""
    total = figure(counts.window, "total")
    if counts.total >= SMALLEST:
        yield Candidate(total, Bounds.exactly(counts.total))
    yield from _exactly(counts, "category", counts.categories, lot)
    yield from _exactly(counts, "answer", counts.answers, lot)
    yield from _roughly(counts, total)


def _satisfactions(year: Counts, lot: Lot) -> Iterator[Candidate]:
    return _exactly(year, "satisfaction", year.satisfactions, lot)


def _exactly(counts: Counts, kind: str, parts: Mapping[str, int], lot: Lot) -> Iterator[Candidate]:
    """In an order by chance, in which the large ones are mostly ahead: they are wanted most."""
    named = {figure(counts.window, kind, key): number for key, number in parts.items()}
    large = {name: number for name, number in named.items() if number >= SMALLEST}
    for name in sorted(large, key=lambda each: -math.log(lot(each)) / large[each]):
        yield Candidate(name, Bounds.exactly(large[name]), figure(counts.window, "total"))


def _roughly(counts: Counts, total: str) -> Iterator[Candidate]:
    """That at most five are left, where their number can't be told: so nearly all is known to be well."""
    if counts.total < ROUGH_FROM:
        return
    few = Bounds(0, SMALLEST)
    nearly_all = Bounds(counts.total - SMALLEST, None)
    for answered, bounds in ((Answered.IN_TIME, nearly_all), (Answered.NONE, few)):
        if bounds.hold(counts.answers[answered]):
            yield Candidate(figure(counts.window, "answer", answered), bounds, total)
