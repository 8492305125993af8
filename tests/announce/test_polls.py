"""A poll in the chat: answering it, following it, closing it; what is forged or late is refused."""

import pytest
from markupsafe import Markup
from sqlalchemy import func, select

from handlers.announce import actions
from handlers.announce.following import progress
from handlers.announce.polls import polling
from handlers.announce.rules import Deed
from handlers.kit.errors import RefusedError, StaleError
from storage import accounts, announcements, members
from storage.announcements import State
from storage.schema.messages import outbox
from tests.announce.asking import CODES, OPTIONS, answer, asked, close, forge, results, to_poll
from tests.announce.sending import carry_on, go, put_in
from tests.people import CHAIR, COMMITTEE, WORKER, person
from tests.talk import Talk
from tests.world import START, World

STALE = "Nút này đã cũ"
TEXT = Markup("Mai họp.")
NAMED, UNNAMED = pytest.param(True, id="named"), pytest.param(False, id="unnamed")


@pytest.fixture
async def chair(branch_world: World) -> Talk:
    return await branch_world.talk(CHAIR)


@pytest.fixture
async def worker(branch_world: World) -> Talk:
    return await branch_world.talk(WORKER)


async def cancel(world: World, number: int) -> None:
    async with world.database.write() as tx:
        await actions.do(world.work(tx), number, Deed.CANCEL)


# Answering.


async def test_with_names_an_answer_can_be_changed(branch_world: World, worker: Talk) -> None:
    number = await asked(branch_world, named=True)
    letter = worker.all[-1]
    assert "ban chấp hành xem được ai chọn câu nào" in letter.text
    assert [label for label, _ in letter.buttons] == list(OPTIONS)
    await worker.taps("Không đồng ý")
    worker.sees("Đã ghi nhận câu trả lời của anh/chị. Đổi ý thì bấm câu khác.")
    assert worker.new == []
    assert (await results(branch_world, number)).counts == (0, 1, 0)
    await worker.taps("Ý kiến khác")
    assert (await results(branch_world, number)).counts == (0, 0, 1)


async def test_without_names_it_counts_once_and_that_is_said_before(
    branch_world: World, worker: Talk
) -> None:
    number = await asked(branch_world, named=False)
    letter = worker.all[-1].text
    assert "không lưu chọn câu nào" in letter
    # Where a choice is typed, the platform and whoever reads along there see it.
    assert "Trên Zalo, tin nhắn để chọn còn nằm trong khung chat" in letter
    assert "từ 5 người trả lời" in letter
    assert "Chọn rồi thì không đổi được." in letter
    await worker.taps("Không đồng ý")
    worker.sees("Đã ghi nhận, không lưu anh/chị chọn câu nào")
    await worker.taps("Ý kiến khác")
    worker.sees("Anh/chị đã trả lời rồi. Vì không lưu ai chọn câu nào nên không đổi được.")
    assert worker.new == []
    assert (await results(branch_world, number)).answered == 1


@pytest.mark.parametrize("named", [NAMED, UNNAMED])
async def test_after_it_is_closed_nothing_counts(branch_world: World, worker: Talk, *, named: bool) -> None:
    number = await asked(branch_world, named=named)
    await close(branch_world, number)
    await worker.taps("Không đồng ý")
    worker.sees("đã kết thúc nên không nhận thêm")
    assert (await results(branch_world, number)).answered == 0


async def test_a_cancelled_one_asks_nothing_any_more(branch_world: World, worker: Talk, chair: Talk) -> None:
    number = await asked(branch_world, named=True)
    async with branch_world.database.write() as tx:
        await announcements.change(tx, number, {State.SENT}, State.PAUSED)
    await worker.taps("Không đồng ý")
    await cancel(branch_world, number)
    await worker.taps("Ý kiến khác")
    worker.sees("đã kết thúc nên không nhận thêm")
    assert (await results(branch_world, number)).counts == (0, 1, 0)
    await forge(chair, f"close_poll~{number}")
    chair.sees("đã kết thúc từ trước", "thông báo số 1 – đã kết thúc")
    await worker.says("/thongbao")
    await worker.taps("Đi đâu?")
    worker.sees("Đã kết thúc hỏi ý kiến")


async def test_only_those_it_was_sent_to_answer(branch_world: World, worker: Talk) -> None:
    number = await asked(branch_world, named=True, audience="code:NV07")
    await forge(worker, f"answer~{number}~0")
    worker.sees("không gửi tới anh/chị")
    assert (await results(branch_world, number)).answered == 0


