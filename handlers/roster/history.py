"""One person's time on the roster: from when until when they stood how, and what each change was."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from handlers.kit.access import roles_of
from handlers.kit.context import Work
from handlers.kit.roles import Role
from handlers.roster.changes import Difference, between
from storage import roster_history
from storage.roster_history import Period


@dataclass(frozen=True, slots=True)
class Entry:
    period: Period
    # Since the period before; empty for the first one.
    differences: Sequence[Difference]
    # They hadn't stood on the roster in between.
    is_back: bool = False

    def as_json(self) -> dict[str, Any]:
        standing, until = self.period.standing, self.period.until
        return {
            "since": self.period.since.isoformat(),
            "until": until.isoformat() if until else None,
            "cause": self.period.cause.value,
            "code": standing.code,
            "name": standing.full_name,
            "group": standing.group_name,
            "position": standing.position,
            "union_member": standing.is_union_member,
            "party_member": standing.is_party_member,
            "roles": [each.value for each in Role if each in roles_of(standing)],
            "started_on": standing.started_on.isoformat() if standing.started_on else None,
        }


async def of(work: Work, member_id: int) -> list[Entry]:
    """The oldest first. Where a name was forgotten, what was called how before isn't told."""
    periods = await roster_history.of_member(work.db, member_id)
    entries = [Entry(each, ()) for each in periods[:1]]
    for before, after in pairwise(periods):
        is_known = bool(before.standing.code and after.standing.code)
        found = between(before.standing, after.standing, work.services.texts) if is_known else []
        entries.append(Entry(after, found, is_back=before.until != after.since))
    return entries
