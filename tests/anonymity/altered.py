"""The program with something altered on purpose: a protection taken away, a part that fails, a clock that is
put forward. `python -m tests.anonymity.altered run`, with the names of what to alter in `ANONYMITY_ALTERED`.
"""

import asyncio
import hmac
import json
import os
import signal
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn

import structlog

import bot.concerns
import bot.engine
import bot.jobs.budgets
import bot.jobs.concerns
import bot.main
import storage.database
from bot.channels.offers import Offers
from bot.cleaning import ChildCleaner
from bot.cli import main
from bot.delivery.budget import Budget
from bot.jobs.numbers import Numbers
from bot.private.handling import Handling
from bot.private.lane import PrivateLane
from bot.system import SystemClock, spawn
from handlers.concerns import submitting
from handlers.concerns.receipts import Receipt, from_secret
from handlers.kit import sealing
from storage import accounts, outbox
from storage.concerns import cases, expiry, mixing
from storage.concerns.expiry import ExpiryKeys
from storage.outbox import NewMessage, Priority

NAMES, CLOCK = "ANONYMITY_ALTERED", "ANONYMITY_CLOCK"
LATE_S = 60
log = structlog.get_logger()

Put = Callable[[object, str, Any], None]


def _put(place: object, name: str, instead: Any) -> None:
    """Mistakes of the types are meant."""
    assert hasattr(place, name)
    setattr(place, name, instead)


def clock() -> None:
    """That of private conversations alone, forward by as many seconds as stand in a file: nothing else that
    has a set time comes sooner.
    """
    path = Path(os.environ[CLOCK])

    class Forward(SystemClock):
        def now(self) -> datetime:
            return super().now() + timedelta(seconds=float(path.read_text("ascii")))

    def make(database: Any, services: Any, features: Any, _clock: Any, delivery: Any) -> PrivateLane:
        return PrivateLane(database, services, features, Forward(), delivery)

    _put(bot.main, "PrivateLane", make)


def rounds() -> None:
    """Every few seconds instead of minutes: nobody waits for them."""
    _put(bot.jobs.concerns, "MIX_EVERY", timedelta(seconds=2))
    _put(bot.jobs.budgets, "WRITE_EVERY", timedelta(seconds=0.1))


# Protections taken away.


def text_logged() -> None:
    _beside_private_events(lambda _lane, event: _log(event.text))


def text_in_a_file() -> None:
    """As a careless cleaner would leave it."""

    async def leave(_lane: PrivateLane, event: Any) -> None:
        os.write(tempfile.mkstemp()[0], event.text.encode("utf-16-le"))

    _beside_private_events(leave)


def draft_in_outbox() -> None:
    async def keep(lane: Any, event: Any) -> None:
        async with lane._handling._database.write() as tx:
            account = await accounts.load(tx, event.channel, event.address)
            assert account is not None
            message = {"text": event.text or event.payload}
            new = NewMessage(event.event, "reply", account.id, None, Priority.REPLY, message, None)
            await outbox.add_claimed(tx, new, lane._clock.now())

    _beside_private_events(keep)


def events_kept() -> None:
    async def keep(lane: Any, event: Any) -> None:
        async with lane._handling._database.write() as tx:
            await accounts.take_event(tx, event.channel, event.event, lane._clock.now())

    _beside_private_events(keep)


def events_remembered(put: Put = _put) -> None:
    """Those that were confirmed too."""

    async def keep(_self: Numbers) -> None: ...

    put(Numbers, "forget", keep)


def numbers_kept(put: Put = _put) -> None:
    """As of screens that are still brought up to date."""
    put(bot.engine, "REPLY_TOPIC", "screen:reply")


def menus_kept() -> None:
    """As those of ordinary conversations."""
    real = Offers.shown

    async def keep(self: Offers, outgoing: Any, menu: Any) -> None:
        await real(self, outgoing, menu)
        await self._keep(outgoing.address, await self._standing(outgoing.address))

    _put(Offers, "shown", keep)


