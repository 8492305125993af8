"""The people of an announcement by name: who didn't get it and why, who hasn't taken note of it."""

from handlers.announce import actions
from handlers.announce.display import reason
from handlers.announce.following import progress
from handlers.announce.following.status import CHANGES, LISTS
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.paging import Page, page_of, turn_pages
from handlers.kit.reply import Turn
from storage import announced, followups
from storage.announced import Who

NAMES_A_PAGE = 30


async def show_people(_incoming: Incoming, ctx: Context) -> Turn:
    found = await actions.find(ctx, ctx.number(0))
    if ctx.number(1) >= len(LISTS):
        raise StaleError
    who = LISTS[ctx.number(1)]
    topic = await _topic(ctx, found.id, who)
    total = await announced.count_people(ctx.db, found.id, who, topic)
    page = page_of(total, ctx.number(2), NAMES_A_PAGE)
    await progress.leave(ctx)
    return ctx.show(
        f"announce/{who.value}",
        turn_pages(ctx, page, "announce.people", found.id, LISTS.index(who)),
        (ctx.button("announce/back", "announce.view", found.id),),
        number=found.id,
        total=total,
        people=await _people(ctx, found.id, who, topic, page),
    )


async def _topic(ctx: Context, announcement_id: int, who: Who) -> str:
    """Of the last thing that changed people's copies, where that is what is asked for."""
    if who is Who.NOT_CHANGED:
        done = await followups.of(ctx.db, announcement_id)
        for each in reversed(done):
            if each.kind in CHANGES:
                return each.topic
    return ""


async def _people(
    ctx: Context, announcement_id: int, who: Who, topic: str, page: Page
) -> list[tuple[announced.Recipient, str]]:
    """Each person with the reason in words, which nobody asks for of those it reached."""
    shown = await announced.people(ctx.db, announcement_id, who, page.size, page.offset, of=topic)
    return [(each, reason(ctx, each.state, each.problem) if who is Who.NOT_REACHED else "") for each in shown]


ACTIONS = {"announce.people": Action(show_people, Right.ANNOUNCE)}
