"""A concern from the first word to the answer, the same on every line, and what goes wrong on the way."""

import logging
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.concerns import Deriver
from handlers.concerns.following import rate
from handlers.concerns.receipts import Receipt, read
from handlers.concerns.talk import make_feature
from handlers.kit.limits import Limiter
from storage.concerns import cases, items
from storage.concerns.cases import State
from storage.database import StorageUnavailableError, Transaction
from tests.concerns.place import Place, make_place
from tests.people import LEADER, WORKER
from tests.rooms import WORDS
from tests.storage.snapshot import changes, snapshot
from tests.talk import Talk
from tests.web.probe import PROBE
from tests.world import BRANCH, World

TEXT = "Quạt ở xưởng hai hỏng đã một tháng, nóng không chịu được."
# The smallest picture there is.
GIF = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c000000000100010000020144003b")
WORDS_IN_A_LINE = 4


@pytest.fixture
async def place(line_world: World, tmp_path: Path) -> Place:
    made = make_place(line_world, tmp_path)
    await made.add_reader()
    return made


@pytest.fixture
async def worker(place: Place) -> Talk:
    return await place.world.talk(WORKER)


async def written(talk: Talk, text: str = TEXT) -> None:
    await talk.says("/kiennghi")
    await talk.taps("An toàn lao động")
    await talk.says(text)


async def handed_in(talk: Talk, text: str = TEXT) -> Receipt:
    await written(talk, text)
    await talk.taps("Gửi kín")
    return receipt_on(talk)


def receipt_on(talk: Talk) -> Receipt:
    lines = [
        line for line in talk.screen.splitlines() if len(line.split()) == WORDS_IN_A_LINE and "." not in line
    ]
    return read(WORDS, " ".join(lines[-2:]))


async def test_from_the_first_word_to_the_answer(place: Place, worker: Talk) -> None:
    before = await snapshot(place.database)
    await worker.says("/kiennghi")
    worker.sees("Được giữ kín", "Nguyễn Thị Ánh", "Chưa che được", "12 tháng")
    assert "ẩn danh" not in worker.screen.lower()
    await worker.taps("An toàn lao động")
    worker.sees("An toàn lao động", "4.000 ký tự", "/huy")
    await worker.says(TEXT)
    worker.sees(TEXT, "Chưa gửi", "làm lộ")
    await worker.taps("Gửi kín")
    worker.sees("Đã gửi kín", "13/03/2026", "/tracuu")
    receipt = receipt_on(worker)
    await worker.taps("Đã chép mã")
    worker.sees("giữ kỹ tờ giấy")
    assert set(await changes(place.database, before)) == {"concern_case", "concern_item"}
    [(_, said)] = await place.opened(await place.case_of(receipt))
    assert (said.header["text"], said.header["category"]) == (TEXT, "safety")

    await worker.says("/tracuu")
    worker.sees("8 từ")
    await worker.says(receipt.folded.upper())
    worker.sees("02/03/2026", "đã nhận, đang chờ đọc", "13/03/2026")
    await worker.taps("Xong")
    await place.answer(receipt, "Tuần sau có quạt mới.")
    await worker.says("/tracuu")
    await worker.says(" ".join(receipt.words))
    worker.sees("đã trả lời", "Nguyễn Thị Ánh", "Tuần sau có quạt mới.")
    await worker.taps("Được một phần")
    worker.sees("Đã ghi ý kiến", "được một phần")
    await worker.taps("Viết thêm")
    await worker.says("Vẫn còn một cái hỏng.")
    worker.sees("Vẫn còn một cái hỏng.", "Chưa gửi")
    await worker.taps("Gửi kín tin này")
    worker.sees("Đã gửi kín")
    case = await place.case_of(receipt)
    assert (case.satisfaction, case.state) == (2, State.IN_PROGRESS)
    assert (await place.opened(case))[-1][1].header["text"] == "Vẫn còn một cái hỏng."


async def test_a_receipt_said_without_the_command_is_kept_nowhere(place: Place, worker: Talk) -> None:
    """As an ordinary message it would stand in the transcript, beside its writer's name."""
    receipt = await handed_in(worker)
    await worker.taps("Đã chép mã")
    before = await snapshot(place.database)
    await worker.says(" ".join(receipt.words))
    worker.sees("đã nhận, đang chờ đọc")
    await worker.taps("Xong")
    await worker.says(f"Mã của tôi: {receipt.folded}")
    worker.sees("đã nhận, đang chờ đọc")
    assert await changes(place.database, before) == {}


