"""`Talk` plays one person's conversation through a channel: `says`, `taps`, `sees`."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Protocol

_TAG = re.compile(r"<[^>]*>")
_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>')
_MARKS = {"b": "**", "i": "__", "code": "`"}


def words_of(text: str) -> str:
    """Neutral markup without its tags."""
    return unescape(_TAG.sub("", text))


def spelled(text: str) -> str:
    """Neutral markup with the marks that people type for it."""
    marked = _LINK.sub(r"[\2](\1)", text)
    for tag, mark in _MARKS.items():
        marked = re.sub(f"</?{tag}>", mark, marked)
    return words_of(marked)


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as the person sees it; `buttons` are (label, payload)."""

    id: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    file: tuple[str, bytes] | None = None


class Line(Protocol):
    """One person's end of a channel."""

    async def send(self, text: str) -> None:
        """Write, and wait until every answer has arrived."""
        ...

    async def send_rich(self, text: str) -> None:
        """Write neutral markup in the way that people format here."""
        ...

    async def send_file(self, name: str, mime: str, content: bytes, caption: str) -> None:
        """A picture or document with neutral markup under it."""
        ...

    async def send_media(self, kind: str) -> None: ...

    async def press(self, message: Shown, payload: str, label: str) -> None: ...

    def shown(self) -> list[Shown]:
        """Every message of the bot, in order, as it stands now."""
        ...

    def notices(self) -> list[str]:
        """Every short notice so far."""
        ...


class Talk:
    """A person at a line. What they see is what came or changed since their last input."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._before: list[Shown] = []
        self._notices_before = 0

    async def says(self, text: str) -> None:
        self._mark()
        await self._line.send(text)
        self._answered()

    async def writes(self, text: str) -> None:
        """A formatted text, given as neutral markup: `<b>Dear</b> all`."""
        self._mark()
        await self._line.send_rich(text)
        self._answered()

    async def sends_file(self, name: str, mime: str, content: bytes, caption: str = "") -> None:
        """A picture or document; the caption is neutral markup."""
        self._mark()
        await self._line.send_file(name, mime, content, caption)
        self._answered()

    async def sends(self, kind: str) -> None:
        """A photo, sticker, voice…"""
        self._mark()
        await self._line.send_media(kind)
        self._answered()

    async def taps(self, label: str) -> None:
        """Press the newest button whose label holds `label`."""
        for message in reversed(self._line.shown()):
            for name, payload in message.buttons:
                if label in name:
                    await self.presses(message, payload, name)
                    return
        raise AssertionError(f"no button {label!r} in sight; there are: {self.buttons}")

    async def presses(self, message: Shown, payload: str, label: str = "") -> None:
        """Press with any payload: an old one, a forged one."""
        self._mark()
        await self._line.press(message, payload, label)
        self._answered()

    def sees(self, *parts: str) -> None:
        for part in parts:
            assert part in self.screen, f"{part!r} is not in:\n{self.screen}"

    def misses(self, *parts: str) -> None:
        for part in parts:
            assert part not in self.screen, f"{part!r} should not be in:\n{self.screen}"

    @property
    def new(self) -> list[Shown]:
        return [message for message in self._line.shown() if message not in self._before]

    @property
    def notice(self) -> str:
        return "\n".join(self._line.notices()[self._notices_before :])

    @property
    def screen(self) -> str:
        """The text of what is new, notices included."""
        return "\n\n".join([*(message.text for message in self.new), self.notice]).strip()

    @property
    def all(self) -> list[Shown]:
        """Every message of the bot as it stands now."""
        return self._line.shown()

    @property
    def last(self) -> Shown:
        """The newest message of all."""
        return self._line.shown()[-1]

    @property
    def buttons(self) -> list[str]:
        """The labels on what is new."""
        return [label for message in self.new for label, _ in message.buttons]

    @property
    def files(self) -> list[tuple[str, bytes]]:
        return [message.file for message in self.new if message.file]

    def look(self) -> None:
        """Everything seen so far is old; what comes from now on is new."""
        self._mark()

    def _mark(self) -> None:
        self._before = self._line.shown()
        self._notices_before = len(self._line.notices())

    def _answered(self) -> None:
        assert self.screen, "silence: no message, no change, no notice"
