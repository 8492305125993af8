"""The page of a certificate in a browser, at the size of a telephone, by day and by night."""

from typing import Literal

import pytest

from bot.web.site import WebSettings
from handlers.certificates import tokens
from tests.people import WORKER
from tests.study.course import publish
from tests.web.chromium import chromium
from tests.web.conftest import ZONE
from tests.web.house import House
from tests.web.test_certificates import issue
from tests.world import World

pytestmark = pytest.mark.browser
TELEPHONE = {"width": 390, "height": 844}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


async def test_the_page_fits_a_telephone_and_fetches_nothing_from_elsewhere(branch_world: World) -> None:
    found = await issue(await publish(branch_world), WORKER)
    settings = WebSettings(demo=False, public_url="", timezone=ZONE)
    async with House(branch_world).opened(settings) as house, chromium(house.url, TELEPHONE) as browser:
        page = await browser.context.new_page()
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme)
            # As somebody types it from the paper.
            await page.goto(f"/gcn/{tokens.shown(found.token).lower()}")
            assert await page.locator(".verdict").inner_text() == "Còn hiệu lực"
            name, *_ = await page.locator(".paper dd").all_inner_texts()
            assert name == "Đặng Thu Hà"
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert browser.complaints == []
        assert all(each.startswith(house.url) for each in browser.asked)
        assert not any(each.endswith(".js") for each in browser.asked)
