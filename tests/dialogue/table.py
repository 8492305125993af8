"""The table that both sides sit at: themes, rounds and meetings made without a conversation."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from bot.jobs.rounds import Rounds
from handlers.dialogue import agenda, people, rounds, themes
from handlers.dialogue.rounds import Seen
from handlers.kit.context import Work
from storage import meeting_dates, meetings, members
from storage.dialogue.items import Item
from storage.dialogue.themes import Theme
from storage.meeting_dates import Date
from storage.meetings import Kind, NewMeeting
from storage.members import Member
from tests.people import CHAIR, appoint_employer
from tests.world import ZONE, World

T = TypeVar("T")
WORKERS = "TT04, TT05, NV06"
EMPLOYERS = "Ông Giám Đốc, Giám đốc\nBà Kế Toán, Kế toán trưởng\nÔng Nhân Sự"
TITLE, TEXT = "Bữa ăn ca", "Bữa ăn ca tối nguội và ít rau; mong bếp nấu sát giờ ăn."


def at(day: date, hour: int = 8, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


class Table:
    def __init__(self, world: World) -> None:
        self.world = world

    @property
    def today(self) -> date:
        return self.world.clock.now().astimezone(ZONE).date()

    def go_to(self, day: date, hour: int = 8, minute: int = 0) -> None:
        self.world.clock.set(at(day, hour, minute))

    async def person(self, code: str) -> Member:
        async with self.world.database.read() as tx:
            found = await members.by_code(tx, code)
        assert found is not None
        return found

    async def work(self, action: Callable[[Work], Awaitable[T]]) -> T:
        async with self.world.database.write() as tx:
            return await action(self.world.work(tx))

    async def act(
        self, action: Callable[..., Awaitable[T]], *arguments: Any, by: str = CHAIR, **named: Any
    ) -> T:
        """By the person with this code."""
        me = await self.person(by)
        return await self.work(lambda work: action(work, me, *arguments, **named))

    async def count(self) -> None:
        """A round of the program: what is enough of answers to themes is written."""
        world = self.world
        await Rounds(world.database, world.services, world.clock, world.delivery.wake).count_answers()

    async def appoint(self) -> None:
        async with self.world.database.write() as tx:
            await appoint_employer(tx)

    async def seat(self) -> None:
        """Both sides have their representatives."""
        await self.act(people.set_workers, WORKERS)
        await self.act(people.set_employer, EMPLOYERS)

    async def theme(self, title: str = TITLE, text: str = TEXT, *, is_published: bool = True) -> Theme:
        made = await self.act(themes.create, title, text)
        return await self.act(themes.publish, made.id) if is_published else made

    async def meeting(self, day: date, kind: Kind = Kind.DIALOGUE, audience: str = "all") -> int:
        """A date of a meeting, from 14:00 on."""
        start = at(day, 14)
        new = NewMeeting(
            uid=f"table-{kind}-{day}",
            kind=kind,
            title="Đối thoại định kỳ",
            place="Hội trường A",
            agenda="",
            audience=audience,
            starts_local=start.replace(tzinfo=None),
            zone=ZONE.key,
            minutes=120,
            recurrence=None,
            leads=(),
            organiser_id=None,
            campaign_id=None,
            is_make_up=False,
            secret="A" * 32,
        )
        async with self.world.database.write() as tx:
            now = self.world.clock.now()
            meeting_id = await meetings.create(tx, new, now)
            row = Date(start.replace(tzinfo=None), start, start + timedelta(hours=2))
            await meeting_dates.add_dates(tx, meeting_id, [row], now)
            (found,) = await meeting_dates.dates_of(tx, meeting_id)
        return found.id

    async def round(self, day: date | None = None) -> Seen:
        """A periodic one, on that day."""
        return await self.act(rounds.begin, await self.meeting(day) if day else None)

    async def look(self, round_id: int) -> Seen:
        return await self.work(lambda work: rounds.look(work, round_id))

    async def held(self, day: date) -> tuple[Seen, Item]:
        """A round with one theme that was held on that day, which is today."""
        await self.seat()
        theme = await self.theme()
        seen = await self.round(day)
        item = await self.act(agenda.add, seen.round.id, theme.id)
        self.go_to(day, 17)
        held = await self.act(rounds.note_held, seen.round.id, legal_present=True, present=3)
        return held, item
