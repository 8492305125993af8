"""The message that every contender sends: an announcement of about 200 letters with one button."""

TEXT = (
    "<b>Mời họp tổ công đoàn tháng 12</b>\n"
    "Kính mời anh/chị tới dự buổi họp lúc 14 giờ thứ Năm tại hội trường tầng 2. Nội dung: kết quả học tập "
    "nghị quyết, quà Tết cho đoàn viên, ý kiến về bữa ăn giữa ca. Anh/chị bấm nút dưới đây khi đã nắm."
)
LABEL, PAYLOAD = "Tôi đã nắm", "1~t3st~announce.ack~1"
TOKEN = "123:ABC"
