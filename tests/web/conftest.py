"""Pages with and without the demo's chooser, on each kind of database."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.web.site import WebSettings
from storage.concerns.expiry import ExpiryKeys
from tests.concerns.place import Place, make_place
from tests.people import CHAIR, COMMITTEE
from tests.web.desk import Officer
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


@pytest.fixture
async def office(branch_world: World, tmp_path: Path) -> AsyncIterator[House]:
    """With keys that wrap what is sealed."""
    house = House(branch_world)
    house.keys = ExpiryKeys(tmp_path / "keys")
    async with house.opened(WebSettings(demo=False, public_url="", timezone=ZONE)):
        yield house


@pytest.fixture
async def chair(office: House) -> AsyncIterator[Officer]:
    """Nguyễn Thị Ánh at the desk, without a key yet."""
    async with office.browser() as browser:
        yield await Officer(office, browser, CHAIR).enter()


@pytest.fixture
async def colleague(office: House) -> AsyncIterator[Officer]:
    """Trần Văn Bình of the committee, likewise."""
    async with office.browser() as browser:
        yield await Officer(office, browser, COMMITTEE).enter()


@pytest.fixture
def place(office: House, branch_world: World, tmp_path: Path) -> Place:
    """What people in the chat do, in the office's branch."""
    made = make_place(branch_world, tmp_path)
    made.room = replace(made.room, keys=office.keys)
    return made
