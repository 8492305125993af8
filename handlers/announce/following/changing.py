"""What officers do about an announcement besides sending it: approve, correct, withdraw, remind, repeat."""

from dataclasses import dataclass, replace
from functools import partial

import msgspec
from markupsafe import Markup

from handlers.announce import actions, approval, letters
from handlers.announce.composing.draft import stored_file
from handlers.announce.following import answers, followups
from handlers.announce.polls import poll_letters
from handlers.announce.polls.poll_letters import NO_NUMBER
from handlers.announce.rules import Deed
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.reply import End, Goto, Reply, Turn
from handlers.kit.steps import require_flow, state_of
from storage.announcements import Announcement
from storage.followups import Kind

FLOW = "correction"
TEXT, REVIEW = "text", "review"


async def approve(_incoming: Incoming, ctx: Context) -> Turn:
    number = ctx.number(0)
    doing = approval.approve(ctx, ctx.require(Right.ANNOUNCE), number)
    return await answers.done(ctx, number, doing, ctx.label("announce/done_approve"))


async def decline(_incoming: Incoming, ctx: Context) -> Turn:
    number = ctx.number(0)
    doing = approval.decline(ctx, ctx.require(Right.ANNOUNCE), number)
    return await answers.done(ctx, number, doing, ctx.label("announce/done_decline"))


# Withdrawing.


async def ask_withdraw(incoming: Incoming, ctx: Context) -> Turn:
    return await answers.asked(ctx, Deed.WITHDRAW, "withdraw") or await withdraw_now(incoming, ctx)


async def withdraw_now(_incoming: Incoming, ctx: Context) -> Turn:
    number = ctx.number(0)
    doing = followups.withdraw(ctx, ctx.require(Right.ANNOUNCE), number)
    return await answers.done(ctx, number, doing, ctx.label("announce/done_withdraw"))


# Reminding, and sending again.


async def remind(_incoming: Incoming, ctx: Context) -> Turn:
    number = ctx.number(0)
    doing = followups.remind(ctx, ctx.require(Right.ANNOUNCE), number)
    return await answers.done(ctx, number, doing, ctx.label("announce/done_remind"))


async def _again(_incoming: Incoming, ctx: Context, kind: Kind) -> Turn:
    number = ctx.number(0)
    doing = followups.send_again(ctx, ctx.require(Right.ANNOUNCE), number, kind)
    return await answers.done(ctx, number, doing, ctx.label("announce/done_again"))


# Correcting.


@dataclass(frozen=True, slots=True)
class Correction:
    """As the dialogue keeps it: neutral markup with merge fields."""

    number: int
    text: str = ""

    def goto(self, step: str) -> Goto:
        return Goto(FLOW, step, msgspec.to_builtins(self))


async def begin(_incoming: Incoming, ctx: Context) -> Turn:
    """In a message of its own: the status that the button stands under goes on."""
    found = await actions.find(ctx, ctx.number(0))
    await followups.check_correction(ctx, ctx.require(Right.ANNOUNCE), found)
    return Turn((_ask_text(ctx, found),), then=Correction(found.id).goto(TEXT))


async def show_text(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((_ask_text(ctx, await _found(ctx)),))


async def take_text(incoming: Incoming, ctx: Context) -> Turn:
    """Checked here already, and once more when it is confirmed."""
    correction = replace(state_of(ctx, Correction), text=str(incoming.rich.strip()))
    found = await actions.find(ctx, correction.number)
    actions.check_text(Markup(correction.text), has_file=found.attachment_id is not None)  # noqa: S704 - as it came in
    return Turn(await _review(ctx, found, correction), then=correction.goto(REVIEW))


async def show_review(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn(await _review(ctx, await _found(ctx), state_of(ctx, Correction)))


async def rewrite(_incoming: Incoming, ctx: Context) -> Turn:
    correction = state_of(ctx, Correction)
    return Turn((_ask_text(ctx, await _found(ctx)),), then=correction.goto(TEXT))


async def correct_now(_incoming: Incoming, ctx: Context) -> Turn:
    correction = state_of(ctx, Correction)
    if ctx.number(0) != correction.number:
        raise StaleError
    text = Markup(correction.text)  # noqa: S704 - neutral markup since it came in
    doing = followups.correct(ctx, ctx.require(Right.ANNOUNCE), correction.number, text)
    return await answers.done(ctx, correction.number, doing, ctx.label("announce/done_correct"), End())


async def _found(ctx: Context) -> Announcement:
    return await actions.find(ctx, state_of(ctx, Correction).number)


def _ask_text(ctx: Context, found: Announcement) -> Reply:
    cancel = (ctx.button("announce/cancel", "announce.leave_correction"),)
    return ctx.reply("announce/ask_correction", cancel, found=found, text=Markup(found.text))  # noqa: S704 - markup


async def _review(ctx: Context, found: Announcement, correction: Correction) -> tuple[Reply, ...]:
    letter = letters.letter(
        ctx,
        Markup(correction.text),  # noqa: S704 - neutral markup since it came in
        receipt_for=NO_NUMBER if found.wants_receipt else None,
        poll=await poll_letters.of(ctx, found, is_preview=True),
        file=await stored_file(ctx, found.attachment_id),
        is_corrected=found.shared_id is not None,
    )
    _, figures = await actions.status(ctx, found.id)
    confirmation = ctx.reply(
        "announce/confirm_correction",
        (ctx.button("announce/correct_now", "announce.correct_now", found.id),),
        (ctx.button("announce/rewrite_correction", "announce.rewrite_correction"),),
        (ctx.button("announce/cancel", "announce.leave_correction"),),
        found=found,
        figures=figures,
    )
    return letters.filled(letter, ctx.require(Right.ANNOUNCE)), confirmation


async def leave_correction(_incoming: Incoming, ctx: Context) -> Turn:
    require_flow(ctx, FLOW)
    return Turn((ctx.reply("announce/not_corrected", edit=True),), then=End())


ACTIONS = {
    "announce.approve": Action(approve, Right.ANNOUNCE),
    "announce.decline": Action(decline, Right.ANNOUNCE),
    "announce.withdraw": Action(ask_withdraw, Right.ANNOUNCE),
    "announce.withdraw_now": Action(withdraw_now, Right.ANNOUNCE),
    "announce.remind": Action(remind, Right.ANNOUNCE),
    "announce.again_missed": Action(partial(_again, kind=Kind.MISSED), Right.ANNOUNCE),
    "announce.again_unknown": Action(partial(_again, kind=Kind.UNKNOWN), Right.ANNOUNCE),
    "announce.correct": Action(begin, Right.ANNOUNCE),
    "announce.rewrite_correction": Action(rewrite, Right.ANNOUNCE, f"{FLOW}.{REVIEW}"),
    "announce.correct_now": Action(correct_now, Right.ANNOUNCE, f"{FLOW}.{REVIEW}"),
    "announce.leave_correction": Action(leave_correction, None),
}
