"""What comes of a code that somebody tries, within the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from handlers.attendance import codes, rules, sittings
from handlers.attendance.rules import Window
from handlers.kit.context import Work
from handlers.kit.sittings import Sitting
from storage import attendance, check_ins
from storage.attendance import How
from storage.members import Member


class Outcome(StrEnum):
    """What came of a code; the values name the texts that tell it."""

    DONE = "done"
    ALREADY = "already"
    WRONG = "wrong"
    WAIT = "wait"
    NOT_INVITED = "not_invited"
    EARLY = "early"
    LATE = "late"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class CheckIn:
    outcome: Outcome
    # Which one, where the person may know it.
    sitting: Sitting | None = None
    # Until when no code of theirs is looked at.
    until: datetime | None = None


async def check_in(work: Work, member: Member, code: str) -> CheckIn:
    """Try a code of six digits. Never an exception for a wrong one: a refusal would take its count back."""
    blocked_until = (await check_ins.tries(work.db, member.id)).blocked_until
    if rules.must_wait(blocked_until, work.now):
        return CheckIn(Outcome.WAIT, until=blocked_until)
    today = await sittings.of_today(work)
    own = await sittings.inviting(work, today, member.id)
    for sitting in (*own, *today):
        if _fits(sitting, code, work.now):
            return await _found(work, member, sitting, is_invited=sitting in own)
    if any(rules.window(each.date, work.now) is Window.OPEN for each in today):
        until = await _count_wrong(work, member)
        if until is not None:
            return CheckIn(Outcome.WAIT, until=until)
    return await standing(work, member, own)


def _fits(sitting: Sitting, code: str, now: datetime) -> bool:
    is_open = rules.window(sitting.date, now) is Window.OPEN
    return is_open and codes.accepts(sitting.meeting.secret, sitting.id, code, now)


async def _found(work: Work, member: Member, sitting: Sitting, *, is_invited: bool) -> CheckIn:
    if not await attendance.hold(work.db, sitting.id, alone=False):
        # An officer has closed it since it was looked at.
        return CheckIn(Outcome.LATE, sitting) if is_invited else CheckIn(Outcome.NOT_INVITED)
    if await attendance.is_present(work.db, sitting.id, member.id):
        # A guest whom an officer has entered, too.
        return CheckIn(Outcome.ALREADY, sitting)
    if not is_invited:
        return CheckIn(Outcome.NOT_INVITED)
    await attendance.enter(work.db, sitting.id, member.id, How.CODE, by=None, now=work.now)
    # Only now: else a code that is known already would let somebody guess another one without end.
    await check_ins.forget_tries(work.db, member.id)
    return CheckIn(Outcome.DONE, sitting)


async def _count_wrong(work: Work, member: Member) -> datetime | None:
    """Until when the member has to wait, if this was one too many."""
    if await check_ins.count_wrong(work.db, member.id) < rules.PATIENCE:
        return None
    until = work.now + rules.WAIT
    await check_ins.block(work.db, member.id, until)
    return until


async def standing(work: Work, member: Member, own: Sequence[Sitting]) -> CheckIn:
    """Where the member stands without the right code: WRONG while one of their meetings waits for it."""
    there = {each.id for each in own if await attendance.is_present(work.db, each.id, member.id)}
    by_window = {each: [one for one in own if rules.window(one.date, work.now) is each] for each in Window}
    for sitting in by_window[Window.OPEN]:
        if sitting.id not in there:
            return CheckIn(Outcome.WRONG, sitting)
    # Else what is going on, what comes next, and what was last.
    nearest = next(iter((*by_window[Window.OPEN], *by_window[Window.EARLY], *reversed(own))), None)
    if nearest is None:
        return CheckIn(Outcome.NONE)
    if nearest.id in there:
        return CheckIn(Outcome.ALREADY, nearest)
    is_early = nearest in by_window[Window.EARLY]
    return CheckIn(Outcome.EARLY if is_early else Outcome.LATE, nearest)
