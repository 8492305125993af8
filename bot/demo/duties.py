"""The demo branch's duties of the year: what fell due was done in time, but for the last."""

from collections.abc import Sequence
from datetime import date

from bot.demo.past import Past
from handlers.duties import actions, planning
from handlers.duties.board import Board
from handlers.duties.rules import State
from storage.members import Member


async def keep(past: Past, chair: Member) -> None:
    """One after the other: with some that are done others begin."""
    async with past.work() as work:
        while len(overdue := _overdue(await planning.refresh(work))) > 1:
            due_on, duty_id = overdue[0]
            await actions.note_done(work, chair, duty_id, due_on)
    await past.carry_out()


def _overdue(board: Board) -> Sequence[tuple[date, int]]:
    """When they fell due, and which they are; the earliest first."""
    late = [each for each in board.items if each.state is State.OVERDUE]
    return sorted((each.due_on, each.duty.id) for each in late if each.due_on)
