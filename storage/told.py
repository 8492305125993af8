"""Who was told in person of an announcement that didn't reach them; nobody enters more than they see."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, func, literal, select

from storage.database import Transaction, upsert
from storage.schema.announcements import announcement, announcement_told
from storage.schema.people import member
from storage.unreached import Sight, by_person, in_sight


@dataclass(frozen=True, slots=True)
class Told:
    """Who told a person, and when."""

    by: str
    at: datetime


async def note(tx: Transaction, sight: Sight, announcement_id: int, member_id: int, now: datetime) -> bool:
    """The viewer told the person; False when they had been told before, or aren't on a list in sight."""
    values = (
        announcement.c.id,
        member.c.id,
        literal(sight.viewer_id, announcement_told.c.told_by.type),
        literal(now, announcement_told.c.at.type),
    )
    entry = by_person(*values).where(
        announcement.c.id == announcement_id, member.c.id == member_id, in_sight(sight)
    )
    columns = ("announcement_id", "member_id", "told_by", "at")
    statement = upsert(tx, announcement_told).from_select(columns, entry).on_conflict_do_nothing()
    return await tx.run(statement) == 1


async def take_back(tx: Transaction, sight: Sight, announcement_id: int, member_id: int) -> bool:
    """They weren't told after all; False when nobody had entered it, or they aren't in sight."""
    seen = exists().where(member.c.id == announcement_told.c.member_id, in_sight(sight))
    statement = delete(announcement_told).where(
        announcement_told.c.announcement_id == announcement_id,
        announcement_told.c.member_id == member_id,
        seen,
    )
    return await tx.run(statement) == 1


async def by_whom(tx: Transaction, sight: Sight, announcement_id: int, member_id: int) -> Told | None:
    """Who told the person; None when nobody did, or they aren't in sight."""
    teller = member.alias("teller")
    statement = (
        select(teller.c.full_name, announcement_told.c.at)
        .select_from(announcement_told)
        .join(member, member.c.id == announcement_told.c.member_id)
        .join(teller, teller.c.id == announcement_told.c.told_by)
        .where(
            announcement_told.c.announcement_id == announcement_id,
            announcement_told.c.member_id == member_id,
            in_sight(sight),
        )
    )
    row = await tx.first(statement)
    return Told(*tuple(row)) if row else None


async def count(tx: Transaction, announcement_id: int) -> int:
    """How many were told of it in person."""
    statement = select(func.count()).select_from(announcement_told)
    return int(await tx.scalar(statement.where(announcement_told.c.announcement_id == announcement_id)))
