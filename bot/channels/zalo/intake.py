"""What people write, on its way to the engine: a number or a word may be a button that Zalo doesn't have."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog
from markupsafe import Markup

from bot.channels.offers import Offers
from handlers.kit.channel import Receive
from handlers.kit.choices import Menu
from handlers.kit.incoming import Incoming, Kind
from handlers.kit.vietnamese import fold
from storage.database import StorageUnavailableError

log = structlog.get_logger()
_ALWAYS = frozenset({"huy", "menu"})
_MORE = frozenset({"tiep", "xem tiep", "nua", "xem them"})

ShowPage = Callable[[str, Menu], Awaitable[None]]


class Intake:
    """`show_page` sends a person more of a menu."""

    def __init__(self, receive: Receive, offers: Offers, show_page: ShowPage) -> None:
        self._receive = receive
        self._offers = offers
        self._show_page = show_page

    async def hand_over(self, incoming: Incoming) -> None:
        """Return when the event's effect is committed; StorageUnavailableError when it can't be now."""
        try:
            meant = await self._meant(incoming)
            if meant is not None:
                await self._receive(meant)
        except StorageUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - one event's mistake must not hold up everybody's
            kind = incoming.kind.value
            log.error("zalo_event_failed", channel=incoming.channel, kind=kind, error=type(error).__name__)  # noqa: TRY400

    async def _meant(self, incoming: Incoming) -> Incoming | None:
        """The event as it was meant; None when it is answered already."""
        if incoming.kind is not Kind.TEXT or incoming.text.startswith("/"):
            return incoming
        if (command := _command(incoming.text)) is not None:
            return replace(incoming, text=command, rich=Markup())
        choice = await self._offers.chosen(incoming.address, incoming.text)
        if choice is not None:
            return replace(incoming, kind=Kind.PRESS, text="", rich=Markup(), payload=choice.payload)
        if fold(incoming.text).strip(" .!") in _MORE:
            return await self._turned(incoming)
        return incoming

    async def _turned(self, incoming: Incoming) -> Incoming | None:
        menu = await self._offers.next_page(incoming.address)
        if menu is None:
            return incoming
        await self._show_page(incoming.address, menu)
        return None


def _command(text: str) -> str | None:
    """With its slash; None when it is none of those that people may need in the middle of anything."""
    plain = fold(text).strip(" .!")
    if plain in _ALWAYS:
        return f"/{plain}"
    word, _, code = text.strip().partition(" ")
    return f"/start {code}" if word.lower() == "start" and code else None
