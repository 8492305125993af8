"""Writes the archive: streamed, a page of entries at a time, and put in place only when it is whole."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BufferedWriter
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec

from handlers.evidence.archive.form import (
    DOCUMENTS,
    ENTRIES,
    FIELDS,
    FORMAT,
    HEAD_KEY,
    HEAD_SIGNATURE,
    HEAD_TEXT,
    HEADS,
    KEYS,
    MANIFEST,
    PEOPLE,
    README,
    SEALS,
    STAMP_ENDING,
    STAMPS,
    Fields,
    File,
    Manifest,
    Person,
    Signed,
    signed_heads,
    signed_keys,
)
from handlers.evidence.notes import public_pem, read_head
from handlers.kit import merkle
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from storage import campaigns, evidence_heads, evidence_lines, evidence_seals, person_keys
from storage.evidence_heads import SignedHead
from storage.person_keys import NotOpenedError, Opener

# Faster than the usual 6, for little more: most of the bytes are hashes.
_LEVEL = 3
# A line by itself takes the compression as long as several.
_BUFFER = 1 << 16
_encode = msgspec.json.encode


async def write_archive(work: Work, head: SignedHead, path: Path, readme: bytes) -> None:
    """All that the head vouches for, as a file at `path`. RefusedError when it can't be written, when the
    evidence isn't whole, or when somebody withdrew since the head was made: then nothing is left behind, and
    what was there before is as it was.
    """
    try:
        with _whole(path) as file, ZipFile(file, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
            await _Writer(work, head, archive).write(readme)
    except OSError as error:
        raise RefusedError("evidence/not_written", path=path, problem=error.strerror) from error


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """A file beside `path`, for its owner alone, that takes its place at the end."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    _tidy(path)
    try:
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123 - from a descriptor
            yield file
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _tidy(path: Path) -> None:
    """Remove what exports left behind that were killed: keys stand in it, also of who withdrew since."""
    begin = f".{path.name}."
    for each in path.parent.iterdir():
        number = each.name.removeprefix(begin)
        if number != each.name and number.isdecimal() and not _is_running(int(number)):
            each.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        # Somebody else's.
        return True
    return True


class _Writer:
    def __init__(self, work: Work, head: SignedHead, archive: ZipFile) -> None:
        self._work = work
        self._head = head
        self._archive = archive
        self._files: dict[str, File] = {}

    async def write(self, readme: bytes) -> None:
        tx, size = self._work.db, self._head.size
        people = await person_keys.secrets(tx)
        if await evidence_seals.has_erasures_after(tx, size):
            # The archive would lack a key without the entry that says why.
            raise RefusedError("evidence/withdrawn_meanwhile")
        heads = [each for each in await evidence_heads.everything(tx) if each.size <= size]
        keys = await evidence_heads.keys(tx)
        await self._put(README, _once(readme))
        await self._put(ENTRIES, self._entries())
        await self._put(SEALS, self._seals())
        await self._put(FIELDS, self._fields({key: Opener(secret) for key, (_, secret) in people.items()}))
        each_person = [Person(member, key, secret) for key, (member, secret) in people.items()]
        await self._put(PEOPLE, _lines(each_person))
        await self._put(HEADS, _lines(signed_heads(heads, keys)))
        await self._put(KEYS, _lines(signed_keys(keys)))
        for stamped, reply in await evidence_heads.stamps(tx, size):
            await self._put(f"{STAMPS}{stamped}{STAMP_ENDING}", _once(reply))
        async for version, canonical in campaigns.versions(tx):
            await self._put(f"{DOCUMENTS}{version}", _once(canonical))
        signer = next(each.public for each in keys if each.id == self._head.key_id)
        await self._put(HEAD_TEXT, _once(self._head.text.encode()))
        await self._put(HEAD_SIGNATURE, _once(self._head.signature))
        await self._put(HEAD_KEY, _once(public_pem(signer, self._work.services.branch)))
        await self._put(MANIFEST, _once(self._manifest()))

    async def _put(self, name: str, parts: AsyncIterator[bytes]) -> None:
        size, digest = 0, sha256()
        moment = self._work.now.astimezone(self._work.services.zone)
        about = ZipInfo(name, moment.timetuple()[:6])
        about.compress_type = ZIP_DEFLATED
        with self._archive.open(about, "w", force_zip64=True) as raw, BufferedWriter(raw, _BUFFER) as file:
            async for part in parts:
                file.write(part)
                digest.update(part)
                size += len(part)
        self._files[name] = File(size, digest.hexdigest())

    def _manifest(self) -> bytes:
        branch = self._work.services.branch
        made = Manifest(
            format=FORMAT,
            branch=branch.name,
            id=branch.tag,
            entries=self._head.size,
            made_at=self._work.now.isoformat(timespec="seconds"),
            files=self._files,
        )
        return msgspec.json.format(_encode(made), indent=1)

    async def _entries(self) -> AsyncIterator[bytes]:
        """RefusedError when they aren't what the head was made over."""
        tree = merkle.CompactRange()
        async for line in evidence_lines.lines(self._work.db, 0, self._head.size):
            content = line.text.encode()
            tree.append(merkle.leaf_hash(content))
            yield content + b"\n"
        if tree.root().hex() != read_head(self._head.text).root:
            raise RefusedError("evidence/tree_broken")

    async def _seals(self) -> AsyncIterator[bytes]:
        async for seal in evidence_seals.seals(self._work.db, self._head.size):
            yield seal.encode() + b"\n"

    async def _fields(self, openers: dict[str, Opener]) -> AsyncIterator[bytes]:
        async for position, key, personal in evidence_lines.personal_fields(self._work.db, self._head.size):
            if key in openers:
                try:
                    fields = openers[key].open(personal)
                except NotOpenedError as error:
                    raise RefusedError("evidence/key", entry=position) from error
                yield _encode(Fields(position, fields)) + b"\n"


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _lines(records: list[Person] | list[Signed]) -> AsyncIterator[bytes]:
    for each in records:
        yield _encode(each) + b"\n"
