"""A year in made-up time: some hundred people with their own choices, outages, and what became of it all."""

import os
import random  # noqa: TID251 - seeded, so that a failure can be repeated
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from handlers.kit.calendar import Kind
from handlers.kit.vietnamese import fold
from handlers.meetings.actions import Wish, call
from storage import branch, meetings, members
from storage.database import Database
from storage.preferences import USUAL_GREETING_HOUR
from storage.schema.calendar import preference
from storage.schema.jobs import job
from storage.schema.messages import outbox
from storage.schema.people import account, member
from tests import people
from tests.world import BRANCH, CALENDAR, ZONE, SetClock, World

BEGIN = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
# `make soak` takes a thousand.
IS_SOAK = "YEAR_PEOPLE" in os.environ
PEOPLE = int(os.environ.get("YEAR_PEOPLE", "300"))
_GROUP, _IN_GROUP = "Tổ Sản xuất", 100
_HOURS = (6, 7, 7, 7, 8, 12, 17, 19)
_QUIET = ((22, 6), (21, 7), (8, 16), (0, 9))
_LONGEST_STEP = timedelta(days=1)
_DAY_ENDS = 20


@dataclass(frozen=True, slots=True)
class Outage:
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Push:
    at: datetime
    key: str
    address: str


@dataclass(frozen=True, slots=True)
class Span:
    """What is played, and how much goes wrong in it."""

    days: int
    outages: int
    kills: int

    @property
    def end(self) -> datetime:
        return BEGIN + timedelta(days=self.days)


YEAR = Span(days=365, outages=10, kills=10)
# Over the New Year and the Lunar one, with what else a spring brings.
SPRING = Span(days=130, outages=4, kills=4)


def outages(dice: random.Random, span: Span) -> list[Outage]:
    """From some minutes to some days, one after the other."""
    begins = sorted(BEGIN + timedelta(days=span.days) * dice.random() for _ in range(span.outages))
    return [Outage(each, each + timedelta(hours=dice.choice((0.1, 2, 10, 60)))) for each in begins]


def busy_moments(dice: random.Random, span: Span) -> list[datetime]:
    """When the greetings of a day go to most people."""
    days = sorted({each.day for each in CALENDAR.between(BEGIN.astimezone(ZONE).date(), span.end.date())})
    usual = time(USUAL_GREETING_HOUR)
    return [datetime.combine(day, usual, tzinfo=ZONE) for day in sorted(dice.sample(days, span.kills))]


async def gather(database: Database, dice: random.Random, number: int) -> None:
    """So many people besides the branch's own, each with an account, some with choices of their own."""
    async with database.write() as tx:
        await branch.create(tx, BRANCH, BEGIN)
        await people.seed(tx, BEGIN)
        more = range(number - len(people.PEOPLE))
        await members.add_groups(tx, [(each, fold(each)) for each in {_group(n) for n in more}])
        groups = await members.group_ids(tx)
        new = [
            people.person(groups[fold(_group(n))], BEGIN, code=f"SX{n:04}", name=f"Trần Văn {n}")
            for n in more
        ]
        await members.add(tx, new)
        ids = [row.id for row in await tx.all(select(member.c.id).order_by(member.c.id))]
        accounts = [
            {
                "channel": "direct",
                "address": f"p{each}",
                "member_id": each,
                "linked_at": BEGIN,
                "created_at": BEGIN,
            }
            for each in ids
        ]
        await tx.run_many(insert(account), accounts)
        await tx.run_many(insert(preference), [_choices(dice, each) for each in ids if dice.random() < 0.5])


def _group(number: int) -> str:
    return f"{_GROUP} {number // _IN_GROUP}"


async def call_meetings(database: Database) -> None:
    """One group meets on the first Monday of each month."""
    wish = Wish(
        uid="monthly",
        kind=meetings.Kind.GROUP,
        title="Họp tổ",
        starts=datetime(2027, 1, 4, 8, 30),  # noqa: DTZ001 - on the wall
        minutes=60,
        place="Phòng 2",
        audience=f"group:{_group(0)}",
        recurrence="RRULE:FREQ=MONTHLY;BYDAY=1MO",
    )
    world = World(database, SetClock(BEGIN))
    async with database.write() as tx:
        await call(world.work(tx), None, wish)


def _choices(dice: random.Random, member_id: int) -> dict[str, object]:
    begin, end = dice.choice(_QUIET) if dice.random() < 0.5 else (None, None)
    return {
        "member_id": member_id,
        "wants_holidays": dice.random() < 0.9,
        "wants_commemorations": dice.random() < 0.7,
        "greeting_hour": dice.choice(_HOURS),
        "quiet_from": begin,
        "quiet_until": end,
        "changed_at": BEGIN,
    }


