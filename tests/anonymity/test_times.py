"""Who guesses from times: what is stored of ordinary events against what is stored of concerns, over weeks;
and from the gaps between numbers that the platform gave to what was ordinary.

The statistic is the number of cases whose sender a guess names. By chance it is binomial, with one part in
the number of people; more than happens once in ten thousand times counts as found.
"""

import random  # noqa: TID251 - seeded
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha512
from math import comb
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Date, Integer, Table, cast, func, select

from bot.jobs import numbers
from bot.jobs.numbers import Numbers
from handlers.concerns import submitting
from handlers.concerns.receipts import Keys, Receipt
from handlers.kit.channel import Outgoing, Sent
from handlers.kit.channel import Receipt as Pushed
from handlers.kit.days import week_of
from storage.database import Transaction
from storage.schema import metadata
from storage.schema.base import UtcDateTime
from storage.schema.concerns import concern_case, concern_item
from storage.schema.conversations import processed_event
from storage.schema.people import account, member
from tests.anonymity import altered
from tests.anonymity.gaps import Platform
from tests.concerns.place import Place, draft, make_place
from tests.people import PEOPLE
from tests.world import START, ZONE, World

WEEKS, CASES_A_WEEK = 8, 8
CODES = [code for code, *_ in PEOPLE]
# Between the last ordinary word and the concern.
SOON = timedelta(minutes=3)
RARE = 1e-4

Moments = Mapping[str, Sequence[datetime]]


def too_many(cases: int) -> int:
    """So many right guesses, or more, are rarer than `RARE` by chance."""
    part = 1 / len(CODES)
    odds = [comb(cases, right) * part**right * (1 - part) ** (cases - right) for right in range(cases + 1)]
    return next(right for right in range(cases + 1) if sum(odds[right:]) < RARE)


async def test_a_guess_is_no_better_than_chance(quick: Place, platform: Platform) -> None:
    senders = await _weeks(quick, platform)
    assert await _best(quick, senders) < too_many(len(senders))
    assert await _best_by_gaps(quick, platform, senders) < too_many(len(senders))


async def test_a_day_that_is_kept_is_found_out(
    quick: Place, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submitting, "week_of", lambda day: day)
    senders = await _weeks(quick, platform)
    assert await _best(quick, senders) >= too_many(len(senders))


@pytest.mark.parametrize("kept", [altered.events_remembered, altered.numbers_kept])
async def test_numbers_that_are_kept_are_found_out(
    quick: Place, platform: Platform, monkeypatch: pytest.MonkeyPatch, kept: Callable[[altered.Put], None]
) -> None:
    with monkeypatch.context() as patch:
        kept(patch.setattr)
        senders = await _weeks(quick, platform)
    assert await _best_by_gaps(quick, platform, senders) >= too_many(len(senders))


