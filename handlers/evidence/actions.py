"""Sealing what members did, and checking that nobody changed it: called by a job and by the command line."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from handlers.evidence.notes import NoteError, compact, fingerprint, is_signed, read_head
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.markup import plain
from storage import evidence, evidence_check, evidence_heads, evidence_seals
from storage.evidence_check import Finding, Problem, Verdict
from storage.evidence_heads import SignedHead

# Entries sealed in one transaction: few enough that no member waits for it.
BATCH = 500


async def seal(work: Work) -> int:
    """Seal the next entries that have no seal; how many. Call again at once while it is `BATCH`."""
    return await evidence_seals.seal(work.db, work.now, BATCH)


# A seal's hash, or a head's fingerprint.
_HEAD = re.compile(r"[0-9a-f]{64}|[0-9a-f]{32}")


def kept_head(text: str) -> str:
    """A head as somebody kept it; RefusedError for what can't be one. Capitals and blanks don't matter."""
    head = "".join(text.split()).lower()
    if not _HEAD.fullmatch(head):
        raise RefusedError("evidence/not_a_head")
    return head


async def verify(work: Work, kept: str | None = None) -> Verdict:
    """`kept` is what `kept_head` made of an earlier verdict's head, or of a signed head's fingerprint."""
    heads = await evidence_heads.everything(work.db)
    verdict = await evidence_check.verify(work.db, work.now, _seal_of(heads, kept))
    if not verdict.ok:
        return verdict
    return replace(verdict, finding=await _find_other_head(work, heads))


def _seal_of(heads: Sequence[SignedHead], kept: str | None) -> str | None:
    """The hash of the last seal under the head of that fingerprint; `kept` itself where there is none."""
    fitting = (each for each in heads if compact(fingerprint(each.text)) == kept)
    head = next(fitting, None)
    return kept if head is None else read_head(head.text).chain


async def _find_other_head(work: Work, heads: Sequence[SignedHead]) -> Finding | None:
    """The seals are good; whether each head was signed over them."""
    public = {each.id: each.public for each in await evidence_heads.keys(work.db)}
    for each in heads:
        if not await _is_over_the_seals(work, each, public.get(each.key_id, b"")):
            return Finding(Problem.HEAD, None, str(each.size))
    return None


async def _is_over_the_seals(work: Work, head: SignedHead, public: bytes) -> bool:
    if not is_signed(public, head.signature, head.text):
        return False
    try:
        said = read_head(head.text)
    except NoteError:
        return False
    seal = await evidence_seals.seal_at(work.db, head.size)
    return (said.branch, said.size, said.chain) == (work.services.branch, head.size, seal)


async def waiting(work: Work) -> int:
    """How many entries have no seal yet."""
    return await evidence.count(work.db) - await evidence_seals.sealed(work.db)


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
        since = verdict.waiting_since
        text = work.services.texts.render(
            "evidence/intact",
            entries=verdict.entries,
            waiting=verdict.entries - verdict.sealed,
            is_late=since is not None and work.now - since > evidence_seals.SEAL_WITHIN,
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
