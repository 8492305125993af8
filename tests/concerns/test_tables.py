"""Whoever sees all figures of a year, in the order in which they come, works out no small one."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.concerns import tables
from handlers.concerns.tables import Answered, Counts, count
from handlers.concerns.windows import Window, quarters_of
from handlers.kit.suppression import Bounds, showing
from storage.concerns.figures import Tally
from tests.concerns.counting import CATEGORIES, WEEKS, YEAR, given_away, lot, tallies, tally, true_figures


def counts_of(found: Sequence[Tally]) -> list[Counts]:
    return [count(each, found, CATEGORIES) for each in quarters_of(YEAR)]


def with_year(counts: Sequence[Counts]) -> list[Counts]:
    return [*counts, tables.together(Window(YEAR), counts)]


def shown_in_turn(
    then: Sequence[Counts], later: Sequence[Counts], *, quarters: bool = True
) -> dict[str, Bounds]:
    """Each quarter as it was when it was due, and the year as things are at its end."""
    shown: dict[str, Bounds] = {}
    for each in then[:-1] if quarters else ():
        shown |= tables.of_quarter(each, lot)
    return shown | tables.of_year(later, shown, lot, with_quarter=quarters)


@settings(deadline=None, max_examples=50)
@given(tallies, st.booleans())
def test_no_small_figure_of_a_year_can_be_worked_out(found: list[Tally], quarters: bool) -> None:
    counts = counts_of(found)
    assert given_away(shown_in_turn(counts, counts, quarters=quarters), with_year(counts)) == []


@settings(deadline=None, max_examples=50)
@given(tallies, st.data())
def test_nor_when_cases_are_destroyed_and_rated_before_the_year_is_counted(
    found: list[Tally], data: st.DataObject
) -> None:
    later = [
        replace(each, satisfaction=data.draw(st.sampled_from([None, 1, 2, 3])))
        for each in found
        if data.draw(st.integers(0, 9))
    ]
    then, now = counts_of(found), counts_of(later)
    shown = shown_in_turn(then, now)
    # Each as it was counted: the quarters then, what was said of the answers now.
    *quarters, year = with_year([*then[:-1], now[-1]])
    year = replace(year, satisfactions=with_year(now)[-1].satisfactions)
    assert given_away(shown, [*quarters, year]) == []


@settings(deadline=None)
@given(tallies)
def test_what_is_shown_is_true_and_large(found: list[Tally]) -> None:
    counts = counts_of(found)
    true = true_figures(with_year(counts))
    for name, told in shown_in_turn(counts, counts).items():
        assert told.hold(true[name])
        assert told.low >= 5 or (told.low, told.high) == (0, 5)


def test_without_complements_small_figures_come_out(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        tally(WEEKS[0], "pay", count=9),
        tally(WEEKS[0], "hours", count=2),
        tally(WEEKS[20], "pay", count=7),
    ]
    counts = counts_of(found)
    assert given_away(shown_in_turn(counts, counts), with_year(counts)) == []
    monkeypatch.setattr(showing, "is_safe", lambda *_: True)
    found_out = given_away(shown_in_turn(counts, counts), with_year(counts))
    assert "2026-1/category/hours" in found_out


def test_without_what_was_shown_before_the_difference_of_two_windows_tells() -> None:
    """Two quarters are shown, and the year is counted as if nobody had seen them."""
    found = [
        *(tally(week, "pay", count=10) for week in (WEEKS[0], WEEKS[13], WEEKS[26])),
        *(tally(week, "hours", count=10) for week in (WEEKS[0], WEEKS[13], WEEKS[26])),
        tally(WEEKS[39], "pay", count=3),
    ]
    counts = counts_of(found)
    quarters = {name: told for each in counts[:-1] for name, told in tables.of_quarter(each, lot).items()}
    year = tables.of_year(counts, {}, lot, with_quarter=True)
    assert "2026/total" in year
    assert "2026-4/total" in given_away(quarters | year, with_year(counts))
    assert "2026/total" not in tables.of_year(counts, quarters, lot, with_quarter=True)


def test_an_answer_counts_as_it_was_when_the_quarter_was_due() -> None:
    """So the year says the same of a quarter as the quarter did."""
    found = [tally(WEEKS[12], "pay", after) for after in (1, 4, 5, None)]
    [first, *_] = counts_of(found)
    assert first.answers == {Answered.IN_TIME: 1, Answered.LATE: 1, Answered.NONE: 2}


def test_nearly_all_is_told_where_the_number_would_give_the_rest_away() -> None:
    found = [tally(WEEKS[0], key, count=24) for key in CATEGORIES] + [tally(WEEKS[0], "pay", None, count=2)]
    shown = tables.of_quarter(counts_of(found)[0], lot)
    assert shown["2026-1/answer/in_time"] == Bounds(69, None)
    assert shown["2026-1/answer/none"] == Bounds(0, 5)
    few = tables.of_quarter(counts_of([tally(WEEKS[0], "pay", count=19)])[0], lot)
    assert few.keys() == {"2026-1/total"}


def test_what_agrees_no_more_is_not_counted_by_the_year() -> None:
    found = [tally(week, key, count=12) for week in WEEKS[::13] for key in CATEGORIES]
    counts = counts_of(found)
    before = {name: told for each in counts[:-1] for name, told in tables.of_quarter(each, lot).items()}
    fewer = counts_of(found[1:])
    assert {name.split("/")[0] for name in tables.of_year(fewer, before, lot, with_quarter=True)} == {
        "2026-4"
    }
    assert tables.of_year(fewer, before, lot, with_quarter=False) == {}
    # Merged since: answered in another case that was answered later.
    answered = counts_of([tally(WEEKS[0], "pay", 3, count=12), *found[1:]])
    shown = tables.of_year(answered, before, lot, with_quarter=True)
    assert "2026/category/pay" in shown
    assert not [name for name in shown if name.startswith("2026/answer")]


# Somebody who knows the rule as well: from what is missing they may tell why it is.

Groups = dict[frozenset[tuple[str, Bounds]], set[tuple[int, ...]]]


def place(known: Sequence[str], name: str) -> float:
    """A lot that puts the categories into this order, however large they are."""
    key = name.rsplit("/", maxsplit=1)[-1]
    return math.exp(-(10 ** known.index(key))) if key in known else 1


def by_what_is_shown(orders: Sequence[Sequence[str]], largest: int) -> Groups:
    """All windows of three categories with at most so many concerns, by what may be shown of them."""
    groups: Groups = defaultdict(set)
    for cells in product(range(largest + 1), repeat=len(CATEGORIES)):
        if sum(cells) > largest:
            continue
        answers = dict(zip(map(str, Answered), (sum(cells), 0, 0), strict=True))
        counts = Counts(Window(YEAR, 1), dict(zip(CATEGORIES, cells, strict=True)), answers, {})
        for each in orders:
            shown = tables.of_quarter(counts, partial(place, each))
            groups[frozenset(shown.items())].add(cells)
    return groups


def narrowest(groups: Groups) -> int:
    """How many numbers are left at least for a small count."""
    columns = [set(column) for tables_of in groups.values() for column in zip(*tables_of, strict=True)]
    return min(len(numbers) for numbers in columns if min(numbers) < 5)


def test_five_numbers_are_left_even_to_who_knows_the_rule() -> None:
    assert narrowest(by_what_is_shown(list(permutations(CATEGORIES)), 13)) == 5


def test_a_known_order_would_leave_fewer() -> None:
    assert narrowest(by_what_is_shown([CATEGORIES], 13)) < 5
