"""An announcement from the first word to the last receipt, the same on every line."""

import logging

import pytest

from handlers.announce.following import progress
from tests.announce.asking import asked
from tests.announce.sending import go
from tests.announce.writing import to_options
from tests.people import CHAIR, LEADER, WORKER
from tests.storage.snapshot import changes, snapshot
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
    assert worker.buttons == []
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


@pytest.mark.needs("documents", "captions")
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
    leader.sees("Cần báo trực tiếp: 1", "đã báo cho Đặng Thu Hà")
    await leader.taps("↩ Chưa báo: Đặng Thu Hà")
    leader.sees("Cần báo trực tiếp: 2")
    await leader.taps("Đã báo: Đặng Thu Hà")
    await leader.taps("Đã báo: Lê Quang Đạt")
    leader.sees("Không còn ai cần báo trực tiếp")
    await chair.taps("Làm mới")
    chair.sees("Chưa liên hệ được: 2", "Đã báo trực tiếp: 2")


async def test_an_opinion_is_asked_given_and_counted(line_world: World) -> None:
    chair = await line_world.talk(CHAIR)
    people = [await line_world.talk(code) for code in ("NV06", "NV07", "NV08", "NV09", "NV10")]
    await to_options(chair, "code:NV06,NV07,NV08,NV09,NV10", "Tổ ta đi <b>đâu</b> dịp lễ?")
    await chair.taps("Hỏi ý kiến…")
    await chair.says("Đi biển\nLên núi")
    await chair.taps("Ghi tên người trả lời: có")
    chair.sees("Không ghi tên")
    await chair.taps("Xong")
    await chair.taps("Xem trước")
    chair.sees("Tổ ta đi đâu dịp lễ?", "không lưu chọn câu nào", "Gửi thông báo này?")
    await chair.taps("Đi biển")
    chair.sees("Đây là bản xem thử")
    await chair.taps("Gửi (5 người)")
    await go(line_world)
    for number, talk in enumerate(people):
        # A page of the web chat reads what came with the next thing one does.
        await talk.says("/menu")
        await talk.taps("Lên núi" if number else "Đi biển")
        talk.sees("Đã ghi nhận, không lưu anh/chị chọn câu nào")
        assert talk.buttons == []
        await talk.taps("Đi biển")
        talk.sees("đã trả lời rồi")
    await chair.taps("Làm mới")
    chair.sees("Đã trả lời ý kiến: 5")
    await chair.taps("Kết quả hỏi ý kiến")
    chair.sees("Đã trả lời: 5/5 người", "Chưa hiện số liệu từng câu")
    await chair.taps("Kết thúc lấy ý kiến")
    await chair.taps("Kết thúc, không nhận thêm")
    chair.sees("Đi biển\n▓▓░░░░░░░░ 1 người (20 %)", "Lên núi\n▓▓▓▓▓▓▓▓░░ 4 người (80 %)")
    await people[0].taps("Lên núi")
    people[0].sees("đã kết thúc nên không nhận thêm")
    await people[0].says("/thongbao")
    await people[0].taps("Tổ ta đi đâu dịp lễ?")
    people[0].sees("Tổ ta đi đâu dịp lễ?", "5 người trả lời", "Lên núi\n▓▓▓▓▓▓▓▓░░ 4 người (80 %)")


async def test_on_no_line_an_unnamed_answer_leaves_more_than_a_voter_and_a_count(
    line_world: World, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    worker = await line_world.talk(WORKER)
    number = await asked(
        line_world, named=False, audience=f"code:{WORKER}", options=("Có", "Không"), codes=()
    )
    await worker.says("/menu")
    before = await snapshot(line_world.database)
    with caplog.at_level(logging.DEBUG):
        await worker.taps("Không")
    worker.sees("Đã ghi nhận")
    changed = await changes(line_world.database, before)
    assert set(changed) == {"poll_voter", "poll_count", "processed_event"}
    assert "answer" not in " ".join(changed["processed_event"])
    assert f"answer~{number}" not in caplog.text + "".join(capfd.readouterr())


@pytest.mark.needs("edits", "deletions")
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


@pytest.mark.needs("documents", "edits")
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


@pytest.mark.needs("edits")
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
