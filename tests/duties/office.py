"""The officers' view of a branch: duties as they stand, meetings that are set, reminders that go out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from handlers.duties import letters, planning
from handlers.duties.board import Item, look
from handlers.kit.context import Work
from handlers.kit.jobs import Letter, Span
from handlers.kit.markup import plain
from storage import duties, jobs, meeting_dates, meetings, members
from storage.jobs import Job, State
from storage.meeting_dates import Date
from storage.meetings import Kind, NewMeeting
from storage.members import Member
from tests.world import ZONE, World

CONFERENCE, DISCLOSURE = "hoi-nghi-nguoi-lao-dong", "cong-khai-sau-hoi-nghi"
DIALOGUE, OPINIONS = "doi-thoai-dinh-ky", "lay-y-kien-doi-thoai"
CONTENTS, QUORUM = "trao-doi-noi-dung-doi-thoai", "thanh-phan-doi-thoai"
PUBLICATION, LIST = "cong-bo-doi-thoai", "danh-sach-dai-dien"
CHECK, REVIEW, FINAL = "kiem-tra-nghi-quyet-hoi-nghi", "so-ket-sau-thang", "tong-ket-nam"


def at(day: date, hour: int = 8, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


@dataclass(frozen=True, slots=True)
class Reminded:
    """A reminder that went out."""

    on: date
    duty: str
    period: str
    days_left: int


class Office:
    def __init__(self, world: World) -> None:
        self.world = world
        self._planned_to: datetime | None = None

    @property
    def today(self) -> date:
        return self.world.clock.now().astimezone(ZONE).date()

    def go_to(self, day: date, hour: int = 8, minute: int = 0) -> None:
        self.world.clock.set(at(day, hour, minute))

    async def act(self, action: Any, *arguments: Any, by: str | None = None) -> Item:
        """Of `handlers.duties.actions`, by the officer with this code or by command."""
        officer = await self.person(by) if by else None
        async with self.world.database.write() as tx:
            found: Item = await action(self.world.work(tx), officer, *arguments)
            return found

    async def person(self, code: str) -> Member:
        async with self.world.database.read() as tx:
            found = await members.by_code(tx, code)
        assert found is not None
        return found

    async def refresh(self) -> None:
        async with self.world.database.write() as tx:
            await planning.refresh(self.world.work(tx))

    async def plan(self, days: int = 60) -> None:
        """As the engine does: from what it planned last to so many days from now."""
        now = self.world.clock.now()
        async with self.world.database.write() as tx:
            await planning.plan(
                self.world.work(tx), Span(self._planned_to or now, now + timedelta(days=days))
            )
        self._planned_to = now

    async def item(self, slug: str, period: str = "2026") -> Item:
        async with self.world.database.read() as tx:
            found = (await look(self.world.work(tx))).find(slug, period)
        assert found is not None
        return found

    async def id_of(self, slug: str, period: str = "2026") -> int:
        return (await self.item(slug, period)).duty.id

    async def periods(self, slug: str) -> list[str]:
        async with self.world.database.read() as tx:
            return sorted(each.period for each in await duties.everything(tx) if each.rule == slug)

    async def waiting(self, slug: str, period: str = "2026") -> list[Job]:
        """Its jobs that are still to come."""
        duty_id = await self.id_of(slug, period)
        async with self.world.database.read() as tx:
            return [each for each in await jobs.waiting(tx, 10_000) if each.subject_id == duty_id]

    async def moments(self, slug: str, period: str = "2026") -> list[str]:
        """When they are due, in the branch's time."""
        found = await self.waiting(slug, period)
        return [f"{each.due_at.astimezone(ZONE):%d/%m/%Y %H:%M}" for each in found]

    async def letter(self, job: Job) -> Letter | None:
        async with self.world.database.write() as tx:
            return await letters.JOB.letter(self.world.work(tx), job)

    async def words(self, job: Job) -> str:
        found = await self.letter(job)
        assert found is not None
        return plain(found.reply.text)

    async def carry_out(self) -> tuple[list[Reminded], list[Job]]:
        """Send what is due now, and note what came too late, as the engine does."""
        sent, missed = [], []
        async with self.world.database.write() as tx:
            work = self.world.work(tx)
            for job in await jobs.due(tx, work.now, 10_000):
                if job.expires_at <= work.now:
                    missed.append(job)
                    await jobs.finish(tx, job.id, State.MISSED, work.now)
                elif await self._send(work, job):
                    sent.append(await _reminded(work, job))
        return sent, missed

    async def _send(self, work: Work, job: Job) -> bool:
        found = await letters.JOB.letter(work, job)
        await jobs.finish(work.db, job.id, State.DONE if found else State.CANCELLED, work.now)
        return found is not None

    # Meetings, as the feature that sets them keeps them.

    async def meet(self, kind: Kind, day: date, hour: int = 14) -> int:
        """The number of the date."""
        begin = at(day, hour)
        now = self.world.clock.now()
        async with self.world.database.write() as tx:
            meeting_id = await meetings.create(tx, _meeting(kind, begin), now)
            dates = [Date(begin.replace(tzinfo=None), begin, begin + timedelta(hours=2))]
            await meeting_dates.add_dates(tx, meeting_id, dates, now)
            return (await meeting_dates.dates_of(tx, meeting_id))[0].id

    async def move_meeting(self, occurrence_id: int, day: date, hour: int = 14) -> None:
        begin = at(day, hour)
        times = {"starts_at": begin, "ends_at": begin + timedelta(hours=2)}
        async with self.world.database.write() as tx:
            await meeting_dates.change_date(tx, occurrence_id, self.world.clock.now(), **times)

    async def call_off(self, occurrence_id: int) -> None:
        async with self.world.database.write() as tx:
            await meeting_dates.change_date(tx, occurrence_id, self.world.clock.now(), is_cancelled=True)

    async def leaves(self, *codes: str) -> None:
        async with self.world.database.write() as tx:
            await members.mark_left(tx, codes, self.world.clock.now())


async def _reminded(work: Work, job: Job) -> Reminded:
    item = (await look(work)).item(job.subject_id or 0)
    assert item is not None
    left = item.days_left(work.today)
    assert left is not None
    return Reminded(work.today, item.rule.slug, str(item.period), left)


def _meeting(kind: Kind, begin: datetime) -> NewMeeting:
    return NewMeeting(
        uid=f"{kind}-{begin:%Y%m%d%H%M}",
        kind=kind,
        title="Cuộc họp",
        place="Hội trường",
        agenda="",
        audience="all",
        starts_local=begin.replace(tzinfo=None),
        zone=str(ZONE),
        minutes=120,
        recurrence=None,
        leads=(),
        organiser_id=None,
        campaign_id=None,
        is_make_up=False,
        secret="JBSWY3DPEHPK3PXP",
    )


def of_duties(sent: Sequence[Reminded], *slugs: str) -> list[tuple[date, str, int]]:
    return sorted((each.on, each.duty, each.days_left) for each in sent if each.duty in slugs)
