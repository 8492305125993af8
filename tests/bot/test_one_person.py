"""One person on several channels is sent each thing once, by whichever of them takes it."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from bot.channels.closed import Closed
from bot.delivery.receipts import Receipts
from handlers.kit import sending
from handlers.kit.channel import NotNow, Outgoing, Receipt, Rejected, RetryAt, Unknown, Unreachable
from storage import accounts, delivery, members, preferences, recipients
from storage.database import Database
from storage.schema.messages import outbox
from storage.schema.people import account, member
from tests import people
from tests.announce.sending import put_in, send
from tests.announce.test_actions import announced, figures
from tests.campaign.branch import open_office
from tests.meetings.calling import called
from tests.meetings.delivering import carry_out
from tests.people import CHAIR, WORKER
from tests.world import DirectChannel, SeededChance, SetClock, World

CHANNELS = ("telegram", "zalo_bot", "zalo_oa")
MANY = 200
REFUSALS: tuple[Receipt, ...] = (Unreachable("blocked"), Unreachable("window"), NotNow("budget"))


class Refusing(DirectChannel):
    """Answers everything at these addresses with one refusal, and now and then asks to wait first."""

    def __init__(self, name: str, refused: dict[str, Receipt]) -> None:
        super().__init__()
        self.name = name
        self.refused = refused
        self.to_wait: set[str] = set()

    async def push(self, outgoing: Outgoing) -> Receipt:
        if outgoing.address in self.to_wait:
            self.to_wait.remove(outgoing.address)
            return RetryAt(timedelta(seconds=1), "429")
        return self.refused.get(outgoing.address) or await super().push(outgoing)


class Several:
    """A branch on three channels; what reached whom is asked by people's addresses, the same on each."""

    def __init__(self, database: Database, clock: SetClock, refused: dict[str, dict[str, Receipt]]) -> None:
        self.channels = {name: Refusing(name, refused.get(name, {})) for name in CHANNELS}
        self.world = World(database, clock, *self.channels.values())

    async def link(self, code: str) -> None:
        """The first of the channels is linked first."""
        for name in CHANNELS:
            await self.world.link(name, code, code)
            self.world.clock.forward(minutes=1)

    async def prefer(self, code: str, channel: str) -> None:
        async with self.world.database.write() as tx:
            found = await members.by_code(tx, code)
            assert found is not None
            await preferences.set_channel(tx, found.id, channel, self.world.clock.now())

    def got(self, code: str) -> dict[str, int]:
        """How many messages by which channel."""
        boxes = {name: each.boxes.get(code, {}) for name, each in self.channels.items()}
        return {name: len(box) for name, box in boxes.items() if box}

    async def send_all(self) -> None:
        """Also what had to wait."""
        for _ in range(3):
            await self.world.deliver()
            await send(self.world)
            self.world.clock.forward(seconds=2)


@pytest.fixture
async def several(database: Database, clock: SetClock) -> Several:
    made = Several(database, clock, {})
    await made.world.start()
    async with database.write() as tx:
        await people.seed(tx, clock.now())
    return made


async def _crowd(branch: Several) -> list[str]:
    """The codes of `MANY` people who have an account on each channel; a third chose one of them."""
    now, codes = branch.world.clock.now(), [f"M{number}" for number in range(MANY)]
    async with branch.world.database.write() as tx:
        await members.add_groups(tx, [("Tổ", "to")])
        [group] = (await members.group_ids(tx)).values()
        await members.add(tx, [people.person(group, now, code=code, name=code) for code in codes])
        found = {row.code: row.id for row in await tx.all(select(member.c.code, member.c.id))}
        rows = [
            {"channel": name, "address": code, "member_id": found[code], "linked_at": now, "created_at": now}
            for name in CHANNELS
            for code in codes
        ]
        await tx.run_many(insert(account), rows)
        for number, code in enumerate(codes[::3]):
            await preferences.set_channel(tx, found[code], CHANNELS[number % 3], now)
    return codes


@pytest.mark.parametrize("seed", [1, 2])
async def test_of_many_on_three_channels_nobody_is_lost_and_nobody_sent_it_twice(
    database: Database, clock: SetClock, seed: int
) -> None:
    """Each account refuses everything with an even chance: about one in eight can't be reached at all."""
    chance = SeededChance(seed)
    branch = Several(database, clock, {})
    await branch.world.start()
    codes = await _crowd(branch)
    for each in branch.channels.values():
        each.refused = {code: REFUSALS[chance.below(3)] for code in codes if chance.below(2)}
        each.to_wait = {code for code in codes if chance.below(4) == 0}
    in_reach = {code for code in codes if any(code not in each.refused for each in branch.channels.values())}
    async with database.write() as tx:
        work = branch.world.work(tx)
        rows = await tx.all(select(member.c.id))
        found = await recipients.these(tx, [row.id for row in rows])
        letters = [
            (sending.Recipient(each.member_id, each.account_id), work.reply("home/group")) for each in found
        ]
        assert await sending.push(work, "probe:1", letters) == MANY
    made = await announced(branch.world, audience="all")
    await put_in(branch.world)
    await branch.send_all()
    assert {code for code in codes if branch.got(code)} == in_reach
    # The push and the announcement, each by one channel.
    assert {sum(branch.got(code).values()) for code in in_reach} == {2}
    shown = await figures(branch.world, made.id)
    assert (shown.recipients, shown.sent, shown.unreachable) == (MANY, len(in_reach), MANY - len(in_reach))
    async with database.read() as tx:
        states = Counter(
            row.state for row in await tx.all(select(outbox.c.state).where(outbox.c.topic == "probe:1"))
        )
    assert states == {"sent": len(in_reach), "unreachable": MANY - len(in_reach)}


