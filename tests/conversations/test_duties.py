"""A duty from the list to done and back, the same on every line."""

from tests.people import CHAIR, COMMITTEE
from tests.world import World


async def test_from_the_list_to_done_and_back(line_world: World) -> None:
    chair = await line_world.talk(CHAIR)
    await chair.says("/nhiemvu")
    chair.sees("Nhiệm vụ năm 2026", "Hội nghị người lao động", "hạn 31/03/2026")
    await chair.taps("Hội nghị người lao động")
    chair.sees("3 tháng sau khi hết năm tài chính", "Điều 47")
    await chair.taps("Dời hạn")
    await chair.says("31/2")
    chair.sees("Chưa đọc được ngày này")
    await chair.says("15/4")
    await chair.says("Công ty quyết toán muộn")
    chair.sees("Hạn: 15/04/2026 (đã dời hạn)", "Lý do dời: Công ty quyết toán muộn")
    await chair.taps("Hôm nay đã xong")
    chair.sees("Xong ngày 02/03/2026")
    other = await line_world.talk(COMMITTEE)
    await other.says("việc cần làm")
    other.sees("đã xong 1")
    await chair.taps("Bỏ ghi đã xong")
    chair.sees("Hạn: 15/04/2026")
