"""The screens that ask for a meeting's parts."""

from datetime import datetime, timedelta
from typing import Any

from handlers.kit import audience, audience_choice, recurrence
from handlers.kit.access import Right, may
from handlers.kit.calendar import to_lunar
from handlers.kit.context import Context
from handlers.kit.recurrence import to_utc
from handlers.kit.reply import Button, Reply
from handlers.meetings import actions, letters, rules
from handlers.meetings.composing.draft import FLOW, Draft
from handlers.meetings.managing import lead_name
from storage import audiences, campaigns, meetings
from storage.meetings import Kind
from storage.preferences import LEADS

# What group leaders call.
_LEADERS_KINDS = (Kind.GROUP, Kind.STUDY, Kind.OTHER)
_PLACES, _CAMPAIGNS = 4, 8
_PLACE_LABEL = 40
_DAYS_OF_A_WEEK = 7
_LAST_WEEK = 5
ONCE = "once"


def ask(ctx: Context, key: str, *rows: tuple[Button, ...], **values: Any) -> Reply:
    """A step's screen; where a button led to it, it takes the place of the one before."""
    cancel = (ctx.button("meetings/cancel", "meeting.cancel"),)
    return ctx.reply(key, *rows, cancel, edit=bool(ctx.press.action), **values)


def kinds(ctx: Context) -> tuple[Kind, ...]:
    return tuple(Kind) if may(ctx.member, Right.MEET_ALL) else _LEADERS_KINDS


def ask_kind(ctx: Context) -> Reply:
    buttons = [ctx.button(f"meetings/kind_{each}", "meeting.kind", each) for each in kinds(ctx)]
    rows = [tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]
    return ask(ctx, "meetings/ask_kind", *rows)


def usual_title(ctx: Context, kind: Kind) -> str:
    group = ctx.member.group_name if ctx.member else ""
    return ctx.label(f"meetings/title_{kind}", group=group)


def ask_title(ctx: Context, draft: Draft) -> Reply:
    usual = (ctx.plain_button(usual_title(ctx, draft.kind), "meeting.title"),)
    return ask(ctx, "meetings/ask_title", usual, kind=letters.kind_name(ctx, draft.kind))


def ask_time(ctx: Context, draft: Draft) -> Reply:
    return ask(ctx, "meetings/ask_time", title=draft.title, usual=rules.DEFAULT_MINUTES)


async def places(ctx: Context) -> list[str]:
    return await meetings.last_places(ctx.db, ctx.require(Right.MEET).id, _PLACES)


async def ask_place(ctx: Context, draft: Draft) -> Reply:
    rows = [
        (ctx.plain_button(_short(each), "meeting.last_place", index),)
        for index, each in enumerate(await places(ctx))
    ]
    return ask(ctx, "meetings/ask_place", *rows, **_times(ctx, draft))


def _short(place: str) -> str:
    return place if len(place) <= _PLACE_LABEL else f"{place[:_PLACE_LABEL]}…"


async def ask_audience(ctx: Context, draft: Draft) -> Reply:
    return await audience_choice.ask_audience(ctx, FLOW, draft.audience if draft.adds else "")


async def review(ctx: Context, draft: Draft) -> Reply:
    """All of it, with what may still be added, and the one press that calls it."""
    number = await audiences.count(ctx.db, draft.audience)
    return ask(
        ctx,
        "meetings/review",
        (ctx.button("meetings/create", "meeting.create", draft.uid, draft.mark(), number=number),),
        *_parts(ctx, draft),
        draft=draft,
        kind=letters.kind_name(ctx, draft.kind),
        audience=await audience.describe(ctx, draft.audience),
        number=number,
        series=_series(ctx, draft.recurrence, draft.begin),
        skips=_skips(draft),
        leads=[lead_name(ctx, each) for each in draft.leads],
        campaign=await _campaign(ctx, draft),
        clashes=await actions.clashes(ctx, draft.wish()),
        **_times(ctx, draft),
    )


def _parts(ctx: Context, draft: Draft) -> list[tuple[Button, ...]]:
    change = {
        each: ctx.button(f"meetings/change_{each}", "meeting.change", each)
        for each in ("title", "time", "place", "audience", "agenda", "repeat", "leads", "campaign")
    }
    rows: list[tuple[Button, ...]] = [
        (change["repeat"], change["agenda"]),
        (change["leads"], change["time"]),
        (change["title"], change["place"]),
    ]
    if may(ctx.member, Right.MEET_ALL):
        rows.append((change["audience"], ctx.button("meetings/add_people", "meeting.change", "more")))
    if draft.kind is Kind.STUDY:
        rows.append((change["campaign"], *_make_up(ctx, draft)))
    return rows


