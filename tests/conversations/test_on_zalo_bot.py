"""What Zalo doesn't do as other channels, and texts therefore must not promise: documents that arrive, words
under them, messages that vanish.
"""

from pathlib import Path

from tests.concerns.place import make_place
from tests.lines.zalo_bot import ZaloBotWorld
from tests.lines.zalo_oa import ZaloOaWorld
from tests.people import CHAIR, WORKER

PDF = ("a.pdf", "application/pdf", b"%PDF-1.7")


async def test_whoever_sends_a_document_hears_that_it_didn_t_arrive(zalo_bot: ZaloBotWorld) -> None:
    talk = await zalo_bot.talk(CHAIR)
    await talk.says("/guitin")
    await talk.taps("Soạn thông báo")
    talk.sees("muốn kèm tệp thì anh/chị soạn trên trang trò chuyện", "lời ghi dưới ảnh")
    await talk.sends_file(*PDF)
    talk.sees("Zalo không chuyển loại tin vừa rồi", "trang trò chuyện của công đoàn", "Soạn thông báo")


async def test_nor_do_concerns_ask_for_one(zalo_bot: ZaloBotWorld, tmp_path: Path) -> None:
    await make_place(zalo_bot, tmp_path).add_reader()
    talk = await zalo_bot.talk(WORKER)
    await talk.says("/kiennghi")
    await talk.taps("An toàn lao động")
    talk.sees("Gửi kèm được 3 ảnh, mỗi tệp", "Tệp PDF không đến được qua Zalo")
    await talk.sends_file(*PDF)
    talk.sees("Zalo không chuyển loại tin vừa rồi")


async def test_an_official_account_takes_files_but_no_words_under_them(zalo_oa: ZaloOaWorld) -> None:
    talk = await zalo_oa.talk(CHAIR)
    await talk.says("/guitin")
    await talk.taps("Soạn thông báo")
    talk.sees("Ảnh hoặc tệp gửi ở đây thì không kèm được lời")
    talk.misses("lời ghi dưới ảnh")
    await talk.sends_file(*PDF)
    talk.sees("Gửi cho ai?")


async def test_nobody_is_told_that_what_was_written_in_private_is_gone(
    zalo_bot: ZaloBotWorld, tmp_path: Path
) -> None:
    await make_place(zalo_bot, tmp_path).add_reader()
    talk = await zalo_bot.talk(WORKER)
    await talk.says("/tracuu")
    talk.sees("Cầu Nối không lưu tin này", "còn nằm lại trong khung chat")
    talk.misses("Tin này không được lưu lại", "Người quản trị")
    await talk.says("huỷ")
    for leave in ("huỷ", "Thôi, không gửi"):
        await talk.says("/kiennghi")
        await talk.taps("An toàn lao động")
        await talk.says("Quạt hỏng.")
        await talk.says(leave)
        talk.sees("Không có gì được gửi", "còn trong khung chat")


async def test_where_staff_read_along_a_receipt_is_theirs_too(zalo_oa: ZaloOaWorld, tmp_path: Path) -> None:
    await make_place(zalo_oa, tmp_path).add_reader()
    talk = await zalo_oa.talk(WORKER)
    await talk.says("/tracuu")
    talk.sees("Người quản trị tài khoản Zalo", "đọc được mã")
