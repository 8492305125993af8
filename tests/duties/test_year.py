"""A whole year, day by day: which duties are reminded of when, while officers set and enter things."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from functools import partial

import pytest

from handlers.duties import actions
from storage import days
from storage.database import Database, open_database
from storage.days import Override
from storage.meetings import Kind
from tests.duties.office import (
    CHECK,
    CONFERENCE,
    CONTENTS,
    DIALOGUE,
    DISCLOSURE,
    FINAL,
    LIST,
    OPINIONS,
    PUBLICATION,
    QUORUM,
    REVIEW,
    Office,
    Reminded,
    of_duties,
)
from tests.people import CHAIR

BEGIN, END = date(2026, 1, 1), date(2026, 12, 31)
Deed = Callable[[Office], Awaitable[object]]


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """Time doesn't pass otherwise on another kind of database."""
    opened = open_database(sqlite_url)
    yield opened
    await opened.close()


async def done(office: Office, slug: str, period: str = "2026", back: int = 0) -> None:
    day = office.today - timedelta(days=back)
    await office.act(actions.note_done, await office.id_of(slug, period), day, by=CHAIR)


async def set_conference(office: Office) -> None:
    await office.meet(Kind.CONFERENCE, date(2026, 3, 20))


async def plan_dialogue(office: Office) -> None:
    await office.act(actions.plan_day, await office.id_of(DIALOGUE), date(2026, 10, 20), by=CHAIR)


async def move_dialogue(office: Office) -> None:
    """By setting the meeting on another day than was planned."""
    await office.meet(Kind.DIALOGUE, date(2026, 10, 27))


async def add_day_off(office: Office) -> None:
    off = Override(date(2026, 10, 23), is_off=True, name="Cả công ty nghỉ")
    async with office.world.database.write() as tx:
        await days.set_override(tx, off, None, office.world.clock.now())


async def drop_list(office: Office) -> None:
    await office.act(actions.drop, await office.id_of(LIST), "Vừa lập năm ngoái", by=CHAIR)


# What officers do, in the evening of the day.
DEEDS: dict[date, list[Deed]] = {
    date(2026, 2, 10): [set_conference],
    date(2026, 3, 20): [partial(done, slug=CONFERENCE)],
    date(2026, 4, 2): [partial(done, slug=DISCLOSURE, back=1)],
    # Two weeks late.
    date(2026, 7, 14): [partial(done, slug=REVIEW)],
    date(2026, 9, 1): [plan_dialogue],
    date(2026, 9, 10): [partial(done, slug=CHECK, period="2026-1")],
    date(2026, 9, 15): [move_dialogue],
    date(2026, 10, 12): [add_day_off],
    date(2026, 10, 15): [partial(done, slug=OPINIONS)],
    date(2026, 10, 19): [partial(done, slug=CONTENTS)],
    date(2026, 10, 26): [partial(done, slug=QUORUM)],
    date(2026, 10, 27): [partial(done, slug=DIALOGUE)],
    date(2026, 10, 28): [partial(done, slug=PUBLICATION)],
    date(2026, 11, 3): [drop_list],
}


async def walk(office: Office, *, off: frozenset[date] = frozenset()) -> list[Reminded]:
    """What is sent at 8 o'clock of each day, except on days on which the machine is off."""
    found = []
    for day in map(date.fromordinal, range(BEGIN.toordinal(), END.toordinal() + 1)):
        if day not in off:
            office.go_to(day)
            await office.plan()
            found += (await office.carry_out())[0]
        office.go_to(day, 19)
        for deed in DEEDS.get(day, []):
            await deed(office)
    return found


def on(day: int, month: int, slug: str, left: int) -> tuple[date, str, int]:
    return date(2026, month, day), slug, left


async def test_a_year(office: Office) -> None:
    office.go_to(BEGIN, 0)
    sent = await walk(office)
    assert of_duties(sent, CONFERENCE, DISCLOSURE) == [
        # Sixty days before is 30 January; a week before it was over.
        on(30, 1, CONFERENCE, 60),
        # 1 March is a Sunday.
        on(27, 2, CONFERENCE, 32),
        on(17, 3, CONFERENCE, 14),
        on(27, 3, DISCLOSURE, 8),
        on(1, 4, DISCLOSURE, 3),
    ]
    assert of_duties(sent, REVIEW) == [
        on(29, 5, REVIEW, 32),
        on(16, 6, REVIEW, 14),
        on(26, 6, REVIEW, 4),
        on(1, 7, REVIEW, -1),
    ]
    # Half a year after the conference of 20 March; the second check is due next year.
    assert of_duties(sent, CHECK) == [on(21, 8, CHECK, 30)]
    assert of_duties(sent, OPINIONS, CONTENTS, QUORUM, PUBLICATION) == [
        # Planned for 20 October, its opinions are due on the 6th; then the meeting is set a week later, and
        # on 12 October a day off before it makes everything due a day earlier.
        on(6, 10, OPINIONS, 7),
        on(9, 10, OPINIONS, 4),
        on(12, 10, OPINIONS, 1),
        on(13, 10, OPINIONS, -1),
        on(13, 10, CONTENTS, 6),
        on(16, 10, CONTENTS, 3),
        on(19, 10, CONTENTS, 0),
        # Not on the 23rd, which has come to be off.
        on(22, 10, QUORUM, 4),
        on(26, 10, QUORUM, 0),
        on(28, 10, PUBLICATION, 2),
    ]
    assert of_duties(sent, DIALOGUE, LIST) == [
        on(2, 10, DIALOGUE, 90),
        on(30, 10, LIST, 62),
    ]
    assert of_duties(sent, FINAL) == [on(16, 11, FINAL, 45), on(17, 12, FINAL, 14), on(28, 12, FINAL, 3)]


async def test_a_year_with_the_machine_off_every_weekend_and_for_two_weeks(office: Office) -> None:
    """Nothing doubles, nothing is told that isn't true, and what is late is late."""
    office.go_to(BEGIN, 0)
    off = {
        day
        for day in map(date.fromordinal, range(BEGIN.toordinal(), END.toordinal() + 1))
        if day.weekday() >= 5 or date(2026, 3, 9) <= day <= date(2026, 3, 22)
    }
    sent = await walk(office, off=frozenset(off))
    assert max(Counter(sent).values()) == 1
    assert not any(each.on in off for each in sent)
    # The one of 17 March fell into the two weeks, and by the end of them the conference was done.
    assert of_duties(sent, CONFERENCE) == [on(30, 1, CONFERENCE, 60), on(27, 2, CONFERENCE, 32)]
    assert of_duties(sent, REVIEW) == [
        on(29, 5, REVIEW, 32),
        on(16, 6, REVIEW, 14),
        on(26, 6, REVIEW, 4),
        on(1, 7, REVIEW, -1),
    ]
