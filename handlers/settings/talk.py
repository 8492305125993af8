"""`/caidat`: which greetings one wants and when, quiet hours, reminders of meetings, where messages come."""

from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.feature import Action, Command, Feature
from handlers.kit.flow import Flow, Step
from handlers.kit.incoming import Incoming
from handlers.kit.reply import End, Goto, Keep, Reply, Turn
from handlers.settings import screens
from handlers.settings.hours import parse_quiet
from handlers.settings.screens import USUAL_QUIET
from storage import links, preferences
from storage.preferences import GREETING_HOURS, LEADS, Preferences, Quiet


async def _mine(ctx: Context) -> Preferences:
    return await preferences.of_member(ctx.db, _me(ctx))


def _me(ctx: Context) -> int:
    return ctx.require(Right.SETTINGS).id


async def _menu(ctx: Context, *, edit: bool = True) -> Reply:
    return screens.menu(ctx, await _mine(ctx), await links.of_member(ctx.db, _me(ctx)), edit=edit)


FLOW = "settings"


def _kept(ctx: Context, screen: Reply) -> Turn:
    """The choice is seen on the screen; where it was made already nothing changes there, and this is said."""
    return Turn((screen,), ctx.label("settings/kept"))


async def begin(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _menu(ctx, edit=False),))


async def show(_incoming: Incoming, ctx: Context) -> Turn:
    """Whoever was to type quiet hours no longer is; what else they are in the middle of goes on."""
    dialogue = ctx.account.dialogue
    is_asked = dialogue is not None and dialogue.flow == FLOW
    return Turn((await _menu(ctx),), then=End() if is_asked else Keep())


async def want_holidays(_incoming: Incoming, ctx: Context) -> Turn:
    await preferences.want_holidays(ctx.db, _me(ctx), bool(ctx.number(0)), ctx.now)
    return _kept(ctx, await _menu(ctx))


async def want_commemorations(_incoming: Incoming, ctx: Context) -> Turn:
    await preferences.want_commemorations(ctx.db, _me(ctx), bool(ctx.number(0)), ctx.now)
    return _kept(ctx, await _menu(ctx))


async def show_hours(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((screens.hours(ctx, await _mine(ctx)),))


async def choose_hour(_incoming: Incoming, ctx: Context) -> Turn:
    if ctx.number(0) not in GREETING_HOURS:
        raise StaleError
    await preferences.set_greeting_hour(ctx.db, _me(ctx), ctx.number(0), ctx.now)
    return _kept(ctx, screens.hours(ctx, await _mine(ctx)))


async def show_quiet(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((screens.quiet(ctx, await _mine(ctx)),), then=Goto(FLOW, "quiet"))


async def ask_quiet(_incoming: Incoming, ctx: Context) -> Turn:
    """Again, below what was just written."""
    return Turn((screens.quiet(ctx, await _mine(ctx), edit=False),))


async def choose_quiet(_incoming: Incoming, ctx: Context) -> Turn:
    quiet = Quiet(ctx.number(0), ctx.number(1))
    if quiet not in USUAL_QUIET:
        raise StaleError
    return await _be_quiet(ctx, quiet)


async def no_quiet(_incoming: Incoming, ctx: Context) -> Turn:
    return await _be_quiet(ctx, None)


async def _be_quiet(ctx: Context, quiet: Quiet | None) -> Turn:
    await preferences.set_quiet(ctx.db, _me(ctx), quiet, ctx.now)
    return _kept(ctx, screens.quiet(ctx, await _mine(ctx)))


async def type_quiet(incoming: Incoming, ctx: Context) -> Turn:
    quiet = parse_quiet(incoming.text)
    if quiet is None:
        raise RefusedError("settings/not_hours")
    await preferences.set_quiet(ctx.db, _me(ctx), quiet, ctx.now)
    return Turn((await _menu(ctx, edit=False),), then=End())


async def show_leads(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((screens.leads(ctx, await _mine(ctx)),))


async def choose_lead(_incoming: Incoming, ctx: Context) -> Turn:
    """Who chooses a first one has their own from then on, and that one alone."""
    minutes, is_wanted = ctx.number(0), bool(ctx.number(1))
    if minutes not in LEADS:
        raise StaleError
    others = [each for each in (await _mine(ctx)).leads or () if each != minutes]
    return await _remind(ctx, [*others, minutes] if is_wanted else others)


async def meetings_leads(_incoming: Incoming, ctx: Context) -> Turn:
    return await _remind(ctx, None)


async def no_leads(_incoming: Incoming, ctx: Context) -> Turn:
    return await _remind(ctx, [])


async def _remind(ctx: Context, leads: list[int] | None) -> Turn:
    await preferences.set_leads(ctx.db, _me(ctx), leads, ctx.now)
    return _kept(ctx, screens.leads(ctx, await _mine(ctx)))


async def show_channels(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _channel(ctx),))


async def _channel(ctx: Context) -> Reply:
    return screens.channel(ctx, await _mine(ctx), await links.of_member(ctx.db, _me(ctx)))


async def choose_channel(_incoming: Incoming, ctx: Context) -> Turn:
    linked = await links.of_member(ctx.db, _me(ctx))
    chosen = next((each.channel for each in linked if each.id == ctx.number(0)), None)
    if chosen is None:
        raise StaleError
    return await _reach(ctx, chosen)


async def latest_channel(_incoming: Incoming, ctx: Context) -> Turn:
    return await _reach(ctx, None)


async def _reach(ctx: Context, channel: str | None) -> Turn:
    await preferences.set_channel(ctx.db, _me(ctx), channel, ctx.now)
    return _kept(ctx, await _channel(ctx))


FEATURE = Feature(
    "settings",
    commands=(
        Command("caidat", begin, Right.SETTINGS, words=("cài đặt", "tuỳ chọn"), label="settings/menu"),
    ),
    actions={
        "settings.menu": Action(show, Right.SETTINGS),
        "settings.holidays": Action(want_holidays, Right.SETTINGS),
        "settings.commemorations": Action(want_commemorations, Right.SETTINGS),
        "settings.hours": Action(show_hours, Right.SETTINGS),
        "settings.hour": Action(choose_hour, Right.SETTINGS),
        "settings.quiet": Action(show_quiet, Right.SETTINGS),
        "settings.quiet_set": Action(choose_quiet, Right.SETTINGS),
        "settings.quiet_none": Action(no_quiet, Right.SETTINGS),
        "settings.leads": Action(show_leads, Right.SETTINGS),
        "settings.lead": Action(choose_lead, Right.SETTINGS),
        "settings.leads_usual": Action(meetings_leads, Right.SETTINGS),
        "settings.leads_none": Action(no_leads, Right.SETTINGS),
        "settings.channel": Action(show_channels, Right.SETTINGS),
        "settings.channel_set": Action(choose_channel, Right.SETTINGS),
        "settings.channel_latest": Action(latest_channel, Right.SETTINGS),
    },
    flows=(Flow(FLOW, (Step("quiet", ask_quiet, type_quiet),)),),
)
