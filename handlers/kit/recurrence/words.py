"""A rule in words."""

from datetime import datetime

from handlers.kit.recurrence.rules import LunarRule, Rule, SolarRule
from handlers.kit.texts import Texts

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ENDS = frozenset({"COUNT", "UNTIL"})
# What a rule may say for its words to be simple, by frequency.
_SIMPLE = {
    "DAILY": frozenset(),
    "WEEKLY": frozenset({"BYDAY"}),
    "MONTHLY": frozenset({"BYDAY", "BYMONTHDAY"}),
    "YEARLY": frozenset(),
}


def describe(texts: Texts, rule: Rule, first: datetime) -> str:
    """Such as "thứ Hai đầu tiên hằng tháng"; `first` says what the rule leaves open."""
    if isinstance(rule, LunarRule):
        return texts.label("recurrence/lunar", day=rule.day, month=rule.month)
    count, until = rule.parts.get("COUNT"), rule.until
    return _series(texts, rule, first) + texts.label("recurrence/ends", count=count, until=until)


def weekday(texts: Texts, day: int) -> str:
    """Monday is 0, as `date.weekday` has it."""
    return texts.label(f"recurrence/{_WEEKDAYS[day]}")


def _series(texts: Texts, rule: SolarRule, first: datetime) -> str:
    freq = rule.parts["FREQ"]
    says = set(rule.parts) - _ENDS - {"FREQ", "INTERVAL", "WKST"}
    which = _which(texts, rule, first) if len(says) < 2 and says <= _SIMPLE[freq] else None  # noqa: PLR2004 - one
    if which is None:
        return texts.label("recurrence/other", rule=rule.text)
    interval = int(rule.parts.get("INTERVAL", "1"))
    return texts.label(f"recurrence/{freq.lower()}", which=which, interval=interval)


def _which(texts: Texts, rule: SolarRule, first: datetime) -> str | None:
    """Which days; None for what is too much for a few words."""
    days, month_days = rule.parts.get("BYDAY"), rule.parts.get("BYMONTHDAY")
    match rule.parts["FREQ"]:
        case "WEEKLY":
            return _names(texts, days) if days else weekday(texts, first.weekday())
        case "MONTHLY" if days:
            return _numbered(texts, days)
        case "MONTHLY":
            return _month_day(texts, month_days or str(first.day))
        case _:
            return f"{first.day}/{first.month}"


def _names(texts: Texts, days: str) -> str:
    return ", ".join(weekday(texts, _WEEKDAYS.index(each)) for each in days.split(","))


def _numbered(texts: Texts, days: str) -> str | None:
    """One weekday of a month, such as "1MO"."""
    number, name = days[:-2], days[-2:]
    if "," in days or not number:
        return None
    return texts.label("recurrence/nth", number=int(number), weekday=_names(texts, name))


def _month_day(texts: Texts, days: str) -> str | None:
    if "," in days or (days.startswith("-") and days != "-1"):
        return None
    return texts.label("recurrence/month_day", day=int(days))
