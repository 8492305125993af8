"""What officers may decide about a campaign, and what is due when: from records and `now` alone."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from handlers.kit.documents import Document
from handlers.kit.hours import is_daytime

# Days before the deadline on which those who are missing are reminded.
REMINDER_DAYS = (7, 3, 1, 0)
# The lists of those who are late are still worth sending for so long, if the machine was off.
LATE_FOR = timedelta(days=14)
MAX_YEARS_AHEAD = 2


class Publishing(StrEnum):
    """What publishing a document means, beside the campaign that is open for it."""

    NEW = "new"
    # The same edition in other words: what was acknowledged stays valid.
    CORRECTION = "correction"
    # The meaning changed: everybody studies again.
    NEW_EDITION = "new_edition"
    UNCHANGED = "unchanged"
    OLDER = "older"


@dataclass(frozen=True, slots=True)
class Version:
    hash: str
    edition: int


def publishing(running: Version | None, offered: Version) -> Publishing:
    if running is None:
        return Publishing.NEW
    if offered.hash == running.hash:
        return Publishing.UNCHANGED
    if offered.edition == running.edition:
        return Publishing.CORRECTION
    return Publishing.NEW_EDITION if offered.edition > running.edition else Publishing.OLDER


def deadline_problem(deadline: date | None, today: date) -> str | None:
    """The key of the sentence that says why it can't be the deadline."""
    if deadline is None or today <= deadline <= latest_deadline(today):
        return None
    return "campaign/deadline_past" if deadline < today else "campaign/deadline_far"


def latest_deadline(today: date) -> date:
    # 28 February follows 29 February in years without one.
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return today.replace(year=today.year + MAX_YEARS_AHEAD, day=day)


def mark_problem(pass_mark: int, document: Document) -> str | None:
    """The key of the sentence that says why it can't be the pass mark."""
    if not is_percent(pass_mark):
        return "campaign/mark_range"
    return "campaign/no_quiz" if pass_mark and document.quiz is None else None


def is_percent(number: int) -> bool:
    return 0 <= number <= 100  # noqa: PLR2004 - the meaning of the word


_MARK = re.compile(r"(\d{1,3})\s*%?", re.ASCII)


def parse_mark(text: str) -> int | None:
    """A percentage, written as 80 or 80 %."""
    match = _MARK.fullmatch(text.strip())
    return int(match[1]) if match and is_percent(int(match[1])) else None


def default_mark(document: Document) -> int:
    return document.quiz.pass_mark if document.quiz else 0


# Reminders.


def reminder_due(deadline: date | None, local: datetime) -> int | None:
    """How many days before the deadline today's reminder stands for; None when there is none now.

    Only today's: one that was missed, because the machine was off, isn't sent late.
    """
    if deadline is None or not is_daytime(local):
        return None
    left = (deadline - local.date()).days
    return left if left in REMINDER_DAYS else None


def is_late_list_due(deadline: date | None, local: datetime) -> bool:
    if deadline is None or not is_daytime(local):
        return False
    return timedelta(0) < local.date() - deadline <= LATE_FOR


def begin_of_day(local: datetime) -> datetime:
    return datetime.combine(local.date(), time(), local.tzinfo)


def end_of_day(local: datetime) -> datetime:
    """The first moment of the next day, in the time zone of `local`."""
    return datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)


# Reading takes about so many syllables a minute, and a question of the quiz half a minute.
_SYLLABLES_A_MINUTE = 220


def minutes(document: Document, pass_mark: int) -> int:
    """About how long it takes to read the document and, where it is asked for, the quiz."""
    syllables = sum(len(card.body.split()) for card in document.cards)
    questions = document.quiz.draw if document.quiz and pass_mark else 0
    return max(1, round(syllables / _SYLLABLES_A_MINUTE + questions / 2))
