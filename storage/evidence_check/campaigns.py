"""The campaigns: as they were published, or last corrected."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, String, exists, func, select, type_coerce

from storage.campaigns import terms
from storage.database import Transaction
from storage.evidence import Kind, written
from storage.evidence_check.findings import Finding, Problem
from storage.schema.evidence import evidence
from storage.schema.studies import campaign

_PUBLICATION = evidence.c.kind == Kind.PUBLICATION.value
_latest = (
    select(evidence.c.campaign_id, func.max(evidence.c.id).label("entry"))
    .where(_PUBLICATION)
    .group_by(evidence.c.campaign_id)
    .subquery()
)
_PUBLISHED = (
    select(
        campaign.c.id,
        campaign.c.version_hash,
        campaign.c.audience,
        # Whoever changed it on SQLite may have written no date at all.
        type_coerce(campaign.c.deadline, String).label("deadline"),
        campaign.c.pass_mark,
        _latest.c.entry,
        evidence.c.version_hash.label("published"),
        evidence.c.details,
    )
    .outerjoin(_latest, _latest.c.campaign_id == campaign.c.id)
    .outerjoin(evidence, evidence.c.id == _latest.c.entry)
    .order_by(campaign.c.id)
)
_WITHOUT_CAMPAIGN = (
    select(evidence.c.id, evidence.c.campaign_id)
    .where(_PUBLICATION, ~exists().where(campaign.c.id == evidence.c.campaign_id))
    .order_by(evidence.c.id)
    .limit(1)
)


async def find_changed_campaign(tx: Transaction, _now: datetime) -> Finding | None:
    lost = await tx.first(_WITHOUT_CAMPAIGN)
    if lost:
        return Finding(Problem.CAMPAIGN, lost.id, str(lost.campaign_id))
    for row in await tx.all(_PUBLISHED):
        if not _is_as_published(row):
            return Finding(Problem.CAMPAIGN, row.entry, str(row.id))
    return None


def _is_as_published(row: Row[Any]) -> bool:
    said = terms(row.audience, row.deadline, row.pass_mark)
    ways = [written({**said, "correction": correction}) for correction in (0, 1)]
    return row.published == row.version_hash and row.details in ways
