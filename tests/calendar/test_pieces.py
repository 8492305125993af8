"""A day's piece and its question."""

from datetime import date

import pytest

from handlers.kit.calendar.observance_files import MAX_SLUG
from handlers.kit.payload import MAX_BYTES, encode
from tests.people import WORKER
from tests.talk import Talk
from tests.world import BRANCH, CALENDAR, World

UNION = CALENDAR.by_slug["thanh-lap-cong-doan"]
DAY = "2026-07-28"


async def at_piece(world: World, slug: str = UNION.slug, day: str = DAY) -> Talk:
    talk = await world.talk(WORKER)
    await talk.says("/lich")
    await talk.presses(talk.last, encode(BRANCH.tag, "calendar.piece", slug, day))
    return talk


async def test_a_piece_opens_in_place_of_the_list_and_leads_back(branch_world: World) -> None:
    talk = await branch_world.talk(WORKER)
    await talk.says("/lich")
    await talk.taps("08/03 Ngày Quốc tế Phụ nữ")
    talk.sees(
        "Chủ Nhật 08/03/2026, ngày 20 tháng Giêng năm Bính Ngọ", "Ngày Quốc tế Phụ nữ", "anh/chị kể điều này"
    )
    assert len(talk.all) == 1
    await talk.taps("Về lịch")
    talk.sees("Lịch tuần 02/03/2026")


async def test_years_are_counted_where_there_are_any(branch_world: World) -> None:
    talk = await at_piece(branch_world)
    talk.sees("Thứ Ba 28/07/2026, rằm tháng Sáu năm Bính Ngọ", "Kỷ niệm 97 năm (1929 - 2026)")
    talk = await at_piece(branch_world, "tet-nguyen-dan", "2026-02-17")
    talk.sees("Thứ Ba 17/02/2026, mùng 1 tháng Giêng năm Bính Ngọ")
    talk.misses("Kỷ niệm")


async def test_a_piece_without_a_question_has_no_button_to_one(branch_world: World) -> None:
    talk = await at_piece(branch_world, "gia-dinh", "2026-06-28")
    assert talk.buttons == ["‹ Về lịch"]


@pytest.mark.parametrize("is_right", [True, False])
async def test_the_question_is_answered_with_the_reason(branch_world: World, is_right: bool) -> None:
    talk = await at_piece(branch_world)
    await talk.taps("Câu hỏi vui")
    assert UNION.question is not None
    lines = [line for line in talk.screen.splitlines() if line[1:2] == "."]
    options = {line[3:]: line[0] for line in lines}
    assert set(options) == set(UNION.question.options)
    wanted = UNION.question.right if is_right else UNION.question.wrong[0]
    await talk.taps(options[wanted])
    talk.sees("Đúng rồi" if is_right else "Chưa đúng. Đáp án: Số 15", UNION.question.explain)
    # The piece stays above, and the answer took the place of the question.
    assert len(talk.all) == 2
    await talk.taps("Đọc lại bài")
    talk.sees("Kỷ niệm 97 năm")


async def test_options_stand_in_another_order_each_time(branch_world: World) -> None:
    talk = await at_piece(branch_world)
    orders = set()
    for _ in range(8):
        await talk.presses(talk.all[0], encode(BRANCH.tag, "calendar.question", UNION.slug, DAY))
        orders.add(talk.screen)
    assert len(orders) > 1


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        ("piece", ("khong-co", DAY)),
        # Not switched on.
        ("piece", ("ngay-van-hoa", "2026-11-24")),
        ("piece", (UNION.slug, "x")),
        ("piece", (UNION.slug,)),
        ("question", ("gia-dinh", "2026-06-28")),
        ("answer", ("gia-dinh", "2026-06-28", "0")),
        ("answer", (UNION.slug, DAY, "4")),
        ("answer", (UNION.slug, DAY, "-1")),
        ("answer", (UNION.slug, DAY)),
    ],
)
async def test_forged_buttons_are_old_ones(
    branch_world: World, action: str, arguments: tuple[str, ...]
) -> None:
    talk = await branch_world.talk(WORKER)
    await talk.says("/lich")
    await talk.presses(talk.last, encode(BRANCH.tag, f"calendar.{action}", *arguments))
    talk.sees("Nút này đã cũ")


@pytest.mark.parametrize("slug", CALENDAR.by_slug)
def test_every_slug_fits_into_buttons(slug: str) -> None:
    day = date(2026, 1, 1).isoformat()
    assert encode(BRANCH.tag, "calendar.question", slug, day)
    assert encode(BRANCH.tag, "calendar.answer", slug, day, 3)


def test_the_longest_slug_fits_into_buttons() -> None:
    """The branch's tag is at most four letters."""
    day, slug = date(2026, 1, 1).isoformat(), "x" * MAX_SLUG
    longest = (
        encode("tttt", "calendar.question", slug, day),
        encode("tttt", "calendar.answer", slug, day, 3),
    )
    assert max(map(len, longest)) == MAX_BYTES
