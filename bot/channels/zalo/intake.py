"""What people write, on its way to the engine: a number or a word may be a button that Zalo doesn't have."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog
from markupsafe import Markup

from bot.channels.offers import Offers
from handlers.kit.channel import Receive
from handlers.kit.choices import Menu, number_in
from handlers.kit.incoming import Incoming, Kind
from handlers.kit.notation import typed
from handlers.kit.vietnamese import fold
from storage.database import StorageUnavailableError

log = structlog.get_logger()
_ALWAYS = frozenset({"huy", "menu"})
_MORE = frozenset({"tiep", "xem tiep", "nua", "xem them"})

# Sends somebody a menu: more of it or, with a number that isn't in it, once more.
Show = Callable[[str, Menu, str], Awaitable[None]]


class Intake:
    def __init__(self, receive: Receive, offers: Offers, show: Show) -> None:
        self._receive = receive
        self._offers = offers
        self._show = show

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
        if (number := number_in(incoming.text)) and (menu := await self._offers.numbered(incoming.address)):
            await self._show(incoming.address, menu, number)
            return None
        # Officers format as they do in the web chat.
        return replace(incoming, rich=typed(incoming.text))

    async def _turned(self, incoming: Incoming) -> Incoming | None:
        menu = await self._offers.next_page(incoming.address)
        if menu is None:
            return incoming
        await self._show(incoming.address, menu, "")
        return None


def _command(text: str) -> str | None:
    """With its slash; None when it is none of those that people may need in the middle of anything."""
    plain = fold(text).strip(" .!")
    if plain in _ALWAYS:
        return f"/{plain}"
    word, _, code = text.strip().partition(" ")
    return f"/start {code}" if word.lower() == "start" and code else None
