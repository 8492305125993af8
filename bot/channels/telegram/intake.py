"""Raw updates on their way to the engine: the same for polling and for the webhook."""

from collections.abc import Callable

import structlog

from bot.channels.recent import Recent
from bot.channels.telegram import updates
from bot.channels.telegram.updates import Raw
from handlers.kit.channel import Receive
from handlers.kit.incoming import Incoming, Kind
from storage.database import StorageUnavailableError

log = structlog.get_logger()
# Presses that wait for their answer. Telegram itself forgets them after less than a minute.
MOST_QUERIES = 10_000

Acknowledge = Callable[[str], None]


class Intake:
    """`acknowledge` ends the clock on a button without a word."""

    def __init__(self, receive: Receive, username: str, acknowledge: Acknowledge) -> None:
        self._receive = receive
        self._username = username
        self._acknowledge = acknowledge
        self._queries: Recent[str] = Recent(MOST_QUERIES)

    def read(self, raw: Raw) -> Incoming | None:
        """The event in an update; None where silence is meant, or where the update can't be read."""
        try:
            incoming, query = updates.read(raw, self._username)
        except ValueError:
            # Neither its content nor its number, which leads to whoever sent it.
            log.error("telegram_update_unreadable")  # noqa: TRY400
            return None
        if query and incoming is None:
            self._acknowledge(query)
        elif query and incoming is not None:
            self._queries.put(incoming.event, query)
        return incoming

    def query_of(self, incoming: Incoming) -> str | None:
        """The callback query of a press; each is answered once."""
        return self._queries.take(incoming.event)

    async def hand_over(self, incoming: Incoming) -> None:
        """Return when the event's effect is committed; StorageUnavailableError when it can't be now."""
        try:
            await self._receive(incoming)
        except StorageUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - one event's mistake must not hold up everybody's
            log.error("telegram_event_failed", kind=incoming.kind.value, error=type(error).__name__)  # noqa: TRY400
            if incoming.kind is Kind.PRESS and (query := self.query_of(incoming)):
                self._acknowledge(query)
