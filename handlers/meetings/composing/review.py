"""What may still be added to a meeting before it is called, and the press that calls it, once."""

from collections.abc import Callable
from dataclasses import replace

from handlers.kit import recurrence
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.reply import End, Reply, Turn
from handlers.kit.sittings import Sitting
from handlers.kit.steps import require_flow
from handlers.meetings import actions, managing
from handlers.meetings.composing import screens
from handlers.meetings.composing.draft import (
    AGENDA,
    AUDIENCE,
    CAMPAIGN,
    FLOW,
    LEADS,
    PLACE,
    REPEAT,
    REVIEW,
    TIME,
    TITLE,
    Draft,
    draft_of,
)
from handlers.meetings.composing.parts import to_review
from storage import campaigns, meeting_dates, meetings, outbox, preferences
from storage.outbox import Attached


async def change(_incoming: Incoming, ctx: Context) -> Turn:
    """Another look at one part; all the others stay as they are."""
    draft, part = draft_of(ctx), ctx.word(0)
    if part in {"audience", "more"}:
        draft = replace(draft, adds=part == "more")
        return Turn((await screens.ask_audience(ctx, draft),), then=draft.goto(AUDIENCE))
    if part == "place":
        return Turn((await screens.ask_place(ctx, draft),), then=draft.goto(PLACE))
    if part == "campaign":
        return Turn((await screens.ask_campaign(ctx),), then=draft.goto(CAMPAIGN))
    if part not in _SCREENS:
        raise StaleError
    step, screen = _SCREENS[part]
    return Turn((screen(ctx, draft),), then=draft.goto(step))


_SCREENS: dict[str, tuple[str, Callable[[Context, Draft], Reply]]] = {
    "title": (TITLE, screens.ask_title),
    "time": (TIME, screens.ask_time),
    "agenda": (AGENDA, screens.ask_agenda),
    "repeat": (REPEAT, screens.ask_repeat),
    "leads": (LEADS, screens.ask_leads),
}


# How it goes on.


async def show_repeat(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((screens.ask_repeat(ctx, draft_of(ctx)),))


async def choose_repeat(_incoming: Incoming, ctx: Context) -> Turn:
    draft, name = draft_of(ctx), ctx.word(0)
    if name == screens.ONCE:
        return await to_review(ctx, replace(draft, recurrence=None))
    if name not in screens.PRESETS:
        raise StaleError
    return await _repeated(ctx, draft, screens.preset(name, draft.begin))


async def type_repeat(incoming: Incoming, ctx: Context) -> Turn:
    return await _repeated(ctx, draft_of(ctx), incoming.text)


async def _repeated(ctx: Context, draft: Draft, text: str) -> Turn:
    rule = recurrence.read(text)
    recurrence.check(rule, draft.begin)
    return await to_review(ctx, replace(draft, recurrence=rule.text))


# The agenda.


async def show_agenda(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((screens.ask_agenda(ctx, draft_of(ctx)),))


async def take_agenda(incoming: Incoming, ctx: Context) -> Turn:
    """Words, a file, or a file with words under it; the words of before stay where there are none."""
    draft, file = draft_of(ctx), incoming.file
    words = incoming.rich.striptags() if file else incoming.text
    actions.check_texts(agenda=words)
    draft = replace(draft, agenda=words.strip() or draft.agenda)
    if file is not None and file.content is not None:
        file_id = ctx.chance.token(16).hex()
        await outbox.attach(ctx.db, file_id, None, Attached(file.name, file.mime, file.content), ctx.now)
        draft = replace(draft, file_id=file_id, file_name=file.name)
    return await to_review(ctx, draft)


async def drop_agenda(_incoming: Incoming, ctx: Context) -> Turn:
    return await to_review(ctx, replace(draft_of(ctx), agenda="", file_id="", file_name=""))


# Reminders.


async def show_leads(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((screens.ask_leads(ctx, draft_of(ctx)),))


async def switch_lead(_incoming: Incoming, ctx: Context) -> Turn:
    draft = draft_of(ctx)
    draft = replace(draft, leads=switched(draft.leads, ctx.number(0), ctx.number(1)))
    notice = ctx.label("meetings/leads_taken", number=len(draft.leads))
    return Turn((screens.ask_leads(ctx, draft),), notice, draft.goto(LEADS))


def switched(leads: tuple[int, ...], lead: int, on: int) -> tuple[int, ...]:
    """The longest first, as everywhere."""
    if lead not in preferences.LEADS:
        raise StaleError
    wanted = {*leads, lead} if on else {*leads} - {lead}
    return tuple(each for each in preferences.LEADS if each in wanted)


# What a study meeting is about.


async def show_campaigns(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await screens.ask_campaign(ctx),))


async def choose_about(_incoming: Incoming, ctx: Context) -> Turn:
    draft, number = draft_of(ctx), ctx.number(0)
    if not number:
        return await to_review(ctx, replace(draft, campaign_id=None, is_make_up=False))
    if number not in {each.id for each in await campaigns.open_campaigns(ctx.db)}:
        raise StaleError
    return await to_review(ctx, replace(draft, campaign_id=number))


async def switch_make_up(_incoming: Incoming, ctx: Context) -> Turn:
    draft = draft_of(ctx)
    if draft.campaign_id is None:
        raise StaleError
    return await to_review(ctx, replace(draft, is_make_up=bool(ctx.number(0))))


async def back(_incoming: Incoming, ctx: Context) -> Turn:
    """From whichever part is open; StaleError where no whole draft is."""
    require_flow(ctx, FLOW)
    draft = draft_of(ctx)
    if not draft.is_whole:
        raise StaleError
    return await to_review(ctx, draft)


# The press that calls it.


async def create(_incoming: Incoming, ctx: Context) -> Turn:
    """Pressed twice it calls nothing again, and what the first press called is shown."""
    officer = ctx.require(Right.MEET)
    made = await meetings.by_uid(ctx.db, ctx.word(0))
    if made is not None:
        first = Sitting(made, (await meeting_dates.dates_of(ctx.db, made.id))[0])
        if made.organiser_id != officer.id:
            raise StaleError
        return await managing.managed(ctx, first, ctx.label("meetings/called_before"), edit=True)
    draft = _confirmed(ctx)
    first = await actions.call(ctx, officer, draft.wish())
    return await managing.managed(ctx, first, ctx.label("meetings/called"), End(), edit=True)


def _confirmed(ctx: Context) -> Draft:
    """The draft, where it still is what the pressed button stood under."""
    dialogue = ctx.account.dialogue
    if dialogue is None or (dialogue.flow, dialogue.step) != (FLOW, REVIEW):
        raise StaleError
    draft = draft_of(ctx)
    if (draft.uid, draft.mark()) != (ctx.word(0), ctx.number(1)):
        raise StaleError
    return draft


ACTIONS = {
    "meeting.change": Action(change, Right.MEET, f"{FLOW}.{REVIEW}"),
    "meeting.repeat": Action(choose_repeat, Right.MEET, f"{FLOW}.{REPEAT}"),
    "meeting.no_agenda": Action(drop_agenda, Right.MEET, f"{FLOW}.{AGENDA}"),
    "meeting.lead": Action(switch_lead, Right.MEET, f"{FLOW}.{LEADS}"),
    "meeting.about": Action(choose_about, Right.MEET, f"{FLOW}.{CAMPAIGN}"),
    "meeting.make_up": Action(switch_make_up, Right.MEET, f"{FLOW}.{REVIEW}"),
    "meeting.review": Action(back, Right.MEET),
    "meeting.create": Action(create, Right.MEET),
}
