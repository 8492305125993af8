"""From the quiz's result, `/toi` and an officer's papers to the file."""

from dataclasses import replace

import pytest

from handlers.certificates import talk as certificates_talk
from handlers.me.actions import withdraw
from storage import consents
from tests.certificates.passing import have_passed, id_of, issued, passes
from tests.people import CELL, CHAIR, LEADER, WORKER
from tests.reports.readers import pages_of_pdf, words_of_pdf
from tests.study.course import TITLE, Course, payload, publish
from tests.talk import Shown
from tests.world import World

NOT_ALLOWED = "dành cho cán bộ công đoàn"


@pytest.fixture
async def course(branch_world: World) -> Course:
    return await publish(branch_world)


async def test_whoever_passes_gets_it_at_once_and_later_again(branch_world: World, course: Course) -> None:
    talk = await branch_world.talk(WORKER)
    await passes(course, talk)
    talk.sees("Đạt rồi")
    await talk.taps("Giấy chứng nhận")
    talk.sees(f"Giấy chứng nhận số 1/GCN-CĐCS: {TITLE}", "đúng những gì in trên giấy")
    [(name, first)] = files = talk.files
    assert name == "giay-chung-nhan-1.pdf"
    assert "Đặng Thu Hà" in " ".join(words_of_pdf(first))
    branch_world.clock.forward(days=1)
    await talk.says("/hoctap")
    await talk.taps(TITLE)
    await talk.taps("Giấy chứng nhận")
    files += talk.files
    await talk.says("/toi")
    await talk.taps("Giấy chứng nhận")
    await talk.taps(TITLE)
    files += talk.files
    assert [words_of_pdf(content) for _name, content in files] == [words_of_pdf(first)] * 3
    assert len(await issued(branch_world)) == 1


async def test_who_has_not_passed_sees_no_button_and_a_forged_one_is_old(
    branch_world: World, course: Course
) -> None:
    await have_passed(course, CHAIR)
    talk = await branch_world.talk(WORKER)
    await have_passed(course, WORKER, passed_at=None)
    for word in ("/toi", "/hoctap"):
        await talk.says(word)
        assert "Giấy chứng nhận" not in talk.buttons
    for argument in (course.campaign_id, 99, "x"):
        await talk.presses(Shown(f"m{argument}", ""), payload(course, "certificates.mine", argument))
        assert talk.files == []
    await talk.presses(Shown("list", ""), payload(course, "certificates.list"))
    talk.sees("chưa đạt bài kiểm tra nào")
    assert await issued(branch_world) == []


async def test_officers_who_see_names_print_them_all(branch_world: World, course: Course) -> None:
    await have_passed(course, WORKER, CHAIR)
    chair = await branch_world.talk(CHAIR)
    await chair.presses(Shown("papers", ""), payload(course, "reports.campaign"))
    await chair.taps("In giấy chứng nhận cho mọi người đạt")
    chair.sees("2 giấy chứng nhận", "xếp theo tổ rồi theo tên")
    [(name, content)] = chair.files
    assert name == f"giay-chung-nhan-dot-{course.campaign_id}.pdf"
    first, second = pages_of_pdf(content)
    assert "Nguyễn Thị Ánh" in first
    assert "Đặng Thu Hà" in second
    cell = await branch_world.talk(CELL)
    await cell.presses(Shown("papers", ""), payload(course, "reports.campaign"))
    assert not any("giấy chứng nhận" in label for label in cell.buttons)
    for code in (CELL, LEADER, WORKER):
        talk = await branch_world.talk(code)
        await talk.presses(Shown("forged", ""), payload(course, "certificates.all"))
        talk.sees(NOT_ALLOWED)


async def test_too_many_for_the_chat_are_printed_by_command(
    branch_world: World, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificates_talk, "MOST_AT_ONCE", 1)
    await have_passed(course, WORKER, CHAIR)
    chair = await branch_world.talk(CHAIR)
    await chair.presses(Shown("a", ""), payload(course, "certificates.all"))
    chair.sees(f"caunoi certificate all --campaign {course.campaign_id}")
    assert chair.files == []
    await chair.presses(Shown("b", ""), payload(course, "certificates.all", 99))
    assert chair.files == []


async def test_nobody_passed(branch_world: World, course: Course) -> None:
    chair = await branch_world.talk(CHAIR)
    await chair.presses(Shown("a", ""), payload(course, "certificates.all"))
    chair.sees("chưa có ai đạt bài kiểm tra")


async def test_without_an_address_the_paper_has_no_code_and_it_is_said_why(
    branch_world: World, course: Course
) -> None:
    branch_world.services = replace(branch_world.services, public_url="")
    branch_world.restart()
    await have_passed(course, WORKER, CHAIR)
    talk, chair = await branch_world.talk(WORKER), await branch_world.talk(CHAIR)
    await talk.presses(Shown("a", ""), payload(course, "certificates.mine"))
    talk.sees("chưa có địa chỉ trên mạng nên giấy chưa có mã để kiểm tra")
    await chair.presses(Shown("b", ""), payload(course, "certificates.all"))
    chair.sees("chưa có địa chỉ trên mạng")
    [(_name, content)] = talk.files
    words = " ".join(words_of_pdf(content))
    assert "xin hỏi công đoàn theo số ghi trên giấy" in words
    assert "gcn" not in words


async def test_a_withdrawn_consent_takes_the_certificates_and_gives_no_new_ones(
    branch_world: World, course: Course
) -> None:
    await have_passed(course, WORKER, CHAIR)
    talk, chair = await branch_world.talk(WORKER), await branch_world.talk(CHAIR)
    account = await branch_world.link("direct", f"p-{WORKER}", WORKER)
    async with branch_world.database.write() as tx:
        me = await id_of(tx, WORKER)
        await consents.give(tx, me, account.id, "a" * 64, branch_world.clock.now())
    await talk.presses(Shown("a", ""), payload(course, "certificates.mine"))
    async with branch_world.database.write() as tx:
        await withdraw(branch_world.work(tx), me, account.id)
    assert await issued(branch_world) == []
    await chair.presses(Shown("b", ""), payload(course, "certificates.all"))
    chair.sees("1 giấy chứng nhận")
    # Numbers of those that are gone stay theirs.
    assert [(each.code, each.number) for each in await issued(branch_world)] == [(CHAIR, 2)]


async def test_the_own_file_tells_of_them(branch_world: World, course: Course) -> None:
    await have_passed(course, WORKER)
    talk = await branch_world.talk(WORKER)
    await talk.presses(Shown("a", ""), payload(course, "certificates.mine"))
    await talk.says("/toi")
    await talk.taps("Tải dữ liệu của tôi")
    _name, content = talk.files[-1]
    [found] = await issued(branch_world)
    assert '"số chứng nhận": 1' in content.decode()
    assert found.token in content.decode()
