"""What counts as studied outside the chat: entered by an officer, and taken back. Evidence and figures of it
are written in one place, whichever feature knows of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from handlers.kit.context import Work
from storage import evidence, study
from storage.campaigns import Campaign
from storage.evidence import Kind, NewEvidence
from storage.members import Member
from storage.study import Progress


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


def entered(progress: Progress) -> Kind | None:
    """What an officer entered for the member, if it wasn't taken back."""
    if progress.waived_at is not None:
        return Kind.WAIVER
    return Kind(progress.credit) if progress.credit else None


async def standing(work: Work, case: Case) -> Kind | None:
    """The same of the case; nobody else enters anything for it until the transaction ends."""
    return entered(await study.progress(work.db, case.campaign.id, case.member.id, lock=True))


async def credit(work: Work, case: Case, kind: Kind, details: Mapping[str, str | int]) -> None:
    """Enter an ATTENDANCE or a MAKE_UP; the details say of which day."""
    number = await record(work, case, kind, details)
    await study.credit(work.db, case.campaign.id, case.member.id, kind.value, at=work.now, evidence_id=number)


async def attend(
    work: Work,
    officer: Officer,
    campaign: Campaign,
    people: Sequence[Member],
    day: date,
    *,
    kind: Kind = Kind.ATTENDANCE,
    meeting: int | None = None,
) -> int:
    """Enter who was at the study meeting of `day`; what was entered before stays. The number of new ones.

    `meeting` is the date's own number, where it was checked in to.
    """
    details = meeting_details(day, meeting)
    new = 0
    for member in people:
        case = Case(officer, campaign, member)
        if await standing(work, case) is None:
            await credit(work, case, kind, details)
            new += 1
    return new


def meeting_details(day: date, meeting: int | None = None) -> dict[str, str | int]:
    """What the evidence says of the study meeting."""
    return {"day": day.isoformat(), **({"meeting": meeting} if meeting is not None else {})}


async def withdraw(work: Work, case: Case, reason: str) -> Kind | None:
    """Take back what was entered, if anything was: what it was. Both entries stay in the evidence."""
    before = await standing(work, case)
    if before is not None:
        number = await record(work, case, Kind.WITHDRAWAL, {"of": before.value}, reason=reason)
        await study.withdraw(work.db, case.campaign.id, case.member.id, number)
    return before


async def record(
    work: Work, case: Case, kind: Kind, details: Mapping[str, str | int], *, reason: str = ""
) -> int:
    """The number of the new entry. A reason is about the member: it goes with their personal fields."""
    entry = NewEvidence(
        kind=kind,
        member_id=case.member.id,
        actor_id=case.officer.member.id,
        campaign_id=case.campaign.id,
        channel=case.officer.channel,
        at=work.now,
        version_hash=case.campaign.version_hash,
        details=details,
        personal={"reason": reason} if reason else {},
    )
    return await evidence.append(work.db, entry)