@pytest.mark.parametrize("slip", ["letter", "other word", "swapped"])
async def test_neither_is_one_with_a_slip(place: Place, worker: Talk, slip: str) -> None:
    receipt = await handed_in(worker)
    await worker.taps("Đã chép mã")
    before = await snapshot(place.database)
    words = receipt.folded.split()
    match slip:
        case "letter":
            words[2] = f"{words[2]}w"
        case "other word":
            words[3] = next(each for each in sorted(WORDS.places) if _is_one_letter_off(each, words[3]))
        case _:
            words[4:6] = reversed(words[4:6])
    await worker.says(f"Mã: {' '.join(words)}")
    worker.sees("không được lưu lại", "cứ thong thả")
    # Nor is what comes next.
    await worker.says(f"{receipt.folded} ạ ạ")
    worker.sees("đang chờ đọc")
    await worker.taps("Xong")
    assert await changes(place.database, before) == {}


def _is_one_letter_off(one: str, other: str) -> bool:
    return len(one) == len(other) and sum(map(str.__ne__, one, other)) == 1


async def test_an_ordinary_sentence_is_no_receipt(place: Place, worker: Talk) -> None:
    before = await snapshot(place.database)
    await worker.says("Mai công ty mình có làm không ạ")
    worker.misses("mã tra cứu")
    assert await changes(place.database, before) != {}


async def test_with_the_keys_of_the_program_itself(line_world: World, tmp_path: Path) -> None:
    """Elsewhere in the tests they are made in a moment."""
    place = make_place(line_world, tmp_path, derive=Deriver(BRANCH).derive)
    await place.add_reader()
    worker = await place.world.talk(WORKER)
    receipt = await handed_in(worker)
    await place.answer(receipt, "Tuần sau có quạt mới.")
    await worker.says("/tracuu")
    await worker.says(receipt.folded)
    worker.sees("Tuần sau có quạt mới.")


@pytest.mark.needs("deletions")
async def test_what_was_said_is_gone_from_the_chat(place: Place, worker: Talk) -> None:
    receipt = await handed_in(worker)
    await place.world.delivery.settle()
    shown = "\n".join(message.text for message in worker.all)
    assert TEXT not in shown
    assert receipt.words[0] in shown
    await worker.taps("Đã chép mã")
    await place.world.delivery.settle()
    assert " ".join(receipt.words[:4]) not in "\n".join(message.text for message in worker.all)


@pytest.mark.needs("buttons")
async def test_pressed_twice_it_is_one_case_with_one_receipt(place: Place, worker: Talk) -> None:
    await written(worker)
    button = next(
        (message, payload)
        for message in worker.all
        for label, payload in message.buttons
        if label == "Gửi kín"
    )
    await worker.presses(*button)
    first = receipt_on(worker)
    await worker.presses(*button)
    assert receipt_on(worker) == first
    async with place.database.read() as tx:
        assert len(await cases.listed(tx)) == 1


async def test_after_a_restart_the_draft_is_gone_and_nothing_was_sent(place: Place, worker: Talk) -> None:
    await written(worker)
    place.world.restart()
    await worker.taps("Gửi kín")
    worker.sees("Chưa có gì được gửi")
    async with place.database.read() as tx:
        assert await cases.listed(tx) == []


@pytest.mark.needs("buttons")
async def test_killed_right_after_storing_the_same_button_shows_the_receipt(
    place: Place, worker: Talk
) -> None:
    await written(worker)
    button = next(
        (message, payload)
        for message in worker.all
        for label, payload in message.buttons
        if label == "Gửi kín"
    )
    await worker.presses(*button)
    first = receipt_on(worker)
    place.world.restart()
    await worker.presses(*button)
    assert receipt_on(worker) == first


async def test_several_messages_make_one_concern(place: Place, worker: Talk) -> None:
    await written(worker, "Thứ nhất.")
    await worker.says("Thứ hai.")
    await worker.taps("Đổi loại")
    await worker.taps("Giờ làm")
    worker.sees("Thứ nhất.\n\nThứ hai.", "Giờ làm")
    await worker.taps("Gửi kín")
    [(_, said)] = await place.opened(await place.case_of(receipt_on(worker)))
    assert (said.header["text"], said.header["category"]) == ("Thứ nhất.\n\nThứ hai.", "hours")


async def test_writing_anew(worker: Talk) -> None:
    await written(worker, "Đặng Thu Hà đây ạ.")
    worker.sees("có vẻ có tên")
    await worker.taps("Viết lại từ đầu")
    await worker.says("Xưởng nóng quá.")
    worker.sees("Xưởng nóng quá.")
    worker.misses("có vẻ có tên", "Thu Hà")


