"""One date with its meeting, and who sees to which meetings."""

from dataclasses import dataclass
from datetime import datetime

from handlers.kit.access import Right, may
from handlers.kit.vietnamese import fold
from storage import meeting_dates, meetings
from storage.audiences import Kind, Part
from storage.database import Transaction
from storage.meeting_dates import Occurrence
from storage.meetings import Meeting
from storage.members import Member


@dataclass(frozen=True, slots=True)
class Sitting:
    meeting: Meeting
    date: Occurrence

    @property
    def id(self) -> int:
        return self.date.id

    @property
    def title(self) -> str:
        return self.meeting.title

    @property
    def starts_at(self) -> datetime:
        return self.date.starts_at

    @property
    def place(self) -> str:
        return self.meeting.place if self.date.place is None else self.date.place

    @property
    def is_cancelled(self) -> bool:
        return meeting_dates.is_off(self.meeting, self.date)

    @property
    def mark(self) -> int:
        """Grows with each change: an officer who saw an earlier one is told."""
        return self.meeting.sequence + self.date.sequence

    def is_ahead(self, now: datetime) -> bool:
        """Whether people may still say if they come, and officers change it."""
        return not self.is_cancelled and self.date.closed_at is None and self.date.starts_at > now


async def load(tx: Transaction, occurrence_id: int) -> Sitting | None:
    date = await meeting_dates.occurrence(tx, occurrence_id)
    meeting = await meetings.by_id(tx, date.meeting_id) if date else None
    return Sitting(meeting, date) if date and meeting else None


def own_group(member: Member) -> str:
    """The audience of a leader's own group, as it is kept."""
    return str(Part(Kind.GROUP, (fold(member.group_name),)))


def own(member: Member) -> tuple[int, str] | None:
    """Which meetings the officer sees to, by organiser or audience; None: all."""
    return None if may(member, Right.MEET_ALL) else (member.id, own_group(member))


def manages(member: Member | None, meeting: Meeting) -> bool:
    """Chair and committee see to all meetings, leaders to those that they called and to their group's."""
    if member is None or not may(member, Right.MEET):
        return False
    sees = own(member)
    return sees is None or meeting.organiser_id == sees[0] or meeting.audience == sees[1]
