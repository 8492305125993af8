"""Certificates: one for each member and campaign, numbered through all years.

Who has passed is said here once: by their own acknowledgement and the quiz, not by what an officer entered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, update

from storage import consents
from storage.database import Transaction, upsert
from storage.schema.certificates import certificate
from storage.schema.people import member, union_group
from storage.schema.studies import campaign, study


@dataclass(frozen=True, slots=True)
class Passed:
    """A member who passed a campaign's quiz, as roster and campaign have them now."""

    member_id: int
    code: str
    full_name: str
    group_name: str
    campaign_id: int
    title: str
    version_hash: str
    passed_at: datetime


@dataclass(frozen=True, slots=True)
class Certificate:
    number: int
    member_id: int
    campaign_id: int
    version_hash: str
    # As it stands on the paper.
    full_name: str
    passed_at: datetime
    token: str
    issued_at: datetime
    revoked_at: datetime | None
    # Why it was revoked.
    reason: str
    # The member's code, and the campaign's title, as they are now.
    code: str
    title: str
    # Whether the study that it certifies still stands.
    is_founded: bool

    @property
    def is_valid(self) -> bool:
        return self.is_founded and self.revoked_at is None


_HAS_PASSED = study.c.acknowledged_at.is_not(None) & study.c.passed_at.is_not(None)
_PASSED = (
    select(
        member.c.id,
        member.c.code,
        member.c.full_name,
        union_group.c.name,
        campaign.c.id,
        campaign.c.title,
        campaign.c.version_hash,
        study.c.passed_at,
    )
    .select_from(study)
    .join(member, member.c.id == study.c.member_id)
    .join(union_group, union_group.c.id == member.c.group_id)
    .join(campaign, campaign.c.id == study.c.campaign_id)
    # Whoever withdrew their consent is given no new paper.
    .where(_HAS_PASSED, func.coalesce(consents.is_withdrawn_by(member.c.id), 0) == 0)
)
_OF_MEMBER = _PASSED.where(member.c.id == bindparam("b_member")).order_by(study.c.campaign_id.desc())
_OF_CAMPAIGN = _PASSED.where(campaign.c.id == bindparam("b_campaign"), member.c.is_active)


async def passed_by(tx: Transaction, member_id: int) -> list[Passed]:
    """Every campaign that the member has passed, whatever became of it, the latest first."""
    return [Passed(*tuple(row)) for row in await tx.all(_OF_MEMBER, {"b_member": member_id})]


async def passed_in(tx: Transaction, campaign_id: int) -> list[Passed]:
    """Everybody on the roster who has passed it, in no particular order."""
    return [Passed(*tuple(row)) for row in await tx.all(_OF_CAMPAIGN, {"b_campaign": campaign_id})]


# What was issued.

_ALL = (
    select(
        certificate.c.number,
        certificate.c.member_id,
        certificate.c.campaign_id,
        certificate.c.version_hash,
        certificate.c.full_name,
        certificate.c.passed_at,
        certificate.c.token,
        certificate.c.issued_at,
        certificate.c.revoked_at,
        certificate.c.reason,
        member.c.code,
        campaign.c.title,
        _HAS_PASSED,
    )
    .join(member, member.c.id == certificate.c.member_id)
    .join(campaign, campaign.c.id == certificate.c.campaign_id)
    .join(
        study,
        (study.c.member_id == certificate.c.member_id) & (study.c.campaign_id == certificate.c.campaign_id),
    )
    .order_by(certificate.c.number)
)
_BY_HASH = _ALL.where(certificate.c.token_hash == bindparam("b_hash"))
_BY_NUMBER = _ALL.where(certificate.c.number == bindparam("b_number"))


async def issued(
    tx: Transaction, campaign_id: int | None = None, member_id: int | None = None
) -> list[Certificate]:
    """By number; of one campaign, or of one member in it, or all."""
    query = _ALL
    if campaign_id is not None:
        query = query.where(certificate.c.campaign_id == campaign_id)
    if member_id is not None:
        query = query.where(certificate.c.member_id == member_id)
    return [Certificate(*tuple(row)) for row in await tx.all(query)]


async def find(tx: Transaction, token_hash: str) -> Certificate | None:
    row = await tx.first(_BY_HASH, {"b_hash": token_hash})
    return Certificate(*tuple(row)) if row else None


async def by_number(tx: Transaction, number: int) -> Certificate | None:
    row = await tx.first(_BY_NUMBER, {"b_number": number})
    return Certificate(*tuple(row)) if row else None


async def add(
    tx: Transaction, people: Sequence[Passed], tokens: Sequence[tuple[str, str]], now: datetime
) -> None:
    """A certificate for each, numbered in this order; `tokens` with their SHA-256. Of two that are made at
    once for the same study, the first stays.
    """
    statement = upsert(tx, certificate).on_conflict_do_nothing(index_elements=["member_id", "campaign_id"])
    for each, (token, token_hash) in zip(people, tokens, strict=True):
        values = {
            "member_id": each.member_id,
            "campaign_id": each.campaign_id,
            "version_hash": each.version_hash,
            "full_name": each.full_name,
            "passed_at": each.passed_at,
            "token": token,
            "token_hash": token_hash,
            "issued_at": now,
        }
        await tx.run(statement, values)


_ONE = update(certificate).where(certificate.c.number == bindparam("b_number"))


async def rename(tx: Transaction, number: int, full_name: str) -> None:
    """The paper is printed with this name from now on."""
    await tx.run(_ONE.values(full_name=full_name), {"b_number": number})


async def revoke(tx: Transaction, number: int, reason: str, now: datetime) -> None:
    """It holds no more; the reason may not be empty."""
    await tx.run(_ONE.values(revoked_at=now, reason=reason), {"b_number": number})


async def restore(tx: Transaction, number: int) -> None:
    await tx.run(_ONE.values(revoked_at=None, reason=""), {"b_number": number})


async def forget(tx: Transaction, member_id: int) -> None:
    """All of the member's, for good: their addresses lead to nothing any more."""
    await tx.run(delete(certificate).where(certificate.c.member_id == member_id))
