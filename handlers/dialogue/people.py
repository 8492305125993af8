"""The list of representatives, drawn up anew every two years and posted."""

from collections.abc import Sequence

from handlers.dialogue import legal
from handlers.kit import audience
from handlers.kit.access import Right, require
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.vietnamese import clean
from storage import members
from storage.dialogue import representatives
from storage.dialogue.representatives import Representative, Roll, Side
from storage.members import Member

LONGEST_NAME, MOST = 100, 60


async def set_workers(work: Work, by: Member, typed: str) -> Roll:
    """By their codes, with commas or each on a line; RefusedError names what is wrong."""
    require(by, Right.DIALOGUE)
    codes = tuple(each for part in clean(typed).split("\n") for each in _parts(part))
    _check_number(codes)
    kept = await audience.resolve(work, f"code:{','.join(codes)}")
    people = [await members.by_code(work.db, code) for code in kept.removeprefix("code:").split(",")]
    found = [each for each in people if each]
    if other := [each.full_name for each in found if each.is_employer]:
        raise RefusedError("dialogue/other_side", names=other)
    return await _set(work, by, Side.WORKERS, [_worker(each) for each in found])


def _parts(line: str) -> list[str]:
    return [each for part in line.split(",") if (each := part.strip())]


def _worker(member: Member) -> Representative:
    return Representative(Side.WORKERS, member.full_name, member.position, member.id)


async def set_employer(work: Work, by: Member, typed: str) -> Roll:
    """Each on a line, "name, position"; the first one is, or speaks for, the legal representative."""
    require(by, Right.DIALOGUE)
    lines = [each for part in clean(typed).split("\n") if (each := " ".join(part.split()))]
    _check_number(lines)
    people = []
    for number, line in enumerate(lines):
        name, _, position = (part.strip() for part in line.partition(","))
        if not name or max(len(name), len(position)) > LONGEST_NAME:
            raise RefusedError("dialogue/name_and_position", longest=LONGEST_NAME)
        people.append(Representative(Side.EMPLOYER, name, position, is_legal=number == 0))
    return await _set(work, by, Side.EMPLOYER, people)


def _check_number(people: Sequence[str]) -> None:
    if not 0 < len(people) <= MOST:
        raise RefusedError("dialogue/how_many_people", most=MOST)


async def _set(work: Work, by: Member, side: Side, people: Sequence[Representative]) -> Roll:
    roll = await representatives.in_force(work.db)
    if roll is None:
        await representatives.draw_up(work.db, work.today, by.id, work.now)
        roll = await _in_force(work)
    await representatives.set_side(work.db, roll.id, side, people)
    return await _in_force(work)


async def renew(work: Work, by: Member) -> Roll:
    """A new list for the next two years, with the same people at first; it has to be posted again."""
    require(by, Right.DIALOGUE)
    before = await _in_force(work)
    number = await representatives.draw_up(work.db, work.today, by.id, work.now)
    for side in Side:
        await representatives.set_side(work.db, number, side, before.of(side))
    return await _in_force(work)


async def note_posted(work: Work, by: Member) -> Roll:
    """Everybody can read it, from today on."""
    require(by, Right.DIALOGUE)
    roll = await _in_force(work)
    await representatives.note_posted(work.db, roll.id, work.today)
    return await _in_force(work)


async def _in_force(work: Work) -> Roll:
    roll = await representatives.in_force(work.db)
    if roll is None:
        raise RefusedError("dialogue/no_list")
    return roll


def is_old(work: Work, roll: Roll) -> bool:
    return legal.renew_by(roll.made_on) < work.today
