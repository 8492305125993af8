"""What officers do about an announcement after it was sent, and the steps in which it reaches people."""

from dataclasses import replace
from datetime import datetime

from markupsafe import Markup

from handlers.announce import actions, letters, rules
from handlers.announce.polls import polling
from handlers.announce.rules import Deed
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from storage import announced, announcements, filling, followups, shared
from storage.announcements import Announcement, State
from storage.filling import Step
from storage.followups import AGAIN, Followup, Kind
from storage.members import Member
from storage.outbox import Priority
from storage.outbox import State as Copy
from storage.shared import Deed as Way

# How a copy ended that is sent once more.
_ENDED = {Kind.MISSED: (Copy.UNREACHABLE, Copy.FAILED, Copy.EXPIRED), Kind.UNKNOWN: (Copy.UNKNOWN,)}


async def correct(work: Work, officer: Member | None, announcement_id: int, text: Markup) -> Announcement:
    """Whoever got the earlier words gets these in their place; everybody else gets only these."""
    found = await actions.find(work, announcement_id)
    await check_correction(work, officer, found)
    actions.check_text(text, has_file=found.attachment_id is not None)
    await announcements.reword(work.db, found.id, str(text))
    corrected = replace(found, text=str(text))
    if found.shared_id is not None:
        await shared.reword(work.db, found.shared_id, await letters.message(work, corrected))
        await followups.create(work.db, found.id, Kind.CORRECTION, _id(officer), work.now, text=str(text))
        await actions.settle_sending(work, found.id)
    return corrected


async def check_correction(work: Work, officer: Member | None, found: Announcement) -> None:
    """RefusedError says why the officer can't change its words now."""
    if found.state not in rules.MAY_CORRECT:
        raise RefusedError("announce/not_now", state=found.state.value)
    if rules.stands_as_approved(found):
        raise RefusedError("announce/approved_so")
    if rules.is_own_approved(found, _id(officer)):
        raise RefusedError("announce/own_approved")
    if await _has_open(work, found, Kind.CORRECTION):
        raise RefusedError("announce/still_correcting")
    if await polling.has_answers(work, found):
        raise RefusedError("announce/answered_already")


async def withdraw(work: Work, officer: Member | None, announcement_id: int) -> Announcement:
    """Nobody gets it any more, and whoever has got it loses it where the channel can."""
    found = await actions.find(work, announcement_id)
    if found.shared_id is None:
        raise RefusedError("announce/not_now", state=found.state.value)
    withdrawn = await actions.do(work, found.id, Deed.WITHDRAW)
    await followups.create(work.db, found.id, Kind.WITHDRAWAL, _id(officer), work.now)
    return withdrawn


async def remind(work: Work, officer: Member | None, announcement_id: int) -> datetime:
    """Ask once more those who haven't taken note, or answered; when they will be asked."""
    found = await actions.find(work, announcement_id)
    silent = await polling.silent(work, found)
    if found.state not in rules.MAY_FOLLOW_UP or silent is None:
        raise RefusedError("announce/not_now", state=found.state.value)
    earlier = [each.send_at for each in await followups.of(work.db, found.id) if each.kind is Kind.REMINDER]
    if rules.was_reminded(max(earlier, default=None), work.now):
        raise RefusedError("announce/reminded", at=max(earlier))
    if not await announced.count_people(work.db, found.id, silent):
        raise RefusedError("announce/all_noted")
    send_at = actions.sending_time(work, None, is_urgent=found.is_urgent)
    await followups.create(work.db, found.id, Kind.REMINDER, _id(officer), work.now, send_at=send_at)
    return send_at


async def send_again(work: Work, officer: Member | None, announcement_id: int, kind: Kind) -> None:
    """Once more to those it didn't reach, or to those of whom nobody knows."""
    found = await actions.find(work, announcement_id)
    if found.state not in rules.MAY_FOLLOW_UP or found.shared_id is None:
        raise RefusedError("announce/not_now", state=found.state.value)
    await announcements.change(work.db, found.id, rules.MAY_FOLLOW_UP, State.SENDING, finished_at=None)
    await followups.create(work.db, found.id, kind, _id(officer), work.now)
    await actions.settle_sending(work, found.id)


def _id(officer: Member | None) -> int | None:
    """Nobody's, by command."""
    return officer.id if officer else None


async def _has_open(work: Work, found: Announcement, *kinds: Kind) -> bool:
    done = await followups.of(work.db, found.id)
    return any(each.finished_at is None and each.kind in kinds for each in done)


# What happens by itself.