def _make_up(ctx: Context, draft: Draft) -> tuple[Button, ...]:
    if draft.campaign_id is None:
        return ()
    label = "meetings/make_up_on" if draft.is_make_up else "meetings/make_up_off"
    return (ctx.button(label, "meeting.make_up", int(not draft.is_make_up)),)


async def _campaign(ctx: Context, draft: Draft) -> str:
    found = await campaigns.by_id(ctx.db, draft.campaign_id) if draft.campaign_id else None
    return found.title if found else ""


def _skips(draft: Draft) -> int | None:
    """The day of the month that short months don't have."""
    day = draft.begin.day
    return day if draft.recurrence == preset("date", draft.begin) and day > _SHORTEST_MONTH else None


_SHORTEST_MONTH = 28


def _times(ctx: Context, draft: Draft) -> dict[str, Any]:
    begin = to_utc(draft.begin, ctx.services.zone)
    return letters.when(ctx, begin, begin + timedelta(minutes=draft.minutes))


# Recurrence.

PRESETS = ("weekly", "fortnightly", "weekday", "date", "lunar")


def preset(name: str, starts: datetime) -> str:
    """The rule by which it goes on as its first date is: on the first Monday, on the 15th."""
    match name:
        case "weekly":
            return "RRULE:FREQ=WEEKLY"
        case "fortnightly":
            return "RRULE:FREQ=WEEKLY;INTERVAL=2"
        case "weekday":
            week = (starts.day - 1) // _DAYS_OF_A_WEEK + 1
            day = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[starts.weekday()]
            return f"RRULE:FREQ=MONTHLY;BYDAY={week if week < _LAST_WEEK else -1}{day}"
        case "date":
            return "RRULE:FREQ=MONTHLY"
        case _:
            return f"LUNAR:MONTHLY;DAY={to_lunar(starts.date()).day}"


def ask_repeat(ctx: Context, draft: Draft) -> Reply:
    series = {each: _series(ctx, preset(each, draft.begin), draft.begin) for each in PRESETS}
    rows = [
        (ctx.button("meetings/repeated", "meeting.repeat", each, series=words),)
        for each, words in series.items()
    ]
    once = (ctx.button("meetings/once", "meeting.repeat", ONCE),)
    return ask(ctx, "meetings/ask_repeat", once, *rows, _back(ctx), **_times(ctx, draft))


def _series(ctx: Context, rule: str | None, starts: datetime) -> str:
    return recurrence.describe(ctx.services.texts, recurrence.read(rule), starts) if rule else ""


# The rest.


def ask_agenda(ctx: Context, draft: Draft) -> Reply:
    none = (ctx.button("meetings/no_agenda", "meeting.no_agenda"),) if draft.agenda or draft.file_id else ()
    values = {"draft": draft, "longest": rules.LONGEST_AGENDA, "documents": ctx.limits.documents}
    return ask(ctx, "meetings/ask_agenda", none, _back(ctx), **values)


def ask_leads(ctx: Context, draft: Draft) -> Reply:
    switches = lead_switches(ctx, draft.leads, "meeting.lead")
    return ask(ctx, "meetings/ask_leads", *switches, _back(ctx))


def lead_switches(
    ctx: Context, leads: tuple[int, ...], action: str, *arguments: int
) -> list[tuple[Button, ...]]:
    """What each switches to stands in the press: pressed twice by mistake it does no more."""
    buttons = [
        ctx.button(
            "meetings/lead_on" if each in leads else "meetings/lead_off",
            action,
            *arguments,
            each,
            int(each not in leads),
            minutes=each,
        )
        for each in LEADS
    ]
    return [tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]


async def ask_campaign(ctx: Context) -> Reply:
    running = await campaigns.open_campaigns(ctx.db)
    rows = [(ctx.plain_button(each.title, "meeting.about", each.id),) for each in running[:_CAMPAIGNS]]
    none = (ctx.button("meetings/no_campaign", "meeting.about", 0),)
    return ask(ctx, "meetings/ask_campaign", *rows, none, number=len(rows))


def _back(ctx: Context) -> tuple[Button, ...]:
    return (ctx.button("meetings/to_review", "meeting.review"),)
