"""The desk as officers meet it, in a real browser: keys, cases, readers; and what never leaves it."""

import re
import tarfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from handlers.concerns import following
from handlers.concerns.receipts import Receipt
from handlers.concerns.rules import DraftFile
from handlers.desk.people import fingerprint
from handlers.kit import sealing
from handlers.kit.vietnamese import fold
from storage.concerns import readers
from tests.concerns.place import Place, draft
from tests.people import CHAIR, COMMITTEE
from tests.web.desk import Officer, link_for
from tests.web.deskpage import OTHER_PASSPHRASE, PASSPHRASE, TALL, Desk, desk_of, forms
from tests.web.house import House

pytestmark = pytest.mark.browser
FAN = "Quạt ở xưởng hai hỏng đã một tháng, trưa nóng không làm nổi."
PAY = "Tăng ca ba tuần liền mà chưa thấy tính tiền làm thêm."
HOT = "Xưởng hai nóng như lò, quạt trần đứng im từ sau Tết."


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def chair_page(office: House) -> AsyncIterator[Desk]:
    async with desk_of(office, CHAIR) as desk:
        await desk.enter()
        yield desk


async def _answers(place: Place, receipt: Receipt) -> list[str]:
    """What whoever wrote the concern reads."""
    keys = await place.room.derive(receipt)
    opened = await following.open_case(await place.context(), place.room, keys)
    assert opened is not None
    return [each.text for each in opened.answers]


async def _say(place: Place, text: str, category: str = "safety", *files: DraftFile) -> Receipt:
    told = await place.submit(replace(draft(place.world, text, category), files=files))
    return told.receipt


def _picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), (200, 30, 30)).save(out, "PNG")
    return out.getvalue()


async def test_a_key_is_made_lost_and_recovered(place: Place, chair_page: Desk) -> None:
    desk, page = chair_page, chair_page.page
    await desk.heading("Tạo khoá đọc kiến nghị")
    await desk.choose_passphrase("matkhau", "Tạo khoá")
    await desk.sees("Mật khẩu còn dễ đoán")
    await desk.fill("Mật khẩu mới", PASSPHRASE)
    await desk.press("Tạo khoá")
    await desk.sees("Hai lần gõ chưa giống nhau")
    await desk.choose_passphrase(PASSPHRASE, "Tạo khoá")
    await desk.heading("Phiếu khôi phục")
    await desk.press("Phiếu đã cất, đi tiếp")
    await desk.sees("Chưa khớp với phiếu")
    sheet = await desk.take_sheet()
    await desk.is_in()
    # On paper the sheet is one page; by now it is nowhere.
    secret = sheet.replace(" ", "").removeprefix("AGE-SECRET-KEY-1")
    assert secret[:4] not in await page.inner_text("main")
    await _say(place, FAN)
    await desk.lock()
    await desk.unlock("hoa phuong no do ruc san truong")
    await desk.sees("Mật khẩu chưa đúng")
    await desk.press("Quên mật khẩu")
    await desk.fill("Khoá trên phiếu", sheet.replace(secret[:4], "QQQQ"))
    await desk.press("Dùng khoá này")
    await desk.sees("Có chỗ gõ chưa đúng với phiếu")
    await desk.fill("Khoá trên phiếu", sealing.identity_from(b"\2" * 32))
    await desk.press("Dùng khoá này")
    await desk.sees("của một khoá khác")
    await desk.fill("Khoá trên phiếu", sheet.lower())
    await desk.press("Dùng khoá này")
    await desk.choose_passphrase(OTHER_PASSPHRASE, "Lưu mật khẩu mới")
    await desk.sees(FAN)
    await desk.lock()
    await desk.unlock(PASSPHRASE)
    await desk.sees("Mật khẩu chưa đúng")
    await desk.unlock(OTHER_PASSPHRASE)
    await desk.sees(FAN)
    for each in (PASSPHRASE, OTHER_PASSPHRASE, secret, FAN):
        assert desk.leaks(each) == []
    kept = await page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, history.state])")
    assert kept == "[{},{},null]"
    # What was searched is what would have shown it.
    await page.evaluate("text => fetch(`/desk/api/me?note=${encodeURIComponent(text)}`)", FAN)
    assert len(desk.leaks(FAN)) == 1


