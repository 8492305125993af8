"""`/guitin`: what was announced, how far each has come, and what may still be done to it."""

from dataclasses import replace

from handlers.announce import actions, polling
from handlers.announce.display import LABEL, Page, bar, beginning, page_of, percent, settled, turn_pages
from handlers.announce.rules import WAYS, Deed
from handlers.kit import audience
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Button, Reply, Turn
from storage import announced, announcements, members
from storage.announced import Who
from storage.announcements import Announcement, Figures
from storage.shared import LEFT

ANNOUNCEMENTS_A_PAGE = 8
NAMES_A_PAGE = 30
# What stands in a button for each list of people.
_LISTS = (Who.NOT_REACHED, Who.NOT_NOTED, Who.NOT_ANSWERED)
# What buttons call the deeds: "cancel" is the way out of a conversation.
_DEEDS = {"pause": Deed.PAUSE, "resume": Deed.RESUME, "stop": Deed.CANCEL}
# Problems that a label names; any other one of an account means that it is no longer in use.
_UNREACHABLE = frozenset({"unlinked", "blocked"})


async def menu(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _list(ctx, 0, edit=False),))


async def show_list(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _list(ctx, ctx.number(0), edit=True),))


async def _list(ctx: Context, number: int, *, edit: bool) -> Reply:
    total = await announcements.number(ctx.db)
    page = page_of(total, number, ANNOUNCEMENTS_A_PAGE)
    shown = await announcements.newest(ctx.db, page.size, page.offset)
    counts = await announcements.counts(ctx.db, [each.id for each in shown])
    return ctx.reply(
        "announce/list",
        (ctx.button("announce/new", "announce.new"),),
        *((_entry(ctx, each),) for each in shown),
        turn_pages(ctx, page, "announce.list"),
        edit=edit,
        entries=[
            (each, _state(ctx, each), beginning(each.text), *counts.get(each.id, (0, 0))) for each in shown
        ],
    )


def _entry(ctx: Context, each: Announcement) -> Button:
    words = beginning(each.text, LABEL) or ctx.label("announce/only_file")
    return ctx.plain_button(f"{each.id}. {words}", "announce.view", each.id)


def _state(ctx: Context, found: Announcement) -> str:
    return ctx.label(f"announce/state_{found.state.value}")


# One announcement.


async def show_view(_incoming: Incoming, ctx: Context) -> Turn:
    """Also where nothing has changed since, the press is seen to have done something."""
    return Turn((await status_screen(ctx, ctx.number(0)),), ctx.label("announce/fresh", now=ctx.now))


async def status_screen(ctx: Context, announcement_id: int) -> Reply:
    found, figures = await actions.status(ctx, announcement_id)
    author = await members.by_id(ctx.db, found.author_id) if found.author_id is not None else None
    share = percent(settled(figures), figures.recipients)
    poll = await polling.results(ctx, found)
    return ctx.reply(
        "announce/status",
        _ways_to_act(ctx, found),
        *_ways_to_see(ctx, found, figures),
        (ctx.button("announce/to_results", "announce.results", found.id),) if poll else (),
        (
            ctx.button("announce/refresh", "announce.view", found.id),
            ctx.button("announce/all", "announce.list", 0),
        ),
        edit=True,
        found=found,
        state=_state(ctx, found),
        beginning=beginning(found.text),
        audience=await audience.describe(ctx, found.audience),
        author=author.full_name if author else "",
        figures=figures,
        bar=bar(share),
        share=share,
        poll=poll,
    )


def _ways_to_act(ctx: Context, found: Announcement) -> tuple[Button, ...]:
    return tuple(
        ctx.button(f"announce/{word}", f"announce.{word}", found.id)
        for word, deed in _DEEDS.items()
        if found.state in WAYS[deed][0]
    )


