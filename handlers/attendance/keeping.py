"""What an officer does with an attendance: ticks people off, closes it, corrects it; within the caller's
transaction.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.attendance import rules
from handlers.kit import crediting
from handlers.kit.context import Work
from handlers.kit.crediting import Case, Officer
from handlers.kit.errors import RefusedError
from handlers.kit.sittings import Sitting
from storage import attendance, audiences, campaigns, coverage, members, study
from storage.attendance import How
from storage.campaigns import Campaign, State
from storage.coverage import Missing
from storage.evidence import Kind
from storage.members import Member


async def tick(work: Work, sitting: Sitting, officer: Member, member_id: int) -> bool:
    """The member was there; False when that stood there already."""
    await _hold(work, sitting)
    return await attendance.enter(work.db, sitting.id, member_id, How.OFFICER, by=officer.id, now=work.now)


async def untick(work: Work, sitting: Sitting, member_id: int) -> bool:
    await _hold(work, sitting)
    return await attendance.take_back(work.db, sitting.id, member_id)


async def _hold(work: Work, sitting: Sitting, *, alone: bool = False) -> None:
    """RefusedError while nothing is to be entered yet, or not any more; else it stays open meanwhile."""
    if sitting.is_cancelled:
        raise RefusedError("attend/cancelled")
    if work.now < rules.opens_at(sitting.date):
        raise RefusedError("attend/not_open_yet", opens_at=rules.opens_at(sitting.date))
    if not await attendance.hold(work.db, sitting.id, alone=alone):
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
    await _hold(work, sitting, alone=True)
    await attendance.close(work.db, sitting.id, work.now)
    campaign = await campaign_of(work, sitting)
    if campaign is None or campaign.state is State.SUPERSEDED:
        # A superseded campaign takes nothing more: its document is studied anew.
        return Closed(campaign)
    there = await attendance.present_ids(work.db, sitting.id)
    scope = set(await audiences.member_ids(work.db, campaign.audience))
    people = await members.lock(work.db, [each for each in there if each in scope])
    entered = await _credit(work, sitting, officer, campaign, people)
    return Closed(campaign, entered, tuple(await still_to_study(work, sitting, campaign)))


async def campaign_of(work: Work, sitting: Sitting) -> Campaign | None:
    """What a study meeting is about."""
    campaign_id = sitting.meeting.campaign_id
    return None if campaign_id is None else await campaigns.by_id(work.db, campaign_id)


async def still_to_study(work: Work, sitting: Sitting, campaign: Campaign) -> list[Missing]:
    """Who was invited and hasn't studied, by the one definition of it."""
    invited = set(await audiences.member_ids(work.db, sitting.meeting.audience))
    return [each for each in await coverage.missing(work.db, campaign) if each.member_id in invited]


async def _credit(
    work: Work, sitting: Sitting, officer: Officer, campaign: Campaign, people: Sequence[Member]
) -> int:
    """They have studied on the meeting's day, if that wasn't entered before; how many are new."""
    kind = Kind.MAKE_UP if sitting.meeting.is_make_up else Kind.ATTENDANCE
    day = sitting.starts_at.astimezone(work.services.zone).date()
    return await crediting.attend(work, officer, campaign, people, day, kind=kind, meeting=sitting.id)


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
        await _credit(work, sitting, officer, campaign, await members.lock(work.db, [person.id]))
    return True


async def _takes(work: Work, campaign: Campaign, person: Member) -> bool:
    is_in_scope = await audiences.contains(work.db, campaign.audience, person.id)
    return campaign.state is not State.SUPERSEDED and is_in_scope


async def _withdraw(work: Work, sitting: Sitting, officer: Officer, person: Member, note: str) -> None:
    """Only what this date had led to: a waiver, or another meeting's entry, stays."""
    campaign = await campaign_of(work, sitting)
    if campaign is None:
        return
    details = await study.details_of_credit(work.db, campaign.id, person.id)
    if details is not None and json.loads(details).get("meeting") == sitting.id:
        await crediting.withdraw(work, Case(officer, campaign, person), note)