@pytest.mark.parametrize("word", ["/huy", "Thôi, không gửi"])
async def test_whoever_thinks_better_of_it_leaves_nothing(place: Place, worker: Talk, word: str) -> None:
    before = await snapshot(place.database)
    await written(worker)
    await (worker.says(word) if word.startswith("/") else worker.taps(word))
    worker.sees("Không có gì được gửi")
    assert await changes(place.database, before) == {}


async def test_left_for_half_an_hour_it_is_gone(place: Place, worker: Talk) -> None:
    await written(worker)
    place.world.clock.forward(minutes=31)
    await worker.says("Còn nữa.")
    worker.sees("Chưa có gì được gửi")


async def test_too_long_a_text_leaves_what_was_written(worker: Talk) -> None:
    await written(worker, "Thứ nhất.")
    await worker.says("á" * 3_990)
    worker.sees("chưa được thêm vào", "4.001", "4.000")
    await worker.says("Thứ hai.")
    worker.sees("Thứ nhất.\n\nThứ hai.")


@pytest.mark.needs("captions")
async def test_a_picture_goes_along_and_what_cannot_be_cleaned_does_not(place: Place, worker: Talk) -> None:
    await written(worker)
    await worker.sends_file("Dang Thu Ha.gif", "image/gif", GIF, "đây ạ")
    worker.sees("tep-1.", "đây ạ")
    worker.misses("Dang Thu Ha")
    await worker.sends_file("luong.docx", "application/msword", b"PK\x03\x04" + b"x" * 100)
    worker.sees("tep-1" if "tep-1" in worker.screen else "PDF")
    await worker.taps("Gửi kín")
    (_, said), (_, file) = await place.opened(await place.case_of(receipt_on(worker)))
    assert [each["name"] for each in said.header["files"]] == [file.header["name"]]
    assert file.body


async def test_more_files_than_fit(worker: Talk) -> None:
    await written(worker)
    for _ in range(3):
        await worker.sends_file("a.gif", "image/gif", GIF)
    await worker.sends_file("a.gif", "image/gif", GIF)
    worker.sees("3 tệp", "chưa được thêm")


@pytest.mark.needs("documents")
async def test_one_person_has_so_many_files_looked_at(place: Place, worker: Talk) -> None:
    """Whether they are kept or not; somebody else isn't kept waiting."""
    pace = Limiter(place.world.clock, place.world.chance, burst=2, per_second=2 / 3_600)
    place.world.restart(private=(make_feature(replace(place.room, file_pace=pace)),))
    await written(worker)
    await worker.sends_file("a.gif", "image/gif", GIF)
    await worker.sends_file("a.zip", "application/zip", b"PK\x03\x04" + b"x" * 100)
    await worker.sends_file("a.gif", "image/gif", GIF)
    worker.sees("nhiều tệp", "chưa được thêm", "vẫn còn")
    other = await place.world.talk(LEADER)
    await written(other)
    await other.sends_file("a.gif", "image/gif", GIF)
    other.sees("tep-1.")
    await worker.taps("Gửi kín")
    worker.sees("Đã gửi kín")


