"""What a receipt opens: the key that answers are sealed to, and the case's id."""

from dataclasses import dataclass, field
from hashlib import sha256

from argon2.low_level import Type, hash_secret_raw

from handlers.concerns.receipts.receipt import Receipt

_SEED_BYTES = 32
_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Keys:
    """Only whoever has the words can make either of them; as little shown as the words."""

    # The private half of an X25519 pair.
    identity_seed: bytes = field(repr=False)
    case_id: bytes = field(repr=False)


def derive(receipt: Receipt, branch_tag: str) -> Keys:
    """Blocks for about 170 ms and takes 64 MiB: call it in a thread."""
    # These numbers are part of the format, as the words are.
    made = hash_secret_raw(
        receipt.folded.encode("ascii"),
        _salt(branch_tag),
        time_cost=3,
        memory_cost=65536,
        parallelism=1,
        hash_len=_SEED_BYTES + _ID_BYTES,
        type=Type.ID,
    )
    return Keys(made[:_SEED_BYTES], made[_SEED_BYTES:])


def _salt(branch_tag: str) -> bytes:
    """Nothing is stored beside the words, so each branch has one salt of its own."""
    return sha256(f"caunoi receipt v1:{branch_tag}".encode()).digest()[:16]
