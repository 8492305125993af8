"""Files as a person sends them from the page: headless Chromium, real uploads."""

import re

import pytest
from playwright.async_api import FilePayload, Page, expect

from handlers.kit.files import LARGEST
from tests.web.chromium import SMALLEST, chromium
from tests.web.house import House

pytestmark = pytest.mark.browser
CLIP = "Gửi ảnh hoặc tệp"
NAME = "Quyết định & <b> số 5.pdf"
PDF = FilePayload(name=NAME, mimeType="application/pdf", buffer=b"%PDF \r\n--\x00\xff")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


async def _enter(page: Page, words: str = "/hand") -> None:
    await page.get_by_role("button", name="Đặng Thu Hà").click()
    await expect(page.get_by_role("log")).to_contain_text("/menu")
    await _write(page, words)
    await expect(page.locator(".row.bot").last).to_contain_text("your file?")


async def _write(page: Page, text: str) -> None:
    await page.get_by_label("Tin nhắn gửi Cầu Nối").fill(text)
    await page.get_by_role("button", name="Gửi", exact=True).click()


async def _choose(page: Page, file: FilePayload = PDF) -> None:
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name=CLIP).click()
    await (await chooser.value).set_files(file)


async def test_a_file_is_chosen_seen_and_sent_with_what_is_written(demo: House) -> None:
    async with chromium(demo.url, SMALLEST) as browser:
        page = await browser.open()
        await _enter(page)
        await _choose(page)
        await expect(page.locator(".staged")).to_contain_text(NAME)
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= SMALLEST["width"]
        await _write(page, "bản **mới**")
        answer = page.locator(".row.bot").last
        await expect(answer).to_contain_text("got bản mới")
        await expect(answer.locator("a.chip .name")).to_have_text("Quyết định & b số 5.pdf")
        async with page.expect_download() as download:
            await answer.locator("a.chip").click()
        assert (await (await download.value).path()).read_bytes() == PDF["buffer"]
        own = page.locator(".row.me .body").last
        await expect(own).to_have_text(re.compile("^📎 Quyết định .*pdf\\s*bản mới$"))
        await expect(page.locator(".staged")).to_have_text(re.compile(r"^\s*Sẽ gửi tệp\s*$"))
        await expect(page.locator(".staged p")).to_be_hidden()
        assert await page.locator(".row.me", has_text="📎").count() == 1
    assert browser.complaints == []


async def test_by_keyboard_a_file_is_chosen_taken_away_and_sent(demo: House) -> None:
    async with chromium(demo.url, has_touch=False) as browser:
        page = await browser.open()
        await _enter(page)
        await expect(page.get_by_label("Tin nhắn gửi Cầu Nối")).to_be_focused()
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("button", name=CLIP)).to_be_focused()
        async with page.expect_file_chooser() as chooser:
            await page.keyboard.press("Enter")
        await (await chooser.value).set_files(PDF)
        await expect(page.get_by_label("Tin nhắn gửi Cầu Nối")).to_be_focused()
        await page.get_by_role("button", name="Bỏ tệp này").press("Enter")
        await expect(page.locator(".staged p")).to_be_hidden()
        await expect(page.get_by_role("button", name=CLIP)).to_be_focused()
        async with page.expect_file_chooser() as chooser:
            await page.keyboard.press("Space")
        await (await chooser.value).set_files(PDF)
        await page.keyboard.press("Enter")
        await expect(page.locator(".row.bot").last).to_contain_text("got")
    assert browser.complaints == []


async def test_a_file_that_is_too_large_is_refused_before_it_is_sent(demo: House) -> None:
    large = demo.database.url.database
    assert large is not None
    path = f"{large}.bin"
    with open(path, "wb") as file:  # noqa: ASYNC230, PTH123 - sparse, and made at once
        file.truncate(LARGEST + 1)
    async with chromium(demo.url) as browser:
        page = await browser.open()
        await _enter(page)
        async with page.expect_file_chooser() as chooser:
            await page.get_by_role("button", name=CLIP).click()
        await (await chooser.value).set_files(path)
        await expect(page.locator(".toast")).to_contain_text("20 MB")
        await expect(page.locator(".staged p")).to_be_hidden()


async def test_a_file_sent_while_the_network_is_away_arrives_once(demo: House) -> None:
    async with chromium(demo.url) as browser:
        page = await browser.open()
        await _enter(page)
        await browser.context.set_offline(True)
        await _choose(page)
        await page.get_by_role("button", name="Gửi", exact=True).click()
        await expect(page.locator(".row.me").last).to_have_attribute("data-state", "waiting")
        await browser.context.set_offline(False)
        await expect(page.locator(".row.bot").last).to_contain_text("got")
        assert await page.locator(".row.me", has_text="📎").count() == 1


async def test_after_a_reload_an_unsent_file_is_asked_for_again(demo: House) -> None:
    async with chromium(demo.url) as browser:
        page = await browser.open()
        await _enter(page)
        await page.route("**/chat/send", lambda route: route.abort())
        await _choose(page)
        await _write(page, "bản mới")
        await expect(page.locator(".row.me").last).to_have_attribute("data-state", "waiting")
        await page.unroute("**/chat/send")
        await page.reload()
        unsent = page.locator(".row.me").last
        await expect(unsent).to_contain_text("chọn lại tệp")
        async with page.expect_file_chooser() as chooser:
            await unsent.get_by_role("button", name="Gửi lại").click()
        await (await chooser.value).set_files(PDF)
        await page.get_by_role("button", name="Gửi", exact=True).click()
        await expect(page.locator(".row.bot").last).to_contain_text("got bản mới")


async def test_a_refused_file_can_be_changed_with_its_words(demo: House) -> None:
    empty = FilePayload(name="a.txt", mimeType="text/plain", buffer=b"")
    async with chromium(demo.url) as browser:
        page = await browser.open()
        await _enter(page)
        await _choose(page, empty)
        await _write(page, "bản mới")
        refused = page.locator(".row.me").last
        await expect(refused).to_contain_text("không có nội dung")
        await refused.get_by_role("button", name="Sửa lại").click()
        await expect(page.locator(".staged")).to_contain_text("a.txt")
        await expect(page.get_by_label("Tin nhắn gửi Cầu Nối")).to_have_value("bản mới")
        await _choose(page)
        await page.get_by_role("button", name="Gửi", exact=True).click()
        await expect(page.locator(".row.bot").last).to_contain_text("got bản mới")


async def test_a_file_where_none_is_expected_gets_the_kind_answer(demo: House) -> None:
    async with chromium(demo.url) as browser:
        page = await browser.open()
        await page.get_by_role("button", name="Đặng Thu Hà").click()
        await expect(page.get_by_role("log")).to_contain_text("/menu")
        await _choose(page)
        await page.get_by_role("button", name="Gửi", exact=True).click()
        await expect(page.locator(".row.bot").last).to_contain_text("mới đọc được chữ")
    assert browser.complaints == []
