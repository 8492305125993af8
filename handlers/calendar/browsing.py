"""`/lich`: this week, this month and what comes, with the lunar date of each day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from handlers.calendar.agenda import Entry, EntryKind, entries
from handlers.calendar.display import button_label, day_name, line, short_lunar
from handlers.calendar.periods import (
    Period,
    View,
    around,
    coming_from,
    month_around,
    pressed_day,
    week_around,
)
from handlers.kit.access import Right, may
from handlers.kit.calendar import Workdays, to_lunar, workdays
from handlers.kit.context import Context
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.paging import Page, page_of
from handlers.kit.reply import Button, Reply, Turn

ENTRIES_A_PAGE = 8
# What other features do at the press of a button of this one.
MEETING, FEED, SETTINGS = "meeting.show", "feed.menu", "settings.menu"
_ACTIONS = {View.WEEK: "calendar.week", View.MONTH: "calendar.month"}
_FULL_MOON = 15


async def show(_incoming: Incoming, ctx: Context) -> Turn:
    """This week."""
    reply = await _screen(ctx, week_around(ctx.today), 0)
    return Turn((replace(reply, edit=False),))


async def week(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _screen(ctx, week_around(pressed_day(ctx.word(0))), ctx.number(1)),))


async def month(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _screen(ctx, month_around(pressed_day(ctx.word(0))), ctx.number(1)),))


async def coming(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _screen(ctx, coming_from(ctx.today), ctx.number(0)),))


async def _screen(ctx: Context, period: Period, number: int) -> Reply:
    """Page `number` of a period, from 0; beyond the last one stands the last."""
    known = await workdays(ctx)
    found = await entries(ctx, known, period.begin, period.end, ctx.require(Right.CALENDAR).id)
    page = page_of(len(found), number, ENTRIES_A_PAGE)
    shown = page.of(found)
    return ctx.reply(
        f"calendar/{period.view}",
        *(_opens(ctx, each) for each in shown),
        _turning(ctx, period, page),
        _others(ctx, period),
        _views(ctx, period),
        (ctx.button("calendar/feed", FEED), ctx.button("calendar/settings", SETTINGS)),
        (ctx.button("calendar/days_off", "calendar.days"),) if may(ctx.member, Right.DAYS_OFF) else (),
        edit=True,
        period=period,
        last=period.days[-1],
        days=_days(ctx, known, period, shown, is_whole=page.pages == 1),
        moons=_moons(period) if period.view is View.MONTH else [],
        page=page.number + 1,
        pages=page.pages,
    )


def _days(
    ctx: Context, known: Workdays, period: Period, shown: Sequence[Entry], *, is_whole: bool
) -> list[tuple[str, str, bool, list[str]]]:
    """Name, lunar date, whether it is off, and the lines of each day; a week shows its empty days too."""
    lines: dict[date, list[str]] = {}
    for each in shown:
        lines.setdefault(each.day, []).append(line(ctx, each))
    with_empty = period.view is View.WEEK and is_whole
    return [
        (day_name(ctx, day), short_lunar(ctx, to_lunar(day)), known.is_off(day), lines.get(day, []))
        for day in period.days
        if with_empty or day in lines
    ]


def _moons(period: Period) -> list[tuple[bool, date]]:
    """The first days and the full moons of lunar months, as (whether it is full, the day)."""
    found = [(to_lunar(day).day, day) for day in period.days]
    return [(number == _FULL_MOON, day) for number, day in found if number in {1, _FULL_MOON}]


def _opens(ctx: Context, entry: Entry) -> tuple[Button, ...]:
    if entry.kind is EntryKind.MEETING:
        return (ctx.plain_button(button_label(ctx, entry), MEETING, entry.occurrence_id),)
    if entry.observance is not None:
        label = button_label(ctx, entry)
        return (ctx.plain_button(label, "calendar.piece", entry.observance.slug, entry.day.isoformat()),)
    return ()


def _turning(ctx: Context, period: Period, page: Page) -> tuple[Button, ...]:
    """They say "page", because the buttons below turn weeks and months."""
    buttons = []
    if page.number > 0:
        buttons.append(_to(ctx, "calendar/previous", period, page.number - 1))
    if page.number + 1 < page.pages:
        buttons.append(_to(ctx, "calendar/next", period, page.number + 1))
    return tuple(buttons)


def _others(ctx: Context, period: Period) -> tuple[Button, ...]:
    if period.view is View.COMING:
        return ()
    before, after = around(period)
    return (
        _to(ctx, f"calendar/{period.view}_before", before),
        _to(ctx, f"calendar/{period.view}_after", after),
    )


def _views(ctx: Context, period: Period) -> tuple[Button, ...]:
    """The other two ways to look, and back to now."""
    views = (week_around(ctx.today), month_around(ctx.today), coming_from(ctx.today))
    return tuple(_to(ctx, f"calendar/this_{each.view}", each) for each in views if each != period)


def _to(ctx: Context, label: str, period: Period, number: int = 0) -> Button:
    if period.view is View.COMING:
        return ctx.button(label, "calendar.coming", number)
    return ctx.button(label, _ACTIONS[period.view], period.begin.isoformat(), number)


ACTIONS = {
    "calendar.week": Action(week, Right.CALENDAR),
    "calendar.month": Action(month, Right.CALENDAR),
    "calendar.coming": Action(coming, Right.CALENDAR),
}
