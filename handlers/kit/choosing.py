"""What a text chooses of the menus that a person has been shown (`choices`)."""

import re
import unicodedata
from collections.abc import Callable, Sequence

from handlers.kit.choices import Choice, Menu, is_letter
from handlers.kit.vietnamese import fold

# What people type to go on, whatever the button that leads on is called: "Sau ›", "Câu tiếp ›".
_ONWARD = frozenset({"tiep", "tiep theo", "tiep tuc", "xem tiep"})
# "2. " at the beginning of a button, "(10 người)" at its end.
_ASIDE = re.compile(r"^[0-9]{1,3}\. | \([^()]*\)$")
# "2", "2.", "2)", "số 2", "chọn 2": as people write it.
_NUMBER = re.compile(r"(?:so|chon|muc|cau|nut)? ?0{0,3}(\d{1,3})", re.ASCII)
# "b", "B.", "chọn B", "đáp án b".
_LETTER = re.compile(r"(?:(?:chon|dap an|chu) )?([a-z])")


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
    return lambda at, choice: (not choice.mark or is_letter(choice.label)) and str(at) == mark


def _bare(text: str) -> str:
    """Full-width digits as digits, without diacritics, capitals, punctuation and pictures."""
    plain = unicodedata.normalize("NFKC", text)
    return " ".join("".join(letter if letter.isalnum() else " " for letter in fold(plain)).split())
