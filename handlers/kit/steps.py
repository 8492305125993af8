"""What officers' conversations share: whoever lost the right in the middle gets no further."""

from dataclasses import replace
from typing import TypeVar

import msgspec

from handlers.kit.access import Right, may
from handlers.kit.context import Context
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.flow import Handler, Step
from handlers.kit.incoming import Incoming
from handlers.kit.reply import End, Turn

T = TypeVar("T")


def guarded_step(
    name: str,
    right: Right,
    show: Handler,
    handle: Handler | None = None,
    *,
    gone: str,
    takes_files: bool = False,
) -> Step:
    """One step. Where `show` finds that what it is about is there no more, it says `gone`, a text's key, and
    the conversation is over.
    """
    return Step(
        name,
        _guarded(right, _gently(show, gone)),
        _guarded(right, handle) if handle else None,
        takes_files=takes_files,
    )


def _gently(show: Handler, gone: str) -> Handler:
    async def shown(incoming: Incoming, ctx: Context) -> Turn:
        try:
            turn = await show(incoming, ctx)
        except (RefusedError, StaleError):
            return Turn((ctx.reply(gone),), then=End())
        # Below what was just written or pressed, which may stand far above.
        return replace(turn, replies=tuple(replace(reply, edit=False) for reply in turn.replies))

    return shown


def _guarded(right: Right, handler: Handler) -> Handler:
    async def guarded(incoming: Incoming, ctx: Context) -> Turn:
        if not may(ctx.member, right):
            return Turn((ctx.reply("home/not_allowed"),), then=End())
        return await handler(incoming, ctx)

    return guarded


def require_flow(ctx: Context, *flows: str) -> None:
    """For a button that ends a conversation: an old one ends no other. StaleError when none of these runs."""
    dialogue = ctx.account.dialogue
    if dialogue is None or dialogue.flow not in flows:
        raise StaleError


def state_of(ctx: Context, kind: type[T]) -> T:
    """What the dialogue keeps; another version of the program may have written something else."""
    try:
        return msgspec.convert(ctx.data, kind)
    except msgspec.ValidationError as error:
        raise StaleError from error
