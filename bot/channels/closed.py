"""In place of a channel that was turned off and that people are still linked to."""

from handlers.kit.channel import Copies, NotNow, Outgoing, Receipt, one_by_one
from handlers.kit.reply import Reply
from storage.outbox import Priority

CLOSED = NotNow("closed")


class Closed:
    """What waits for somebody there goes by another of their channels, or ends. Nobody is marked, so that
    everything is as it was when the channel is turned on again.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    async def push(self, outgoing: Outgoing) -> Receipt:  # noqa: ARG002 - the protocol's
        return CLOSED

    def copies(self, reply: Reply, priority: Priority) -> Copies:
        return one_by_one(self.push, reply, priority)

    async def withdraw(self, outgoing: Outgoing) -> Receipt:  # noqa: ARG002 - the protocol's
        return CLOSED
