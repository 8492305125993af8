"""Files for a channel that carries none: an address of ours that leads to one file, for one person."""

import asyncio
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from handlers.kit.clock import Chance, Clock
from handlers.kit.reply import Attachment
from storage import accounts, file_links, outbox
from storage.database import Database
from storage.file_links import LinkedFile
from storage.outbox import Attached

PATH = "/tep"
# Behind an address: the file itself, instead of the page that tells of it.
CONTENT = "/tai"
# The same for a platform that shows a picture: what it fetches, nobody has opened yet.
PICTURE = "/anh"
# How long an address holds, and how long after it was first used: whoever it is passed on to comes too late.
LIFE = timedelta(hours=24)
REST = timedelta(minutes=30)
# Bytes of files in memory; the oldest make room.
MOST_PASSING = 64 * 2**20
# Bytes of what makes an address impossible to guess.
_TOKEN_BYTES = 24


class FileLinks:
    """`public_url` is the address people open; without one there are no links."""

    def __init__(self, database: Database, clock: Clock, chance: Chance, public_url: str) -> None:
        self._database = database
        self._clock = clock
        self._chance = chance
        self._public_url = public_url
        # Files of private conversations, which are kept nowhere else, by the digests of their addresses.
        self._passing: dict[str, tuple[Attachment, LinkedFile]] = {}

    async def make(self, channel: str, address: str, file: Attachment, *, passing: bool) -> str:
        """An address for this account; `passing`: the file is kept in memory alone. Empty without one."""
        if not self._public_url:
            return ""
        token = urlsafe_b64encode(self._chance.token(_TOKEN_BYTES)).decode()
        until = self._clock.now() + LIFE
        if passing:
            self._hold(_digest(token), file, LinkedFile(file.name, len(file.content), until))
            return self._url(token)
        async with self._database.write() as tx:
            account = await accounts.load(tx, channel, address)
            if account is None:
                return ""
            file_id = file.id or self._chance.token(16).hex()
            if not file.id:
                await outbox.attach(tx, file_id, account.id, _attached(file), self._clock.now())
            await file_links.make(tx, _digest(token), account.id, file_id, until)
        return self._url(token)

    async def look(self, token: str) -> LinkedFile | None:
        """What an address leads to; None when to nothing, or not any more."""
        passing = self._passing_at(_digest(token))
        if passing is not None:
            return passing[1]
        async with self._database.read() as tx:
            return await file_links.look(tx, _digest(token), self._clock.now())

    async def show(self, token: str) -> Attached | None:
        """The file itself, for a platform that shows it: its address isn't used up."""
        digest = _digest(token)
        passing = self._passing_at(digest)
        if passing is not None:
            return _attached(passing[0])
        async with self._database.read() as tx:
            return await file_links.fetch(tx, digest, self._clock.now())

    async def fetch(self, token: str) -> Attached | None:
        """The file itself; from now on its address holds for `REST` at most."""
        digest, now = _digest(token), self._clock.now()
        passing = self._passing_at(digest)
        if passing is not None:
            file, facts = passing
            self._hold(digest, file, replace(facts, until=min(facts.until, now + REST)))
            return _attached(file)
        async with self._database.write() as tx:
            found = await file_links.fetch(tx, digest, now)
            await file_links.use_up(tx, digest, now + REST)
            return found

    @property
    def _passing_bytes(self) -> int:
        return sum(facts.size for _, facts in self._passing.values())

    def _passing_at(self, digest: str) -> tuple[Attachment, LinkedFile] | None:
        held = self._passing.get(digest)
        return held if held is not None and held[1].until > self._clock.now() else None

    def _hold(self, digest: str, file: Attachment, facts: LinkedFile) -> None:
        """In memory, until its time is over: also when nobody asks for it."""
        self._passing[digest] = (file, facts)
        while len(self._passing) > 1 and self._passing_bytes > MOST_PASSING:
            del self._passing[next(iter(self._passing))]
        wait = (facts.until - self._clock.now()).total_seconds()
        asyncio.get_running_loop().call_later(wait, self._passing.pop, digest, None)

    def _url(self, token: str) -> str:
        return f"{self._public_url}{PATH}/{token}"


def _attached(file: Attachment) -> Attached:
    return Attached(file.name, file.mime, file.content)


def _digest(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
