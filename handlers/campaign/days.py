"""The day on which somebody studied: one of two buttons, or typed."""

from datetime import date, timedelta

from handlers.kit.context import Context
from handlers.kit.days import parse_day
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Button

# The buttons: today and the day before.
_DAYS_BACK = (0, 1)
# What happened longer ago has nothing to do with a campaign of now.
MAX_AGE = timedelta(days=366)


def day_buttons(ctx: Context, action: str) -> tuple[Button, ...]:
    return tuple(ctx.button(f"campaign/days_back_{days}", action, days) for days in _DAYS_BACK)


def pressed_day(ctx: Context) -> date:
    if ctx.number(0) not in _DAYS_BACK:
        raise StaleError
    return ctx.today - timedelta(days=ctx.number(0))


def typed_day(incoming: Incoming, ctx: Context) -> date:
    day = parse_day(incoming.text, ctx.today, coming=False)
    if day is None:
        raise RefusedError("campaign/not_a_day")
    if not ctx.today - MAX_AGE <= day <= ctx.today:
        raise RefusedError("campaign/day_out", earliest=ctx.today - MAX_AGE, latest=ctx.today)
    return day
