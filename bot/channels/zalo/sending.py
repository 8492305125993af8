"""One message out by Zalo, and its receipt."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from weakref import WeakValueDictionary

import structlog

from bot.channels.file_links import PICTURE
from bot.channels.recent import Recent
from bot.channels.standing import Standing
from bot.channels.zalo import wording
from bot.channels.zalo.errors import FloodError, RefusedError, TokenRefusedError, ZaloError
from bot.channels.zalo.receipts import BUDGET, Receipts
from bot.channels.zalo.surroundings import Surroundings
from handlers.kit.channel import NotNow, Outgoing, Receipt, Rejected, RetryAt, Sent, Unknown
from handlers.kit.choices import Choice, Menu
from handlers.kit.markup import plain
from storage.database import StorageUnavailableError

log = structlog.get_logger()
# Messages of several parts that were interrupted between two of them.
_MOST_INTERRUPTED = 1_000
_DATABASE_WAIT = timedelta(seconds=2)
_PICTURES = frozenset({"image/png", "image/jpeg"})


@dataclass(frozen=True, slots=True)
class Part:
    """One message as Zalo takes it. `photo` is an address that Zalo fetches it from; where it can't, the
    words `instead` tell of the picture.
    """

    text: str
    buttons: tuple[Choice, ...] = ()
    photo: str = ""
    instead: str = ""


class Platform(Protocol):
    """One of Zalo's interfaces."""

    # Buttons of one message; more become lines.
    most_buttons: int
    shows_photos: bool

    async def send(self, address: str, part: Part) -> str:
        """Zalo's id of it; ZaloError when it wasn't taken."""
        ...


