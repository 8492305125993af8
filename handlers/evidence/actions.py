"""Sealing what members did, and checking that nobody changed it: called by a job and by the command line."""

import re
from typing import Any

from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.markup import plain
from storage import evidence, evidence_check
from storage.evidence_check import Verdict

# Entries sealed in one transaction: few enough that no member waits for it.
BATCH = 500


async def seal(work: Work) -> int:
    """Seal the next entries that have no seal; how many. Call again at once while it is `BATCH`."""
    return await evidence.seal(work.db, work.now, BATCH)


_HEAD = re.compile(r"[0-9a-f]{64}")


def kept_head(text: str) -> str:
    """A head as somebody kept it; RefusedError for what can't be one. Capitals and blanks don't matter."""
    head = "".join(text.split()).lower()
    if not _HEAD.fullmatch(head):
        raise RefusedError("evidence/not_a_head")
    return head


async def verify(work: Work, kept: str | None = None) -> Verdict:
    """`kept` is what `kept_head` made of the head of an earlier verdict."""
    return await evidence_check.verify(work.db, work.now, kept)


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
        "backdated": verdict.backdated,
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
            kept=verdict.kept,
            backdated=verdict.backdated,
            first_backdated=verdict.first_backdated,
        )
    else:
        text = work.services.texts.render(
            f"evidence/{finding.problem}", entry=finding.entry, about=finding.about
        )
    return plain(text)
