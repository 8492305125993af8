"""A person at the chat page: says, taps and sees as `tests.talk.Talk` does, in a real browser."""

import re

from playwright.async_api import Locator, Page, expect

from bot.branch import DOCUMENTS
from handlers.kit.documents import load_documents

DOCUMENT = load_documents(DOCUMENTS)["nghi-quyet-02"]
CARDS = len(DOCUMENT.cards)
PATIENCE_MS = 20_000
_OPTION = re.compile(r"^([A-D])\. (.*)$", re.MULTILINE)
expect.set_options(timeout=PATIENCE_MS)


class Visitor:
    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def newest(self) -> Locator:
        """The bot's newest message."""
        return self.page.locator(".row.bot").last

    async def becomes(self, name: str) -> None:
        """Choose a person, by way of the search."""
        await self.page.goto("/")
        await self.page.get_by_label("Tìm theo tên, mã hoặc tổ").fill(name)
        await self.page.get_by_role("button", name=name).click()
        await expect(self.page.get_by_role("log")).to_have_attribute("aria-live", "polite")

    async def says(self, text: str) -> None:
        await self.page.get_by_label("Tin nhắn gửi Cầu Nối").fill(text)
        await self.page.get_by_role("button", name="Gửi", exact=True).click()

    async def taps(self, label: str) -> None:
        """The newest button of this name."""
        await self.page.locator(".key", has_text=label).last.click()

    async def sees(self, *parts: str) -> None:
        for part in parts:
            await expect(self.newest).to_contain_text(part)

    async def sees_card(self, number: int) -> None:
        await self.sees(f"Trang {number}/{CARDS}")

    async def reads(self, first: int, last: int) -> None:
        """From the card that stands there to another one."""
        for number in range(first, last):
            await self.sees_card(number)
            await self.taps("Sau ›")
        await self.sees_card(last)

    async def passes_the_quiz(self) -> None:
        assert DOCUMENT.quiz is not None
        right = {question.right for question in DOCUMENT.quiz.questions}
        for number in range(1, DOCUMENT.quiz.draw + 1):
            await self.sees(f"Câu {number}/{DOCUMENT.quiz.draw}", "D.")
            shown = await self.newest.locator(".body").inner_text()
            await self.taps(next(letter for letter, option in _OPTION.findall(shown) if option in right))
            if number < DOCUMENT.quiz.draw:
                await self.sees("Đúng rồi")
                await self.taps("Câu tiếp ›")
        await self.sees("Kết quả", "Đạt rồi")

    async def fits(self) -> None:
        """Nothing stands out of the screen to the right."""
        width = await self.page.evaluate("document.documentElement.scrollWidth")
        assert self.page.viewport_size is not None
        assert width <= self.page.viewport_size["width"]