async def carry_on(work: Work) -> int:
    """The next step of everything that is under way; how many of them moved."""
    moved = 0
    for each in await followups.open_ones(work.db, work.now):
        moved += await _step(work, each)
    return moved


async def _step(work: Work, each: Followup) -> bool:
    found = await actions.find(work, each.announcement_id)
    if await _is_of_no_use(work, found, each):
        return await _drop(work, each)
    if each.kind in AGAIN:
        return await _put_in_again(work, found, each)
    if each.shared_id is None:
        return await _begin(work, found, each)
    if each.filled_to is not None:
        return await _fill(work, found, each)
    return await _finish(work, each)


async def _is_of_no_use(work: Work, found: Announcement, each: Followup) -> bool:
    """What was cancelled is still corrected where people have it; nobody is reminded of a closed poll."""
    if found.state is State.WITHDRAWN:
        return each.kind is not Kind.WITHDRAWAL
    if found.state is State.CANCELLED:
        return each.kind is not Kind.CORRECTION
    return each.kind is Kind.REMINDER and await polling.silent(work, found) is None


async def _drop(work: Work, each: Followup) -> bool:
    """What of it waits is never sent; what was taken for sending may still come back."""
    if each.shared_id is not None:
        await shared.set_state(work.db, each.shared_id, shared.State.OVER)
        if await shared.wind_up(work.db, each.shared_id, actions.STEP, work.now):
            return True
        if not await shared.is_done(work.db, each.shared_id):
            return False
    await followups.note_finished(work.db, each.id, work.now)
    return True


async def _put_in_again(work: Work, found: Announcement, each: Followup) -> bool:
    if found.shared_id is None or each.filled_to is None:
        raise ValueError("nothing was sent that could be sent again")
    letters_of = await shared.by_id(work.db, found.shared_id)
    step = Step(work.now, each.filled_to, actions.STEP)
    last = await filling.again(work.db, letters_of, _ENDED[each.kind], each.created_at, step)
    await followups.note_filled(work.db, each.id, last)
    if last is None:
        await followups.note_finished(work.db, each.id, work.now)
    return True


async def _begin(work: Work, found: Announcement, each: Followup) -> bool:
    """Once nothing is on its way that it would miss."""
    if each.kind is not Kind.REMINDER and await _is_under_way(work, found, each):
        return False
    file, way, priority = found.attachment_id, Way.EDIT, Priority.URGENT
    match each.kind:
        case Kind.CORRECTION:
            message = await letters.message(work, found, is_corrected=True)
        case Kind.WITHDRAWAL:
            message, way = letters.withdrawn(work), Way.DELETE
        case _:
            message, file = letters.reminder(work, found), None
            way, priority = Way.SEND, Priority.NORMAL
    made = await shared.create(work.db, each.topic, message, file, work.now, deed=way, priority=priority)
    await followups.begin(work.db, each.id, made.id)
    return True


async def _is_under_way(work: Work, found: Announcement, each: Followup) -> bool:
    """Whether its words, first or corrected, are being sent. A reminder repeats none of them."""
    corrections = await _corrections(work, each)
    sending = [found.shared_id, *(other.shared_id for other in corrections)]
    return await shared.is_under_way(work.db, [one for one in sending if one is not None], work.now)


async def _fill(work: Work, found: Announcement, each: Followup) -> bool:
    if each.shared_id is None or each.filled_to is None:
        raise ValueError("it hasn't begun, or everybody's row is there")
    message = await shared.by_id(work.db, each.shared_id)
    step = Step(work.now, each.filled_to, actions.STEP)
    topic = announcements.topic(found.id)
    if each.kind is Kind.REMINDER:
        last = await filling.silent(work.db, message, found.id, topic, step)
    else:
        corrections = [other.topic for other in await _corrections(work, each)]
        last = await filling.copies(work.db, message, [topic, *corrections], step)
    await followups.note_filled(work.db, each.id, last)
    if last is None and each.kind is Kind.CORRECTION:
        await actions.settle_sending(work, found.id)
    return True


async def _corrections(work: Work, each: Followup) -> list[Followup]:
    """Earlier corrections, which may have come as messages of their own."""
    done = await followups.of(work.db, each.announcement_id)
    return [other for other in done if other.kind is Kind.CORRECTION and other.id < each.id]


async def _finish(work: Work, each: Followup) -> bool:
    if each.shared_id is None or not await shared.is_done(work.db, each.shared_id):
        return False
    await shared.set_state(work.db, each.shared_id, shared.State.OVER)
    await followups.note_finished(work.db, each.id, work.now)
    return True
