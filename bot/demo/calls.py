"""The demo branch's meetings: some to come, and one where people are just checking in."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.demo.past import Past
from handlers.attendance import actions as attendance
from handlers.attendance import codes
from handlers.kit.sittings import Sitting
from handlers.meetings import actions as meetings
from handlers.meetings.actions import Wish
from storage import meeting_answers
from storage.campaigns import Campaign
from storage.meetings import Kind
from storage.members import Member

# Places in the roster file, counted from 0.
CHAIR, LEADER = 0, 41
COMING, ABSENT, PRESENT = (11, 12, 25, 30), 21, (30, 31, 32)
_CALLED_AT, _MEETS_AT = time(10), time(14)
# The reminders of what is called a day ahead or more don't fall on the moment at which the demo begins.
_LEADS = (1440, 60)
_BEGINS_IN = timedelta(minutes=20)
_FIRST_MONDAYS = "RRULE:FREQ=MONTHLY;BYDAY=1MO"
_MONDAY, _WEEK = 0, 7


async def call(past: Past, today: datetime, people: Sequence[Member], campaign: Campaign) -> None:
    """`today` is the moment at which the demo begins; the meetings were called on the day before."""
    now = today.astimezone(past.services.zone)
    past.clock.set(datetime.combine(now.date() - timedelta(days=1), _CALLED_AT, tzinfo=now.tzinfo))
    committee = await _call(past, people[CHAIR], _committee(past, now))
    await _call(past, people[LEADER], _group(past, people[LEADER], now))
    study = await _call(past, people[CHAIR], _study(past, people[PRESENT[0]], now, campaign))
    await past.carry_out()
    reason = past.services.texts.label("meetings/reason_trip")
    async with past.work() as work:
        for place in COMING:
            await meeting_answers.give(work.db, committee.id, people[place].id, work.now, is_coming=True)
        await meeting_answers.give(
            work.db, committee.id, people[ABSENT].id, work.now, is_coming=False, reason=reason
        )
    past.clock.set(today)
    async with past.work() as work:
        code = codes.code_at(study.meeting.secret, study.id, work.now)
        for place in PRESENT:
            await attendance.check_in(work, people[place], code)


async def _call(past: Past, organiser: Member, wish: Wish) -> Sitting:
    async with past.work() as work:
        return await meetings.call(work, organiser, wish)


def _committee(past: Past, now: datetime) -> Wish:
    return Wish(
        uid="demo-committee",
        kind=Kind.COMMITTEE,
        title=past.services.texts.label("meetings/title_committee"),
        starts=datetime.combine(now.date() + timedelta(days=3), _MEETS_AT),
        minutes=90,
        place=past.services.texts.label("cli/demo_room"),
        audience="officers",
        agenda=past.services.texts.label("cli/demo_agenda"),
        leads=_LEADS,
    )


def _group(past: Past, leader: Member, now: datetime) -> Wish:
    return Wish(
        uid="demo-group",
        kind=Kind.GROUP,
        title=past.services.texts.label("meetings/title_group", group=leader.group_name),
        starts=datetime.combine(_first_monday(now.date() + timedelta(days=2)), _MEETS_AT),
        minutes=60,
        place=past.services.texts.label("cli/demo_room"),
        audience=f"group:{leader.group_name}",
        recurrence=_FIRST_MONDAYS,
        leads=_LEADS,
    )


def _first_monday(earliest: date) -> date:
    """The first Monday of a month, on this day or after it."""
    day = earliest
    while not (day.weekday() == _MONDAY and day.day <= _WEEK):
        day += timedelta(days=1)
    return day


def _study(past: Past, invited: Member, now: datetime, campaign: Campaign) -> Wish:
    """For a group, in a few minutes: so that check-in is open."""
    return Wish(
        uid="demo-study",
        kind=Kind.STUDY,
        title=past.services.texts.label("meetings/title_study"),
        starts=(now + _BEGINS_IN).replace(second=0, microsecond=0, tzinfo=None),
        minutes=90,
        place=past.services.texts.label("cli/demo_room"),
        audience=f"group:{invited.group_name}",
        leads=(),
        campaign_id=campaign.id,
        is_make_up=True,
    )
