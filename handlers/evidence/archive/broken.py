"""What can be wrong with an archive or a proof."""

from enum import StrEnum


class Trouble(StrEnum):
    """Each has a message of its name, with `archive_` before it."""

    # No archive and no proof of ours, or cut off before its end.
    UNREADABLE = "unreadable"
    # A file is missing in it, or is one too many.
    FILES = "files"
    # A file in it isn't the one that was put in.
    DAMAGED = "damaged"
    # An entry reads otherwise than when it was sealed.
    CHANGED = "changed"
    # One is missing before this one; this one was put in; it and the next changed places.
    MISSING = "missing"
    INSERTED = "inserted"
    REORDERED = "reordered"
    # The entries end too early, or go on after what the last head vouches for.
    CUT_SHORT = "cut_short"
    TOO_LONG = "too_long"
    # Entries and seals agree, but not with a head: they were written anew since the head before.
    REWRITTEN = "rewritten"
    # A head, or the paper of a key, isn't signed by whom it should be.
    FORGED = "forged"
    # A head or a key is another branch's, or isn't that of the key that was given.
    OTHER_BRANCH = "other_branch"
    OTHER_KEY = "other_key"
    # Personal fields don't open, or read otherwise than they are shown.
    PERSONAL = "personal"
    # A text that was studied is missing or changed.
    DOCUMENT = "document"
    # A time stamp isn't over its head, or not by whom it should be; there is none at all.
    STAMP = "stamp"
    UNSTAMPED = "unstamped"
    # No head has the fingerprint, and no seal the hash, that was kept.
    KEPT = "kept"
    # The path doesn't lead from the entry to the head; from the older head to the newer one.
    PATH = "path"


class BrokenError(Exception):
    """`place`: the line in the file that it is about, or the number of entries of a head."""

    def __init__(self, trouble: Trouble, place: int | None = None, about: str = "") -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
        self.place = place
        self.about = about
