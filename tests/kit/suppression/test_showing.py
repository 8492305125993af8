"""Nobody works a small count out of what is chosen to be shown."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.kit.suppression import SMALLEST, Bounds, Candidate, choose, is_safe, showing
from tests.kit.suppression.attacker import Attacker
from tests.kit.suppression.tables import Table, table_of, tables
from tests.kit.suppression.test_network import plain


def wanted(table: Table) -> list[Candidate]:
    return [Candidate(arc.name, Bounds.exactly(arc.count)) for arc in table.network if arc.count >= SMALLEST]


def given_away(table: Table, shown: Mapping[str, Bounds]) -> list[str]:
    """The small counts that an attacker knows not to be none, or knows to be small."""
    attacker = Attacker(table.sums, plain(dict(shown)))
    small = [arc.name for arc in table.network if arc.count < SMALLEST]
    return [
        name for name in small if not all(attacker.finds_possible(name, count) for count in (0, SMALLEST))
    ]


@settings(deadline=None)
@given(data=st.data(), table=tables())
def test_no_small_count_can_be_worked_out(data: st.DataObject, table: Table) -> None:
    candidates = data.draw(st.permutations(wanted(table)))
    shown = choose([table.network], {}, candidates)
    assert given_away(table, shown) == []
    # Nothing is hidden without need.
    for each in candidates:
        if each.name not in shown:
            assert given_away(table, shown | {each.name: each.bounds})


@settings(deadline=None)
@given(data=st.data(), table=tables())
def test_what_was_shown_before_counts(data: st.DataObject, table: Table) -> None:
    candidates = data.draw(st.permutations(wanted(table)))
    half = len(candidates) // 2
    before = choose([table.network], {}, candidates[:half])
    after = choose([table.network], before, candidates)
    assert not before.keys() & after.keys()
    assert given_away(table, before | after) == []


def test_without_complements_the_attacker_finds_small_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The attacker is one: with the small counts alone left out, a subtraction tells them."""
    table = table_of([[12, 3, 7], [8, 9, 6]])
    candidates = wanted(table)
    assert given_away(table, choose([table.network], {}, candidates)) == []
    monkeypatch.setattr(showing, "is_safe", lambda *_: True)
    assert given_away(table, choose([table.network], {}, candidates)) == ["0,1"]


def test_a_single_total_is_not_enough() -> None:
    """Four that are hidden beside what is shown are known to be few, whoever they are."""
    network = table_of([[20, 3, 1, 0]]).network
    total, most = Bounds.exactly(24), Bounds.exactly(20)
    assert is_safe([network], {"0,*": total})
    assert not is_safe([network], {"0,*": total, "0,0": most})
    assert is_safe([table_of([[20, 3, 1, 1]]).network], {"0,*": Bounds.exactly(25), "0,0": most})


def test_only_beside_what_it_needs_and_once() -> None:
    network = table_of([[9, 9]]).network
    first = Candidate("0,0", Bounds.exactly(9), needs="0,*")
    assert choose([network], {}, [first]) == {}
    total = Candidate("0,*", Bounds.exactly(18))
    rough = Candidate("0,0", Bounds(5, None))
    chosen = choose([network], {}, [total, first, rough])
    assert chosen == {"0,*": total.bounds, "0,0": first.bounds}
    assert choose([network], chosen, [rough]) == {}
