"""The whole days of a member's calendar: what is marked, what is off, and for officers what is due."""

from collections.abc import Iterator
from datetime import date, timedelta

from handlers.feed.model import Day
from handlers.kit.access import Right, may
from handlers.kit.calendar import Kind, Observance, Workdays, is_weekend, to_lunar, workdays
from handlers.kit.context import Work
from storage import duties
from storage.members import Member

_ONE_DAY = timedelta(days=1)


async def days_for(work: Work, me: Member) -> list[Day]:
    """Of this year and the next, in their order; and every duty that isn't done yet."""
    known = await workdays(work)
    year = work.today.year
    found = [each for day in _days(date(year, 1, 1), date(year + 2, 1, 1)) for each in _on(work, known, day)]
    if may(me, Right.SEE_DUTIES):
        found += await _duties(work)
    return sorted(found, key=lambda each: each.day)


def _days(begin: date, end: date) -> Iterator[date]:
    while begin < end:
        yield begin
        begin += _ONE_DAY


def _on(work: Work, known: Workdays, day: date) -> Iterator[Day]:
    """What is marked, each by itself; and the day that is off, or worked, where none of them says so."""
    observances = work.services.calendar.on(day)
    for each in observances:
        yield Day(f"{each.slug}-{day:%Y%m%d}", day, each.name, _about(work, known, each, day))
    is_off = known.is_off(day)
    if is_off and known.name(day) and not any(each.kind is Kind.HOLIDAY for each in observances):
        yield Day(f"off-{day:%Y%m%d}", day, work.label("feed/day_off", name=known.name(day)))
    if is_weekend(day) and not is_off:
        yield Day(f"worked-{day:%Y%m%d}", day, work.label("feed/day_worked", name=known.name(day)))


def _about(work: Work, known: Workdays, observance: Observance, day: date) -> str:
    parts = []
    if observance.when.is_lunar:
        parts.append(work.label("feed/lunar", lunar=to_lunar(day)))
    if observance.kind is Kind.HOLIDAY and known.is_off(day):
        parts.append(work.label("feed/is_off"))
    return "\n".join(parts)


async def _duties(work: Work) -> list[Day]:
    rules = work.services.duties.rules
    return [
        Day(
            f"duty-{each.rule}-{each.period}",
            each.due_on,
            work.label("feed/duty", name=rules[each.rule].name),
            rules[each.rule].basis,
        )
        for each in await duties.everything(work.db)
        if each.due_on and each.rule in rules and not (each.done_on or each.is_dropped)
    ]
