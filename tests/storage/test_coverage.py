import random  # noqa: TID251 - seeded, so that a failure can be repeated
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, text

from handlers.kit.vietnamese import fold
from storage import audiences, campaigns, coverage, members
from storage.campaigns import Campaign, FrozenVersion
from storage.coverage import Figures, percent
from storage.database import Database, Transaction
from storage.schema.messages import outbox
from storage.schema.people import account
from storage.schema.studies import study

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
VERSION = FrozenVersion("a" * 64, "an-toan", 1, "An toàn", b"canonical")
GROUPS = ("Tổ Một", "Tổ Hai", "Tổ Ba", "Tổ Không Ai")


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_percent_is_rounded_but_never_to_all_or_none(one: int, other: int) -> None:
    covered, in_scope = sorted((one, other))
    value = percent(covered, in_scope)
    assert (value == 100) == (covered == in_scope > 0)
    assert (value == 0) == (covered == 0)
    if 0 < covered < in_scope:
        assert value == pytest.approx(100 * covered / in_scope, abs=0.1)
        assert 0.1 <= value <= 99.9


@pytest.mark.parametrize(
    ("covered", "in_scope", "expected"),
    [(0, 0, 0), (0, 5, 0), (5, 5, 100), (1, 3, 33.3), (2, 3, 66.7), (1, 8, 12.5), (1, 80, 1.3), (1, 16, 6.3)],
)
def test_percent(covered: int, in_scope: int, expected: float) -> None:
    assert percent(covered, in_scope) == expected


@dataclass
class Person:
    """What the test knows about somebody, beside the database."""

    id: int
    code: str
    group: str
    is_party: bool
    is_active: bool
    acknowledged: bool = False
    passed: bool = False
    waived: bool = False
    credited: bool = False
    sent: bool = False

    def is_covered(self, pass_mark: int) -> bool:
        return self.waived or self.credited or (self.acknowledged and (self.passed or pass_mark == 0))


async def seed(tx: Transaction, seed_number: int, size: int = 60) -> list[Person]:
    """A branch and two campaigns' worth of every combination, at random."""
    chance = random.Random(seed_number)  # noqa: S311 - a test's dice
    await members.add_groups(tx, [(name, fold(name)) for name in GROUPS])
    groups = await members.group_ids(tx)
    people = [
        Person(
            id=number,
            code=f"NV{number:03}",
            group=chance.choice(GROUPS[:3]),
            is_party=chance.random() < 0.3,
            is_active=chance.random() < 0.9,
            **{
                name: chance.random() < 0.4
                for name in ("acknowledged", "passed", "waived", "credited", "sent")
            },
        )
        for number in range(1, size + 1)
    ]
    await members.add(tx, [_row(person, groups) for person in people])
    for slug in ("khac", "an-toan"):
        await publish(tx, slug)
    await tx.run_many(insert(account), [_account(person) for person in people])
    for campaign_id in (1, 2):
        # In the other campaign everything is the other way round.
        rows = [_study(person, campaign_id, turned=campaign_id == 1) for person in people]
        await tx.run_many(insert(study), [row for row in rows if any(row[name] for name in _STATES)])
    await tx.run_many(insert(outbox), [_letter(person) for person in people])
    return people


_STATES = ("acknowledged_at", "passed_at", "waived_at", "credit")


def _row(person: Person, groups: dict[str, int]) -> dict[str, Any]:
    flags = ("is_group_leader", "is_committee", "is_chair", "is_cell_committee", "is_employer")
    return {
        "id": person.id,
        "code": person.code,
        "full_name": f"Người {person.id}",
        "folded_name": f"nguoi {person.id}",
        "group_id": groups[fold(person.group)],
        "position": "",
        "is_union_member": True,
        "is_party_member": person.is_party,
        "started_on": None,
        "is_active": person.is_active,
        "created_at": NOW,
        "changed_at": NOW,
        **dict.fromkeys(flags, False),
    }


def _account(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "channel": "direct",
        "address": person.code,
        "member_id": person.id,
        "linked_at": NOW,
        "created_at": NOW,
    }


def _study(person: Person, campaign_id: int, *, turned: bool) -> dict[str, Any]:
    return {
        "campaign_id": campaign_id,
        "member_id": person.id,
        "acknowledged_at": NOW if person.acknowledged != turned else None,
        "passed_at": NOW if person.passed != turned else None,
        "waived_at": NOW if person.waived != turned else None,
        "credit": "attendance" if person.credited != turned else None,
    }


def _letter(person: Person) -> dict[str, Any]:
    return {
        "key": f"study:2:first:{person.id}",
        "topic": "study:2:first",
        "member_id": person.id,
        "account_id": person.id,
        "priority": 20,
        "message": {},
        "state": "sent" if person.sent else "unreachable",
        "not_before": NOW,
        "created_at": NOW,
    }


