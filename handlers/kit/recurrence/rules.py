"""The rules a series can go by, from text: `RRULE:FREQ=MONTHLY;BYDAY=1MO`, `LUNAR:MONTHLY;DAY=15`.

Of RFC 5545 it takes what a union meets by: no rule within a day, no weeks or days of the year, all numbers
bounded, and `UNTIL` as the last day, on the wall.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from types import MappingProxyType

from handlers.kit.errors import RefusedError

SOLAR, LUNAR = "RRULE:", "LUNAR:"
# As the column has it.
LONGEST = 200
_LONGEST_MONTH = 30
_LAST_MONTH = 12


class RecurrenceError(RefusedError):
    """No rule that a series can go by; `key` names the sentence that says why."""


@dataclass(frozen=True, slots=True)
class SolarRule:
    """Parts of RFC 5545 by name; `text` is `RRULE:` with all of them."""

    parts: Mapping[str, str]

    @property
    def text(self) -> str:
        return SOLAR + ";".join(f"{name}={value}" for name, value in self.parts.items())

    @property
    def until(self) -> date | None:
        """The last day, on the wall; None where the rule itself names none."""
        return _day(self.parts["UNTIL"]) if "UNTIL" in self.parts else None


@dataclass(frozen=True, slots=True)
class LunarRule:
    """A lunar day each month, leap months too; with `month` each year, and never in a leap month.

    In a month of 29 days the 30th is its last day.
    """

    day: int
    month: int | None = None

    @property
    def text(self) -> str:
        if self.month is None:
            return f"{LUNAR}MONTHLY;DAY={self.day}"
        return f"{LUNAR}YEARLY;MONTH={self.month};DAY={self.day}"


Rule = SolarRule | LunarRule


def read(text: str) -> Rule:
    """The rule; RecurrenceError when it isn't one, or one that no series can go by."""
    line = "".join(text.split()).upper().removeprefix(SOLAR)
    if len(SOLAR + line) > LONGEST:
        raise RecurrenceError("recurrence/unreadable")
    if line.startswith(LUNAR):
        return _lunar(line.removeprefix(LUNAR))
    return _solar(_parts(line))


_MONTHLY = re.compile(r"MONTHLY;DAY=(\d{1,2})", re.ASCII)
_YEARLY = re.compile(r"YEARLY;MONTH=(\d{1,2});DAY=(\d{1,2})", re.ASCII)


def _lunar(line: str) -> LunarRule:
    if found := _MONTHLY.fullmatch(line):
        rule = LunarRule(int(found[1]))
    elif found := _YEARLY.fullmatch(line):
        rule = LunarRule(int(found[2]), int(found[1]))
    else:
        raise RecurrenceError("recurrence/unreadable")
    if not (1 <= rule.day <= _LONGEST_MONTH and (rule.month is None or 1 <= rule.month <= _LAST_MONTH)):
        raise RecurrenceError("recurrence/no_lunar_day")
    return rule


def _parts(line: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in line.split(";")]
    parts = {name: value for name, _, value in pairs}
    if len(parts) < len(pairs) or not all(_takes(name, value) for name, value in parts.items()):
        raise RecurrenceError("recurrence/unreadable")
    return parts


def _takes(name: str, value: str) -> bool:
    """Whether the value is one that this part may have; every number of a list has to be."""
    form = _FORMS.get(name)
    return form is not None and all(form(each) for each in value.split(","))


def _day(text: str) -> date:
    return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day, on the wall


def _is_day(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{8}", text, re.ASCII)) and bool(_day(text))
    except ValueError:
        return False


def _is_number(text: str, most: int, *, signed: bool = False) -> bool:
    if signed:
        text = text.removeprefix("-")
    return bool(re.fullmatch(r"[1-9]\d{0,2}", text, re.ASCII)) and int(text) <= most


_WEEKDAY = "(?:MO|TU|WE|TH|FR|SA|SU)"
_MOST_DAYS = 31
_FORMS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "FREQ": {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}.__contains__,
        "INTERVAL": partial(_is_number, most=99),
        "COUNT": partial(_is_number, most=999),
        "UNTIL": _is_day,
        "BYDAY": lambda text: bool(re.fullmatch(rf"(?:-?[1-5])?{_WEEKDAY}", text, re.ASCII)),
        "BYMONTHDAY": partial(_is_number, most=_MOST_DAYS, signed=True),
        "BYMONTH": partial(_is_number, most=_LAST_MONTH),
        "BYSETPOS": partial(_is_number, most=_MOST_DAYS, signed=True),
        "WKST": lambda text: bool(re.fullmatch(_WEEKDAY, text)),
    }
)
# Parts that hold one value and no list.
_SINGLE = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"})
_NUMBERED = re.compile(r"\d")


def _solar(parts: dict[str, str]) -> SolarRule:
    """What RFC 5545 forbids to stand together is refused, though the library would take it."""
    freq = parts.get("FREQ", "")
    forbidden = (
        not freq,
        any("," in parts.get(name, "") for name in _SINGLE),
        "COUNT" in parts and "UNTIL" in parts,
        "BYSETPOS" in parts and not {"BYDAY", "BYMONTHDAY", "BYMONTH"} & set(parts),
        freq == "WEEKLY" and "BYMONTHDAY" in parts,
        freq in {"DAILY", "WEEKLY"} and bool(_NUMBERED.search(parts.get("BYDAY", ""))),
    )
    if any(forbidden):
        raise RecurrenceError("recurrence/unreadable")
    return SolarRule(MappingProxyType(parts))
