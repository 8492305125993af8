"""Carrying out what is due: found in its window it is sent, found too late it is missed and somebody is told.

Every function is a short transaction's work, harmless when it runs twice. `kinds` are those of all features.
"""

from collections import defaultdict
from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from handlers.kit import hours, sending
from handlers.kit.context import Work
from handlers.kit.jobs import JobKind, Letter, Plan, Span
from handlers.kit.reply import Reply
from storage import filling, jobs, quiet, recipients, shared, wanted
from storage.database import StorageUnavailableError
from storage.filling import Step, Window
from storage.jobs import Job, State
from storage.recipients import Addressee

log = structlog.get_logger()
T = TypeVar("T")
Kinds = Mapping[str, JobKind]
# Members whom one transaction looks at for the outbox.
STEP = 1_000
# Jobs that one letter to an officer names.
NAMED = 10
# How many of them one look tells of.
TOLD_AT_ONCE = 200
# So far ahead everything is planned.
HORIZON = timedelta(days=60)
# Further back nothing is planned: a clock that had stood in another century plans no century of greetings.
FARTHEST_BACK = timedelta(days=366)
# A greeting or a reminder that may have arrived isn't sent again: who is responsible hears of it.
ONCE = 1
_PLANNED = "planned"


async def plan(work: Work, what: Plan) -> None:
    """Plan everything from the last time all plans ran until the horizon: what fell due meanwhile is then on
    record as missed.
    """
    last = await jobs.mark(work.db, _PLANNED) or work.now
    begin = max(min(last, work.now), work.now - FARTHEST_BACK)
    await what(work, Span(begin, work.now + HORIZON))


async def note_planned(work: Work) -> None:
    """All plans have run: the next time they begin here."""
    await jobs.set_mark(work.db, _PLANNED, work.now)


async def start(work: Work, kinds: Kinds, job_id: int) -> None:
    """Begin to send a job that is due; it is missed when it is too late for it, and somebody wanted it."""
    job = await jobs.hold(work.db, job_id, State.WAITING)
    if job is None:
        return
    letter = await _letter(work, kinds, job)
    if letter is None:
        await jobs.finish(work.db, job.id, State.CANCELLED, work.now)
    elif not await wanted.anybody(work.db, letter.to):
        await jobs.finish(work.db, job.id, State.DONE, work.now)
    elif work.now >= job.expires_at:
        await jobs.finish(work.db, job.id, State.MISSED, work.now)
    else:
        await jobs.start(work.db, job.id, await _keep(work, job, letter), work.now)


async def give_up(work: Work, job_id: int) -> None:
    """It couldn't be begun in time, or not for everybody: then nobody knows who of the others wanted it."""
    if await jobs.hold(work.db, job_id, State.WAITING):
        await jobs.finish(work.db, job_id, State.MISSED, work.now)
    elif await jobs.hold(work.db, job_id, State.SENDING):
        await jobs.stop_filling(work.db, job_id)


async def _letter(work: Work, kinds: Kinds, job: Job) -> Letter | None:
    """None as well for a kind that this program doesn't know: a newer one had planned it."""
    kind = kinds.get(job.kind)
    return await kind.letter(work, job) if kind else None


async def _keep(work: Work, job: Job, letter: Letter) -> int:
    """The letter as a message to many; its id."""
    file = letter.reply.attachment
    made = await shared.create(
        work.db,
        job.key,
        sending.to_json(letter.reply),
        file.id if file else None,
        work.now,
        priority=letter.priority,
        tries=ONCE,
    )
    return made.id


async def fill(work: Work, kinds: Kinds, job_id: int) -> bool:
    """Put in the next recipients of a job that is being sent; whether it wants more."""
    job = await jobs.hold(work.db, job_id, State.SENDING)
    if job is None or job.shared_id is None or job.filled_to is None:
        return False
    letter = await _letter(work, kinds, job)
    if letter is None:
        await jobs.call_off(work.db, job.id)
        return False
    message = await shared.by_id(work.db, job.shared_id)
    step = Step(work.now, job.filled_to, STEP)
    last = await filling.wanted(work.db, message, letter.to, step, await _window(work, job))
    await jobs.note_filled(work.db, job.id, last)
    return last is not None


