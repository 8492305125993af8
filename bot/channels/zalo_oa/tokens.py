"""The access token for whoever sends: fetched, kept and renewed ahead of its time."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import IO, cast

import msgspec
import structlog

from bot.channels.standing import Standing
from bot.channels.zalo_oa.keeping import Keeping, Kept
from bot.channels.zalo_oa.renewal import Account, Order, Outcome
from bot.system import spawn
from handlers.kit.clock import Clock

log = structlog.get_logger()
TOKEN_REFUSED = "zalo_oa_token_refused"  # noqa: S105 - a text's key
NOT_WRITABLE = "zalo_oa_keys_not_writable"
# Without the settings of whoever starts it, and without writing compiled modules.
_PROGRAM = (sys.executable, "-I", "-B", "-m", "bot.channels.zalo_oa.renewal_child")
# Where the authorities are found that vouch for Zalo, on machines that have them elsewhere.
_HANDED_ON = ("SSL_CERT_FILE", "SSL_CERT_DIR")
# How long the process is waited for, and how long whoever wants a token waits where there is none that works,
# and where the old one serves on.
_PATIENCE_S = 120.0
_CALLER_S = 10.0
_BRIEFLY_S = 3.0
_CLOSE_S = 3.0
_LOOK_EVERY_S = 0.05
KEEP_EVERY_S = 60.0
# No renewal follows another sooner: Zalo may refuse new tokens too, and that must not become a loop.
_AGAIN = {
    Outcome.RENEWED: timedelta(minutes=5),
    Outcome.REFUSED: timedelta(minutes=5),
    Outcome.NOT_WRITABLE: timedelta(minutes=5),
}
_SOON = timedelta(seconds=30)
_LONGEST = max(_AGAIN.values())


class NoTokenError(Exception):
    """There is none now; it is worth asking again after `wait`."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("no token")
        self.wait = wait


class Tokens:
    """`folder` holds the pair; `program` is the process that renews it."""

    def __init__(
        self,
        account: Account,
        folder: Path,
        clock: Clock,
        standing: Standing,
        program: Sequence[str] = _PROGRAM,
    ) -> None:
        self._account = account
        self._folder = folder.absolute()
        self._keeping = Keeping(self._folder)
        self._clock = clock
        self._standing = standing
        self._program = program
        self._kept = Kept()
        self._renewing: asyncio.Task[None] | None = None
        self._not_before = clock.now()

    async def access(self, *, refused: str = "") -> str:
        """A token to send with: another one than `refused`, where Zalo has just said that this one ended.
        NoTokenError when there is none.
        """
        if not self._is_fresh(refused):
            await self._renewed(refused)
        if not self._is_usable(refused):
            raise NoTokenError(max(self._wait, _SOON))
        return self._kept.access

    async def keep(self) -> None:
        """Renew ahead of time until cancelled, also where nobody sends anything for days."""
        while True:
            with suppress(NoTokenError):
                await self.access()
            await asyncio.sleep(KEEP_EVERY_S)

    async def close(self) -> None:
        """A renewal under way goes on by itself when it takes longer."""
        if self._renewing is not None:
            await asyncio.wait([self._renewing], timeout=_CLOSE_S)

    @property
    def _wait(self) -> timedelta:
        """How long no renewal is tried; whatever is longer than we ever wait comes of a clock put back."""
        wait = self._not_before - self._clock.now()
        return wait if wait <= _LONGEST else timedelta()

    def _is_fresh(self, refused: str) -> bool:
        """Whether nothing needs to be renewed."""
        is_due = self._kept.due <= self._clock.now() or self._account.is_new_seed(self._kept)
        return self._is_usable(refused) and not is_due

    def _is_usable(self, refused: str) -> bool:
        kept = self._kept
        return bool(kept.access) and kept.access != refused and kept.ends > self._clock.now()

    async def _renewed(self, refused: str) -> None:
        """Wait for the one renewal that is under way, or for a new one where it is time for that; only for a
        moment while there is a token that serves on.
        """
        if self._renewing is None or self._renewing.done():
            self._look()
            if self._is_fresh(refused):
                self._standing.works()
            elif self._wait <= timedelta():
                self._renewing = spawn(self._renew(), "zalo_oa_renewal")
        if self._renewing is not None:
            # Whoever gives up waiting doesn't end it.
            patience = _BRIEFLY_S if self._is_usable(refused) else _CALLER_S
            await asyncio.wait([self._renewing], timeout=patience)

    def _look(self) -> None:
        """Read what is kept: another program may have renewed it."""
        with suppress(OSError):
            self._kept = self._keeping.read()

    async def _renew(self) -> None:
        order = Order(str(self._folder), self._account, self._kept.access, self._clock.now())
        outcome = await self._outcome(order)
        self._look()
        wait = _AGAIN.get(outcome, _SOON)
        self._not_before = self._clock.now() + wait
        self._report(outcome, wait)

    async def _outcome(self, order: Order) -> Outcome:
        """What became of it; `LOCKED` when it isn't known yet."""
        try:
            process = _start(self._program, msgspec.json.encode(order))
            async with asyncio.timeout(_PATIENCE_S):
                # Not one of the loop's own processes: closing their transport kills them.
                while (code := process.poll()) is None:  # noqa: ASYNC110
                    await asyncio.sleep(_LOOK_EVERY_S)
        except TimeoutError:
            return Outcome.LOCKED
        except OSError:
            return Outcome.FAILED
        return Outcome(code) if code in set(Outcome) else Outcome.FAILED

    def _report(self, outcome: Outcome, wait: timedelta) -> None:
        if outcome is Outcome.RENEWED:
            self._standing.works()
        elif outcome is Outcome.REFUSED:
            self._standing.is_refused(TOKEN_REFUSED)
        elif outcome is Outcome.NOT_WRITABLE:
            self._standing.is_refused(NOT_WRITABLE)
        else:
            if not self._is_usable(""):
                self._standing.is_unavailable()
            log.warning(
                "zalo_oa_token_not_renewed", outcome=outcome.name.lower(), again_in_s=wait.total_seconds()
            )


def _start(program: Sequence[str], order: bytes) -> subprocess.Popen[bytes]:
    """The process, in a session of its own, with its order; no secret stands in its words or environment."""
    environment = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
    process = subprocess.Popen(  # noqa: S603 - our own program
        program,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd="/",
        start_new_session=True,
    )
    # It fits into the pipe, so that nobody waits.
    with suppress(BrokenPipeError), cast("IO[bytes]", process.stdin) as sink:
        sink.write(order)
    return process