async def next_moment(database: Database, now: datetime) -> datetime:
    """When something falls due next, or the next look without anything."""
    coming: datetime | None
    waiting: datetime | None
    async with database.read() as tx:
        coming = await tx.scalar(
            select(func.min(job.c.due_at)).where(job.c.state == "waiting", job.c.due_at > now)
        )
        letters = select(func.min(outbox.c.not_before)).where(
            outbox.c.state == "pending", outbox.c.not_before > now
        )
        waiting = await tx.scalar(letters)
    return min(each for each in (coming, waiting, now + _LONGEST_STEP) if each is not None)


def read_pushes(lines: Sequence[str]) -> list[Push]:
    """A line that a kill cut short is none."""
    whole = [line.split(" ") for line in lines if line.endswith("\n")]
    return [Push(datetime.fromisoformat(at), key, address.strip()) for at, key, address in whole]


async def check(
    database: Database,
    span: Span,
    pushes: Sequence[Push],
    down: Sequence[Outage],
    killed: Sequence[datetime],
) -> None:
    """At most once for each person and occasion, never outside a window, and all the rest on record."""
    assert max(Counter(each.key for each in pushes).values()) == 1
    async with database.read() as tx:
        jobs = {row.key: row for row in await tx.all(select(job))}
        rows = {row.key: row for row in await tx.all(select(outbox).where(outbox.c.shared_id.is_not(None)))}
    for each in pushes:
        if (row := rows.get(each.key)) is not None:
            of = jobs[row.topic]
            assert of.due_at <= each.at < of.expires_at
            assert each.at >= row.not_before
            assert row.state in {"sent", "unknown"}
    pushed = {each.key for each in pushes}
    assert [row.key for row in rows.values() if row.state == "sent" and row.key not in pushed] == []
    assert {row.state for row in rows.values()} <= {"sent", "unknown", "expired", "cancelled"}
    over = [each for each in jobs.values() if each.due_at < span.end - timedelta(days=2)]
    assert {each.state for each in over} <= {"done", "missed", "cancelled"}
    assert [each.key for each in over if each.state == "missed" and each.told_at is None] == []
    assert [
        each.key
        for each in over
        if each.state == "missed" and not _is_down(each.due_at, each.expires_at, down)
    ] == []
    unknown = [row for row in rows.values() if row.state == "unknown"]
    assert len(unknown) <= 64 * len(killed)
    reminded = Counter(jobs[row.topic].key for row in rows.values() if jobs[row.topic].kind == "meeting")
    # Three for each month's date; an outage swallows some.
    assert len([key for key, number in reminded.items() if number == _IN_GROUP]) >= 2 * (span.days // 30)
    await _check_greetings(database, span, rows, down, killed)


def _is_down(begin: datetime, end: datetime, down: Sequence[Outage]) -> bool:
    """Whether one of the outages touches this time."""
    return any(each.begin < end and each.end > begin for each in down)


async def _check_greetings(
    database: Database,
    span: Span,
    rows: Mapping[str, Any],
    down: Sequence[Outage],
    killed: Sequence[datetime],
) -> None:
    """Whoever wants a greeting gets it on each day on which nothing stood still, and nobody else does."""
    async with database.read() as tx:
        ids = [row.id for row in await tx.all(select(member.c.id))]
        chosen = {row.member_id: row for row in await tx.all(select(preference))}
    begin = BEGIN.astimezone(ZONE).date()
    wanted = 0
    for day in (begin + timedelta(days=number) for number in range(span.days - 2)):
        if not (marked := CALENDAR.on(day)):
            continue
        is_holiday = any(each.kind is Kind.HOLIDAY for each in marked)
        for member_id in ids:
            row = rows.get(f"greeting:{day.isoformat()}:{member_id}")
            choice = chosen.get(member_id)
            if not _wants(choice, is_holiday=is_holiday):
                assert row is None
                continue
            wanted += 1
            due, end = _window(day, choice)
            if not _is_down(due, end, down) and not any(due <= each <= end for each in killed):
                assert row is not None
                assert row.state == "sent" or (row.state, row.problem) == ("cancelled", "quiet")
    assert wanted > len(ids) * span.days // 25


def _wants(choice: Any, *, is_holiday: bool) -> bool:
    if choice is None:
        return True
    return bool(choice.wants_holidays if is_holiday else choice.wants_commemorations)


def _window(day: date, choice: Any) -> tuple[datetime, datetime]:
    hour = choice.greeting_hour if choice else USUAL_GREETING_HOUR
    due, end = (datetime.combine(day, time(each), tzinfo=ZONE) for each in (hour, _DAY_ENDS))
    return due.astimezone(UTC), end.astimezone(UTC)
