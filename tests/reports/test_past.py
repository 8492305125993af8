"""What was reported of the past stays, whatever becomes of people afterwards."""

import random  # noqa: TID251 - seeded, so that a failure can be repeated
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from handlers.campaign import actions as campaign_actions
from handlers.kit import crediting
from handlers.kit.crediting import Case, Officer
from handlers.kit.reports import Report
from handlers.me.actions import withdraw
from storage import announcements, campaigns, consents, coverage, members, study
from storage.campaigns import Campaign
from storage.evidence import Kind
from storage.schema.messages import outbox
from tests.people import FLAGS, person
from tests.reports.scene import CODES, YEAR, Scene, fill
from tests.reports.test_figures import PLAIN, rows, says, values
from tests.study.course import DOCUMENT

AFTER = datetime(YEAR + 1, 1, 5, 2, tzinfo=UTC)
OF_YEAR = ("coverage", "announcements", "meetings", "review")


async def close(scene: Scene, number: int) -> None:
    async with scene.world.database.write() as tx:
        await campaign_actions.close(scene.world.work(tx), await campaign_of(tx, number))


async def campaign_of(tx: Any, number: int) -> Campaign:
    found = await campaigns.by_id(tx, number)
    assert found is not None
    return found


async def enter(scene: Scene, number: int, code: str, kind: Kind | None) -> None:
    """An officer enters something; None: takes back what stands."""
    async with scene.world.database.write() as tx:
        officer = await members.by_code(tx, "BCH02")
        who = await members.by_code(tx, code)
        assert officer is not None
        assert who is not None
        case, work = (
            Case(Officer(officer, "direct"), await campaign_of(tx, number), who),
            scene.world.work(tx),
        )
        if kind is None:
            await crediting.withdraw(work, case, "Nhập nhầm")
        elif kind is Kind.WAIVER:
            entry = await crediting.record(work, case, kind, {}, reason="Nghỉ thai sản")
            await study.waive(tx, number, who.id, work.now, entry)
        else:
            await crediting.credit(work, case, kind, {"day": work.today.isoformat()})


async def withdraw_consent(scene: Scene, code: str) -> None:
    account = await scene.world.link("direct", f"p-{code}", code)
    assert account.member is not None
    async with scene.world.database.write() as tx:
        now = scene.world.clock.now()
        await consents.give(tx, account.member.id, account.id, "0" * 64, now)
        await withdraw(scene.world.work(tx), account.member.id, account.id)


async def import_a_new_roster(scene: Scene, chance: random.Random) -> None:
    """Half of the people go, change their groups or roles, and others come."""
    now = scene.world.clock.now()
    async with scene.world.database.write() as tx:
        groups = list((await members.group_ids(tx)).values())
        changed = chance.sample(CODES, 6)
        await members.mark_left(tx, changed[:2], now)
        moved = [each for each in await members.everybody(tx) if each.code in changed[2:]]
        await members.change(
            tx,
            [
                {
                    "b_id": each.id,
                    "group_id": chance.choice(groups),
                    "is_union_member": chance.random() < 0.5,
                    "changed_at": now,
                    **{flag: chance.random() < 0.4 for flag in FLAGS},
                }
                for each in moved
            ],
        )
        await members.add(
            tx, [person(groups[0], now, code=f"M{each}", name=f"Lê Mới {each}") for each in range(3)]
        )


async def read_late(scene: Scene) -> None:
    """A letter of last year reaches those it hadn't, and one of them takes note."""
    now, late = scene.world.clock.now(), await scene.member_id("NV09")
    missed = (outbox.c.topic == announcements.topic(1), outbox.c.state == "unreachable")
    async with scene.world.database.write() as tx:
        assert await tx.run(update(outbox).where(*missed).values(state="sent", finished_at=now))
        await announcements.note_receipt(tx, 1, late, now)


async def a_year(scene: Scene) -> tuple[int, int]:
    """A campaign that was closed in the year, and one that goes on after it."""
    closed = await fill(scene)
    scene.offer(DOCUMENT, PLAIN)
    going_on = await scene.publish(PLAIN.slug)
    for code in CODES[2:5]:
        await scene.note(going_on, code, "acknowledged_at")
    await enter(scene, going_on, "NV08", Kind.WAIVER)
    await enter(scene, going_on, "NV09", Kind.MAKE_UP)
    scene.world.clock.forward(days=7)
    await close(scene, closed)
    return closed, going_on


async def gathered(scene: Scene, closed: int) -> list[Report]:
    of_campaign = [await scene.gather(each, closed) for each in ("coverage", "missing")]
    return [*of_campaign, *[await scene.gather(each, year=YEAR) for each in OF_YEAR]]


def nameless(report: Report) -> Report:
    """Without when it was made, and whom it names."""
    tables = tuple(
        replace(each, rows=tuple((row[0], row[3]) for row in each.rows)) if each.key == "missing" else each
        for each in report.tables
    )
    return replace(report, made_at=AFTER, notes=(), tables=tables)


