"""The main way of a meeting on every line: called, asked about, answered, moved, cancelled."""

from tests.meetings.delivering import carry_out
from tests.people import CHAIR, WORKER
from tests.world import World


async def test_from_the_first_word_to_the_last_notice(line_world: World) -> None:
    chair, worker = await line_world.talk(CHAIR), await line_world.talk(WORKER)
    await chair.says("/hop")
    await chair.taps("Tạo cuộc họp")
    await chair.taps("Họp tổ công đoàn")
    await chair.taps("Họp Tổ Hành chính")
    await chair.says("8h30-10h thứ 6")
    await chair.says("Phòng 2")
    await chair.taps("Mọi người")
    await chair.taps("Lặp lại…")
    await chair.taps("Thứ Sáu đầu tiên hằng tháng")
    chair.sees("08:30–10:00 thứ Sáu, 06/03/2026", "thứ Sáu đầu tiên hằng tháng")
    await chair.taps("Mời họp (10 người)")
    chair.sees("Chưa trả lời: 10")

    worker.look()
    await carry_out(line_world)
    worker.sees("Mời họp: Họp Tổ Hành chính", "thứ Sáu, 06/03/2026")
    await worker.taps("Vắng")
    worker.sees("Vì sao anh/chị vắng?")
    await worker.taps("Đi công tác")
    worker.sees("đã báo: vắng (Đi công tác)")

    await chair.says("/hop")
    await chair.taps("06/03 Họp")
    await chair.taps("Vắng (1)")
    chair.sees("Đặng Thu Hà: Đi công tác")
    await chair.taps("Về cuộc họp")
    await chair.taps("Đổi giờ")
    await chair.taps("Chỉ buổi này")
    await chair.says("14h thứ 7")
    await chair.says("Phòng bận")
    chair.sees("14:00–15:30 thứ Bảy, 07/03/2026")
    worker.look()
    await carry_out(line_world)
    worker.sees("Giờ cũ: 08:30–10:00 thứ Sáu, 06/03/2026", "Phòng bận")
    await worker.taps("Có mặt")
    worker.sees("đã báo: có mặt")

    await chair.taps("Huỷ họp")
    await chair.taps("Cả loạt")
    await chair.taps("Huỷ họp, không kèm lời nhắn")
    chair.sees("đã huỷ")
    worker.look()
    await carry_out(line_world)
    worker.sees("Huỷ cả loạt: Họp Tổ Hành chính")
    await worker.taps("Có mặt")
    worker.sees("đã huỷ rồi")
