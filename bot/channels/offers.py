"""Which numbers a person may answer with, on a channel whose buttons are lines of text.

Of private conversations the menus stay in memory, and stand above the kept ones until something is said that
is kept.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

import msgspec

from bot.channels.recent import Recent
from handlers.kit import choices, choosing
from handlers.kit.channel import Outgoing
from handlers.kit.choices import Choice, Menu
from storage import offers
from storage.database import Database
from storage.outbox import Priority

# Private conversations whose menus are remembered.
_MOST = 2_000
_MOST_ORDINARY = 10_000


class Offers:
    """Those of one channel. StorageUnavailableError when the database can't be asked."""

    def __init__(self, database: Database, channel: str) -> None:
        self._database = database
        self._channel = channel
        self._private: OrderedDict[str, list[Menu]] = OrderedDict()
        # Whose last menu was an ordinary one, shown since the program was started.
        self._ordinary: Recent[bool] = Recent(_MOST_ORDINARY)
        # The keys of those messages that are still there when the conversation is over.
        self._staying: dict[str, set[str]] = {}

    async def menu_for(self, outgoing: Outgoing, most_buttons: int = 0) -> Menu:
        """What the message offers, numbered after what stands if it is more than `most_buttons`; without
        choices where it has no buttons.
        """
        if not outgoing.reply.buttons:
            # The sentence that the database is away must not need it.
            numbers = () if _is_answer(outgoing) else choices.listed(outgoing.reply)
            return Menu(outgoing.key, (), outgoing.reply.lettered, listed=numbers)
        before, is_answer = await self._standing(outgoing.address), _is_answer(outgoing)
        return choices.offer(
            outgoing.reply, outgoing.key, before, is_answer=is_answer, most_buttons=most_buttons
        )

    async def shown(self, outgoing: Outgoing, menu: Menu) -> None:
        """The person sees it now. One without choices ends only numbers, and only where words are awaited or
        its text lists some of its own.
        """
        address, is_answer = outgoing.address, _is_answer(outgoing)
        if not menu.choices and not (menu.lettered and is_answer) and not menu.listed:
            return
        is_kept = not outgoing.reply.ephemeral
        before = await (self._kept(address) if is_kept else self._standing(address))
        if not (menu.choices or menu.listed) and all(each.lettered or each.is_over for each in before):
            return
        if not is_kept:
            standing = choices.standing(before, menu, is_answer=is_answer)
            self._remember(address, standing, menu.key if not outgoing.private else "")
            return
        if is_answer:
            self._forget(address)
            self._ordinary.put(address, True)
        elif address in self._private:
            self._remember(address, choices.standing(self._private[address], menu, is_answer=False), menu.key)
            # What is kept tells nothing of what isn't, by the marks that come after its own either.
            buttons = 0 if menu.has_marks else len(menu.choices)
            menu = choices.offer(outgoing.reply, menu.key, before, is_answer=False, most_buttons=buttons)
        await self._keep(address, choices.standing(before, menu, is_answer=is_answer))

    async def chosen(self, address: str, text: str) -> Choice | None:
        """What the person means by this text; None when it is none of what they were offered."""
        found = choosing.find(await self._standing(address), text)
        return found[1] if found else None

    async def numbered(self, address: str) -> Menu | None:
        """The newest menu that is answered with a number; None where a number would be words, or none stands
        before any choice.
        """
        standing = [each for each in await self._standing(address) if not each.is_over]
        newest = standing[-1] if standing else None
        return newest if newest is not None and newest.has_marks and not newest.lettered else None

    async def awaits_words(self, address: str) -> bool:
        """Whether a letter that is no choice may be somebody's own word."""
        standing = [each for each in await self._standing(address) if not each.is_over]
        return bool(standing) and standing[-1].lettered

    def is_ordinary(self, address: str) -> bool:
        """Whether a letter that is no choice was meant for an ordinary menu, for certain: for no private
        conversation, nor one that a restart ended.
        """
        return address not in self._private and self._ordinary.get(address, False)

    async def next_page(self, address: str) -> Menu | None:
        """More of the newest menu that isn't shown to its end."""
        standing = await self._standing(address)
        found = next((each for each in reversed(standing) if each.hidden and not each.is_over), None)
        return found.next_page() if found is not None else None

    async def turned(self, address: str, menu: Menu) -> None:
        """The person sees this page of a menu now."""
        before = await self._standing(address)
        turned = [replace(each, shown=menu.shown) if each.key == menu.key else each for each in before]
        if address in self._private:
            self._remember(address, turned)
        else:
            await self._keep(address, turned)

    def end_private(self, address: str) -> None:
        """Nothing that was offered in it is there any more, but what was said at its end, and what came by
        itself. Numbers of what was shown before it don't come back: people have seen others since.
        """
        staying = self._staying.get(address, set())
        if address in self._private:
            self._remember(address, [each for each in self._private[address] if each.key in staying])

    async def _standing(self, address: str) -> Sequence[Menu]:
        private = self._private.get(address)
        return private if private is not None else await self._kept(address)

    async def _kept(self, address: str) -> list[Menu]:
        async with self._database.read() as tx:
            return msgspec.convert(await offers.load(tx, self._channel, address), list[Menu])

    async def _keep(self, address: str, standing: Sequence[Menu]) -> None:
        async with self._database.write() as tx:
            await offers.save(tx, self._channel, address, msgspec.to_builtins(standing))

    def _remember(self, address: str, standing: list[Menu], staying: str = "") -> None:
        self._private[address] = standing
        self._private.move_to_end(address)
        if staying:
            self._staying.setdefault(address, set()).add(staying)
        if len(self._private) > _MOST:
            self._forget(next(iter(self._private)))

    def _forget(self, address: str) -> None:
        self._private.pop(address, None)
        self._staying.pop(address, None)


def _is_answer(outgoing: Outgoing) -> bool:
    return outgoing.priority == Priority.REPLY
