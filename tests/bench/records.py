"""What a big branch has recorded: how fast its evidence is sealed and verified, and its coverage counted."""

from pathlib import Path
from statistics import median
from time import perf_counter

from pydantic import SecretStr
from sqlalchemy import insert, text

from bot.branch import open_branch, open_work
from bot.config import Settings
from bot.system import SystemClock
from handlers.campaign import actions as campaign_actions
from handlers.evidence import actions as evidence
from handlers.kit.context import Services, Work
from storage import campaigns, coverage, members
from storage.campaigns import Campaign
from storage.database import Database
from storage.evidence import Kind
from storage.members import Member
from storage.schema.evidence import evidence as entries
from storage.schema.studies import quiz_attempt, study
from tests.bench.figures import Figure
from tests.bench.processes import Databases
from tests.bench.roster_file import write_csv
from tests.bench.town import SLUG, Json, found, link

_REPEATED = 7
_CHANNEL = "telegram"


async def measure(databases: Databases, kind: str, home: Path, people: int) -> list[Figure]:
    """Of 100 people 50 have evidence of acknowledgement and quiz, 40 more studied, and 10 are missing."""
    database = await databases.fresh(kind)
    await found(database, home, write_csv(home / "records.csv", people))
    settings = Settings(database_url=SecretStr(database))
    async with open_work(settings) as work:
        published = await campaign_actions.publish(work, None, SLUG)
        campaign = await campaigns.by_id(work.db, published.campaign)
        assert campaign is not None
        everybody = [each for each in await members.everybody(work.db) if each.is_active]
        await link(work, campaign.id, everybody)
        half = len(everybody) // 2
        await _prove(work, campaign, everybody[:half])
    async with open_branch(settings) as (opened, services):
        rate = await _seal(opened, services)
        verified = await _verify(opened, services)
        async with opened.write() as tx:
            more = [each.id for each in everybody[half : len(everybody) * 9 // 10]]
            await _study(Work(services=services, db=tx, now=SystemClock().now()), campaign, more, None)
        counted, named = await _count(opened, campaign, len(everybody))
    return [
        Figure(f"coverage of {people:,} people, by group", kind, counted, "ms", 200),
        Figure("the same with the names of 10 % missing", kind, named, "ms"),
        Figure("evidence sealed", kind, rate, "/s"),
        Figure(f"verification of {2 * half:,} entries of evidence", kind, verified, "s"),
    ]


async def _prove(work: Work, campaign: Campaign, people: list[Member]) -> None:
    """Each acknowledged the campaign and passed its quiz."""
    common = {
        "campaign_id": campaign.id,
        "version_hash": campaign.version_hash,
        "channel": _CHANNEL,
        "at": work.now,
    }
    stated = {
        "kind": Kind.ACKNOWLEDGEMENT.value,
        "statement_hash": "ab" * 32,
        "details": '{"late":0,"statement":"…"}',
    }
    passed = {"kind": Kind.QUIZ.value, "attempts": 1, "details": '{"pass_mark":80,"passed":1,"score":100}'}
    for kind in (stated, passed):
        rows = [
            {**common, **kind, "member_id": each.id, "member_code": each.code, "actor_id": each.id}
            for each in people
        ]
        await work.db.run_many(insert(entries), rows)
    await _examine(work, campaign, people)
    proofs = await work.db.all(
        entries.select().where(entries.c.kind == Kind.ACKNOWLEDGEMENT.value).order_by(entries.c.member_id)
    )
    await _study(work, campaign, [each.id for each in people], [each.id for each in proofs])


async def _examine(work: Work, campaign: Campaign, people: list[Member]) -> None:
    common = {
        "campaign_id": campaign.id,
        "version_hash": campaign.version_hash,
        "number": 1,
        "questions": [],
        "answers": [],
        "score": 100,
        "started_at": work.now,
        "finished_at": work.now,
    }
    await work.db.run_many(insert(quiz_attempt), [{**common, "member_id": each.id} for each in people])


async def _study(work: Work, campaign: Campaign, people: list[int], proofs: list[int] | None) -> None:
    common = {
        "campaign_id": campaign.id,
        "version_hash": campaign.version_hash,
        "card": 16,
        "opened_at": work.now,
        "acknowledged_at": work.now,
        "best_score": 100,
        "passed_at": work.now,
    }
    rows: list[Json] = [
        {**common, "member_id": each, "evidence_id": proofs[index] if proofs else None}
        for index, each in enumerate(people)
    ]
    await work.db.run_many(insert(study), rows)


async def _seal(database: Database, services: Services) -> float:
    """Entries a second, sealed as the running program does it."""
    sealed, begin = 0, perf_counter()
    while True:
        async with database.write() as tx:
            number = await evidence.seal(Work(services=services, db=tx, now=SystemClock().now()))
        sealed += number
        if number < evidence.BATCH:
            return sealed / (perf_counter() - begin)


async def _verify(database: Database, services: Services) -> float:
    begin = perf_counter()
    async with database.read() as tx:
        verdict = await evidence.verify(Work(services=services, db=tx, now=SystemClock().now()))
    assert verdict.ok, verdict
    return perf_counter() - begin


async def _count(database: Database, campaign: Campaign, people: int) -> tuple[float, float]:
    """Milliseconds for the figures of all groups, and for them with everybody who is missing."""
    async with database.write() as tx:
        if tx.dialect == "postgresql":
            # It does so by itself within a minute of so many new rows.
            await tx.run(text("ANALYZE"))
    counted, named = [], []
    for _ in range(_REPEATED):
        async with database.read() as tx:
            begin = perf_counter()
            figures = await coverage.figures(tx, campaign)
            counted.append(1000 * (perf_counter() - begin))
            begin = perf_counter()
            same, missing = await coverage.coverage(tx, campaign)
            named.append(1000 * (perf_counter() - begin))
        assert figures.covered + len(missing) == figures.in_scope == same.in_scope == people
    return median(counted), median(named)
