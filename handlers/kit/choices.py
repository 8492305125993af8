"""Buttons for a channel that has none, or too few: lines with marks in front, and what people answer with.

A reply's menu takes the place of every earlier one, and its numbers begin with 1; of those before only the
words go on being understood. What is sent without being asked goes on counting instead: it may arrive while
somebody answers the menu above it, and a number must never come to mean something that the person hadn't
seen. Where the bot waits for words, choices bear letters: a number that is typed there is an answer.

Where a platform shows a few choices as buttons, these bear no marks, because nobody would see them. They can
be typed as words, and be counted where no words are awaited and nothing else is offered.

People list things in what they send to others, and ask for a number: "1. Đi, 2. Không đi". Whoever answers
that must not choose from a menu that stood before, so that a number of such a list chooses nothing.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count, repeat
from string import ascii_lowercase

from handlers.kit.markup import plain
from handlers.kit.reply import Button, Reply

# Lines of one message; the others are shown when they are asked for.
ON_A_PAGE = 20
# Numbers that a person can be asked to type, and messages whose choices are remembered.
_HIGHEST = 199
_MOST_MENUS = 8
# "1. Đi", "2) Không", "3: Chưa biết": the number that a line begins with. "10:00" and "8-10 người" are none.
_LISTED = re.compile(r"^[^\w\n]{0,8}([0-9]{1,3}) ?[.):-](?!\d)", re.MULTILINE)


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
    is over is answered by its words alone. `listed` are numbers that stand in the text above the choices.
    """

    key: str
    choices: tuple[Choice, ...]
    lettered: bool = False
    is_over: bool = False
    shown: int = ON_A_PAGE
    listed: tuple[str, ...] = ()

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
    numbers = () if is_answer else listed(reply)
    own = () if lettered else numbers
    taken = {*_marks(counted), *numbers, *(_own_mark(each.label, own) for each in buttons)}
    if len(buttons) <= most_buttons:
        free: Iterator[str] = repeat("")
    else:
        free = _letters(taken) if lettered else _numbers(taken)
    return Menu(key, tuple(_marked(buttons, free, own)), lettered, listed=numbers)


def listed(reply: Reply) -> tuple[str, ...]:
    """The numbers that lines of its text begin with."""
    return tuple(dict.fromkeys(str(int(each)) for each in _LISTED.findall(plain(reply.text))))


def standing(before: Sequence[Menu], menu: Menu, *, is_answer: bool) -> list[Menu]:
    """Which menus are remembered when this one has been shown, the newest last."""
    kept = (each for each in before if each.key != menu.key)
    ended = [
        replace(each, is_over=not _goes_on(each, menu.key, is_answer=is_answer) or _is_covered(each, menu))
        for each in kept
    ]
    return [*ended, *([menu] if menu.choices or is_answer else [])][-_MOST_MENUS:]


def _is_covered(menu: Menu, by: Menu) -> bool:
    """Whether somebody who answers the list in a later text could choose from this menu."""
    marked = (each.mark if each.mark.isdigit() else str(at) for at, each in enumerate(menu.choices, 1))
    return not menu.lettered and not set(by.listed).isdisjoint(marked)


def _goes_on(menu: Menu, key: str, *, is_answer: bool) -> bool:
    """Whether it can be answered by its marks beside what the message `key` offers."""
    return not menu.is_over and (not is_answer or _event(menu.key) == _event(key))


def lines(choices: Iterable[Choice]) -> list[str]:
    """A line for each; none for a letter that stands before its answer already."""
    return [_line(each) for each in choices if not is_letter(each.label)]


def _line(choice: Choice) -> str:
    mark = f"{choice.mark.upper()}. "
    return choice.label if choice.label.startswith(mark) else mark + choice.label


def _marked(buttons: Iterable[Button], free: Iterator[str], numbers: Sequence[str]) -> Iterator[Choice]:
    for button in buttons:
        yield Choice(_own_mark(button.label, numbers) or next(free), button.label, button.payload)


def _own_mark(label: str, numbers: Sequence[str]) -> str:
    """The letter that a label is, or the one of these numbers that it begins with; empty for most."""
    if is_letter(label):
        return label.lower()
    found = _LISTED.match(label)
    number = str(int(found[1])) if found else ""
    return number if number in numbers else ""


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


def is_letter(label: str) -> bool:
    """Whether a label is its own mark: "B" of a quiz, whose answers stand in the text."""
    return len(label) == 1 and label.lower() in ascii_lowercase


def _event(key: str) -> str:
    """Keys of answers to one event differ in what follows their last colon."""
    return key.rpartition(":")[0]
