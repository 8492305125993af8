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
        # The keys of the messages that ended them.
        self._said_last: dict[str, str] = {}

    async def menu_for(self, outgoing: Outgoing, most_buttons: int = 0) -> Menu:
        """What the message offers, numbered after what stands if it is more than `most_buttons`; without
        choices where it has no buttons.
        """
        before, is_answer = await self._standing(outgoing.address), _is_answer(outgoing)
        return choices.offer(
            outgoing.reply, outgoing.key, before, is_answer=is_answer, most_buttons=most_buttons
        )

    async def shown(self, outgoing: Outgoing, menu: Menu) -> None:
        """The person sees it now. One without choices ends only numbers, and only where words are awaited."""
        address = outgoing.address
        before = await self._standing(address)
        ends_numbers = menu.lettered and not all(each.lettered or each.is_over for each in before)
        if not menu.choices and not (ends_numbers and _is_answer(outgoing)):
            return
        standing = choices.standing(before, menu, is_answer=_is_answer(outgoing))
        if outgoing.reply.ephemeral:
            self._remember(address, standing)
            if not outgoing.private:
                self._said_last[address] = menu.key
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

    async def numbered(self, address: str) -> Menu | None:
        """The newest menu that is answered with a number; None where a number would be words, or none stands
        before any choice.
        """
        standing = [each for each in await self._standing(address) if not each.is_over]
        newest = standing[-1] if standing else None
        return newest if newest is not None and newest.has_marks and not newest.lettered else None

    async def next_page(self, address: str) -> Menu | None:
        """More of the newest menu that isn't shown to its end; from now on it counts as shown."""
        standing = await self._standing(address)
        found = next((each for each in reversed(standing) if each.hidden and not each.is_over), None)
        if found is None:
            return None
        turned = [each.next_page() if each is found else each for each in standing]
        if address in self._private:
            self._remember(address, turned)
        else:
            await self._keep(address, turned)
        return found.next_page()

    def end_private(self, address: str) -> None:
        """Nothing that was offered in it is there any more, but what was said at its end."""
        last = self._said_last.pop(address, "")
        kept = [each for each in self._private.pop(address, []) if each.key == last]
        if kept:
            self._remember(address, kept)

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
            oldest, _ = self._private.popitem(last=False)
            self._said_last.pop(oldest, None)


def _is_answer(outgoing: Outgoing) -> bool:
    return outgoing.priority == Priority.REPLY
