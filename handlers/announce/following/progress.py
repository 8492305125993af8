"""The status screens that officers have open follow what they show, without anybody pressing."""

from datetime import timedelta
from typing import Any

from handlers.announce.following.status import screen_topic, status_screen
from handlers.kit import sending
from handlers.kit.access import Right, may
from handlers.kit.context import Context, Work
from storage import accounts, announcements, followups, screens
from storage.members import Member
from storage.screens import Screen

# A screen is edited no more often than this.
EVERY = timedelta(seconds=3)
# How long after its end an announcement's last figures are still brought to the screens.
_AFTER_END = timedelta(minutes=1)


# What a screen is to show from now on, as the outbox keeps it.
Change = tuple[Screen, dict[str, Any]]


async def changes(work: Work) -> list[Change]:
    """What has changed on the open screens. It only reads, because counting may take a while."""
    topics = await _topics(work)
    shown = await screens.shown(work.db, list(topics), work.now - EVERY) if topics else []
    found = []
    # Each announcement is held while it is counted: in the order in which the other jobs take them.
    for screen in sorted(shown, key=lambda each: topics[each.topic]):
        viewer = await _viewer(work, screen)
        if viewer is None:
            continue
        message = sending.to_json(await status_screen(work, viewer, topics[screen.topic]))
        if message != screen.message | {"replaces": message["replaces"]}:
            found.append((screen, message))
    return found


async def _viewer(work: Work, screen: Screen) -> Member | None:
    account = await accounts.by_id(work.db, screen.account_id)
    viewer = account.member if account else None
    return viewer if may(viewer, Right.ANNOUNCE) else None


async def show(work: Work, found: list[Change]) -> int:
    """Bring these to the screens where they haven't given way to another; how many."""
    shown = 0
    for screen, message in found:
        shown += await screens.renew(work.db, screen, message, work.now)
    return shown


async def leave(ctx: Context) -> None:
    """The message that was pressed shows something else from now on."""
    await screens.leave(ctx.db, list(await _topics(ctx)), ctx.account.id)


async def _topics(work: Work) -> dict[str, int]:
    since = work.now - _AFTER_END
    moving = await announcements.moving(work.db, since) | await followups.moving(work.db, since)
    return {screen_topic(each): each for each in moving}