def _ways_to_see(ctx: Context, found: Announcement, figures: Figures) -> list[tuple[Button, ...]]:
    missed = figures.unreachable + figures.failed + figures.unknown + figures.cancelled
    rows: list[tuple[Button, ...]] = []
    if missed:
        rows.append((people_button(ctx, Who.NOT_REACHED, found.id, missed),))
    if found.wants_receipt and figures.sent > figures.receipts:
        rows.append((people_button(ctx, Who.NOT_NOTED, found.id, figures.sent - figures.receipts),))
    return rows


def people_button(ctx: Context, who: Who, announcement_id: int, number: int) -> Button:
    arguments = (announcement_id, _LISTS.index(who), 0)
    return ctx.button(f"announce/{who.value}", "announce.people", *arguments, number=number)


# What is done to it.


async def pause(_incoming: Incoming, ctx: Context) -> Turn:
    return await _do(ctx, Deed.PAUSE)


async def resume(_incoming: Incoming, ctx: Context) -> Turn:
    return await _do(ctx, Deed.RESUME)


async def ask_stop(_incoming: Incoming, ctx: Context) -> Turn:
    found, figures = await actions.status(ctx, ctx.number(0))
    if found.state not in WAYS[Deed.CANCEL][0]:
        return await _do(ctx, Deed.CANCEL)
    return ctx.show(
        "announce/ask_stop",
        (ctx.button("announce/stop_now", "announce.stop_now", found.id),),
        (ctx.button("announce/back", "announce.view", found.id),),
        number=found.id,
        beginning=beginning(found.text),
        figures=figures,
    )


async def stop_now(_incoming: Incoming, ctx: Context) -> Turn:
    return await _do(ctx, Deed.CANCEL)


async def _do(ctx: Context, deed: Deed) -> Turn:
    """Where another officer was quicker, what they did is said and shown."""
    number = ctx.number(0)
    try:
        await actions.do(ctx, number, deed)
    except RefusedError as refusal:
        if refusal.key != "announce/not_now":
            raise
        said = ctx.reply(refusal.key, **refusal.values)
        return Turn((said, replace(await status_screen(ctx, number), edit=False)))
    return Turn((await status_screen(ctx, number),), ctx.label(f"announce/done_{deed.value}"))


# Its people.


async def show_people(_incoming: Incoming, ctx: Context) -> Turn:
    found = await actions.find(ctx, ctx.number(0))
    if ctx.number(1) >= len(_LISTS):
        raise StaleError
    who = _LISTS[ctx.number(1)]
    total = await announced.count_people(ctx.db, found.id, who)
    page = page_of(total, ctx.number(2), NAMES_A_PAGE)
    return ctx.show(
        f"announce/{who.value}",
        turn_pages(ctx, page, "announce.people", found.id, _LISTS.index(who)),
        (ctx.button("announce/back", "announce.view", found.id),),
        number=found.id,
        total=total,
        people=await _people(ctx, found.id, who, page),
    )


async def _people(
    ctx: Context, announcement_id: int, who: Who, page: Page
) -> list[tuple[announced.Recipient, str]]:
    """Each person; with the reason in words where it didn't reach them."""
    shown = await announced.people(ctx.db, announcement_id, who, page.size, page.offset)
    return [(each, _reason(ctx, each) if who is Who.NOT_REACHED else "") for each in shown]


def _reason(ctx: Context, each: announced.Recipient) -> str:
    if each.state == "unreachable":
        return ctx.label(f"announce/because_{each.problem if each.problem in _UNREACHABLE else 'gone'}")
    if each.problem == LEFT:
        return ctx.label("announce/because_left")
    return ctx.label(f"announce/because_{each.state}")


ACTIONS = {
    "announce.list": Action(show_list, Right.ANNOUNCE),
    "announce.view": Action(show_view, Right.ANNOUNCE),
    "announce.pause": Action(pause, Right.ANNOUNCE),
    "announce.resume": Action(resume, Right.ANNOUNCE),
    "announce.stop": Action(ask_stop, Right.ANNOUNCE),
    "announce.stop_now": Action(stop_now, Right.ANNOUNCE),
    "announce.people": Action(show_people, Right.ANNOUNCE),
}
