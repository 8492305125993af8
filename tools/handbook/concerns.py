"""Concerns: how one is handed in and answered, and the desk where it is read."""

import re

from playwright.sync_api import Page, ViewportSize

from tools.handbook.album import Album
from tools.handbook.announcing import Phones
from tools.handbook.phone import SIZE, Phone

WRITER = "Phan Thị Xuân"
CATEGORY = "An toàn lao động"
CONCERN = "Đèn cầu thang sau nhà để xe hỏng đã lâu, tối đi dễ ngã. Mong đơn vị thay bóng sớm."
ANSWER = "Đèn đã được thay chiều nay. Nếu còn chỗ nào tối, xin viết thêm ở đây."
_LINK = re.compile(r"http\S+")
# The receipt's words stand on lines of their own.
_WORDS = "code"
# All that stands on the page where the key is opened.
_ENTRY_HEIGHT = 420
_WIDE = ViewportSize(width=1280, height=800)


def raise_and_answer(chair: Phone, phones: Phones, album: Album) -> None:
    """Handed in, answered at the desk, and looked up."""
    words = _hand_in(phones(WRITER), album)
    _work_at_desk(chair, album)
    writer = phones(WRITER).says("/tracuu").says(words)
    album.keep("tra-cuu", writer.message())
    writer.taps("concerns/done_looking", erases=True)


def _hand_in(writer: Phone, album: Album) -> str:
    """The words of the receipt."""
    writer.says("/kiennghi")
    album.keep("gui-kin", writer.message())
    writer.picks(CATEGORY).says(CONCERN)
    album.keep("gui-kin-doc-lai", writer.message())
    writer.taps("concerns/send")
    album.keep("ma-tra-cuu", writer.message())
    words = " ".join(writer.page.locator(".row.bot").last.locator(_WORDS).all_inner_texts())
    writer.taps("concerns/noted", erases=True)
    return words


def _work_at_desk(chair: Phone, album: Album) -> None:
    link = _LINK.search(chair.says("/ban").reads())
    if link is None:
        raise LookupError("there is no way to the desk")
    page = chair.opens(link.group()).page
    _enter(page)
    album.keep("mo-khoa", chair.screen(_ENTRY_HEIGHT))
    page.get_by_label("Mật khẩu", exact=True).fill(page.locator("#demo-passphrase").inner_text())
    _press(page, "Mở khoá")
    page.locator(".row").first.wait_for()
    album.keep("ban-dieu-hanh", chair.screen())
    page.locator(".row", has_text=CONCERN[:20]).click()
    page.locator(".case .entry").first.wait_for()
    album.keep("mot-kien-nghi", chair.screen())
    page.set_viewport_size(_WIDE)
    album.keep("ban-dieu-hanh-rong", page.screenshot(animations="disabled", scale="css"))
    page.set_viewport_size(SIZE)
    page.get_by_label("Nội dung").fill(ANSWER)
    _press(page, "Gửi trả lời")
    page.locator(".case .done").wait_for()
    _open_sheet(page)
    album.keep("phieu-khoi-phuc", chair.screen())
    _press(page, "Thoát")
    chair.comes_back()


def _enter(page: Page) -> None:
    _press(page, "Vào bàn điều hành")
    page.get_by_label("Mã 6 chữ số").fill(page.locator("#demo-code").inner_text())
    _press(page, "Xác nhận")
    page.locator("#demo-passphrase").wait_for()


def _open_sheet(page: Page) -> None:
    page.get_by_role("navigation").get_by_role("button", name="Khoá").click()
    page.get_by_role("button", name="In lại phiếu khôi phục").click()
    page.locator(".paper").scroll_into_view_if_needed()


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
