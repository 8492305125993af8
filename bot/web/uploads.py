"""A file that a browser sends, as the form that browsers make of it (RFC 7578): bounded, read strictly."""

import re
from typing import NamedTuple

import msgspec
from starlette.requests import Request

from bot.web.bodies import ClientId, read_body, type_of
from bot.web.problems import ProblemError
from handlers.kit.files import LARGEST, MEGABYTE, safe_mime, safe_name
from handlers.kit.incoming import IncomingFile

FORM = "multipart/form-data"
# Room for the other fields and the form itself around the largest file.
_AROUND = 2**16
# Long enough for the largest file over a telephone's connection.
_PATIENCE_S = 300.0
_MOST_PARTS = 8
_LONGEST_HEAD = 4096
_BOUNDARY = re.compile(r'boundary="?([0-9A-Za-z\'()+_,./:=?-]{1,70})"?(?:;|$)')
_NAME = re.compile(r';\s*name="([^"]*)"')
_FILENAME = re.compile(r';\s*filename="([^"]*)"')
_TYPE = re.compile(r"^content-type:(.*)$", re.IGNORECASE | re.MULTILINE)


class Upload(NamedTuple):
    """`text` is what was written with the file; `private` as of `Posted`."""

    id: str
    text: str
    file: IncomingFile
    private: bool


class _Part(NamedTuple):
    head: str
    content: memoryview


def is_upload(request: Request) -> bool:
    return type_of(request) == FORM


async def read_upload(request: Request) -> Upload:
    """The fields `id`, `text`, `file` and `private`; ProblemError with 400 or 413 for anything else."""
    body = await _read(request)
    try:
        fields = _fields(request, body)
        upload = Upload(
            id=msgspec.convert(str(fields["id"].content, "utf-8"), ClientId),
            text=str(fields["text"].content, "utf-8") if "text" in fields else "",
            file=_file(fields["file"]),
            private="private" in fields,
        )
    except (ValueError, KeyError) as error:
        raise ProblemError(400, "malformed") from error
    if upload.file.size > LARGEST:
        raise _too_big()
    if upload.file.size == 0:
        raise ProblemError(400, "file_empty")
    return upload


async def _read(request: Request) -> bytearray:
    try:
        return await read_body(request, LARGEST + _AROUND, _PATIENCE_S)
    except ProblemError as error:
        raise _too_big() from error


def _too_big() -> ProblemError:
    return ProblemError(413, "file_too_big", limit=LARGEST // MEGABYTE)


def _fields(request: Request, body: bytearray) -> dict[str, _Part]:
    """The parts by their names, the last one of each."""
    boundary = _BOUNDARY.search(request.headers["content-type"])
    if boundary is None:
        raise ValueError("no boundary")
    named = ((_NAME.search(part.head), part) for part in _parts(body, boundary[1].encode()))
    return {name[1]: part for name, part in named if name}


def _parts(body: bytearray, boundary: bytes) -> list[_Part]:
    mark = b"\r\n--" + boundary
    view = memoryview(body)
    if not body.startswith(mark[2:]):
        raise ValueError("no part")
    parts: list[_Part] = []
    at = len(mark) - 2
    while not body.startswith(b"--", at):
        head_end = body.find(b"\r\n\r\n", at, at + _LONGEST_HEAD)
        end = body.find(mark, head_end + 2)
        if head_end < 0 or end < 0 or len(parts) == _MOST_PARTS:
            raise ValueError("a part without an end, or too many")
        content = view[head_end + 4 : end]
        parts.append(_Part(str(view[at:head_end], "utf-8").replace("\r\n", "\n"), content))
        at = end + len(mark)
    return parts


def _file(part: _Part) -> IncomingFile:
    name, mime = _FILENAME.search(part.head), _TYPE.search(part.head)
    if name is None:
        raise ValueError("not a file")
    # Of what browsers write in other letters, only the quotation mark could stand in a name that people see.
    return IncomingFile(
        name=safe_name(name[1].replace("%22", '"')),
        mime=safe_mime(mime[1] if mime else ""),
        size=len(part.content),
        content=bytes(part.content),
    )
