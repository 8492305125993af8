"""An officer asks for an opinion: the answers, with names or without, and how it will look."""

import pytest

from storage import announcements, polls
from storage.polls import Poll
from tests.announce.asking import forge, to_poll
from tests.announce.sending import go
from tests.announce.writing import to_options
from tests.people import CHAIR
from tests.talk import Talk
from tests.world import World

STALE = "Nút này đã cũ"


async def kept(world: World) -> list[tuple[bool, Poll | None]]:
    """Whether a receipt is wanted, and the poll, of each announcement."""
    async with world.database.read() as tx:
        made = await announcements.newest(tx, 10)
        return [(each.wants_receipt, await polls.of(tx, each.id)) for each in made]


@pytest.fixture
async def chair(branch_world: World) -> Talk:
    return await branch_world.talk(CHAIR)


async def test_from_the_question_to_the_poll(branch_world: World, chair: Talk) -> None:
    await to_poll(chair)
    assert chair.buttons == ["Thôi, không hỏi ý kiến", "Huỷ"]
    await chair.says("Đi biển\n\n  Lên   núi \nỞ nhà")
    chair.sees("1. Đi biển", "2. Lên núi", "3. Ở nhà", "Có ghi tên: ban chấp hành xem được ai chọn câu nào")
    await chair.taps("Ghi tên người trả lời: có")
    chair.sees("Không ghi tên: chỉ biết ai đã trả lời", "từ 5 người trả lời", "không đổi được")
    # Other answers leave the choice about names as it is.
    await chair.says("Biển\nNúi")
    chair.sees("Không ghi tên:")
    await chair.taps("Xong")
    assert "Hỏi ý kiến: 2 câu trả lời" in chair.buttons
    assert not any("Tôi đã nắm" in label for label in chair.buttons)
    await chair.taps("Xem trước")
    chair.sees("Hỏi ý kiến, không ghi tên người trả lời.", "không lưu chọn câu nào", "Gửi thông báo này?")
    chair.misses("Chỉ gửi cho")
    assert chair.buttons[:2] == ["Biển", "Núi"]
    await chair.taps("Núi")
    chair.sees("Đây là bản xem thử")
    await chair.taps("Gửi thử cho tôi")
    assert chair.buttons[:2] == ["Biển", "Núi"]
    await chair.taps("Gửi (10 người)")
    assert await kept(branch_world) == [(False, Poll(1, ("Biển", "Núi"), is_named=False))]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Có", "Cần ít nhất 2 câu trả lời"),
        ("\n".join(f"Câu {each}" for each in range(11)), "Có 11 câu trả lời, nhiều quá 10 câu"),
        ("Có\n" + "a" * 61, "Mỗi câu trả lời dài nhất 60 ký tự"),
        ("Có\n" + "a" * 200, f"“{'a' * 79}…”"),
        ("Đồng ý\nDONG Y", "Hai câu “Đồng ý” và “DONG Y” dễ bị nhầm là một"),
        ("Có\nChào {{ten}}", "không dùng được {{, }}"),
    ],
)
async def test_answers_that_cannot_be(branch_world: World, chair: Talk, typed: str, said: str) -> None:
    await to_poll(chair)
    await chair.says(typed)
    chair.sees(said)
    await chair.says("Có\nKhông")
    chair.sees("1. Có", "2. Không")
    # What is refused later leaves what was there before.
    await chair.says(typed)
    chair.sees(said)
    await chair.taps("Xong")
    await chair.taps("Xem trước")
    await chair.taps("Gửi (")
    assert await kept(branch_world) == [(False, Poll(1, ("Có", "Không"), is_named=True))]


async def test_it_can_be_taken_out_again(branch_world: World, chair: Talk) -> None:
    await to_poll(chair, "code:NV06")
    await chair.says("Có\nKhông")
    await chair.taps("Thôi, không hỏi ý kiến")
    assert "Hỏi ý kiến…" in chair.buttons
    await chair.taps("Hỏi ý kiến…")
    chair.misses("1. Có")
    await chair.taps("Thôi, không hỏi ý kiến")
    await chair.taps("Hỏi “Tôi đã nắm”: không")
    await chair.taps("Xem trước")
    await chair.taps("Gửi (")
    assert await kept(branch_world) == [(True, None)]


async def test_a_poll_takes_the_place_of_the_receipt(branch_world: World, chair: Talk) -> None:
    await to_options(chair)
    await chair.taps("Hỏi “Tôi đã nắm”: không")
    await chair.taps("Hỏi ý kiến…")
    await chair.says("Có\nKhông")
    await chair.taps("Xong")
    await forge(chair, "receipt~1")
    chair.sees(STALE)
    await chair.taps("Xem trước")
    await chair.taps("Gửi (")
    assert await kept(branch_world) == [(False, Poll(1, ("Có", "Không"), is_named=True))]


async def test_with_fewer_than_five_people_the_officer_is_warned(chair: Talk) -> None:
    await to_poll(chair, "code:NV06,NV07,NV08,NV09")
    await chair.says("Có\nKhông")
    await chair.taps("Xong")
    await chair.taps("Xem trước")
    chair.sees("Hỏi ý kiến, có ghi tên người trả lời.")
    chair.misses("Chỉ gửi cho")
    await chair.taps("Đổi giờ, cách gửi")
    await chair.taps("Hỏi ý kiến: 2")
    await chair.taps("Ghi tên người trả lời: có")
    await chair.taps("Xong")
    await chair.taps("Xem trước")
    chair.sees("Chỉ gửi cho 4 người nên sẽ không xem được kết quả: cần từ 5 người trả lời")


async def test_the_step_says_again_where_one_is(branch_world: World, chair: Talk) -> None:
    await to_poll(chair)
    here = chair.last.text
    await chair.sends("sticker")
    chair.sees(here)
    for forged in ("named~1", "send~1~1", "when~now", "to_poll"):
        await forge(chair, forged)
        chair.sees(STALE, here)
    await chair.says("Có\nKhông")
    await forge(chair, "named")
    chair.sees(STALE, "1. Có")
    await chair.taps("Huỷ")
    assert await kept(branch_world) == []


async def test_long_answers_stand_in_the_letter_too(branch_world: World, chair: Talk) -> None:
    long = "Họp trực tuyến vào tối thứ Sáu, <sau giờ làm> & ăn"
    worker = await branch_world.talk("NV06")
    await to_poll(chair, "code:NV06")
    await chair.says(f"Không họp\n{long}")
    await chair.taps("Xong")
    await chair.taps("Xem trước")
    chair.sees(f"1. Không họp\n2. {long}")
    await chair.taps("Gửi (")
    await go(branch_world)
    assert [label for label, _ in worker.all[-1].buttons] == ["1. Không họp", f"2. {long}"]
    assert f"Đi đâu?\n\n1. Không họp\n2. {long}\n\n🗳 Có ghi tên" in worker.all[-1].text