async def test_a_database_that_cannot_be_written_is_told_and_the_draft_stays(
    place: Place, worker: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await written(worker)

    def refuse() -> AbstractAsyncContextManager[Transaction]:
        raise StorageUnavailableError("locked")

    with monkeypatch.context() as patch:
        patch.setattr(place.database, "write", refuse)
        await worker.taps("Gửi kín")
        worker.sees("CHƯA gửi được", "vẫn còn")
    await worker.taps("Gửi kín")
    worker.sees("Đã gửi kín")


async def test_after_several_concerns_a_day_the_next_waits(place: Place, worker: Talk) -> None:
    pace = Limiter(place.world.clock, place.world.chance, burst=2, per_second=2 / 86_400)
    place.world.restart(private=(make_feature(replace(place.room, sending_pace=pace)),))
    for _ in range(2):
        await handed_in(worker)
    await written(worker)
    await worker.taps("Gửi kín")
    worker.sees("chưa gửi", "mai")
    await worker.says("/huy")
    place.world.clock.forward(hours=13)
    await handed_in(worker)


async def test_guessing_receipts_ends_soon(place: Place, worker: Talk) -> None:
    receipt = await handed_in(worker)
    pace = Limiter(place.world.clock, place.world.chance, burst=2, per_second=2 / 3_600)
    place.world.restart(private=(make_feature(replace(place.room, looking_pace=pace)),))
    await worker.says("/tracuu")
    for _ in range(2):
        await worker.says(receipt.folded)
        await worker.taps("Xong")
        await worker.says("/tracuu")
    await worker.says(receipt.folded)
    worker.sees("thử nhiều lần", "còn nguyên")
    # Nor without the command.
    await worker.says("/huy")
    await worker.says(receipt.folded)
    worker.sees("thử nhiều lần", "còn nguyên")


async def test_a_mistyped_receipt_is_told_where(worker: Talk) -> None:
    receipt = await handed_in(worker)
    words = receipt.folded.split()
    await worker.says("/tracuu")
    await worker.says(" ".join(words[:7]))
    worker.sees("mới có 7 từ")
    await worker.says(" ".join([*words[:2], "qqqqqq", *words[3:]]))
    worker.sees("Từ thứ 3", "qqqqqq")
    await worker.says(" ".join(words))
    worker.sees("đang chờ đọc")


async def test_a_receipt_of_a_case_that_was_destroyed(place: Place, worker: Talk) -> None:
    receipt = await handed_in(worker)
    case = await place.case_of(receipt)
    async with place.database.write() as tx:
        await cases.destroy(tx, case.destroyed_after.replace(year=2030))
    await worker.says("/tracuu")
    await worker.says(receipt.folded)
    worker.sees("không có hồ sơ nào", "bị huỷ")


async def test_a_case_that_was_closed_takes_no_more_words(place: Place, worker: Talk) -> None:
    receipt = await handed_in(worker)
    await place.answer(receipt, "Đã lắp xong.")
    await worker.says("/tracuu")
    await worker.says(receipt.folded)
    await worker.taps("Viết thêm")
    await worker.says("Khoan đã.")
    case = await place.case_of(receipt)
    async with place.database.write() as tx:
        await cases.change(tx, case, state="closed")
    await worker.taps("Gửi kín tin này")
    worker.sees("đã khép lại", "chưa gửi")
    await worker.taps("Quay lại")
    worker.sees("đã khép lại", "Đã lắp xong.")
    assert "Viết thêm" not in worker.buttons


async def test_an_answer_that_cannot_be_opened_is_told_beside_the_others(place: Place, worker: Talk) -> None:
    receipt = await handed_in(worker)
    for text in ("Chờ quạt.", "Tuần sau có quạt mới.", "Đã lắp xong."):
        await place.answer(receipt, text)
    case = await place.case_of(receipt)
    spoilt, gone = [item.id for item, _ in await place.opened(case)][1:3]
    async with place.database.write() as tx:
        await items.reseal(tx, place.room.keys, spoilt, b"nothing", until=case.destroyed_after)
        await items.reseal(tx, place.room.keys, gone, b"nothing", until=date(2026, 1, 1))
    place.room.keys.destroy(date(2026, 1, 1))
    await worker.says("/tracuu")
    await worker.says(receipt.folded)
    worker.sees("bị hỏng", "quá hạn giữ nên bị huỷ", "bấm Viết thêm", "Đã lắp xong.")
    # Nobody wrote in the week of 2/3; from the Monday after six whole weeks on it closes.
    worker.sees("từ 20/04/2026 hồ sơ tự khép lại", "12 tháng")
    await _close(place, receipt)
    await worker.taps("Chưa giải quyết")
    worker.sees("gõ /kiennghi để hỏi lại", "Đã lắp xong.")
    worker.misses("tự khép lại", "bấm Viết thêm")


async def _close(place: Place, receipt: Receipt) -> None:
    async with place.database.write() as tx:
        await cases.change(tx, await place.case_of(receipt), state="closed")


async def test_a_case_without_an_answer_says_so_as_it_is(place: Place, worker: Talk) -> None:
    receipt = await handed_in(worker)
    await worker.says("/tracuu")
    await worker.says(receipt.folded)
    worker.sees("Chưa có trả lời. Muộn nhất")
    await worker.taps("Xong")
    place.world.clock.forward(days=30)
    await worker.says("/tracuu")
    await worker.says(receipt.folded)
    worker.sees("Chưa có trả lời, dù hạn là")
    await worker.taps("Xong")
    # As one that tells the same as another it may close like this.
    async with place.database.write() as tx:
        await cases.change(tx, await place.case_of(receipt), state="closed")
    await worker.says("/tracuu")
    await worker.says(receipt.folded)
    worker.sees("khép lại mà không có trả lời riêng")


async def test_what_is_being_written_is_not_lost_to_the_other_command(place: Place, worker: Talk) -> None:
    await written(worker)
    await worker.says("/tracuu")
    worker.sees("bản nháp vẫn còn")
    await worker.says("Và cả cái đèn.")
    worker.sees(TEXT, "Và cả cái đèn.")
    await worker.taps("Gửi kín")
    receipt = receipt_on(worker)
    await place.answer(receipt, "Tuần sau có quạt mới.")
    await worker.says("/tracuu")
    await worker.says(receipt.folded)
    await worker.taps("Viết thêm")
    await worker.says("Vẫn còn một cái hỏng.")
    await worker.says("/kiennghi")
    worker.sees("bản nháp vẫn còn")
    await worker.says("Cái ở cửa.")
    worker.sees("Vẫn còn một cái hỏng.", "Cái ở cửa.")
    await worker.says("/huy")
    await worker.says("/kiennghi")
    worker.sees("Được giữ kín")


@pytest.mark.needs("many buttons")
async def test_the_button_of_an_earlier_look_ends_nothing_that_is_written(worker: Talk) -> None:
    """And the other way round."""
    await worker.says("/kiennghi")
    leave = _button(worker, "Thôi, không gửi")
    await worker.taps("An toàn lao động")
    await worker.says(TEXT)
    await worker.taps("Gửi kín")
    receipt = receipt_on(worker)
    await worker.says("/tracuu")
    done = _button(worker, "Xong")
    await worker.says(receipt.folded)
    await worker.taps("Viết thêm")
    await worker.says("Vẫn còn một cái hỏng.")
    await worker.presses(*leave)
    worker.sees("vẫn còn nguyên")
    await worker.says("Cái ở cửa.")
    worker.sees("Vẫn còn một cái hỏng.", "Cái ở cửa.")
    await worker.says("/huy")
    for at_work in ("", "Quạt hỏng."):
        await worker.says("/kiennghi")
        if at_work:
            await worker.taps("An toàn lao động")
            await worker.says(at_work)
        await worker.presses(*done)
        worker.sees("vẫn còn nguyên")
    await worker.says("Đã hai tuần.")
    worker.sees("Quạt hỏng.", "Đã hai tuần.")


def _button(talk: Talk, wanted: str) -> tuple[Any, str]:
    return next(
        (message, payload)
        for message in reversed(talk.all)
        for label, payload in message.buttons
        if label.startswith(wanted)
    )


@pytest.mark.needs("buttons", "deletions")
async def test_a_copied_receipt_is_deleted_in_the_middle_of_something_else_too(
    place: Place, worker: Talk
) -> None:
    place.world.restart(PROBE, private=(make_feature(place.room),))
    await handed_in(worker)
    noted = _button(worker, "Đã chép mã")
    await worker.says("/ask")
    before = await snapshot(place.database)
    await worker.presses(*noted)
    worker.sees("Đã xoá tin có mã")
    assert await changes(place.database, before) == {}


async def test_without_a_reader_nothing_begins(line_world: World, tmp_path: Path) -> None:
    place = make_place(line_world, tmp_path)
    worker = await place.world.talk(WORKER)
    await worker.says("/kiennghi")
    worker.sees("chưa gửi được", "/ban")


async def test_whoever_is_not_on_the_roster_is_told_how_to_get_there(place: Place) -> None:
    if place.world.__class__.__name__ == "WebWorld":
        pytest.skip("the web chat opens for nobody without an invitation")
    stranger = place.world.stranger("99887766")
    before = await snapshot(place.database)
    await stranger.says("/kiennghi")
    stranger.sees("mã mời")
    assert await changes(place.database, before) == {}


async def test_nothing_of_it_is_logged(
    worker: Talk, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    receipt = await handed_in(worker, TEXT)
    await worker.says("/tracuu")
    await worker.says(receipt.folded)
    printed = "".join([caplog.text, *capfd.readouterr()])
    for secret in (TEXT, "xưởng hai", receipt.folded, receipt.words[0] + " " + receipt.words[1]):
        assert secret not in printed


async def test_a_rating_at_the_same_moment_is_asked_for_again(place: Place, worker: Talk) -> None:
    receipt = await handed_in(worker)
    await place.answer(receipt, "Đã lắp xong.")
    keys = await place.room.derive(receipt)
    assert await rate(await place.context(), place.room, keys.case_id, 3)
    await worker.says("/tracuu")
    await worker.says(receipt.folded)
    worker.sees("đã được giải quyết")
