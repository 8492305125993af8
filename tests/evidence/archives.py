"""A branch with two signed heads and its archive; and what a forger can do to the files in it."""

import asyncio
import zipfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from bot.branch import ARCHIVE_README
from bot.jobs.evidence import EvidenceRounds
from handlers.evidence import actions
from handlers.evidence.archive import write_archive
from handlers.evidence.archive.form import MANIFEST, File, Manifest
from handlers.kit.context import Work
from storage import evidence_heads
from storage.database import Database, open_database
from storage.evidence_heads import SignedHead
from storage.migrate import upgrade
from storage.signing_keys import SigningKeys
from tests import people
from tests.storage import chain
from tests.world import START, SetClock, World

CODES = [code for code, *_ in people.PEOPLE]


@dataclass(slots=True)
class Book:
    """`world` needs no roster yet."""

    world: World
    keys: SigningKeys
    campaigns: int = 0
    rounds: EvidenceRounds = field(init=False)

    def __post_init__(self) -> None:
        self.rounds = EvidenceRounds(self.world.database, self.world.services, self.world.clock, self.keys)

    async def grow(self, *codes: str) -> None:
        """A new campaign that these people acknowledge, sealed."""
        await self.enter(*codes)
        await self.seal()

    async def enter(self, *codes: str) -> None:
        self.campaigns += 1
        async with self.world.database.write() as tx:
            number = await chain.campaign(tx, f"campaign-{self.campaigns}")
            for code in codes:
                self.world.clock.forward(minutes=1)
                await chain.acknowledge(tx, number, code, self.world.clock.now())

    async def seal(self) -> None:
        async with self.world.database.write() as tx:
            while await actions.seal(self.world.work(tx)) == actions.BATCH:
                pass

    async def sign(self) -> SignedHead:
        self.world.clock.forward(days=1)
        head = await self.rounds.make()
        assert head is not None
        return head

    async def do(self, action: Callable[[Work], Awaitable[Any]]) -> Any:
        async with self.world.database.write() as tx:
            return await action(self.world.work(tx))

    async def export(self, path: Path) -> Path:
        head = await self.rounds.make()
        assert head is not None
        async with self.world.database.read() as tx:
            await write_archive(self.world.work(tx), head, path, ARCHIVE_README.read_bytes())
        return path

    async def public(self, number: int = -1) -> bytes:
        async with self.world.database.read() as tx:
            return (await evidence_heads.keys(tx))[number].public


def book(database: Database, folder: Path, clock: SetClock | None = None) -> Book:
    return Book(World(database, clock or SetClock(START + timedelta(days=1))), SigningKeys(folder / "keys"))


def build(folder: Path) -> tuple[Path, bytes]:
    """An archive of 23 entries under two heads, and the key that signed them."""

    async def make() -> tuple[Path, bytes]:
        url = f"sqlite:///{folder / 'book.db'}"
        await upgrade(url)
        database = open_database(url)
        try:
            made = book(database, folder)
            await made.grow(*CODES[:9])
            await made.sign()
            await made.grow(*CODES[:11])
            await made.grow("NV06")
            return await made.export(folder / "book.zip"), await made.public()
        finally:
            await database.close()

    return asyncio.run(make())


Files = dict[str, bytes]


def unpack(path: Path) -> Files:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(files: Files, path: Path, *, is_listed: bool = True) -> Path:
    """`is_listed`: the forger knows what they do, and brings the list up to date."""
    if is_listed:
        manifest = msgspec.json.decode(files[MANIFEST], type=Manifest)
        listed = {
            name: File(len(content), sha256(content).hexdigest())
            for name, content in files.items()
            if name != MANIFEST
        }
        manifest = msgspec.structs.replace(manifest, files=listed)
        files = {**files, MANIFEST: msgspec.json.encode(manifest)}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def lines(files: Files, name: str) -> list[bytes]:
    return files[name].split(b"\n")[:-1]


def with_lines(files: Files, name: str, changed: list[bytes]) -> Files:
    return {**files, name: b"".join(line + b"\n" for line in changed)}
