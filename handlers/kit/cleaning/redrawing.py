"""One file made anew. Foreign bytes go through large libraries here: run it in a process of its own."""

from collections.abc import Callable
from functools import partial

from handlers.kit.cleaning.kinds import Picture, Writing, kind_of
from handlers.kit.cleaning.model import LARGEST_ATTACHMENT, CleanFile, NotCleanableError, Reason


def clean_file(content: bytes, when_loaded: Callable[[], None] = lambda: None) -> CleanFile:
    """What is seen of a file, in a new one; NotCleanableError when there is no such way.

    `when_loaded` is called before a library gets the file; afterwards nothing has to be opened any more.
    """
    if len(content) > LARGEST_ATTACHMENT:
        raise NotCleanableError(Reason.TOO_LARGE)
    try:
        redraw = _way(content)
        when_loaded()
        cleaned = redraw(content)
    except NotCleanableError:
        raise
    except Exception:  # noqa: BLE001 - over foreign bytes libraries raise whatever they like
        raise NotCleanableError(Reason.DAMAGED) from None
    if len(cleaned.content) > LARGEST_ATTACHMENT:
        raise NotCleanableError(Reason.TOO_LARGE)
    return cleaned


def _way(content: bytes) -> Callable[[bytes], CleanFile]:
    # Each library is loaded only for its own kind: it is time at the start of a process, and memory.
    kind = kind_of(content)
    if isinstance(kind, Picture):
        from handlers.kit.cleaning.pictures import redraw_picture  # noqa: PLC0415

        return partial(redraw_picture, kind=kind)
    if kind is Writing.PDF:
        from handlers.kit.cleaning.pages import redraw_pages  # noqa: PLC0415

        return redraw_pages
    from handlers.kit.cleaning.plain import rewrite_text  # noqa: PLC0415

    return rewrite_text
