"""A receipt: 70 random bits as seven words of ten bits each, and an eighth word that checks them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from handlers.concerns.receipts.words import Words
from handlers.kit.clock import Chance
from handlers.kit.vietnamese import fold

COUNT = 8
SECRET_BYTES = 9
_BITS = 10
_SECRET_BITS = (COUNT - 1) * _BITS


@dataclass(frozen=True, slots=True)
class Receipt:
    """Neither `repr` nor a traceback's locals show anything of it."""

    # The 70 bits as a number in nine bytes, big-endian; fits into a button's payload as hex.
    secret: bytes = field(repr=False)
    # With diacritics, as they are shown.
    words: tuple[str, ...] = field(repr=False)

    @property
    def folded(self) -> str:
        """The words as they can be typed anywhere, ASCII, joined by one space: the keys' password."""
        return fold(" ".join(self.words))


def make(words: Words, chance: Chance) -> Receipt:
    number = int.from_bytes(chance.token(SECRET_BYTES)) >> (SECRET_BYTES * 8 - _SECRET_BITS)
    return from_secret(words, number.to_bytes(SECRET_BYTES))


def from_secret(words: Words, secret: bytes) -> Receipt:
    """ValueError when these bytes are no receipt's secret."""
    number = int.from_bytes(secret)
    if len(secret) != SECRET_BYTES or number >> _SECRET_BITS:
        raise ValueError("not the secret of a receipt")
    places = [number >> shift & (1 << _BITS) - 1 for shift in range(_SECRET_BITS - _BITS, -1, -_BITS)]
    return Receipt(secret, tuple(words.shown[place] for place in (*places, _check(secret))))


def from_places(words: Words, places: Sequence[int]) -> Receipt | None:
    """The receipt of the words at these eight places; None when the last one isn't the check of the rest."""
    number = 0
    for place in places[:-1]:
        number = number << _BITS | place
    secret = number.to_bytes(SECRET_BYTES)
    return from_secret(words, secret) if _check(secret) == places[-1] else None


def _check(secret: bytes) -> int:
    """The place of the eighth word: the first ten bits of the SHA-256 of the nine bytes."""
    return int.from_bytes(sha256(secret).digest()[:2]) >> (16 - _BITS)
