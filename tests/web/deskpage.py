"""An officer's real browser at the desk, and everything that it sent."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from unicodedata import normalize
from urllib.parse import quote, quote_plus

from playwright.async_api import BrowserContext, Page, Request, Route, expect

from handlers.desk import codes
from handlers.kit.vietnamese import fold
from tests.web.chromium import PATIENCE_MS, Watched, chromium
from tests.web.desk import code_of, link_for
from tests.web.house import House

expect.set_options(timeout=PATIENCE_MS)
PASSPHRASE = "hoa phượng nở đỏ rực sân trường"
OTHER_PASSPHRASE = "mưa tháng bảy gãy cành trám cổ thụ"
WIDE = {"width": 1280, "height": 800}
TALL = {"width": 390, "height": 844}


def forms(secret: str) -> set[bytes]:
    """How the secret may stand in bytes, all in lower case."""
    found: set[bytes] = set()
    for text in (normalize("NFC", secret), normalize("NFD", secret), fold(secret)):
        plain = [text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")]
        found.update(plain)
        found.update(each.hex().encode() for each in plain)
        found.update(part for each in plain for part in _base64(each))
        found.add(json.dumps(text)[1:-1].encode())
        found.update({quote(text).encode(), quote_plus(text).encode()})
    return {each.lower() for each in found}


def _base64(plain: bytes) -> list[bytes]:
    """At each of the three places where it can begin; without the letters that hold something else, too."""
    return [
        b64encode(bytes(shift) + plain)[-(-shift * 8 // 6) : (shift + len(plain)) * 8 // 6]
        for shift in range(3)
    ]


_COST = "...cost,"


class Desk:
    """The page of one officer. `sent` is what left their browser: addresses, headers and bodies."""

    def __init__(self, house: House, browser: Watched, page: Page, code: str) -> None:
        self.house, self.browser, self.page, self.code = house, browser, page, code
        self.sent: list[bytes] = []
        # Statuses of refusals that belong to the test.
        self.expected: set[int] = set()
        browser.context.on("request", self._note)

    def _note(self, request: Request) -> None:
        headers = "\n".join(f"{name}: {value}" for name, value in request.headers.items())
        body = request.post_data_buffer or b""
        self.sent.append(f"{request.method} {request.url}\n{headers}\n".encode() + body)

    def is_expected(self, complaint: str) -> bool:
        return any(f"status of {status} " in complaint for status in self.expected)

    def leaks(self, secret: str) -> list[bytes]:
        """What left the browser and holds the secret, in any way of writing it."""
        written = forms(secret)
        return [each[:200] for each in self.sent if any(form in each.lower() for form in written)]

    async def remembers(self, secret: str) -> bool:
        """Whether the page's memory holds the secret, after what nobody needs was thrown away."""
        chunks: list[str] = []
        session = await self.context.new_cdp_session(self.page)
        session.on("HeapProfiler.addHeapSnapshotChunk", lambda event: chunks.append(event["chunk"]))
        await session.send("HeapProfiler.collectGarbage")
        await session.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
        await session.detach()
        return any(secret in text for text in json.loads("".join(chunks))["strings"])

    @property
    def context(self) -> BrowserContext:
        return self.browser.context

    async def enter(self) -> None:
        """In by a link and a code, to the page that asks for the key."""
        self.house.clock.forward(seconds=codes.STEP_S)
        await self.page.goto(f"/desk/vao/{await link_for(self.house, self.code)}")
        await self.press("Vào bàn điều hành")
        await self.page.get_by_label("Mã 6 chữ số").fill(await code_of(self.house, self.code))
        await self.press("Xác nhận")

    async def press(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def fill(self, label: str, text: str) -> None:
        await self.page.get_by_label(label, exact=True).fill(text)

    async def sees(self, text: str) -> None:
        await expect(self.page.get_by_text(text).first).to_be_visible()

    async def heading(self, text: str) -> None:
        await expect(self.page.get_by_role("heading", name=text, exact=True)).to_be_visible()

    async def choose_passphrase(self, passphrase: str, button: str) -> None:
        await self.fill("Mật khẩu mới", passphrase)
        await self.fill("Gõ lại mật khẩu", passphrase)
        await self.press(button)

    async def make_key(self, passphrase: str = PASSPHRASE) -> str:
        """The new key as the sheet has it; the page then shows whatever comes after it."""
        await self.choose_passphrase(passphrase, "Tạo khoá")
        return await self.take_sheet()

    async def take_sheet(self) -> str:
        await self.heading("Phiếu khôi phục")
        prefix = await self.page.locator(".prefix").inner_text()
        groups = await self.page.locator(".groups li").all_inner_texts()
        for field in await self.page.locator(".check input").all():
            await field.fill(groups[int(await field.get_attribute("data-number") or "")].lower())
        await self.press("Phiếu đã cất, đi tiếp")
        return " ".join([prefix, *groups])

    async def unlock(self, passphrase: str = PASSPHRASE) -> None:
        await self.page.get_by_label("Mật khẩu", exact=True).fill(passphrase)
        await self.press("Mở khoá")

    async def turn_to(self, tab: str, heading: str) -> None:
        await self.page.get_by_role("navigation").get_by_role("button", name=tab).click()
        await self.heading(heading)

    async def is_in(self) -> None:
        await expect(self.page.get_by_role("searchbox")).to_be_visible()

    async def lock(self) -> None:
        await self.press("Khoá lại")
        await self.heading("Mở khoá")

    async def write(self, text: str, button: str = "Gửi trả lời") -> None:
        await self.page.get_by_label("Nội dung").fill(text)
        await self.press(button)

    async def confirm(self, button: str) -> None:
        await self.page.get_by_role("dialog").get_by_role("button", name=button).click()

    async def open_case(self, text: str) -> None:
        await self.page.locator(".row", has_text=text).click()
        await expect(self.page.locator(".case .entry").first).to_be_visible()


async def derive_quickly(route: Route) -> None:
    """Argon2id at a thousandth of its cost; `test_desk_keys` holds the page to the real one."""
    script = await (await route.fetch()).text()
    assert _COST in script
    await route.fulfill(
        body=script.replace(_COST, f"{_COST} m: 64, t: 1,"), content_type="text/javascript; charset=utf-8"
    )


@asynccontextmanager
async def desk_of(house: House, code: str, viewport: dict[str, int] = WIDE) -> AsyncIterator[Desk]:
    """A fresh browser; nothing may be left on its console."""
    async with chromium(house.url, viewport, has_touch=viewport is not WIDE) as browser:
        await browser.context.route("**/deriving.js", derive_quickly)
        desk = Desk(house, browser, await browser.context.new_page(), code)
        yield desk
        # Browsers themselves note answers that are refusals.
        assert [line for line in browser.complaints if not desk.is_expected(line)] == []
        assert [url for url in browser.asked if not url.startswith((house.url, "data:", "blob:"))] == []
