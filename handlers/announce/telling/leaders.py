"""Whoever an announcement didn't reach is told by their group's leader: the letters that ask leaders to."""

from collections.abc import Sequence
from datetime import timedelta

from handlers.announce import letters
from handlers.announce.display import beginning, reason
from handlers.kit import hours
from handlers.kit.context import Work
from handlers.kit.reply import Reply
from handlers.kit.sending import Recipient, push
from storage import announcements, outbox, recipients, unreached
from storage.announcements import Announcement
from storage.recipients import Addressee
from storage.unreached import Sight, Unreached

# So many names fit into one message of any channel.
NAMES_IN_LETTER = 30
# Leaders of one transaction: 50 to 100 ms, with long lists.
LEADERS_AT_ONCE = 25
# The work list is always up to date, and after some days the letter isn't.
_LETTER_HOLDS = timedelta(days=3)
# What stands in a button in place of a group: the people who have no leader to tell them.
NO_GROUP = 0


def _topics(announcement_id: int) -> tuple[str, str]:
    """Of letters to leaders, and to those in charge, who may be leaders as well."""
    return f"announce:{announcement_id}:untold", f"announce:{announcement_id}:without_leader"


async def ask_leaders(work: Work, found: Announcement, after: int = 0) -> int:
    """Ask the next leaders, with an id above `after`, to tell those of their group whom it didn't reach; each
    is asked once. The last one's id. 0: all were asked, and now those in charge about whoever has no other
    leader that can be reached.
    """
    for_leaders, for_those_in_charge = _topics(found.id)
    # Held until the transaction ends: whoever withdraws it now also calls off what is asked here.
    await announcements.by_id(work.db, found.id)
    leaders = await recipients.leaders(work.db, after, LEADERS_AT_ONCE)
    if not leaders:
        await _push(work, for_those_in_charge, await _to_those_in_charge(work, found))
        return 0
    await _push(work, for_leaders, await _to_leaders(work, found, leaders))
    return leaders[-1].member_id


async def call_off(work: Work, announcement_id: int) -> None:
    """Nobody is to be told of it any more: letters that wait for the morning are never sent."""
    await outbox.cancel_topics(work.db, _topics(announcement_id), work.now)


async def _push(work: Work, topic: str, asked: Sequence[tuple[Recipient, Reply]]) -> None:
    not_before = hours.after_quiet(work.now.astimezone(work.services.zone))
    until = not_before + _LETTER_HOLDS
    await push(work, topic, asked, not_before=not_before, expires_at=until)


async def _to_leaders(
    work: Work, found: Announcement, leaders: Sequence[Addressee]
) -> list[tuple[Recipient, Reply]]:
    groups: dict[int, list[Unreached]] = {each.group_id: [] for each in leaders}
    totals: dict[int, int] = {}
    # A leader who is on the list is left out of their own letter: so one more.
    for each, total in await unreached.first_of_groups(work.db, found.id, set(groups), NAMES_IN_LETTER + 1):
        groups[each.group_id].append(each)
        totals[each.group_id] = total
    asked = []
    for leader in leaders:
        listed = groups[leader.group_id]
        others = [each for each in listed if each.member_id != leader.member_id]
        if others:
            total = totals[leader.group_id] - (len(listed) - len(others))
            letter = _letter(work, found, others, total, group_id=leader.group_id)
            asked.append((Recipient(leader.member_id, leader.account_id), letter))
    return asked


async def _to_those_in_charge(work: Work, found: Announcement) -> list[tuple[Recipient, Reply]]:
    asked = []
    for each in await recipients.in_charge(work.db):
        sight = Sight(each.member_id)
        total = await unreached.count_people(work.db, found.id, sight, without_leader=True)
        if total:
            people = await unreached.people(work.db, found.id, sight, NAMES_IN_LETTER, without_leader=True)
            letter = _letter(work, found, people, total, group_id=NO_GROUP)
            asked.append((Recipient(each.member_id, each.account_id), letter))
    return asked


def _letter(
    work: Work, found: Announcement, people: Sequence[Unreached], total: int, *, group_id: int
) -> Reply:
    named = people[:NAMES_IN_LETTER]
    return work.reply(
        "announce/to_tell",
        (
            work.button("announce/print", "announce.print", found.id, group_id),
            work.button("announce/work_list", "announce.untold", group_id, 0),
        ),
        number=found.id,
        beginning=beginning(letters.for_many(work, found.text)),
        group=people[0].group if group_id else "",
        people=[(each, reason(work, each.state, each.problem)) for each in named],
        total=total,
        more=total - len(named),
    )
