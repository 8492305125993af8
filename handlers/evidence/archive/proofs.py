"""Proofs of some of the evidence: a person's own entries, and that one head grew out of another."""

from dataclasses import dataclass

import msgspec

from handlers.evidence.archive.broken import BrokenError, Trouble
from handlers.evidence.archive.checking import Trusted
from handlers.evidence.archive.container import NOT_DECODED
from handlers.evidence.archive.form import (
    GROWTH,
    PROOF,
    Growth,
    Person,
    Proof,
    Proven,
    Signed,
    signed_heads,
    signed_keys,
)
from handlers.evidence.archive.reading import open_fields, openers_of, read_entry
from handlers.evidence.archive.trust import Keys
from handlers.evidence.notes import Head, NoteError, compact, fingerprint, read_head
from handlers.evidence.tree import Leaves
from handlers.kit import merkle
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from storage import evidence_heads, evidence_lines, person_keys
from storage.evidence_heads import SignedHead
from storage.person_keys import Opener


@dataclass(frozen=True, slots=True)
class ProvenEntry:
    line: int
    kind: str
    at: str
    # None where their key isn't in the proof.
    fields: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class CheckedProof:
    head: Head
    fingerprint: str
    signer: str
    is_trusted: bool
    entries: list[ProvenEntry]


@dataclass(frozen=True, slots=True)
class CheckedGrowth:
    old: Head
    new: Head
    old_fingerprint: str
    new_fingerprint: str
    signer: str
    is_trusted: bool


# Making them.


async def prove_study(work: Work, member_id: int) -> tuple[bytes, int]:
    """The file for a member about their own entries, and how many it proves; RefusedError when no head covers
    one yet.
    """
    head = await evidence_heads.latest(work.db)
    positions = await evidence_lines.positions_of(work.db, member_id, head.size) if head else []
    if head is None or not positions:
        raise RefusedError("evidence/nothing_to_prove")
    keys = await evidence_heads.keys(work.db)
    proof = Proof(
        format=PROOF,
        head=signed_heads([head], keys)[0],
        keys=signed_keys(keys),
        entries=await _proven(work, head, positions),
        people=[
            Person(member, key, secret)
            for key, (member, secret) in (await person_keys.secrets(work.db, member_id)).items()
        ],
    )
    return _written(proof), len(positions)


async def _proven(work: Work, head: SignedHead, positions: list[int]) -> list[Proven]:
    leaves, root = Leaves(work.db), bytes.fromhex(read_head(head.text).root)
    found = []
    for position in positions:
        text = await evidence_lines.line_at(work.db, position)
        ranges = merkle.inclusion_ranges(position - 1, head.size)
        path = [await leaves.root(*each) for each in ranges]
        if not merkle.is_included(merkle.leaf_hash(text.encode()), position - 1, head.size, path, root):
            raise RefusedError("evidence/tree_broken")
        found.append(Proven(position, text, [each.hex() for each in path]))
    return found


async def prove_growth(work: Work, old: int, new: int) -> bytes:
    """That the head of `new` entries grew out of that of `old`; RefusedError when there is no such head."""
    heads = {each.size: each for each in await evidence_heads.everything(work.db)}
    if old not in heads or new not in heads or old >= new:
        raise RefusedError("evidence/no_such_heads", sizes=sorted(heads))
    keys, leaves = await evidence_heads.keys(work.db), Leaves(work.db)
    path = [await leaves.root(*each) for each in merkle.consistency_ranges(old, new)]
    before, after = signed_heads([heads[old], heads[new]], keys)
    if not _grew(read_head(before.text), read_head(after.text), path):
        raise RefusedError("evidence/tree_broken")
    return _written(Growth(GROWTH, before, after, signed_keys(keys), [each.hex() for each in path]))


def _grew(old: Head, new: Head, path: list[bytes]) -> bool:
    return merkle.is_consistent(old.size, new.size, bytes.fromhex(old.root), bytes.fromhex(new.root), path)