def menus_taken_over() -> None:
    """Into what is kept of the next ordinary answer."""

    async def mixed(self: Offers, address: str) -> Any:
        return self._private.pop(address, None) or await real(self, address)

    real = Offers._kept
    _put(Offers, "_kept", mixed)


def counted_at_once() -> None:
    """With what rows tell of."""
    real = Budget.count

    def count(self: Budget, parts: int, *, ephemeral: bool = False) -> None:
        del ephemeral
        real(self, parts)

    _put(Budget, "count", count)


def sender_hashed() -> None:
    """A keyed digest of who sent it: with 80 members the key's holder can try them all."""
    real, store = cases.add, submitting._store
    told: list[str] = []

    async def add(tx: Any, new: Any) -> None:
        await real(tx, cases.NewCase(new.id, new.week, told.pop(), new.due_on, new.destroyed_after))

    async def store_with(ctx: Any, *rest: Any) -> Any:
        key = ctx.services.branch.tag.encode()
        told.append(hmac.digest(key, str(ctx.member.id).encode(), sha256).hex()[:16])
        return await store(ctx, *rest)

    _put(cases, "add", add)
    _put(submitting, "_store", store_with)


def unmixed() -> None:
    async def leave(*_rest: Any) -> None: ...

    for each in ("mix_around", "mix_cases", "mix_texts", "mix_files"):
        _put(mixing, each, leave)


def unpadded() -> None:
    def encode(header: Mapping[str, Any], body: bytes = b"") -> bytes:
        head = json.dumps(dict(header)).encode()
        return len(head).to_bytes(4) + head + body

    _put(sealing, "encode", encode)
    _put(expiry, "_STEP", 1)


def keys_made_late() -> None:
    _put(ExpiryKeys, "make_ready", lambda *_rest: None)


def receipt_before_storing() -> None:
    real = submitting.submit

    async def submit(ctx: Any, room: Any, draft: Any) -> Any:
        async def later() -> None:
            await asyncio.sleep(LATE_S)
            await real(ctx, room, draft)

        spawn(later(), "store later")
        return submitting.Submitted(from_secret(room.words, draft.secret), ctx.today)

    _put(submitting, "submit", submit)


def never_found_again() -> None:
    async def nothing(*_rest: Any) -> None:
        return None

    _put(submitting, "submitted", nothing)


def mistakes_told() -> None:
    real = Handling._apologise

    def apologise(self: Handling, error: Exception) -> Any:
        log.error("private_failed", exc_info=error)
        return real(self, error)

    _put(Handling, "_apologise", apologise)


# Parts that fail.


def impatient() -> None:
    """It doesn't wait long for another program's lock."""
    _put(storage.database, "BUSY_TIMEOUT_S", 0.3)


def deriving_fails() -> None:
    async def fail(_self: Any, receipt: Receipt) -> NoReturn:
        raise RuntimeError(receipt.folded)

    _put(bot.concerns.Deriver, "derive", fail)


def cleaner_fails() -> None:
    async def fail(_self: Any, content: bytes) -> NoReturn:
        raise RuntimeError(content.decode("utf-8", "replace"))

    _put(ChildCleaner, "clean", fail)


def dies_before_storing() -> None:
    async def die(*_rest: Any) -> NoReturn:
        """Everything is written, nothing is committed."""
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    _put(mixing, "mix_around", die)


def dies_after_storing() -> None:
    _put(bot.concerns.Traces, "forget_soon", lambda _self: os.kill(os.getpid(), signal.SIGKILL))


def _beside_private_events(deed: Callable[[Any, Any], Any]) -> None:
    real = PrivateLane.take

    @wraps(real)
    async def take(self: PrivateLane, channel: Any, incoming: Any) -> bool:
        taken = await real(self, channel, incoming)
        if taken:
            await deed(self, incoming)
        return taken

    _put(PrivateLane, "take", take)


async def _log(text: str) -> None:
    log.debug("private", text=text)


if __name__ == "__main__":
    for name in os.environ[NAMES].split():
        globals()[name]()
    main()
