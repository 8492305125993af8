"""A round of dialogue: who represents whom, when it takes place, and what was done of what the law asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from handlers.dialogue import legal
from handlers.dialogue.legal import Facts, Line
from handlers.kit.access import Right, require
from handlers.kit.calendar import Workdays, workdays
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.quorums import Quorum, quorum_of
from handlers.kit.sittings import Sitting, load
from storage import attendance, audiences
from storage import meetings as kept_meetings
from storage.dialogue import items, postings, representatives, rounds
from storage.dialogue.items import Item
from storage.dialogue.postings import Posting
from storage.dialogue.representatives import Roll, Side
from storage.dialogue.rounds import Done, Kind, Round, Step
from storage.members import Member

EVERYBODY = "all"
# What is sent before a dialogue of each kind.
_SENT = {
    Kind.PERIODIC: frozenset({Step.UNION_CONTENTS, Step.EMPLOYER_CONTENTS}),
    Kind.REQUEST: frozenset({Step.ANSWERED}),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A round with everything about it, as it stands today."""

    round: Round
    sitting: Sitting | None
    roll: Roll | None
    agenda: Sequence[Item]
    steps: Mapping[Step, Done]
    posted: Sequence[Posting]
    facts: Facts
    lines: Sequence[Line]
    workdays: Workdays

    @property
    def meeting_day(self) -> date | None:
        return self.facts.meeting_day

    @property
    def too_late_for(self) -> date | None:
        """The earliest day for a meeting that the law allows, where there is no time left to send what it is
        to be about.
        """
        day = self.facts.meeting_day
        both = {Step.UNION_CONTENTS, Step.EMPLOYER_CONTENTS}
        if (
            self.round.kind is Kind.REQUEST
            or day is None
            or both <= self.steps.keys()
            or Step.HELD in self.steps
        ):
            return None
        earliest = legal.earliest_meeting(self.facts.today, self.workdays)
        return earliest if day < earliest and day >= self.facts.today else None


async def look(work: Work, round_id: int) -> Seen:
    """RefusedError when there is no such round."""
    found = await rounds.by_id(work.db, round_id)
    if found is None:
        raise RefusedError("dialogue/no_round", number=round_id)
    sitting = await load(work.db, found.occurrence_id) if found.occurrence_id else None
    roll = await representatives.in_force(work.db)
    steps = await rounds.steps(work.db, round_id)
    posted = await postings.of_round(work.db, round_id)
    posted_days = legal.days_in_a_row((each.day for each in posted), work.today)
    facts = replace(await _facts(work, found, sitting, roll), posted_days=posted_days, steps=steps)
    calendar = await workdays(work)
    lines = legal.checklist(facts, calendar)
    agenda = await items.agenda(work.db, round_id)
    return Seen(found, sitting, roll, agenda, steps, posted, facts, lines, calendar)


async def _facts(work: Work, found: Round, sitting: Sitting | None, roll: Roll | None) -> Facts:
    workers = await audiences.count(work.db, EVERYBODY)
    other_side = roll.of(Side.EMPLOYER) if roll else ()
    is_on = sitting is not None and not sitting.is_cancelled
    return Facts(
        kind=found.kind,
        today=work.today,
        needed=work.services.duties.representatives_of(workers),
        union_people=len(roll.of(Side.WORKERS)) if roll else 0,
        employer_people=len(other_side),
        has_legal=any(each.is_legal for each in other_side),
        list_made_on=roll.made_on if roll else None,
        list_posted_on=roll.posted_on if roll else None,
        asked_on=found.asked_on,
        asked_by=found.asked_by,
        meeting_day=_day(work, sitting) if sitting and is_on else None,
    )


def _day(work: Work, sitting: Sitting) -> date:
    return sitting.starts_at.astimezone(work.services.zone).date()


# Beginning one.


async def begin(work: Work, by: Member, occurrence_id: int | None = None) -> Seen:
    """The periodic one, with or without its meeting yet."""
    require(by, Right.DIALOGUE)
    number = await rounds.create(work.db, Kind.PERIODIC, by.id, work.now)
    if occurrence_id is not None:
        await set_meeting(work, by, number, occurrence_id)
    return await look(work, number)


async def begin_on_request(work: Work, by: Member, asked_on: date, asked_by: int) -> Seen:
    """`asked_by` so many of the workers' representatives; RefusedError when that are too few."""
    require(by, Right.DIALOGUE)
    roll = await representatives.in_force(work.db)
    everybody = len(roll.of(Side.WORKERS)) if roll else 0
    fewest = legal.fewest_to_ask(everybody)
    if not fewest <= asked_by <= everybody:
        raise RefusedError("dialogue/too_few_ask", asked_by=asked_by, fewest=fewest, everybody=everybody)
    _check_past(work, asked_on)
    number = await rounds.create(work.db, Kind.REQUEST, by.id, work.now, asked_on=asked_on, asked_by=asked_by)
    return await look(work, number)


