"""A member with a telephone who looks at the newest message and does what it asks for, and tries again when
nothing happens: that is all people can do while a program dies under their hands.
"""

import asyncio
import re
from contextlib import suppress
from typing import Any

from handlers.kit.documents import Document
from tests.doubles.telegram import Person, TelegramDouble

# How long people look at a screen on which nothing happens.
PATIENCE_S = 5
# Under load a start takes ten seconds, and there are ten; it ends a test that would never end.
STUDY_WITHIN_S = 480
CONFIRM = "Tôi xác nhận đã học"
# What is pressed wherever it stands.
_WAYS_ON = ("Đồng ý", "Bắt đầu học", "Sau ›", "Tới lời xác nhận", CONFIRM, "Xong", "Câu tiếp")
_QUIZ = "Làm bài kiểm tra"
_CONFIRMED = ("Đã ghi nhận lúc", "Đã xác nhận học lúc")
_RESULT = ("Kết quả:", "cao nhất 100%")
_OPTION = re.compile(r"^([A-D])\. (.*)$", re.MULTILINE)


class Reader:
    """Links the account, reads and acknowledges; one who `takes_quiz` passes it at the first attempt."""

    def __init__(
        self, double: TelegramDouble, person: Person, invite: str, document: Document, *, takes_quiz: bool
    ) -> None:
        self.takes_quiz = takes_quiz
        # The press that stated it.
        self._statement: dict[str, Any] = {}
        self._double = double
        self._person = person
        self._invite = invite
        # The latest thing they did; updates are taken in order.
        self._update: dict[str, Any] = {}
        quiz = document.quiz
        self._right = {question.right for question in quiz.questions} if quiz else set()

    @property
    def has_acknowledged(self) -> bool:
        return bool(self._statement)

    @property
    def is_stating(self) -> bool:
        """Whether the acknowledgement was sent, and Telegram has not been told that it was taken."""
        return self._statement in self._double.pending

    @property
    def is_confirmed(self) -> bool:
        return self._saw(_CONFIRMED)

    async def study(self) -> None:
        """Return when everything was confirmed; AssertionError when it never is: something was lost."""
        with suppress(TimeoutError):
            async with asyncio.timeout(STUDY_WITHIN_S):
                while not self._is_done:
                    before = self._screen()
                    self._do_next()
                    await self._look(before)
        assert self._is_done, self._told()

    async def read(self) -> None:
        """Return when nothing but the acknowledgement is left to do."""
        while CONFIRM not in self._labels():
            before = self._screen()
            self._do_next()
            await self._look(before)

    def acknowledge(self) -> None:
        self._tap(CONFIRM)

    async def _look(self, before: list[tuple[int, int]]) -> None:
        """Wait until everything was taken and the screen has changed; when it doesn't, ask where one is."""
        try:
            await self._double.until(
                lambda: self._update not in self._double.pending and self._screen() != before,
                within=PATIENCE_S,
            )
        except TimeoutError:
            self._says("/hoctap")

    @property
    def _is_done(self) -> bool:
        return self.is_confirmed and (not self.takes_quiz or self._saw(_RESULT))

    def _do_next(self) -> None:
        chat = self._person.chat
        if not chat.sent or "mã mời" in chat.last.text:
            self._says(f"/start {self._invite}")
        elif label := self._choose(chat.last.text):
            self._tap(label)
        else:
            self._says("/hoctap")

    def _told(self) -> str:
        """What stood on the screen in the end, for whoever has to find out why."""
        last = "\n".join(str(message.wire) for message in self._person.chat.sent[-6:])
        return f"{self._statement=} {self._update=} {self.is_stating=}\n{last}"

    def _says(self, text: str) -> None:
        self._update = self._person.says(text)

    def _tap(self, label: str) -> None:
        self._update = self._person.taps(self._person.chat.last.id, label)
        if label == CONFIRM:
            self._statement = self._update

    def _labels(self) -> list[str]:
        sent = self._person.chat.sent
        return [label for row in sent[-1].buttons for label in row] if sent else []

    def _choose(self, text: str) -> str:
        """The button under the newest message to press; empty when none leads on."""
        ways = (*_WAYS_ON, _QUIZ) if self.takes_quiz else _WAYS_ON
        # It is stated once: from then on it must be known, whatever screen stands there.
        for way in (way for way in ways if not (way == CONFIRM and self.has_acknowledged)):
            for label in self._labels():
                if label.startswith(way):
                    return label
        return next((letter for letter, option in _OPTION.findall(text) if option in self._right), "")

    def _saw(self, words: tuple[str, ...]) -> bool:
        """Whether one of the bot's messages holds or held any of the words."""
        texts = [
            wire.get("text", "")
            for message in self._person.chat.sent
            for wire in (*message.history, message.wire)
        ]
        return any(word in text for text in texts for word in words)

    def _screen(self) -> list[tuple[int, int]]:
        return [(message.id, len(message.history)) for message in self._person.chat.sent]
