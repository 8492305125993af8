"""What is said of archives, proofs and heads: as words, and as the commands print it for programs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from handlers.evidence.archive import BrokenError, Checked, CheckedGrowth, CheckedProof, ProvenEntry, Stamps
from handlers.evidence.notes import fingerprint, read_head
from handlers.kit.markup import plain
from handlers.kit.texts import Texts
from handlers.kit.vietnamese import clean
from storage.evidence import Kind
from storage.evidence_heads import PublishedKey, SignedHead

# So much of what a file says is repeated.
_SHOWN, _SAID = 120, 600


def why_broken(texts: Texts, error: BrokenError, owner: str = "") -> str:
    """`owner`: whose key was given, as its file says."""
    values = {"place": error.place, "about": _short(error.about), "owner": _short(owner)}
    return plain(texts.render(f"evidence/archive_{error.trouble}", **values))


def _short(words: str, most: int = _SHOWN) -> str:
    """What a file says, which anybody may have written: one line, without control characters."""
    return " ".join(clean(words).split())[:most]


def broken_summary(error: BrokenError) -> dict[str, Any]:
    return {
        "entries": None,
        "ok": False,
        "problem": error.trouble.value,
        "broken_at": error.place,
        "head": None,
    }


def words_of(texts: Texts, checked: Checked | CheckedProof | CheckedGrowth) -> str:
    common = {"signer": checked.signer, "is_trusted": checked.is_trusted}
    match checked:
        case Checked(head=head):
            key, values = "archive_intact", _archive(checked)
        case CheckedProof(head=head):
            key, values = "proof_intact", _proof(texts, checked)
        case CheckedGrowth(new=head):
            key, values = "growth_intact", _growth(checked)
    branch = _short(head.branch.name)
    words = texts.render(f"evidence/{key}", branch=branch, at=head.at, **common, **values)
    return clean(plain(words))


def _archive(checked: Checked) -> dict[str, Any]:
    return {
        "size": checked.head.size,
        "heads": checked.heads,
        "destroyed": checked.destroyed,
        "kept": checked.kept,
        "breaks": checked.breaks,
        "stamps": checked.stamps,
        "fingerprint": checked.fingerprint,
    }


def _proof(texts: Texts, checked: CheckedProof) -> dict[str, Any]:
    entries = [_proven(texts, each) for each in checked.entries]
    return {"entries": entries, "breaks": 0, "fingerprint": checked.fingerprint}


def _proven(texts: Texts, entry: ProvenEntry) -> dict[str, Any]:
    """A line of the verdict: whoever made the file can't write others."""
    is_known = entry.kind in set(Kind)
    fields = entry.fields or {}
    return {
        "line": entry.line,
        "kind": texts.label(f"evidence/kind_{entry.kind}") if is_known else _short(entry.kind),
        "at": _short(entry.at),
        "code": _short(fields.get("member_code", "")),
        "statement": _short(fields.get("statement", ""), _SAID),
    }


def _growth(checked: CheckedGrowth) -> dict[str, Any]:
    return {
        "old_size": checked.old.size,
        "new_size": checked.new.size,
        "old_fingerprint": checked.old_fingerprint,
        "breaks": 0,
        "fingerprint": checked.new_fingerprint,
    }


def summary_of(checked: Checked | CheckedProof | CheckedGrowth) -> dict[str, Any]:
    head = checked.new if isinstance(checked, CheckedGrowth) else checked.head
    proven = len(checked.entries) if isinstance(checked, CheckedProof) else head.size
    return {
        "entries": proven,
        "ok": True,
        "problem": None,
        "broken_at": None,
        "head": head.chain,
        "branch": head.branch.name,
        "at": head.at.isoformat(),
        "trusted": checked.is_trusted,
        "stamped": _stamped(checked.stamps) if isinstance(checked, Checked) else None,
    }


def _stamped(stamps: Stamps | None) -> dict[str, Any] | None:
    if stamps is None:
        return None
    return {"size": stamps.size, "at": stamps.at.isoformat(), "trusted": stamps.is_trusted}


def head_rows(heads: Sequence[SignedHead], keys: Sequence[PublishedKey]) -> list[dict[str, Any]]:
    """The newest first."""
    public = {each.id: each.public.hex() for each in keys}
    return [
        {
            "size": each.size,
            "at": each.made_at,
            "fingerprint": fingerprint(each.text),
            "root": read_head(each.text).root,
            "head": read_head(each.text).chain,
            "signer": fingerprint(public[each.key_id]),
        }
        for each in reversed(heads)
    ]


def as_json(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
        for row in rows
    ]
