"""A branch with its program as it runs somewhere: a process with files of its own, and people at lines."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg

from bot.system import SystemClock
from bot.web.sessions import LIFETIME
from handlers.kit import sealing
from handlers.kit.vietnamese import fold
from storage import accounts, branch, budgets, members, web
from storage.budgets import month_of
from storage.concerns import readers
from storage.concerns.expiry import ExpiryKeys
from storage.database import Database, is_sqlite, open_database
from tests import people
from tests.anonymity import altered
from tests.anonymity.browser import Browser, digest
from tests.anonymity.gaps import events_of
from tests.anonymity.phone import Phone
from tests.anonymity.zalo_phone import ZaloPhone
from tests.doubles.telegram import TelegramDouble
from tests.doubles.zalo import ZaloBotDouble
from tests.kill.program import START_WITHIN_S, Program
from tests.people import CHAIR
from tests.world import BRANCH, ZONE, SeededChance

TOKEN = "4711:a-token-of-the-double-that-is-long"  # no secret
ZALO_TOKEN = "5822:a-token-of-the-other-double"  # no secret
READER = sealing.identity_from(SeededChance(91).token(32))
# Numbers that no other number in a file looks like.
FIRST_CHAT = 8_315_470_001
FIRST_ON_ZALO = 0x6EDE_9AFA_66B8_0001


@dataclass
class Instance:
    """`folder` is what it was given: the data folder, its log and its place for temporary files."""

    folder: Path
    database: Database
    program: Program
    double: TelegramDouble
    zalo: ZaloBotDouble
    stack: AsyncExitStack
    # The folder of PostgreSQL's files, where it is one.
    server: Path | None = None
    phones: dict[str, Phone] = field(default_factory=dict)
    zalo_phones: dict[str, ZaloPhone] = field(default_factory=dict)
    browsers: dict[str, Browser] = field(default_factory=dict)
    _cookies: dict[str, str] = field(default_factory=dict)
    _made_at: float = field(init=False)

    def __post_init__(self) -> None:
        self._made_at = (self.folder / "clock").stat().st_mtime

    @property
    def keys(self) -> ExpiryKeys:
        return ExpiryKeys(self.folder / "keys" / "concerns")

    async def start(self) -> None:
        """Return when it works: on the web too, for whoever came there before."""
        is_again = self.program.log.exists()
        times = self.program.events().count("running") + 1 if is_again else 1
        before = self._zalo_is_asked()
        await self.program.start()
        await self.program.until_it_says("running", times=times)
        await self.zalo.until(lambda: self._zalo_is_asked() > before, within=START_WITHIN_S)
        async with asyncio.timeout(START_WITHIN_S):
            for code, browser in self.browsers.items():
                browser.leave()
                await browser.open(self._address(), self._cookies[code])

    def _zalo_is_asked(self) -> int:
        """How often for an event, or to bring them all."""
        return len([*self.zalo.called("getUpdates"), *self.zalo.called("setWebhook")])

    def leave(self) -> None:
        """Nobody has a page open any more."""
        for browser in self.browsers.values():
            browser.leave()

    async def stop(self) -> None:
        self.leave()
        assert await self.program.stopped() == 0

    def forward(self, seconds: float) -> None:
        """Put the clock of its private conversations forward by so much, counted from the real one."""
        (self.folder / "clock").write_text(str(seconds), "ascii")

    def alter(self, *names: str) -> None:
        """From the next start on. The clock can always be put forward, and rounds come soon."""
        self.program.environment[altered.NAMES] = " ".join(("clock", "rounds", *names))

    async def everything_written(self) -> None:
        """What PostgreSQL holds in memory goes to its files."""
        if self.server is not None:
            await self.ask("CHECKPOINT")

    async def a_round(self) -> None:
        """Return when the program has laid rows anew by itself; of SQLite's file one sees it."""
        if is_sqlite(self.database.url):
            before = self._written_at()
            async with asyncio.timeout(START_WITHIN_S):
                while self._written_at() == before:  # noqa: ASYNC110 - a file tells nobody that it changed
                    await asyncio.sleep(0.1)

    def _written_at(self) -> int:
        return Path(self.database.url.database or "").stat().st_mtime_ns

    async def numbers_forgotten(self) -> None:
        """Return when Telegram may bring at most one of the events once more that are known."""
        async with asyncio.timeout(START_WITHIN_S):
            while len(await self._known_events()) > 1:  # noqa: ASYNC110 - nobody is told of it
                await asyncio.sleep(0.1)

    async def counted(self) -> None:
        """Return when all that was sent by Zalo is written: nothing of it was ephemeral yet."""
        month = month_of(SystemClock().now().astimezone(ZONE).date())
        async with asyncio.timeout(START_WITHIN_S):
            while True:
                async with self.database.read() as tx:
                    if await budgets.sent(tx, "zalo_bot", month) == self.zalo.delivered.total():
                        return
                await asyncio.sleep(0.1)

    async def _known_events(self) -> list[int]:
        async with self.database.read() as tx:
            return await events_of(tx)

    async def ask(self, statement: str) -> list[Any]:
        """Of PostgreSQL itself."""
        address = self.database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(address)
        try:
            return list(await connection.fetch(statement))
        finally:
            await connection.close()

    def files(self) -> dict[str, bytes]:
        """Every file that there is of it and that was written to since it was made."""
        roots = [self.folder, *([self.server] if self.server else [])]
        found = {}
        for path in (path for root in roots for path in root.rglob("*") if path.is_file()):
            # Servers remove files at any time.
            with suppress(FileNotFoundError):
                if path.stat().st_mtime >= self._made_at:
                    # Of a log that is to be filled the rest is empty.
                    found[str(path)] = path.read_bytes().rstrip(b"\0")
        return found

    async def phone(self, code: str) -> Phone:
        """Somebody's telephone with Telegram, linked."""
        if code not in self.phones:
            person = self.double.person(FIRST_CHAT + len(self.phones), first_name=f"P{code}")
            await self._link("telegram", str(person.id), code)
            self.phones[code] = Phone(self.double, person)
        return self.phones[code]

    async def zalo_phone(self, code: str) -> ZaloPhone:
        """Somebody's telephone with Zalo, linked."""
        if code not in self.zalo_phones:
            person = self.zalo.person(f"{FIRST_ON_ZALO + len(self.zalo_phones):x}", f"P{code}")
            await self._link("zalo_bot", person.id, code)
            self.zalo_phones[code] = ZaloPhone(self.zalo, person)
        return self.zalo_phones[code]

    async def browser(self, code: str) -> Browser:
        """Somebody's page of the web chat, linked; opened at once when the program runs."""
        if code not in self.browsers:
            token = digest(code)
            account_id = await self._link("web", f"trinh-duyet-{code}", code)
            now = SystemClock().now()
            async with self.database.write() as tx:
                await web.open_session(tx, digest(token), account_id, now, now + LIFETIME)
            client = await self.stack.enter_async_context(
                aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
            )
            self.browsers[code] = Browser(client)
            self._cookies[code] = token
        return self.browsers[code]

    async def _link(self, channel: str, address: str, code: str) -> int:
        now = SystemClock().now()
        async with self.database.write() as tx:
            person = await members.by_code(tx, code)
            assert person is not None
            account = await accounts.arrive(tx, channel, address, now)
            await accounts.link(tx, account.id, person.id, now)
        return account.id

    def _address(self) -> str:
        lines = map(json.loads, self.program.log.read_text("utf-8").splitlines())
        return str([line["web"] for line in lines if line["event"] == "running"][-1])


