"""What happens when somebody checks in, is ticked off, or an attendance is closed: within the caller's
transaction.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from handlers.attendance import codes, rules, sittings
from handlers.attendance.rules import Window
from handlers.attendance.sittings import Sitting
from handlers.kit import crediting
from handlers.kit.context import Work
from handlers.kit.crediting import Case, Officer
from handlers.kit.errors import RefusedError
from storage import attendance, audiences, campaigns, coverage, members
from storage.attendance import How
from storage.campaigns import Campaign, State
from storage.coverage import Missing
from storage.evidence import Kind
from storage.members import Member

# Checking in.


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
    blocked_until = (await attendance.tries(work.db, member.id)).blocked_until
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
    await attendance.forget_tries(work.db, member.id)
    if not await attendance.hold(work.db, sitting.id, alone=False):
        # An officer has closed it since it was looked at.
        return CheckIn(Outcome.LATE, sitting) if is_invited else CheckIn(Outcome.NOT_INVITED)
    if await attendance.is_present(work.db, sitting.id, member.id):
        # A guest whom an officer has entered, too.
        return CheckIn(Outcome.ALREADY, sitting)
    if not is_invited:
        return CheckIn(Outcome.NOT_INVITED)
    await attendance.enter(work.db, sitting.id, member.id, How.CODE, by=None, now=work.now)
    return CheckIn(Outcome.DONE, sitting)


async def _count_wrong(work: Work, member: Member) -> datetime | None:
    """Until when the member has to wait, if this was one too many."""
    if await attendance.count_wrong(work.db, member.id) < rules.PATIENCE:
        return None
    until = work.now + rules.WAIT
    await attendance.block(work.db, member.id, until)
    return until


async def standing(work: Work, member: Member, own: Sequence[Sitting]) -> CheckIn:
    """Where the member stands without the right code: WRONG while one of their meetings takes codes."""
    by_window = {rules.window(each.date, work.now): each for each in reversed(own)}
    for each in own:
        is_over = rules.window(each.date, work.now) in {Window.LATE, Window.CLOSED}
        if is_over and Window.OPEN not in by_window and await _was_there(work, each, member):
            return CheckIn(Outcome.ALREADY, each)
    for window, outcome in _WITHOUT_CODE:
        if window in by_window:
            return CheckIn(outcome, by_window[window])
    return CheckIn(Outcome.NONE)


# What somebody can do comes first.
_WITHOUT_CODE = (
    (Window.OPEN, Outcome.WRONG),
    (Window.EARLY, Outcome.EARLY),
    (Window.CLOSED, Outcome.LATE),
    (Window.LATE, Outcome.LATE),
)


async def _was_there(work: Work, sitting: Sitting, member: Member) -> bool:
    return await attendance.is_present(work.db, sitting.id, member.id)


# The officer's list.


async def tick(work: Work, sitting: Sitting, officer: Member, member_id: int) -> bool:
    """The member was there; False when that stood there already."""
    await _hold(work, sitting)
    return await attendance.enter(work.db, sitting.id, member_id, How.OFFICER, by=officer.id, now=work.now)


async def untick(work: Work, sitting: Sitting, member_id: int) -> bool:
    await _hold(work, sitting)
    return await attendance.take_back(work.db, sitting.id, member_id)


async def _hold(work: Work, sitting: Sitting) -> None:
    if not await attendance.hold(work.db, sitting.id, alone=False):
        raise RefusedError("attend/closed_already")


@dataclass(frozen=True, slots=True)
class Closed:
    """What closing an attendance led to; the rest is of study meetings only."""

    campaign: Campaign | None = None
    # How many were entered as having studied, and who of those invited still has to.
    entered: int = 0
    missing: tuple[Missing, ...] = ()


async def close(work: Work, sitting: Sitting, officer: Officer) -> Closed:
    """Nobody checks in any more, and whoever was at a study meeting has studied; RefusedError when it was
    closed before.
    """
    if not await attendance.hold(work.db, sitting.id, alone=True):
        raise RefusedError("attend/closed_already")
    await attendance.close(work.db, sitting.id, work.now)
    campaign = await campaign_of(work, sitting)
    if campaign is None or campaign.state is State.SUPERSEDED:
        # A superseded campaign takes nothing more: its document is studied anew.
        return Closed(campaign)
    there = await attendance.present_ids(work.db, sitting.id)
    scope = set(await audiences.member_ids(work.db, campaign.audience))
    people = await members.lock(work.db, [each for each in there if each in scope])
    entered = await crediting.attend(
        work,
        officer,
        campaign,
        people,
        day_of(work, sitting),
        kind=_credit_of(sitting),
        meeting=sitting.id,
    )
    return Closed(campaign, entered, tuple(await still_to_study(work, sitting, campaign)))


async def campaign_of(work: Work, sitting: Sitting) -> Campaign | None:
    """What a study meeting is about."""
    campaign_id = sitting.meeting.campaign_id
    return None if campaign_id is None else await campaigns.by_id(work.db, campaign_id)


async def still_to_study(work: Work, sitting: Sitting, campaign: Campaign) -> list[Missing]:
    """Who was invited and hasn't studied, by the one definition of it."""
    invited = set(await audiences.member_ids(work.db, sitting.meeting.audience))
    return [each for each in await coverage.missing(work.db, campaign) if each.member_id in invited]


def day_of(work: Work, sitting: Sitting) -> date:
    return sitting.starts_at.astimezone(work.services.zone).date()


def _credit_of(sitting: Sitting) -> Kind:
    return Kind.MAKE_UP if sitting.meeting.is_make_up else Kind.ATTENDANCE


# A closed attendance, corrected.


async def correct(work: Work, sitting: Sitting, officer: Officer, person: Member, note: str) -> bool:
    """Turn round whether the person was there, and say why: whether they count as present now. What a study
    meeting had led to goes along.
    """
    if await attendance.strike(work.db, sitting.id, person.id, by=officer.member.id, now=work.now, note=note):
        await _withdraw(work, sitting, officer, person, note)
        return False
    await attendance.enter(
        work.db, sitting.id, person.id, How.OFFICER, by=officer.member.id, now=work.now, note=note
    )
    campaign = await campaign_of(work, sitting)
    if campaign is not None and await _takes(work, campaign, person):
        await crediting.attend(
            work,
            officer,
            campaign,
            [person],
            day_of(work, sitting),
            kind=_credit_of(sitting),
            meeting=sitting.id,
        )
    return True


async def _takes(work: Work, campaign: Campaign, person: Member) -> bool:
    is_in_scope = await audiences.contains(work.db, campaign.audience, person.id)
    return campaign.state is not State.SUPERSEDED and is_in_scope


async def _withdraw(work: Work, sitting: Sitting, officer: Officer, person: Member, note: str) -> None:
    """Only what this date had led to: a waiver, or another meeting's entry, stays."""
    campaign = await campaign_of(work, sitting)
    if campaign is None:
        return
    details = await attendance.details_of_credit(work.db, campaign.id, person.id)
    if details is not None and json.loads(details).get("meeting") == sitting.id:
        await crediting.withdraw(work, Case(officer, campaign, person), note)
