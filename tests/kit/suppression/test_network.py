"""What flows say may be hidden is what trying says, number for number."""

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.kit.suppression import Bounds, agrees, can_be
from tests.kit.suppression.attacker import Attacker
from tests.kit.suppression.tables import Table, table_of, tables


def plain(shown: dict[str, Bounds]) -> dict[str, tuple[int, int | None]]:
    return {name: (bounds.low, bounds.high) for name, bounds in shown.items()}


@st.composite
def told(draw: st.DrawFn, table: Table) -> dict[str, Bounds]:
    """Some of the figures, exactly or roughly; all of it true."""
    shown = {}
    for name, count in ((arc.name, arc.count) for arc in table.network):
        exactly, roughly = Bounds.exactly(count), Bounds(max(0, count - 2), count + 1)
        bounds = draw(st.sampled_from([exactly, roughly, Bounds(count // 2, None), Bounds(0, count), None]))
        if bounds is not None:
            shown[name] = bounds
    return shown


@settings(deadline=None)
@given(data=st.data(), table=tables())
def test_flows_find_what_trying_finds(data: st.DataObject, table: Table) -> None:
    shown = data.draw(told(table))
    assert agrees(table.network, shown)
    attacker = Attacker(table.sums, plain(shown))
    arc = data.draw(st.sampled_from(table.network))
    for count in (0, 1, 4, 5, 9):
        assert can_be(table.network, shown, arc, count) == attacker.finds_possible(arc.name, count)


def test_what_is_known_of_a_table_by_its_totals() -> None:
    table = table_of([[3, 9], [8, 2]])
    shown = {name: Bounds.exactly(n) for name, n in {"0,*": 12, "1,*": 10, "*,0": 11, "*,1": 11}.items()}
    corner = table.network[0]
    possible = [n for n in range(20) if can_be(table.network, shown, corner, n)]
    # Not below what its row has more than the other column holds.
    assert possible == list(range(1, 12))
    assert not can_be(table.network, shown | {"1,1": Bounds.exactly(2)}, corner, 4)
    assert can_be(table.network, {}, corner, 1_000)


def test_what_was_told_and_is_not_so_any_more() -> None:
    network = table_of([[6, 7]]).network
    assert agrees(network, {"0,0": Bounds.exactly(6), "0,*": Bounds(10, None)})
    assert not agrees(network, {"0,0": Bounds.exactly(5)})
    assert not agrees(network, {"*,*": Bounds(0, 12)})