@asynccontextmanager
async def instance(
    folder: Path, url: str, *names: str, more_people: int = 0, has_webhook: bool = True
) -> AsyncIterator[Instance]:
    """A branch whose chair reads concerns, with `more_people` on its roster beside those of `tests.people`;
    not started yet. `names` are what is altered in the program; Zalo brings events, or is asked for them.
    """
    (folder / "tmp").mkdir()
    (folder / "clock").write_text("0", "ascii")
    async with AsyncExitStack() as stack:
        double = await stack.enter_async_context(TelegramDouble(TOKEN))
        zalo = await stack.enter_async_context(ZaloBotDouble(ZALO_TOKEN))
        database = open_database(url)
        stack.push_async_callback(database.close)
        settings = {
            "CAUNOI_LOG_LEVEL": "DEBUG",
            "TMPDIR": str(folder / "tmp"),
            altered.CLOCK: str(folder / "clock"),
            "CAUNOI_ZALO_BOT_TOKEN": zalo.token,
            "CAUNOI_ZALO_BOT_API_URL": zalo.url,
            **(_webhook() if has_webhook else {}),
        }
        program = Program(folder, url, double, module="tests.anonymity.altered", more=settings)
        stack.push_async_callback(program.end)
        made = Instance(folder, database, program, double, zalo, stack)
        stack.callback(made.leave)
        await _found(database, more_people)
        if not is_sqlite(database.url):
            made.server = Path((await made.ask("SHOW data_directory"))[0][0])
        made.alter(*names)
        yield made


def _webhook() -> dict[str, str]:
    """A port that is free now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    return {
        "CAUNOI_ZALO_BOT_MODE": "webhook",
        "CAUNOI_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "CAUNOI_WEB_PORT": str(port),
    }


def code_of(number: int) -> str:
    return f"CN{number:03}"


async def _found(database: Database, more_people: int) -> None:
    now = SystemClock().now()
    async with database.write() as tx:
        await branch.create(tx, BRANCH, now)
        await people.seed(tx, now)
        group = (await members.group_ids(tx))[fold(people.GROUPS[0])]
        more = [
            people.person(group, now, code=code_of(number), name=f"Phan Thị {number:03}")
            for number in range(more_people)
        ]
        await members.add(tx, more)
        chair = await members.by_code(tx, CHAIR)
        assert chair is not None
        recipient = sealing.recipient_of(READER)
        await readers.ask(tx, chair.id, recipient, '{"v":1}', now, is_first=True)
