"""What officers enter about collective agreements, and what is known of conferences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from handlers.kit.context import Work
from handlers.kit.errors import RefusedError, StaleError
from handlers.kit.vietnamese import clean
from handlers.registers.reading import line, past_day
from storage.members import Member
from storage.registers import events
from storage.registers.events import Agreement, NewAgreement

LONGEST_NUMBER = 60
# Longer ones are typing errors.
_LONGEST = relativedelta(years=10)


@dataclass(frozen=True, slots=True)
class Standing:
    """How agreement and conference stand today."""

    in_force: Agreement | None
    # The latest first.
    agreements: Sequence[Agreement]
    # Of this year and the last one.
    conferences: Sequence[date]


async def look(work: Work) -> Standing:
    begin = date(work.today.year - 1, 1, 1)
    zone = work.services.zone
    return Standing(
        await events.agreement(work.db, work.today),
        await events.everything(work.db),
        await events.conferences(work.db, begin, work.today, work.now, zone),
    )


async def find(work: Work, agreement_id: int) -> Agreement:
    """StaleError when there is none any more."""
    found = next((each for each in await events.everything(work.db) if each.id == agreement_id), None)
    if found is None:
        raise StaleError
    return found


def read_number(text: str) -> str:
    return line("agreement", clean(text), LONGEST_NUMBER)


async def note(work: Work, by: Member | None, number: str, signed_on: date, valid_until: date) -> Agreement:
    """RefusedError for a day of signing to come, one that ends before that, and a second one of that day."""
    past_day(work, signed_on)
    check_end(signed_on, valid_until)
    new = NewAgreement(read_number(number), signed_on, valid_until)
    made = await events.add(work.db, new, by.id if by else None, work.now)
    if made is None:
        raise RefusedError("registers/agreement_there", day=signed_on)
    return await find(work, made)


def check_end(signed_on: date, valid_until: date) -> None:
    latest = signed_on + _LONGEST
    if not signed_on <= valid_until <= latest:
        raise RefusedError("registers/end_out_of_reach", since=signed_on, latest=latest)


async def remove(work: Work, agreement_id: int) -> Agreement:
    """It was entered by mistake. StaleError when somebody removed it before."""
    found = await find(work, agreement_id)
    await events.remove(work.db, found.id)
    return found
