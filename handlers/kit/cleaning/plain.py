"""Plain text, written anew: what can't be seen in it goes, such as marks that tell copies apart."""

import re

from handlers.kit.cleaning.model import LONGEST_TEXT, CleanFile, Ending, NotCleanableError, Reason
from handlers.kit.vietnamese import clean

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# All but tab, line feed, carriage return and form feed.
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")

# HTML and XML, PostScript, rich text, mail, cards of contacts, a PDF that lost its first letters: they have
# parts that nobody sees, and some of these name people.
_FOR_PROGRAMS = re.compile(
    r"\A\s*(?:<|%!|\{\\rtf)|^(?:MIME-Version:|BEGIN:V)|\bendobj\b", re.IGNORECASE | re.MULTILINE
)


def is_text(content: bytes) -> bool:
    """Whether it can be read as text without controls, and isn't what a program keeps in letters."""
    try:
        text = _decoded(content)
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(text) and not _FOR_PROGRAMS.search(text)


def rewrite_text(content: bytes) -> CleanFile:
    if len(content) > LONGEST_TEXT:
        raise NotCleanableError(Reason.TEXT_TOO_LONG)
    lines = clean(_decoded(content)).split("\n")
    written = "\n".join(line.rstrip() for line in lines).strip("\n")
    if not written:
        raise NotCleanableError(Reason.EMPTY)
    return CleanFile(Ending.TXT, written.encode() + b"\n")


def _decoded(content: bytes) -> str:
    return content.decode("utf-16" if content.startswith(_UTF16_MARKS) else "utf-8-sig")
