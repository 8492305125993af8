"""A telephone in somebody's hand: what they tap and type, and what they are answered."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from playwright.sync_api import Browser, ElementHandle, Page, ViewportSize, sync_playwright

from bot.cli.output import texts

_INSTALLED = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
SIZE = ViewportSize(width=390, height=844)
# As if a message of any length fitted on the screen.
_TALL = ViewportSize(width=390, height=3000)
# Space above and below a message that is cut out of the screen.
_MARGIN = 10
# Short words that lie over the conversation for a while.
_NO_TOASTS = "() => document.querySelectorAll('.toast').forEach(one => one.remove())"
# An answer is a new message, or an older one that was filled anew: what stood there before is marked.
_MARK = "() => document.querySelectorAll('.row.bot .body > *').forEach(one => { one.dataset.old = 'old' })"
_ANSWER = ".row.bot:has(.body > :not([data-old]))"


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Headless Chromium; root may start it only without its sandbox."""
    arguments = [*_ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    installed = next(filter(None, map(shutil.which, _INSTALLED)), None)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=installed, args=arguments)
        yield browser
        browser.close()


class Phone:
    """Nobody's telephone, until somebody enters. Every step waits for its answer, and a tap is on a button of
    the answer before. Buttons go by the keys of their labels, as handlers do.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        context = browser.new_context(
            base_url=address,
            viewport=SIZE,
            device_scale_factor=2,
            has_touch=True,
            is_mobile=True,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            reduced_motion="reduce",
        )
        self.page: Page = context.new_page()
        self._answer: ElementHandle | None = None

    def opens(self, path: str) -> Self:
        self.page.goto(path)
        return self

    def chooses(self, name: str) -> Self:
        """Be this person of the demo."""
        self.opens("/").page.get_by_role("button", name=name).click()
        return self._opened()

    def enters(self, code: str) -> Self:
        """Come in with an invitation, as whoever scans the slip does."""
        self.opens(f"/enter?code={code}").page.locator("button[type=submit]").click()
        return self._opened()

    def comes_back(self) -> Self:
        """From another page to the chat, as the person one was."""
        self.opens("/chat")
        return self._opened()

    def says(self, text: str) -> Self:
        self.page.evaluate(_MARK)
        self.page.locator("#text").fill(text)
        self.page.locator("#send").click()
        return self._waits()

    def taps(self, key: str, **values: Any) -> Self:
        """The button with the label of this key."""
        return self.picks(texts().label(key, **values))

    def picks(self, beginning: str) -> Self:
        """The first button whose label begins so; any label begins with nothing."""
        button = self._button(beginning)
        self.page.evaluate(_MARK)
        button.click()
        return self._waits()

    def notes(self, beginning: str) -> Self:
        """Press such a button where only a short word answers and the message stays."""
        self._button(beginning).click()
        self.page.locator(".toast").last.wait_for()
        return self

    def has(self, key: str) -> bool:
        label = texts().label(key)
        return any(each.inner_text() == label for each in self._buttons())

    def until(self, key: str) -> Self:
        """Wait for the answer with this button, where several come at once."""
        return self.finds(texts().label(key))

    def finds(self, text: str) -> Self:
        """Wait for the answer with these words."""
        return self._waits(text)

    def reads(self) -> str:
        return self._answered().inner_text()

    def code(self) -> str:
        """What stands in the answer to be copied."""
        return self._part("code").inner_text()

    def screen(self, height: int = SIZE["height"]) -> bytes:
        """What is on the screen, from its top, as PNG."""
        self.page.evaluate(_NO_TOASTS)
        return self.page.screenshot(
            animations="disabled", clip={"x": 0, "y": 0, "width": SIZE["width"], "height": height}
        )

    def message(self) -> bytes:
        """The answer and its buttons alone, as PNG."""
        self.page.evaluate(_NO_TOASTS)
        self.page.set_viewport_size(_TALL)
        self._comes_to_rest()
        self._answered().evaluate("row => { row.dataset.alone = 'alone' }")
        box = self._part(".message").bounding_box()
        if box is None:
            raise LookupError("the answer isn't on the screen")
        top, height = box["y"] - _MARGIN, box["height"] + 2 * _MARGIN
        picture = self.page.screenshot(
            animations="disabled",
            clip={"x": 0, "y": top, "width": SIZE["width"], "height": height},
            style=".row:not([data-alone]), .day, .pill { visibility: hidden }",
        )
        self._answered().evaluate("row => { delete row.dataset.alone }")
        self.page.set_viewport_size(SIZE)
        self._comes_to_rest()
        return picture

    def beginning(self) -> bytes:
        """The screen with the beginning of a long answer, as PNG."""
        self._part(".message").evaluate("part => part.scrollIntoView({block: 'start'})")
        self._comes_to_rest()
        return self.screen()

    def _comes_to_rest(self) -> None:
        """After two frames whatever a new size or place leads to is drawn."""
        self.page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def _part(self, selector: str) -> ElementHandle:
        part = self._answered().query_selector(selector)
        if part is None:
            raise LookupError(selector)
        return part

    def _opened(self) -> Self:
        """The chat, with all that was said before."""
        self.page.locator("#list.live").wait_for(state="attached")
        return self._waits()

    def _waits(self, text: str = "") -> Self:
        answer = self.page.locator(_ANSWER).filter(has_text=text).last
        answer.wait_for()
        self._answer = answer.element_handle()
        return self

    def _answered(self) -> ElementHandle:
        if self._answer is None:
            raise LookupError("nothing was answered yet")
        return self._answer

    def _button(self, beginning: str) -> ElementHandle:
        return next(each for each in self._buttons() if each.inner_text().startswith(beginning))

    def _buttons(self) -> list[ElementHandle]:
        return self._answered().query_selector_all("button.key")
