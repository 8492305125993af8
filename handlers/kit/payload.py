"""A button's payload: what a press sends back, at most 64 bytes (Telegram's limit for `callback_data`).

`1~tag~action~argument~argument`: the codec's version, the branch's tag, a feature's action and its
arguments. A payload
says what was pressed and never what is allowed: everything in it may be forged.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

VERSION = "1"
MAX_BYTES = 64
_SEPARATOR = "~"
_ARGUMENT = re.compile(r"[\w.,-]*", re.ASCII)
_ACTION = re.compile(r"[a-z_]+\.[a-z_]+", re.ASCII)
# Of any version and branch.
_FORM = re.compile(r"\d{1,3}~[^~\s]+~[a-z_]+\.[a-z_]+(?:~[\w.,-]*)*", re.ASCII)


class PayloadError(ValueError):
    """Not a payload that this branch's bot made."""


@dataclass(frozen=True, slots=True)
class Press:
    action: str
    arguments: tuple[str, ...] = ()

    def number(self, index: int) -> int:
        """The argument as a whole number from 0 to 2^31-1; PayloadError otherwise."""
        text = self.word(index)
        if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) < 2**31):  # noqa: PLR2004 - digits of 2^31
            raise PayloadError("an argument is not a number")
        return int(text)

    def word(self, index: int) -> str:
        if index >= len(self.arguments):
            raise PayloadError("an argument is missing")
        return self.arguments[index]


def encode(tag: str, action: str, *arguments: str | int) -> str:
    """The payload of a button; ValueError when it can't be told apart later or is longer than 64 bytes."""
    parts = [str(argument) for argument in arguments]
    if not _ACTION.fullmatch(action) or not all(_ARGUMENT.fullmatch(part) for part in parts):
        raise ValueError(f"not fit for a button: {action} {parts}")
    payload = _SEPARATOR.join((VERSION, tag, action, *parts))
    if len(payload.encode()) > MAX_BYTES:
        raise ValueError(f"longer than {MAX_BYTES} bytes: {payload}")
    return payload


def has_form(text: str) -> bool:
    """Whether a text is what a button sends back, on a channel where that comes as a text: of another version
    or branch too, which is then an old button.
    """
    return _FORM.fullmatch(text) is not None


def decode(payload: str, tag: str, aliases: Mapping[str, str]) -> Press:
    """What was pressed, with renamed actions under their new names; PayloadError for anything else."""
    if len(payload.encode(errors="replace")) > MAX_BYTES:
        raise PayloadError("too long")
    version, *rest = payload.split(_SEPARATOR)
    if version != VERSION or len(rest) < 2:  # noqa: PLR2004 - tag and action
        raise PayloadError("unknown version or form")
    made_for, action, *arguments = rest
    if made_for != tag:
        raise PayloadError("made by another branch")
    if not all(_ARGUMENT.fullmatch(argument) for argument in arguments):
        raise PayloadError("an argument has letters that no button has")
    return Press(aliases.get(action, action), tuple(arguments))
