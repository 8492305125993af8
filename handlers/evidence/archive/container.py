"""The archive as a container of files, read a line at a time and compared with its list."""

import io
import os
import zlib
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, TypeVar
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

import msgspec

from handlers.evidence.archive.broken import BrokenError, Trouble
from handlers.evidence.archive.form import FORMAT, MANIFEST, File, Manifest

# No line of ours is as long, and no file that is read whole as large.
_LONGEST_LINE, _LARGEST_FILE = 1 << 20, 1 << 26
_BUFFER = 1 << 16
_BROKEN = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
# A text that isn't what it should be, or is nested so deeply that nobody reads it.
NOT_DECODED = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_WAYS = (ZIP_STORED, ZIP_DEFLATED)
# What ends an archive that has no comment.
_END, _END_SIZE = b"PK\5\6", 22
Record = TypeVar("Record")


@contextmanager
def opened(path: Path) -> Iterator["Container"]:
    """BrokenError for what is no archive of ours, or is cut off; OSError when there is no such file."""
    with path.open("rb") as file:
        try:
            archive = ZipFile(file)
            is_ours = _is_alone(file, archive) and all(
                each.compress_type in _WAYS for each in archive.infolist()
            )
        except _BROKEN as error:
            raise BrokenError(Trouble.UNREADABLE) from error
        if not is_ours:
            raise BrokenError(Trouble.UNREADABLE)
        yield Container(archive)


def _is_alone(file: BinaryIO, archive: ZipFile) -> bool:
    """Whether nothing lies before or behind it, where another program could find another archive."""
    file.seek(-_END_SIZE, os.SEEK_END)
    ends = file.read(len(_END)) == _END and not archive.comment
    return ends and min((each.header_offset for each in archive.infolist()), default=0) == 0


class Container:
    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._lines: list[Lines] = []
        self._contents: dict[str, File] = {}
        self.manifest = self._read_manifest()
        names = Counter(each.filename for each in archive.infolist())
        listed = {*self.manifest.files, MANIFEST}
        for name in names.keys() | listed:
            if names[name] != 1 or name not in listed:
                raise BrokenError(Trouble.FILES, None, name)

    def _read_manifest(self) -> Manifest:
        try:
            manifest = msgspec.json.decode(self._whole(MANIFEST), type=Manifest)
        except (KeyError, BrokenError, *NOT_DECODED) as error:
            raise BrokenError(Trouble.UNREADABLE) from error
        if manifest.format != FORMAT:
            raise BrokenError(Trouble.UNREADABLE)
        return manifest

    def require(self, *names: str) -> None:
        for name in names:
            if name not in self.manifest.files:
                raise BrokenError(Trouble.FILES, None, name)

    def require_no_other(self, names: Collection[str], folders: tuple[str, ...]) -> None:
        """Whoever unpacks it would take what nothing vouches for as part of it."""
        for name in self.manifest.files:
            if name not in names and not name.startswith(folders):
                raise BrokenError(Trouble.FILES, None, name)

    def named(self, folder: str) -> list[str]:
        return [name for name in self.manifest.files if name.startswith(folder)]

    def lines(self, name: str) -> "Lines":
        try:
            self._lines.append(Lines(name, self._archive.open(name)))
        except _BROKEN as error:
            raise BrokenError(Trouble.DAMAGED, None, name) from error
        return self._lines[-1]

    def content(self, name: str) -> bytes:
        """A small file as a whole."""
        content = self._whole(name)
        self._contents[name] = File(len(content), sha256(content).hexdigest())
        return content

    def finish(self) -> None:
        """When all is read: whether each file was the listed one. What else is wrong is found before."""
        found = {**self._contents, **{each.name: each.file() for each in self._lines}}
        for name, file in found.items():
            if file != self.manifest.files[name]:
                raise BrokenError(Trouble.DAMAGED, None, name)

    def records(self, name: str, kind: type[Record]) -> list[Record]:
        """A small file's lines, all at once."""
        self._require_small(name)
        decoder, lines = msgspec.json.Decoder(kind), self.lines(name)
        found = []
        while (line := lines.next()) is not None:
            found.append(decoded(decoder, line, name, lines.number))
        return found

    def _whole(self, name: str) -> bytes:
        self._require_small(name)
        try:
            with self._archive.open(name) as file:
                # Without a limit all that it unpacks to would be held, whatever size it says.
                return file.read(_LARGEST_FILE)
        except _BROKEN as error:
            raise BrokenError(Trouble.DAMAGED, None, name) from error

    def _require_small(self, name: str) -> None:
        if self._archive.getinfo(name).file_size > _LARGEST_FILE:
            raise BrokenError(Trouble.DAMAGED, None, name)


class Lines:
    """One file's lines, without their ends; `number` is that of the line read last, from 1."""

    def __init__(self, name: str, file: Any) -> None:
        self.name = name
        self.number = 0
        self._file = io.BufferedReader(file, _BUFFER)
        self._size, self._digest = 0, sha256()

    def next(self) -> bytes | None:
        """None at the end of the file; BrokenError when it can't be read."""
        try:
            line = self._file.readline(_LONGEST_LINE)
        except _BROKEN as error:
            raise BrokenError(Trouble.DAMAGED, self.number + 1, self.name) from error
        if not line:
            return None
        self.number += 1
        self._size += len(line)
        self._digest.update(line)
        if line[-1:] != b"\n":
            raise BrokenError(Trouble.DAMAGED, self.number, self.name)
        return line[:-1]

    def file(self) -> File:
        """What was read of it, for the list."""
        return File(self._size, self._digest.hexdigest())


def decoded(decoder: "msgspec.json.Decoder[Record]", line: bytes, name: str, number: int) -> Record:
    try:
        return decoder.decode(line)
    except NOT_DECODED as error:
        raise BrokenError(Trouble.DAMAGED, number, name) from error
