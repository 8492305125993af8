"""Files sent by the bot or by people, kept by `file_id` and given back by `file_path`."""

import struct
from dataclasses import dataclass

from tests.doubles.telegram.answers import ApiError, Json, bad_request
from tests.doubles.telegram.values import Upload

LARGEST_PHOTO = 10 * 2**20
LARGEST_UPLOAD = 50 * 2**20
LARGEST_DOWNLOAD = 20 * 2**20
# How long a path from `getFile` holds, in seconds.
PATH_LIFE = 3600
_MOST_SIDES = 10_000
_MOST_RATIO = 20
_JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class StoredFile:
    file_id: str
    path: str
    name: str
    mime_type: str
    content: bytes

    def wire(self) -> Json:
        """What every object about a file has."""
        return {
            "file_id": self.file_id,
            "file_unique_id": f"u{self.file_id}",
            "file_size": len(self.content),
        }


class FileStore:
    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._given_until: dict[str, int] = {}

    def add(self, kind: str, upload: Upload) -> StoredFile:
        """Keep an upload; `kind` is the folder of its path, such as `photos`."""
        number = len(self._by_id) + 1
        ending = upload.name.rpartition(".")[2] or "bin"
        path = f"{kind}/file_{number}.{ending}"
        kept = StoredFile(f"{kind}-{number}", path, upload.name, upload.mime_type, upload.content)
        self._by_id[kept.file_id] = self._by_path[path] = kept
        return kept

    def received(self, kind: str, given: str | Upload) -> StoredFile:
        """The file of a request: an upload, or the id of a file known before."""
        if isinstance(given, Upload):
            _check_size(given, "photo" if kind == "photos" else "document")
            return self.add(kind, given)
        known = self._by_id.get(given)
        if known is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return known

    def about(self, file_id: str, now: int) -> Json:
        """The answer of `getFile`."""
        known = self._by_id.get(file_id)
        if known is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if len(known.content) > LARGEST_DOWNLOAD:
            raise bad_request("file is too big")
        self._given_until[known.path] = now + PATH_LIFE
        return known.wire() | {"file_path": known.path}

    def at(self, path: str, now: int) -> bytes:
        """What lies at a path that `getFile` gave within the last hour; ApiError at any other."""
        if self._given_until.get(path, 0) <= now:
            raise ApiError(404, "Not Found")
        return self._by_path[path].content


def photo_sides(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG or JPEG. Raises ApiError for anything else."""
    sides = _png_sides(content) or _jpeg_sides(content)
    if sides is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sum(sides) > _MOST_SIDES or max(sides) > _MOST_RATIO * min(sides):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return sides


def _check_size(upload: Upload, kind: str) -> None:
    size = len(upload.content)
    if size == 0:
        raise bad_request("file must be non-empty")
    if size > LARGEST_UPLOAD:
        raise ApiError(413, "Request Entity Too Large")
    if kind == "photo" and size > LARGEST_PHOTO:
        raise bad_request(
            f'file "{upload.name}" of size {size} bytes is too big for a photo; '
            f"the maximum size is {LARGEST_PHOTO} bytes"
        )


def _png_sides(content: bytes) -> tuple[int, int] | None:
    if not content.startswith(b"\x89PNG\r\n\x1a\n") or content[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _jpeg_sides(content: bytes) -> tuple[int, int] | None:
    if not content.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        if content[at + 1] in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return None
