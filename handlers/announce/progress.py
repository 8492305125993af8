"""The status screens that officers have open follow what they show, without anybody pressing."""

from datetime import timedelta

from handlers.announce.status import screen_topic, status_screen
from handlers.kit import sending
from handlers.kit.access import Right, may
from handlers.kit.context import Context, Work
from storage import accounts, announcements, followups, screens
from storage.screens import Screen

# A screen is edited no more often than this.
EVERY = timedelta(seconds=3)
# How long after its end an announcement's last figures are still brought to the screens.
_AFTER_END = timedelta(minutes=1)


async def refresh(work: Work) -> int:
    """Bring every open screen up to date; how many were edited."""
    topics = await _topics(work)
    edited = 0
    for screen in await screens.shown(work.db, list(topics), work.now - EVERY) if topics else ():
        edited += await _renew(work, screen, topics[screen.topic])
    return edited


async def _renew(work: Work, screen: Screen, announcement_id: int) -> bool:
    account = await accounts.by_id(work.db, screen.account_id)
    viewer = account.member if account else None
    if viewer is None or not may(viewer, Right.ANNOUNCE):
        await screens.leave(work.db, [screen.topic], screen.account_id)
        return False
    message = sending.to_json(await status_screen(work, viewer, announcement_id))
    if message == screen.message | {"replaces": message["replaces"]}:
        return False
    await screens.renew(work.db, screen, message, work.now)
    return True


async def is_needed(work: Work) -> bool:
    """Whether anything moves that a screen could show."""
    return bool(await _topics(work))


async def leave(ctx: Context) -> None:
    """The message that was pressed shows something else from now on."""
    await screens.leave(ctx.db, list(await _topics(ctx)), ctx.account.id)


async def _topics(work: Work) -> dict[str, int]:
    since = work.now - _AFTER_END
    moving = await announcements.moving(work.db, since) | await followups.moving(work.db, since)
    return {screen_topic(each): each for each in moving}
