"""A branch in which there is something to report: studied, tested, announced, met, and done."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, update

from bot.features import REPORTS
from handlers.campaign import actions as campaign_actions
from handlers.kit.documents import Document
from handlers.kit.reports import Report
from handlers.reports import actions, writing
from handlers.reports.writing import Format
from storage import announcements, attendance, campaigns, members, quiz
from storage.announcements import NewAnnouncement
from storage.announcements import State as Sending
from storage.attendance import How
from storage.quiz import Drawn
from storage.registers import training
from storage.registers.training import NewTraining
from storage.schema.calendar import duty
from storage.schema.messages import outbox
from storage.schema.studies import study
from tests.attendance.holding import hold
from tests.people import PEOPLE
from tests.study.course import DOCUMENT
from tests.world import World

YEAR = 2026
CODES = [code for code, *_ in PEOPLE]
# A file's own properties aside, everything that a spreadsheet could take for a formula.
ODD = "=1+1 <b>&</b> {{ đặc_biệt }} {% if %}"


@dataclass
class Scene:
    world: World

    async def member_id(self, code: str) -> int:
        async with self.world.database.read() as tx:
            found = await members.by_code(tx, code)
        assert found is not None
        return found.id

    def offer(self, *documents: Document) -> None:
        kept = {each.slug: each for each in documents}
        self.world.services = replace(self.world.services, documents=kept)
        self.world.restart()

    async def publish(self, slug: str = DOCUMENT.slug, **values: Any) -> int:
        async with self.world.database.write() as tx:
            published = await campaign_actions.publish(self.world.work(tx), None, slug, **values)
        return published.campaign

    async def note(self, campaign: int, code: str, *columns: str, **values: Any) -> None:
        """What is kept of somebody's studying: the time in these columns, and other values."""
        now = self.world.clock.now()
        row = {"campaign_id": campaign, "member_id": await self.member_id(code)}
        async with self.world.database.write() as tx:
            await tx.run(insert(study), row | dict.fromkeys(columns, now) | values)

    async def train_officers(self, day: date) -> None:
        """All there are at the time."""
        now = self.world.clock.now()
        async with self.world.database.write() as tx:
            for each in await training.lacking(tx, now.date()):
                await training.add(tx, NewTraining(each.id, "Nghiệp vụ công đoàn", day), None, now)

    async def answer(self, campaign: int, code: str, chosen: dict[str, int], number: int = 1) -> None:
        """A finished attempt: by question what was chosen, 0 being right."""
        person, now = await self.member_id(code), self.world.clock.now()
        drawn = [Drawn(each, (0, 1, 2, 3)) for each in chosen]
        score = 100 * list(chosen.values()).count(0) // len(chosen)
        async with self.world.database.write() as tx:
            found = await campaigns.by_id(tx, campaign)
            assert found is not None
            begun = await quiz.start(
                tx,
                campaign_id=campaign,
                member_id=person,
                number=number,
                version_hash=found.version_hash,
                questions=drawn,
                now=now,
            )
            await quiz.save_answers(tx, begun.id, list(chosen.values()), score, now)

    async def announce(self, text: str, reached: int, *, receipts: int = 0, days_ago: int = 1) -> int:
        """To everybody; it reached so many, of whom so many took note."""
        now = self.world.clock.now() - timedelta(days=days_ago)
        new = NewAnnouncement(
            author_id=None,
            audience="all",
            text=text,
            attachment_id=None,
            is_urgent=False,
            wants_receipt=receipts > 0,
            state=Sending.SCHEDULED,
            send_at=now,
        )
        accounts = [await self.world.link("direct", f"p-{code}", code) for code in CODES]
        people = [await self.member_id(code) for code in CODES]
        async with self.world.database.write() as tx:
            number = await announcements.create(tx, new, now)
            await announcements.change(tx, number, [Sending.SCHEDULED], Sending.SENT, started_at=now)
            await tx.run_many(
                insert(outbox),
                [
                    {
                        "key": f"{announcements.topic(number)}:{person}",
                        "topic": announcements.topic(number),
                        "member_id": person,
                        "account_id": account.id,
                        "priority": 1,
                        "message": {},
                        "state": "sent" if place < reached else "unreachable",
                        "not_before": now,
                        "created_at": now,
                    }
                    for place, (person, account) in enumerate(zip(people, accounts, strict=True))
                ],
            )
            for person in people[:receipts]:
                await announcements.note_receipt(tx, number, person, now)
        return number

    async def meet(self, *codes: str, **values: Any) -> None:
        """A meeting an hour ago to which these people came."""
        [sitting] = await hold(self.world, begins_in=-60, **values)
        for code in codes:
            person = await self.member_id(code)
            async with self.world.database.write() as tx:
                await attendance.enter(tx, sitting.id, person, How.CODE, by=None, now=self.world.clock.now())

    async def end_duty(self, rule: str, **values: Any) -> None:
        """What an officer noted of the year's duty."""
        async with self.world.database.write() as tx:
            of_it = (duty.c.rule == rule, duty.c.period == str(YEAR))
            await tx.run(update(duty).where(*of_it).values(**values))

    async def gather(self, name: str, campaign: int | None = None, year: int | None = None) -> Report:
        async with self.world.database.write() as tx:
            of = await campaigns.by_id(tx, campaign) if campaign is not None else None
            return await actions.gather(self.world.work(tx), REPORTS[name], of, year)

    async def write(self, report: Report, to: Format) -> bytes:
        async with self.world.database.write() as tx:
            prepared = await writing.prepare(self.world.work(tx), report)
        return writing.write(prepared, to)


async def rename(world: World, code: str, name: str) -> None:
    async with world.database.write() as tx:
        found = await members.by_code(tx, code)
        assert found is not None
        await members.change(tx, [{"b_id": found.id, "full_name": name, "folded_name": name.lower()}])


async def fill(scene: Scene) -> int:
    """Something of everything; the number of the campaign."""
    world = scene.world
    scene.offer(DOCUMENT)
    campaign = await scene.publish(deadline=date(YEAR, 3, 9), pass_mark=50)
    await rename(world, "NV07", ODD)
    await rename(world, "NV08", "Công Tằng Tôn Nữ " + "Nguyệt" * 10 + " Ánh")
    for place, code in enumerate(CODES[:7]):
        await scene.note(campaign, code, "acknowledged_at", *(["passed_at"] if place % 2 else []))
        await scene.answer(campaign, code, {"q1": place % 4, "q2": 0 if place < 5 else 2})
    # What somebody answers who has seen the right answers counts nowhere.
    await scene.answer(campaign, CODES[0], {"q1": 0, "q3": 0}, number=2)
    await scene.note(campaign, "NV09", "waived_at")
    await scene.announce("Chúc mừng năm mới", 8, receipts=3)
    await scene.announce("=1+1 &amp; {% if %}", 10, days_ago=2)
    await scene.meet("CT01", "TT04", "NV06", "NV08", audience="group:to hanh chinh")
    return campaign
