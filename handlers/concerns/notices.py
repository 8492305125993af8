"""Tells those who can open concerns that one waits, in a message that is stored nowhere."""

from handlers.kit import readership
from handlers.kit.context import Work
from handlers.kit.reply import Reply
from storage import accounts
from storage.concerns import cases

Notice = tuple[str, str, Reply]


async def unread(work: Work) -> list[Notice]:
    """(channel, address, message) for each; none when nothing waits."""
    if not await cases.unread(work.db):
        return []
    reply = work.reply("concerns/unread")
    found: list[Notice] = []
    for member_id in dict.fromkeys(each.member_id for each in await readership.current(work.db)):
        reached = await accounts.of_member(work.db, member_id)
        found += [(each.channel, each.address, reply) for each in reached if each.unreachable is None][:1]
    return found
