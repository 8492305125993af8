"""Agendas and minutes: who attaches, who opens, and who is told."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.jobs.carrier import Carrier
from handlers.attendance import papers
from handlers.kit.markup import plain
from handlers.kit.sittings import Sitting
from storage import jobs, meeting_files, members
from storage.jobs import Job
from storage.schema.messages import attachment
from tests.attendance.holding import TITLE, hold, person
from tests.attendance.test_roll import open_list, press
from tests.jobs.occasions import deliver
from tests.people import CHAIR, LEADER, OTHER_LEADER, WORKER
from tests.talk import Talk
from tests.world import START, World

PDF = b"%PDF-1.7 minutes"
NOT_INVITED = "không có trong danh sách đó"


async def attach(talk: Talk, button: str = "Đính kèm biên bản buổi này", content: bytes = PDF) -> None:
    await talk.taps("Biên bản, tài liệu")
    await talk.taps(button)
    talk.sees("gửi vào đây tệp")
    await talk.sends_file("Biên bản.pdf", "application/pdf", content)


@pytest.fixture
async def sitting(branch_world: World) -> Sitting:
    [held] = await hold(branch_world, organiser=LEADER, audience="group:to hanh chinh")
    return held


@pytest.fixture
async def leader(branch_world: World, sitting: Sitting) -> Talk:
    assert sitting.id
    talk = await branch_world.talk(LEADER)
    await open_list(talk)
    return talk


async def planned(world: World) -> list[Job]:
    async with world.database.read() as tx:
        return await jobs.waiting(tx, 10)


async def test_minutes_are_attached_and_opened_by_whoever_is_invited(
    branch_world: World, sitting: Sitting, leader: Talk
) -> None:
    await leader.taps("Biên bản, tài liệu")
    leader.sees("Chưa có biên bản")
    await leader.taps("‹ Về danh sách")
    await attach(leader)
    leader.sees("Đã đính kèm Biên bản.pdf", "báo một lần", "• Biên bản: Biên bản.pdf")
    worker = await branch_world.talk(WORKER)
    await press(worker, "files", sitting.id)
    worker.sees(TITLE, "Biên bản.pdf")
    assert worker.buttons == ["📄 Biên bản.pdf"]
    await worker.taps("📄")
    assert worker.files == [("Biên bản.pdf", PDF)]


async def test_whoever_is_not_invited_opens_nothing(
    branch_world: World, sitting: Sitting, leader: Talk
) -> None:
    await attach(leader)
    for code in ("NV07", OTHER_LEADER):
        talk = await branch_world.talk(code)
        for action, number in (("file", 1), ("files", sitting.id)):
            await press(talk, action, number)
            talk.sees(NOT_INVITED)
            assert talk.files == []
    chair = await branch_world.talk(CHAIR)
    await press(chair, "file", 1)
    assert chair.files == [("Biên bản.pdf", PDF)]


async def test_the_invitation_of_this_moment_counts(branch_world: World, leader: Talk) -> None:
    await attach(leader)
    worker = await branch_world.talk(WORKER)
    await press(worker, "file", 1)
    assert worker.files
    member, other = await person(branch_world, WORKER), await person(branch_world, "NV07")
    async with branch_world.database.write() as tx:
        await members.change(tx, [{"b_id": member.id, "group_id": other.group_id}])
    await press(worker, "file", 1)
    worker.sees(NOT_INVITED)
    assert worker.files == []


async def test_a_wrong_file_is_replaced_and_kept_nowhere(
    branch_world: World, sitting: Sitting, leader: Talk
) -> None:
    await attach(leader, content=b"the wrong one")
    await leader.taps("Thay: Biên bản.pdf")
    leader.sees("thay cho tệp cũ")
    await leader.says("đợi chút")
    leader.sees("thay cho tệp cũ")
    await leader.sends_file("Biên bản đúng.pdf", "application/pdf", PDF)
    leader.sees("Đã thay bằng Biên bản đúng.pdf")
    worker = await branch_world.talk(WORKER)
    await press(worker, "file", 1)
    assert worker.files == [("Biên bản đúng.pdf", PDF)]
    async with branch_world.database.read() as tx:
        kept = [row.content for row in await tx.all(select(attachment.c.content))]
        [file] = await meeting_files.of_date(tx, sitting.meeting.id, sitting.id)
    assert kept == [PDF]
    assert file.id == 1
    assert [each.key for each in await planned(branch_world)] == ["minutes:1"]


async def test_a_file_is_taken_away_after_a_question(branch_world: World, leader: Talk) -> None:
    await attach(leader)
    await leader.taps("Gỡ: Biên bản.pdf")
    leader.sees("Gỡ tệp", "không ai mở được nữa")
    await leader.taps("Gỡ tệp này")
    leader.sees("Chưa có biên bản", "Đã gỡ tệp")
    worker = await branch_world.talk(WORKER)
    await press(worker, "file", 1)
    worker.sees("đã được gỡ")
    assert await planned(branch_world) == []
    async with branch_world.database.read() as tx:
        assert await tx.all(select(attachment.c.id)) == []


async def test_an_agenda_of_a_whole_series(branch_world: World) -> None:
    first, second = await hold(branch_world, weeks=2)
    chair = await branch_world.talk(CHAIR)
    await open_list(chair)
    await attach(chair, "Đính kèm tài liệu chung các buổi")
    chair.sees("Đã đính kèm", "(chung các buổi)")
    chair.misses("báo một lần")
    assert await planned(branch_world) == []
    worker = await branch_world.talk(WORKER)
    for each in (first, second):
        await press(worker, "files", each.id)
        worker.sees("Tài liệu: Biên bản.pdf")
    await press(chair, "list", first.id, "absent", 0)
    await attach(chair)
    await press(worker, "files", second.id)
    worker.misses("• Biên bản:")


async def test_one_dates_file_is_not_anothers_to_replace(branch_world: World, leader: Talk) -> None:
    await attach(leader)
    [other] = await hold(branch_world, title="Họp khác", audience="officers")
    chair = await branch_world.talk(CHAIR)
    await press(chair, "replace", other.id, 1)
    chair.sees("Nút này đã cũ")


async def test_everybody_invited_is_told_once_and_not_at_night(branch_world: World, leader: Talk) -> None:
    branch_world.clock.set(START + timedelta(hours=14))
    await press(leader, "list", 1, "absent", 0)
    await attach(leader)
    [row] = await planned(branch_world)
    async with branch_world.database.read() as tx:
        letter = await papers.letter(branch_world.work(tx), row)
        title = await papers.title(branch_world.work(tx), row)
        responsible = await papers.responsible(branch_world.work(tx), row)
    assert row.due_at.isoformat() == "2026-03-03T00:00:00+00:00"
    assert row.expires_at - row.due_at == timedelta(days=3)
    assert letter is not None
    assert letter.to.audience == "group:to hanh chinh"
    assert "Đã có biên bản Họp tổ tháng 3, họp 08:40 02/03/2026" in plain(letter.reply.text)
    assert [button.label for button in letter.reply.buttons[0]] == ["📄 Biên bản.pdf"]
    assert title == "Báo có biên bản: Họp tổ tháng 3"
    assert responsible == [(await person(branch_world, LEADER)).id]
    async with branch_world.database.write() as tx:
        file = await meeting_files.by_id(tx, 1)
        assert file is not None
        await meeting_files.remove(tx, file)
    async with branch_world.database.read() as tx:
        assert await papers.letter(branch_world.work(tx), row) is None
        assert await papers.title(branch_world.work(tx), row) == "Báo có biên bản: tệp đã gỡ"
        assert await papers.responsible(branch_world.work(tx), row) == []


async def test_the_letter_reaches_those_invited_and_opens_the_file(
    branch_world: World, sitting: Sitting, leader: Talk
) -> None:
    assert sitting.id
    worker, other = await branch_world.talk(WORKER), await branch_world.talk("NV07")
    await attach(leader)
    carrier = Carrier(branch_world.database, branch_world.services, branch_world.clock, lambda: None)
    for _ in range(2):
        await carrier.carry_out()
        await deliver(branch_world)
        branch_world.clock.forward(minutes=5)
    assert ["Đã có biên bản" in shown.text for shown in worker.all] == [True]
    assert other.all == []
    await worker.taps("📄 Biên bản.pdf")
    assert worker.files == [("Biên bản.pdf", PDF)]
