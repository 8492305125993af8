"""Officers hear when somebody applies, and the applicant what was decided."""

from handlers.kit import hours
from handlers.kit.access import Right, may
from handlers.kit.context import Work
from handlers.kit.reply import Reply
from handlers.kit.sending import Recipient, push
from storage import members, recipients
from storage.registers.admissions import Admission


async def tell_officers(work: Work, found: Admission) -> None:
    officers = [each.id for each in await members.with_roles(work.db) if may(each, Right.REGISTERS)]
    button = work.button("registers/open", "registers.admission", found.id)
    await _tell(work, found, officers, work.reply("registers/applied", (button,), admission=found))


async def tell_applicant(work: Work, found: Admission) -> None:
    await _tell(work, found, [found.member_id], work.reply("registers/decided", admission=found))


async def _tell(work: Work, found: Admission, people: list[int], reply: Reply) -> None:
    """In the morning where it is night."""
    to = [Recipient(each.member_id, each.account_id) for each in await recipients.these(work.db, people)]
    not_before = hours.after_quiet(work.now.astimezone(work.services.zone))
    # What is decided anew is told anew.
    topic = f"admission:{found.id}:{found.state}:{work.now:%Y%m%d%H%M%S}"
    await push(work, topic, [(each, reply) for each in to], not_before=not_before)
