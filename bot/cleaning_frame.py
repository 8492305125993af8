"""What the cleaning process writes to its output: one byte for the outcome, four for the length, the file."""

import struct

from handlers.kit.cleaning.model import (
    LARGEST_ATTACHMENT,
    CleanFile,
    Ending,
    NotCleanableError,
    Reason,
)

_OUTCOMES = (*Ending, *Reason)
_HEAD = struct.Struct(">BI")
LARGEST_FRAME = _HEAD.size + LARGEST_ATTACHMENT


def pack(outcome: CleanFile | Reason) -> bytes:
    if isinstance(outcome, Reason):
        return _HEAD.pack(_OUTCOMES.index(outcome), 0)
    return _HEAD.pack(_OUTCOMES.index(outcome.ending), len(outcome.content)) + outcome.content


def unpack(frame: bytes) -> CleanFile:
    """The file; NotCleanableError when there is none, also when the frame makes no sense."""
    head, content = frame[: _HEAD.size], frame[_HEAD.size :]
    if len(head) < _HEAD.size:
        raise NotCleanableError(Reason.DAMAGED)
    number, length = _HEAD.unpack(head)
    outcome = _OUTCOMES[number] if number < len(_OUTCOMES) else Reason.DAMAGED
    if isinstance(outcome, Reason):
        raise NotCleanableError(outcome)
    if not content or length != len(content):
        raise NotCleanableError(Reason.DAMAGED)
    return CleanFile(outcome, content)
