"""The screens of `/caidat`. Each button says what is so now, and carries what is to be so instead."""

from collections.abc import Iterable, Sequence

from handlers.kit.context import Context
from handlers.kit.reply import Button, Reply
from storage.links import LinkedAccount
from storage.preferences import GREETING_HOURS, LEADS, Preferences, Quiet

# For nights, and for whoever sleeps by day after the night shift.
USUAL_QUIET = (Quiet(21, 6), Quiet(22, 7), Quiet(8, 16))
_IN_A_ROW = 3


def menu(ctx: Context, mine: Preferences, linked: Sequence[LinkedAccount], *, edit: bool = True) -> Reply:
    """Whoever has one account alone is reached there, and chooses nothing."""
    return ctx.reply(
        "settings/menu",
        (_switch(ctx, "holidays", is_on=mine.wants_holidays),),
        (_switch(ctx, "commemorations", is_on=mine.wants_commemorations),),
        (ctx.button("settings/hours", "settings.hours", hour=mine.greeting_hour),),
        (ctx.button("settings/quiet", "settings.quiet"), ctx.button("settings/leads", "settings.leads")),
        (ctx.button("settings/channel", "settings.channel"),) if len(linked) > 1 else (),
        (ctx.button("settings/calendar", "feed.menu"),),
        edit=edit,
        mine=mine,
        channels=_channels(linked),
    )


def _channels(linked: Sequence[LinkedAccount]) -> list[str]:
    """The latest linked last."""
    return [each.channel for each in linked]


def _switch(ctx: Context, what: str, *, is_on: bool) -> Button:
    return ctx.button(f"settings/{what}", f"settings.{what}", int(not is_on), is_on=is_on)


def hours(ctx: Context, mine: Preferences) -> Reply:
    each = [
        ctx.button("settings/hour", "settings.hour", hour, hour=hour, is_chosen=hour == mine.greeting_hour)
        for hour in GREETING_HOURS
    ]
    return ctx.reply("settings/hours", *_rows(each), _back(ctx), edit=True, mine=mine)


def quiet(ctx: Context, mine: Preferences, *, edit: bool = True) -> Reply:
    none = ctx.button("settings/quiet_none", "settings.quiet_none", is_chosen=mine.quiet is None)
    each = [
        ctx.button(
            "settings/quiet_set",
            "settings.quiet_set",
            hours.begin,
            hours.end,
            quiet=hours,
            is_chosen=mine.quiet == hours,
        )
        for hours in USUAL_QUIET
    ]
    return ctx.reply("settings/quiet", *_rows(each), (none,), _back(ctx), edit=edit, mine=mine)


def leads(ctx: Context, mine: Preferences) -> Reply:
    each = [_lead(ctx, minutes, is_chosen=minutes in (mine.leads or ())) for minutes in LEADS]
    usual = ctx.button("settings/leads_usual", "settings.leads_usual", is_chosen=mine.leads is None)
    none = ctx.button("settings/leads_none", "settings.leads_none", is_chosen=mine.leads == ())
    return ctx.reply("settings/leads", (usual,), *_rows(each), (none,), _back(ctx), edit=True, mine=mine)


def _lead(ctx: Context, minutes: int, *, is_chosen: bool) -> Button:
    wanted = int(not is_chosen)
    return ctx.button("settings/lead", "settings.lead", minutes, wanted, minutes=minutes, is_chosen=is_chosen)


def channel(ctx: Context, mine: Preferences, linked: Sequence[LinkedAccount]) -> Reply:
    channels = _channels(linked)
    each = [
        ctx.button(
            "settings/channel_set",
            "settings.channel_set",
            account.id,
            channel=account.channel,
            channels=channels,
            is_chosen=mine.channel == account.channel,
        )
        for account in linked
    ]
    is_latest = mine.channel not in channels
    latest = ctx.button("settings/channel_latest", "settings.channel_latest", is_chosen=is_latest)
    return ctx.reply(
        "settings/channel", *_rows(each), (latest,), _back(ctx), edit=True, mine=mine, channels=channels
    )


def _back(ctx: Context) -> tuple[Button, ...]:
    return (ctx.button("settings/back", "settings.menu"),)


def _rows(buttons: Iterable[Button]) -> list[tuple[Button, ...]]:
    each = list(buttons)
    return [tuple(each[start : start + _IN_A_ROW]) for start in range(0, len(each), _IN_A_ROW)]
