"""The chat as a person meets it: headless Chromium on the real pages."""

import pytest
from markupsafe import Markup
from playwright.async_api import Page, expect

from handlers.kit import invitations
from handlers.kit.channel import Outgoing
from handlers.kit.reply import Reply
from storage import accounts
from tests.web.chromium import SMALLEST, chromium
from tests.web.house import House

pytestmark = pytest.mark.browser


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


async def _choose(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name).click()
    await expect(page.get_by_role("log")).to_contain_text("/menu")


async def _write(page: Page, text: str) -> None:
    await page.get_by_label("Tin nhắn gửi Cầu Nối").fill(text)
    await page.get_by_role("button", name="Gửi", exact=True).click()


async def _bubbles(page: Page, text: str, whose: str = ".row") -> list[str]:
    """The messages that hold `text`, in the order in which they stand."""
    return await page.locator(f"{whose} .body", has_text=text).all_inner_texts()


async def _address(house: House, code: str) -> str:
    async with house.database.read() as tx:
        (account,) = await accounts.of_member(tx, await house.member_id(code))
    return account.address


async def test_on_the_smallest_telephone_a_person_chats_and_nothing_is_in_the_way(demo: House) -> None:
    async with chromium(demo.url, SMALLEST) as browser:
        page = await browser.open()
        await _choose(page, "Đặng Thu Hà")
        await _write(page, "/pages")
        await page.get_by_role("button", name="Next").click()
        await expect(page.get_by_text("Page 2")).to_be_visible()
        await expect(page.get_by_text("turned")).to_be_visible()
        assert await _bubbles(page, "Page", ".row.bot") == ["Page 2"]
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= SMALLEST["width"]
        await page.reload()
        await expect(page.get_by_text("Page 2")).to_be_visible()
    assert browser.complaints == []
    assert all(address.startswith((demo.url, "data:")) for address in browser.asked)


async def test_markup_in_names_and_texts_does_nothing(demo: House) -> None:
    async with chromium(demo.url) as browser:
        page = await browser.open()
        await _choose(page, "Bùi Ngọc <b>Ấn</b> & Co")
        await expect(page.get_by_role("log")).to_contain_text("Bùi Ngọc <b>Ấn</b> & Co")
        await _write(page, "/echo <img src=x onerror=alert(1)>")
        await expect(page.get_by_text("echo <img src=x onerror=alert(1)>", exact=True)).to_be_visible()
        assert await page.locator("#log img").count() == 0
    assert browser.complaints == []


async def test_a_slip_leads_into_the_chat_and_consent_links(public: House) -> None:
    async with public.database.write() as tx:
        member_id = await public.member_id("NV06")
        (invitation,) = await invitations.issue(tx, public.chance, public.clock.now(), [member_id])
    async with chromium(public.url) as browser:
        page = await browser.open(f"/enter?code={invitation.code}")
        await page.get_by_role("button", name="Vào trò chuyện").click()
        await page.get_by_role("button", name="Đồng ý", exact=True).click()
        await expect(page.locator(".row.bot").last).to_contain_text("Đặng Thu Hà")
    async with public.database.read() as tx:
        (account,) = await accounts.of_member(tx, member_id)
    assert account.channel == "web"
    assert browser.complaints == []


async def test_what_is_written_and_sent_while_the_network_is_away_arrives_once_and_in_order(
    demo: House,
) -> None:
    async with chromium(demo.url) as browser:
        page = await browser.open()
        await _choose(page, "Đặng Thu Hà")
        await browser.context.set_offline(True)
        address = await _address(demo, "NV06")
        for number in range(3):
            reply = Reply(Markup("missed ") + str(number))
            await demo.chat.push(Outgoing(f"study:{number}:first:6", address, reply))
        await _write(page, "/echo while away")
        await browser.context.set_offline(False)
        await expect(page.get_by_text("echo while away", exact=True)).to_be_visible()
        await demo.delivery.settle()
        assert await _bubbles(page, "missed") == ["missed 0", "missed 1", "missed 2"]
        assert await _bubbles(page, "while away") == ["/echo while away", "echo while away"]


async def test_leaving_in_one_tab_ends_the_other(demo: House) -> None:
    async with chromium(demo.url) as browser:
        page = await browser.open()
        await _choose(page, "Đặng Thu Hà")
        other = await browser.open("/chat")
        await expect(other.get_by_role("log")).to_contain_text("/menu")
        await page.bring_to_front()
        await page.get_by_label("Tuỳ chọn").click()
        await page.get_by_role("button", name="Thoát trên máy này").click()
        await expect(other.get_by_role("alert").filter(has_text="đã thoát")).to_be_visible()
        await other.goto("/chat")
        await expect(other).to_have_url(f"{demo.url}/")


async def test_a_person_gets_by_with_the_keyboard_alone(demo: House) -> None:
    async with chromium(demo.url, has_touch=False) as browser:
        page = await browser.open()
        await page.get_by_role("button", name="Đặng Thu Hà").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("Tin nhắn gửi Cầu Nối")).to_be_focused()
        await page.keyboard.type("/pages")
        await page.keyboard.press("Enter")
        turn = page.get_by_role("button", name="Next")
        await expect(turn).to_be_visible()
        for _ in range(12):
            await page.keyboard.press("Shift+Tab")
            if await turn.evaluate("button => button === document.activeElement"):
                break
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Page 2")).to_be_visible()
        await expect(page.get_by_role("button", name="Next")).to_be_focused()
    assert browser.complaints == []
