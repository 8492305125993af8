import struct

import pytest

from handlers.campaign import chart
from handlers.campaign.chart import Bar, Chart

NAMES = ("Tổ Hành chính", "#show $x$ *đậm* _nghiêng_", "<b>Ấn</b> & Co", 'Tổ "Kỹ thuật" \\ @x', "A" * 100)


def size(picture: bytes) -> tuple[int, int]:
    """Width and height from the header of a PNG."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


@pytest.mark.parametrize("number", [1, len(NAMES), chart.MAX_BARS])
def test_any_names_can_be_drawn_as_wide_as_a_phone(number: int) -> None:
    bars = [
        Bar(NAMES[each % len(NAMES)], float(each % 101), f"{each % 101}%", "1/2") for each in range(number)
    ]
    width, height = size(chart.draw(Chart("Đợt học *số* #1", "30% hoàn thành", "lúc 08:30", bars, "")))
    assert width == 800
    # Telegram shows pictures whose sides are together at most 10,000 long.
    assert height < 9000
