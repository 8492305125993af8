"""What an officer enters for somebody: a waiver, an attendance, a make-up; and taking it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from handlers.campaign.rules import entered
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from storage import evidence, study
from storage.campaigns import Campaign, State
from storage.evidence import Kind, NewEvidence
from storage.members import Member


@dataclass(frozen=True, slots=True)
class Officer:
    """Who did it, and on which channel: that is what the evidence keeps."""

    member: Member
    channel: str


@dataclass(frozen=True, slots=True)
class Case:
    """An officer enters something about a member in a campaign."""

    officer: Officer
    campaign: Campaign
    member: Member


async def waive(work: Work, case: Case, reason: str) -> None:
    """Let the member off, who counts as covered from now on; RefusedError when that can't be."""
    if case.officer.member.id == case.member.id:
        raise RefusedError("campaign/own_waiver")
    await _refuse_second(work, case)
    number = await _record(work, case, Kind.WAIVER, {"reason": reason})
    await study.waive(work.db, case.campaign.id, case.member.id, work.now, number)


async def credit(work: Work, case: Case, kind: Kind, day: date) -> None:
    """Enter that the member studied outside the chat on `day`; `kind` is ATTENDANCE or MAKE_UP."""
    await _refuse_second(work, case)
    await _credit(work, case, kind, day)


async def attend(
    work: Work, officer: Officer, campaign: Campaign, people: Sequence[Member], day: date
) -> int:
    """Enter who was at the study meeting of `day`; what was entered before stays. The number of new ones."""
    _refuse_superseded(campaign)
    new = 0
    for member in people:
        case = Case(officer, campaign, member)
        if await _entered(work, case) is None:
            await _credit(work, case, Kind.ATTENDANCE, day)
            new += 1
    return new


async def withdraw(work: Work, case: Case, reason: str) -> None:
    """Take back what was entered; both entries stay in the evidence."""
    before = await _entered(work, case)
    if before is None:
        raise RefusedError("campaign/nothing_entered", name=case.member.full_name)
    number = await _record(work, case, Kind.WITHDRAWAL, {"reason": reason, "of": before.value})
    await study.withdraw(work.db, case.campaign.id, case.member.id, number)


async def _entered(work: Work, case: Case) -> Kind | None:
    return entered(await study.progress(work.db, case.campaign.id, case.member.id, lock=True))


async def _refuse_second(work: Work, case: Case) -> None:
    _refuse_superseded(case.campaign)
    if await _entered(work, case):
        raise RefusedError("campaign/entered_already", name=case.member.full_name)


def _refuse_superseded(campaign: Campaign) -> None:
    """A closed campaign still takes what the minutes of its meetings say; this one is studied anew."""
    if campaign.state is State.SUPERSEDED:
        raise RefusedError("campaign/superseded", title=campaign.title)


async def _credit(work: Work, case: Case, kind: Kind, day: date) -> None:
    number = await _record(work, case, kind, {"day": day.isoformat()})
    await study.credit(work.db, case.campaign.id, case.member.id, kind.value, at=work.now, evidence_id=number)


async def _record(work: Work, case: Case, kind: Kind, details: Mapping[str, str]) -> int:
    entry = NewEvidence(
        kind=kind,
        member_id=case.member.id,
        actor_id=case.officer.member.id,
        campaign_id=case.campaign.id,
        channel=case.officer.channel,
        at=work.now,
        version_hash=case.campaign.version_hash,
        details=details,
    )
    return await evidence.append(work.db, entry)
