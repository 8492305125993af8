"""The targets of the programme that a review puts beside where the branch stands."""

from typing import Literal

import msgspec

from handlers.kit.context import Work
from handlers.kit.templates import read_words


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"source": "from"}):
    target: str
    # What tells whether it is reached.
    source: Literal["study", "duty", "agreement", "conference", "chair", "trained", "admitted"]
    # The slug of its rule, of "duty", and of "agreement" and "conference" where nothing else tells.
    duty: str = ""
    # Of "study", "trained" and "admitted": per cent.
    least: int = 100


class Programme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    # Its name, inside a sentence.
    programme: str
    targets: tuple[Target, ...]


def load(work: Work) -> Programme:
    return read_words(work, "targets.yaml", Programme)