async def test_the_preferred_channel_first_then_the_latest_then_the_other(several: Several) -> None:
    await several.link(WORKER)
    await several.prefer(WORKER, "zalo_bot")
    await announced(several.world, audience=f"code:{WORKER}")
    await put_in(several.world)
    await several.send_all()
    assert several.got(WORKER) == {"zalo_bot": 1}
    several.channels["zalo_bot"].refused = {WORKER: Unreachable("window")}
    several.channels["zalo_oa"].refused = {WORKER: NotNow("budget")}
    await announced(several.world, audience=f"code:{WORKER}")
    await put_in(several.world)
    await several.send_all()
    assert several.got(WORKER) == {"zalo_bot": 1, "telegram": 1}
    assert await _lost(several) == {"zalo_bot": "window"}


async def test_a_channel_that_was_turned_off_marks_nobody_and_holds_nothing_up(several: Several) -> None:
    await several.link(WORKER)
    await several.world.link("zalo_oa", CHAIR, CHAIR)
    several.channels["zalo_oa"].push = Closed("zalo_oa").push  # type: ignore[method-assign]
    made = await announced(several.world, audience=f"code:{WORKER},{CHAIR}")
    await put_in(several.world)
    await several.send_all()
    assert several.got(WORKER) == {"zalo_bot": 1}
    shown = await figures(several.world, made.id)
    assert (shown.sent, shown.unreachable, await _lost(several)) == (1, 1, {})


async def _lost(branch: Several) -> dict[str, str]:
    async with branch.world.database.read() as tx:
        rows = await tx.all(select(account.c.channel, account.c.unreachable))
    return {row.channel: row.unreachable for row in rows if row.unreachable}


async def test_what_is_refused_for_good_is_tried_on_the_others_and_then_has_failed(several: Several) -> None:
    await several.link(WORKER)
    several.channels["zalo_oa"].refused = {WORKER: Rejected("400")}
    await announced(several.world, audience=f"code:{WORKER}")
    await put_in(several.world)
    await several.send_all()
    assert several.got(WORKER) == {"zalo_bot": 1}
    for channel in several.channels.values():
        channel.refused = {WORKER: Rejected("400")}
    made = await announced(several.world, audience=f"code:{WORKER}")
    await put_in(several.world)
    await several.send_all()
    assert several.got(WORKER) == {"zalo_bot": 1}
    assert (await figures(several.world, made.id)).failed == 1
    assert await _lost(several) == {}


async def test_what_went_without_an_answer_is_sent_by_no_other_channel(several: Several) -> None:
    await several.link(WORKER)
    several.channels["zalo_oa"].receipts = [Unknown("timeout"), Unreachable("blocked")]
    made = await announced(several.world, audience=f"code:{WORKER}")
    await put_in(several.world)
    await several.send_all()
    several.world.clock.forward(minutes=2)
    await several.send_all()
    assert several.got(WORKER) == {}
    assert (await figures(several.world, made.id)).unreachable == 1


async def test_invitations_to_study_go_by_what_is_left(several: Several) -> None:
    office = open_office(several.world)
    await several.link(WORKER)
    several.channels["zalo_oa"].refused = {WORKER: NotNow("budget")}
    await office.publish(audience=f"code:{WORKER}")
    await several.send_all()
    assert several.got(WORKER) == {"zalo_bot": 1}
    assert set((await office.letters("study:1:first")).values()) == {"sent"}


async def test_letters_about_meetings_go_by_what_is_left(several: Several) -> None:
    await several.link(WORKER)
    several.channels["zalo_oa"].refused = {WORKER: NotNow("budget")}
    await called(several.world, CHAIR, audience=f"code:{WORKER}")
    await carry_out(several.world)
    assert several.got(WORKER) == {"zalo_bot": 1}


async def test_accounts_lost_together_take_nothing_from_each_other(several: Several) -> None:
    """What one of them refused isn't tried on the other, whose refusal is written with it."""
    await several.link(WORKER)
    receipts = Receipts(several.world.database)
    async with several.world.database.write() as tx:
        work = several.world.work(tx)
        found = await members.by_code(tx, WORKER)
        assert found is not None
        for each in await accounts.of_member(tx, found.id):
            to = sending.Recipient(found.id, each.id)
            await sending.push(work, f"probe:{each.channel}", [(to, work.reply("home/group"))])
        batch = await delivery.claim(tx, CHANNELS, 10, work.now)
    for claimed in batch.to_send:
        receipts.add(claimed, Unreachable("blocked"), several.world.clock.now())
    await receipts.flush()
    async with several.world.database.read() as tx:
        assert {row.state for row in await tx.all(select(outbox.c.state))} == {"unreachable"}