async def _search(page: Page) -> None:
    """In three cases, two of them about fans."""
    await expect(page.locator(".row")).to_have_count(3)
    await page.get_by_role("searchbox").fill("quat XUONG hai")
    await expect(page.locator(".row")).to_have_count(2)
    await page.get_by_label("Loại").select_option("pay")
    await expect(page.get_by_text("Không có kiến nghị nào ở đây")).to_be_visible()
    await page.get_by_role("searchbox").fill("")
    await expect(page.locator(".row")).to_have_count(1)
    await page.get_by_label("Loại").select_option("")


async def test_a_case_is_read_answered_merged_and_closed(place: Place, chair_page: Desk) -> None:
    desk, page = chair_page, chair_page.page
    key = (await desk.make_key()).replace(" ", "")
    await desk.is_in()
    fan = await _say(place, FAN, "safety", DraftFile("tep-1.png", "image/png", _picture()))
    hot, _pay = await _say(place, HOT), await _say(place, PAY, "pay")
    await desk.lock()
    await desk.unlock()
    await _search(page)
    await desk.open_case(HOT)
    await desk.press("Gộp vào…")
    await page.get_by_role("dialog").locator(".row", has_text="Quạt").click()
    await desk.sees("Đã gộp vào")
    await expect(page.locator(".list-pane .row", has_text="+1 đã gộp")).to_have_count(1)
    await desk.open_case("Quạt")
    await desk.press("Mở tệp")
    await expect(page.get_by_role("img", name="Ảnh tep-1.png")).to_be_visible()
    pixel = "document.querySelector('canvas').getContext('2d').getImageData(5, 5, 1, 1).data.join()"
    assert await page.evaluate(pixel) == "200,30,30,255"
    async with page.expect_download() as saved:
        await desk.press("Lưu xuống máy")
    assert (await (await saved.value).path()).read_bytes() == _picture()
    await page.get_by_text("Ghi chú nội bộ", exact=True).click()
    await desk.write("Đã hỏi bên kỹ thuật.", "Lưu ghi chú")
    await desk.sees("Đã lưu ghi chú")
    await page.get_by_label("Người phụ trách").select_option(label="Nguyễn Thị Ánh")
    await expect(page.locator(".list-pane .badge.person:not([hidden])")).to_have_count(1)
    await page.get_by_text("Trả lời", exact=True).click()
    await page.get_by_label("Câu soạn sẵn").select_option(index=1)
    answer = await page.get_by_label("Nội dung").input_value()
    assert answer.startswith("Công đoàn đã nhận kiến nghị")
    answer = f"{answer} Hẹn tuần sau."
    await desk.write(answer)
    await desk.sees("Đã niêm và gửi")
    assert await _answers(place, fan) == await _answers(place, hot) == [answer]
    # Only the two columns scroll, and nothing is too wide for a telephone.
    assert await page.evaluate("scrollY") == 0
    await page.set_viewport_size({"width": 320, "height": 568})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    await desk.press("Khép lại")
    await desk.confirm("Khép lại")
    await desk.sees("không nhận thêm gì")
    states = [(await place.case_of(each)).state for each in (fan, hot)]
    assert states == ["closed", "closed"]
    for secret in (FAN, HOT, PAY, answer, "Đã hỏi bên kỹ thuật", PASSPHRASE):
        assert desk.leaks(secret) == []
    assert await desk.remembers("xưởng hai")
    assert await desk.remembers(key[16:30])
    await desk.lock()
    await _forgets(desk, "xưởng hai", "tiền làm thêm", "Hẹn tuần sau", "kỹ thuật.", PASSPHRASE, key[16:30])


async def test_what_was_answered_before_reaches_whoever_is_merged_later(
    place: Place, chair_page: Desk
) -> None:
    """Once, also when the first attempt broke off after the answer had gone."""
    desk, page = chair_page, chair_page.page
    await desk.make_key()
    await desk.is_in()
    fan, hot = await _say(place, FAN), await _say(place, HOT)
    await desk.lock()
    await desk.unlock()
    await desk.open_case("hỏng đã một tháng")
    await desk.write("Tuần sau có quạt mới.")
    await desk.sees("Đã niêm và gửi")
    assert await _answers(place, hot) == []
    desk.expected = {503}
    await page.route("**/merge", lambda route: route.fulfill(status=503), times=1)
    for told in ("Chưa liên lạc được", "Đã gộp vào"):
        await desk.open_case(HOT)
        await desk.press("Gộp vào…")
        await page.get_by_role("dialog").locator(".row", has_text="hỏng đã một tháng").click()
        await desk.sees(told)
        assert await _answers(place, hot) == ["Tuần sau có quạt mới."]
    await desk.open_case("hỏng đã một tháng")
    await desk.write("Quạt mới đã lắp.")
    await desk.sees("Đã niêm và gửi")
    for each in (fan, hot):
        assert await _answers(place, each) == ["Tuần sau có quạt mới.", "Quạt mới đã lắp."]
    await desk.press("Khép lại")
    await desk.confirm("Khép lại")
    await desk.sees("không nhận thêm gì")
    assert [(await place.case_of(each)).state for each in (fan, hot)] == ["closed", "closed"]


