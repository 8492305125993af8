"""The hours in which people want to be left alone: what comes by itself waits for their end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, bindparam, case, literal, or_, select

from storage.database import Transaction
from storage.schema.calendar import preference
from storage.schema.messages import outbox


@dataclass(frozen=True, slots=True)
class Quiet:
    """Whoever has chosen to be left alone from hour `begin` to hour `end` is, until the moment `over`."""

    begin: int
    end: int
    over: datetime


_CHOSEN = (
    select(preference.c.quiet_from, preference.c.quiet_until)
    .where(preference.c.quiet_from.is_not(None))
    .distinct()
)


async def in_force(tx: Transaction, now: datetime, zone: ZoneInfo) -> list[Quiet]:
    """The hours that somebody has chosen and that it is now."""
    local = now.astimezone(zone)
    chosen = [(row.quiet_from, row.quiet_until) for row in await tx.all(_CHOSEN)]
    return [Quiet(begin, end, over(local, end)) for begin, end in chosen if covers(begin, end, local.hour)]


_OF_MEMBERS = select(preference.c.member_id, preference.c.quiet_from, preference.c.quiet_until).where(
    preference.c.quiet_from.is_not(None),
    preference.c.member_id.in_(bindparam("members", expanding=True)),
)


async def left_alone(
    tx: Transaction, member_ids: Sequence[int], moment: datetime, zone: ZoneInfo
) -> dict[int, datetime]:
    """Those of these people who want to be left alone at that moment, and until when."""
    local = moment.astimezone(zone)
    rows = await tx.all(_OF_MEMBERS, {"members": list(member_ids)})
    return {
        row.member_id: over(local, row.quiet_until)
        for row in rows
        if covers(row.quiet_from, row.quiet_until, local.hour)
    }


def covers(begin: int, end: int, hour: int) -> bool:
    """Whether the hour of the day lies in [begin, end), which may go past midnight."""
    return begin <= hour < end if begin <= end else hour >= begin or hour < end


def over(local: datetime, end: int) -> datetime:
    """The next time, in UTC, at which the clock on the wall shows the hour `end`."""
    day = local.date() if local.hour < end else local.date() + timedelta(days=1)
    return datetime.combine(day, time(end), tzinfo=local.tzinfo).astimezone(UTC)


def not_before(now: datetime, quiet: Sequence[Quiet]) -> ColumnElement[datetime]:
    """When a letter to a member may go out; for a query that `preference` is joined to."""
    kind = outbox.c.not_before.type
    whens = [(_has(each), literal(each.over, kind)) for each in quiet]
    return case(*whens, else_=literal(now, kind)) if whens else literal(now, kind)


def is_too_late(expires_at: datetime | None, quiet: Sequence[Quiet]) -> ColumnElement[bool] | None:
    """Whether the member's quiet hours last until it is too late; None: nobody's do."""
    late = [_has(each) for each in quiet if expires_at is not None and each.over >= expires_at]
    return or_(*late) if late else None


def _has(quiet: Quiet) -> ColumnElement[bool]:
    return and_(preference.c.quiet_from == quiet.begin, preference.c.quiet_until == quiet.end)