@pytest.mark.parametrize("seed", range(2))
async def test_what_was_reported_stays(scene: Scene, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test's dice
    closed, going_on = await a_year(scene)
    scene.world.clock.set(AFTER)
    before = await gathered(scene, closed)
    scene.world.clock.forward(days=1)
    await import_a_new_roster(scene, chance)
    for code in ("NV06", "NV10"):
        await withdraw_consent(scene, code)
    await scene.note(going_on, CODES[0], "acknowledged_at")
    await enter(scene, going_on, CODES[1], Kind.WAIVER)
    await enter(scene, going_on, "NV08", None)
    await enter(scene, going_on, "NV09", None)
    await read_late(scene)
    scene.world.clock.forward(days=1)
    await close(scene, going_on)
    after = await gathered(scene, closed)
    assert [nameless(each) for each in after] == [nameless(each) for each in before]
    named = [row[2] for row in rows(after[1], "missing")]
    assert None in named
    assert not {"Đặng Thu Hà", "Ngô Văn Ước"} & set(named)
    assert says(after[1], "không lưu tên mình nữa")


async def test_a_running_campaign_is_counted_by_the_roster_of_now(scene: Scene) -> None:
    _closed, going_on = await a_year(scene)
    before = values(await scene.gather("coverage", going_on))
    scene.world.clock.forward(minutes=1)
    async with scene.world.database.write() as tx:
        await members.mark_left(tx, ["NV10"], scene.world.clock.now())
    after = values(await scene.gather("coverage", going_on))
    assert (before["in_scope"], after["in_scope"]) == (10, 9)
    # Whoever left counted in the closed one, and counts there still.
    year = await scene.gather("coverage", year=YEAR)
    assert [row[5] for row in rows(year, "campaigns")] == [10, 9]
    assert values(year)["people"] == 10


async def test_of_which_moment_people_are_stands_below(scene: Scene) -> None:
    closed, going_on = await a_year(scene)
    assert says(await scene.gather("coverage", going_on), "có trong danh sách lúc lập báo cáo")
    of_closed = await scene.gather("coverage", closed)
    assert says(
        of_closed, "kết thúc ngày 09/03/2026", "kết thúc lúc 08:30 09/03/2026", "theo danh sách lúc ấy"
    )
    running = await scene.gather("coverage", year=YEAR)
    assert says(running, "số liệu đến ngày 09/03/2026", "danh sách lúc lập báo cáo")
    scene.world.clock.set(AFTER)
    over = await scene.gather("coverage", year=YEAR)
    assert says(over, "số liệu đến ngày 31/12/2026", "theo danh sách lúc hết năm")
    assert says(await scene.gather("review", year=YEAR), "danh sách lúc hết năm", "31/12/2026")
    assert says(await scene.gather("announcements", year=YEAR), "tính đến lúc hết năm")
    assert says(await scene.gather("meetings", year=YEAR), "theo danh sách cuối ngày họp")


async def test_what_officers_enter_after_a_campaign_s_end_corrects_it(scene: Scene) -> None:
    closed, _going_on = await a_year(scene)
    before = values(await scene.gather("coverage", closed))
    scene.world.clock.forward(days=3)
    await enter(scene, closed, "NV10", Kind.MAKE_UP)
    await enter(scene, closed, "BCH02", Kind.ATTENDANCE)
    await enter(scene, closed, "BCH02", None)
    after = values(await scene.gather("coverage", closed))
    assert after == before | {
        "coverage": 50.0,
        "covered": before["covered"] + 1,
        "missing": before["missing"] - 1,
        "credited": 1,
    }
    assert says(await scene.gather("coverage", closed), "sau khi đợt học kết thúc cũng được tính")
    # Entered after the year, it is no figure of the year any more.
    scene.world.clock.set(AFTER)
    [year] = [row for row in rows(await scene.gather("coverage", year=YEAR), "campaigns") if row[0] == closed]
    await enter(scene, closed, "NV08", Kind.MAKE_UP)
    found = rows(await scene.gather("coverage", year=YEAR), "campaigns")
    assert [row for row in found if row[0] == closed] == [year]
    assert values(await scene.gather("coverage", closed))["covered"] == after["covered"] + 1


async def test_a_campaign_that_ended_after_the_year_was_running_in_it(scene: Scene) -> None:
    _closed, going_on = await a_year(scene)
    scene.world.clock.set(AFTER)
    scene.offer(replace(PLAIN, edition=2, title="Nội quy mới"))
    await scene.publish(PLAIN.slug)
    report = await scene.gather("coverage", year=YEAR)
    assert [row[4] for row in rows(report, "campaigns")] == ["Đã đóng", "Đang học"]
    assert (values(report)["campaigns"], values(report)["turns"]) == (2, 20)
    assert not says(report, "còn thay đổi")
    async with scene.world.database.read() as tx:
        assert (await coverage.figures(tx, await campaign_of(tx, going_on))).in_scope == 10


async def test_a_chair_of_last_year_stands_in_its_review(scene: Scene) -> None:
    scene.world.clock.set(AFTER - timedelta(days=10))
    async with scene.world.database.write() as tx:
        found = await members.by_code(tx, "CT01")
        assert found is not None
        now = scene.world.clock.now()
        await members.change(tx, [{"b_id": found.id, "is_cell_committee": True, "changed_at": now}])
    scene.world.clock.set(AFTER)
    async with scene.world.database.write() as tx:
        await members.mark_left(tx, ["CT01"], scene.world.clock.now())
    told = {row[2]: row[3] for row in rows(await scene.gather("review", year=YEAR), "targets")}
    assert told["Nguyễn Thị Ánh tham gia cấp uỷ"] == "Đạt"
    this_year = {row[2] for row in rows(await scene.gather("review", year=YEAR + 1), "targets")}
    assert "Danh sách chưa có chủ tịch" in this_year


async def test_whoever_left_was_invited_to_what_was_held_before(scene: Scene) -> None:
    await scene.meet("NV06", "NV07", audience="group:to hanh chinh")
    scene.world.clock.forward(days=2)
    async with scene.world.database.write() as tx:
        await members.mark_left(tx, ["NV06", "TT04"], scene.world.clock.now())
    report = await scene.gather("meetings", year=YEAR)
    [row] = rows(report, "meetings")
    assert row[0] == date(YEAR, 3, 2)
    assert row[3:] == (4, 1, 25.0, 1)
