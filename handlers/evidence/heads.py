"""Signed heads: made once a day when there is something new, and whenever an archive is."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from handlers.evidence.letters import plan_telling
from handlers.evidence.notes import Head, Key
from handlers.evidence.tree import Leaves
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from storage import evidence_heads, evidence_seals
from storage.evidence_heads import PublishedKey, SignedHead
from storage.signing_keys import SigningKeys, public_half


async def is_due(work: Work) -> bool:
    """Whether the last head is of an earlier day, and entries came since."""
    last = await evidence_heads.latest(work.db)
    size = await evidence_seals.sealed(work.db)
    if last is None:
        return size > 0
    return size > last.size and last.made_at.astimezone(work.services.zone).date() < work.today


async def make(work: Work, keys: SigningKeys) -> SignedHead | None:
    """A head over all sealed entries, told to the committee in the morning; the latest one where nothing is
    new, None where there are no entries. `tree.grow` comes first. RefusedError when a new key can't be
    kept.
    """
    await evidence_heads.take_turns(work.db)
    last = await evidence_heads.latest(work.db)
    size = await evidence_seals.sealed(work.db)
    if size == (last.size if last else 0):
        return last
    published, private = await _signing(work, keys, last)
    seal = await evidence_seals.seal_at(work.db, size)
    root = (await Leaves(work.db).root(0, size)).hex()
    text = Head(work.services.branch, size, root, seal, work.now).text()
    made = SignedHead(size, text, private.sign(text.encode()), published.id, work.now)
    await evidence_heads.add(work.db, made)
    await plan_telling(work, made)
    return made


async def _signing(
    work: Work, keys: SigningKeys, last: SignedHead | None
) -> tuple[PublishedKey, Ed25519PrivateKey]:
    """The key that signs now. Where its file is lost, a new one has to do, signed by itself."""
    known = await evidence_heads.keys(work.db)
    private = keys.load(known[-1].public) if known else None
    if private is None:
        return await _publish(work, _make(keys), None, last)
    return known[-1], private


async def rotate(work: Work, keys: SigningKeys) -> tuple[PublishedKey, bool]:
    """A new key, and whether the one before could still sign it. The old file stays: it can be deleted
    when the new key has been handed on.
    """
    await evidence_heads.take_turns(work.db)
    last = await evidence_heads.latest(work.db)
    known = await evidence_heads.keys(work.db)
    before = keys.load(known[-1].public) if known else None
    made, _ = await _publish(work, _make(keys), before, last)
    return made, before is not None


def _make(keys: SigningKeys) -> Ed25519PrivateKey:
    try:
        return keys.make()
    except OSError as error:
        raise RefusedError("evidence/key_not_kept", problem=error.strerror) from error


async def _publish(
    work: Work, private: Ed25519PrivateKey, before: Ed25519PrivateKey | None, last: SignedHead | None
) -> tuple[PublishedKey, Ed25519PrivateKey]:
    public = public_half(private)
    text = Key(work.services.branch, public.hex(), last.size if last else 0, work.now).text()
    signature = (before or private).sign(text.encode())
    return await evidence_heads.add_key(work.db, public, text, signature, work.now), private
