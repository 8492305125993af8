"""What coverage was at an earlier moment is what was counted at that moment, whatever has happened since."""

import random  # noqa: TID251 - seeded, so that a failure can be repeated
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from storage import consents, coverage, members, past_coverage, roster_keeping
from storage.campaigns import Campaign, State
from storage.coverage import Figures, Missing
from storage.database import Database, Transaction
from storage.schema.messages import outbox
from storage.schema.people import account
from storage.schema.studies import study
from tests.people import FLAGS, person
from tests.storage.test_coverage import VERSION, publish

BEGIN = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
AUDIENCES = (
    "all",
    "members",
    "party",
    "officers",
    "group:to hai",
    "group:to khong co",
    "code:NV003,NV007",
    "unfinished:1",
    "unfinished:99",
    "party+group:to mot",
)
PEOPLE = 12


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted at a moment, by audience and pass mark."""

    moment: datetime
    found: dict[tuple[str, int], tuple[Figures, list[Missing]]]


def _campaign(audience: str, pass_mark: int) -> Campaign:
    return Campaign(2, "a", VERSION.hash, "A", audience, None, pass_mark, State.OPEN, None, BEGIN)


def _in_order(figures: Figures, names: list[Missing]) -> tuple[Figures, list[Missing]]:
    groups = tuple(sorted(figures.groups, key=lambda each: each.group_id))
    return replace(figures, groups=groups), sorted(names, key=lambda each: each.member_id)


async def _count(tx: Transaction, moment: datetime) -> Counted:
    wanted = [(audience, mark) for audience in AUDIENCES for mark in (0, 80)]
    found = {each: _in_order(*await coverage.coverage(tx, _campaign(*each))) for each in wanted}
    return Counted(moment, found)


async def _found(tx: Transaction, pass_mark: int = 0) -> None:
    """`pass_mark`: of the campaign whose unfinished are an audience."""
    await members.add_groups(tx, [("Tổ Một", "to mot"), ("Tổ Hai", "to hai")])
    groups = list((await members.group_ids(tx)).values())
    rows = [
        person(groups[number % 2], BEGIN, code=f"NV{number:03}", name=f"Người {number}")
        for number in range(PEOPLE)
    ]
    await members.add(tx, rows)
    await publish(tx, "khac", pass_mark)
    await publish(tx, "an-toan")


async def _change_the_roster(tx: Transaction, chance: random.Random, now: datetime) -> None:
    people = chance.sample(await members.everybody(tx), 3)
    groups = list((await members.group_ids(tx)).values())
    changed = [
        {
            "b_id": each.id,
            "group_id": chance.choice(groups),
            "is_active": chance.random() < 0.7,
            "changed_at": now,
            **{flag: chance.random() < 0.3 for flag in (*FLAGS, "is_union_member", "is_party_member")},
        }
        for each in people
    ]
    await members.change(tx, changed)


async def _study(tx: Transaction, chance: random.Random, now: datetime) -> None:
    """Something that nobody takes back."""
    columns = ({"acknowledged_at": now}, {"passed_at": now}, {"waived_at": now})
    credited: dict[str, Any] = {"credit": "make_up", "credited_at": now}
    for _ in range(3):
        key = {"campaign_id": chance.choice((1, 2)), "member_id": chance.randint(1, PEOPLE)}
        done: dict[str, Any] = chance.choice((*columns, credited))
        where = (study.c.campaign_id == key["campaign_id"], study.c.member_id == key["member_id"])
        name = next(iter(done))
        if await tx.first(study.select().where(*where)) is None:
            await tx.run(insert(study).values(**key, **done))
        else:
            await tx.run(update(study).where(*where, study.c[name].is_(None)).values(**done))


@pytest.mark.parametrize("seed", range(4))
async def test_it_is_what_was_counted_then(database: Database, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test's dice
    now = BEGIN
    async with database.write() as tx:
        await _found(tx, pass_mark=80 * (seed % 2))
        counted = [await _count(tx, now)]
        for _ in range(8):
            now += timedelta(days=chance.randint(1, 40))
            await _change_the_roster(tx, chance, now)
            await _study(tx, chance, now)
            counted.append(await _count(tx, now))
        for each in counted:
            for (audience, mark), expected in each.found.items():
                campaign = _campaign(audience, mark)
                found = await past_coverage.coverage_as_of(tx, campaign, each.moment)
                assert _in_order(*found) == expected, (each.moment, audience, mark)


async def test_who_withdrew_since_still_counts(database: Database) -> None:
    async with database.write() as tx:
        await _found(tx)
        new = {"channel": "direct", "address": "a", "member_id": 4, "linked_at": BEGIN, "created_at": BEGIN}
        await tx.run(insert(account).values(id=1, **new))
        await consents.give(tx, 4, 1, "0" * 64, BEGIN)
        await tx.run(insert(study).values(campaign_id=2, member_id=4, acknowledged_at=BEGIN))
        later = BEGIN + timedelta(days=1)
        await members.mark_left(tx, ["NV003", "NV007"], later)
        await consents.withdraw(tx, 4, later)
        await roster_keeping.forget_withdrawn(tx)
        campaign = _campaign("code:NV003,NV007", 0)
        figures, names = await past_coverage.coverage_as_of(tx, campaign, BEGIN)
        assert (figures.in_scope, figures.covered) == (2, 1)
        assert [each.code for each in names] == ["NV007"]
        now, _names = await coverage.coverage(tx, campaign)
        assert now.in_scope == 0


async def test_whom_the_first_message_had_reached_then(database: Database) -> None:
    later = BEGIN + timedelta(days=1)
    async with database.write() as tx:
        await _found(tx)
        for person_id, state, at in ((1, "sent", BEGIN), (2, "sent", later), (3, "unreachable", BEGIN)):
            new = {"channel": "direct", "address": f"a{person_id}", "created_at": BEGIN}
            await tx.run(insert(account).values(id=person_id, member_id=person_id, linked_at=BEGIN, **new))
            row = {"topic": coverage.first_topic(2), "member_id": person_id, "account_id": person_id}
            times = {"not_before": BEGIN, "created_at": BEGIN, "finished_at": at}
            key = f"{coverage.first_topic(2)}:{person_id}"
            await tx.run(insert(outbox).values(key=key, priority=1, message={}, state=state, **row, **times))
        campaign = _campaign("all", 0)
        groups = {each.id: each.group_id for each in await members.everybody(tx)}

        async def sent(moment: datetime, group_id: int | None = None) -> int:
            found = await past_coverage.coverage_as_of(tx, campaign, moment, group_id=group_id)
            return found[0].sent

        assert (await sent(BEGIN), await sent(later)) == (1, 2)
        # The first two are of different groups.
        assert (await sent(later, groups[1]), await sent(BEGIN, groups[2])) == (1, 0)
