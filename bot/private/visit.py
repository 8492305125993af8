"""One event, and where it finds its sender."""

from dataclasses import dataclass

from bot.private.conversations import Conversation, Key
from bot.private.index import Found
from bot.routing import CANCEL, command_name
from handlers.kit.channel import Channel
from handlers.kit.incoming import Incoming, Kind


@dataclass(frozen=True, slots=True)
class Visit:
    """They stand in a conversation or in none; `left` says of one that is over what `take_left` tells."""

    channel: Channel
    incoming: Incoming
    conversation: Conversation | None
    found: Found | None
    left: str | None

    @property
    def key(self) -> Key:
        return self.incoming.channel, self.incoming.address

    @property
    def is_command(self) -> bool:
        return self.incoming.kind is Kind.TEXT and self.incoming.text.startswith("/")

    @property
    def is_cancel(self) -> bool:
        return self.is_command and command_name(self.incoming.text) == CANCEL

    @property
    def is_for_left(self) -> bool:
        """It was meant for the conversation that timed out."""
        is_said = not self.is_command and self.incoming.kind is not Kind.PRESS
        return bool(self.left) and (is_said or self.is_cancel)
