"""Is the evidence as it was written? Reads it all, a page at a time, and changes nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from storage.database import Transaction
from storage.evidence_check import attempts, campaigns, chain, documents, people, studies
from storage.evidence_check.chain import Backdated
from storage.evidence_check.findings import Finding, Problem
from storage.evidence_seals import GENESIS
from storage.schema.evidence import evidence, evidence_seal

__all__ = ["Finding", "Problem", "Verdict", "verify"]

# In this order, after the chain itself; the first finding ends it.
_CHECKS = (
    chain.find_inserted,
    people.find_other_person,
    studies.find_duplicate,
    studies.find_unfounded,
    studies.find_uncounted,
    attempts.find_changed_score,
    campaigns.find_changed_campaign,
    documents.find_changed_document,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    entries: int
    sealed: int
    # The newest seal's hash. Kept elsewhere, it proves later that nothing before it was written anew.
    head: str
    # The first thing found wrong.
    finding: Finding | None
    # The time of the oldest entry that still waits for its seal.
    waiting_since: datetime | None
    # Entries that bear an earlier time than entries before them, and the first one's number; see `Backdated`.
    backdated: int = 0
    first_backdated: int | None = None
    # How many seals the hash that was kept vouches for, if one was given and found.
    kept: int | None = None

    @property
    def ok(self) -> bool:
        return self.finding is None


async def verify(tx: Transaction, now: datetime, kept: str | None = None) -> Verdict:
    """Check the whole chain and what rests on it; see `Problem` for what is found.

    `kept` is the head of an earlier verdict, in lower case: it has to be in the chain still.
    """
    backdated = Backdated()
    finding = await chain.check(tx, backdated)
    position = await chain.position_of(tx, kept) if kept and finding is None else None
    if kept and finding is None and position is None:
        finding = Finding(Problem.REWRITTEN, None, kept)
    for check in _CHECKS:
        if finding is None:
            finding = await check(tx, now)
    head: str | None = await tx.scalar(_HEAD)
    return Verdict(
        entries=int(await tx.scalar(select(func.count()).select_from(evidence))),
        sealed=int(await tx.scalar(select(func.count()).select_from(evidence_seal))),
        head=head or GENESIS,
        finding=finding,
        # An entry that was put in from outside may bear a time that can't be read.
        waiting_since=None if finding else await tx.scalar(_WAITING_SINCE),
        backdated=backdated.count,
        first_backdated=backdated.first,
        kept=position,
    )


_HEAD = select(evidence_seal.c.hash).order_by(evidence_seal.c.position.desc()).limit(1)
_WAITING_SINCE = select(func.min(evidence.c.at)).where(chain.IS_UNSEALED)