async def publish(tx: Transaction, slug: str, pass_mark: int = 0) -> None:
    await campaigns.freeze(tx, VERSION, NOW)
    await campaigns.create(
        tx,
        slug=slug,
        version_hash=VERSION.hash,
        title="An toàn",
        audience="all",
        deadline=date(2026, 3, 9),
        pass_mark=pass_mark,
        published_by=None,
        now=NOW,
    )


def campaign_for(audience: str, pass_mark: int) -> Campaign:
    return Campaign(
        2, "an-toan", VERSION.hash, "An toàn", audience, None, pass_mark, campaigns.State.OPEN, None, NOW
    )


def check(figures: Figures, scope: list[Person], pass_mark: int) -> None:
    """The figures against counting by hand."""
    assert figures.in_scope == len(scope)
    for name in ("acknowledged", "passed", "waived", "credited"):
        assert getattr(figures, name) == sum(getattr(person, name) for person in scope), name
    assert figures.covered == sum(person.is_covered(pass_mark) for person in scope)
    assert figures.coverage == percent(figures.covered, figures.in_scope)
    by_group = {group.group: (group.in_scope, group.covered, group.coverage) for group in figures.groups}
    assert len(by_group) == len(figures.groups)
    for name in GROUPS:
        inside = [person for person in scope if person.group == name]
        covered = sum(person.is_covered(pass_mark) for person in inside)
        expected = (len(inside), covered, percent(covered, len(inside))) if inside else None
        assert by_group.get(name) == expected


@pytest.mark.parametrize("seed_number", range(3))
@pytest.mark.parametrize("pass_mark", [0, 80])
async def test_every_figure_is_right_to_the_person(
    database: Database, seed_number: int, pass_mark: int
) -> None:
    async with database.write() as tx:
        people = await seed(tx, seed_number)
        for audience, belongs in (
            ("all", lambda _person: True),
            ("party", lambda person: person.is_party),
            ("group:to mot", lambda person: person.group == "Tổ Một"),
            ("group:to khong ai", lambda _person: False),
        ):
            campaign = campaign_for(audience, pass_mark)
            scope = [person for person in people if person.is_active and belongs(person)]
            missing = {person.code for person in scope if not person.is_covered(pass_mark)}
            figures, names = await coverage.coverage(tx, campaign)
            check(figures, scope, pass_mark)
            check(await coverage.figures(tx, campaign), scope, pass_mark)
            assert {each.code for each in names} == missing
            assert len(names) == len(missing)
            assert await coverage.missing(tx, campaign) == names
            assert figures.sent == sum(person.sent for person in people)


@pytest.mark.parametrize("pass_mark", [0, 80])
async def test_every_figure_of_one_group(database: Database, pass_mark: int) -> None:
    async with database.write() as tx:
        people = await seed(tx, seed_number=9)
        campaign = campaign_for("all", pass_mark)
        for name, group_id in (await members.group_ids(tx)).items():
            scope = [person for person in people if person.is_active and fold(person.group) == name]
            figures = await coverage.figures(tx, campaign, group_id)
            check(figures, scope, pass_mark)
            assert figures.sent == sum(person.sent for person in scope)
            missing = {each.code for each in await coverage.missing(tx, campaign, group_id)}
            assert missing == {person.code for person in scope if not person.is_covered(pass_mark)}


async def test_nobody_in_the_audience(database: Database) -> None:
    async with database.write() as tx:
        await seed(tx, seed_number=1)
        figures, names = await coverage.coverage(tx, campaign_for("code:NV999", 0))
        assert (figures.in_scope, figures.covered, figures.coverage, figures.groups) == (0, 0, 0.0, ())
        assert names == []


async def test_sqlite_looks_studies_up_and_never_reads_all_of_them(sqlite_url: str) -> None:
    """The tables hold every campaign there ever was; a figure may only touch its own."""
    from storage.database import open_database  # noqa: PLC0415 - only this test opens one itself

    opened = open_database(sqlite_url)
    async with opened.write() as tx:
        await seed(tx, seed_number=1)
        plan: list[str] = []
        people = await audiences.condition(tx, "all")
        campaign = campaign_for("all", 80)
        for statement in (
            coverage._done(campaign, people),
            coverage._done_by_group(campaign, people),
            coverage._done_in_group(campaign, people),
            coverage._sent(campaign),
            coverage._sent_to(campaign, people),
        ):
            compiled = str(statement.compile(compile_kwargs={"literal_binds": True}))
            rows = await tx.all(text(f"EXPLAIN QUERY PLAN {compiled}"))
            plan += [row.detail for row in rows]
    await opened.close()
    assert any("SEARCH study" in line for line in plan)
    assert any("SEARCH outbox" in line for line in plan)
    assert not any(line.startswith(("SCAN study", "SCAN outbox")) for line in plan), plan
