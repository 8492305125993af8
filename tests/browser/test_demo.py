"""The demo tried as a new user would: in a real browser, at the size of a telephone."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.demo import Demo
from tests.browser.visitor import CARDS, Visitor
from tests.web.chromium import Watched, chromium

pytestmark = pytest.mark.browser
# Two who have not begun, and the chair.
HUY, TRUONG, CHAIR = "Ngô Gia Huy", "Cao Xuân Trường", "Nguyễn Thị Thu Hương"
PHONES = ({"width": 390, "height": 844}, {"width": 320, "height": 640})
CAMPAIGN = "2"


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    made = Demo(tmp_path)
    await made.start()
    yield made
    await made.kill()


async def _opened(browser: Watched) -> Visitor:
    """A page that complains on its console when anything breaks its policy."""
    await browser.context.add_init_script(
        "addEventListener('securitypolicyviolation', (event) => console.error(event.violatedDirective))"
    )
    return Visitor(await browser.open())


def _is_clean(browser: Watched, demo: Demo) -> bool:
    """No error or broken policy on the console, and nothing asked of anybody else."""
    return browser.complaints == [] and all(
        address.startswith((demo.url, "data:")) for address in browser.asked
    )


@pytest.mark.parametrize("phone", PHONES, ids=lambda phone: f"{phone['width']}x{phone['height']}")
async def test_a_member_studies_and_the_chair_sees_the_coverage_rise(
    demo: Demo, phone: dict[str, int]
) -> None:
    before = await demo.command("study", "coverage", CAMPAIGN)
    async with chromium(demo.url, phone) as browser:
        member = await _opened(browser)
        page = member.page
        await member.becomes(HUY)
        await member.says("/hoctap")
        await member.reads(1, 5)
        await page.reload()
        await member.reads(5, CARDS)
        await member.fits()
        await member.taps("Tới lời xác nhận")
        await member.sees(f"Tôi là {HUY}")
        await member.taps("Tôi xác nhận đã học")
        await member.sees("Đã ghi nhận lúc")
        await page.reload()
        await member.sees("Đã ghi nhận lúc")
        await member.taps("Làm bài kiểm tra")
        await member.passes_the_quiz()
        await member.fits()
        await member.becomes(CHAIR)
        after = await demo.command("study", "coverage", CAMPAIGN)
        await member.says("/baocao")
        await member.taps(f"{CAMPAIGN}. ")
        await member.sees(f"Xác nhận: {before['acknowledged'] + 1}")
        await member.fits()
        await member.taps("Ai chưa học")
        await member.sees("Chưa học xong", TRUONG)
        await expect(member.newest).not_to_contain_text(HUY)
        await member.fits()
    assert (after["acknowledged"], after["passed"]) == (before["acknowledged"] + 1, before["passed"] + 1)
    assert [each for each in before["missing"] if each not in after["missing"]] == [
        {"code": "NV010", "name": HUY}
    ]
    assert _is_clean(browser, demo)


async def test_a_server_that_dies_and_comes_back_loses_and_doubles_nothing(demo: Demo) -> None:
    before = await demo.command("study", "coverage", CAMPAIGN)
    async with chromium(demo.url, PHONES[0]) as browser:
        member = await _opened(browser)
        page = member.page
        await member.becomes(HUY)
        await member.says("/hoctap")
        await member.reads(1, CARDS)
        await member.taps("Tới lời xác nhận")
        await member.sees(f"Tôi là {HUY}")
        await demo.kill()
        await member.taps("Tôi xác nhận đã học")
        await member.says("/toi")
        await expect(page.get_by_text("Mất kết nối")).to_be_visible()
        await demo.start()
        # Both arrive by themselves, in order.
        await expect(page.locator(".row.bot", has_text="Đã ghi nhận lúc")).to_have_count(1)
        await member.sees(HUY, "NV010")
        await expect(page.locator(".row.me", has_text="/toi")).to_have_count(1)
        await expect(page.get_by_text("Mất kết nối")).to_be_hidden()
        shown = await page.locator(".row .body").all_inner_texts()
        await page.reload()
        await member.sees(HUY, "NV010")
        assert await page.locator(".row .body").all_inner_texts() == shown
    after = await demo.command("study", "coverage", CAMPAIGN)
    assert after["acknowledged"] == before["acknowledged"] + 1
    assert (await demo.command("evidence", "verify"))["ok"]


async def test_people_are_checking_in_and_more_meetings_are_to_come(demo: Demo) -> None:
    titles = [each["title"] for each in await demo.command("meeting", "list")]
    assert titles[:2] == ["Buổi học tập chung", "Họp ban chấp hành công đoàn"]
    assert titles.count("Họp Tổ Công nghệ thông tin") > 1
    async with chromium(demo.url, PHONES[0]) as browser:
        chair = await _opened(browser)
        await chair.becomes(CHAIR)
        await chair.says("/diemdanh")
        for label in ("Danh sách: Buổi học tập chung", "Mã điểm danh", "Trang để chiếu lên màn hình"):
            await chair.taps(label)
        await chair.sees("Trang chiếu mã")
        address = re.search(r"http\S+", await chair.newest.inner_text())
        assert address
        await chair.page.goto(address.group())
        await expect(chair.page.locator("body")).to_contain_text("3/10 người được mời đã có mặt")
    assert _is_clean(browser, demo)


async def test_a_member_studies_with_the_keyboard_alone(demo: Demo) -> None:
    async with chromium(demo.url, PHONES[0], has_touch=False) as browser:
        member = await _opened(browser)
        page = member.page
        await page.get_by_role("button", name=TRUONG).focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("Tin nhắn gửi Cầu Nối")).to_be_focused()
        await page.keyboard.type("/hoctap")
        await page.keyboard.press("Enter")
        await member.sees_card(1)
        await _focus(member, "Sau ›")
        for number in range(2, CARDS + 1):
            await page.keyboard.press("Enter")
            await member.sees_card(number)
        for label, seen in (("Tới lời xác nhận", "Tôi là"), ("Tôi xác nhận đã học", "Đã ghi nhận lúc")):
            await _focus(member, label)
            await page.keyboard.press("Enter")
            await member.sees(seen)
    assert _is_clean(browser, demo)


async def _focus(member: Visitor, label: str) -> None:
    """Go back with the Tab key until the newest button of this name has the focus."""
    button = member.page.locator(".key", has_text=label).last
    await expect(button).to_be_visible()
    for _ in range(30):
        if await button.evaluate("button => button === document.activeElement"):
            return
        await member.page.keyboard.press("Shift+Tab")
    raise AssertionError(f"{label} can't be reached by the keyboard")


async def test_a_message_that_is_too_long_is_refused_and_kept(demo: Demo) -> None:
    async with chromium(demo.url, PHONES[1]) as browser:
        member = await _opened(browser)
        page = member.page
        await member.becomes(HUY)
        await member.says("ữ" * 5000)
        await expect(page.get_by_role("alert").filter(has_text="Tin dài quá")).to_be_visible()
        await member.fits()
        await page.get_by_role("button", name="Sửa lại").click()
        await expect(page.get_by_label("Tin nhắn gửi Cầu Nối")).to_have_value("ữ" * 5000)
        await member.says("/toi")
        await member.sees(HUY)
        await expect(page.locator(".row.me", has_text="ữữữ")).to_have_count(0)
