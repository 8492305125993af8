"""A real browser at a telephone's size, and everything that it complained about."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import BrowserContext, Page, async_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PHONE = {"width": 360, "height": 740}
SMALLEST = {"width": 320, "height": 568}
PATIENCE_MS = 20_000


class Watched:
    """One browser's context. `complaints` are errors on its console, `asked` the addresses it fetched."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.complaints: list[str] = []
        self.asked: list[str] = []
        context.set_default_timeout(PATIENCE_MS)
        context.on("request", lambda request: self.asked.append(request.url))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on(
            "console",
            lambda line: self.complaints.append(line.text) if line.type in {"error", "warning"} else None,
        )

    async def open(self, path: str = "/") -> Page:
        page = await self.context.new_page()
        # Choosers are handed over from now on: asked for only when expected, the press may come sooner.
        page.on("filechooser", lambda _: None)
        await page.goto(path)
        return page


@asynccontextmanager
async def chromium(
    url: str, viewport: dict[str, int] = PHONE, *, has_touch: bool = True
) -> AsyncIterator[Watched]:
    """A fresh profile; root may start Chromium only without its sandbox."""
    arguments = [*_QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    installed = next(filter(None, map(shutil.which, _NAMES)), None)
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=installed, args=arguments)
        context = await browser.new_context(
            base_url=url,
            viewport={"width": viewport["width"], "height": viewport["height"]},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            has_touch=has_touch,
        )
        try:
            yield Watched(context)
        finally:
            await browser.close()
