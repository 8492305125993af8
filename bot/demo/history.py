"""The demo branch's past, told by the same actions that people's taps and officers' commands call.

Deeds happen in the order of their times, so that the evidence reads as if it had grown day by day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.branch import CONTENT, MESSAGES, make_services
from bot.config import Settings
from bot.demo import calls, concerns, duties, talks
from bot.demo.past import Past
from bot.system import SystemClock
from handlers.campaign import actions as campaign
from handlers.campaign import entries
from handlers.kit.crediting import Case, Officer
from handlers.kit.texts import Texts
from handlers.roster import actions as roster
from handlers.roster.reading import read_roster
from storage import branch, campaigns
from storage.database import Database, open_database
from storage.evidence import Kind
from storage.members import Member
from storage.migrate import upgrade

ROSTER = CONTENT / "demo" / "danh-sach.csv"
PRIVACY, RESOLUTION, DIALOGUE = "du-lieu-ca-nhan", "nghi-quyet-02", "doi-thoai-tai-noi-lam-viec"
FOUNDED, FIRST_CAMPAIGN, SECOND_CAMPAIGN, THIRD_CAMPAIGN = (timedelta(days=days) for days in (75, 60, 12, 2))


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays which part, as places in the roster file counted from 0."""

    chair: int = 0
    unreachable: int = 57
    on_leave: int = 26
    at_meeting: tuple[int, ...] = (50, 51, 52)
    # Never linked an account: new, or without a smartphone.
    not_linked: tuple[int, ...] = (19, 49, 58, 59)
    # Read to the end, and have not passed the quiz yet.
    not_passed: tuple[int, ...] = (15, 33, 46)
    # Still reading, with the card they are at.
    reading: tuple[tuple[int, int], ...] = ((8, 4), (24, 9), (29, 2), (44, 12), (55, 6))
    not_begun: tuple[int, ...] = (9, 18, 34, 38, 48, 53, 56)
    # Studied the first campaign late, or not at all.
    missed_first: tuple[int, ...] = (49, 59)


CAST = Cast()


async def tell(settings: Settings) -> None:
    """Make the branch in an empty folder, with everything that happened there in the last months."""
    await upgrade(settings.database)
    database = open_database(settings.database)
    try:
        await _tell(settings, database, SystemClock().now())
    finally:
        await database.close()


async def _tell(settings: Settings, database: Database, today: datetime) -> None:
    past = Past(database, today - FOUNDED)
    people = await _found(settings, past)
    linked = [person for place, person in enumerate(people) if place not in CAST.not_linked]
    await past.link(linked)
    await _first_campaign(past, today - FIRST_CAMPAIGN, people, linked)
    running = await _second_campaign(past, today - SECOND_CAMPAIGN, people)
    await _third_campaign(past, today - THIRD_CAMPAIGN, people)
    await duties.keep(past, people[CAST.chair])
    await concerns.hand_in(past, settings, today, people[CAST.chair], people[CAST.on_leave])
    await talks.prepare(past, today, people)
    await calls.call(past, today, people, running)
    await past.seal()


async def _found(settings: Settings, past: Past) -> list[Member]:
    """The branch and its roster, in the order of the file."""
    texts = Texts(MESSAGES, settings.zone, "")
    name, chair = texts.label("cli/demo_branch"), texts.label("cli/demo_chair")
    async with past.database.write() as tx:
        await roster.init_branch(tx, texts, past.chance, past.clock.now(), name=name, chair=chair)
    past.services = past.with_own_chance(make_services(settings, await _branch(past.database)))
    reading = read_roster(ROSTER)
    async with past.work() as work:
        await roster.import_roster(work, reading, dry_run=False, allow_many_left=True)
    return await past.people([row.code for row in reading.rows])


async def _branch(database: Database) -> branch.Branch:
    async with database.read() as tx:
        made = await branch.load(tx)
    if made is None:
        raise AssertionError("the branch was just made")
    return made


async def _publish(
    past: Past, at: datetime, slug: str, chair: Member, *, audience: str, days: int
) -> campaigns.Campaign:
    past.clock.set(at)
    async with past.work() as work:
        deadline = work.today + timedelta(days=days)
        made = await campaign.publish(
            work, Officer(chair, past.channel), slug, audience=audience, deadline=deadline
        )
        found = await campaigns.by_id(work.db, made.campaign)
    await past.deliver()
    if found is None:
        raise AssertionError("the campaign was just made")
    return found


async def _first_campaign(
    past: Past, at: datetime, people: Sequence[Member], linked: Sequence[Member]
) -> None:
    chair = people[CAST.chair]
    opened = await _publish(past, at, PRIVACY, chair, audience="all", days=21)
    await past.study(opened, linked, within=timedelta(days=20))
    late = [people[place] for place in CAST.not_linked if place not in CAST.missed_first]
    past.clock.set(at + timedelta(days=23))
    async with past.work() as work:
        for person in late:
            case = Case(Officer(chair, past.channel), opened, person)
            await entries.credit(work, case, Kind.MAKE_UP, work.today)
        await campaign.close(work, opened)


async def _second_campaign(past: Past, at: datetime, people: Sequence[Member]) -> campaigns.Campaign:
    chair = Officer(people[CAST.chair], past.channel)
    opened = await _publish(past, at, RESOLUTION, chair.member, audience="all", days=21)
    absent = {
        *CAST.not_linked,
        *CAST.not_passed,
        *CAST.not_begun,
        *CAST.at_meeting,
        CAST.on_leave,
        CAST.unreachable,
    }
    absent.update(place for place, _card in CAST.reading)
    busy = [person for place, person in enumerate(people) if place not in absent]
    await past.study(opened, busy, within=timedelta(days=11))
    await past.study(opened, [people[place] for place in CAST.not_passed], timedelta(days=9), passes=False)
    for place, card in CAST.reading:
        await past.read(opened, people[place], card)
    await past.lose(people[CAST.unreachable])
    past.clock.set(at + timedelta(days=11, hours=1))
    async with past.work() as work:
        reason = past.services.texts.label("cli/demo_leave")
        await entries.waive(work, Case(chair, opened, people[CAST.on_leave]), reason)
        meeting = [people[place] for place in CAST.at_meeting]
        await entries.attend(work, chair, opened, meeting, work.today - timedelta(days=3))
    return opened


async def _third_campaign(past: Past, at: datetime, people: Sequence[Member]) -> None:
    opened = await _publish(past, at, DIALOGUE, people[CAST.chair], audience="officers", days=28)
    await past.study(opened, people[:1], within=timedelta(days=1))
