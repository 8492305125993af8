"""Tells those who can open concerns that one waits, in a message that is stored nowhere."""

from handlers.kit import readership
from handlers.kit.context import Work
from handlers.kit.reply import Reply
from storage import reach
from storage.concerns import cases

Notice = tuple[str, str, Reply]


async def unread(work: Work) -> list[Notice]:
    """(channel, address, message) for each; none when nothing waits."""
    if not await cases.unread(work.db):
        return []
    reply = work.reply("concerns/unread")
    readers = dict.fromkeys(each.member_id for each in await readership.current(work.db))
    reached = [await reach.address_of(work.db, each) for each in readers]
    return [(*each, reply) for each in reached if each is not None]
