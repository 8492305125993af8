from datetime import UTC, datetime, timedelta

from storage import accounts, audiences, campaigns, coverage, outbox, recipients
from storage.campaigns import Campaign
from storage.database import Database, Transaction
from storage.outbox import NewMessage, Priority
from tests import people
from tests.storage.test_audiences import id_of, publish, waive

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
TOPIC = "study:1:remind:20260302"


async def link(tx: Transaction, code: str, address: str, at: datetime = NOW) -> int:
    account = await accounts.arrive(tx, "direct", address, at)
    await accounts.link(tx, account.id, await id_of(tx, code), at)
    return account.id


async def write(tx: Transaction, topic: str, code: str, account_id: int, at: datetime = NOW) -> None:
    member_id = await id_of(tx, code)
    letter = NewMessage(f"{topic}:{member_id}", topic, account_id, member_id, Priority.NORMAL, {})
    await outbox.add(tx, [letter], at)


async def campaign(tx: Transaction, audience: str = "all") -> Campaign:
    await people.seed(tx, NOW)
    found = await campaigns.by_id(tx, await publish(tx, audience))
    assert found is not None
    return found


async def test_the_latest_account_that_can_be_reached(database: Database) -> None:
    async with database.write() as tx:
        opened = await campaign(tx)
        await link(tx, "NV06", "old", NOW - timedelta(days=3))
        middle = await link(tx, "NV06", "middle", NOW - timedelta(days=1))
        blocked = await link(tx, "NV06", "blocked", NOW)
        await accounts.set_unreachable(tx, blocked, "blocked")
        gone = await link(tx, "NV07", "gone")
        await accounts.set_unreachable(tx, gone, "gone")
        found = await recipients.invited(tx, opened, "study:1:first", 10)
        assert [(each.member_id, each.account_id) for each in found] == [(await id_of(tx, "NV06"), middle)]
        assert await recipients.count_reachable(tx, "all") == 1


async def test_of_two_accounts_linked_at_once_the_newer(database: Database) -> None:
    async with database.write() as tx:
        opened = await campaign(tx)
        await link(tx, "NV06", "one")
        second = await link(tx, "NV06", "two")
        found = await recipients.invited(tx, opened, "study:1:first", 10)
        assert [each.account_id for each in found] == [second]


async def test_whoever_got_the_letter_gets_no_second_one(database: Database) -> None:
    async with database.write() as tx:
        opened = await campaign(tx, "code:NV06,NV07,NV10")
        ids = {code: await link(tx, code, code) for code in ("NV06", "NV07", "NV10", "CT01")}
        await write(tx, "study:1:first", "NV06", ids["NV06"])
        await write(tx, "study:11:first", "NV10", ids["NV10"])
        found = await recipients.invited(tx, opened, "study:1:first", 10)
        assert [each.account_id for each in found] == [ids["NV07"], ids["NV10"]]
        found = await recipients.invited(tx, opened, "study:1:first", 1)
        assert [each.account_id for each in found] == [ids["NV07"]]


async def test_only_those_who_are_missing_and_were_not_invited_just_now(database: Database) -> None:
    async with database.write() as tx:
        opened = await campaign(tx)
        ids = {code: await link(tx, code, code) for code in ("NV06", "NV07", "NV08", "NV10")}
        first = coverage.first_topic(opened.id)
        await write(tx, first, "NV06", ids["NV06"], NOW - timedelta(days=2))
        await write(tx, first, "NV07", ids["NV07"], NOW)
        await waive(tx, opened.id, "NV08")
        found = await recipients.missing(tx, opened, TOPIC, 10, invited_before=NOW - timedelta(hours=8))
        assert [each.account_id for each in found] == [ids["NV06"], ids["NV10"]]


async def test_leaders_of_the_groups_in_the_audience_and_chairs(database: Database) -> None:
    async with database.write() as tx:
        opened = await campaign(tx, "code:NV06")
        ids = {code: await link(tx, code, code) for code in ("CT01", "TT04", "TT05")}
        leaders = await recipients.group_leaders(tx, opened, "study:1:late")
        assert [each.account_id for each in leaders] == [ids["TT04"]]
        assert [each.account_id for each in await recipients.chairs(tx, "study:1:summary")] == [ids["CT01"]]
        await write(tx, "study:1:late", "TT04", ids["TT04"])
        assert await recipients.group_leaders(tx, opened, "study:1:late") == []


async def test_what_waits_of_a_topic_is_cancelled(database: Database) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        account_id = await link(tx, "NV06", "one")
        for topic in ("study:1:first", "study:1:remind:x", "study:2:first"):
            await write(tx, topic, "NV06", account_id)
        assert await outbox.has_topic(tx, "study:1:first")
        assert not await outbox.has_topic(tx, "study:3:first")
        assert await outbox.cancel_topics(tx, ["study:1:first", "study:1:remind:x"], NOW) == 2
        assert await outbox.count_by_state(tx, "study:1:first") == {"cancelled": 1}
        assert await outbox.count_by_state(tx, "study:2:first") == {"pending": 1}


async def test_those_out_of_reach_are_named_in_order_and_up_to_a_limit(database: Database) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        await link(tx, "NV06", "one")
        await accounts.set_unreachable(tx, await link(tx, "NV07", "blocked"), "blocked")
        # One account was left, another is in use.
        await accounts.set_unreachable(tx, await link(tx, "NV08", "old"), "gone")
        await link(tx, "NV08", "new")
        await link(tx, "CT01", "chair")
        audience = "code:NV06,NV07,NV08,NV10"
        found = await recipients.out_of_reach(tx, audience, 10)
        assert [(each.code, each.full_name, each.group) for each in found] == [
            ("NV07", "Hoàng Anh Tuấn", "Tổ Nghiệp vụ"),
            ("NV10", "Ngô Văn Ước", "Tổ Kỹ thuật"),
        ]
        assert [each.code for each in await recipients.out_of_reach(tx, audience, 1)] == ["NV07"]
        assert len(found) == 4 - await recipients.count_reachable(tx, audience)
        assert await recipients.out_of_reach(tx, "code:NV06", 10) == []


async def test_audiences_are_counted_together_as_each_by_itself(database: Database) -> None:
    async with database.write() as tx:
        await people.seed(tx, NOW)
        opened = await publish(tx, "members")
        await waive(tx, opened, "NV06")
        kept = ["all", "members", "party", "officers", f"unfinished:{opened}", "code:NV06+party"]
        assert await recipients.count_each(tx, kept) == {
            each: await audiences.count(tx, each) for each in kept
        }
