"""`/hop`: the meetings to come, and one date as officers see it: who comes, who doesn't, who hasn't said."""

from handlers.kit import audience
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.paging import page_of, turn_pages
from handlers.kit.reply import Button, End, Keep, Reply, Turn
from handlers.kit.sittings import Sitting, own
from handlers.meetings import letters, sending, sittings
from storage import meeting_answers, meeting_dates, meetings
from storage.meeting_answers import Counts, Who

DATES_A_PAGE, NAMES_A_PAGE = 8, 30
LISTS = (Who.COMING, Who.ABSENT, Who.SILENT)
_LABEL = 40


async def menu(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _list(ctx, 0, edit=False),))


async def show_list(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((await _list(ctx, ctx.number(0), edit=True),))


async def _list(ctx: Context, number: int, *, edit: bool) -> Reply:
    sees = own(ctx.require(Right.MEET))
    page = page_of(await meeting_dates.count_upcoming(ctx.db, ctx.now, own=sees), number, DATES_A_PAGE)
    dates = await meeting_dates.upcoming(ctx.db, ctx.now, page.size, page.offset, own=sees)
    known = await meetings.by_ids(ctx.db, [each.meeting_id for each in dates])
    entries = [Sitting(known[each.meeting_id], each) for each in dates]
    return ctx.reply(
        "meetings/list",
        (ctx.button("meetings/new", "meeting.new"),),
        *((_entry(ctx, each),) for each in entries),
        turn_pages(ctx, page, "meeting.list"),
        edit=edit,
        entries=[letters.values(ctx, each) for each in entries],
    )


def _entry(ctx: Context, each: Sitting) -> Button:
    title = each.meeting.title
    words = title if len(title) <= _LABEL else f"{title[:_LABEL]}…"
    day = each.date.starts_at.astimezone(ctx.services.zone)
    return ctx.plain_button(f"{day:%d/%m} {words}", "meeting.manage", each.id)


# One date.


async def show_manage(_incoming: Incoming, ctx: Context) -> Turn:
    return await managed(ctx, await sittings.managed(ctx, ctx.number(0)), edit=True)


async def managed(
    ctx: Context, found: Sitting, notice: str = "", then: End | Keep | None = None, *, edit: bool
) -> Turn:
    counts = await meeting_answers.counts(ctx.db, found.id, found.meeting.audience)
    reply = ctx.reply(
        "meetings/manage",
        *_lists(ctx, found, counts),
        _check_in(ctx, found),
        *_deeds(ctx, found),
        (ctx.button("meetings/all", "meeting.list", 0),),
        edit=edit,
        counts=counts,
        audience=await audience.describe(ctx, found.meeting.audience),
        leads=[lead_name(ctx, each) for each in found.meeting.leads],
        is_cancelled=found.is_cancelled,
        now=ctx.now,
        **letters.values(ctx, found),
    )
    return Turn((reply,), notice or ctx.label("meetings/fresh", now=ctx.now), then or Keep())


def lead_name(ctx: Context, lead: int) -> str:
    return ctx.label("meetings/lead", minutes=lead)


def _lists(ctx: Context, found: Sitting, counts: Counts) -> list[tuple[Button, ...]]:
    numbers = {Who.COMING: counts.coming, Who.ABSENT: counts.absent, Who.SILENT: counts.silent}
    people = tuple(
        ctx.button(f"meetings/list_{each}", "meeting.people", found.id, LISTS.index(each), 0, number=number)
        for each, number in numbers.items()
        if number
    )
    is_asked = counts.silent and found.is_ahead(ctx.now)
    return [people, (ctx.button("meetings/ask_again", "meeting.ask_again", found.id),) if is_asked else ()]


def _check_in(ctx: Context, found: Sitting) -> tuple[Button, ...]:
    """Screens of another feature: the code on the wall, who was there, agendas and minutes."""
    if found.is_cancelled:
        return ()
    return (
        ctx.button("meetings/code", "attend.code", found.id),
        ctx.button("meetings/roll", "attend.list", found.id, "absent", 0),
        ctx.button("meetings/papers", "attend.files", found.id),
    )


def _deeds(ctx: Context, found: Sitting) -> list[tuple[Button, ...]]:
    """What may be changed; each carries what the officer looks at."""
    if not found.is_ahead(ctx.now):
        return []
    here = (found.id, found.mark)
    return [
        (
            ctx.button("meetings/move", "meeting.move", *here),
            ctx.button("meetings/place", "meeting.place", *here),
        ),
        (
            ctx.button("meetings/rename", "meeting.rename", *here),
            ctx.button("meetings/reword", "meeting.reword", *here),
        ),
        (
            ctx.button("meetings/readdress", "meeting.readdress", *here),
            ctx.button("meetings/set_leads", "meeting.leads", *here),
        ),
        (ctx.button("meetings/stop", "meeting.stop", *here),),
    ]


# Its people.


async def show_people(_incoming: Incoming, ctx: Context) -> Turn:
    found = await sittings.managed(ctx, ctx.number(0))
    if ctx.number(1) >= len(LISTS):
        raise StaleError
    who, kept = LISTS[ctx.number(1)], found.meeting.audience
    counts = await meeting_answers.counts(ctx.db, found.id, kept)
    total = {Who.COMING: counts.coming, Who.ABSENT: counts.absent, Who.SILENT: counts.silent}[who]
    page = page_of(total, ctx.number(2), NAMES_A_PAGE)
    return ctx.show(
        "meetings/people",
        turn_pages(ctx, page, "meeting.people", found.id, LISTS.index(who)),
        (ctx.button("meetings/back", "meeting.manage", found.id),),
        who=who.value,
        total=total,
        people=await meeting_answers.people(ctx.db, found.id, kept, who, page.size, offset=page.offset),
        **letters.values(ctx, found),
    )


async def ask_again(_incoming: Incoming, ctx: Context) -> Turn:
    """Once a day at most: the day is in the occasion's name."""
    found = await sittings.managed(ctx, ctx.number(0))
    if not found.is_ahead(ctx.now):
        raise RefusedError("meetings/not_ahead", is_cancelled=found.is_cancelled)
    if await sending.unsent(ctx, found.id):
        raise RefusedError("meetings/not_asked_yet")
    if not await sending.invite(ctx, found, by=f"{ctx.today:%Y%m%d}"):
        raise RefusedError("meetings/asked_today")
    return await managed(ctx, found, ctx.label("meetings/asking_again"), edit=True)


ACTIONS = {
    "meeting.list": Action(show_list, Right.MEET),
    "meeting.manage": Action(show_manage, Right.MEET),
    "meeting.people": Action(show_people, Right.MEET),
    "meeting.ask_again": Action(ask_again, Right.MEET),
}
