"""Issuing, revoking and checking certificates: called by chat, page and command alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers.certificates import tokens
from handlers.kit.context import Work
from handlers.kit.documents import Document, from_canonical
from handlers.kit.errors import RefusedError
from handlers.kit.vietnamese import clean, fold, name_key
from storage import campaigns, certificates
from storage.campaigns import Campaign
from storage.certificates import Certificate, Passed

SHORTEST_REASON, LONGEST_REASON = 5, 300


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands on the paper: no more is told to whoever asks by its token."""

    number: str
    full_name: str
    title: str
    # Number and day of the document; empty when it has neither.
    about: str
    passed_on: date
    issued_on: date
    is_valid: bool


async def issue(work: Work, passed: Passed) -> Certificate:
    """The one certificate of this study, made when it is first asked for. RefusedError for a revoked one."""
    [found] = await _issue(work, [passed])
    if found.revoked_at is not None:
        raise RefusedError("certificates/revoked", certificate=found)
    return found


async def issue_all(work: Work, campaign: Campaign) -> list[Certificate]:
    """Of everybody on the roster who has passed, by group and name, without those that were revoked.
    RefusedError when there is nobody.
    """
    people = await certificates.passed_in(work.db, campaign.id)
    people.sort(key=lambda each: (fold(each.group_name), name_key(each.full_name), each.code))
    found = [each for each in await _issue(work, people) if each.revoked_at is None]
    if not found:
        raise RefusedError("certificates/nobody", title=campaign.title)
    return found


async def _issue(work: Work, people: Sequence[Passed]) -> list[Certificate]:
    """In the order of the people, all of one campaign. A name that the roster corrected is printed anew."""
    had = await _issued_to(work, people)
    new = [each for each in people if each.member_id not in had]
    made = [tokens.new(work.chance) for _ in new]
    await certificates.add(work.db, new, [(each, tokens.digest(each)) for each in made], work.now)
    for each in people:
        if each.member_id in had and had[each.member_id].full_name != each.full_name:
            await certificates.rename(work.db, had[each.member_id].number, each.full_name)
    have = await _issued_to(work, people)
    return [have[each.member_id] for each in people]


async def _issued_to(work: Work, people: Sequence[Passed]) -> dict[int, Certificate]:
    if not people:
        return {}
    only = people[0].member_id if len(people) == 1 else None
    found = await certificates.issued(work.db, people[0].campaign_id, only)
    return {each.member_id: each for each in found}


async def revoke(work: Work, number: int, reason: str) -> Certificate:
    """It was issued by mistake: its page says that it holds no more. RefusedError without a reason."""
    await _numbered(work, number)
    why = " ".join(clean(reason).split())
    if not SHORTEST_REASON <= len(why) <= LONGEST_REASON:
        raise RefusedError("certificates/reason_length", shortest=SHORTEST_REASON, longest=LONGEST_REASON)
    await certificates.revoke(work.db, number, why, work.now)
    return await _numbered(work, number)


async def restore(work: Work, number: int) -> Certificate:
    """Revoking it was the mistake."""
    await _numbered(work, number)
    await certificates.restore(work.db, number)
    return await _numbered(work, number)


async def _numbered(work: Work, number: int) -> Certificate:
    found = await certificates.by_number(work.db, number)
    if found is None:
        raise RefusedError("certificates/no_number", number=number)
    return found


# What stands on them.


async def look_up(work: Work, typed: str) -> Printed | None:
    """What is printed on the certificate with this token; None for whatever leads to none."""
    token = tokens.read(typed)
    found = await certificates.find(work.db, tokens.digest(token)) if token else None
    if found is None:
        return None
    [printed] = await printed_on(work, [found])
    return printed


async def printed_on(work: Work, found: Sequence[Certificate]) -> list[Printed]:
    documents = {each: await _document(work, each) for each in {each.version_hash for each in found}}
    return [_printed(work, each, documents[each.version_hash]) for each in found]


async def _document(work: Work, version_hash: str) -> Document:
    frozen = await campaigns.frozen(work.db, version_hash)
    if frozen is None:
        raise AssertionError("the schema keeps the versions that certificates name")
    return from_canonical(frozen.canonical)


def _printed(work: Work, found: Certificate, document: Document) -> Printed:
    return Printed(
        number=work.label("certificates/number", number=found.number),
        full_name=found.full_name,
        title=document.title,
        about=work.label("certificates/about", document=document),
        passed_on=_day(work, found.passed_at),
        issued_on=_day(work, found.issued_at),
        is_valid=found.is_valid,
    )


def _day(work: Work, at: datetime) -> date:
    return at.astimezone(work.services.zone).date()
