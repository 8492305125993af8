"""A picture of the groups' coverage."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from handlers.kit.typeset import typeset

# Beyond these the picture would be too long for a phone.
MAX_BARS = 60
_PIXELS_PER_INCH = 160.0
_LAYOUT = "coverage_chart.typ"


@dataclass(frozen=True, slots=True)
class Bar:
    name: str
    # 0 to 100.
    share: float
    share_text: str
    count: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What stands in the picture; every text is ready to read."""

    title: str
    subtitle: str
    date: str
    bars: Sequence[Bar]
    # What the bars leave out; empty when nothing.
    more: str


def draw(chart: Chart) -> bytes:
    """The picture as PNG. It keeps one processor busy for some 50 ms: call it in a thread."""
    return typeset(_LAYOUT, asdict(chart), format="png", ppi=_PIXELS_PER_INCH)
