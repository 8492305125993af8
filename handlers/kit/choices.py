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
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count, repeat
from string import ascii_lowercase

from handlers.kit.markup import plain
from handlers.kit.reply import Button, Reply
from handlers.kit.vietnamese import fold

# Lines of one message; the others are shown when they are asked for.
ON_A_PAGE = 20
# Numbers that a person can be asked to type, and messages whose choices are remembered.
_HIGHEST = 199
_MOST_MENUS = 8
# "1. Đi", "2) Không", "3: Chưa biết": the number that a line begins with. "10:00" and "8-10 người" are none.
_LISTED = re.compile(r"^[^\w\n]{0,8}([0-9]{1,3}) ?[.):-](?!\d)", re.MULTILINE)
# What people type to go on, whatever the button that leads on is called: "Sau ›", "Câu tiếp ›".
_ONWARD = frozenset({"tiep", "tiep theo", "tiep tuc", "xem tiep"})
# "2. " at the beginning of a button, "(10 người)" at its end.
_ASIDE = re.compile(r"^[0-9]{1,3}\. | \([^()]*\)$")
# "2", "2.", "2)", "số 2", "chọn 2": as people write it.
_NUMBER = re.compile(r"(?:so|chon|muc|cau|nut)? ?0{0,3}(\d{1,3})", re.ASCII)
# "b", "B.", "chọn B", "đáp án b".
_LETTER = re.compile(r"(?:(?:chon|dap an|chu) )?([a-z])")


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


def find(menus: Sequence[Menu], text: str) -> tuple[Menu, Choice] | None:
    """What the text chooses: a mark, the words of a choice with or without diacritics, or the whole line. Of
    what is offered twice the newest counts; words that mean two things in one message choose nothing. Where
    the bot waits for words, those of menus that are over are somebody's own.
    """
    said = _bare(text)
    mark = number_in(text) or letter_in(text).lower() or said
    standing = [each for each in menus if not each.is_over]
    worded = standing if menus and menus[-1].lettered else menus
    for is_meant, among in (
        (_by_mark(mark), standing),
        (_by_line(said), standing),
        (_by_words(said), worded),
        (_by_words(said, _ASIDE), standing),
        (_onward(said), [each for each in standing[-1:] if not each.lettered]),
        (_by_place(mark), _countable(standing, mark)),
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


def letter_in(text: str) -> str:
    """The letter that somebody chooses by, as it is shown; empty where the text is none."""
    found = _LETTER.fullmatch(_bare(text))
    return found[1].upper() if found else ""


def _countable(standing: Sequence[Menu], mark: str) -> list[Menu]:
    """Of two without marks nobody knows which one was counted, and a list above the choices has the number
    already.
    """
    is_alone = len(standing) == 1
    free = (each for each in standing if not each.lettered and mark not in each.listed)
    return [each for each in free if each.has_marks or is_alone]


# Whether the choice that stands at this place of its menu, counted from 1, is meant.
_IsMeant = Callable[[int, Choice], bool]


def _by_mark(mark: str) -> _IsMeant:
    return lambda _at, choice: bool(mark) and choice.mark == mark


def _by_words(said: str, unsaid: re.Pattern[str] | None = None) -> _IsMeant:
    """`unsaid` is what nobody types of a label."""

    def words(label: str) -> str:
        return _bare(unsaid.sub("", label) if unsaid else label)

    return lambda _at, choice: bool(said) and words(choice.label) == said


def _onward(said: str) -> _IsMeant:
    return lambda _at, choice: said in _ONWARD and choice.label.endswith("›")


def _by_line(said: str) -> _IsMeant:
    first, _, words = said.partition(" ")
    mark = number_in(first) or first
    return lambda _at, choice: bool(mark) and choice.mark == mark and _bare(choice.label) == words


def _by_place(mark: str) -> _IsMeant:
    """Answers that have letters of their own, and buttons, can be counted."""
    return lambda at, choice: (not choice.mark or _is_letter(choice.label)) and str(at) == mark


def lines(choices: Iterable[Choice]) -> list[str]:
    """A line for each; none for a letter that stands before its answer already."""
    return [_line(each) for each in choices if not _is_letter(each.label)]


def _line(choice: Choice) -> str:
    mark = f"{choice.mark.upper()}. "
    return choice.label if choice.label.startswith(mark) else mark + choice.label


def _marked(buttons: Iterable[Button], free: Iterator[str], numbers: Sequence[str]) -> Iterator[Choice]:
    for button in buttons:
        yield Choice(_own_mark(button.label, numbers) or next(free), button.label, button.payload)


def _own_mark(label: str, numbers: Sequence[str]) -> str:
    """The letter that a label is, or the one of these numbers that it begins with; empty for most."""
    if _is_letter(label):
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


def _is_letter(label: str) -> bool:
    return len(label) == 1 and label.lower() in ascii_lowercase


def _event(key: str) -> str:
    """Keys of answers to one event differ in what follows their last colon."""
    return key.rpartition(":")[0]


def _bare(text: str) -> str:
    """Full-width digits as digits, without diacritics, capitals, punctuation and pictures."""
    plain = unicodedata.normalize("NFKC", text)
    return " ".join("".join(letter if letter.isalnum() else " " for letter in fold(plain)).split())
