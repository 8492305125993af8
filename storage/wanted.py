"""Who of an audience gets what comes by itself, and when: what people have chosen for themselves."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_, select

from storage import audiences
from storage.database import Transaction
from storage.schema.calendar import preference, preferred_lead
from storage.schema.meetings import meeting_answer
from storage.schema.people import member


class Greeting(StrEnum):
    HOLIDAY = "holiday"
    COMMEMORATION = "commemoration"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An audience as it is kept, less those who don't want this.

    `occasion` is the same for all jobs of which each person gets one only, such as the hours of one greeting;
    "": the job's key is.
    """

    audience: str
    occasion: str = ""
    # A greeting of this kind, at this hour; `is_usual_hour` for whoever has chosen none.
    greeting: Greeting | None = None
    hour: int = 0
    is_usual_hour: bool = False
    # A reminder so many minutes before; `is_usual_lead` for whoever has chosen none.
    lead: int | None = None
    is_usual_lead: bool = True
    # Not to whoever has said that they don't come to this date of a meeting.
    unless_absent_from: int | None = None
    # Only to whoever hasn't said yet whether they come to this date.
    unanswered: int | None = None
    # Not to the people of this audience; "": to all.
    outside: str = ""


async def people(tx: Transaction, wanted: Wanted) -> ColumnElement[bool]:
    """For a query on `member`."""
    found = and_(await audiences.condition(tx, wanted.audience), *_wishes(wanted))
    if not wanted.outside:
        return found
    return and_(found, not_(await audiences.condition(tx, wanted.outside)))


async def anybody(tx: Transaction, wanted: Wanted) -> bool:
    statement = select(member.c.id).where(await people(tx, wanted)).limit(1)
    return await tx.first(statement) is not None


async def leads_in_use(tx: Transaction) -> list[int]:
    """How many minutes before a meeting somebody has chosen to be reminded."""
    own = select(preferred_lead.c.minutes).join(preference).where(preference.c.has_own_leads).distinct()
    return [row.minutes for row in await tx.all(own)]


def _wishes(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = []
    if wanted.greeting is not None:
        found += [not_(_chose(_GREETINGS[wanted.greeting].is_(False))), _at_hour(wanted)]
    if wanted.lead is not None:
        found.append(_at_lead(wanted))
    if wanted.unless_absent_from is not None:
        found.append(not_(_answered(wanted.unless_absent_from, meeting_answer.c.is_coming.is_(False))))
    if wanted.unanswered is not None:
        found.append(not_(_answered(wanted.unanswered)))
    return found


_GREETINGS = {
    Greeting.HOLIDAY: preference.c.wants_holidays,
    Greeting.COMMEMORATION: preference.c.wants_commemorations,
}


def _chose(what: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the member has said so themselves."""
    return exists().where(preference.c.member_id == member.c.id, what).correlate(member)


def _at_hour(wanted: Wanted) -> ColumnElement[bool]:
    chosen = _chose(preference.c.greeting_hour == wanted.hour)
    has_chosen = _chose(preference.c.greeting_hour.is_not(None))
    return or_(chosen, not_(has_chosen)) if wanted.is_usual_hour else chosen


def _at_lead(wanted: Wanted) -> ColumnElement[bool]:
    has_own = _chose(preference.c.has_own_leads)
    own = (
        exists()
        .where(preferred_lead.c.member_id == member.c.id, preferred_lead.c.minutes == wanted.lead)
        .correlate(member)
    )
    usual = not_(has_own) if wanted.is_usual_lead else false()
    return or_(and_(has_own, own), usual)


def _answered(occurrence_id: int, *how: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        exists()
        .where(
            meeting_answer.c.occurrence_id == occurrence_id,
            meeting_answer.c.member_id == member.c.id,
            *how,
        )
        .correlate(member)
    )
