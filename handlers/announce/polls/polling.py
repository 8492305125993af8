"""What happens to an opinion poll; chat and command line both begin here."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.announce.polls import poll_rules
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError, StaleError
from storage import announcements, followups, polls
from storage.announced import Who
from storage.announcements import Announcement
from storage.members import Member
from storage.polls import NewPoll, Poll


@dataclass(frozen=True, slots=True)
class Results:
    poll: Poll
    is_open: bool
    may_close: bool
    answered: int
    # How often each answer was chosen; None where that isn't to be seen, or not yet.
    counts: tuple[int, ...] | None


def make(lines: Sequence[str], *, is_named: bool) -> NewPoll:
    """A poll with these answers; RefusedError says what is wrong with them."""
    options = poll_rules.read_options(lines)
    problem = poll_rules.options_problem(options)
    if problem is None:
        return NewPoll(options, is_named)
    raise RefusedError(
        problem,
        number=len(options),
        fewest=poll_rules.FEWEST_OPTIONS,
        most=poll_rules.MOST_OPTIONS,
        longest=poll_rules.LONGEST_OPTION,
        long=[each for each in options if len(each) > poll_rules.LONGEST_OPTION],
        twice=poll_rules.twice(options),
    )


async def answer(work: Work, found: Announcement, member: Member, option: int) -> str:
    """Take the member's answer; the label of what is said to them. RefusedError when they weren't asked,
    StaleError for an answer that there isn't.
    """
    poll = await polls.of(work.db, found.id)
    if poll is None or not await announcements.was_sent_to(work.db, found.id, member.id):
        raise RefusedError("announce/not_yours")
    if option >= len(poll.options):
        raise StaleError
    if not poll_rules.is_open(poll, found.state):
        return "announce/answer_too_late"
    await followups.spare(work.db, found.id, member.id)
    if poll.is_named:
        await polls.choose(work.db, poll, member.id, option, work.now)
        return "announce/answered_named"
    is_new = await polls.count_in(work.db, poll, member.id, option)
    return "announce/answered_unnamed" if is_new else "announce/answered_before"


async def close(work: Work, found: Announcement) -> None:
    """Take no more answers; RefusedError when it is over already, or hasn't begun."""
    poll = await polls.of(work.db, found.id)
    if poll is None:
        raise StaleError
    if not poll_rules.may_close(poll, found.state):
        is_over = not poll_rules.is_open(poll, found.state)
        raise RefusedError("announce/poll_not_now", is_over=is_over)
    await polls.close(work.db, found.id, work.now)


async def results(work: Work, found: Announcement) -> Results | None:
    """What may be seen of the announcement's poll; None when it has none."""
    poll = await polls.of(work.db, found.id)
    if poll is None:
        return None
    answered = await polls.answered(work.db, poll)
    may_show = poll_rules.may_show(poll, found.state, answered)
    return Results(
        poll=poll,
        is_open=poll_rules.is_open(poll, found.state),
        may_close=poll_rules.may_close(poll, found.state),
        answered=answered,
        counts=await polls.counts(work.db, poll) if may_show else None,
    )


async def has_answers(work: Work, found: Announcement) -> bool:
    """Whether somebody has answered what it asks: the words they answered to don't change any more."""
    poll = await polls.of(work.db, found.id)
    return poll is not None and await polls.answered(work.db, poll) > 0


async def silent(work: Work, found: Announcement) -> Who | None:
    """Who may be reminded of it; None when it asks for nothing, or not any more."""
    if found.wants_receipt:
        return Who.NOT_NOTED
    poll = await polls.of(work.db, found.id)
    return Who.NOT_ANSWERED if poll is not None and poll_rules.is_open(poll, found.state) else None
