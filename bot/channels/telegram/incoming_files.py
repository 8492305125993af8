"""Photos and documents in Telegram's messages, and how their content is got."""

from typing import Any

import msgspec
import structlog
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.api import Api
from bot.channels.telegram.errors import TooLargeError
from handlers.kit.errors import FileUnavailableError, Unavailable
from handlers.kit.files import LARGEST, safe_mime, safe_name
from handlers.kit.incoming import IncomingFile

log = structlog.get_logger()
_TOO_LARGE = "file is too big"


class _Photo(msgspec.Struct):
    file_id: str
    width: int
    height: int
    # Telegram may leave out sizes.
    file_size: int = 0


class _Document(msgspec.Struct):
    file_id: str
    file_name: str = ""
    mime_type: str = ""
    file_size: int = 0


class _Place(msgspec.Struct):
    """Where a file can be fetched from for an hour; without a path, nowhere."""

    file_path: str = ""


def file_of(kind: str, content: Any) -> IncomingFile | None:
    """The file of a message of this kind; None where it has none that a step could take."""
    try:
        match kind:
            case "photo":
                return _photo(msgspec.convert(content, list[_Photo]))
            case "document":
                return _document(msgspec.convert(content, _Document))
    except msgspec.ValidationError:
        # Still a photo to the person who sent it, who is told that it can't be used.
        return None
    return None


def _photo(sizes: list[_Photo]) -> IncomingFile | None:
    """The largest size. Whatever was sent, Telegram makes a JPEG of it, and drops its name."""
    if not sizes:
        return None
    largest = max(sizes, key=lambda size: size.width * size.height)
    return IncomingFile("photo.jpg", "image/jpeg", largest.file_size, largest.file_id)


def _document(given: _Document) -> IncomingFile:
    return IncomingFile(
        safe_name(given.file_name), safe_mime(given.mime_type), given.file_size, given.file_id
    )


async def content_of(api: Api, file: IncomingFile) -> bytes:
    """What the file holds; FileUnavailableError when Telegram doesn't give it."""
    if file.size > LARGEST:
        raise FileUnavailableError(Unavailable.TOO_LARGE)
    try:
        place = await api.call("getFile", _Place, file_id=file.reference)
        return await api.download(place.file_path, LARGEST)
    except TelegramError as error:
        reason = _reason(error)
        log.warning("telegram_file_not_fetched", reason=reason.value, error=type(error).__name__)
    # Raised out here: the library's exception tells nothing that anybody needs.
    raise FileUnavailableError(reason)


def _reason(error: TelegramError) -> Unavailable:
    too_large = isinstance(error, BadRequest) and _TOO_LARGE in error.message.lower()
    return Unavailable.TOO_LARGE if too_large or isinstance(error, TooLargeError) else Unavailable.NOT_GIVEN