@pytest.mark.parametrize("forged", ["answer~1~3", "answer~1", "answer~1~x", "answer", "answer~1~-1"])
async def test_an_answer_that_there_is_not(branch_world: World, worker: Talk, forged: str) -> None:
    number = await asked(branch_world, named=False)
    await forge(worker, forged)
    worker.sees(STALE)
    assert (await results(branch_world, number)).answered == 0


async def test_an_announcement_without_a_poll_and_one_that_is_not_there(
    branch_world: World, worker: Talk
) -> None:
    number = await asked(branch_world, named=True)
    async with branch_world.database.write() as tx:
        plain = await actions.announce(branch_world.work(tx), None, actions.Draft(TEXT, "all"))
    await forge(worker, f"answer~{plain.id}~0")
    worker.sees("không gửi tới anh/chị")
    await forge(worker, "answer~99~0")
    worker.sees("Không có thông báo số 99")
    # Nor does a poll take receipts.
    await forge(worker, f"noted~{number}")
    worker.sees("không gửi tới anh/chị")


async def test_whoever_left_answers_no_more_and_what_they_said_stays(
    branch_world: World, worker: Talk
) -> None:
    number = await asked(branch_world, named=True)
    await worker.taps("Không đồng ý")
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, [WORKER], START)
    await worker.taps("Ý kiến khác")
    worker.misses("Đã ghi nhận", "trục trặc")
    assert (await results(branch_world, number)).counts == (0, 1, 0)


async def test_whoever_blocked_the_bot_is_asked_and_may_come_back(branch_world: World) -> None:
    await branch_world.link("direct", "p-NV07", "NV07")
    async with branch_world.database.write() as tx:
        account = await accounts.load(tx, "direct", "p-NV07")
        assert account is not None
        await accounts.set_unreachable(tx, account.id, "blocked")
    number = await asked(branch_world, named=False, audience="code:NV06,NV07", codes=["NV06"])
    talk = branch_world.stranger("p-NV07")
    assert talk.all == []
    await forge(talk, f"answer~{number}~0")
    talk.sees("Đã ghi nhận")
    found = await results(branch_world, number)
    assert (found.answered, found.counts) == (1, None)


# Reading it again.


async def test_while_it_is_open_it_is_asked_again(branch_world: World, worker: Talk) -> None:
    await asked(branch_world, named=True)
    await worker.says("/thongbao")
    await worker.taps("Đi đâu?")
    assert worker.buttons == list(OPTIONS)
    assert worker.notice == ""
    await worker.taps("Không đồng ý")
    await worker.taps("Đi đâu?")
    assert worker.buttons == list(OPTIONS)
    # Said over the chat, and kept in no message.
    assert worker.notice == "Anh/chị đã chọn: Không đồng ý"
    assert "đã chọn" not in worker.last.text


async def test_whoever_answered_without_a_name_is_not_asked_again(branch_world: World, worker: Talk) -> None:
    await asked(branch_world, named=False)
    await worker.taps("Không đồng ý")
    await worker.says("/thongbao")
    await worker.taps("Đi đâu?")
    worker.sees("Anh/chị đã trả lời rồi, cảm ơn anh/chị.")
    assert worker.buttons == []


@pytest.mark.parametrize(("answers", "is_shown"), [(4, False), (5, True)])
async def test_without_names_members_see_the_result_from_five_answers_up(
    branch_world: World, worker: Talk, answers: int, *, is_shown: bool
) -> None:
    number = await asked(branch_world, named=False)
    for each, code in enumerate(CODES[:answers]):
        await answer(branch_world, number, code, int(each > 0))
    await worker.says("/thongbao")
    await worker.taps("Đi đâu?")
    worker.misses("▓")
    await close(branch_world, number)
    await worker.taps("Đi đâu?")
    worker.sees(f"Đã kết thúc hỏi ý kiến, {answers} người trả lời.")
    assert worker.buttons == []
    if is_shown:
        worker.sees("Đồng ý\n▓▓░░░░░░░░ 1 người (20 %)\n\nKhông đồng ý\n▓▓▓▓▓▓▓▓░░ 4 người (80 %)")
    else:
        worker.sees("Chưa đến 5 người trả lời nên không hiện kết quả")
        worker.misses("▓", "░")


