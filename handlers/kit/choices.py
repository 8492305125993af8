"""Buttons for a channel that has none, or too few: lines with marks in front, and what people answer with.

A reply's menu takes the place of every earlier one, and its numbers begin with 1; of those before only the
words go on being understood. What is sent without being asked goes on counting instead: it may arrive while
somebody answers the menu above it, and a number must never come to mean something that the person hadn't
seen. Where the bot waits for words, choices bear letters: a number that is typed there is an answer.

Where a platform shows a few choices as buttons, these bear no marks, because nobody would see them. They can
be typed as words, and be counted where no words are awaited and nothing else is offered.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count, repeat
from string import ascii_lowercase

from handlers.kit.reply import Button, Reply
from handlers.kit.vietnamese import fold

# Lines of one message; the others are shown when they are asked for.
ON_A_PAGE = 20
# Numbers that a person can be asked to type, and messages whose choices are remembered.
_HIGHEST = 199
_MOST_MENUS = 8
# "2", "2.", "2)", "số 2", "chọn 2": as people write it.
_NUMBER = re.compile(r"(?:so|chon|muc|cau|nut)? ?0{0,3}(\d{1,3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Choice:
    """One button. `mark` stands before it, and is what people type: a number, or a letter; empty where it is
    shown as a button.
    """

    mark: str
    label: str
    payload: str


@dataclass(frozen=True, slots=True)
class Menu:
    """What the message `key` offers; `shown` says how many of the choices the person has been shown. One that
    is over is answered by its words alone.
    """

    key: str
    choices: tuple[Choice, ...]
    lettered: bool = False
    is_over: bool = False
    shown: int = ON_A_PAGE

    @property
    def page(self) -> tuple[Choice, ...]:
        """The choices that are shown last."""
        return self.choices[self.shown - ON_A_PAGE : self.shown]

    @property
    def has_marks(self) -> bool:
        return bool(self.choices and self.choices[0].mark)

    @property
    def hidden(self) -> int:
        return max(len(self.choices) - self.shown, 0)

    def next_page(self) -> "Menu":
        return replace(self, shown=self.shown + ON_A_PAGE)


def offer(reply: Reply, key: str, before: Sequence[Menu], *, is_answer: bool, most_buttons: int = 0) -> Menu:
    """The menu of the message `key`, after those that stand. Tried again it gets the marks it had. Up to
    `most_buttons` choices are shown as buttons.
    """
    again = next((each for each in before if each.key == key), None)
    if again is not None:
        return again
    counted = [each for each in before if _goes_on(each, key, is_answer=is_answer)]
    lettered = reply.lettered or (not is_answer and any(each.lettered for each in counted))
    buttons = [button for row in reply.buttons for button in row]
    taken = {*_marks(counted), *(each.label.lower() for each in buttons if _is_letter(each.label))}
    if len(buttons) <= most_buttons:
        free: Iterator[str] = repeat("")
    else:
        free = _letters(taken) if lettered else _numbers(taken)
    return Menu(key, tuple(_marked(buttons, free)), lettered)


def standing(before: Sequence[Menu], menu: Menu, *, is_answer: bool) -> list[Menu]:
    """Which menus are remembered when this one has been shown, the newest last."""
    kept = (each for each in before if each.key != menu.key)
    ended = (replace(each, is_over=not _goes_on(each, menu.key, is_answer=is_answer)) for each in kept)
    return [*ended, menu][-_MOST_MENUS:]


def _goes_on(menu: Menu, key: str, *, is_answer: bool) -> bool:
    """Whether it can be answered by its marks beside what the message `key` offers."""
    return not menu.is_over and (not is_answer or _event(menu.key) == _event(key))


def find(menus: Sequence[Menu], text: str) -> tuple[Menu, Choice] | None:
    """What the text chooses: a mark, the words of a choice with or without diacritics, or the whole line. Of
    what is offered twice the newest counts; words that mean two things in one message choose nothing. Where
    the bot waits for words, those of menus that are over are somebody's own.
    """
    said = _bare(text)
    mark = number_in(text) or said
    standing = [each for each in menus if not each.is_over]
    for is_meant, among in (
        (_by_mark(mark), standing),
        (_by_line(said), standing),
        (_by_words(said), standing if menus and menus[-1].lettered else menus),
        (_by_place(mark), _countable(standing)),
    ):
        for menu in reversed(among):
            found = [each for at, each in enumerate(menu.choices, 1) if is_meant(at, each)]
            if len(found) == 1:
                return menu, found[0]
    return None


def number_in(text: str) -> str:
    """The number that somebody chooses by; empty where the text is none."""
    found = _NUMBER.fullmatch(_bare(text))
    return str(int(found[1])) if found else ""


def is_letter(text: str) -> bool:
    """Whether somebody chooses by a letter."""
    return _is_letter(_bare(text))


def _countable(standing: Sequence[Menu]) -> list[Menu]:
    """Of two without marks nobody knows which one was counted."""
    is_alone = len(standing) == 1
    return [each for each in standing if not each.lettered and (each.has_marks or is_alone)]


# Whether the choice that stands at this place of its menu, counted from 1, is meant.
_IsMeant = Callable[[int, Choice], bool]


def _by_mark(mark: str) -> _IsMeant:
    return lambda _at, choice: bool(mark) and choice.mark == mark


def _by_words(said: str) -> _IsMeant:
    return lambda _at, choice: bool(said) and _bare(choice.label) == said


def _by_line(said: str) -> _IsMeant:
    first, _, words = said.partition(" ")
    mark = number_in(first) or first
    return lambda _at, choice: bool(mark) and choice.mark == mark and _bare(choice.label) == words


def _by_place(mark: str) -> _IsMeant:
    """Answers that have letters of their own, and buttons, can be counted."""
    return lambda at, choice: (not choice.mark or _is_letter(choice.label)) and str(at) == mark


def lines(choices: Iterable[Choice]) -> list[str]:
    """A line for each; none for a letter that stands before its answer already."""
    return [f"{each.mark.upper()}. {each.label}" for each in choices if not _is_letter(each.label)]


def _marked(buttons: Iterable[Button], free: Iterator[str]) -> Iterator[Choice]:
    for button in buttons:
        mark = button.label.lower() if _is_letter(button.label) else next(free)
        yield Choice(mark, button.label, button.payload)


def _numbers(taken: set[str]) -> Iterator[str]:
    """Those after the last that is taken; after the highest, what is left from 1 on."""
    used = max((int(mark) for mark in taken if mark.isdigit()), default=0)
    return (mark for mark in map(str, count(used + 1 if used < _HIGHEST else 1)) if mark not in taken)


def _letters(taken: set[str]) -> Iterator[str]:
    """The letters that are left, then pairs of letters."""
    pairs = (one + other for one in ascii_lowercase for other in ascii_lowercase)
    return (mark for mark in chain(ascii_lowercase, pairs) if mark not in taken)


def _marks(menus: Iterable[Menu]) -> Iterator[str]:
    return (choice.mark for menu in menus for choice in menu.choices)


def _is_letter(label: str) -> bool:
    return len(label) == 1 and label.lower() in ascii_lowercase


def _event(key: str) -> str:
    """Keys of answers to one event differ in what follows their last colon."""
    return key.rpartition(":")[0]


def _bare(text: str) -> str:
    """Full-width digits as digits, without diacritics, capitals, punctuation and pictures."""
    plain = unicodedata.normalize("NFKC", text)
    return " ".join("".join(letter if letter.isalnum() else " " for letter in fold(plain)).split())
