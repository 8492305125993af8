"""Papers of meetings: agendas and minutes, of one date or of a whole series."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update

from storage import outbox
from storage.database import Transaction
from storage.outbox import Attached
from storage.schema.meetings import meeting_file
from storage.schema.messages import attachment


class FileKind(StrEnum):
    AGENDA = "agenda"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class NewFile:
    meeting_id: int
    # None: of all its dates.
    occurrence_id: int | None
    kind: FileKind
    added_by: int


@dataclass(frozen=True, slots=True)
class MeetingFile(NewFile):
    id: int
    at: datetime
    attachment_id: str
    name: str
    mime: str


_ALL = select(
    meeting_file.c.meeting_id,
    meeting_file.c.occurrence_id,
    meeting_file.c.kind,
    meeting_file.c.added_by,
    meeting_file.c.id,
    meeting_file.c.at,
    meeting_file.c.attachment_id,
    attachment.c.name,
    attachment.c.mime,
).join(attachment, attachment.c.id == meeting_file.c.attachment_id)


async def add(tx: Transaction, new: NewFile, attachment_id: str, content: Attached, now: datetime) -> int:
    """Keep a file, under an id that nobody else has; the number of its row."""
    await outbox.attach(tx, attachment_id, None, content, now)
    values = {
        "meeting_id": new.meeting_id,
        "occurrence_id": new.occurrence_id,
        "kind": new.kind.value,
        "attachment_id": attachment_id,
        "added_by": new.added_by,
        "at": now,
    }
    return int(await tx.scalar(insert(meeting_file).returning(meeting_file.c.id), values))


async def add_kept(
    tx: Transaction, meeting_id: int, attachment_id: str, added_by: int, now: datetime
) -> None:
    """An agenda of all dates, whose content is kept already."""
    values = {
        "meeting_id": meeting_id,
        "occurrence_id": None,
        "kind": FileKind.AGENDA.value,
        "attachment_id": attachment_id,
        "added_by": added_by,
        "at": now,
    }
    await tx.run(insert(meeting_file).values(values))


async def replace(
    tx: Transaction, file: MeetingFile, attachment_id: str, content: Attached, *, by: int, now: datetime
) -> None:
    """Another content in its place. The wrong one is kept nowhere, not even in transcripts."""
    await outbox.attach(tx, attachment_id, None, content, now)
    values = {"attachment_id": attachment_id, "added_by": by, "at": now}
    await tx.run(update(meeting_file).where(meeting_file.c.id == file.id).values(values))
    await tx.run(delete(attachment).where(attachment.c.id == file.attachment_id))


async def remove(tx: Transaction, file: MeetingFile) -> None:
    """The file is kept nowhere any more."""
    await tx.run(delete(meeting_file).where(meeting_file.c.id == file.id))
    await tx.run(delete(attachment).where(attachment.c.id == file.attachment_id))


async def by_id(tx: Transaction, file_id: int) -> MeetingFile | None:
    row = await tx.first(_ALL.where(meeting_file.c.id == file_id))
    return None if row is None else _file(row)


async def of_date(tx: Transaction, meeting_id: int, occurrence_id: int) -> list[MeetingFile]:
    """Those of the date, and those of all dates of its meeting, the oldest first."""
    of_it = or_(meeting_file.c.occurrence_id == occurrence_id, meeting_file.c.occurrence_id.is_(None))
    found = _ALL.where(meeting_file.c.meeting_id == meeting_id, of_it).order_by(meeting_file.c.id)
    return [_file(row) for row in await tx.all(found)]


async def content(tx: Transaction, file: MeetingFile) -> bytes:
    found: bytes = await tx.scalar(select(attachment.c.content).where(attachment.c.id == file.attachment_id))
    return found


def _file(row: Row[Any]) -> MeetingFile:
    return MeetingFile(**dict(row._mapping) | {"kind": FileKind(row.kind)})  # noqa: SLF001 - its public name
