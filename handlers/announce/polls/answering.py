"""Answering a poll, seeing how it stands, and closing it."""

from dataclasses import replace

from handlers.announce import actions, letters
from handlers.announce.display import beginning
from handlers.announce.following import progress
from handlers.announce.following.people import NAMES_A_PAGE
from handlers.announce.following.status import people_button
from handlers.announce.polls import poll_letters, polling
from handlers.announce.polls.poll_letters import NO_NUMBER
from handlers.announce.polls.polling import Results
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.paging import page_of, turn_pages
from handlers.kit.reply import Button, Reply, Turn
from storage import announced, polls, shared
from storage.announced import Who
from storage.announcements import Announcement


async def answer(_incoming: Incoming, ctx: Context) -> Turn:
    """The letter stays as it is: only a short word is said, which no transcript keeps."""
    me = ctx.require(Right.READ_ANNOUNCEMENTS)
    if ctx.number(0) == NO_NUMBER:
        return Turn(notice=ctx.label("announce/only_preview_answer"))
    found = await actions.find(ctx, ctx.number(0))
    return Turn(notice=ctx.label(await polling.answer(ctx, found, me, ctx.number(1))))


# For officers.


async def show_results(_incoming: Incoming, ctx: Context) -> Turn:
    """Also where nothing has changed since, the press is seen to have done something."""
    found, results = await _find(ctx)
    return Turn((await _screen(ctx, found, results),), ctx.label("announce/fresh", now=ctx.now))


async def _find(ctx: Context) -> tuple[Announcement, Results]:
    found = await actions.find(ctx, ctx.number(0))
    results = await polling.results(ctx, found)
    if results is None:
        raise StaleError
    # All screens here take the place of the announcement's status.
    await progress.leave(ctx)
    return found, results


async def _screen(ctx: Context, found: Announcement, results: Results) -> Reply:
    _, copies = await actions.status(ctx, found.id)
    silent = await announced.count_people(ctx.db, found.id, Who.NOT_ANSWERED)
    return ctx.reply(
        "announce/results",
        _ways_to_see(ctx, found.id, results, silent),
        (ctx.button("announce/close_poll", "announce.close_poll", found.id),) if results.may_close else (),
        (
            ctx.button("announce/refresh", "announce.results", found.id),
            ctx.button("announce/back", "announce.view", found.id),
        ),
        edit=True,
        number=found.id,
        beginning=beginning(found.text),
        recipients=copies.recipients,
        **poll_letters.figures(results),
    )


def _ways_to_see(ctx: Context, number: int, results: Results, silent: int) -> tuple[Button, ...]:
    buttons = []
    if results.poll.is_named and results.answered:
        buttons.append(ctx.button("announce/choices", "announce.choices", number, 0))
    if silent:
        buttons.append(people_button(ctx, Who.NOT_ANSWERED, number, silent))
    return tuple(buttons)


async def show_choices(_incoming: Incoming, ctx: Context) -> Turn:
    found, results = await _find(ctx)
    if not results.poll.is_named:
        raise StaleError
    page = page_of(results.answered, ctx.number(1), NAMES_A_PAGE)
    shown = await polls.choices(ctx.db, found.id, page.size, page.offset)
    return ctx.show(
        "announce/choices",
        turn_pages(ctx, page, "announce.choices", found.id),
        (ctx.button("announce/poll_back", "announce.results", found.id),),
        number=found.id,
        total=results.answered,
        choices=[(each, results.poll.options[each.option]) for each in shown],
    )


async def ask_close(_incoming: Incoming, ctx: Context) -> Turn:
    found, results = await _find(ctx)
    if not results.may_close:
        return await _close(ctx, found)
    _, copies = await actions.status(ctx, found.id)
    return ctx.show(
        "announce/ask_close_poll",
        (ctx.button("announce/close_poll_now", "announce.close_poll_now", found.id),),
        (ctx.button("announce/poll_back", "announce.results", found.id),),
        number=found.id,
        recipients=copies.recipients,
        **poll_letters.figures(results),
    )


async def close_now(_incoming: Incoming, ctx: Context) -> Turn:
    found, _ = await _find(ctx)
    return await _close(ctx, found)


async def _close(ctx: Context, found: Announcement) -> Turn:
    """Where another officer was quicker, that is said and the result is shown."""
    try:
        await polling.close(ctx, found)
    except RefusedError as refusal:
        said = ctx.reply(refusal.key, **refusal.values)
        return Turn((said, replace(await _screen(ctx, *await _find(ctx)), edit=False)))
    if found.shared_id is not None:
        # Whoever gets it only now is shown the result, and no buttons that nobody answers.
        await shared.reword(ctx.db, found.shared_id, await letters.message(ctx, found))
    return Turn((await _screen(ctx, *await _find(ctx)),), ctx.label("announce/poll_closed"))


ACTIONS = {
    "announce.answer": Action(answer, Right.READ_ANNOUNCEMENTS),
    "announce.results": Action(show_results, Right.ANNOUNCE),
    "announce.choices": Action(show_choices, Right.ANNOUNCE),
    "announce.close_poll": Action(ask_close, Right.ANNOUNCE),
    "announce.close_poll_now": Action(close_now, Right.ANNOUNCE),
}
