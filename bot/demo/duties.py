"""The demo branch's duties of the year: what fell due was done in time, but for the last."""

from bot.demo.past import Past
from handlers.duties import actions, planning
from handlers.duties.rules import State
from storage.members import Member


async def keep(past: Past, chair: Member) -> None:
    async with past.work() as work:
        board = await planning.refresh(work)
        overdue = [each for each in board.items if each.state is State.OVERDUE]
        ended = sorted((each.due_on, each.duty.id) for each in overdue if each.due_on)
        for due_on, duty_id in ended[:-1]:
            await actions.note_done(work, chair, duty_id, due_on)
