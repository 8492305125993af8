"""Printing an announcement for the people who are to be told of it in person."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from handlers.announce import actions, letters
from handlers.announce.telling.leaders import NO_GROUP
from handlers.announce.telling.notice import Handed, Notice, draw
from handlers.announce.telling.worklist import checked_group, sight_of
from handlers.kit.access import Right
from handlers.kit.context import Context, Work
from handlers.kit.errors import RefusedError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Attachment, Turn
from storage import announcements, unreached
from storage.announcements import Announcement
from storage.unreached import Unreached

# People on one notice in the chat: some 400 ms of work, and 12 pages.
MOST = 300


async def show_notice(_incoming: Incoming, ctx: Context) -> Turn:
    """For the people of one group; or for those of all groups in sight who have no leader to tell them."""
    sight, found = sight_of(ctx), await actions.find(ctx, ctx.number(0))
    group_id = checked_group(sight, ctx.number(1))
    people = await unreached.people(
        ctx.db,
        found.id,
        replace(sight, group_id=group_id or None),
        MOST + 1,
        without_leader=group_id == NO_GROUP,
    )
    if not people:
        raise RefusedError("announce/nobody_to_tell", number=found.id)
    if len(people) > MOST:
        raise RefusedError("announce/too_many_to_print", most=MOST)
    reply = ctx.reply("announce/notice", number=found.id, people=len(people))
    file = Attachment(ctx.label("announce/notice_file", number=found.id), "application/pdf", b"")
    return Turn((replace(reply, attachment=replace(file, content=await print_for(ctx, found, people))),))


async def print_for(work: Work, found: Announcement, people: Sequence[Unreached]) -> bytes:
    """The notice as PDF."""
    return await asyncio.to_thread(draw, await notice_for(work, found, people))


async def notice_for(work: Work, found: Announcement, people: Sequence[Unreached]) -> Notice:
    """Whoever is alone on it is spoken to by name."""
    alone = people[0] if len(people) == 1 else None
    file = await announcements.file_of(work.db, found.attachment_id) if found.attachment_id else None
    moment = found.started_at or found.send_at
    return Notice(
        branch=work.services.branch.name,
        number=found.id,
        day=moment.astimezone(work.services.zone).date(),
        text=letters.for_one(found.text, alone) if alone else letters.for_many(work, found.text),
        file=file.name if file else "",
        people=[Handed(each.full_name, each.code, each.group) for each in people],
    )


ACTIONS = {"announce.print": Action(show_notice, Right.TELL)}
