"""A date of a meeting that is there and that one may see to: returned, or refused."""

from handlers.kit import sittings
from handlers.kit.access import Right
from handlers.kit.context import Context, Work
from handlers.kit.errors import RefusedError
from handlers.kit.sittings import Sitting, manages
from storage import audiences
from storage.members import Member


async def load(work: Work, occurrence_id: int) -> Sitting:
    """RefusedError where there is none."""
    found = await sittings.load(work.db, occurrence_id)
    if found is None:
        raise RefusedError("meetings/unknown", number=occurrence_id)
    return found


async def managed(ctx: Context, occurrence_id: int) -> Sitting:
    found = await load(ctx, occurrence_id)
    if not manages(ctx.require(Right.MEET), found.meeting):
        raise RefusedError("meetings/not_yours")
    return found


async def is_invited(work: Work, member: Member, found: Sitting) -> bool:
    return await audiences.contains(work.db, found.meeting.audience, member.id)
