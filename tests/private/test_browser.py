"""A private conversation as a person meets it on the page: headless Chromium on the real pages."""

import json
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, Request, expect

from tests.private.note import LOST, RECEIPT
from tests.storage.snapshot import changes, snapshot
from tests.web.chromium import SMALLEST, Watched, chromium
from tests.web.house import House

pytestmark = pytest.mark.browser
PHRASE = "tiền tăng ca tháng này thiếu"
BANNER = "Đang gửi kín"
FIELD = "Tin nhắn gửi Cầu Nối"
# Everything that the tab and the browser keep for the page.
KEPT = """async () => JSON.stringify([
  {...sessionStorage}, {...localStorage}, document.cookie, history.state, await indexedDB.databases(),
  await caches.keys(),
])"""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def browser(house: House) -> AsyncIterator[Watched]:
    async with chromium(house.url, SMALLEST) as opened:
        yield opened
    assert opened.complaints == []


@pytest.fixture
async def page(browser: Watched) -> Page:
    page = await browser.open()
    await page.get_by_role("button", name="Đặng Thu Hà").click()
    await expect(page.get_by_role("log")).to_contain_text("/menu")
    return page


async def _write(page: Page, text: str) -> None:
    await page.get_by_label(FIELD).fill(text)
    await page.get_by_role("button", name="Gửi", exact=True).last.click()


async def _begin(page: Page) -> None:
    await _write(page, "/ghi")
    await expect(page.get_by_text("Mời bạn viết")).to_be_visible()
    await expect(page.get_by_text(BANNER)).to_be_visible()


async def _bubbles(page: Page) -> list[str]:
    """What stands below the menu."""
    return (await page.locator(".row .body").all_inner_texts())[2:]


async def test_what_is_written_stands_on_the_page_and_nowhere_else(house: House, page: Page) -> None:
    posted: list[dict[str, object]] = []

    def note(request: Request) -> None:
        if request.url.endswith("/chat/send"):
            posted.append(json.loads(request.post_data or "{}"))

    page.on("request", note)
    before = await snapshot(house.database)
    await expect(page.get_by_text(BANNER)).to_be_hidden()
    await _begin(page)
    await _write(page, PHRASE)
    await expect(page.get_by_text(f"Đọc lại: {PHRASE}")).to_be_visible()
    assert await _bubbles(page) == ["/ghi", "Mời bạn viết", PHRASE, f"Đọc lại: {PHRASE}"]
    assert await page.locator(".row.me[data-state='sent']").count() == 3
    assert PHRASE not in await page.evaluate(KEPT)
    assert await page.evaluate("document.documentElement.scrollWidth") <= SMALLEST["width"]
    assert await page.get_by_label(FIELD).get_attribute("autocomplete") == "off"
    await page.locator(".row.bot").last.get_by_role("button", name="Gửi").click()
    await expect(page.get_by_text(RECEIPT)).to_be_visible()
    await expect(page.get_by_text(BANNER)).to_be_hidden()
    assert await _bubbles(page) == [RECEIPT]
    assert PHRASE not in await page.evaluate(KEPT)
    assert PHRASE not in await page.content()
    assert [each["private"] for each in posted] == [False, True, True]
    assert await changes(house.database, before) == {}
    await _write(page, "/echo như cũ")
    await expect(page.get_by_text("echo như cũ", exact=True)).to_be_visible()


async def test_a_file_goes_the_same_way(house: House, page: Page) -> None:
    before = await snapshot(house.database)
    await _begin(page)
    file = {"name": "bảng công.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
    await page.locator("#file").set_input_files(file)  # type: ignore[arg-type]
    await _write(page, PHRASE)
    await expect(page.get_by_text(f"bảng công.pdf 4 {PHRASE}")).to_be_visible()
    assert PHRASE not in await page.evaluate(KEPT)
    assert await changes(house.database, before) == {}
    await _write(page, "/huy")
    await expect(page.get_by_text("Đã dừng")).to_be_visible()
    await expect(page.locator(".row.me", has_text="📎")).to_have_count(0)


async def test_after_a_reload_it_goes_on(page: Page) -> None:
    await _begin(page)
    await _write(page, PHRASE)
    await expect(page.get_by_text(f"Đọc lại: {PHRASE}")).to_be_visible()
    await page.get_by_label(FIELD).fill("viết dở")
    await page.reload()
    await expect(page.get_by_text(BANNER)).to_be_visible()
    await expect(page.get_by_text(f"Đọc lại: {PHRASE}")).to_be_visible()
    assert await page.get_by_label(FIELD).input_value() == ""
    assert PHRASE not in await page.evaluate(KEPT)
    await _write(page, "thêm một ý")
    await expect(page.get_by_text(f"Đọc lại: {PHRASE} / thêm một ý")).to_be_visible()
    await page.locator(".row.bot").last.get_by_role("button", name="Gửi").click()
    await expect(page.get_by_text(RECEIPT)).to_be_visible()
    await expect(page.get_by_text(BANNER)).to_be_hidden()
    assert await _bubbles(page) == [RECEIPT]


async def test_after_a_restart_and_a_reload_nothing_is_taken_for_anything_else(
    house: House, page: Page
) -> None:
    await _begin(page)
    await _write(page, PHRASE)
    await expect(page.get_by_text(f"Đọc lại: {PHRASE}")).to_be_visible()
    before = await snapshot(house.database)
    house.restart()
    await page.reload()
    await expect(page.get_by_text(BANNER)).to_be_visible()
    await _write(page, PHRASE)
    await expect(page.get_by_text(LOST)).to_be_visible()
    await expect(page.get_by_text(BANNER)).to_be_hidden()
    assert await changes(house.database, before) == {}


async def test_what_waits_for_the_network_waits_in_memory(browser: Watched, page: Page) -> None:
    await _begin(page)
    await browser.context.set_offline(True)
    await _write(page, PHRASE)
    await expect(page.locator(".row.me", has_text=PHRASE)).to_be_visible()
    assert PHRASE not in await page.evaluate(KEPT)
    await browser.context.set_offline(False)
    await expect(page.get_by_text(f"Đọc lại: {PHRASE}")).to_be_visible()
    browser.complaints.clear()


async def test_a_keyboard_keeps_its_place(house: House) -> None:
    async with chromium(house.url, has_touch=False) as browser:
        page = await browser.open()
        await page.get_by_role("button", name="Đặng Thu Hà").click()
        await expect(page.get_by_role("log")).to_contain_text("/menu")
        await _begin(page)
        await _write(page, PHRASE)
        await page.locator(".row.bot").last.get_by_role("button", name="Gửi").press("Enter")
        wipe = page.get_by_role("button", name="Xoá tin này")
        await wipe.press("Enter")
        await expect(wipe).to_have_count(0)
        await expect(page.get_by_label(FIELD)).to_be_focused()


async def test_whoever_leaves_leaves_nothing_in_the_tab(page: Page) -> None:
    await _begin(page)
    assert "caunoi:private:" in await page.evaluate(KEPT)
    await page.get_by_label("Tuỳ chọn").click()
    await page.get_by_role("button", name="Thoát trên máy này").click()
    await expect(page.get_by_role("button", name="Đặng Thu Hà")).to_be_visible()
    assert "caunoi:" not in await page.evaluate("JSON.stringify({...sessionStorage})")