async def set_meeting(work: Work, by: Member, round_id: int, occurrence_id: int) -> Seen:
    """The round's dialogue takes place on this date of a meeting of that kind."""
    require(by, Right.DIALOGUE)
    await _hold(work, round_id)
    if Step.HELD in await rounds.steps(work.db, round_id):
        raise RefusedError("dialogue/agenda_stands")
    sitting = await load(work.db, occurrence_id)
    if sitting is None or sitting.meeting.kind is not kept_meetings.Kind.DIALOGUE:
        raise RefusedError("dialogue/no_meeting")
    if occurrence_id not in await rounds.free_dates(work.db, sitting.starts_at):
        raise RefusedError("dialogue/meeting_taken")
    await rounds.change(work.db, round_id, occurrence_id=occurrence_id)
    return await look(work, round_id)


async def _hold(work: Work, round_id: int) -> Round:
    found = await rounds.hold(work.db, round_id)
    if found is None:
        raise RefusedError("dialogue/no_round", number=round_id)
    return found


def _check_past(work: Work, day: date) -> None:
    if day > work.today:
        raise RefusedError("dialogue/day_to_come", today=work.today)


# Ticking off.


async def note_contents(work: Work, by: Member, round_id: int, step: Step, day: date) -> Seen:
    """That a side has sent what it wants to speak of, or the written answer; on that day."""
    require(by, Right.DIALOGUE)
    seen = await _tickable(work, round_id, day)
    if step not in _SENT[seen.round.kind]:
        raise RefusedError("dialogue/no_such_step")
    return await _note(work, by, seen, step, Done(day, {}))


async def note_held(
    work: Work, by: Member, round_id: int, *, legal_present: bool, present: int | None = None
) -> Seen:
    """That it took place. `present` of the workers' representatives, where nobody was checked in;
    RefusedError when the law asks for more.
    """
    require(by, Right.DIALOGUE)
    seen = await look(work, round_id)
    if seen.meeting_day is None:
        raise RefusedError("dialogue/no_meeting_yet")
    _check_past(work, seen.meeting_day)
    there, everybody = await count_present(work, seen), seen.facts.union_people
    there = there if there is not None else present
    if there is None:
        raise RefusedError("dialogue/who_was_there")
    check_present(seen, there)
    quorum = dialogue_quorum()
    if not quorum.is_reached(there, everybody):
        needed = quorum.needed(everybody)
        raise RefusedError("dialogue/too_few_there", there=there, everybody=everybody, needed=needed)
    if not legal_present:
        raise RefusedError("dialogue/no_legal")
    done = Done(seen.meeting_day, {"present": there, "of": everybody})
    return await _note(work, by, seen, Step.HELD, done)


def check_present(seen: Seen, there: int) -> None:
    """RefusedError for more than there are."""
    everybody = seen.facts.union_people
    if 0 < everybody < there:
        raise RefusedError("dialogue/how_many_people", most=everybody)


async def count_present(work: Work, seen: Seen) -> int | None:
    """How many of the workers' representatives were checked in; None when nobody kept that."""
    if seen.sitting is None or seen.roll is None:
        return None
    there = set(await attendance.present_ids(work.db, seen.sitting.id))
    people = {each.member_id for each in seen.roll.of(Side.WORKERS)}
    return len(there & people) if there else None


def dialogue_quorum() -> Quorum:
    found = quorum_of(kept_meetings.Kind.DIALOGUE)
    if found is None:
        raise AssertionError("the content has a quorum for dialogues")
    return found


async def note_signed(work: Work, by: Member, round_id: int, day: date) -> Seen:
    require(by, Right.DIALOGUE)
    seen = await _tickable(work, round_id, day)
    held = seen.steps.get(Step.HELD)
    if held is None or day < held.done_on:
        raise RefusedError("dialogue/not_held_yet")
    return await _note(work, by, seen, Step.SIGNED, Done(day, {}))


async def _tickable(work: Work, round_id: int, day: date) -> Seen:
    _check_past(work, day)
    seen = await look(work, round_id)
    if Step.PUBLISHED in seen.steps:
        raise RefusedError("dialogue/results_stand")
    return seen


async def _note(work: Work, by: Member, seen: Seen, step: Step, done: Done) -> Seen:
    await _hold(work, seen.round.id)
    await rounds.note_step(work.db, seen.round.id, step, done, by=by.id, now=work.now)
    return await look(work, seen.round.id)