# Officers.


async def test_with_names_officers_see_figures_and_who_chose_what(branch_world: World, chair: Talk) -> None:
    number = await asked(branch_world, named=True)
    await chair.says("/guitin")
    await chair.taps("1. Đi đâu?")
    chair.sees("Đã trả lời ý kiến: 0")
    await chair.taps("Kết quả hỏi ý kiến")
    chair.sees(
        "Lấy ý kiến, thông báo số 1 – đang mở", "Đã trả lời: 0/10 người", "Có ghi tên", "0 người (0 %)"
    )
    assert chair.buttons == ["Ai chưa trả lời (10)", "Kết thúc lấy ý kiến", "Làm mới", "‹ Về thông báo"]
    await forge(chair, f"choices~{number}~0")
    chair.sees("Chưa ai trả lời")
    for code, option in (("NV06", 1), ("NV07", 0), ("NV09", 1)):
        await answer(branch_world, number, code, option)
    await forge(chair, f"results~{number}")
    chair.sees("Đã trả lời: 3/10 người", "Không đồng ý\n▓▓▓▓▓▓░░░░ 2 người (66 %)", "Số liệu lúc 08:30")
    await chair.taps("Ai chọn câu nào")
    chair.sees(
        "3 người",
        "Đồng ý\n• Hoàng Anh Tuấn (Tổ Nghiệp vụ)",
        "Không đồng ý\n• Đặng Thu Hà (Tổ Hành chính)\n• Bùi Ngọc <b>Ấn</b> & Co (Tổ Kỹ thuật)",
    )
    await chair.taps("‹ Về kết quả")
    await chair.taps("Ai chưa trả lời (7)")
    chair.sees("chưa trả lời, thông báo số 1: 7 người", "• Đỗ Mỹ Linh (NV08)")
    chair.misses("Đặng Thu Hà")


async def test_who_chose_what_stands_on_pages(branch_world: World, chair: Talk) -> None:
    async with branch_world.database.write() as tx:
        group = (await members.group_ids(tx))["to ky thuat"]
        rows = [person(group, START, code=f"X{each:02}", name=f"Người {each:02}") for each in range(40)]
        await members.add(tx, rows)
    number = await asked(branch_world, named=True, codes=())
    for each in range(40):
        await answer(branch_world, number, f"X{each:02}", each % 2)
    await forge(chair, f"choices~{number}~0")
    chair.sees("Người 00", "Người 01")
    chair.misses("Người 39")
    await chair.taps("Sau ›")
    chair.sees("Không đồng ý\n• Người 21", "Người 39")
    assert chair.buttons == ["‹ Trước", "‹ Về kết quả"]


async def test_without_names_there_are_no_figures_while_it_is_open(branch_world: World, chair: Talk) -> None:
    number = await asked(branch_world, named=False)
    for code in CODES[:9]:
        await answer(branch_world, number, code, 0)
    await forge(chair, f"results~{number}")
    chair.sees("Đã trả lời: 9/10 người", "Không ghi tên", "đoán ra được người vừa trả lời chọn câu nào")
    chair.misses("▓", "░")
    assert chair.buttons == ["Ai chưa trả lời (1)", "Kết thúc lấy ý kiến", "Làm mới", "‹ Về thông báo"]
    await forge(chair, f"choices~{number}~0")
    chair.sees(STALE)
    await forge(chair, f"results~{number}")
    await chair.taps("Ai chưa trả lời (1)")
    chair.sees("• Ngô Văn Ước (NV10)")
    await chair.taps("‹ Về thông báo")
    await chair.taps("Kết quả hỏi ý kiến")
    await chair.taps("Kết thúc lấy ý kiến")
    chair.sees("Đã có 9/10 người trả lời", "không mở lại được")
    chair.misses("Chưa đủ 5 người")
    await chair.taps("‹ Về kết quả")
    chair.sees("đang mở")
    await chair.taps("Kết thúc lấy ý kiến")
    await chair.taps("Kết thúc, không nhận thêm")
    chair.sees("đã kết thúc", "Đồng ý\n▓▓▓▓▓▓▓▓▓▓ 9 người (100 %)", "Đã kết thúc lấy ý kiến")
    await chair.taps("‹ Về thông báo")
    chair.sees("Đã trả lời ý kiến: 9 (đã kết thúc)")


