"""The committee hears of each new head in the morning, so that nobody can put another in its place later."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from handlers.evidence.notes import fingerprint
from handlers.kit.access import roles_of
from handlers.kit.context import Work
from handlers.kit.jobs import JobKind, Letter
from handlers.kit.roles import Role
from storage import evidence_heads, jobs, members
from storage.audiences import Kind, Part
from storage.evidence_heads import SignedHead
from storage.jobs import Job, NewJob
from storage.wanted import Wanted

NAME = "evidence_head"
# From this hour on, in the branch's zone, and until that one.
_FROM, _UNTIL = time(8), time(20)
# A key that signed no head of an earlier day.
_NEW = timedelta(days=1)
_TOLD = frozenset({Role.COMMITTEE, Role.CHAIR})


async def plan_telling(work: Work, head: SignedHead) -> None:
    zone = work.services.zone
    day = work.today if work.now.astimezone(zone).time() < _FROM else work.today + timedelta(days=1)
    job = NewJob(
        key=f"{NAME}:{head.size}",
        kind=NAME,
        due_at=datetime.combine(day, _FROM, tzinfo=zone).astimezone(UTC),
        expires_at=datetime.combine(day, _UNTIL, tzinfo=zone).astimezone(UTC),
        details={"size": head.size},
    )
    await jobs.add(work.db, [job], work.now)


async def letter(work: Work, job: Job) -> Letter | None:
    """None when a newer head is told at the same time: it vouches for this one too."""
    head = await evidence_heads.latest(work.db)
    people = [each for each in await members.with_roles(work.db) if roles_of(each) & _TOLD]
    if head is None or head.size != job.details["size"] or not people:
        return None
    keys = await evidence_heads.keys(work.db)
    key = next(each for each in keys if each.id == head.key_id)
    reply = work.reply(
        "evidence/head_told",
        size=head.size,
        at=head.made_at,
        fingerprint=fingerprint(head.text),
        signer=fingerprint(key.public.hex()),
        is_first=key == keys[0],
        is_new_key=head.made_at - key.made_at < _NEW,
    )
    return Letter(reply, Wanted(str(Part(Kind.CODE, tuple(each.code for each in people)))))


async def title(work: Work, job: Job) -> str:
    return work.label("evidence/head_title", size=job.details["size"])


async def responsible(_work: Work, _job: Job) -> Sequence[int]:
    """Nobody in particular."""
    return ()


JOB = JobKind(NAME, letter, title, responsible)
