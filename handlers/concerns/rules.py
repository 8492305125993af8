"""What a concern may hold, what names its writer, and when it is due: pure."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from handlers.kit.calendar import Workdays
from handlers.kit.phones import PHONE
from handlers.kit.vietnamese import fold
from storage.concerns.cases import Case, State
from storage.members import Member

# In characters, over all that was written for one concern.
LONGEST_TEXT = 4_000
MOST_FILES = 3
# Cases aren't destroyed all at the same distance from their end, but in one of so many months.
FUZZY_MONTHS = 2
_SUNDAY = timedelta(days=6)
# Two words of a name that stand together name a person; one may be any word.
_WORDS_THAT_NAME = 2


@dataclass(frozen=True, slots=True, weakref_slot=True)
class DraftFile:
    """Cleaned already. `name` is one of ours: the sent one may tell whose it is."""

    name: str
    mime: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Draft:
    """A concern while it is written; in memory only. `secret` becomes the receipt."""

    category: str
    secret: bytes = field(repr=False)
    text: str = field(default="", repr=False)
    files: tuple[DraftFile, ...] = field(default=(), repr=False)

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.files)


def joined(text: str, more: str) -> str:
    """What was written before, and what came now below it."""
    return "\n\n".join(filter(None, (text, more.strip())))


def is_too_long(text: str) -> bool:
    return len(text) > LONGEST_TEXT


def names_writer(text: str, writer: Member) -> bool:
    """Whether the text holds the writer's name, or two words of it that follow each other, their code or a
    telephone number.
    """
    words = re.findall(r"\w+", fold(text))
    name = fold(writer.full_name).split()
    pairs = {tuple(name[at : at + _WORDS_THAT_NAME]) for at in range(len(name) - 1)}
    has_name = any(tuple(words[at : at + _WORDS_THAT_NAME]) in pairs for at in range(len(words) - 1))
    return has_name or fold(writer.code) in words or PHONE.search(text) is not None


def due_on(week: date, workdays: Workdays, answer_days: int) -> date:
    """The last day for a first answer, so many working days after the week in which it came."""
    return workdays.add(week + _SUNDAY, answer_days)


def closes_on(case: Case, close_weeks: int, kept_months: int) -> date | None:
    """The Monday or first of a month from which on it closes by itself; None while it doesn't: a concern
    without an answer stays, and so does what is under way.
    """
    if case.first_answer_week is None or case.state not in {State.ANSWERED, State.TO_DIALOGUE}:
        return None
    soonest = case.quiet_since + timedelta(weeks=close_weeks + 1)
    if case.state is State.ANSWERED:
        return soonest
    # A dialogue comes months later; after that its results are with everybody.
    return max(soonest, month_after(case.quiet_since, kept_months))


def month_after(day: date, months: int) -> date:
    """The first day of the month that comes so many months after the day's."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
