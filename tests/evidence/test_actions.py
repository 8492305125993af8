from itertools import product

import pytest

from handlers.evidence import actions
from storage import evidence
from storage.evidence_check import Finding, Problem, Verdict
from tests.storage.chain import acknowledge, campaign, tamper
from tests.world import World


@pytest.fixture
async def world(branch_world: World) -> World:
    """Three people acknowledged a moment ago."""
    async with branch_world.database.write() as tx:
        campaign_id = await campaign(tx)
        for code in ("NV06", "NV07", "NV08"):
            await acknowledge(tx, campaign_id, code, branch_world.clock.now())
    return branch_world


async def seal(world: World) -> int:
    async with world.database.write() as tx:
        return await actions.seal(world.work(tx))


async def verify(world: World) -> tuple[Verdict, str]:
    async with world.database.read() as tx:
        work = world.work(tx)
        verdict = await actions.verify(work)
        return verdict, actions.describe(work, verdict)


async def test_sealing_goes_batch_by_batch(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "BATCH", 2)
    assert [await seal(world), await seal(world), await seal(world)] == [2, 1, 0]


async def test_intact_evidence_is_said_with_its_head(world: World) -> None:
    await seal(world)
    verdict, words = await verify(world)
    assert "nguyên vẹn: 3 mục" in words
    assert verdict.head in words
    assert "niêm phong đã hơn" not in words
    assert actions.summary(verdict) == {
        "entries": 3,
        "sealed": 3,
        "ok": True,
        "problem": None,
        "broken_at": None,
        "head": verdict.head,
    }


async def test_what_waits_for_a_seal_is_said(world: World) -> None:
    _, words = await verify(world)
    assert "Còn 3 mục vừa ghi, đang chờ niêm phong" in words
    world.clock.forward(seconds=61)
    _, words = await verify(world)
    assert "Còn 3 mục chưa niêm phong đã hơn một phút" in words


async def test_a_broken_chain_names_the_entry(world: World) -> None:
    await seal(world)
    await tamper(world.database, "UPDATE evidence SET channel = 'x' WHERE id = 2")
    verdict, words = await verify(world)
    assert "Mục minh chứng số 2 đã bị sửa" in words
    assert {"ok": False, "problem": "changed", "broken_at": 2}.items() <= actions.summary(verdict).items()


async def test_every_finding_has_its_words(world: World) -> None:
    async with world.database.read() as tx:
        work = world.work(tx)
        for problem, entry in product(Problem, (12, None)):
            finding = Finding(problem, entry, "NV<07>")
            words = actions.describe(work, Verdict(12, 12, evidence.GENESIS, finding, None))
            assert "bản sao lưu gần nhất" in words
            assert "&lt;" not in words
