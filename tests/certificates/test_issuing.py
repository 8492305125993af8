"""Who gets a certificate, when it is another one, and what it says then."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from handlers.certificates import actions, tokens
from handlers.certificates.actions import Printed
from handlers.kit.errors import RefusedError
from storage import campaigns, certificates, members
from storage.campaigns import State
from storage.certificates import Certificate
from storage.schema.studies import study
from tests.certificates.passing import have_passed, id_of, issued, rename
from tests.people import CHAIR, COMMITTEE, LEADER, WORKER
from tests.study.course import DOCUMENT, TITLE, Course, other, publish
from tests.world import World

ADDRESS = "https://chi-nhanh.example/gcn/"


@pytest.fixture
async def course(branch_world: World) -> Course:
    return await publish(branch_world)


async def issue(world: World, code: str) -> Certificate:
    """Of the newest campaign that they have passed."""
    async with world.database.write() as tx:
        passed = await certificates.passed_by(tx, await id_of(tx, code))
        return await actions.issue(world.work(tx), passed[0])


async def issue_all(course: Course) -> list[Certificate]:
    async with course.world.database.write() as tx:
        campaign = await campaigns.by_id(tx, course.campaign_id)
        assert campaign is not None
        return await actions.issue_all(course.world.work(tx), campaign)


async def look_up(world: World, typed: str) -> Printed | None:
    async with world.database.read() as tx:
        return await actions.look_up(world.work(tx), typed)


async def test_it_is_issued_once_and_printed_as_often_as_one_likes(course: Course) -> None:
    world = course.world
    await have_passed(course, WORKER)
    first = await issue(world, WORKER)
    world.clock.forward(days=40)
    assert await issue(world, WORKER) == first
    assert await look_up(world, first.token) == Printed(
        number="1/GCN-CĐCS",
        full_name="Đặng Thu Hà",
        title=TITLE,
        about="số 12-NQ/CĐ ngày 05/01/2026",
        passed_on=date(2026, 3, 2),
        issued_on=date(2026, 3, 2),
        is_valid=True,
    )


async def test_of_two_presses_at_once_both_get_the_same(course: Course) -> None:
    await have_passed(course, WORKER)
    world, begun = course.world, asyncio.Event()

    async def press_slowly() -> Certificate:
        async with world.database.write() as tx:
            [passed] = await certificates.passed_by(tx, await id_of(tx, WORKER))
            made = await actions.issue(world.work(tx), passed)
            begun.set()
            # Till the other one has found none either, and waits.
            await asyncio.sleep(0.2)
            return made

    async def press_meanwhile() -> Certificate:
        await begun.wait()
        return await issue(world, WORKER)

    first, second = await asyncio.gather(press_slowly(), press_meanwhile())
    assert first == second


async def test_the_days_are_those_of_the_branch(course: Course) -> None:
    late = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
    await have_passed(course, WORKER, passed_at=late)
    course.world.clock.set(late)
    found = await look_up(course.world, (await issue(course.world, WORKER)).token)
    assert found is not None
    assert found.passed_on == found.issued_on == date(2026, 3, 3)


@pytest.mark.parametrize("missing", ["acknowledged_at", "passed_at"])
async def test_only_ones_own_acknowledgement_with_the_quiz_is_certified(course: Course, missing: str) -> None:
    now = course.world.clock.now()
    unfinished = {missing: None, "waived_at": now, "credit": "attendance", "credited_at": now}
    await have_passed(course, WORKER, **unfinished)
    async with course.world.database.read() as tx:
        assert await certificates.passed_by(tx, await id_of(tx, WORKER)) == []
    with pytest.raises(RefusedError, match="nobody"):
        await issue_all(course)


async def test_everybody_who_passed_by_group_and_name(course: Course) -> None:
    await have_passed(course, WORKER, CHAIR, COMMITTEE, LEADER)
    early = await issue(course.world, LEADER)
    # Hành chính: Ánh, Hà, Hoa; then Nghiệp vụ: Bình. Whoever had theirs before keeps its number.
    found = await issue_all(course)
    assert [(each.code, each.number) for each in found] == [
        (CHAIR, 2),
        (WORKER, 3),
        (LEADER, early.number),
        (COMMITTEE, 4),
    ]
    assert await issue_all(course) == found
    assert len({each.token for each in found}) == len(found)


async def test_who_left_keeps_it_and_is_not_printed_with_the_others(course: Course) -> None:
    world = course.world
    await have_passed(course, WORKER, CHAIR)
    theirs = await issue(world, WORKER)
    async with world.database.write() as tx:
        await members.mark_left(tx, [WORKER], world.clock.now())
    assert [each.code for each in await issue_all(course)] == [CHAIR]
    found = await look_up(world, theirs.token)
    assert found is not None
    assert found.is_valid
    assert await issue(world, WORKER) == theirs


async def test_a_corrected_name_is_printed_and_a_corrected_document_is_not(course: Course) -> None:
    world = course.world
    await have_passed(course, WORKER)
    before = await issue(world, WORKER)
    await rename(world, WORKER, "Đặng Thu Hạ")
    found = await look_up(world, before.token)
    # The paper that was handed out still says what its page says.
    assert found is not None
    assert found.full_name == "Đặng Thu Hà"
    await course.correct(replace(DOCUMENT, title="Tên mới"))
    again = await issue(world, WORKER)
    assert again == replace(before, full_name="Đặng Thu Hạ", title="Tên mới")
    found = await look_up(world, before.token)
    assert found is not None
    assert (found.full_name, found.title) == ("Đặng Thu Hạ", TITLE)


@pytest.mark.parametrize("state", [State.CLOSED, State.SUPERSEDED])
async def test_what_was_passed_is_certified_also_when_the_campaign_is_over(
    course: Course, state: State
) -> None:
    await have_passed(course, WORKER)
    before = await issue(course.world, WORKER)
    await course.end(state)
    await have_passed(await publish(course.world, other(DOCUMENT, "hai", "Hai")), CHAIR)
    assert await issue(course.world, WORKER) == before
    found = await look_up(course.world, before.token)
    assert found is not None
    assert found.is_valid


# Revoked ones.


async def _revoke(world: World, number: int, reason: str) -> Certificate:
    async with world.database.write() as tx:
        return await actions.revoke(world.work(tx), number, reason)


async def test_a_revoked_one_says_so_until_that_was_the_mistake(course: Course) -> None:
    world = course.world
    await have_passed(course, WORKER, CHAIR)
    found = await issue(world, WORKER)
    revoked = await _revoke(world, found.number, "  Người khác\nlàm bài hộ ")
    assert (revoked.is_valid, revoked.reason) == (False, "Người khác làm bài hộ")
    printed = await look_up(world, found.token)
    assert printed is not None
    assert not printed.is_valid
    with pytest.raises(RefusedError, match="revoked"):
        await issue(world, WORKER)
    assert [each.code for each in await issue_all(course)] == [CHAIR]
    async with world.database.write() as tx:
        assert await actions.restore(world.work(tx), found.number) == found
    assert await issue(world, WORKER) == found


async def test_revoking_needs_a_reason_and_a_number_that_is_there(course: Course) -> None:
    await have_passed(course, WORKER)
    found = await issue(course.world, WORKER)
    for reason in ("", "\n \u200b", "x" * 301):
        with pytest.raises(RefusedError, match="reason_length"):
            await _revoke(course.world, found.number, reason)
    with pytest.raises(RefusedError, match="no_number"):
        await _revoke(course.world, 99, "Cấp nhầm")
    assert await issued(course.world) == [found]


async def test_it_does_not_hold_without_the_study_that_it_certifies(course: Course) -> None:
    await have_passed(course, WORKER)
    found = await issue(course.world, WORKER)
    async with course.world.database.write() as tx:
        await tx.run(study.update().values(passed_at=None))
    printed = await look_up(course.world, found.token)
    assert printed is not None
    assert not printed.is_valid


# Its token.


async def test_the_token_is_read_however_it_is_typed(course: Course) -> None:
    await have_passed(course, WORKER)
    token = (await issue(course.world, WORKER)).token
    assert re.fullmatch("[2-9A-HJKMNP-TV-Z]{28}", token)
    shown = tokens.address(course.world.services.public_url, token).removeprefix(ADDRESS)
    assert re.fullmatch("(?:[^-]{4}-){6}[^-]{4}", shown)
    for typed in (token, shown, shown.lower(), f" {shown.replace('-', ' – ')} "):
        assert await look_up(course.world, typed) is not None, typed
    for typed in (
        "",
        "-",
        token[:-1],
        f"{token}2",
        f"0{token[1:]}",
        f"{token[1:]}é",
        "a" * 9999,
    ):
        assert await look_up(course.world, typed) is None, typed


async def test_tokens_are_looked_up_by_a_digest(course: Course) -> None:
    await have_passed(course, WORKER)
    token = (await issue(course.world, WORKER)).token
    async with course.world.database.read() as tx:
        assert await certificates.find(tx, token) is None
        assert await certificates.find(tx, tokens.digest(token)) is not None
