"""An announcement from the first word to the last receipt, the same on every line."""

from handlers.announce import progress
from tests.announce.sending import go
from tests.announce.writing import to_options
from tests.people import CHAIR, LEADER, WORKER
from tests.world import World

PDF = b"%PDF-1.7 lich hop"


async def test_from_the_first_word_to_the_last_receipt(line_world: World) -> None:
    chair, worker = await line_world.talk(CHAIR), await line_world.talk(WORKER)
    await line_world.talk("NV07")
    await to_options(chair, "code:NV06,NV07,NV10")
    chair.sees("3 người", "Chưa liên hệ được 1 người", "Ngô Văn Ước")
    await chair.taps("Hỏi “Tôi đã nắm”: không")
    await chair.taps("Xem trước")
    chair.sees("Chào Nguyễn Thị Ánh, mai họp lúc 8 giờ.", "Gửi thông báo này?")
    assert chair.buttons == [
        "Tôi đã nắm",
        "Gửi (3 người)",
        "Gửi thử cho tôi",
        "Sửa nội dung",
        "Đổi người nhận",
        "Đổi giờ, cách gửi",
        "Huỷ",
    ]
    await chair.taps("Gửi thử cho tôi")
    chair.sees("Thông báo của công đoàn", "Chào Nguyễn Thị Ánh", "Đã gửi thử cho riêng")
    await chair.taps("Gửi (3 người)")
    chair.sees("Thông báo số 1", "0/3 người", "0 %")
    await go(line_world)
    await chair.taps("Làm mới")
    chair.sees("đã gửi xong", "2/3 người", "Chưa liên hệ được: 1", "100 %")
    # A page of the web chat reads what came with the next thing one does.
    await worker.says("/menu")
    await worker.taps("Tôi đã nắm")
    worker.sees("công đoàn đã ghi nhận")
    assert worker.new == []
    await worker.taps("Tôi đã nắm")
    worker.sees("bấm rồi")
    await chair.taps("Làm mới")
    chair.sees("Đã bấm “Tôi đã nắm”: 1")
    await chair.taps("Ai chưa bấm “Tôi đã nắm” (1)")
    chair.sees("Hoàng Anh Tuấn")
    chair.misses("Đặng Thu Hà")
    await chair.taps("‹ Về thông báo")
    await chair.taps("Ai chưa nhận được (1)")
    chair.sees("Ngô Văn Ước: chưa liên kết tài khoản")
    await worker.says("/thongbao")
    worker.sees("Chào Đặng Thu Hà, mai họp")
    await worker.taps("Chào Đặng Thu Hà")
    worker.sees("Thông báo của công đoàn", "Chào Đặng Thu Hà, mai họp lúc 8 giờ.")
    assert worker.buttons == []


async def test_a_file_with_a_caption_reaches_people_and_can_be_read_again(line_world: World) -> None:
    chair, worker = await line_world.talk(CHAIR), await line_world.talk(WORKER)
    await chair.says("/guitin")
    await chair.taps("Soạn thông báo")
    await chair.sends_file("lich.pdf", "application/pdf", PDF, "Lịch <i>họp</i>")
    await chair.says("code:NV06")
    await chair.taps("Xem trước")
    assert chair.files == [("lich.pdf", PDF)]
    chair.sees("Lịch họp")
    await chair.taps("Gửi (1 người)")
    await go(line_world)
    await worker.says("/thongbao")
    await worker.taps("Lịch họp")
    assert worker.files == [("lich.pdf", PDF)]
    assert [shown.file for shown in worker.all].count(("lich.pdf", PDF)) == 2