async def _forgets(desk: Desk, *secrets: str) -> None:
    """Neither the page nor its memory holds anything of them."""
    left = await desk.page.content()
    assert [each for each in secrets if each in left] == []
    assert await desk.page.locator("canvas").count() == 0
    assert desk.page.workers == []
    assert [each for each in secrets if await desk.remembers(each)] == []


async def test_a_second_reader_is_let_in_and_removed(office: House, place: Place, chair_page: Desk) -> None:
    desk = chair_page
    await desk.make_key()
    await desk.is_in()
    receipt = await _say(place, FAN, "safety", DraftFile("tep-1.png", "image/png", _picture()))
    await desk.lock()
    await desk.unlock()
    await desk.open_case("Quạt")
    await desk.write("Đang xem xét.")
    await desk.sees("Đã niêm và gửi")
    async with desk_of(office, COMMITTEE, TALL) as other:
        await other.enter()
        await other.make_key(OTHER_PASSPHRASE)
        await other.heading("Chờ duyệt khoá")
        shown = await other.page.locator(".fingerprint").inner_text()
        async with office.database.read() as tx:
            assert shown == fingerprint((await readers.listed(tx))[-1].recipient)
        await desk.turn_to("Người đọc", "Người đọc kiến nghị")
        await desk.press("Duyệt")
        await expect(desk.page.get_by_role("dialog").locator(".fingerprint")).to_have_text(shown)
        await desk.confirm("Dấu nhận khớp, duyệt")
        await desk.sees("Xong: đã niêm lại 3 nội dung")
        await other.press("Xem đã được duyệt chưa")
        await other.open_case("Quạt")
        await other.press("Mở tệp")
        await expect(other.page.get_by_role("img", name="Ảnh tep-1.png")).to_be_visible()
        # Both write; who is later sees what changed, and keeps what they wrote.
        await desk.turn_to("Kiến nghị", "Kiến nghị")
        await desk.open_case("Quạt")
        await other.write("Thứ Sáu có quạt mới.")
        await other.sees("Đã niêm và gửi")
        desk.expected = {409}
        await desk.write("Chưa rõ bao giờ.")
        await desk.sees("Người khác vừa cập nhật")
        await desk.sees("Thứ Sáu có quạt mới.")
        await desk.press("Gửi trả lời")
        await desk.sees("Đã niêm và gửi")
        said = ["Đang xem xét.", "Thứ Sáu có quạt mới.", "Chưa rõ bao giờ."]
        assert await _answers(place, receipt) == said
        await desk.turn_to("Người đọc", "Người đọc kiến nghị")
        await desk.page.locator(".reader", has_text="Trần Văn Bình").get_by_role("button").click()
        await desk.confirm("Gỡ khoá")
        await desk.sees("Xong: đã niêm lại 5 nội dung")
        other.expected = {403, 409}
        await other.write("Tôi viết thêm.")
        await other.sees("chưa được mở khoá để đọc kiến nghị")
        assert other.leaks(OTHER_PASSPHRASE) == other.leaks(FAN) == []
    assert await _answers(place, receipt) == said


