"""A person's telephone with Telegram, before a program of which only that is known what it says."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.doubles.telegram import Message, Person, TelegramDouble

# As long as a page of the web chat is looked at.
PATIENCE_S = 20


class Phone:
    def __init__(self, double: TelegramDouble, person: Person) -> None:
        self.person = person
        self.updates: list[dict[str, Any]] = []
        self._double = double

    async def says(self, text: str, sees: str) -> None:
        """Return when something new holds the words of `sees`."""
        await self._seen(sees, lambda: self.person.says(text))

    async def sends_file(self, name: str, mime: str, content: bytes, caption: str, sees: str) -> None:
        await self._seen(sees, lambda: self.person.sends_document(content, name, mime, caption))

    async def taps(self, label: str, sees: str) -> None:
        payload = self.payload(label)
        await self.presses(payload, sees)

    async def presses(self, payload: str, sees: str) -> None:
        """Whatever the button was; it is that of the latest message."""
        latest = self.person.chat.sent[-1].id if self.person.chat.sent else 1
        await self._seen(sees, lambda: self.person.presses(latest, payload))

    def payload(self, label: str) -> str:
        for message in reversed(self.person.chat.sent):
            if any(label in each for row in message.buttons for each in row):
                return message.data(next(each for row in message.buttons for each in row if label in each))
        raise AssertionError(f"no button {label!r} in sight: {self.text}")

    @property
    def text(self) -> str:
        """All of the bot's messages as they stand."""
        return "\n\n".join(message.text for message in self.person.chat.sent)

    @property
    def ids(self) -> list[str]:
        """Everything by which Telegram knows this person and what they did."""
        messages = [str(message.id) for message in self.person.chat.all.values()]
        return [str(self.person.id), *messages, *(str(update["update_id"]) for update in self.updates)]

    async def presses_in_vain(self, payload: str, died: Callable[[], Awaitable[object]]) -> None:
        self.updates.append(self.person.presses(self.person.chat.sent[-1].id, payload))
        await died()

    async def comes_back(self, sees: str) -> None:
        update = self.updates[-1]
        await self._double.until(
            lambda: update not in self._double.pending and sees in self.text, within=PATIENCE_S
        )

    async def _seen(self, words: str, deed: Callable[[], dict[str, Any]]) -> None:
        before = {message.id: len(message.history) for message in self.person.chat.all.values()}
        update = deed()
        self.updates.append(update)

        def is_new(message: Message) -> bool:
            return words in message.text and before.get(message.id) != len(message.history)

        await self._double.until(
            lambda: update not in self._double.pending and any(map(is_new, self.person.chat.sent)),
            within=PATIENCE_S,
        )
