"""The program's own work: at the right time, and harmless when it is repeated."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from markupsafe import Markup
from sqlalchemy import func, select

from bot.jobs.evidence import EvidenceRounds
from bot.jobs.rounds import Rounds
from bot.jobs.scheduler import Look, finish, make_scheduler
from bot.system import spawn
from handlers.announce import actions as announce
from handlers.announce.telling import leaders
from handlers.campaign.actions import publish
from storage import announcements, evidence
from storage.database import StorageUnavailableError
from storage.schema.evidence import evidence_seal
from storage.schema.messages import outbox as outbox_table
from storage.signing_keys import SigningKeys
from tests.announce.sending import put_in
from tests.people import LEADER, OTHER_LEADER, WORKER
from tests.world import START, World


def _rounds(world: World) -> Rounds:
    return Rounds(world.database, world.services, world.clock, world.delivery.wake)


async def _count(world: World, table: object) -> int:
    async with world.database.read() as tx:
        return int(await tx.scalar(select(func.count()).select_from(table)))  # type: ignore[arg-type]


async def test_evidence_is_sealed_once(branch_world: World, tmp_path: Path) -> None:
    async with branch_world.database.write() as tx:
        for _ in range(3):
            entry = evidence.NewEvidence(
                kind=evidence.Kind.ACKNOWLEDGEMENT,
                member_id=1,
                actor_id=1,
                campaign_id=None,
                channel="direct",
                at=START,
            )
            await evidence.append(tx, entry)
    keys = SigningKeys(tmp_path)
    rounds = EvidenceRounds(branch_world.database, branch_world.services, branch_world.clock, keys)
    await rounds.seal()
    await rounds.seal()
    assert await _count(branch_world, evidence_seal) == 3


async def test_who_joins_later_gets_the_first_card(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        await publish(branch_world.work(tx), None, "du-lieu-ca-nhan")
    talk = await branch_world.talk(WORKER)
    rounds = _rounds(branch_world)
    for _ in range(2):
        await rounds.first_cards()
        await branch_world.deliver()
    talk.sees("Dữ liệu cá nhân")
    assert len(talk.all) == 1


async def test_a_reminder_comes_on_its_day_once(branch_world: World) -> None:
    talk = await branch_world.talk(WORKER)
    async with branch_world.database.write() as tx:
        work = branch_world.work(tx)
        await publish(work, None, "du-lieu-ca-nhan", deadline=work.today + timedelta(days=10))
    await branch_world.deliver()
    rounds = _rounds(branch_world)
    seen = []
    for _ in range(11 * 4):
        talk.look()
        await rounds.remind()
        await branch_world.deliver()
        if talk.new:
            seen.append(branch_world.work(tx).today - START.date())
        branch_world.clock.forward(hours=6)
    assert [day.days for day in seen] == [3, 7, 9, 10]


async def test_old_things_are_forgotten(branch_world: World) -> None:
    talk = await branch_world.talk(WORKER)
    await talk.says("/menu")
    branch_world.clock.forward(days=400)
    await _rounds(branch_world).tidy()
    assert await _count(branch_world, outbox_table) == 0


async def test_a_job_that_fails_runs_again(capsys: pytest.CaptureFixture[str]) -> None:
    async def fail() -> None:
        raise ZeroDivisionError("words of a person")

    async def wait() -> None:
        raise StorageUnavailableError("locked")

    scheduler = make_scheduler(
        [Look("fail", timedelta(hours=1), fail), Look("wait", timedelta(hours=1), wait)]
    )
    for job in scheduler.get_jobs():
        await job.func()
    printed = "".join(capsys.readouterr())
    assert "ZeroDivisionError" in printed
    assert "words of a person" not in printed
    assert "locked" in printed


async def test_a_job_at_work_comes_to_its_end() -> None:
    begun, may_end, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await may_end.wait()
        ended.set()

    scheduler = make_scheduler([Look("work", timedelta(milliseconds=1), work)])
    scheduler.start()
    await begun.wait()
    ending = spawn(finish(scheduler), "end")
    may_end.set()
    await ending
    assert ended.is_set()


async def test_a_program_that_died_while_it_asked_leaders_asks_the_others_and_nobody_twice(
    branch_world: World,
) -> None:
    talks = [await branch_world.talk(code) for code in (LEADER, OTHER_LEADER)]
    async with branch_world.database.write() as tx:
        work = branch_world.work(tx)
        await announce.announce(work, None, announce.Draft(Markup("Mai họp."), "code:NV06,NV07"))
    await put_in(branch_world)
    async with branch_world.database.write() as tx:
        work = branch_world.work(tx)
        [done] = await announce.done(work)
        await leaders.ask_leaders(work, done)
    rounds = _rounds(branch_world)
    for _ in range(2):
        await rounds.announce()
        await branch_world.deliver()
    for talk in talks:
        assert [shown.text.count("chưa nhận được") for shown in talk.all] == [1]
    async with branch_world.database.read() as tx:
        found = await announcements.by_id(tx, done.id)
    assert found is not None
    assert found.state is announcements.State.SENT
