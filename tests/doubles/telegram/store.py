"""What the double knows: chats with their messages, files, pending updates, the bot's profile."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.telegram.answers import ApiError, Json, bad_request
from tests.doubles.telegram.files import FileStore
from tests.doubles.telegram.keyboard import data_behind, labels
from tests.doubles.telegram.updates import UpdateQueue


@dataclass(slots=True)
class Message:
    """One message as it stands; `history` holds its earlier wire forms, oldest first."""

    wire: Json
    from_bot: bool
    markup: Json | None = None
    content: bytes = b""
    history: list[Json] = field(default_factory=list)
    deleted: bool = False

    @property
    def id(self) -> int:
        return int(self.wire["message_id"])

    @property
    def text(self) -> str:
        """What a person reads: the text, the caption or the poll's question, without markup."""
        poll = self.wire.get("poll", {})
        return str(self.wire.get("text", self.wire.get("caption", poll.get("question", ""))))

    @property
    def entities(self) -> list[Json]:
        found: list[Json] = self.wire.get("entities") or self.wire.get("caption_entities") or []
        return found

    @property
    def buttons(self) -> list[list[str]]:
        """The labels of the keyboard, row by row."""
        return labels(self.markup)

    def data(self, button: str) -> str:
        """The payload of the button with this label. Raises LookupError when it isn't there."""
        return data_behind(self.markup, button)


class Chat:
    """A chat with the bot in it. `forbidden` is the description of the 403 that sends get."""

    def __init__(self, wire: Json, *, keep: bool) -> None:
        self.wire = wire
        self.keep = keep
        self.forbidden: str | None = None
        self.all: dict[int, Message] = {}
        self.last_id = 0

    @property
    def id(self) -> int:
        return int(self.wire["id"])

    @property
    def messages(self) -> list[Message]:
        """All that is still shown, from both sides, in order."""
        return [message for message in self.all.values() if not message.deleted]

    @property
    def sent(self) -> list[Message]:
        """What the bot sent and is still shown, in order."""
        return [message for message in self.messages if message.from_bot]

    @property
    def last(self) -> Message:
        """The bot's latest message. Raises LookupError when there is none."""
        if not self.sent:
            raise LookupError(f"the bot has sent nothing to chat {self.id}")
        return self.sent[-1]

    def add(self, message: Message) -> Message:
        if not self.keep:
            self.all.clear()
        self.all[message.id] = message
        return message

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def find(self, message_id: int, purpose: str) -> Message:
        """A message that is still shown. Raises ApiError, such as "message to edit not found"."""
        found = self.all.get(message_id)
        if found is not None and not found.deleted:
            return found
        if not self.keep and 0 < message_id < self.last_id:
            forgotten = {"message_id": message_id, "chat": self.wire, "date": 0, "text": ""}
            return Message(forgotten, from_bot=True)
        raise bad_request(f"message to {purpose} not found")


class World:
    """All state of one bot's corner of Telegram; `now` gives Unix seconds."""

    def __init__(self, bot: Json, now: Callable[[], int], *, record: bool, any_chat: bool) -> None:
        self.bot = bot
        self.now = now
        self.record = record
        self.any_chat = any_chat
        self.chats: dict[int, Chat] = {}
        self.files = FileStore()
        self.updates = UpdateQueue()
        self.delivered: Counter[int] = Counter()
        self.callbacks: dict[str, Json | None] = {}
        self.actions: list[tuple[int, str]] = []
        self.commands: dict[tuple[Any, ...], list[Json]] = {}
        self.descriptions: dict[tuple[str, str], str] = {}
        self.polls = 0

    def add_chat(self, wire: Json) -> Chat:
        return self.chats.setdefault(wire["id"], Chat(wire, keep=self.record))

    def chat(self, chat_id: int | str) -> Chat:
        """The chat of a request, whether or not the bot may write there."""
        if isinstance(chat_id, str):
            return self._named(chat_id)
        chat = self.chats.get(chat_id)
        if chat is not None:
            return chat
        if self.any_chat and chat_id > 0:
            return self.add_chat({"id": chat_id, "type": "private", "first_name": "Person"})
        raise bad_request("chat not found")

    def writable(self, chat_id: int | str) -> Chat:
        """The chat, or the ApiError of a person who has blocked the bot."""
        chat = self.chat(chat_id)
        if chat.forbidden is not None:
            raise ApiError(403, chat.forbidden)
        return chat

    def meet(self, update: Json) -> None:
        """Take note of the chat, message number and callback query of an update made elsewhere."""
        body = next(value for key, value in update.items() if key != "update_id")
        message = body.get("message", body)
        if "chat" in message:
            chat = self.add_chat(message["chat"])
            chat.last_id = max(chat.last_id, message.get("message_id", 0))
        if "callback_query" in update:
            self.callbacks.setdefault(body["id"], None)

    def _named(self, name: str) -> Chat:
        for chat in self.chats.values():
            if f"@{chat.wire.get('username')}" == name:
                return chat
        raise bad_request("chat not found")