def _written(form: Proof | Growth) -> bytes:
    return msgspec.json.format(msgspec.json.encode(form), indent=1)


# Checking them.


class _Named(msgspec.Struct):
    """What a file says it is."""

    format: str


def check_proof(content: bytes, trusted: Trusted) -> CheckedProof | CheckedGrowth:
    """BrokenError when it is no proof, or proves nothing."""
    form = _read(content)
    if trusted.issuers:
        # Time stamps lie in archives alone: none may seem to have been checked.
        raise BrokenError(Trouble.UNSTAMPED)
    return _check_study(form, trusted) if isinstance(form, Proof) else _check_growth(form, trusted)


def _read(content: bytes) -> Proof | Growth:
    try:
        named = msgspec.json.decode(content, type=_Named)
        if named.format == PROOF:
            return msgspec.json.decode(content, type=Proof)
        if named.format == GROWTH:
            return msgspec.json.decode(content, type=Growth)
    except NOT_DECODED as error:
        raise BrokenError(Trouble.UNREADABLE) from error
    raise BrokenError(Trouble.UNREADABLE)


def _check_study(proof: Proof, trusted: Trusted) -> CheckedProof:
    _, head = _vouched(proof.head, proof.keys, trusted)
    openers, root = openers_of(proof.people), bytes.fromhex(head.root)
    for each in proof.entries:
        leaf = merkle.leaf_hash(each.text.encode())
        if not merkle.is_included(leaf, each.line - 1, head.size, _hashes(each.path, each.line), root):
            raise BrokenError(Trouble.PATH, each.line)
    _require_kept(trusted, proof.head)
    return CheckedProof(
        head=head,
        fingerprint=fingerprint(proof.head.text),
        signer=fingerprint(proof.head.key.hex()),
        is_trusted=trusted.key is not None,
        entries=[_shown(each, openers) for each in proof.entries],
    )


def _shown(proven: Proven, openers: dict[str, Opener]) -> ProvenEntry:
    entry = read_entry(proven.text.encode(), proven.line)
    opener = openers.get(entry.person_key or "")
    fields = None
    if opener is not None and entry.personal is not None:
        fields = open_fields(opener, entry.personal, proven.line)
    return ProvenEntry(proven.line, entry.kind, entry.at, fields)


def _check_growth(growth: Growth, trusted: Trusted) -> CheckedGrowth:
    keys, new = _vouched(growth.new, growth.keys, trusted)
    old = keys.head(growth.old, new.branch)
    if not _grew(old, new, _hashes(growth.path, new.size)):
        raise BrokenError(Trouble.PATH, old.size)
    _require_kept(trusted, growth.old, growth.new)
    return CheckedGrowth(
        old=old,
        new=new,
        old_fingerprint=fingerprint(growth.old.text),
        new_fingerprint=fingerprint(growth.new.text),
        signer=fingerprint(growth.new.key.hex()),
        is_trusted=trusted.key is not None,
    )


def _vouched(signed: Signed, papers: list[Signed], trusted: Trusted) -> tuple[Keys, Head]:
    """The head and the keys of its branch."""
    try:
        branch = read_head(signed.text).branch
    except NoteError as error:
        raise BrokenError(Trouble.UNREADABLE) from error
    keys = Keys(papers, branch)
    head = keys.head(signed, branch)
    if trusted.key is not None:
        keys.require(trusted.key, signed.key)
    return keys, head


def _require_kept(trusted: Trusted, *heads: Signed) -> None:
    known = {compact(fingerprint(each.text)) for each in heads}
    known |= {read_head(each.text).chain for each in heads}
    if trusted.kept is not None and trusted.kept not in known:
        raise BrokenError(Trouble.KEPT)


def _hashes(path: list[str], place: int) -> list[bytes]:
    try:
        return [bytes.fromhex(each) for each in path]
    except ValueError as error:
        raise BrokenError(Trouble.PATH, place) from error
