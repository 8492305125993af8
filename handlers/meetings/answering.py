"""One date as everybody who is invited sees it, and whether they come."""

from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.feature import Action
from handlers.kit.flow import Flow, Step
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Button, End, Goto, Keep, Reply, Turn
from handlers.kit.sittings import Sitting, manages
from handlers.meetings import letters, rules, sittings
from storage import meeting_answers, meeting_files
from storage.members import Member

FLOW, REASON = "meeting_answer", "reason"
# Why people stay away, most often.
REASONS = ("leave", "trip", "duty", "sick")


async def show(_incoming: Incoming, ctx: Context) -> Turn:
    found, member = await _for_reader(ctx)
    return Turn((await _screen(ctx, found, member, edit=True),))


async def _for_reader(ctx: Context) -> tuple[Sitting, Member]:
    """A date that the speaker is invited to or sees to."""
    member = ctx.require(Right.CHECK_IN)
    found = await sittings.load(ctx, ctx.number(0))
    if not (manages(member, found.meeting) or await sittings.is_invited(ctx, member, found)):
        raise RefusedError("meetings/not_invited")
    return found, member


async def _screen(ctx: Context, found: Sitting, member: Member, *, edit: bool) -> Reply:
    is_open = found.is_ahead(ctx.now) and await sittings.is_invited(ctx, member, found)
    is_officer = manages(member, found.meeting)
    return ctx.reply(
        "meetings/show",
        letters.answers(ctx, found) if is_open else (),
        await _papers(ctx, found),
        (ctx.button("meetings/to_manage", "meeting.manage", found.id),) if is_officer else (),
        edit=edit,
        answer=await meeting_answers.of(ctx.db, found.id, member.id),
        is_cancelled=found.is_cancelled,
        is_over=found.date.ends_at <= ctx.now,
        is_open=is_open,
        **letters.values(ctx, found),
    )


async def _papers(ctx: Context, found: Sitting) -> tuple[Button, ...]:
    """What check-in keeps of it: agendas and minutes."""
    if not await meeting_files.of_date(ctx.db, found.meeting.id, found.id):
        return ()
    return (ctx.button("meetings/papers", "attend.files", found.id),)


# Whether one comes.


async def come(_incoming: Incoming, ctx: Context) -> Turn:
    found, member = await _open_for(ctx)
    before = await meeting_answers.of(ctx.db, found.id, member.id)
    if before is None or not before.is_coming:
        await meeting_answers.give(ctx.db, found.id, member.id, ctx.now, is_coming=True)
    notice = ctx.label(
        "meetings/noted_coming" if before is None or not before.is_coming else "meetings/noted"
    )
    return Turn((await _screen(ctx, found, member, edit=_is_own(ctx)),), notice, _leave(ctx))


async def stay_away(_incoming: Incoming, ctx: Context) -> Turn:
    """Kept at once, so that whoever gives no reason has answered too."""
    found, member = await _open_for(ctx)
    before = await meeting_answers.of(ctx.db, found.id, member.id)
    if before is None or before.is_coming:
        await meeting_answers.give(ctx.db, found.id, member.id, ctx.now, is_coming=False)
    # Whoever is in the middle of something else isn't taken out of it.
    is_free = ctx.account.dialogue is None or ctx.account.dialogue.flow == FLOW
    then = Goto(FLOW, REASON, {"occurrence": found.id}) if is_free else Keep()
    return Turn((_ask_reason(ctx, found, may_type=is_free),), ctx.label("meetings/noted"), then)


def _ask_reason(ctx: Context, found: Sitting, *, may_type: bool) -> Reply:
    reasons = [ctx.button(f"meetings/reason_{each}", "meeting.reason", found.id, each) for each in REASONS]
    return ctx.reply(
        "meetings/ask_reason",
        tuple(reasons[:2]),
        tuple(reasons[2:]),
        (ctx.button("meetings/no_reason", "meeting.reason", found.id, "none"),),
        may_type=may_type,
        **letters.values(ctx, found),
    )


async def choose_reason(_incoming: Incoming, ctx: Context) -> Turn:
    found, member = await _open_for(ctx)
    word = ctx.word(1)
    if word not in {*REASONS, "none"}:
        raise StaleError
    reason = "" if word == "none" else ctx.label(f"meetings/reason_{word}")
    return await _absent(ctx, found, member, reason)


async def type_reason(incoming: Incoming, ctx: Context) -> Turn:
    found = await _asked_about(ctx)
    member = ctx.require(Right.CHECK_IN)
    await _check_open(ctx, found, member)
    # One line: of several, the list that officers read would show the others as if they were other people's.
    reason = " ".join(incoming.text.split())
    if len(reason) > rules.LONGEST_NOTE:
        raise RefusedError("meetings/text_too_long", what="note", longest=rules.LONGEST_NOTE)
    return await _absent(ctx, found, member, reason)


async def _absent(ctx: Context, found: Sitting, member: Member, reason: str) -> Turn:
    await meeting_answers.give(ctx.db, found.id, member.id, ctx.now, is_coming=False, reason=reason)
    screen = await _screen(ctx, found, member, edit=bool(ctx.press.action))
    return Turn((screen,), ctx.label("meetings/noted_absent"), _leave(ctx))


async def show_reason(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((_ask_reason(ctx, await _asked_about(ctx), may_type=True),))


async def _asked_about(ctx: Context) -> Sitting:
    number = ctx.data.get("occurrence")
    if not isinstance(number, int):
        raise StaleError
    return await sittings.load(ctx, number)


async def _open_for(ctx: Context) -> tuple[Sitting, Member]:
    """A date that the speaker is invited to and that hasn't begun."""
    member = ctx.require(Right.CHECK_IN)
    found = await sittings.load(ctx, ctx.number(0))
    await _check_open(ctx, found, member)
    return found, member


async def _check_open(ctx: Context, found: Sitting, member: Member) -> None:
    if not await sittings.is_invited(ctx, member, found):
        raise RefusedError("meetings/not_invited")
    if not found.is_ahead(ctx.now):
        raise RefusedError("meetings/no_answer_now", **letters.values(ctx, found), gone=found.is_cancelled)


def _is_own(ctx: Context) -> bool:
    """Whether the button stood on this feature's question; what was sent stays as it is."""
    dialogue = ctx.account.dialogue
    return dialogue is not None and dialogue.flow == FLOW


def _leave(ctx: Context) -> End | Keep:
    return End() if _is_own(ctx) else Keep()


async def _shown_or_over(incoming: Incoming, ctx: Context) -> Turn:
    """What was asked about is gone: the question with it."""
    try:
        return await show_reason(incoming, ctx)
    except (RefusedError, StaleError):
        return Turn((ctx.reply("meetings/gone"),), then=End())


FLOWS = (Flow(FLOW, (Step(REASON, _shown_or_over, type_reason),)),)
ACTIONS = {
    "meeting.show": Action(show, Right.CHECK_IN),
    "meeting.coming": Action(come, Right.CHECK_IN),
    "meeting.absent": Action(stay_away, Right.CHECK_IN),
    "meeting.reason": Action(choose_reason, Right.CHECK_IN),
}