async def test_closing_too_early_is_warned_of(branch_world: World, chair: Talk) -> None:
    number = await asked(branch_world, named=False)
    for code in CODES[:4]:
        await answer(branch_world, number, code, 0)
    await forge(chair, f"close_poll~{number}")
    chair.sees("Chưa đủ 5 người trả lời: kết thúc bây giờ thì sẽ không bao giờ xem được kết quả")
    await chair.taps("Kết thúc, không nhận thêm")
    chair.sees("Chưa đến 5 người trả lời nên không hiện kết quả")
    chair.misses("▓", "░")


async def test_when_everybody_has_answered_nobody_is_missing(branch_world: World, chair: Talk) -> None:
    number = await asked(branch_world, named=True, audience="code:NV06", codes=["NV06"])
    await answer(branch_world, number, "NV06", 0)
    await forge(chair, f"results~{number}")
    assert chair.buttons[0] == "Ai chọn câu nào"
    assert not any("chưa trả lời" in label for label in chair.buttons)
    await forge(chair, f"people~{number}~3~0")
    chair.sees("Mọi người đã trả lời cả rồi")


async def test_of_two_officers_the_second_sees_what_the_first_did(branch_world: World, chair: Talk) -> None:
    number = await asked(branch_world, named=True)
    other = await branch_world.talk(COMMITTEE)
    await forge(chair, f"close_poll~{number}")
    await forge(other, f"close_poll~{number}")
    await other.taps("Kết thúc, không nhận thêm")
    await chair.taps("Kết thúc, không nhận thêm")
    chair.sees("đã kết thúc từ trước", "Lấy ý kiến, thông báo số 1 – đã kết thúc")
    await forge(chair, f"close_poll~{number}")
    chair.sees("đã kết thúc từ trước")
    assert chair.buttons == ["Ai chưa trả lời (10)", "Làm mới", "‹ Về thông báo"]


async def test_before_it_is_sent_there_is_nothing_to_close(chair: Talk) -> None:
    await to_poll(chair)
    await chair.says("Có\nKhông")
    await chair.taps("Xong")
    await chair.taps("Hẹn 7:30 sáng mai")
    await chair.taps("Xem trước")
    await chair.taps("Gửi (")
    await chair.taps("Kết quả hỏi ý kiến")
    chair.sees("Đã trả lời: 0/10 người")
    assert "Kết thúc lấy ý kiến" not in chair.buttons
    for forged in ("close_poll~1", "close_poll_now~1"):
        await forge(chair, forged)
        chair.sees("chưa được gửi nên chưa có gì để kết thúc", "đang mở")


@pytest.mark.parametrize("forged", ["results~1", "choices~1~0", "close_poll~1", "close_poll_now~1"])
async def test_what_has_no_poll_has_no_result(branch_world: World, chair: Talk, forged: str) -> None:
    async with branch_world.database.write() as tx:
        await actions.announce(branch_world.work(tx), None, actions.Draft(TEXT, "all"))
    await forge(chair, forged)
    chair.sees(STALE)
    await forge(chair, forged.replace("1", "99", 1))
    chair.sees("Không có thông báo số 99")


@pytest.mark.parametrize("code", ["NV06", "TT04", "CU03"])
async def test_only_the_committee_sees_and_closes(branch_world: World, code: str) -> None:
    number = await asked(branch_world, named=True)
    await answer(branch_world, number, "NV07", 0)
    talk = await branch_world.talk(code)
    for forged in ("results~1", "choices~1~0", "close_poll~1", "close_poll_now~1", "people~1~3~0"):
        await forge(talk, forged)
        talk.sees("dành cho cán bộ công đoàn")
        talk.misses("Hoàng Anh Tuấn")
    assert (await results(branch_world, number)).is_open


# By itself.


