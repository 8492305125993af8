"""The content of a picture or document that Zalo keeps at an address."""

import structlog

from bot.channels.http import Http, HttpError, TooLargeError
from handlers.kit.errors import FileUnavailableError, Unavailable
from handlers.kit.files import LARGEST
from handlers.kit.incoming import IncomingFile

log = structlog.get_logger()
_OK = 200


async def content_of(http: Http, file: IncomingFile, own_url: str) -> bytes:
    """What is at the file's address; FileUnavailableError when it isn't given. `own_url` is where the
    interface is: everything else has to be https.
    """
    if file.size > LARGEST:
        raise FileUnavailableError(Unavailable.TOO_LARGE)
    if not file.reference.startswith(("https://", f"{own_url}/")):
        raise FileUnavailableError(Unavailable.NOT_GIVEN)
    try:
        status, content = await http.get(file.reference, LARGEST)
    except TooLargeError:
        reason = Unavailable.TOO_LARGE
    except HttpError as error:
        reason = Unavailable.NOT_GIVEN
        log.warning("zalo_file_not_fetched", error=type(error).__name__)
    else:
        if status == _OK:
            return content
        reason = Unavailable.NOT_GIVEN
        log.warning("zalo_file_not_fetched", status=status)
    raise FileUnavailableError(reason)
