"""Which dates somebody can check in to, and who may see or keep what of one: returned, or refused."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from handlers.attendance import rules
from handlers.kit.access import Right
from handlers.kit.context import Context, Work
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.sittings import Sitting, load, manages
from storage import audiences, meeting_dates, meetings
from storage.meetings import Meeting


async def of_today(work: Work) -> list[Sitting]:
    """What takes place today, and may be checked in to before midnight or just after; without what was
    cancelled.
    """
    local = work.now.astimezone(work.services.zone)
    begin = datetime.combine(local.date(), time(), local.tzinfo)
    end = begin + timedelta(days=1) + rules.OPENS_BEFORE
    dates = await meeting_dates.between(work.db, begin - rules.LONGEST, end)
    dates = [each for each in dates if rules.closes_at(each) > begin]
    found = await meetings.by_ids(work.db, [each.meeting_id for each in dates])
    sittings = (Sitting(found[each.meeting_id], each) for each in dates)
    return [each for each in sittings if not each.is_cancelled]


async def inviting(work: Work, sittings: Iterable[Sitting], member_id: int) -> list[Sitting]:
    """Those of them that the member is invited to now."""
    asked = list(sittings)
    own = await audiences.including(work.db, [each.meeting.audience for each in asked], member_id)
    return [each for each in asked if each.meeting.audience in own]


async def sitting_of(ctx: Context, occurrence_id: int) -> Sitting:
    found = await load(ctx.db, occurrence_id)
    if found is None:
        raise StaleError
    return found


async def kept_sitting(ctx: Context, occurrence_id: int) -> Sitting:
    """One whose attendance the speaker keeps; RefusedError for somebody else's."""
    found = await sitting_of(ctx, occurrence_id)
    if not manages(ctx.require(Right.MEET), found.meeting):
        raise RefusedError("attend/not_yours")
    return found


async def require_reader(ctx: Context, meeting: Meeting) -> None:
    """RefusedError for whoever is neither invited at this moment nor keeps the meeting."""
    member = ctx.require(Right.CHECK_IN)
    if not manages(member, meeting) and not await audiences.contains(ctx.db, meeting.audience, member.id):
        raise RefusedError("attend/not_invited_to_read")
