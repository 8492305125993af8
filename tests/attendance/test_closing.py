"""Closing, correcting, and what study meetings lead to."""

import asyncio
import json
from typing import Any

from sqlalchemy import select

from handlers.campaign import actions as campaign_actions
from handlers.campaign import entries as campaign_entries
from handlers.kit.crediting import Case, Officer
from handlers.kit.sittings import Sitting
from storage import attendance, campaigns, evidence_check, meeting_dates, study
from storage.campaigns import State
from storage.evidence import Kind
from storage.meetings import Kind as MeetingKind
from storage.schema.evidence import evidence
from storage.schema.meetings import meeting_attendance
from tests.attendance.holding import code_of, hold, person
from tests.attendance.test_roll import enter, open_list, press
from tests.people import CHAIR, COMMITTEE, LEADER, PEOPLE, WORKER
from tests.talk import Talk
from tests.world import World

SLUG = "nghi-quyet-02"


async def entries(world: World) -> list[tuple[str, int, dict[str, Any]]]:
    """What was entered about people."""
    columns = (evidence.c.kind, evidence.c.member_id, evidence.c.details)
    async with world.database.read() as tx:
        rows = await tx.all(select(*columns).where(evidence.c.member_id.is_not(None)).order_by(evidence.c.id))
        assert (await evidence_check.verify(tx, world.clock.now())).finding is None
    return [(row.kind, row.member_id, json.loads(row.details)) for row in rows]


async def lesson(world: World, *, audience: str = "all", **values: Any) -> Sitting:
    """A study meeting of a published document."""
    async with world.database.write() as tx:
        published = await campaign_actions.publish(world.work(tx), None, SLUG, audience=audience)
    [sitting] = await hold(world, kind=MeetingKind.STUDY, campaign=published.campaign, **values)
    return sitting


async def close(talk: Talk) -> None:
    await open_list(talk)
    await talk.taps("Chốt điểm danh")
    await talk.taps("Chốt, không")


async def covered(world: World, code: str) -> str | None:
    member = await person(world, code)
    async with world.database.read() as tx:
        return (await study.progress(tx, 1, member.id)).credit


async def test_after_closing_nobody_checks_in_or_is_ticked_off(branch_world: World) -> None:
    [sitting] = await hold(branch_world)
    await enter(branch_world, sitting.id, WORKER)
    chair, late = await branch_world.talk(CHAIR), await branch_world.talk("NV07")
    await open_list(chair)
    await chair.taps("Chốt điểm danh")
    chair.sees("Chốt điểm danh", "Có mặt 1/10", "chỉ chủ tịch sửa được")
    chair.misses("minh chứng")
    await chair.taps("Chốt, không")
    chair.sees("Đã chốt điểm danh", "có mặt 1/10")
    await late.says(code_of(branch_world, sitting))
    late.sees("đã đóng", "nhờ người tổ chức")
    member = await person(branch_world, "NV07")
    committee = await branch_world.talk(COMMITTEE)
    for action in ("tick", "untick"):
        await press(committee, action, sitting.id, member.id, "absent", 0)
        committee.sees("đã chốt nên không ghi thêm được")
    await press(committee, "close_now", sitting.id)
    committee.sees("đã chốt")
    await press(committee, "correct", sitting.id, member.id)
    committee.sees("chỉ chủ tịch công đoàn sửa được")
    await press(chair, "correct", sitting.id, 999)
    chair.sees("Nút này đã cũ")
    await press(committee, "list", sitting.id, "absent", 0)
    committee.sees("đã chốt lúc 08:30 02/03/2026")
    assert [label for label in committee.buttons if label.startswith(("☐", "✎"))] == []


async def test_it_is_not_closed_before_it_opens(branch_world: World) -> None:
    [sitting] = await hold(branch_world, begins_in=31)
    chair = await branch_world.talk(CHAIR)
    await open_list(chair)
    await chair.taps("Chốt điểm danh")
    await chair.taps("Chốt, không")
    chair.sees("chưa chốt được", "08:31")
    await press(chair, "tick", sitting.id, 1, "absent", 0)
    chair.sees("chưa ghi", "08:31")


