"""A picture of the groups' coverage."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files

# Beyond these the picture would be too long for a phone.
MAX_BARS = 60
_PIXELS_PER_INCH = 160.0


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
    import typst  # noqa: PLC0415 - 40 MB that a running bot need not hold until somebody wants a picture

    picture: bytes = typst.compile(
        _template(),
        format="png",
        ppi=_PIXELS_PER_INCH,
        sys_inputs={"data": json.dumps(asdict(chart))},
        ignore_system_fonts=True,
    )
    return picture


@cache
def _template() -> bytes:
    return files("content").joinpath("reports", "coverage_chart.typ").read_bytes()
