"""What people see of a bot or an account."""

from dataclasses import dataclass, field

from tests.doubles.zalo.answers import Json


@dataclass(frozen=True, slots=True)
class Message:
    """One that the bot has sent; `photo` holds the bytes that lay at the address it gave."""

    id: str
    text: str
    photo: bytes = b""
    buttons: tuple[Json, ...] = ()

    @property
    def labels(self) -> list[str]:
        return [button["title"] for button in self.buttons]

    def button(self, label: str) -> Json:
        """The button with this label. Raises LookupError when there is none."""
        for button in self.buttons:
            if button["title"] == label:
                return button
        raise LookupError(f"no button {label!r} among {self.labels}")


@dataclass(slots=True)
class Chat:
    """A conversation with one person, or a group's; `is_known` once somebody has written there."""

    id: str
    kind: str = "PRIVATE"
    is_known: bool = False
    sent: list[Message] = field(default_factory=list)

    @property
    def last(self) -> Message:
        """The bot's latest message. Raises LookupError when there is none."""
        if not self.sent:
            raise LookupError(f"nothing was sent to chat {self.id}")
        return self.sent[-1]
