from datetime import timedelta
from itertools import product

import pytest

from handlers.evidence import actions
from handlers.kit.errors import RefusedError
from storage import evidence_seals
from storage.evidence_check import Finding, Problem, Verdict
from tests.storage.chain import acknowledge, campaign, tamper
from tests.world import TEXTS, World


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


async def verify(world: World, kept: str | None = None) -> tuple[Verdict, str]:
    async with world.database.read() as tx:
        work = world.work(tx)
        verdict = await actions.verify(work, kept)
        return verdict, actions.describe(work, verdict)


async def test_sealing_goes_batch_by_batch(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "BATCH", 2)
    assert [await seal(world), await seal(world), await seal(world)] == [2, 2, 0]


async def test_intact_evidence_is_said_with_its_head(world: World) -> None:
    await seal(world)
    verdict, words = await verify(world)
    assert "nguyên vẹn: 4 mục" in words
    assert verdict.head in words
    assert "niêm phong đã hơn" not in words
    assert actions.summary(verdict) == {
        "entries": 4,
        "sealed": 4,
        "ok": True,
        "problem": None,
        "broken_at": None,
        "head": verdict.head,
        "backdated": 0,
    }


async def test_what_waits_for_a_seal_is_said(world: World) -> None:
    _, words = await verify(world)
    assert "Còn 4 mục vừa ghi, đang chờ niêm phong" in words
    world.clock.forward(seconds=61)
    _, words = await verify(world)
    assert "Còn 4 mục chưa niêm phong đã hơn một phút" in words


async def test_a_broken_chain_names_the_entry(world: World) -> None:
    await seal(world)
    await tamper(world.database, "UPDATE evidence SET channel = 'x' WHERE id = 2")
    verdict, words = await verify(world)
    assert "Mục minh chứng số 2 đã bị sửa" in words
    assert {"ok": False, "problem": "changed", "broken_at": 2}.items() <= actions.summary(verdict).items()


async def test_a_head_that_was_kept_is_said_to_be_there(world: World) -> None:
    await seal(world)
    head = (await verify(world))[0].head
    verdict, words = await verify(world, head)
    assert verdict.ok
    assert "tại mục thứ 4: từ đầu sổ đến đó không có gì bị viết lại" in words


async def test_the_head_of_an_empty_book_says_nothing_of_what_came_later(world: World) -> None:
    await seal(world)
    verdict, words = await verify(world, evidence_seals.GENESIS)
    assert verdict.ok
    assert "của sổ khi còn trống" in words


async def test_a_head_that_is_gone_is_a_finding(world: World) -> None:
    await seal(world)
    verdict, words = await verify(world, "ab" * 32)
    assert f"dấu niêm phong đã cất ({'ab' * 6}…): sổ đã bị viết lại" in words
    assert {"ok": False, "problem": "rewritten", "broken_at": None}.items() <= actions.summary(
        verdict
    ).items()


@pytest.mark.parametrize("typed", [f"  {'AB' * 32}\n", "ab " * 32, "ab" * 32])
def test_a_head_is_read_as_people_copy_it(typed: str) -> None:
    assert actions.kept_head(typed) == "ab" * 32


@pytest.mark.parametrize("typed", ["", "ab" * 31, "ab" * 33, "xy" * 32, "²" * 64])
def test_what_cannot_be_a_head_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(RefusedError) as error:
        actions.kept_head(typed)
    assert "đủ 64 ký tự" in TEXTS.render(error.value.key)


async def test_a_time_that_goes_back_is_remarked_and_no_failure(world: World) -> None:
    await seal(world)
    async with world.database.write() as tx:
        campaign_id = await campaign(tx, "second")
        for code, minutes in (("NV06", -11), ("NV07", 0), ("NV08", -40)):
            await acknowledge(tx, campaign_id, code, world.clock.now() + timedelta(minutes=minutes))
    await seal(world)
    verdict, words = await verify(world)
    assert "2 mục mang giờ sớm hơn hẳn những mục đứng trước (đầu tiên là mục số 6)" in words
    assert {"ok": True, "backdated": 2}.items() <= actions.summary(verdict).items()


async def test_entries_that_arrive_a_little_late_are_not_remarked(world: World) -> None:
    await seal(world)
    async with world.database.write() as tx:
        campaign_id = await campaign(tx, "second")
        await acknowledge(tx, campaign_id, "NV06", world.clock.now() - evidence_seals.LATEST_ARRIVAL)
    await seal(world)
    verdict, words = await verify(world)
    assert verdict.backdated == 0
    assert "mang giờ sớm hơn" not in words


async def test_every_finding_has_its_words(world: World) -> None:
    async with world.database.read() as tx:
        work = world.work(tx)
        for problem, entry in product(Problem, (12, None)):
            finding = Finding(problem, entry, "NV<07>")
            words = actions.describe(work, Verdict(12, 12, evidence_seals.GENESIS, finding, None))
            assert "bản sao lưu gần nhất" in words
            assert "&lt;" not in words
