"""Files that people send: how large they may be, and names and types that are fit to be passed on."""

import re

from handlers.kit.vietnamese import clean

# In bytes. Telegram gives bots no larger ones, and what one channel takes another must be able to take.
LARGEST = 20 * 2**20
MEGABYTE = 2**20
# What a name and a type may be long, in characters; storage keeps no more.
_LONGEST_NAME = 120
_LONGEST_MIME = 100
_LONGEST_ENDING = 12
_NAMELESS = "file"
_FORBIDDEN = re.compile(r'[<>:"|?*\n]')
_MIME = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
_UNKNOWN = "application/octet-stream"


def safe_name(name: str) -> str:
    """A name without folders and without what some system forbids in names, its ending kept; never empty."""
    last = re.split(r"[/\\]", clean(name))[-1]
    bare = " ".join(_FORBIDDEN.sub(" ", last).split()).strip(". ")
    stem, dot, ending = bare.rpartition(".")
    if not stem or len(ending) > _LONGEST_ENDING:
        return bare[:_LONGEST_NAME].rstrip(". ") or _NAMELESS
    return stem[: _LONGEST_NAME - len(dot + ending)].rstrip(". ") + dot + ending


def safe_mime(mime: str) -> str:
    """The type in small letters and without parameters; bytes of no known type when it makes no sense."""
    bare = mime.partition(";")[0].strip().lower()
    return bare if len(bare) <= _LONGEST_MIME and _MIME.fullmatch(bare) else _UNKNOWN