async def test_a_key_is_replaced_by_a_new_one(place: Place, chair_page: Desk) -> None:
    desk, page = chair_page, chair_page.page
    await desk.make_key()
    await desk.is_in()
    await _say(place, FAN)
    await desk.lock()
    await desk.unlock()
    await desk.turn_to("Khoá", "Khoá của tôi")
    await page.get_by_role("button", name="Đổi mật khẩu").click()
    await desk.fill("Mật khẩu đang dùng", "không phải câu này đâu nhé")
    await desk.choose_passphrase(OTHER_PASSPHRASE, "Đổi mật khẩu")
    await desk.sees("Mật khẩu chưa đúng")
    await desk.turn_to("Khoá", "Khoá của tôi")
    await page.get_by_role("button", name="Thay khoá mới").click()
    await desk.make_key(OTHER_PASSPHRASE)
    await desk.sees("Khoá mới đang chờ duyệt")
    await desk.turn_to("Người đọc", "Người đọc kiến nghị")
    await desk.press("Duyệt")
    await desk.confirm("Dấu nhận khớp, duyệt")
    await desk.sees("Xong: đã niêm lại 1 nội dung")
    await page.locator(".reader").first.get_by_role("button", name="Gỡ khoá").click()
    await desk.confirm("Gỡ khoá")
    await expect(page.locator(".reader")).to_have_count(1)
    await desk.sees("Xong: đã niêm lại 1 nội dung")
    await desk.turn_to("Khoá", "Khoá của tôi")
    async with page.expect_download() as saved:
        await page.get_by_role("button", name="Xuất toàn bộ kiến nghị").click()
    with tarfile.open(await (await saved.value).path()) as archive:
        assert [each.rpartition(".")[2] for each in archive.getnames()] == ["txt", "age"]
    await desk.turn_to("Nhật ký", "Nhật ký")
    await desk.sees("xuất toàn bộ kiến nghị")
    await desk.lock()
    await desk.unlock(OTHER_PASSPHRASE)
    await desk.sees(FAN)


async def test_who_lost_everything_begins_anew_and_is_told_the_price(place: Place, chair_page: Desk) -> None:
    desk, page = chair_page, chair_page.page
    await desk.make_key()
    await desk.is_in()
    await _say(place, FAN)
    await desk.lock()
    await desk.press("Quên mật khẩu")
    await desk.press("Mất cả phiếu")
    await desk.sees("không ai đọc được nữa")
    await desk.press("Tạo khoá mới")
    await desk.make_key(OTHER_PASSPHRASE)
    await desk.sees("không còn người nào khác")
    await desk.press("Tôi hiểu, bắt đầu lại với khoá mới")
    await desk.sees("Khoá này không mở được nội dung này")
    await desk.turn_to("Người đọc", "Người đọc kiến nghị")
    await page.locator(".reader").first.get_by_role("button", name="Gỡ khoá").click()
    await desk.confirm("Gỡ khoá")
    # What nobody could open any more isn't given up by the way.
    desk.expected = {409}
    await desk.sees("Còn 1 nội dung chỉ khoá này của Nguyễn Thị Ánh mở được")
    await desk.confirm("Tôi hiểu, gỡ và bỏ")
    await desk.sees("Còn 1 nội dung khoá này không mở được")
    await _say(place, PAY, "pay")
    await desk.lock()
    await desk.unlock(OTHER_PASSPHRASE)
    await desk.sees(PAY)


async def test_a_session_that_ended_keeps_what_was_written(
    office: House, place: Place, chair_page: Desk
) -> None:
    desk, page = chair_page, chair_page.page
    await page.clock.install()
    await page.reload()
    await desk.make_key()
    await desk.is_in()
    await _say(place, FAN)
    await desk.lock()
    await desk.unlock()
    await desk.open_case("Quạt")
    await page.get_by_label("Nội dung").fill("Bản nháp còn dở.")
    # A lock takes the text out of the page, and the key brings it back.
    await page.clock.fast_forward("11:00")
    await desk.heading("Mở khoá")
    assert "Bản nháp còn dở" not in await page.content()
    await desk.unlock()
    await desk.open_case("Quạt")
    await expect(page.get_by_label("Nội dung")).to_have_value("Bản nháp còn dở.")
    office.clock.forward(minutes=16)
    desk.expected = {401}
    await desk.press("Gửi trả lời")
    await expect(page.get_by_role("alert").filter(has_text="Phiên đã hết")).to_be_visible()
    await expect(page.get_by_label("Nội dung")).to_have_value("Bản nháp còn dở.")
    # Whoever comes in again finds it, too: the browser keeps it sealed.
    kept = await page.evaluate("JSON.stringify(localStorage)")
    assert not any(form in kept.encode().lower() for form in forms("Bản nháp còn dở"))
    await desk.enter()
    await desk.unlock()
    await desk.open_case("Quạt")
    await expect(page.get_by_label("Nội dung")).to_have_value("Bản nháp còn dở.")
    await desk.press("Gửi trả lời")
    await desk.sees("Đã niêm và gửi")
    assert await page.evaluate("localStorage.length") == 0
    assert desk.leaks("Bản nháp còn dở") == []


