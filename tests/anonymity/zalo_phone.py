"""A person's telephone with Zalo, before a program of which only that is known what it says."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.anonymity.phone import PATIENCE_S
from tests.doubles.zalo import BotPerson, ZaloBotDouble
from tests.lines.zalo import choices_in


class ZaloPhone:
    """A button is what stands before its words, and is typed. What people see stays."""

    def __init__(self, double: ZaloBotDouble, person: BotPerson) -> None:
        self.person = person
        self.events: list[dict[str, Any]] = []
        self._double = double

    async def says(self, text: str, sees: str) -> None:
        """Return when something new holds the words of `sees`."""
        await self._seen(sees, lambda: self.person.says(text))

    async def sends_file(
        self,
        name: str,  # noqa: ARG002 - Zalo tells none
        mime: str,  # noqa: ARG002
        content: bytes,
        caption: str,
        sees: str,
    ) -> None:
        """As a picture, whatever it is: nothing else has an address."""
        await self._seen(sees, lambda: self.person.sends_photo(content, caption))

    async def taps(self, label: str, sees: str) -> None:
        # A long message comes in parts, and the choices with the last.
        await self._double.until(lambda: self._mark(label) != "", within=PATIENCE_S)
        await self.presses(self.payload(label), sees)

    async def presses(self, payload: str, sees: str) -> None:
        await self.says(payload, sees)

    def payload(self, label: str) -> str:
        mark = self._mark(label)
        assert mark, f"no choice {label!r} in sight: {self.text}"
        return mark

    @property
    def text(self) -> str:
        return "\n\n".join(message.text for message in self.person.chat.sent)

    @property
    def ids(self) -> list[str]:
        """Everything by which Zalo knows this person and what they did."""
        sent = [message.id for message in self.person.chat.sent]
        return [self.person.id, *sent, *(event["message"]["message_id"] for event in self.events)]

    async def presses_in_vain(self, payload: str, died: Callable[[], Awaitable[object]]) -> None:
        self._unanswered = payload
        self.events.append(self.person.says(payload))
        await died()
        # Nobody brings it again.
        await self._double.until(lambda: not self._double.pending, within=PATIENCE_S)

    async def comes_back(self, sees: str) -> None:
        """Whoever got no answer types the same once more."""
        await self.says(self._unanswered, sees)

    def _mark(self, label: str) -> str:
        for message in reversed(self.person.chat.sent):
            for words, mark in choices_in(message.text):
                if label in words:
                    return mark
        return ""

    async def _seen(self, words: str, deed: Callable[[], dict[str, Any]]) -> None:
        before = len(self.person.chat.sent)
        event = deed()
        self.events.append(event)
        await self._double.until(
            lambda: (
                event not in self._double.pending
                and any(words in message.text for message in self.person.chat.sent[before:])
            ),
            within=PATIENCE_S,
        )
