"""The calendar through each kind of line: looking, reading, answering, and a swap by the chair."""

from tests.people import CHAIR, WORKER
from tests.world import World


async def test_a_member_looks_reads_and_answers(line_world: World) -> None:
    talk = await line_world.talk(WORKER)
    await talk.says("/lich")
    talk.sees("Lịch tuần 02/03/2026 đến 08/03/2026", "15/1 âm lịch", "Ngày Quốc tế Phụ nữ")
    await talk.taps("Tháng này")
    talk.sees("Lịch tháng 03/2026", "Mùng 1 âm lịch: 19/03/2026")
    await talk.taps("Tháng sau")
    talk.sees("Giỗ Tổ Hùng Vương (nghỉ bù)")
    await talk.taps("26/04 Giỗ Tổ")
    talk.sees("mùng 10 tháng Ba năm Bính Ngọ", "anh/chị kể cho con trẻ nghe")
    await talk.taps("Câu hỏi vui")
    [line] = [each for each in talk.screen.splitlines() if "kế tiếp" in each]
    await talk.taps(line[0])
    talk.sees("Đúng rồi", "Điều 111")
    await talk.taps("Đọc lại bài")
    await talk.taps("Về lịch")
    talk.sees("Lịch tuần 20/04/2026")
    await talk.taps("Sắp tới")
    talk.sees("Rằm tháng Giêng", "Trang 1/")


async def test_the_chair_swaps_a_day(line_world: World) -> None:
    talk = await line_world.talk(CHAIR)
    await talk.says("/lich")
    await talk.taps("Ngày nghỉ, ngày làm bù")
    await talk.taps("Thêm ngày nghỉ")
    await talk.says("31/2/2026")
    talk.sees("Lịch không có ngày này")
    await talk.says("13/3/2026")
    talk.sees("Thứ Sáu 13/03/2026")
    await talk.says("nghỉ đổi & bù <14/3>")
    talk.sees("Đã ghi: Thứ Sáu 13/03/2026 nghỉ, nghỉ đổi & bù <14/3>.")
    member = await line_world.talk(WORKER)
    await member.says("/lich")
    await member.taps("Tuần sau")
    member.sees("Nghỉ: nghỉ đổi & bù <14/3>")
    await talk.taps("Bỏ ngày 13/03/2026")
    talk.sees("lại theo lịch chung")
