"""The way into the desk in a browser, which decides by itself what it sends with which request."""

import pytest
from playwright.async_api import expect

from tests.people import CHAIR
from tests.web.chromium import PHONE, SMALLEST, chromium
from tests.web.desk import code_of, link_for
from tests.web.house import House

pytestmark = pytest.mark.browser


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.mark.parametrize("viewport", [PHONE, SMALLEST], ids=["phone", "smallest"])
async def test_in_by_a_link_from_another_site_and_out(office: House, viewport: dict[str, int]) -> None:
    token = await link_for(office, CHAIR)
    async with chromium(office.url, viewport) as browser:
        # Another name is another site.
        page = await browser.open(office.url.replace("127.0.0.1", "localhost"))
        await page.evaluate(f"location.href = '{office.url}/desk/vao/{token}'")
        await page.get_by_role("button", name="Vào bàn điều hành").click()
        await expect(page.locator("#secret")).to_be_visible()
        assert await page.evaluate("document.querySelector('img').naturalWidth > 0")
        assert await page.evaluate(
            "[document.documentElement.scrollWidth, innerWidth].reduce((wide, room) => wide <= room)"
        )
        assert token not in await page.evaluate("document.referrer")
        await page.get_by_label("Mã 6 chữ số").fill(await code_of(office, CHAIR))
        await page.get_by_role("button", name="Xác nhận").click()
        await expect(page.locator("header .who")).to_contain_text("Nguyễn Thị Ánh")
        assert await page.evaluate("document.cookie") == ""
        await page.get_by_role("button", name="Thoát").click()
        await expect(page.get_by_role("heading")).to_have_text("Đã thoát")
        await page.goto(f"{office.url}/desk")
        await expect(page.locator("main")).to_contain_text("/ban")
        # The browser itself notes the last answer, a 401.
        assert [line for line in browser.complaints if "401" not in line] == []
