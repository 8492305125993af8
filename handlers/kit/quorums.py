"""How many have to be present before a meeting of some kind may be held: data with its source, in
`content/meetings/quorums.yaml`.
"""

from functools import cache
from pathlib import Path

import msgspec
import yaml

import content
from storage.meetings import Kind

_FILE = Path(content.__file__).parent / "meetings" / "quorums.yaml"


class Quorum(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`part` of `whole` of those invited; `more_than`: exactly so many aren't enough."""

    part: int
    whole: int
    more_than: bool
    # As people say it, and where it is written.
    share: str
    source: str

    def needed(self, invited: int) -> int:
        """The fewest that are enough; whole numbers only, so that no rounding decides."""
        if self.more_than:
            return self.part * invited // self.whole + 1
        return -(-self.part * invited // self.whole)

    def is_reached(self, present: int, invited: int) -> bool:
        return invited > 0 and present >= self.needed(invited)


@cache
def _all() -> dict[Kind, Quorum]:
    return msgspec.convert(yaml.safe_load(_FILE.read_text("utf-8")), dict[Kind, Quorum])


def quorum_of(kind: Kind) -> Quorum | None:
    return _all().get(kind)
