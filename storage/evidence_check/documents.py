"""What was studied: the frozen texts."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import bindparam, exists, select

from storage.database import Transaction
from storage.evidence_check.findings import Finding, Problem
from storage.schema.evidence import evidence
from storage.schema.studies import document_version

_CANONICAL = select(document_version.c.canonical).where(document_version.c.hash == bindparam("hash"))
_WITHOUT_DOCUMENT = (
    select(evidence.c.id, evidence.c.version_hash)
    .where(
        evidence.c.version_hash.is_not(None),
        ~exists().where(document_version.c.hash == evidence.c.version_hash),
    )
    .order_by(evidence.c.id)
    .limit(1)
)


async def find_changed_document(tx: Transaction, _now: datetime) -> Finding | None:
    lost = await tx.first(_WITHOUT_DOCUMENT)
    if lost:
        return Finding(Problem.DOCUMENT, None, lost.version_hash)
    for row in await tx.all(select(document_version.c.hash)):
        canonical = await tx.scalar(_CANONICAL, {"hash": row.hash})
        # SQLite stores text in a column of bytes when it is told to.
        if not isinstance(canonical, bytes) or sha256(canonical).hexdigest() != row.hash:
            return Finding(Problem.DOCUMENT, None, row.hash)
    return None
