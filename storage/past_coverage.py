"""Who had studied at some earlier moment, of those who were in scope then.

`storage.coverage` says it of today's roster. What was acknowledged, passed or entered later doesn't count,
and nobody counts who came later, while those who left or moved since stand where they stood.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from storage import consents, past_audiences
from storage.campaigns import Campaign
from storage.coverage import Figures, GroupCoverage, Missing, first_topic, percent
from storage.database import Transaction
from storage.evidence import Kind
from storage.members import Member
from storage.outbox import State
from storage.schema.evidence import evidence
from storage.schema.messages import outbox
from storage.schema.studies import study

# What officers enter, and take back.
_ENTERED = (Kind.WAIVER, Kind.ATTENDANCE, Kind.MAKE_UP, Kind.WITHDRAWAL)


async def coverage_as_of(
    tx: Transaction,
    campaign: Campaign,
    moment: datetime,
    *,
    noted_by: datetime | None = None,
    group_id: int | None = None,
) -> tuple[Figures, list[Missing]]:
    """The figures as they stood then, and everybody who was missing, as `coverage.coverage` gives them; of
    one group only, when `group_id` is given. Those who withdrew their consent since have no code and no name.

    With `noted_by` the people are those of `moment`, and counted is what was noted of them up to that time.
    """
    noted_by = noted_by or moment
    everybody = await past_audiences.people(tx, campaign.audience, moment)
    people = [each for each in everybody if group_id in {None, each.group_id}]
    done = await _done(tx, campaign, noted_by)
    theirs = [done[each.id] for each in people if each.id in done]
    covered = {each.id for each in people if each.id in done and done[each.id].covers(campaign.pass_mark)}
    reached = await _reached(tx, campaign, noted_by)
    figures = Figures(
        campaign=campaign,
        in_scope=len(people),
        sent=len(reached) if group_id is None else sum(each.id in reached for each in people),
        acknowledged=sum(each.acknowledged for each in theirs),
        passed=sum(each.passed for each in theirs),
        waived=sum(each.waived for each in theirs),
        credited=sum(each.credited for each in theirs),
        covered=len(covered),
        coverage=percent(len(covered), len(people)),
        groups=_groups(people, covered),
    )
    return figures, await _missing(tx, [each for each in people if each.id not in covered])


async def _missing(tx: Transaction, people: Sequence[Member]) -> list[Missing]:
    withdrawn = await consents.withdrawn(tx)
    return [
        Missing(each.id, "", "", each.group_id)
        if each.id in withdrawn
        else Missing(each.id, each.code, each.full_name, each.group_id)
        for each in people
    ]


async def _reached(tx: Transaction, campaign: Campaign, moment: datetime) -> set[int]:
    """Those whom the campaign's first message had reached."""
    sent = select(outbox.c.member_id).where(
        outbox.c.topic == first_topic(campaign.id),
        outbox.c.state == State.SENT.value,
        func.coalesce(outbox.c.finished_at, outbox.c.created_at) <= moment,
    )
    return {row.member_id for row in await tx.all(sent)}


class _Done:
    """What one person had done of a campaign by a moment. `entered`: what officers had entered and not taken
    back then, though they may have since.
    """

    def __init__(self, row: Row[Any], moment: datetime, entered: set[Kind]) -> None:
        def by_then(at: datetime | None) -> bool:
            return at is not None and at <= moment

        self.acknowledged = by_then(row.acknowledged_at)
        self.passed = by_then(row.passed_at)
        self.waived = by_then(row.waived_at) or Kind.WAIVER in entered
        is_credited = row.credit is not None and by_then(row.credited_at)
        self.credited = is_credited or bool(entered - {Kind.WAIVER})

    def covers(self, pass_mark: int) -> bool:
        """As `campaigns.is_covered` has it."""
        studied = self.acknowledged and (self.passed or pass_mark == 0)
        return self.waived or self.credited or studied


async def _done(tx: Transaction, campaign: Campaign, moment: datetime) -> dict[int, _Done]:
    columns = (
        study.c.member_id,
        study.c.acknowledged_at,
        study.c.passed_at,
        study.c.waived_at,
        study.c.credit,
        study.c.credited_at,
    )
    rows = await tx.all(select(*columns).where(study.c.campaign_id == campaign.id))
    entered = await _entered(tx, campaign, moment)
    return {row.member_id: _Done(row, moment, entered[row.member_id]) for row in rows}


async def _entered(tx: Transaction, campaign: Campaign, moment: datetime) -> defaultdict[int, set[Kind]]:
    """What stood of officers' entries then, of the few people of whom something was written later: what was
    taken back is in the evidence alone.
    """
    last = evidence.alias("last")
    statement = (
        select(evidence.c.member_id, evidence.c.kind)
        .join(study, (study.c.member_id == evidence.c.member_id) & (study.c.campaign_id == campaign.id))
        .join(last, last.c.id == study.c.evidence_id)
        .where(evidence.c.campaign_id == campaign.id, evidence.c.kind.in_([each.value for each in _ENTERED]))
        .where(evidence.c.at <= moment, last.c.at > moment)
        .order_by(evidence.c.id)
    )
    stood: defaultdict[int, set[Kind]] = defaultdict(set)
    for row in await tx.all(statement):
        kind = Kind(row.kind)
        stood[row.member_id] = set() if kind is Kind.WITHDRAWAL else stood[row.member_id] | {kind}
    return stood


def _groups(people: Sequence[Member], covered: set[int]) -> tuple[GroupCoverage, ...]:
    names = {each.group_id: each.group_name for each in people}
    numbers = Counter(each.group_id for each in people)
    done = Counter(each.group_id for each in people if each.id in covered)
    return tuple(
        GroupCoverage(group_id, names[group_id], number, done[group_id], percent(done[group_id], number))
        for group_id, number in numbers.items()
    )
