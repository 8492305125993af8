"""The way of private conversations: asked before everything else, and nothing of what it takes is kept.

No row says that an event came, no answer waits in the outbox, no line is logged. The account is only read.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from bot.delivery.lanes import Work
from bot.private.conversations import Conversations, Seen, Trace
from bot.private.handling import Handling
from bot.private.index import Index
from bot.private.visit import Visit
from handlers.kit.channel import Channel, Outgoing, Sent
from handlers.kit.clock import Clock
from handlers.kit.context import Services
from handlers.kit.incoming import Incoming, Kind
from handlers.kit.private import End, PrivateFeature, PrivateTurn
from handlers.kit.reply import spelled_out
from storage.database import Database

# They concern no conversation.
_NEVER = frozenset({Kind.GROUP, Kind.BLOCKED, Kind.UNBLOCKED})
# Of a reply's key, which says nothing of the event that it answers.
_KEY_BYTES = 16


class PrivateDelivery(Protocol):
    def dispatch_private(self, channel: str, outgoing: Outgoing, sent: Callable[[Sent], None]) -> None:
        """Send at once and in order, and store nothing of it; `sent` is told when it was accepted."""
        ...

    def afterwards(self, channel: str, address: str, work: Work) -> None:
        """Do this when everything that was dispatched for this address has gone out."""
        ...


class PrivateLane:
    def __init__(
        self,
        database: Database,
        services: Services,
        features: Sequence[PrivateFeature],
        clock: Clock,
        delivery: PrivateDelivery,
    ) -> None:
        self._chance = services.chance
        self._clock = clock
        self._delivery = delivery
        self._index = Index(features, services.branch.tag)
        self._conversations = Conversations()
        self._handling = Handling(database, services, features, clock, self._conversations)
        self._seen = Seen()

    async def take(self, channel: Channel, incoming: Incoming) -> bool:
        """Whether the event is of a private conversation; then it has been handled, and nothing that went
        wrong is raised. StorageUnavailableError when it can't be told yet.
        """
        if incoming.kind in _NEVER:
            return False
        if self._seen.has(incoming) or await self._is_brought_again(incoming):
            await channel.acknowledge(incoming, "")
            return True
        visit = await self._visit(channel, incoming)
        if not await self._is_ours(visit):
            return False
        self._seen.add(incoming, self._clock.now())
        turn = await self._handling.turn(visit)
        await channel.acknowledge(incoming, turn.notice)
        self._answer(visit, turn)
        return True

    async def sweep(self) -> None:
        """End the conversations that were left for too long, and delete their messages from the chats."""
        for (name, address), late in self._conversations.expire(self._clock.now()):
            self._delivery.afterwards(name, address, partial(_erase, late.channel, address, late.trace))

    async def _is_brought_again(self, incoming: Incoming) -> bool:
        """What was said before a conversation began must not get into its draft."""
        is_open = self._conversations.at((incoming.channel, incoming.address)) is not None
        return is_open and await self._handling.was_ordinary(incoming)

    async def _visit(self, channel: Channel, incoming: Incoming) -> Visit:
        await self.sweep()
        key = (incoming.channel, incoming.address)
        conversation = self._conversations.at(key)
        if conversation is not None:
            # It doesn't time out while the event is handled.
            conversation.expires_at = self._clock.now() + conversation.at.expires_after
        # What a page calls private may be a draft's rest, and no word that begins something.
        found = self._index.find(incoming, with_words=conversation is None and not incoming.private)
        return Visit(channel, incoming, conversation, found, self._conversations.take_left(key))

    async def _is_ours(self, visit: Visit) -> bool:
        if visit.conversation is not None or visit.incoming.private or visit.is_for_left:
            return True
        if visit.found is None:
            return False
        return not (visit.found.is_word and await self._handling.is_elsewhere(visit))

    def _answer(self, visit: Visit, turn: PrivateTurn) -> None:
        """Send the replies, and then delete what is to be deleted."""
        channel, incoming = visit.channel, visit.incoming
        before, now = visit.conversation, self._conversations.at(visit.key)
        standing = now or before
        trace = standing.trace if standing else Trace()
        trace.add(incoming.own_message)
        arrived: list[Sent] = []
        name = self._chance.token(_KEY_BYTES).hex()
        replies = turn.replies if channel.limits.notices else spelled_out(turn.replies, turn.notice)
        lettered = now is not None and now.at.handle is not None
        for number, reply in enumerate(replies):
            outgoing = Outgoing(
                key=f"{name}:{number}",
                address=incoming.address,
                reply=replace(reply, ephemeral=True, lettered=lettered),
                replaces=incoming.message if reply.edit and incoming.message in trace else "",
                private=now is not None,
                waits=turn.waits,
            )
            self._push(channel, outgoing, trace, arrived)
        erase = partial(_erase_after, arrived, len(replies), channel, incoming.address)
        after = partial(self._delivery.afterwards, channel.name, incoming.address)
        if turn.erase_pressed:
            after(partial(erase, Trace(incoming.message)))
        if now is not None:
            return
        if before is not None and not (isinstance(turn.then, End) and not turn.then.erase):
            after(partial(erase, trace))
        if before is not None or incoming.private:
            after(partial(_end_after, arrived, len(replies), channel, incoming.address))

    def _push(self, channel: Channel, outgoing: Outgoing, trace: Trace, arrived: list[Sent]) -> None:
        """What is said at the end stays in the chat, also where it takes an earlier message's place."""
        if not outgoing.private:
            trace.discard(outgoing.replaces)
        sent = partial(_note, arrived, trace if outgoing.private else None)
        self._delivery.dispatch_private(channel.name, outgoing, sent)


async def _erase(channel: Channel, address: str, trace: Trace) -> None:
    """As far as it has come by now: the ids of what was just sent are known only after it was."""
    messages = trace.take()
    if messages:
        await channel.erase(address, messages)


async def _erase_after(
    arrived: list[Sent], replies: int, channel: Channel, address: str, trace: Trace
) -> None:
    """Only when what was said last has arrived: the same button, pressed again, may be all that leads to a
    receipt that got lost on the way.
    """
    if len(arrived) == replies:
        await _erase(channel, address, trace)


async def _end_after(arrived: list[Sent], replies: int, channel: Channel, address: str) -> None:
    """For the same reason: on a channel without buttons, what is typed leads to the receipt."""
    if len(arrived) == replies:
        await channel.end_private(address)


def _note(arrived: list[Sent], trace: Trace | None, sent: Sent) -> None:
    """Nobody deletes what is said at the end: it stands in no trace."""
    arrived.append(sent)
    if trace is not None:
        trace.add(*sent.earlier, sent.message)
