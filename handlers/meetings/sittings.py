"""One date with its meeting, and who may do what about it: returned, or refused."""

from dataclasses import dataclass
from datetime import datetime

from handlers.kit.access import Right, may
from handlers.kit.context import Context, Work
from handlers.kit.errors import RefusedError
from handlers.kit.vietnamese import fold
from storage import audiences, meetings
from storage.audiences import Kind, Part
from storage.meetings import Meeting, Occurrence
from storage.members import Member


@dataclass(frozen=True, slots=True)
class Sitting:
    meeting: Meeting
    date: Occurrence

    @property
    def id(self) -> int:
        return self.date.id

    @property
    def place(self) -> str:
        return self.meeting.place if self.date.place is None else self.date.place

    @property
    def is_cancelled(self) -> bool:
        return self.meeting.is_cancelled or self.date.is_cancelled

    @property
    def mark(self) -> int:
        """Grows with each change: an officer who saw an earlier one is told."""
        return self.meeting.sequence + self.date.sequence

    def is_ahead(self, now: datetime) -> bool:
        return not self.is_cancelled and self.date.starts_at > now


async def load(work: Work, occurrence_id: int) -> Sitting:
    """RefusedError where there is none."""
    date = await meetings.occurrence(work.db, occurrence_id)
    meeting = await meetings.by_id(work.db, date.meeting_id) if date else None
    if date is None or meeting is None:
        raise RefusedError("meetings/unknown", number=occurrence_id)
    return Sitting(meeting, date)


def own_group(member: Member) -> str:
    """The audience of a leader's own group, as it is kept."""
    return str(Part(Kind.GROUP, (fold(member.group_name),)))


def own(member: Member) -> tuple[int, str] | None:
    """Which meetings the officer sees to, as `storage.meetings` takes it; None: all."""
    return None if may(member, Right.MEET_ALL) else (member.id, own_group(member))


def manages(member: Member | None, meeting: Meeting) -> bool:
    """Chair and committee see to all meetings, leaders to those that they called and to their group's."""
    if member is None or not may(member, Right.MEET):
        return False
    sees = own(member)
    return sees is None or meeting.organiser_id == sees[0] or meeting.audience == sees[1]


async def managed(ctx: Context, occurrence_id: int) -> Sitting:
    found = await load(ctx, occurrence_id)
    if not manages(ctx.require(Right.MEET), found.meeting):
        raise RefusedError("meetings/not_yours")
    return found


async def is_invited(work: Work, member: Member, found: Sitting) -> bool:
    return await audiences.contains(work.db, found.meeting.audience, member.id)
