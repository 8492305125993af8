"""Files that were sent to a chat without files, at their addresses: without a login, and for a while."""

from datetime import timedelta
from html import unescape

import aiohttp
import pytest

from bot.channels.file_links import LIFE, REST, FileLinks
from bot.web import linked_files
from bot.web.site import WebSettings
from handlers.kit.reply import Attachment
from storage import accounts, members
from tests.doubles.telegram.person import PIXEL
from tests.people import OTHER_LEADER, WORKER
from tests.web.chromium import chromium
from tests.web.conftest import ZONE
from tests.web.house import Answer, House
from tests.world import SeededChance, World

PAPER = Attachment("Quy chế <b>chi tiêu</b>.html", "text/html", b"<script>alert(1)</script>")
PICTURE = Attachment("biểu đồ.png", "image/png", PIXEL)
HA = "p-NV06"
SETTINGS = WebSettings(demo=False, public_url="", timezone=ZONE)
TELEPHONE = {"width": 390, "height": 844}
SECOND = timedelta(seconds=1)


class Sent:
    """The pages, and what was sent to people's Zalo."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.links = FileLinks(world.database, world.clock, SeededChance(13), "https://chi-nhanh.example")
        self.house = House(world)
        self.house.links = self.links

    async def to_ha(self, file: Attachment = PAPER, *, passing: bool = False) -> str:
        """The path of its page."""
        await self.world.link("zalo_bot", HA, WORKER)
        url = await self.links.make("zalo_bot", HA, file, passing=passing)
        return url.removeprefix("https://chi-nhanh.example")

    async def get(self, path: str, method: str = "GET") -> Answer:
        """As anybody who knows the path, without a cookie."""
        async with (
            aiohttp.ClientSession(self.house.url) as client,
            client.request(method, path) as response,
        ):
            headers = {name.lower(): value for name, value in response.headers.items()}
            text = (await response.read()).decode(errors="replace")
            return Answer(response.status, headers, unescape(text), path)

    async def is_there(self, path: str) -> bool:
        page = await self.get(path)
        assert page.status in {200, 404}
        return page.status == 200


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What both kinds of database answer: `tests.storage.test_file_links`."""
    return sqlite_url


@pytest.fixture
def sent(branch_world: World) -> Sent:
    return Sent(branch_world)


async def test_page_and_file_without_a_login(sent: Sent) -> None:
    async with sent.house.opened(SETTINGS):
        path = await sent.to_ha()
        page, file = await sent.get(path), await sent.get(f"{path}/tai")
    assert page.status == file.status == 200
    assert "Quy chế <b>chi tiêu</b>.html" in page.text
    assert ("1 KB" in page.text, "08:30 03/03/2026" in page.text) == (True, True)
    assert "set-cookie" not in page.headers
    assert file.text == "<script>alert(1)</script>"
    assert file.headers["content-disposition"].startswith("attachment; filename*=UTF-8''Quy%20ch%E1%BA%BF")
    assert file.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert file.headers["x-content-type-options"] == "nosniff"
    for answer in (page, file):
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("passing", [False, True], ids=["kept", "in memory"])
async def test_how_long_it_holds(sent: Sent, *, passing: bool) -> None:
    clock = sent.world.clock
    async with sent.house.opened(SETTINGS):
        opened, left = await sent.to_ha(passing=passing), await sent.to_ha(passing=passing)
        assert (await sent.get(f"{opened}/tai")).status == 200
        clock.set(clock.now() + REST - SECOND)
        # A second time doesn't make it longer.
        assert "09:00 02/03/2026" in (await sent.get(opened)).text
        assert (await sent.get(f"{opened}/tai")).status == 200
        clock.set(clock.now() + SECOND)
        assert [await sent.is_there(path) for path in (opened, f"{opened}/tai", left)] == [False, False, True]
        clock.set(clock.now() + LIFE - REST - SECOND)
        assert await sent.is_there(left)
        clock.set(clock.now() + SECOND)
        assert [await sent.is_there(path) for path in (left, f"{left}/tai")] == [False, False]


