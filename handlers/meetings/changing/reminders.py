"""When people are reminded of a meeting: switched at once, without a note."""

from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Reply, Turn
from handlers.kit.sittings import Sitting
from handlers.meetings import changes
from handlers.meetings.changes import Edit
from handlers.meetings.changing.plan import looked_at
from handlers.meetings.composing.review import switched
from handlers.meetings.composing.screens import lead_switches


async def show_leads(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((_leads(ctx, await looked_at(ctx)),))


async def switch_lead(_incoming: Incoming, ctx: Context) -> Turn:
    before = await looked_at(ctx)
    leads = switched(before.meeting.leads, ctx.number(2), ctx.number(3))
    found = await changes.set_leads(ctx, Edit(before.id, before.mark), leads)
    return Turn((_leads(ctx, found),), ctx.label("meetings/leads_taken", number=len(leads)))


def _leads(ctx: Context, found: Sitting) -> Reply:
    switches = lead_switches(ctx, found.meeting.leads, "meeting.set_lead", found.id, found.mark)
    back = (ctx.button("meetings/back", "meeting.manage", found.id),)
    return ctx.reply("meetings/ask_leads", *switches, back, edit=True)


ACTIONS = {
    "meeting.leads": Action(show_leads, Right.MEET),
    "meeting.set_lead": Action(switch_lead, Right.MEET),
}
