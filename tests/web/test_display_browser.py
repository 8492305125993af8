"""The page for the wall in a browser, at the size of a projector and of a telephone."""

import pytest
from playwright.async_api import expect

from bot.web.display import qr
from bot.web.site import WebSettings
from handlers.attendance import codes
from storage import attendance
from tests.attendance.holding import code_of, hold
from tests.web.chromium import PATIENCE_MS, chromium
from tests.web.house import House
from tests.web.test_display import TOKEN, show
from tests.world import World

pytestmark = pytest.mark.browser
ADDRESS = "https://chi-nhanh.example"
WALL = {"width": 1280, "height": 720}
TELEPHONE = {"width": 390, "height": 844}
# Longer than the page waits until it asks again.
MORE_THAN_A_TURN = 6_000


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.mark.parametrize("viewport", [WALL, TELEPHONE], ids=["wall", "telephone"])
async def test_the_page_keeps_itself_up_to_date(branch_world: World, viewport: dict[str, int]) -> None:
    [held] = await hold(branch_world)
    await show(branch_world, held)
    settings = WebSettings(demo=False, public_url=ADDRESS, timezone="Asia/Ho_Chi_Minh")
    async with House(branch_world).opened(settings) as house, chromium(house.url, viewport) as browser:
        page = await browser.context.new_page()
        await page.clock.install()
        await page.goto(f"/man-hinh/{TOKEN}")
        code = page.locator("#code")
        await expect(code).to_have_text(codes.shown(code_of(branch_world, held)))
        link = f"{ADDRESS}/diem-danh/{code_of(branch_world, held)}"
        await expect(page.locator("#qr")).to_have_attribute("src", qr(link))
        await expect(page.locator("#present")).to_have_text("0")
        assert await page.evaluate(
            "[document.documentElement.scrollWidth, innerWidth].reduce((wide, room) => wide <= room)"
        )
        house.clock.forward(seconds=30)
        await page.clock.run_for(MORE_THAN_A_TURN)
        await expect(code).to_have_text(codes.shown(code_of(branch_world, held)), timeout=PATIENCE_MS)
        async with house.database.write() as tx:
            await attendance.close(tx, held.id, house.clock.now())
        await page.clock.run_for(MORE_THAN_A_TURN)
        await expect(page.locator("#state")).to_contain_text("đã chốt", timeout=PATIENCE_MS)
        await expect(code).not_to_be_visible()
        house.clock.forward(hours=3)
        await page.clock.run_for(MORE_THAN_A_TURN)
        await expect(page.locator("#state")).to_contain_text("đã hết dùng", timeout=PATIENCE_MS)
        # The browser itself notes the last answer, a 404.
        assert [line for line in browser.complaints if "404" not in line] == []
