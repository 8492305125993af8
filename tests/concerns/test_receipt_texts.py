"""What people read when their receipt couldn't be read."""

import re

import pytest

from handlers.concerns.receipts import Misread, Unknown
from handlers.kit.markup import plain
from tests.world import TEXTS

TWO_UNKNOWN = (Unknown(2, "banx", ("bàn", "bản", "bạn")), Unknown(8, "<q>", ()))


def shown(kind: Misread, **values: object) -> str:
    given = {"count": 8, "unknown": (), "swaps": (), "is_unasked": False, **values}
    return plain(TEXTS.render("concerns/receipt_misread", kind=kind, **given))


@pytest.mark.parametrize(
    ("kind", "values", "told"),
    [
        (Misread.FEW, {"count": 5}, "mới có 5 từ. Anh/chị"),
        (Misread.FEW, {"count": 0}, "chưa thấy từ nào. Anh/chị"),
        (Misread.MANY, {"count": 16}, "có tới 16 từ"),
        (
            Misread.UNKNOWN,
            {"unknown": TWO_UNKNOWN},
            "• Từ thứ 2: “banx” – có phải là “bàn”, “bản” hay “bạn”?\n• ",
        ),
        (Misread.UNKNOWN, {"unknown": TWO_UNKNOWN}, "• Từ thứ 8: “<q>”\nAnh/chị"),
        (Misread.UNKNOWN, {"unknown": [Unknown(1, "banx", ("bàn",))]}, "“banx” – có phải là “bàn”?\n"),
        (Misread.SWAPPED, {"swaps": ((2, 5),)}, "đổi chỗ cho nhau: từ thứ 2 và từ thứ 5. "),
        (Misread.SWAPPED, {"swaps": ((2, 5), (1, 8))}, "từ thứ 5, hoặc từ thứ 1 và từ thứ 8. "),
        (Misread.OTHER, {}, "chưa thành mã tra cứu nào"),
    ],
)
def test_what_is_wrong_is_said_kindly(kind: Misread, values: dict[str, object], told: str) -> None:
    text = shown(kind, **values)
    assert told in text
    assert text.endswith("\n\nGõ nhầm không làm mất gì cả, anh/chị cứ thong thả.")
    assert not re.search(r"\n\n\n|  ", text)
