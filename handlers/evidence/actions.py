"""Sealing what members did, and checking that nobody changed it: called by a job and by the command line."""

from typing import Any

from handlers.kit.context import Work
from handlers.kit.markup import plain
from storage import evidence, evidence_check
from storage.evidence_check import Verdict

# Entries sealed in one transaction: few enough that no member waits for it.
BATCH = 500


async def seal(work: Work) -> int:
    """Seal the next entries that have no seal; how many. Call again at once while it is `BATCH`."""
    return await evidence.seal(work.db, work.now, BATCH)


async def verify(work: Work) -> Verdict:
    return await evidence_check.verify(work.db, work.now)


def summary(verdict: Verdict) -> dict[str, Any]:
    """The verdict as the command prints it for programs."""
    finding = verdict.finding
    return {
        "entries": verdict.entries,
        "sealed": verdict.sealed,
        "ok": verdict.ok,
        "problem": finding.problem.value if finding else None,
        "broken_at": finding.entry if finding else None,
        "head": verdict.head,
    }


def describe(work: Work, verdict: Verdict) -> str:
    """The verdict as plain words: what was found, and what to do."""
    finding = verdict.finding
    if finding is None:
        waits = verdict.waiting_since is not None and work.now - verdict.waiting_since > evidence.SEAL_WITHIN
        text = work.services.texts.render(
            "evidence/intact",
            entries=verdict.entries,
            waiting=verdict.entries - verdict.sealed,
            is_late=waits,
            head=verdict.head,
        )
    else:
        text = work.services.texts.render(
            f"evidence/{finding.problem}", entry=finding.entry, about=finding.about
        )
    return plain(text)
