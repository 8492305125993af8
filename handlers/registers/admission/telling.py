"""Officers hear when somebody applies, and the applicant what was decided."""

from handlers.kit import hours
from handlers.kit.access import Right, may
from handlers.kit.context import Work
from handlers.kit.reply import Reply
from handlers.kit.sending import Recipient, push
from storage import members, outbox, recipients
from storage.registers import admissions
from storage.registers.admissions import Admission


async def tell_officers(work: Work, found: Admission) -> None:
    officers = [each.id for each in await members.with_roles(work.db) if may(each, Right.REGISTERS)]
    button = work.button("registers/open", "registers.admission", found.id)
    await _tell(work, found, officers, work.reply("registers/applied", (button,), admission=found))


async def tell_applicant(work: Work, found: Admission) -> None:
    await _tell(work, found, [found.member_id], work.reply("registers/decided", admission=found))


async def tell_mistake(work: Work, found: Admission) -> None:
    """What they heard of a decision was entered by mistake."""
    await _tell(work, found, [found.member_id], work.reply("registers/mistaken", admission=found))


async def take_back(work: Work, found: Admission) -> int:
    """What waits to be told of it isn't true any more: it is never sent. How many messages there were."""
    return await outbox.cancel_about(work.db, admissions.topic(found.id), work.now)


async def _tell(work: Work, found: Admission, people: list[int], reply: Reply) -> None:
    """In the morning where it is night."""
    to = [Recipient(each.member_id, each.account_id) for each in await recipients.these(work.db, people)]
    not_before = hours.after_quiet(work.now.astimezone(work.services.zone))
    # What is decided anew is told anew.
    topic = f"{admissions.topic(found.id)}{found.state}:{work.now:%Y%m%d%H%M%S%f}"
    await push(work, topic, [(each, reply) for each in to], not_before=not_before)
