"""What both of Zalo's interfaces need for reading events."""

from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

import structlog

from handlers.kit.incoming import Incoming

log = structlog.get_logger()
E = TypeVar("E")
# Letters of an event's id that are kept; a longer one is known by its digest.
_LONGEST_ID = 64


def short_id(event: str) -> str:
    return event if len(event) <= _LONGEST_ID else sha256(event.encode()).hexdigest()


def read_with(read: Callable[[E], Incoming | None], event: E) -> Incoming | None:
    """What somebody did; None for what is none, or can't be read, which is logged."""
    try:
        return read(event)
    except ValueError:
        # Neither its content nor its number, which leads to whoever sent it.
        log.error("zalo_event_unreadable")  # noqa: TRY400
    return None
