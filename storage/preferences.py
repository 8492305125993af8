"""What a person chose for themselves: greetings, quiet hours, reminders of meetings, where messages come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from storage.database import Transaction, upsert
from storage.schema.calendar import preference, preferred_lead

# What greetings can be had at, in the branch's time zone; and when they come to whoever has chosen nothing.
GREETING_HOURS = (6, 7, 8, 12, 17, 19)
USUAL_GREETING_HOUR = 7
# How many minutes before a meeting one can choose to be reminded: from a week to half an hour.
LEADS = (10_080, 4_320, 1_440, 180, 60, 30)


@dataclass(frozen=True, slots=True)
class Quiet:
    """From one full hour of the day up to another, over midnight where it has to be."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Preferences:
    """The defaults are those of whoever has chosen nothing."""

    wants_holidays: bool = True
    wants_commemorations: bool = True
    greeting_hour: int = USUAL_GREETING_HOUR
    # None: no hours of their own.
    quiet: Quiet | None = None
    # Minutes before a meeting, the longest first; None: as each meeting says.
    leads: tuple[int, ...] | None = None
    # By which channel messages come, where they can; None: by the one that was linked last.
    channel: str | None = None


_OF_MEMBER = select(preference).where(preference.c.member_id == bindparam("member"))
_LEADS = (
    select(preferred_lead.c.minutes)
    .where(preferred_lead.c.member_id == bindparam("member"))
    .order_by(preferred_lead.c.minutes.desc())
)


async def of_member(tx: Transaction, member_id: int) -> Preferences:
    row = await tx.first(_OF_MEMBER, {"member": member_id})
    if row is None:
        return Preferences()
    return Preferences(
        wants_holidays=row.wants_holidays,
        wants_commemorations=row.wants_commemorations,
        greeting_hour=USUAL_GREETING_HOUR if row.greeting_hour is None else row.greeting_hour,
        quiet=None if row.quiet_from is None else Quiet(row.quiet_from, row.quiet_until),
        leads=await _own_leads(tx, member_id) if row.has_own_leads else None,
        channel=row.channel,
    )


async def _own_leads(tx: Transaction, member_id: int) -> tuple[int, ...]:
    return tuple(row.minutes for row in await tx.all(_LEADS, {"member": member_id}))


async def want_holidays(tx: Transaction, member_id: int, wanted: bool, now: datetime) -> None:
    await _set(tx, member_id, now, wants_holidays=wanted)


async def want_commemorations(tx: Transaction, member_id: int, wanted: bool, now: datetime) -> None:
    await _set(tx, member_id, now, wants_commemorations=wanted)


async def set_greeting_hour(tx: Transaction, member_id: int, hour: int, now: datetime) -> None:
    await _set(tx, member_id, now, greeting_hour=hour)


async def set_quiet(tx: Transaction, member_id: int, quiet: Quiet | None, now: datetime) -> None:
    begin, end = (quiet.begin, quiet.end) if quiet else (None, None)
    await _set(tx, member_id, now, quiet_from=begin, quiet_until=end)


async def set_channel(tx: Transaction, member_id: int, channel: str | None, now: datetime) -> None:
    await _set(tx, member_id, now, channel=channel)


async def set_leads(tx: Transaction, member_id: int, leads: Sequence[int] | None, now: datetime) -> None:
    """In place of those there were; None: as each meeting says."""
    await _set(tx, member_id, now, has_own_leads=leads is not None)
    await _forget_leads(tx, member_id)
    await tx.run_many(
        insert(preferred_lead), [{"member_id": member_id, "minutes": minutes} for minutes in leads or ()]
    )


async def forget(tx: Transaction, member_id: int) -> None:
    """As if they had never chosen anything."""
    await _forget_leads(tx, member_id)
    await tx.run(delete(preference).where(preference.c.member_id == member_id))


async def _set(tx: Transaction, member_id: int, now: datetime, **values: Any) -> None:
    values["changed_at"] = now
    statement = upsert(tx, preference).values(member_id=member_id, **values)
    await tx.run(statement.on_conflict_do_update(index_elements=["member_id"], set_=values))


async def _forget_leads(tx: Transaction, member_id: int) -> None:
    await tx.run(delete(preferred_lead).where(preferred_lead.c.member_id == member_id))