@pytest.fixture
def platform(quick: Place, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """The one by which the world's people talk."""
    made, channel = Platform(), quick.world.channel
    show = channel.push

    async def push(outgoing: Outgoing) -> Pushed:
        await show(outgoing)
        return Sent(str(next(made.messages)))

    monkeypatch.setattr(channel, "push", push)
    monkeypatch.setattr(quick.world, "_events", made.events)
    monkeypatch.setattr(numbers, "CHANNEL", channel.name)
    return made


@pytest.fixture
async def quick(branch_world: World, tmp_path: Path) -> Place:
    """Without the receipt's long calculation."""

    async def derive(receipt: Receipt) -> Keys:
        made = sha512(receipt.secret).digest()
        return Keys(made[:32], made[32:48])

    made = make_place(branch_world, tmp_path, derive=derive)
    await made.add_reader()
    return made


async def _weeks(place: Place, platform: Platform) -> dict[bytes, str]:
    """Everybody says something once in each week, on a day by chance; some then send a concern soon. At its
    end somebody takes a copy. The senders by case.
    """
    dice = random.Random(41)  # noqa: S311 - a test's dice
    talks = {code: await place.world.talk(code) for code in CODES}
    senders: dict[bytes, str] = {}
    for week in range(WEEKS):
        first = START.replace(hour=0, minute=0) + timedelta(weeks=week)
        spoken = {
            code: first + timedelta(days=dice.randrange(5), minutes=dice.randrange(540)) for code in CODES
        }
        sent = [dice.choice(CODES) for _ in range(CASES_A_WEEK)]
        for code, moment in sorted(spoken.items(), key=lambda each: each[1]):
            place.world.clock.set(moment)
            await talks[code].says("/menu")
            for _ in range(sent.count(code)):
                place.world.clock.set(moment + SOON)
                senders[await _send(place, code)] = code
                platform.talk_in_private()
        await _copy(place, platform)
    return senders


async def _copy(place: Place, platform: Platform) -> None:
    """After a round of the program; what came last isn't confirmed yet."""
    await place.world.deliver()
    async with place.database.read() as tx:
        newest = await tx.scalar(select(func.max(cast(processed_event.c.event, Integer))))
    await Numbers(place.database, place.world.clock, lambda: newest).forget()
    async with place.database.read() as tx:
        await platform.gaps.look(tx)


async def _send(place: Place, code: str) -> bytes:
    done = await submitting.submit(await place.context(code), place.room, draft(place.world))
    return (await place.room.derive(done.receipt)).case_id


async def _best(place: Place, senders: Mapping[bytes, str]) -> int:
    """How many senders the best of all guesses names."""
    async with place.database.read() as tx:
        moments = await _moments(tx)
        hints = await _hints(tx)
    # Of everybody something is stored, else nothing would be guessed from.
    assert {code for code, each in moments.items() if len(each) >= WEEKS} >= set(CODES)
    names = {name for hint in hints.values() for name in hint}
    return max(
        sum(guess(hints[case_id].get(name), moments) == code for case_id, code in senders.items())
        for name in names
        for guess in (_spoke_that_day, _spoke_nearest, _spoke_last_before)
    )


async def _best_by_gaps(place: Place, platform: Platform, senders: Mapping[bytes, str]) -> int:
    """How many senders they name to whom guesses by gaps say so of each week."""
    async with place.database.read() as tx:
        weeks = {row.id: row.week for row in await tx.all(select(concern_case.c.id, concern_case.c.week))}
    return max(
        sum(guesses.get(week_of(weeks[case_id])) == code for case_id, code in senders.items())
        for guesses in map(platform.gaps.guesses, ("events", "messages"))
    )


async def _moments(tx: Transaction) -> dict[str, list[datetime]]:
    """Every stored time of every table that leads to a person."""
    found: dict[str, list[datetime]] = defaultdict(list)
    for table in metadata.sorted_tables:
        times = [column for column in table.columns if isinstance(column.type, UtcDateTime)]
        statement = _of_people(table, times)
        if times and statement is not None:
            for row in await tx.all(statement):
                found[row[0]] += filter(None, row[1:])
    return found


def _of_people(table: Table, times: Sequence[Any]) -> Any:
    if "account_id" in table.columns:
        joined = table.join(account, account.c.id == table.c.account_id)
        return select(member.c.code, *times).select_from(
            joined.join(member, member.c.id == account.c.member_id)
        )
    if "member_id" in table.columns:
        return select(member.c.code, *times).select_from(table.join(member, member.c.id == table.c.member_id))
    return None


async def _hints(tx: Transaction) -> dict[bytes, dict[str, datetime]]:
    """Every date of a case and of its concern, and a moment made of its place among its week's."""
    found: dict[bytes, dict[str, datetime]] = defaultdict(dict)
    for table, key in ((concern_case, "id"), (concern_item, "case_id")):
        dates = [column for column in table.columns if isinstance(column.type, Date)]
        rows = await tx.all(select(table.c[key].label("of"), table.c.week.label("its_week"), *dates))
        for place, row in enumerate(rows):
            for column in dates:
                if (day := getattr(row, column.name)) is not None:
                    found[row.of][f"{table.name}.{column.name}"] = _noon(day)
            part = timedelta(days=5) * place / len(rows)
            found[row.of][f"place in {table.name}"] = _noon(row.its_week) + part
    return found


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), ZONE).astimezone(UTC)


def _spoke_that_day(hint: datetime | None, moments: Moments) -> str:
    if hint is None:
        return ""
    day = hint.astimezone(ZONE).date()
    spoke = {
        code: sum(each.astimezone(ZONE).date() == day for each in of_one) for code, of_one in moments.items()
    }
    return max(sorted(spoke), key=lambda code: spoke[code])


def _spoke_nearest(hint: datetime | None, moments: Moments) -> str:
    if hint is None:
        return ""
    return min(sorted(moments), key=lambda code: min(abs(each - hint) for each in moments[code]))


def _spoke_last_before(hint: datetime | None, moments: Moments) -> str:
    if hint is None:
        return ""
    before = {code: [each for each in of_one if each <= hint] for code, of_one in moments.items()}
    return max(sorted(before), key=lambda code: max(before[code], default=datetime.min.replace(tzinfo=UTC)))