async def test_a_poll_and_a_receipt_exclude_each_other(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        draft = actions.Draft(TEXT, wants_receipt=True, poll=polling.make(OPTIONS, is_named=True))
        with pytest.raises(RefusedError, match="announce/poll_or_receipt"):
            await actions.announce(branch_world.work(tx), None, draft)


async def test_closing_what_has_no_poll(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        plain = await actions.announce(branch_world.work(tx), None, actions.Draft(TEXT, "all"))
    with pytest.raises(StaleError):
        await close(branch_world, plain.id)


# With what is done to the announcement.


async def test_a_corrected_letter_asks_as_before(branch_world: World, chair: Talk, worker: Talk) -> None:
    number = await asked(branch_world, named=True)
    await forge(chair, f"correct~{number}")
    await chair.says("Mai đi đâu?")
    assert list(OPTIONS) == chair.buttons[:3]
    await chair.taps("Ý kiến khác")
    chair.sees("Đây là bản xem thử")
    await chair.taps("Sửa tin")
    await go(branch_world)
    letter = worker.all[-1]
    assert "(đã sửa)" in letter.text
    assert "Mai đi đâu?" in letter.text
    await worker.taps("Ý kiến khác")
    assert (await results(branch_world, number)).counts == (0, 0, 1)
    await close(branch_world, number)
    await forge(chair, f"look~{number}")
    chair.sees("Đã kết thúc hỏi ý kiến, 1 người trả lời.")


async def test_a_withdrawn_one_takes_no_answers(branch_world: World, worker: Talk, chair: Talk) -> None:
    number = await asked(branch_world, named=True)
    await forge(chair, f"withdraw_now~{number}")
    await forge(worker, f"answer~{number}~0")
    worker.sees("đã kết thúc nên không nhận thêm")
    assert (await results(branch_world, number)).answered == 0


async def test_whoever_gets_it_after_the_end_is_not_asked(
    branch_world: World, worker: Talk, chair: Talk
) -> None:
    number = await asked(branch_world, named=True, audience="code:NV06,NV07", codes=[])
    await worker.taps("Không đồng ý")
    await forge(chair, f"close_poll_now~{number}")
    late = await branch_world.talk("NV07")
    await forge(chair, f"again_missed~{number}")
    await go(branch_world)
    assert late.all[-1].buttons == ()
    assert "Đã kết thúc hỏi ý kiến, 1 người trả lời." in late.all[-1].text


async def test_an_open_status_does_not_cover_the_result(branch_world: World, chair: Talk) -> None:
    await to_poll(chair)
    await chair.says("Có\nKhông")
    await chair.taps("Xong")
    await chair.taps("Xem trước")
    await chair.taps("Gửi (")
    await put_in(branch_world)
    await chair.taps("Làm mới")
    await chair.taps("Kết quả hỏi ý kiến")
    await go(branch_world)
    branch_world.clock.forward(seconds=3)
    async with branch_world.database.write() as tx:
        work = branch_world.work(tx)
        assert await progress.show(work, await progress.changes(work)) == 0


# What follows a poll.


@pytest.mark.parametrize("named", [NAMED, UNNAMED])
async def test_only_those_who_have_not_answered_are_reminded(
    branch_world: World, chair: Talk, worker: Talk, *, named: bool
) -> None:
    number = await asked(branch_world, named=named, audience=f"code:{WORKER},NV07,NV08")
    await answer(branch_world, number, "NV07", 0)
    await forge(chair, f"view~{number}")
    await chair.taps("Nhắc người chưa trả lời")
    chair.sees("Đã đặt lời nhắc")
    await carry_on(branch_world)
    # Whoever answers before the reminder comes gets none, and nothing is kept that tells when that was.
    await answer(branch_world, number, "NV08", 1)
    async with branch_world.database.read() as tx:
        waiting = select(func.count()).where(outbox.c.topic.like("%:reminder:%"))
        assert await tx.scalar(waiting) == 1
    await go(branch_world)
    assert [len(branch_world.channel.boxes[f"p-{code}"]) for code in (WORKER, "NV07", "NV08")] == [2, 1, 1]
    await worker.says("/menu")
    await worker.taps("Đọc thông báo")
    worker.sees("Đi đâu?")
    await worker.taps("Đồng ý")
    worker.sees("Đã ghi nhận")


async def test_nobody_is_reminded_of_a_poll_that_is_over(branch_world: World, chair: Talk) -> None:
    number = await asked(branch_world, named=True)
    await close(branch_world, number)
    await forge(chair, f"remind~{number}")
    chair.sees("không làm bước đó được nữa")
    assert "Nhắc người chưa trả lời" not in chair.buttons


async def test_a_question_that_was_answered_is_asked_as_it_was(branch_world: World, chair: Talk) -> None:
    number = await asked(branch_world, named=False)
    await forge(chair, f"correct~{number}")
    await chair.writes("Đi chơi ở đâu?")
    await answer(branch_world, number, WORKER, 0)
    await chair.taps("Sửa tin")
    chair.sees("Đã có người trả lời câu hỏi này", f"Thông báo số {number}")
