"""The demo branch's next dialogue: two themes, one of which the employer's side has answered."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bot.demo.past import Past
from handlers.dialogue import agenda, counting, people, rounds, themes
from handlers.kit.calendar import workdays
from handlers.kit.context import Work
from handlers.meetings import actions as meetings
from handlers.meetings.actions import Wish
from storage.dialogue.support import AGREES, DISAGREES
from storage.dialogue.themes import ReplyKind, Theme
from storage.meetings import Kind
from storage.members import Member

# Places in the roster file, counted from 0.
_CHAIR, _EMPLOYER = 0, 3
_REPRESENTATIVES = (0, 2, 10, 20, 30)
_AGREE, _DISAGREE = range(12, 26), range(26, 32)
_IN, _CALLED_AT, _MEETS_AT = timedelta(days=30), time(9), time(14)


async def prepare(past: Past, today: datetime, branch: Sequence[Member]) -> None:
    """The themes were written three days ago; their figures were looked at since."""
    chair, employer = branch[_CHAIR], branch[_EMPLOYER]
    past.clock.set(today - timedelta(days=3))
    async with past.work() as work:
        meals = await _theme(work, chair, "meals")
        bus = await _theme(work, chair, "bus")
        await themes.hand_over(work, chair, bus.id)
        await themes.reply(work, employer, bus.id, ReplyKind.POSITION, work.label("cli/demo_reply"))
        for option, places in ((AGREES, _AGREE), (DISAGREES, _DISAGREE)):
            for place in places:
                await themes.answer(work, branch[place], meals.id, option)
        counting.forget(work, await counting.write(work))
    past.clock.set(datetime.combine((today - timedelta(days=1)).date(), _CALLED_AT, past.services.zone))
    async with past.work() as work:
        await themes.look_at_figures(work)
        await _name_both_sides(work, branch)
        seen = await rounds.begin(work, chair, await _call(work, branch))
        for each in (meals, bus):
            await agenda.add(work, chair, seen.round.id, each.id)
    await past.carry_out()


async def _theme(work: Work, chair: Member, name: str) -> Theme:
    title, text = work.label(f"cli/demo_theme_{name}"), work.label(f"cli/demo_theme_{name}_text")
    made = await themes.create(work, chair, title, text)
    return await themes.publish(work, chair, made.id)


async def _name_both_sides(work: Work, branch: Sequence[Member]) -> None:
    chair = branch[_CHAIR]
    await people.set_workers(work, chair, _codes(branch))
    await people.set_employer(work, chair, work.label("cli/demo_employers"))
    await people.note_posted(work, chair)


async def _call(work: Work, branch: Sequence[Member]) -> int:
    """For the representatives, without reminders: the demo's people have enough to read."""
    day = (await workdays(work)).add(work.today + _IN, 1)
    wish = Wish(
        uid="demo-dialogue",
        kind=Kind.DIALOGUE,
        title=work.label("cli/demo_dialogue"),
        starts=datetime.combine(day, _MEETS_AT),
        minutes=120,
        place=work.label("cli/demo_room"),
        audience=f"code:{_codes(branch)}",
        leads=(),
    )
    return (await meetings.call(work, branch[_CHAIR], wish)).id


def _codes(branch: Sequence[Member]) -> str:
    return ",".join(branch[place].code for place in _REPRESENTATIVES)