async def test_leaving_ends_the_session_for_whoever_took_the_cookie(office: House, chair_page: Desk) -> None:
    desk, page = chair_page, chair_page.page
    await desk.heading("Tạo khoá đọc kiến nghị")
    answer = await page.request.get("/desk")
    assert re.search("script-src 'self';.*img-src 'self' data:;", answer.headers["content-security-policy"])
    assert answer.headers["cache-control"] == "no-store"
    cookie = next(each for each in await desk.context.cookies() if each["name"] == "caunoi_desk")
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/desk")
    async with AsyncExitStack() as stack:
        thief = Officer(office, await stack.enter_async_context(office.browser()), CHAIR)
        thief.browser.set_cookie(cookie["value"], "caunoi_desk")
        assert (await thief.get("me")).status == 200
        await desk.press("Thoát")
        await desk.heading("Đã thoát")
        assert (await thief.get("me")).status == 401
    desk.expected = {401}
    await page.goto("/desk")
    await desk.sees("/ban")


async def test_the_page_folds_words_as_the_server_does(chair_page: Desk) -> None:
    await chair_page.heading("Tạo khoá đọc kiến nghị")
    texts = [
        "  Đặng THỊ  Hoà",
        "QUẠT xưởng-2\n hỏng",
        "Đ\u0323a\u0302\u0301t ɖ ð",
        "ẪM ướt, 3,5 m²",
        "İstanbul 😀",
    ]
    script = """async (texts) => {
      const folder = document.querySelector('link[href$="desk.css"]').href.replace(/[^/]*$/, '');
      const { fold } = await import(`${folder}folding.js`);
      return texts.map(fold);
    }"""
    assert await chair_page.page.evaluate(script, texts) == [fold(each) for each in texts]


async def test_cases_become_a_theme_in_other_words(place: Place, chair_page: Desk) -> None:
    desk, page = chair_page, chair_page.page
    await desk.make_key()
    await desk.is_in()
    await _say(place, FAN)
    await desk.lock()
    await desk.unlock()
    await desk.open_case("Quạt")
    await page.locator(".case").get_by_label("Vấn đề").select_option(label="Viết vấn đề mới…")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Tiêu đề").fill("Thông gió trong xưởng")
    await dialog.get_by_label("Nội dung").fill(f"Có người viết: {FAN}")
    await desk.confirm("Lưu bản nháp")
    await desk.sees("chép gần như nguyên văn kiến nghị: “Quạt ở xưởng hai hỏng đã một tháng”")
    assert desk.leaks(FAN) == []
    await dialog.get_by_label("Nội dung").fill("Như anh Hoàng Anh Tuấn nói, chỗ làm nóng.")
    await desk.confirm("Vẫn lưu")
    await desk.sees("Có tên người trong danh sách: Hoàng Anh Tuấn")
    await dialog.get_by_label("Nội dung").fill("Công đoàn đề nghị sửa quạt và đo nhiệt độ nơi làm việc.")
    await desk.confirm("Vẫn lưu")
    theme = page.locator(".case").get_by_label("Vấn đề").locator("option:checked")
    await expect(theme).to_have_text("Thông gió trong xưởng")
    await page.get_by_label("Vấn đề").first.select_option("none")
    await desk.sees("Không có kiến nghị nào ở đây")
    await desk.turn_to("Vấn đề", "Vấn đề")
    await desk.press("Chuyển bên sử dụng lao động")
    await desk.confirm("Chuyển")
    await desk.sees("Đã chuyển bên sử dụng lao động")
    await desk.turn_to("Số liệu", "Số liệu")
    await desk.sees("Cả năm 2026")
    await desk.turn_to("Nhật ký", "Nhật ký")
    await desk.sees("xếp kiến nghị vào vấn đề")


async def test_a_link_leads_in_once_and_not_for_long(office: House) -> None:
    async with desk_of(office, CHAIR) as desk:
        page, other = desk.page, await desk.context.new_page()
        desk.expected = {404}
        token = await link_for(office, CHAIR)
        for tab in (page, other):
            await tab.goto(f"/desk/vao/{token}")
        await desk.press("Vào bàn điều hành")
        await expect(page.get_by_label("Mã 6 chữ số")).to_be_visible()
        await other.get_by_role("button", name="Vào bàn điều hành").click()
        await expect(other.get_by_text("đã hết hạn, đã dùng, hoặc không đúng")).to_be_visible()
        late = await link_for(office, CHAIR)
        office.clock.forward(minutes=5)
        await other.goto(f"/desk/vao/{late}")
        await expect(other.get_by_text("đã hết hạn, đã dùng, hoặc không đúng")).to_be_visible()
