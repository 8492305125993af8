from datetime import timedelta

import pytest

from storage import quiz
from storage.database import Database
from storage.quiz import Attempt, Drawn
from tests.storage import chain
from tests.storage.chain import NOW, VERSION

LATER = NOW + timedelta(minutes=5)
QUESTIONS = (Drawn("một", (2, 0, 1)), Drawn("hai", (0, 1, 2, 3)))


@pytest.fixture
async def attempt(database: Database) -> Attempt:
    async with database.write() as tx:
        campaign_id = await chain.campaign(tx)
        return await quiz.start(
            tx,
            campaign_id=campaign_id,
            member_id=6,
            number=1,
            version_hash=VERSION.hash,
            questions=QUESTIONS,
            now=NOW,
        )


async def test_an_attempt_is_kept_as_it_was_drawn(database: Database, attempt: Attempt) -> None:
    async with database.write() as tx:
        found = await quiz.with_campaign(tx, attempt.id)
        assert await quiz.with_campaign(tx, attempt.id + 1) is None
        assert await quiz.latest(tx, attempt.campaign_id, 6, 5) == [attempt]
        assert await quiz.latest(tx, attempt.campaign_id, 7, 5) == []
    assert found is not None
    assert found[0] == attempt
    assert (found[1].id, found[1].slug) == (attempt.campaign_id, "hello")


async def test_the_newest_attempts_come_first(database: Database, attempt: Attempt) -> None:
    async with database.write() as tx:
        for number in (2, 3):
            await quiz.start(
                tx,
                campaign_id=attempt.campaign_id,
                member_id=6,
                number=number,
                version_hash=VERSION.hash,
                questions=QUESTIONS,
                now=LATER,
            )
        assert [each.number for each in await quiz.latest(tx, attempt.campaign_id, 6, 2)] == [3, 2]


async def test_a_finished_attempt_never_changes(database: Database, attempt: Attempt) -> None:
    async with database.write() as tx:
        assert await quiz.save_answers(tx, attempt.id, [0])
        assert await quiz.unfinished_campaigns(tx, 6) == {attempt.campaign_id}
        assert await quiz.save_answers(tx, attempt.id, [0, 1], 50, LATER)
        assert await quiz.unfinished_campaigns(tx, 6) == set()
        assert not await quiz.save_answers(tx, attempt.id, [0, 0], 100, LATER)
        (kept,) = await quiz.latest(tx, attempt.campaign_id, 6, 1)
    assert (kept.answers, kept.score, kept.finished_at) == ((0, 1), 50, LATER)
