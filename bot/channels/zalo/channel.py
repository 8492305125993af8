"""What both of Zalo's channels have in common: mostly what Zalo lets neither do."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from bot.channels.inbox import ANSWER_S, Inbox
from bot.channels.standing import Standing
from bot.channels.zalo.intake import Intake
from bot.channels.zalo.sending import Sender
from bot.channels.zalo.surroundings import Surroundings
from handlers.kit.channel import Copies, Outgoing, Receipt, Receive, Rejected, one_by_one
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Reply
from storage.database import Transaction
from storage.outbox import Priority


class ZaloChannel:
    """The channel's own class adds a name, limits, and where events come from."""

    def __init__(self, given: Surroundings, sender: Sender, standing: Standing) -> None:
        self._given = given
        self._sender = sender
        self._standing = standing
        self._inbox: Inbox | None = None

    @property
    def state(self) -> str:
        return self._standing.state

    async def push(self, outgoing: Outgoing) -> Receipt:
        return await self._sender.send(outgoing)

    def copies(self, reply: Reply, priority: Priority) -> Copies:
        return one_by_one(self.push, reply, priority)

    async def withdraw(self, outgoing: Outgoing) -> Receipt:  # noqa: ARG002 - the protocol's
        """Zalo lets nobody delete or edit."""
        return Rejected("can't be deleted")

    async def acknowledge(self, incoming: Incoming, notice: str) -> None:
        """A press is a message like any other, and is answered by one."""

    async def keep(self, transaction: Transaction, incoming: Incoming) -> None:
        """Zalo keeps the transcript itself."""

    async def erase(self, address: str, messages: Sequence[str]) -> None:
        """Zalo lets nobody delete anything; people are told so before they write."""

    async def end_private(self, address: str) -> None:
        self._given.offers.end_private(address)

    @asynccontextmanager
    async def _taking(self, receive: Receive) -> AsyncIterator[None]:
        """Events are taken inside the block."""
        intake = Intake(receive, self._given.offers, self._sender)
        inbox = self._inbox = Inbox(intake.hand_over, self._given.chance, self._given.sleep)
        try:
            yield
        finally:
            # Zalo won't bring again what waits here. What comes from now on, it may.
            self._inbox = None
            await inbox.close()

    async def _take(self, incoming: Incoming | None, within_s: float | None = ANSWER_S) -> bool:
        """One event, or what is none; see `Inbox.take`. False while nobody takes events, too."""
        if self._inbox is None:
            return False
        return incoming is None or await self._inbox.take(incoming, within_s)