class Sender:
    """`token_refused` is the key of the sentence for whoever looks after the program."""

    def __init__(
        self, channel: str, platform: Platform, given: Surroundings, standing: Standing, *, token_refused: str
    ) -> None:
        self._channel = channel
        self._platform = platform
        self._offers = given.offers
        self._links = given.links
        self._budget = given.budget
        self._label = given.label
        self._standing = standing
        self._token_refused = token_refused
        self._receipts = Receipts(given.chance)
        self._done: Recent[tuple[str, ...]] = Recent(_MOST_INTERRUPTED)
        self._addresses: Recent[str] = Recent(_MOST_INTERRUPTED)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def send(self, outgoing: Outgoing) -> Receipt:
        """All parts of the message. What was accepted isn't sent again when the same message is tried again;
        what the person sees is what a number means from then on.
        """
        async with self._in_turn(outgoing.address):
            try:
                menu = await self._offers.menu_for(outgoing, self._platform.most_buttons)
                parts = await self._parts(outgoing, menu)
            except StorageUnavailableError as error:
                return RetryAt(_DATABASE_WAIT, error.reason)
            if not parts:
                return Rejected("empty")
            if not self._budget.may_send(outgoing.priority, len(parts)):
                return NotNow(BUDGET)
            is_kept = not outgoing.reply.ephemeral
            receipt = await self._all(outgoing.key, outgoing.address, parts, is_kept=is_kept)
            if isinstance(receipt, Sent):
                self._addresses.take(outgoing.key)
            if isinstance(receipt, Sent | Unknown) or self._done.get(outgoing.key, ()):
                # Also of its beginning: when the rest is sent, the numbers have to be the same.
                await self._note(self._offers.shown(outgoing, menu))
            return receipt

    async def show(self, address: str, menu: Menu, missed: str) -> None:
        """A page of a menu to whoever asked for more, or chose the mark `missed`, which isn't in it."""
        above = self._label("channels/no_such_mark", mark=missed) if missed else ""
        parts = [Part(each) for each in wording.parts(above, wording.menu_lines(self._label, menu))]
        async with self._in_turn(address):
            key = f"{menu.key}:{menu.shown}:{missed}"
            receipt = await self._all(key, address, parts, is_kept=False)
            if isinstance(receipt, Sent | Unknown) and not missed:
                await self._note(self._offers.turned(address, menu))
        self._say_unless_sent(receipt)

    async def tell(self, address: str, key: str) -> None:
        """The sentence of this key, of which nothing is kept."""
        parts = [Part(self._label(key))]
        async with self._in_turn(address):
            receipt = await self._all(f"{key}:{address}", address, parts, is_kept=False)
        self._say_unless_sent(receipt)

    async def settled(self, address: str) -> None:
        """Return when it is noted what this person has just been sent: they may be faster than Zalo's answer,
        and a number would then mean an older choice.
        """
        async with self._in_turn(address):
            return

    def _say_unless_sent(self, receipt: Receipt) -> None:
        if not isinstance(receipt, Sent):
            log.warning("not_sent", channel=self._channel, outcome=type(receipt).__name__.lower())

    @asynccontextmanager
    async def _in_turn(self, address: str) -> AsyncIterator[None]:
        """Two messages to one person must not be numbered alike."""
        lock = self._turns.get(address)
        if lock is None:
            lock = self._turns[address] = asyncio.Lock()
        async with lock:
            yield

    async def _parts(self, outgoing: Outgoing, menu: Menu) -> list[Part]:
        reply, file = outgoing.reply, outgoing.reply.attachment
        address = await self._address(outgoing)
        is_photo = bool(file and address and self._platform.shows_photos and file.mime in _PICTURES)
        has_buttons = 0 < len(menu.choices) <= self._platform.most_buttons
        told = wording.file_line(self._label, file.name, address) if file else ""
        lines = "" if has_buttons else wording.menu_lines(self._label, menu)
        parts = [Part(each) for each in wording.parts(plain(reply.text), "" if is_photo else told, lines)]
        if has_buttons and parts:
            parts[-1] = Part(parts[-1].text, menu.choices)
        return [Part("", photo=address + PICTURE, instead=told), *parts] if is_photo else parts

    async def _address(self, outgoing: Outgoing) -> str:
        """Where its file is found; tried again it has the same one, and the file isn't kept once more."""
        reply, known = outgoing.reply, self._addresses.get(outgoing.key, "")
        if known or reply.attachment is None:
            return known
        address = await self._links.make(
            self._channel, outgoing.address, reply.attachment, passing=reply.ephemeral
        )
        self._addresses.put(outgoing.key, address)
        return address

    async def _all(self, key: str, address: str, parts: Sequence[Part], *, is_kept: bool) -> Receipt:
        """`is_kept`: a row tells of the message."""
        done = self._done.get(key, ())
        for part in parts[len(done) :]:
            try:
                done = (*done, await self._accepted(address, part))
            except ZaloError as error:
                return self._refused(key, error)
            self._done.put(key, done)
            self._budget.count(1, ephemeral=not is_kept)
        self._done.take(key)
        self._receipts.sent(key)
        self._standing.works(only=self._token_refused)
        *earlier, last = done
        return Sent(last, tuple(earlier))

    async def _accepted(self, address: str, part: Part) -> str:
        """Zalo's id. A picture that Zalo can't fetch goes as an address."""
        try:
            return await self._platform.send(address, part)
        except RefusedError:
            if not part.photo:
                raise
            log.warning("zalo_refused_photo", channel=self._channel)
        return await self._platform.send(address, Part(part.instead))

    def _refused(self, key: str, error: ZaloError) -> Receipt:
        if isinstance(error, TokenRefusedError):
            # With a webhook nobody else would notice.
            self._standing.is_refused(self._token_refused)
        if isinstance(error, FloodError) and (self._budget.is_spent or self._receipts.flood_is_endless):
            # It won't be better before the month is over.
            return NotNow(BUDGET)
        return self._receipts.of(key, error)

    async def _note(self, noting: Awaitable[None]) -> None:
        try:
            await noting
        except StorageUnavailableError as error:
            # It was sent: a number then means an older choice, which is answered kindly.
            log.warning("menu_not_kept", channel=self._channel, reason=error.reason)
