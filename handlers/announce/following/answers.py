"""How a press on an announcement is answered: with its status, where the pressed screen stood."""

from collections.abc import Awaitable
from dataclasses import replace

from handlers.announce import actions
from handlers.announce.display import beginning
from handlers.announce.following import progress
from handlers.announce.following.status import status_screen
from handlers.announce.rules import WAYS, Deed
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import RefusedError
from handlers.kit.reply import End, Keep, Turn

_KEEP = Keep()
# Refusals after which the officer wants to see how things stand.
_STANDING = frozenset(
    f"announce/{each}"
    for each in (
        *(
            "not_now",
            "still_correcting",
            "answered_already",
            "approved_so",
            "own_approved",
            "reminded",
            "all_noted",
        ),
        "own_approval",
    )
)


async def show(ctx: Context, announcement_id: int, notice: str = "", then: End | Keep = _KEEP) -> Turn:
    screen = await status_screen(ctx, ctx.require(Right.ANNOUNCE), announcement_id)
    return Turn((screen,), notice, then)


async def asked(ctx: Context, deed: Deed, word: str) -> Turn | None:
    """Whether it is really to be done, by the texts and buttons of this name; None where it can't be done."""
    found, figures = await actions.status(ctx, ctx.number(0))
    if found.state not in WAYS[deed][0]:
        return None
    await progress.leave(ctx)
    return ctx.show(
        f"announce/ask_{word}",
        (ctx.button(f"announce/{word}_now", f"announce.{word}_now", found.id),),
        (ctx.button("announce/back", "announce.view", found.id),),
        number=found.id,
        beginning=beginning(found.text),
        figures=figures,
    )


async def done(
    ctx: Context, announcement_id: int, doing: Awaitable[object], notice: str, then: End | Keep = _KEEP
) -> Turn:
    """What was done is seen on the status. Where it can't be done, because another officer was quicker, say,
    that is said and the status shown below.
    """
    try:
        await doing
    except RefusedError as refusal:
        if refusal.key not in _STANDING:
            raise
        turn = await show(ctx, announcement_id, then=then)
        said = ctx.reply(refusal.key, **refusal.values)
        return replace(turn, replies=(said, replace(turn.replies[0], edit=False)))
    return await show(ctx, announcement_id, notice, then)