@pytest.mark.parametrize("passing", [False, True], ids=["kept", "in memory"])
async def test_what_looks_ahead_uses_nothing_up(sent: Sent, *, passing: bool) -> None:
    """A chat's preview, a virus scanner, and a platform that fetches a picture."""
    clock = sent.world.clock
    async with sent.house.opened(SETTINGS):
        path = await sent.to_ha(PICTURE, passing=passing)
        answers = [
            await sent.get(path),
            await sent.get(path, "HEAD"),
            await sent.get(f"{path}/tai", "HEAD"),
            await sent.get(f"{path}/tai", "OPTIONS"),
        ]
        assert [answer.status for answer in answers] == [200, 200, 405, 405]
        picture = await sent.get(f"{path}/anh")
        assert (picture.status, picture.headers["content-type"]) == (200, "image/png")
        clock.set(clock.now() + REST + SECOND)
        assert await sent.is_there(path)


async def test_only_pictures_are_shown_to_a_platform(sent: Sent) -> None:
    async with sent.house.opened(SETTINGS):
        path = await sent.to_ha()
        assert (await sent.get(f"{path}/anh")).status == 404
        assert (await sent.get(f"{path}/tai")).status == 200


async def test_who_has_left_or_is_unlinked_gets_nothing(sent: Sent) -> None:
    world = sent.world
    async with sent.house.opened(SETTINGS):
        paths = [await sent.to_ha(), await sent.to_ha(PICTURE)]
        account = await world.link("zalo_bot", HA, WORKER)
        async with world.database.write() as tx:
            await members.mark_left(tx, [WORKER], world.clock.now())
        every = [path + end for path in paths for end in ("", "/tai", "/anh")]
        assert not any([await sent.is_there(path) for path in every])
    async with world.database.write() as tx:
        await accounts.unlink(tx, account.id)
    # The same telephone may be another one's now.
    await world.link("zalo_bot", HA, OTHER_LEADER)
    async with sent.house.opened(SETTINGS):
        assert not any([await sent.is_there(path) for path in every])


async def test_an_address_that_leads_nowhere_tells_nothing(sent: Sent) -> None:
    """One that is over looks like one that never was."""
    async with sent.house.opened(SETTINGS):
        path = await sent.to_ha()
        sent.world.clock.set(sent.world.clock.now() + LIFE)
        wrong = [path, path[:-1], "/tep/x", "/tep/" + "a" * 5_000, "/tep/%00", "/tep/%ff", "/tep/ố"]
        pages = [await sent.get(each) for each in wrong] + [await sent.get(f"{path}/tai")]
    assert {page.status for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    assert "Tệp không mất" in pages[0].text


async def test_guessing_is_slowed_down_and_opening_isn_t(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linked_files, "_BURST", 5)
    async with sent.house.opened(SETTINGS):
        path = await sent.to_ha(PICTURE)
        # A platform that fetches many people's pictures comes from one address.
        assert {(await sent.get(f"{path}/anh")).status for _ in range(12)} == {200}
        guessed = [(await sent.get(f"/tep/{number}")).status for number in range(7)]
        assert guessed == [404] * 5 + [429] * 2
        slowed = await sent.get(path)
        assert (slowed.status, "Tệp vẫn còn nguyên" in slowed.text) == (429, True)
        sent.world.clock.forward(seconds=2)
        assert (await sent.get(path)).status == 200


async def test_a_large_file_s_size(sent: Sent) -> None:
    async with sent.house.opened(SETTINGS):
        path = await sent.to_ha(Attachment("a.pdf", "application/pdf", bytes(1_600_000)), passing=True)
        assert "1,5 MB" in (await sent.get(path)).text


@pytest.mark.browser
async def test_the_page_fits_a_telephone(sent: Sent) -> None:
    name = "Quy_chế_chi_tiêu_nội_bộ_" * 5
    async with sent.house.opened(SETTINGS) as house, chromium(house.url, TELEPHONE) as browser:
        page = await browser.open(await sent.to_ha(Attachment(name, "application/pdf", b"%PDF-1.7")))
        assert await page.locator(".paper .name").inner_text() == name
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        async with page.expect_download() as download:
            await page.get_by_role("link", name="Mở tệp").click()
        assert (await download.value).suggested_filename == name
        assert browser.complaints == []