async def _window(work: Work, job: Job) -> Window:
    return Window(job.expires_at, await quiet.in_force(work.db, work.now, work.services.zone))


async def settled(work: Work) -> list[tuple[Job, int]]:
    """What has reached its last recipient, each with the id of its message."""
    return [
        (each, each.shared_id)
        for each in await jobs.sending(work.db)
        if each.shared_id is not None
        and each.filled_to is None
        and await shared.is_done(work.db, each.shared_id)
    ]


async def finish(work: Work) -> None:
    """Close what is settled."""
    for each, shared_id in await settled(work):
        await shared.set_state(work.db, shared_id, shared.State.OVER)
        late = each.late + await jobs.count_late(work.db, each.key)
        await jobs.finish(work.db, each.id, State.DONE, work.now, late)


async def wind_up(work: Work) -> int:
    """Settle the next letters of what was called off; how many."""
    settled = 0
    for each in await jobs.winding_up(work.db):
        settled += await shared.wind_up(work.db, each.shared_id, STEP, work.now) if each.shared_id else 0
        if each.shared_id is None or await shared.is_done(work.db, each.shared_id):
            await jobs.finish(work.db, each.id, State.CANCELLED, work.now)
    return settled


async def tell(work: Work, kinds: Kinds) -> int:
    """Tell whoever is responsible of what came too late; how many jobs that were."""
    missed = await jobs.untold(work.db, TOLD_AT_ONCE)
    by_officer: dict[Addressee, list[Job]] = defaultdict(list)
    for each in missed:
        for officer in await _responsible(work, kinds, each):
            by_officer[officer].append(each)
    for officer, theirs in by_officer.items():
        to = sending.Recipient(officer.member_id, officer.account_id)
        letter = await _missed_letter(work, kinds, theirs)
        morning = hours.after_quiet(work.now.astimezone(work.services.zone))
        await sending.push(work, f"late:{theirs[0].id}", [(to, letter)], not_before=morning)
    await jobs.note_told(work.db, [each.id for each in missed], work.now)
    return len(missed)


async def _responsible(work: Work, kinds: Kinds, job: Job) -> list[Addressee]:
    """Those who can be reached, or else the chair, or else the committee."""
    kind = kinds.get(job.kind)
    named = await _told(job, kind.responsible(work, job), ()) if kind else ()
    return await recipients.these(work.db, named) or await recipients.in_charge(work.db)


async def _missed_letter(work: Work, kinds: Kinds, missed: Sequence[Job]) -> Reply:
    """Jobs of one occasion stand in it once, with all their people."""
    late: dict[str, tuple[datetime, int]] = {}
    for each in missed:
        name = await title(work, kinds, each)
        due_at, people = late.get(name, (each.due_at, 0))
        late[name] = (due_at, people + each.late)
    named = list(late.items())[:NAMED]
    return work.reply("jobs/missed", missed=named, more=len(late) - len(named))


async def title(work: Work, kinds: Kinds, job: Job) -> str:
    """What it is about, in a few words."""
    kind = kinds.get(job.kind)
    return await _told(job, kind.title(work, job), job.kind) if kind else job.kind


async def _told(job: Job, by_kind: Awaitable[T], otherwise: T) -> T:
    """What a kind can't tell of one job doesn't keep anybody from hearing of the others."""
    try:
        return await by_kind
    except StorageUnavailableError:
        raise
    except Exception as error:  # noqa: BLE001 - as it says
        log.error("job_untold", job=job.id, kind=job.kind, error=type(error).__name__)  # noqa: TRY400
        return otherwise