async def test_a_cancelled_date_takes_nothing(branch_world: World) -> None:
    [sitting] = await hold(branch_world)
    async with branch_world.database.write() as tx:
        await meeting_dates.change_date(tx, sitting.id, branch_world.clock.now(), is_cancelled=True)
    chair = await branch_world.talk(CHAIR)
    for action, arguments in (("tick", (1, "absent", 0)), ("untick", (1, "absent", 0)), ("close_now", ())):
        await press(chair, action, sitting.id, *arguments)
        chair.sees("đã huỷ nên không điểm danh")


async def test_the_chair_corrects_with_a_reason(branch_world: World) -> None:
    [sitting] = await hold(branch_world)
    await enter(branch_world, sitting.id, WORKER)
    chair = await branch_world.talk(CHAIR)
    await close(chair)
    await chair.taps("‹ Về danh sách")
    await chair.taps("Xem người có mặt")
    await chair.taps("✎ Đặng Thu Hà")
    chair.sees("Đặng Thu Hà không có mặt", "viết lý do")
    await chair.sends("sticker")
    chair.sees("viết lý do")
    await chair.says("ơ")
    chair.sees("từ 5 đến 300 ký tự")
    await chair.says("về trước khi họp")
    chair.sees("Đã sửa: Đặng Thu Hà không có mặt")
    await chair.taps("‹ Về danh sách")
    chair.sees("Có mặt: 0/10", "Đặng Thu Hà (NV06, Tổ Hành chính) · sửa: về trước khi họp")
    await chair.taps("✎ Đặng Thu Hà")
    await chair.says("nhầm người, có dự")
    chair.sees("Đã sửa: Đặng Thu Hà có mặt")
    async with branch_world.database.read() as tx:
        [row] = await tx.all(select(meeting_attendance))
    assert (row.is_present, row.how, row.note) == (True, "officer", "nhầm người, có dự")


async def test_going_back_asks_for_no_reason_any_more(branch_world: World) -> None:
    [sitting] = await hold(branch_world)
    await enter(branch_world, sitting.id, WORKER)
    chair = await branch_world.talk(CHAIR)
    await close(chair)
    member = await person(branch_world, WORKER)
    await press(chair, "correct", sitting.id, member.id)
    await chair.taps("‹ Về danh sách")
    await chair.says("một câu không liên quan")
    chair.misses("Đã sửa")


async def test_what_was_corrected_in_between_is_not_turned_back(branch_world: World) -> None:
    [sitting] = await hold(branch_world)
    await enter(branch_world, sitting.id, WORKER)
    await branch_world.link("direct", "second", CHAIR)
    first, second = await branch_world.talk(CHAIR), branch_world.stranger("second")
    await close(first)
    member = await person(branch_world, WORKER)
    for talk in (first, second):
        await press(talk, "correct", sitting.id, member.id)
    await first.says("không thấy ở đó")
    await second.says("không thấy ở đó")
    second.sees("Vừa có người sửa mục này rồi")


async def test_corrected_twice_at_once_it_is_turned_round_once(branch_world: World) -> None:
    [sitting] = await hold(branch_world)
    everybody = [code for code, *_ in PEOPLE]
    await enter(branch_world, sitting.id, *everybody)
    await branch_world.link("direct", "second", CHAIR)
    first, second = await branch_world.talk(CHAIR), branch_world.stranger("second")
    await close(first)
    for code in everybody:
        member = await person(branch_world, code)
        for talk in (first, second):
            await press(talk, "correct", sitting.id, member.id)
        await asyncio.gather(*(talk.says("không thấy ở đó") for talk in (first, second)))
    async with branch_world.database.read() as tx:
        assert await attendance.present_ids(tx, sitting.id) == []


async def test_a_study_meeting_is_studying(branch_world: World) -> None:
    sitting = await lesson(branch_world)
    await enter(branch_world, sitting.id, WORKER, "NV07", LEADER)
    officer = Officer(await person(branch_world, CHAIR), "direct")
    async with branch_world.database.write() as tx:
        work, lesson_of = branch_world.work(tx), await campaigns.by_id(tx, 1)
        assert lesson_of is not None
        await campaign_entries.waive(
            work, Case(officer, lesson_of, await person(branch_world, LEADER)), "nghỉ ốm"
        )
    chair = await branch_world.talk(CHAIR)
    await open_list(chair)
    await chair.taps("Chốt điểm danh")
    chair.sees("Người có mặt sẽ được ghi đã dự học")
    await chair.taps("Chốt, không")
    chair.sees("cho 2 người", "Còn phải học: 7 người", "• Trần Văn Bình (BCH02)")
    chair.misses("• Đặng Thu Hà")
    details = {"day": "2026-03-02", "meeting": sitting.id}
    ids = [(await person(branch_world, code)).id for code in (WORKER, "NV07")]
    found = [entry for entry in await entries(branch_world) if entry[0] == Kind.ATTENDANCE]
    assert found == [(Kind.ATTENDANCE, each, details) for each in ids]
    assert await covered(branch_world, WORKER) == "attendance"
    await chair.taps("‹ Về danh sách")
    chair.sees("Còn phải học")


