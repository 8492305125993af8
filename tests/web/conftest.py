"""Pages with and without the demo's chooser, on each kind of database."""

from collections.abc import AsyncIterator

import pytest

from bot.web.site import WebSettings
from tests.web.house import Browser, House
from tests.world import World

ZONE = "Asia/Ho_Chi_Minh"


@pytest.fixture
async def demo(branch_world: World) -> AsyncIterator[House]:
    async with House(branch_world).opened(WebSettings(demo=True, public_url="", timezone=ZONE)) as house:
        yield house


@pytest.fixture
async def public(branch_world: World) -> AsyncIterator[House]:
    """Without the chooser: an invitation is the only way in."""
    async with House(branch_world).opened(WebSettings(demo=False, public_url="", timezone=ZONE)) as house:
        yield house


@pytest.fixture
async def ha(demo: House) -> AsyncIterator[Browser]:
    """Đặng Thu Hà, a worker."""
    async with demo.browser() as browser:
        await browser.choose("NV06")
        yield browser


@pytest.fixture
async def tuan(demo: House) -> AsyncIterator[Browser]:
    """Hoàng Anh Tuấn, another one."""
    async with demo.browser() as browser:
        await browser.choose("NV07")
        yield browser