async def test_whoever_it_missed_is_told_by_their_leader(line_world: World) -> None:
    chair, leader = await line_world.talk(CHAIR), await line_world.talk(LEADER)
    await to_options(chair, "code:CU03,NV06", "Chào <b>{{ten}}</b>, mai họp.")
    await chair.taps("Xem trước")
    await chair.taps("Gửi (2 người)")
    await go(line_world)
    await line_world.deliver()
    # A page of the web chat reads what came with the next thing one does.
    await leader.says("/menu")
    assert "Tổ Hành chính có 2 người chưa nhận được thông báo số 1" in "".join(
        shown.text for shown in leader.all
    )
    await leader.taps("Bản in (PDF)")
    leader.sees("Bản in thông báo số 1")
    [(name, pdf)] = leader.files
    assert (name, pdf[:5]) == ("thong-bao-1.pdf", b"%PDF-")
    await leader.taps("Việc cần báo")
    leader.sees("• Đặng Thu Hà (NV06): chưa liên kết tài khoản", "• Lê Quang Đạt (CU03)")
    await leader.taps("Đã báo: Đặng Thu Hà")
    leader.sees("cần báo trực tiếp: 1", "đã báo cho Đặng Thu Hà")
    await leader.taps("↩ Chưa báo: Đặng Thu Hà")
    leader.sees("cần báo trực tiếp: 2")
    await leader.taps("Đã báo: Đặng Thu Hà")
    await leader.taps("Đã báo: Lê Quang Đạt")
    leader.sees("Không còn ai cần báo trực tiếp")
    await chair.taps("Làm mới")
    chair.sees("Chưa liên hệ được: 2", "Đã báo trực tiếp: 2")


async def test_it_is_corrected_and_withdrawn_where_people_read_it(line_world: World) -> None:
    chair, worker = await line_world.talk(CHAIR), await line_world.talk(WORKER)
    await to_options(chair, "code:NV06")
    await chair.taps("Xem trước")
    await chair.taps("Gửi (1 người)")
    await go(line_world)
    await worker.says("/menu")
    assert any("mai họp lúc 8 giờ" in shown.text for shown in worker.all)
    await chair.taps("Sửa nội dung")
    await chair.writes("Chào {{ten}}, mai họp lúc <b>9 giờ</b>.")
    chair.sees("(đã sửa)", "Chào Nguyễn Thị Ánh, mai họp lúc 9 giờ.")
    await chair.taps("Sửa tin")
    await go(line_world)
    await worker.says("/menu")
    assert any("Chào Đặng Thu Hà, mai họp lúc 9 giờ." in shown.text for shown in worker.all)
    assert not any("8 giờ" in shown.text for shown in worker.all)
    await chair.taps("Làm mới")
    chair.sees("Sửa nội dung lúc", "1/1 người")
    await chair.taps("Thu hồi")
    await chair.taps("Thu hồi, gỡ khỏi khung chat")
    await go(line_world)
    await worker.says("/thongbao")
    worker.sees("chưa nhận thông báo nào")
    assert not any("mai họp" in shown.text for shown in worker.all)
    await chair.taps("Làm mới")
    chair.sees("Thu hồi lúc", "1/1 người")


async def test_a_file_keeps_its_place_when_its_caption_is_corrected_and_goes_with_it(
    line_world: World,
) -> None:
    chair, worker = await line_world.talk(CHAIR), await line_world.talk(WORKER)
    await chair.says("/guitin")
    await chair.taps("Soạn thông báo")
    await chair.sends_file("lich.pdf", "application/pdf", PDF, "Lịch họp")
    await chair.says("code:NV06")
    await chair.taps("Xem trước")
    await chair.taps("Gửi (1 người)")
    await go(line_world)
    await chair.taps("Sửa nội dung")
    await chair.writes("Lịch họp <b>mới</b>")
    assert chair.files == [("lich.pdf", PDF)]
    await chair.taps("Sửa tin")
    await go(line_world)
    await worker.says("/menu")
    assert [(shown.text.splitlines()[-1], shown.file) for shown in worker.all if shown.file] == [
        ("Lịch họp mới", ("lich.pdf", PDF))
    ]
    await chair.taps("Thu hồi")
    await chair.taps("Thu hồi, gỡ khỏi khung chat")
    await go(line_world)
    await worker.says("/menu")
    assert not any(shown.file or "Lịch họp" in shown.text for shown in worker.all)


async def test_the_status_follows_by_itself(line_world: World) -> None:
    chair = await line_world.talk(CHAIR)
    await line_world.talk(WORKER)
    await to_options(chair, "code:NV06")
    await chair.taps("Xem trước")
    await chair.taps("Gửi (1 người)")
    await go(line_world)
    line_world.clock.forward(seconds=3)
    async with line_world.database.write() as tx:
        work = line_world.work(tx)
        assert await progress.show(work, await progress.changes(work)) == 1
    await line_world.deliver()
    [status] = [shown.text for shown in chair.all if "Thông báo số 1" in shown.text]
    assert "đã gửi xong" in status
