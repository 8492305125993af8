"""What verification can find."""

from dataclasses import dataclass
from enum import StrEnum


class Problem(StrEnum):
    """What is wrong with an entry; each has a message of its name."""

    # It reads otherwise than when it was sealed.
    CHANGED = "changed"
    # It, or its seal, is gone.
    MISSING = "missing"
    # It was put in among older ones.
    INSERTED = "inserted"
    # It stands at another place than when it was sealed.
    REORDERED = "reordered"
    # A head that was signed says otherwise, or isn't signed by its key.
    HEAD = "head"
    # No seal bears the hash that was kept elsewhere.
    REWRITTEN = "rewritten"
    # It states once more what was stated already.
    DUPLICATE = "duplicate"
    # Somebody counts as having studied, and no entry says so.
    UNFOUNDED = "unfounded"
    # An entry says that somebody studied, and they don't count any more, or otherwise.
    UNCOUNTED = "uncounted"
    # An attempt at a quiz, or the best score, isn't what its entry says.
    SCORE = "score"
    # Its personal fields don't open with the member's key, or that key is gone and no entry says so.
    KEY = "key"
    # The roster has the member of an entry under another code.
    CODE = "code"
    # A campaign isn't what its latest publication says, or nothing says that it was published.
    CAMPAIGN = "campaign"
    # The text that entries name isn't the text they were made for.
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Finding:
    """`entry`: the entry's number, if one is concerned; for a lost one the number it must have had."""

    problem: Problem
    entry: int | None
    # Which person's code, campaign's number, document's version or kept hash it is about.
    about: str = ""
