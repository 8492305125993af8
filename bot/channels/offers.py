"""Which numbers a person may answer with, on a channel whose buttons are lines of text.

Of private conversations the menus stay in memory; they stand above the kept ones until the conversation is
over.
"""

from collections import OrderedDict
from collections.abc import Sequence

import msgspec

from handlers.kit import choices
from handlers.kit.channel import Outgoing
from handlers.kit.choices import Choice, Menu
from storage import offers
from storage.database import Database
from storage.outbox import Priority

# Private conversations whose menus are remembered.
_MOST = 2_000


class Offers:
    """Those of one channel. StorageUnavailableError when the database can't be asked."""

    def __init__(self, database: Database, channel: str) -> None:
        self._database = database
        self._channel = channel
        self._private: OrderedDict[str, list[Menu]] = OrderedDict()

    async def menu_for(self, outgoing: Outgoing) -> Menu:
        """What the message offers, numbered after what stands; without choices where it has no buttons."""
        before = await self._standing(outgoing.address)
        return choices.offer(outgoing.reply, outgoing.key, before, is_answer=_is_answer(outgoing))

    async def shown(self, outgoing: Outgoing, menu: Menu) -> None:
        """The person sees it now. One without choices ends those before only where words are awaited."""
        if not menu.choices and not (menu.lettered and _is_answer(outgoing)):
            return
        address = outgoing.address
        before = await self._standing(address)
        standing = choices.standing(before, menu, is_answer=_is_answer(outgoing))
        if outgoing.reply.ephemeral:
            self._remember(address, standing)
            return
        if _is_answer(outgoing):
            self._private.pop(address, None)
        elif address in self._private:
            # The private ones stay where they are.
            self._remember(address, standing)
            standing = choices.standing(await self._kept(address), menu, is_answer=False)
        await self._keep(address, standing)

    async def chosen(self, address: str, text: str) -> Choice | None:
        """What the person means by this text; None when it is none of what they were offered."""
        found = choices.find(await self._standing(address), text)
        return found[1] if found else None

    async def next_page(self, address: str) -> Menu | None:
        """More of the newest menu that isn't shown to its end; from now on it counts as shown."""
        standing = await self._standing(address)
        found = next((each for each in reversed(standing) if each.hidden), None)
        if found is None:
            return None
        turned = [each.next_page() if each is found else each for each in standing]
        if address in self._private:
            self._remember(address, turned)
        else:
            await self._keep(address, turned)
        return found.next_page()

    def end_private(self, address: str) -> None:
        self._private.pop(address, None)

    async def _standing(self, address: str) -> Sequence[Menu]:
        private = self._private.get(address)
        return private if private is not None else await self._kept(address)

    async def _kept(self, address: str) -> list[Menu]:
        async with self._database.read() as tx:
            return msgspec.convert(await offers.load(tx, self._channel, address), list[Menu])

    async def _keep(self, address: str, standing: Sequence[Menu]) -> None:
        async with self._database.write() as tx:
            await offers.save(tx, self._channel, address, msgspec.to_builtins(standing))

    def _remember(self, address: str, standing: list[Menu]) -> None:
        self._private[address] = standing
        self._private.move_to_end(address)
        if len(self._private) > _MOST:
            self._private.popitem(last=False)


def _is_answer(outgoing: Outgoing) -> bool:
    return outgoing.priority == Priority.REPLY
