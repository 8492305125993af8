import asyncio
from datetime import timedelta

import pytest

from storage import campaigns, study
from storage.campaigns import State
from storage.database import Database, Transaction, open_database
from storage.study import Progress
from tests.storage import chain
from tests.storage.chain import NOW, VERSION

LATER = NOW + timedelta(days=1)


@pytest.fixture
async def campaign_id(database: Database) -> int:
    async with database.write() as tx:
        return await chain.campaign(tx)


async def progress(database: Database, campaign_id: int) -> Progress:
    async with database.read() as tx:
        return await study.progress(tx, campaign_id, 6)


async def show(database: Database, campaign_id: int, card: int) -> None:
    async with database.write() as tx:
        await study.show_card(tx, campaign_id, 6, version_hash=VERSION.hash, card=card, now=NOW)


async def test_nothing_happened_yet(database: Database, campaign_id: int) -> None:
    assert await progress(database, campaign_id) == Progress()
    async with database.read() as tx:
        assert await study.standing(tx, campaign_id + 1, 6) is None


async def test_the_furthest_card_and_the_first_time_stay(database: Database, campaign_id: int) -> None:
    await show(database, campaign_id, 4)
    async with database.write() as tx:
        await study.show_card(tx, campaign_id, 6, version_hash=VERSION.hash, card=2, now=LATER)
    assert await progress(database, campaign_id) == Progress(4, VERSION.hash, NOW)
    await show(database, campaign_id, 5)
    assert (await progress(database, campaign_id)).card == 5


async def test_the_best_score_and_the_first_pass_stay(database: Database, campaign_id: int) -> None:
    await show(database, campaign_id, 1)
    for score, passed_at in ((50, None), (80, NOW), (60, None), (90, LATER)):
        async with database.write() as tx:
            await study.note_score(tx, campaign_id, 6, score, passed_at)
    kept = await progress(database, campaign_id)
    assert (kept.best_score, kept.passed_at) == (90, NOW)


async def test_officers_enter_on_empty_rows_and_on_begun_ones(database: Database, campaign_id: int) -> None:
    async with database.write() as tx:
        number = await chain.acknowledge(tx, campaign_id, "NV06")
        await study.waive(tx, campaign_id, 6, LATER, number)
        await study.credit(tx, campaign_id, 7, "attendance", at=LATER, evidence_id=number)
    begun = await progress(database, campaign_id)
    assert (begun.card, begun.acknowledged_at, begun.waived_at) == (1, NOW, LATER)
    async with database.read() as tx:
        assert await study.progress(tx, campaign_id, 7) == Progress(credit="attendance", credited_at=LATER)


@pytest.mark.usefixtures("campaign_id")
async def test_standings_leave_out_what_is_gone(database: Database) -> None:
    """Open ones by deadline, closed ones that were begun; superseded and untouched closed ones not."""
    made = {}
    async with database.write() as tx:
        for slug, days in (("late", 9), ("soon", 2), ("closed", 1), ("begun", 3), ("superseded", 1)):
            made[slug] = await campaigns.create(
                tx,
                slug=slug,
                version_hash=VERSION.hash,
                title=slug,
                audience="all",
                deadline=(NOW + timedelta(days=days)).date(),
                pass_mark=0,
                published_by=None,
                now=NOW,
            )
        for slug in ("begun", "superseded"):
            await study.show_card(tx, made[slug], 6, version_hash=VERSION.hash, card=1, now=NOW)
        await campaigns.close(tx, made["closed"], State.CLOSED, NOW)
        await campaigns.close(tx, made["begun"], State.CLOSED, NOW)
        await campaigns.close(tx, made["superseded"], State.SUPERSEDED, NOW)
    async with database.read() as tx:
        found = await study.standings(tx, 6)
        others = await study.standings(tx, 7)
    assert [(campaign.slug, mine.card) for campaign, mine in found] == [
        ("soon", 0),
        ("begun", 1),
        ("late", 0),
        ("hello", 0),
    ]
    assert [campaign.slug for campaign, _ in others] == ["soon", "late", "hello"]


async def _acknowledge_unless_done(tx: Transaction, campaign_id: int) -> bool:
    held = await study.progress(tx, campaign_id, 6, lock=True)
    if held.acknowledged_at is None:
        await chain.acknowledge(tx, campaign_id, "NV06")
    return held.acknowledged_at is None


async def test_of_two_presses_at_once_the_second_sees_what_the_first_wrote(postgres_url: str) -> None:
    """A person's two channels run side by side. SQLite has one writer; here the row's lock decides."""
    database = open_database(postgres_url)
    async with database.write() as tx:
        campaign_id = await chain.campaign(tx)
    await show(database, campaign_id, 1)
    both_began = asyncio.Barrier(2)

    async def press() -> bool:
        async with database.write() as tx:
            await study.standing(tx, campaign_id, 6)
            await both_began.wait()
            return await _acknowledge_unless_done(tx, campaign_id)

    assert sorted(await asyncio.gather(press(), press())) == [False, True]
    await database.close()
