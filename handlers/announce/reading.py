"""`/thongbao`: what was announced to oneself, and the button that says that one has taken note."""

from markupsafe import Markup

from handlers.announce import actions, letters
from handlers.announce.composing.draft import stored_file
from handlers.announce.display import LABEL, beginning
from handlers.announce.polls import poll_letters, polling
from handlers.announce.polls.poll_letters import NO_NUMBER, Part
from handlers.announce.polls.polling import Results
from handlers.kit import merge
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import RefusedError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Button, Turn
from storage import announced, announcements, followups, polls
from storage.announcements import Announcement, State
from storage.members import Member
from storage.polls import Poll

NEWEST = 10


async def show_mine(_incoming: Incoming, ctx: Context) -> Turn:
    me = ctx.require(Right.READ_ANNOUNCEMENTS)
    mine = await announcements.sent_to(ctx.db, me.id, NEWEST)
    values = letters.values(me)
    return ctx.say(
        "announce/mine",
        *((_entry(ctx, each, values),) for each, _ in mine),
        entries=[(at, _words(each, values)) for each, at in mine],
    )


def _words(each: Announcement, values: dict[str, str], length: int = 120) -> str:
    text = Markup(each.text)  # noqa: S704 - neutral markup since it was written
    return beginning(merge.fill(text, values), length)


def _entry(ctx: Context, each: Announcement, values: dict[str, str]) -> Button:
    words = _words(each, values, LABEL) or ctx.label("announce/only_file")
    return ctx.plain_button(words, "announce.read", each.id)


async def show_one(_incoming: Incoming, ctx: Context) -> Turn:
    """As it arrived; who has taken note already isn't asked again, and of a poll that is over the result
    stands there.
    """
    me = ctx.require(Right.READ_ANNOUNCEMENTS)
    found = await actions.find(ctx, ctx.number(0))
    if found.state is State.WITHDRAWN or not await announced.reached(ctx.db, found.id, me.id):
        raise RefusedError("announce/not_yours")
    asks = found.wants_receipt and not await announced.has_noted(ctx.db, found.id, me.id)
    results = await polling.results(ctx, found)
    letter = letters.letter(
        ctx,
        Markup(found.text),  # noqa: S704 - neutral markup since it was written
        receipt_for=found.id if asks else None,
        poll=await _poll(ctx, results, me) if results else None,
        file=await stored_file(ctx, found.attachment_id),
        is_corrected=await followups.was_corrected(ctx.db, found.id),
    )
    return Turn((letters.filled(letter, me),), await _chosen(ctx, results.poll, me) if results else "")


async def _poll(ctx: Context, results: Results, me: Member) -> Part:
    if not results.is_open:
        return poll_letters.ended(ctx, results)
    has_answered = await polls.has_answered(ctx.db, results.poll, me.id)
    return poll_letters.asking(ctx, results.poll, has_answered=has_answered)


async def _chosen(ctx: Context, poll: Poll, me: Member) -> str:
    """One's own answer is only said over the chat: a transcript would keep it."""
    chosen = await polls.choice_of(ctx.db, poll, me.id)
    return "" if chosen is None else ctx.label("announce/chosen_before", option=poll.options[chosen])


async def note(_incoming: Incoming, ctx: Context) -> Turn:
    """The letter stays as it is: only a short word is said, and of which it was, where words were typed."""
    me = ctx.require(Right.READ_ANNOUNCEMENTS)
    if ctx.number(0) == NO_NUMBER:
        return Turn(notice=ctx.label("announce/only_preview"))
    is_new = await actions.take_note(ctx, ctx.number(0), me)
    found = await actions.find(ctx, ctx.number(0))
    said = ctx.label("announce/noted_now" if is_new else "announce/noted_before", found=found)
    return Turn(notice=said)


ACTIONS = {
    "announce.read": Action(show_one, Right.READ_ANNOUNCEMENTS),
    "announce.noted": Action(note, Right.READ_ANNOUNCEMENTS),
}
