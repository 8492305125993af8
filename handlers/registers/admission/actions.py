"""An application from its beginning to the decision: called by chat and command alike.

`by` is the officer, or the recruit where it is their own; None: a command. Each deed holds the application,
so that of two officers the second one learns what the first has done.
"""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from handlers.kit.context import Work
from handlers.kit.errors import RefusedError, StaleError
from handlers.registers.admission import planning, telling
from handlers.registers.reading import line, line_or_nothing, past_day
from storage import members
from storage.members import Member
from storage.registers import Share, admissions
from storage.registers.admissions import Admission, State
from storage.roster_keeping import Cause

LONGEST_DECISION, SHORTEST_REASON, LONGEST_REASON = 60, 5, 300
# A paper may have been signed before it was entered here.
_OLDEST = relativedelta(years=1)
_DECIDED = (State.ADMITTED, State.REFUSED, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Standing:
    """How admissions stand today."""

    # Of this year, as the target counts them.
    share: Share
    # Of people who are on the roster still.
    open: list[Admission]
    # Recruits without an open application.
    waiting: list[Member]


async def look(work: Work) -> Standing:
    begin = date(work.today.year, 1, 1)
    return Standing(
        await admissions.admitted(work.db, begin, work.today, work.services.zone),
        await admissions.hanging(work.db),
        await admissions.waiting(work.db),
    )


async def everything(work: Work) -> list[Admission]:
    """Every application there was: the open ones, then those that are decided, the latest first."""
    found = await admissions.everything(work.db)
    still_open = [each for each in found if each.state in admissions.OPEN]
    return [*still_open, *reversed([each for each in found if each.state not in admissions.OPEN])]


async def find(work: Work, admission_id: int) -> Admission:
    """StaleError when there is none."""
    found = await admissions.by_id(work.db, admission_id)
    if found is None:
        raise StaleError
    return found


async def begin(work: Work, by: Member | None, member_id: int, wording_hash: str | None = None) -> Admission:
    """RefusedError for who is a union member, left, or has an open application. `wording_hash`: the SHA-256
    in hex of the words that the recruit agreed to; None for an officer who enters a paper.
    """
    person = await _recruit(work, member_id)
    made = await admissions.begin(work.db, person.id, wording_hash, by.id if by else None, work.now)
    if made is None:
        raise RefusedError("registers/applied_already", name=person.full_name)
    found = await find(work, made)
    await planning.plan_reminders(work)
    if wording_hash is not None:
        await telling.tell_officers(work, found)
    return found


async def _recruit(work: Work, member_id: int) -> Member:
    """Held until the transaction ends."""
    person = await _on_roster(work, member_id)
    if person.is_union_member:
        raise RefusedError("registers/member_already", name=person.full_name)
    return person


async def _on_roster(work: Work, member_id: int) -> Member:
    found = await members.lock(work.db, [member_id])
    if not found:
        raise StaleError
    [person] = found
    if not person.is_active:
        raise RefusedError("registers/has_left", name=person.full_name)
    return person


async def note_signed(
    work: Work, by: Member | None, admission_id: int, day: date, *, correct: bool = False
) -> Admission:
    """The signed paper was handed in on that day. To `correct`: also where another day stands there."""
    found = await _held(work, admission_id, *(admissions.OPEN if correct else (State.BEGUN,)))
    past_day(work, day, work.today - _OLDEST)
    return await _change(work, by, found, State.SIGNED, signed_on=day)


async def admit(work: Work, by: Member | None, admission_id: int, decision: str, day: date) -> Admission:
    """The committee's decision makes them a union member. RefusedError before the signed paper is there."""
    found = await _held(work, admission_id, State.SIGNED)
    number = line("decision", decision, LONGEST_DECISION)
    past_day(work, day)
    if found.signed_on and day < found.signed_on:
        raise RefusedError("registers/decided_before_signed", signed_on=found.signed_on)
    # A roster that was imported meanwhile may have them as a member already.
    person = await _on_roster(work, found.member_id)
    await _set_membership(work, person, is_member=True)
    decided = await _change(work, by, found, State.ADMITTED, decision=number, decided_on=day)
    await telling.tell_applicant(work, decided)
    return decided


async def refuse(work: Work, by: Member | None, admission_id: int, reason: str) -> Admission:
    found = await _held(work, admission_id, State.SIGNED)
    why = line("reason", reason, LONGEST_REASON, shortest=SHORTEST_REASON)
    decided = await _change(work, by, found, State.REFUSED, reason=why)
    await telling.tell_applicant(work, decided)
    return decided


async def withdraw(work: Work, by: Member | None, admission_id: int, reason: str = "") -> Admission:
    """The recruit doesn't want it any more."""
    found = await _held(work, admission_id, State.BEGUN, State.SIGNED)
    why = line_or_nothing("reason", reason, LONGEST_REASON)
    return await _change(work, by, found, State.WITHDRAWN, reason=why)


async def reopen(work: Work, by: Member | None, admission_id: int) -> Admission:
    """What was entered last was a mistake: it stands where it stood before, and an applicant who was told
    hears of it. RefusedError when another one of theirs is open, they have left, or withdrew it themselves.
    """
    found = await _held(work, admission_id, *_DECIDED)
    if found.is_taken_back:
        raise RefusedError("registers/withdrew_themselves", name=found.full_name)
    if found.state is State.ADMITTED:
        person = await _on_roster(work, found.member_id)
        await _set_membership(work, person, is_member=False)
    # Looked for once the person is held: another one may be begun at this moment.
    await _recruit(work, found.member_id)
    if await admissions.open_of(work.db, found.member_id) is not None:
        raise RefusedError("registers/applied_already", name=found.full_name)
    before = State.SIGNED if found.signed_on else State.BEGUN
    were_told = not await telling.take_back(work, found)
    again = await _change(work, by, found, before, decision=None, decided_on=None, reason="")
    await planning.plan_reminders(work)
    if were_told and found.state is not State.WITHDRAWN:
        await telling.tell_mistake(work, again)
    return again


async def _held(work: Work, admission_id: int, *states: State) -> Admission:
    found = await admissions.locked(work.db, admission_id)
    if found is None:
        raise StaleError
    if found.state not in states:
        raise RefusedError("registers/moved_on", admission=found)
    return found


async def _set_membership(work: Work, person: Member, *, is_member: bool) -> None:
    values = {"b_id": person.id, "is_union_member": is_member, "changed_at": work.now}
    await members.change(work.db, [values], Cause.ADMISSION)


async def _change(
    work: Work, by: Member | None, found: Admission, state: State, **values: object
) -> Admission:
    """Nobody is told any more how it stood before."""
    await telling.take_back(work, found)
    await admissions.change(work.db, found.id, state, by.id if by else None, work.now, **values)
    return await find(work, found.id)
