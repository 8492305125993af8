"""Receipts: eight Vietnamese words that open the answer to a concern, and that nobody else has."""

from handlers.concerns.receipts.keys import Keys, derive
from handlers.concerns.receipts.reading import (
    Misread,
    MisreadError,
    Unknown,
    holds_one,
    nearly_holds_one,
    read,
)
from handlers.concerns.receipts.receipt import COUNT, SECRET_BYTES, Receipt, from_secret, make
from handlers.concerns.receipts.words import Words, load_words

__all__ = [
    "COUNT",
    "SECRET_BYTES",
    "Keys",
    "Misread",
    "MisreadError",
    "Receipt",
    "Unknown",
    "Words",
    "derive",
    "from_secret",
    "holds_one",
    "load_words",
    "make",
    "nearly_holds_one",
    "read",
]
