"""The record of what is done at the desk, and how exact its times are."""

from datetime import UTC, datetime, time

from handlers.kit.context import Work
from storage.desk import acts
from storage.desk.acts import BY_DAY, Act


async def note_act(
    work: Work, member_id: int, act: Act, subject: str = "", **details: str | int | None
) -> None:
    """What is done with concerns is noted by the day, everything else to the second."""
    day = datetime.combine(work.today, time(), work.services.zone).astimezone(UTC)
    await acts.add(work.db, day if act in BY_DAY else work.now, member_id, act, subject, **details)
