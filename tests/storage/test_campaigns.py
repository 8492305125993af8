from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from storage import campaigns
from storage.campaigns import AlreadyOpenError, FrozenVersion, State
from storage.database import Database, Transaction

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
VERSION = FrozenVersion("a" * 64, "an-toan", 1, "An toàn", "văn bản".encode())
CORRECTED = replace(VERSION, hash="b" * 64, title="An toàn lao động")


async def create(tx: Transaction, **changed: Any) -> int:
    values: dict[str, Any] = {
        "slug": "an-toan",
        "version_hash": VERSION.hash,
        "title": "An toàn",
        "audience": "all",
        "deadline": date(2026, 3, 9),
        "pass_mark": 80,
        "published_by": None,
        "now": NOW,
    }
    await campaigns.freeze(tx, VERSION, NOW)
    return await campaigns.create(tx, **(values | changed))


async def test_what_is_opened_is_found(database: Database) -> None:
    async with database.write() as tx:
        number = await create(tx)
        found = await campaigns.by_id(tx, number)
        assert found is not None
        assert (found.slug, found.audience, found.deadline) == ("an-toan", "all", date(2026, 3, 9))
        assert (found.pass_mark, found.state, found.published_at) == (80, State.OPEN, NOW)
        assert await campaigns.open_for_slug(tx, "an-toan") == found
        assert await campaigns.open_campaigns(tx) == [found]
        assert await campaigns.by_id(tx, number + 1) is None


async def test_one_open_campaign_for_each_document(database: Database) -> None:
    async with database.write() as tx:
        first = await create(tx)
        with pytest.raises(AlreadyOpenError):
            await create(tx)
        # The transaction goes on after that.
        other = await create(tx, slug="khac", deadline=None)
        assert await campaigns.close(tx, first, State.CLOSED, NOW)
        second = await create(tx)
        assert [each.id for each in await campaigns.open_campaigns(tx)] == [other, second]
        assert [each.id for each in await campaigns.all_campaigns(tx)] == [second, other, first]


async def test_a_campaign_ends_once(database: Database) -> None:
    async with database.write() as tx:
        number = await create(tx)
        assert await campaigns.close(tx, number, State.SUPERSEDED, NOW)
        assert not await campaigns.close(tx, number, State.CLOSED, NOW)
        ended = await campaigns.by_id(tx, number)
        assert ended is not None
        assert ended.state is State.SUPERSEDED
        assert await campaigns.open_for_slug(tx, "an-toan") is None


async def test_a_campaign_goes_on_with_corrected_words(database: Database) -> None:
    async with database.write() as tx:
        number = await create(tx)
        await campaigns.freeze(tx, CORRECTED, NOW)
        await campaigns.revise(tx, number, CORRECTED.hash, CORRECTED.title)
        revised = await campaigns.by_id(tx, number)
        assert revised is not None
        assert (revised.version_hash, revised.title, revised.state) == ("b" * 64, CORRECTED.title, State.OPEN)


async def test_a_frozen_version_never_changes(database: Database) -> None:
    async with database.write() as tx:
        await campaigns.freeze(tx, VERSION, NOW)
        await campaigns.freeze(tx, replace(VERSION, title="Khác", canonical=b"x"), NOW + timedelta(days=1))
        assert await campaigns.frozen(tx, VERSION.hash) == VERSION
        assert await campaigns.frozen(tx, "f" * 64) is None


async def test_a_campaign_is_found_by_number_and_by_document(database: Database) -> None:
    async with database.write() as tx:
        first = await create(tx)
        await campaigns.close(tx, first, State.CLOSED, NOW)
        second = await create(tx)
        for name, expected in ((str(first), first), ("an-toan", second), ("0" * 20, None), ("²", None)):
            found = await campaigns.find(tx, name)
            assert (found.id if found else None) == expected
