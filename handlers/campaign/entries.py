"""What an officer enters for somebody: a waiver, an attendance, a make-up; and taking it back."""

from collections.abc import Sequence
from datetime import date

from handlers.kit import crediting
from handlers.kit.context import Work
from handlers.kit.crediting import Case, Officer
from handlers.kit.errors import RefusedError
from storage import study
from storage.campaigns import Campaign, State
from storage.evidence import Kind
from storage.members import Member


async def waive(work: Work, case: Case, reason: str) -> None:
    """Let the member off, who counts as covered from now on; RefusedError when that can't be."""
    if case.officer.member.id == case.member.id:
        raise RefusedError("campaign/own_waiver")
    await _refuse_second(work, case)
    number = await crediting.record(work, case, Kind.WAIVER, {}, reason=reason)
    await study.waive(work.db, case.campaign.id, case.member.id, work.now, number)


async def credit(work: Work, case: Case, kind: Kind, day: date) -> None:
    """Enter that the member studied outside the chat on `day`; `kind` is ATTENDANCE or MAKE_UP."""
    await _refuse_second(work, case)
    await crediting.credit(work, case, kind, crediting.meeting_details(day))


async def attend(
    work: Work, officer: Officer, campaign: Campaign, people: Sequence[Member], day: date
) -> int:
    """Enter who was at the study meeting of `day`; what was entered before stays. The number of new ones."""
    _refuse_superseded(campaign)
    return await crediting.attend(work, officer, campaign, people, day)


async def withdraw(work: Work, case: Case, reason: str) -> None:
    """Take back what was entered; both entries stay in the evidence."""
    if await crediting.withdraw(work, case, reason) is None:
        raise RefusedError("campaign/nothing_entered", name=case.member.full_name)


async def _refuse_second(work: Work, case: Case) -> None:
    _refuse_superseded(case.campaign)
    if await crediting.standing(work, case):
        raise RefusedError("campaign/entered_already", name=case.member.full_name)


def _refuse_superseded(campaign: Campaign) -> None:
    """A closed campaign still takes what the minutes of its meetings say; this one is studied anew."""
    if campaign.state is State.SUPERSEDED:
        raise RefusedError("campaign/superseded", title=campaign.title)