async def test_what_enters_evidence_is_not_closed_by_a_leader(branch_world: World) -> None:
    sitting = await lesson(branch_world, organiser=LEADER)
    await enter(branch_world, sitting.id, WORKER)
    leader = await branch_world.talk(LEADER)
    for action in ("close", "close_now"):
        await press(leader, action, sitting.id)
        leader.sees("nhờ ban chấp hành chốt")
    assert await entries(branch_world) == []
    committee = await branch_world.talk(COMMITTEE)
    await press(committee, "close_now", sitting.id)
    committee.sees("cho 1 người")


async def test_a_make_up_is_entered_as_one_and_once_only(branch_world: World) -> None:
    first = await lesson(branch_world, title="Buổi học")
    await enter(branch_world, first.id, WORKER)
    chair = await branch_world.talk(CHAIR)
    await close(chair)
    branch_world.clock.forward(days=1)
    [second] = await hold(branch_world, kind=MeetingKind.STUDY, campaign=1, is_make_up=True, title="Học bù")
    await enter(branch_world, second.id, WORKER, "NV07")
    await close(chair)
    chair.sees("học bù", "cho 1 người")
    assert [(kind, details["meeting"]) for kind, _, details in await entries(branch_world)] == [
        (Kind.ATTENDANCE, first.id),
        (Kind.MAKE_UP, second.id),
    ]
    assert await covered(branch_world, "NV07") == "make_up"
    # What the first one led to isn't the second one's to take back.
    await press(chair, "correct", second.id, (await person(branch_world, WORKER)).id)
    await chair.says("không dự buổi này")
    assert await covered(branch_world, WORKER) == "attendance"


async def test_corrections_withdraw_and_enter_evidence(branch_world: World) -> None:
    sitting = await lesson(branch_world)
    await enter(branch_world, sitting.id, WORKER)
    chair = await branch_world.talk(CHAIR)
    await close(chair)
    worker, other = await person(branch_world, WORKER), await person(branch_world, "NV07")
    await press(chair, "correct", sitting.id, worker.id)
    chair.sees("Minh chứng học của người này sẽ được sửa theo")
    await chair.says("về sớm, chưa học")
    assert await covered(branch_world, WORKER) is None
    await press(chair, "correct", sitting.id, other.id)
    await chair.says("quên ghi tên")
    assert await covered(branch_world, "NV07") == "attendance"
    assert [(kind, member) for kind, member, _ in await entries(branch_world)] == [
        (Kind.ATTENDANCE, worker.id),
        (Kind.WITHDRAWAL, worker.id),
        (Kind.ATTENDANCE, other.id),
    ]


async def test_only_people_of_the_campaign_are_entered(branch_world: World) -> None:
    sitting = await lesson(branch_world, audience=f"code:{WORKER}")
    await enter(branch_world, sitting.id, WORKER, "NV07")
    chair = await branch_world.talk(CHAIR)
    await close(chair)
    chair.sees("cho 1 người", "Mọi người được mời đã học xong")
    await press(chair, "correct", sitting.id, (await person(branch_world, "NV08")).id)
    await chair.says("có mặt từ đầu")
    chair.sees("có mặt")
    assert await covered(branch_world, "NV08") is None


async def test_a_document_with_a_new_edition_takes_nothing(branch_world: World) -> None:
    sitting = await lesson(branch_world)
    await enter(branch_world, sitting.id, WORKER)
    async with branch_world.database.write() as tx:
        assert await campaigns.close(tx, 1, State.SUPERSEDED, branch_world.clock.now())
    chair = await branch_world.talk(CHAIR)
    await close(chair)
    chair.sees("đã có bản mới nên không ghi minh chứng")
    assert await entries(branch_world) == []
