"""What people write, on its way to the engine: a number or a word may be a button that Zalo doesn't have."""

from dataclasses import replace

import structlog
from markupsafe import Markup

from bot.channels.offers import Offers
from bot.channels.recent import Recent
from bot.channels.zalo.sending import Sender
from handlers.kit.channel import Receive
from handlers.kit.choices import Menu
from handlers.kit.choosing import letter_in, number_in
from handlers.kit.incoming import Incoming, Kind
from handlers.kit.notation import typed
from handlers.kit.vietnamese import fold
from storage.database import StorageUnavailableError

log = structlog.get_logger()
_ALWAYS = frozenset({"huy", "menu"})
_MOST_ANSWERED = 1_000
_MORE = frozenset({"tiep", "xem tiep", "nua", "xem them"})


class Intake:
    def __init__(self, receive: Receive, offers: Offers, sender: Sender) -> None:
        self._receive = receive
        self._offers = offers
        self._sender = sender
        # Events that were answered here, past the engine, which knows those that come again.
        self._answered: Recent[bool] = Recent(_MOST_ANSWERED)

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
        if self._answered.get(incoming.event, False) or await self._is_turned(incoming):
            return None
        return await self._chosen(incoming)

    async def _is_turned(self, incoming: Incoming) -> bool:
        """Whether it asks for more of a list. That goes before an earlier menu's "Tiếp": the list's last line
        says what to write.
        """
        if fold(incoming.text).strip(" .!") not in _MORE:
            return False
        more = await self._offers.next_page(incoming.address)
        if more is None:
            return False
        await self._answer(incoming, more)
        return True

    async def _chosen(self, incoming: Incoming) -> Incoming | None:
        await self._sender.settled(incoming.address)
        choice = await self._offers.chosen(incoming.address, incoming.text)
        if choice is not None:
            return replace(incoming, kind=Kind.PRESS, text="", rich=Markup(), payload=choice.payload)
        if await self._is_missed(incoming):
            return None
        # Officers format as they do in the web chat.
        return replace(incoming, rich=typed(incoming.text))

    async def _is_missed(self, incoming: Incoming) -> bool:
        """Whether it is a mark that stands nowhere."""
        address, mark = incoming.address, number_in(incoming.text)
        letter = letter_in(incoming.text)
        if letter and not await self._offers.awaits_words(address):
            if not self._offers.is_ordinary(address):
                # It may be meant for a private conversation that a restart ended: no row may tell of that.
                self._answered.put(incoming.event, True)
                await self._sender.tell(address, "channels/no_such_letter")
                return True
            mark = letter
        menu = await self._offers.numbered(address) if mark else None
        if menu is None:
            return False
        await self._answer(incoming, menu, mark)
        return True

    async def _answer(self, incoming: Incoming, menu: Menu, missed: str = "") -> None:
        """Once for each event, however often it is brought."""
        self._answered.put(incoming.event, True)
        await self._sender.show(incoming.address, menu, missed)


def _command(text: str) -> str | None:
    """With its slash; None when it is none of those that people may need in the middle of anything."""
    plain = fold(text).strip(" .!")
    if plain in _ALWAYS:
        return f"/{plain}"
    word, _, code = text.strip().partition(" ")
    return f"/start {code}" if word.lower() == "start" and code else None
