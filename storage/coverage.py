"""Who has studied: the figures of a campaign, right to the person and counted nowhere else.

In scope is everybody active in the campaign's audience now, those who are let off included; covered is what
`campaigns.is_covered` says; missing is in scope and not covered.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, literal, select

from storage import audiences
from storage.campaigns import Campaign, is_covered
from storage.database import Transaction
from storage.outbox import State
from storage.schema.messages import outbox
from storage.schema.people import member, union_group
from storage.schema.studies import study


@dataclass(frozen=True, slots=True)
class GroupCoverage:
    group_id: int
    group: str
    in_scope: int
    covered: int
    # As `percent` gives it.
    coverage: float


@dataclass(frozen=True, slots=True)
class Figures:
    campaign: Campaign
    in_scope: int
    # People whom the campaign's first message has reached.
    sent: int
    acknowledged: int
    passed: int
    waived: int
    # Attendance and make-ups that an officer entered.
    credited: int
    covered: int
    coverage: float
    # Those with somebody in scope, in no particular order.
    groups: tuple[GroupCoverage, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    member_id: int
    code: str
    full_name: str
    group_id: int


class _Counts(NamedTuple):
    acknowledged: int = 0
    passed: int = 0
    waived: int = 0
    credited: int = 0
    covered: int = 0


def percent(covered: int, in_scope: int) -> float:
    """Rounded half up to one decimal; 100 only when it is all of them, 0 only when it is none."""
    if covered in {0, in_scope}:
        return 100.0 if covered else 0.0
    tenths = (2000 * covered + in_scope) // (2 * in_scope)
    return min(max(tenths, 1), 999) / 10


def first_topic(campaign_id: int) -> str:
    """The outbox's topic of a campaign's first message."""
    return f"study:{campaign_id}:first"


async def figures(tx: Transaction, campaign: Campaign, group_id: int | None = None) -> Figures:
    """The figures without names; of one group only, when `group_id` is given."""
    people = await audiences.condition(tx, campaign.audience)
    if group_id is None:
        done, sent = _done_by_group(campaign, people), _sent(campaign)
    else:
        people = and_(people, member.c.group_id == group_id)
        done, sent = _done_in_group(campaign, people), _sent_to(campaign, people)
    by_group = {row[0]: _Counts(*row[1:]) for row in await tx.all(done)}
    counts = _Counts(*(sum(column) for column in zip(_Counts(), *by_group.values(), strict=True)))
    covered = {group: counted.covered for group, counted in by_group.items()}
    scope = await _scope(tx, people)
    return _figures(campaign, counts, int(await tx.scalar(sent)), await _groups(tx, scope, covered))


async def coverage(tx: Transaction, campaign: Campaign) -> tuple[Figures, list[Missing]]:
    """The figures, and everybody who is missing.

    How many of a group are covered follows here from who is missing: faster than counting both.
    """
    people = await audiences.condition(tx, campaign.audience)
    names = await _missing(tx, campaign, people)
    counts = _Counts(*(await tx.all(_done(campaign, people)))[0])
    absent = Counter(each.group_id for each in names)
    scope = await _scope(tx, people)
    covered = {group: number - absent[group] for group, number in scope.items()}
    sent = int(await tx.scalar(_sent(campaign)))
    return _figures(campaign, counts, sent, await _groups(tx, scope, covered)), names


async def missing(tx: Transaction, campaign: Campaign, group_id: int | None = None) -> list[Missing]:
    """Who has not studied yet, in no particular order; of one group only, when `group_id` is given."""
    people = await audiences.condition(tx, campaign.audience)
    return await _missing(
        tx, campaign, people if group_id is None else and_(people, member.c.group_id == group_id)
    )


async def in_scope(tx: Transaction, campaign: Campaign, group_id: int | None = None) -> set[int]:
    """Everybody who is to study it, by id; of one group only, when `group_id` is given."""
    people = await audiences.condition(tx, campaign.audience)
    them = people if group_id is None else and_(people, member.c.group_id == group_id)
    return {row.id for row in await tx.all(select(member.c.id).where(them))}


def covering(campaign: Campaign) -> ColumnElement[bool]:
    """Joins `member` with the campaign's row of `study` that covers them: outer joined, it is null for those
    who are missing.
    """
    return and_(_study_of(campaign), is_covered(campaign.pass_mark))


def _study_of(campaign: Campaign) -> ColumnElement[bool]:
    return and_(study.c.campaign_id == campaign.id, study.c.member_id == member.c.id)


def _figures(campaign: Campaign, counts: _Counts, sent: int, groups: tuple[GroupCoverage, ...]) -> Figures:
    in_scope = sum(group.in_scope for group in groups)
    return Figures(
        campaign=campaign,
        in_scope=in_scope,
        sent=sent,
        coverage=percent(counts.covered, in_scope),
        groups=groups,
        **counts._asdict(),
    )


async def _scope(tx: Transaction, people: ColumnElement[bool]) -> dict[int, int]:
    statement = select(member.c.group_id, func.count().label("number")).where(people)
    rows = await tx.all(statement.group_by(member.c.group_id))
    return {row.group_id: row.number for row in rows}


async def _groups(
    tx: Transaction, scope: Mapping[int, int], covered: Mapping[int, int]
) -> tuple[GroupCoverage, ...]:
    rows = await tx.all(select(union_group.c.id, union_group.c.name))
    return tuple(
        GroupCoverage(row.id, row.name, number, done, percent(done, number))
        for row in rows
        if (number := scope.get(row.id, 0))
        for done in (covered.get(row.id, 0),)
    )


def _counts(campaign: Campaign) -> list[ColumnElement[int]]:
    """The columns of `_Counts`."""
    counted = (
        study.c.acknowledged_at,
        study.c.passed_at,
        study.c.waived_at,
        study.c.credit,
        case((is_covered(campaign.pass_mark), 1)),
    )
    return [func.count(column).label(name) for name, column in zip(_Counts._fields, counted, strict=True)]


def _done(campaign: Campaign, people: ColumnElement[bool], *by: ColumnElement[Any]) -> Select[Any]:
    """What the people have done, after the columns of `by`."""
    return (
        select(*by, *_counts(campaign))
        .select_from(study)
        .join(member, member.c.id == study.c.member_id)
        .where(study.c.campaign_id == campaign.id, people)
        .group_by(*by)
    )


def _done_by_group(campaign: Campaign, people: ColumnElement[bool]) -> Select[Any]:
    """The sum keeps SQLite from walking the people in the order of the index on their groups, with a jump in
    `study` for each: in the order of ids, as both tables lie, it takes a quarter of the time.
    """
    return _done(campaign, people, member.c.group_id + 0)


def _done_in_group(campaign: Campaign, people: ColumnElement[bool]) -> Select[Any]:
    """The outer join makes SQLite begin with the few people of the group."""
    return (
        select(member.c.group_id, *_counts(campaign))
        .outerjoin(study, _study_of(campaign))
        .where(people)
        .group_by(member.c.group_id)
    )


async def _missing(tx: Transaction, campaign: Campaign, people: ColumnElement[bool]) -> list[Missing]:
    statement = (
        select(member.c.id, member.c.code, member.c.full_name, member.c.group_id)
        .outerjoin(study, covering(campaign))
        .where(people, study.c.member_id.is_(None))
    )
    rows: Sequence[Sequence[Any]] = await tx.all(statement)
    return [Missing(*row) for row in rows]


def _sent(campaign: Campaign) -> Select[Any]:
    """One row for each person: the key in the outbox is made of the topic and the member."""
    return (
        select(func.count())
        .select_from(outbox)
        .where(outbox.c.topic == first_topic(campaign.id), outbox.c.state == State.SENT.value)
    )


def _sent_to(campaign: Campaign, people: ColumnElement[bool]) -> Select[Any]:
    key = literal(f"{first_topic(campaign.id)}:") + cast(member.c.id, String)
    return (
        select(func.count())
        .select_from(member)
        .join(outbox, outbox.c.key == key)
        .where(people, outbox.c.state == State.SENT.value)
    )
