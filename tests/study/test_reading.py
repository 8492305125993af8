from dataclasses import replace
from hashlib import sha256

import pytest
from sqlalchemy import event

from handlers.kit.documents import Card, version
from handlers.study import actions, library
from storage import audiences, evidence, evidence_check, members, study
from storage.campaigns import State
from storage.evidence import Kind, NewEvidence
from tests.people import CHAIR, COMMITTEE, LEADER, WORKER
from tests.storage.chain import personal
from tests.study.course import (
    DOCUMENT,
    TITLE,
    Course,
    confirm,
    other,
    payload,
    publish,
    read_all,
)
from tests.world import World

METACHARACTERS = "NV09"


# What there is to study.


async def test_nothing_to_study_is_said_kindly(world: World) -> None:
    talk = await world.talk(WORKER)
    await talk.says("/hoctap")
    talk.sees("chưa có tài liệu nào cần học")
    assert talk.buttons == []


async def test_one_document_opens_at_once(course: Course, world: World) -> None:
    talk = await world.talk(WORKER)
    await talk.says("học")
    talk.sees(f"📖 {TITLE} (số 12-NQ/CĐ)", "Hạn học: 10/03/2026", "Trang 1/3 · Phần 1", "Nội dung 1 <i>")
    assert talk.buttons == ["Sau ›"]
    assert (await course.progress(WORKER)).card == 1


async def test_the_menu_leads_to_it(course: Course, world: World) -> None:
    talk = await world.talk(WORKER)
    await talk.says("/menu")
    await talk.taps("Học tập")
    talk.sees("Trang 1/3")
    assert len(talk.new) == 1, "the menu stays as it is"
    assert (await course.progress(WORKER)).card == 1


async def test_several_documents_are_listed_with_where_one_stands(course: Course, world: World) -> None:
    long_title = "Chương trình hành động của Chi bộ Chi nhánh thực hiện nghị quyết"
    second = other(DOCUMENT, "hai", long_title)
    await publish(world, second, deadline=None)
    third = await publish(world, other(DOCUMENT, "ba", "Ba"))
    fourth = await publish(world, other(DOCUMENT, "bon", "Bốn"))
    talk = await world.talk(WORKER)
    await talk.says("/hoctap")
    await talk.taps(TITLE)
    await talk.taps("Sau ›")
    for each, document in ((third, "Ba"), (fourth, "Bốn")):
        await talk.says("/hoctap")
        await talk.taps(document)
        for _ in range(2):
            await talk.taps("Sau ›")
        if each is fourth:
            await confirm(talk)
    await talk.says("/hoctap")
    talk.sees(
        f"1. {TITLE}\nđang đọc trang 2/3 · hạn 10/03/2026",
        "2. Ba\nđã đọc hết, chờ xác nhận",
        "3. Bốn\nđã xác nhận, còn bài kiểm tra",
        f"4. {long_title}\nchưa đọc\n",
    )
    assert talk.buttons == [TITLE, "Ba", "Bốn", "Chương trình hành động của Chi bộ Chi nhánh…"]
    assert course.campaign_id < third.campaign_id


async def test_the_list_says_what_is_overdue(course: Course, world: World) -> None:
    await publish(world, other(DOCUMENT, "hai", "Hai"), deadline=None)
    world.clock.forward(days=8, hours=15.4)
    talk = await world.talk(WORKER)
    await talk.says("/hoctap")
    talk.misses("đã quá hạn")
    world.clock.forward(hours=0.2)
    await talk.says("/hoctap")
    talk.sees("hạn 10/03/2026 (đã quá hạn, vẫn học được)")
    assert (await course.progress(WORKER)).card == 0


@pytest.mark.usefixtures("course")
async def test_only_who_may_publish_gets_the_button(world: World) -> None:
    for code in (CHAIR, COMMITTEE, LEADER, WORKER):
        talk = await world.talk(code)
        await talk.says("/hoctap")
        assert ("Mở đợt học mới" in talk.buttons) == (code in {CHAIR, COMMITTEE})


async def test_a_finished_document_can_be_read_again(world: World) -> None:
    course = await publish(world, replace(DOCUMENT, quiz=None), pass_mark=0)
    talk = await world.talk(WORKER)
    await read_all(talk)
    await confirm(talk)
    talk.misses("kiểm tra")
    await talk.says("/hoctap")
    talk.sees("không còn tài liệu nào phải học")
    await talk.taps(TITLE)
    talk.sees("Đã xác nhận học lúc 08:30 02/03/2026")
    await talk.taps("Đọc từ đầu")
    talk.sees("Trang 1/3")
    await talk.taps("Sau ›")
    await talk.taps("Sau ›")
    await talk.taps("Xong")
    talk.sees("Đã xác nhận học lúc 08:30 02/03/2026")
    assert (await course.progress(WORKER)).card == 3


# Reading.


async def test_cards_are_turned_in_one_message(course: Course, world: World) -> None:
    talk = await world.talk(WORKER)
    await talk.says("/hoctap")
    first = talk.last.id
    await talk.taps("Sau ›")
    talk.sees("Trang 2/3 · Phần 2")
    talk.misses(TITLE)
    assert talk.buttons == ["‹ Trước", "Sau ›"]
    await talk.taps("‹ Trước")
    talk.sees("Trang 1/3")
    await talk.taps("Sau ›")
    await talk.taps("Sau ›")
    talk.sees("Trang 3/3")
    assert talk.buttons == ["‹ Trước", "Tới lời xác nhận ›"]
    assert talk.last.id == first
    assert (await course.progress(WORKER)).card == 3


async def test_hoctap_goes_on_where_one_stopped(course: Course, world: World) -> None:
    talk = await world.talk(WORKER)
    await talk.says("/hoctap")
    await talk.taps("Sau ›")
    await talk.says("/hoctap")
    talk.sees("Trang 2/3")
    await talk.taps("Sau ›")
    await talk.says("/hoctap")
    talk.sees("Tôi là Đặng Thu Hà. Tôi xác nhận đã đọc hết 3 trang")
    assert (await course.progress(WORKER)).card == 3


@pytest.mark.parametrize("asked", [3, 2**31 - 1])
async def test_nobody_jumps_ahead(course: Course, world: World, asked: int) -> None:
    talk = await world.talk(WORKER)
    await talk.says("/hoctap")
    await talk.presses(talk.last, payload(course, "study.card", course.campaign_id, asked))
    talk.sees("Trang 2/3", "Mình đọc lần lượt")
    assert (await course.progress(WORKER)).card == 2
    await talk.presses(talk.last, payload(course, "study.card", course.campaign_id, 0))
    talk.sees("Trang 1/3")


async def test_a_forged_card_gets_a_kind_word(course: Course, world: World) -> None:
    talk = await world.talk(WORKER)
    await talk.says("/hoctap")
    forged: tuple[tuple[str | int, ...], ...] = (("x",), (999, 1), ("-1", 1), (1,), (1, "x"), (2**31, 1))
    for arguments in forged:
        await talk.presses(talk.last, payload(course, "study.card", *arguments))
        talk.sees("Nút này đã cũ", "muốn làm gì?")
    assert (await course.progress(WORKER)).card == 1


async def test_a_corrected_version_is_read_on(course: Course, world: World) -> None:
    talk = await world.talk(WORKER)
    await talk.says("/hoctap")
    cards = (*DOCUMENT.cards[:1], Card(2, "Phần hai", "Đã sửa"), DOCUMENT.cards[2])
    await course.correct(replace(DOCUMENT, cards=cards))
    before = await course.progress(WORKER)
    await talk.taps("Sau ›")
    talk.sees("Trang 2/3 · Phần hai", "Đã sửa")
    after = await course.progress(WORKER)
    assert (after.card, after.opened_at) == (2, before.opened_at)
    assert after.version_hash != before.version_hash


async def test_a_corrected_version_may_be_shorter(course: Course, world: World) -> None:
    talk = await world.talk(WORKER)
    await read_all(talk)
    await course.correct(replace(DOCUMENT, cards=DOCUMENT.cards[:2]))
    await confirm(talk)
    talk.sees("Tôi xác nhận đã đọc hết 2 trang")
    assert (await course.progress(WORKER)).acknowledged_at is not None


# The acknowledgement.


async def test_the_statement_is_recorded_as_it_was_shown(course: Course, world: World) -> None:
    talk = await world.talk(METACHARACTERS)
    await read_all(talk)
    await talk.taps("Tới lời xác nhận")
    words = (
        f"Tôi là Bùi Ngọc <b>Ấn</b> & Co. Tôi xác nhận đã đọc hết 3 trang tóm tắt tài liệu “{TITLE}”, "
        "số 12-NQ/CĐ, ngày 05/01/2026 (phiên bản "
    )
    talk.sees(words)
    shown = next(line for line in talk.screen.splitlines() if line.startswith("Tôi là"))
    world.clock.forward(minutes=3)
    await talk.taps("Tôi xác nhận đã học")
    talk.sees("Đã ghi nhận lúc 08:33 02/03/2026", shown, "Còn bài kiểm tra ngắn 2 câu")
    (entry,) = await course.evidence()
    member_id = await course.member_id(METACHARACTERS)
    assert (entry.kind, entry.member_id, entry.actor_id) == ("acknowledgement", member_id, member_id)
    assert (entry.campaign_id, entry.channel, entry.at) == (course.campaign_id, "direct", world.clock.now())
    assert await personal(world.database, entry) == {
        "member_code": METACHARACTERS,
        "statement": shown,
        "statement_hash": sha256(shown.encode()).hexdigest(),
    }
    assert shown.endswith(f"(phiên bản {entry.version_hash[:8]}).")
    assert '"late":0' in entry.details
    assert entry.attempts is None
    progress = await course.progress(METACHARACTERS)
    assert progress.acknowledged_at == world.clock.now()


async def test_a_second_press_changes_nothing(course: Course, world: World) -> None:
    talk = await world.talk(WORKER)
    await read_all(talk)
    await talk.taps("Tới lời xác nhận")
    screen = talk.last
    await talk.taps("Tôi xác nhận đã học")
    world.clock.forward(hours=1)
    await talk.presses(screen, screen.buttons[0][1])
    talk.sees("Lời xác nhận đã ghi nhận lúc 08:30 02/03/2026")
    await talk.presses(screen, payload(course, "study.statement"))
    talk.sees("Lời xác nhận đã ghi nhận lúc 08:30 02/03/2026")
    assert len(await course.evidence()) == 1


@pytest.mark.parametrize("action", ["study.acknowledge", "study.statement", "study.quiz"])
async def test_nothing_can_be_stated_before_the_last_card(course: Course, world: World, action: str) -> None:
    """Even with the right words: each press shows the next card that was not read."""
    async with world.database.read() as tx:
        work = world.work(tx)
        person = await members.by_code(tx, WORKER)
        assert person is not None
        text = await library.reading(work, version(DOCUMENT))
        mark = actions.statement(work, person, text).mark
    talk = await world.talk(WORKER)
    await talk.says("/hoctap")
    for page in (2, 3):
        await talk.presses(talk.last, payload(course, action, course.campaign_id, mark))
        talk.sees(f"Trang {page}/3", "nhé.")
        progress = await course.progress(WORKER)
        assert (progress.card, progress.acknowledged_at) == (page, None)
    assert await course.evidence() == []


async def test_a_statement_nobody_saw_is_shown_first(course: Course, world: World) -> None:
    """The text was corrected between showing the statement and the press."""
    talk = await world.talk(WORKER)
    await read_all(talk)
    await talk.taps("Tới lời xác nhận")
    await course.correct(replace(DOCUMENT, title="Tên đã sửa"))
    await talk.taps("Tôi xác nhận đã học")
    talk.sees("Lời xác nhận vừa được cập nhật", "“Tên đã sửa”")
    assert await course.evidence() == []
    await talk.taps("Tôi xác nhận đã học")
    talk.sees("Đã ghi nhận lúc")
    assert len(await course.evidence()) == 1


async def test_after_the_deadline_it_is_recorded_as_late(course: Course, world: World) -> None:
    talk = await world.talk(WORKER)
    await read_all(talk)
    world.clock.forward(days=9)
    await talk.taps("Tới lời xác nhận")
    talk.sees("Hạn học là ngày 10/03/2026", "sau hạn")
    await talk.taps("Tôi xác nhận đã học")
    talk.sees("Đã ghi nhận lúc 08:30 11/03/2026 (sau hạn)")
    (entry,) = await course.evidence()
    assert '"late":1' in entry.details


async def test_a_closed_campaign_can_be_read_but_not_acknowledged(course: Course, world: World) -> None:
    talk = await world.talk(WORKER)
    await read_all(talk)
    await talk.taps("Tới lời xác nhận")
    await course.end()
    await talk.taps("Tôi xác nhận đã học")
    talk.sees("đã kết thúc")
    assert await course.evidence() == []
    await talk.says("/hoctap")
    await talk.taps(TITLE)
    talk.sees("Trang 3/3")
    assert talk.buttons == ["‹ Trước", "Xong"]
    await talk.taps("‹ Trước")
    talk.sees("Trang 2/3")


async def test_a_closed_campaign_that_was_studied_shows_the_record(course: Course, world: World) -> None:
    talk = await world.talk(WORKER)
    await read_all(talk)
    await confirm(talk)
    await course.end()
    await talk.taps("Làm bài kiểm tra")
    talk.sees("đã kết thúc")
    await talk.says("/hoctap")
    await talk.taps(TITLE)
    talk.sees("Đã xác nhận học lúc", "Đợt học này đã kết thúc")
    assert talk.buttons == ["Đọc từ đầu"]


async def test_a_superseded_campaign_leads_to_the_new_one(course: Course, world: World) -> None:
    talk = await world.talk(WORKER)
    await talk.says("/hoctap")
    await course.end(State.SUPERSEDED)
    await publish(world, replace(DOCUMENT, edition=2, title="Bản mới"))
    await talk.taps("Sau ›")
    talk.sees("đã có bản mới thay bản này")
    await talk.says("/hoctap")
    talk.sees("📖 Bản mới", "Trang 1/3")


async def test_who_was_let_off_may_still_read_and_state(course: Course, world: World) -> None:
    member_id = await course.member_id(WORKER)
    async with world.database.write() as tx:
        entry = NewEvidence(
            Kind.WAIVER, member_id, member_id, course.campaign_id, "direct", world.clock.now()
        )
        number = await evidence.append(tx, entry)
        await study.waive(tx, course.campaign_id, member_id, world.clock.now(), number)
    talk = await world.talk(WORKER)
    await talk.says("/hoctap")
    talk.sees("không còn tài liệu nào phải học")
    await talk.taps(TITLE)
    talk.sees("miễn học")
    await talk.taps("Đọc từ đầu")
    await talk.taps("Sau ›")
    await talk.taps("Sau ›")
    await confirm(talk)
    talk.sees("Đã ghi nhận lúc")
    async with world.database.read() as tx:
        assert (await evidence_check.verify(tx, world.clock.now())).ok


@pytest.mark.parametrize(
    ("kind", "words"), [(Kind.ATTENDANCE, "điểm danh"), (Kind.MAKE_UP, "ghi nhận học bù")]
)
async def test_what_an_officer_entered_is_shown(course: Course, world: World, kind: Kind, words: str) -> None:
    member_id = await course.member_id(WORKER)
    now = world.clock.now()
    async with world.database.write() as tx:
        number = await evidence.append(tx, NewEvidence(kind, member_id, 1, course.campaign_id, "direct", now))
        await study.credit(tx, course.campaign_id, member_id, kind.value, at=now, evidence_id=number)
    talk = await world.talk(WORKER)
    await talk.says("/hoctap")
    await talk.taps(TITLE)
    talk.sees(words)


# Who may.


async def test_a_campaign_for_others_stays_closed(world: World) -> None:
    course = await publish(world, audience="party")
    talk = await world.talk(WORKER)
    await talk.says("/hoctap")
    talk.sees("chưa có tài liệu nào cần học")
    for action in ("study.card", "study.open", "study.statement", "study.acknowledge", "study.quiz"):
        await talk.presses(talk.last, payload(course, action, course.campaign_id, 1))
        talk.sees("không nằm trong phần học")
    assert (await course.progress(WORKER)) == study.Progress()


async def test_who_has_begun_may_finish_outside_the_audience(world: World) -> None:
    course = await publish(world, audience="group:to hanh chinh")
    talk = await world.talk(WORKER)
    await talk.says("/hoctap")
    async with world.database.write() as tx:
        groups = await members.group_ids(tx)
        person = await course.member_id(WORKER)
        await members.change(tx, [{"b_id": person, "group_id": groups["to ky thuat"]}])
        assert not await audiences.contains(tx, "group:to hanh chinh", person)
    await talk.taps("Sau ›")
    talk.sees("Trang 2/3")
    await talk.says("/hoctap")
    talk.sees("Trang 2/3")


async def test_who_left_the_branch_is_refused(course: Course, world: World) -> None:
    talk = await world.talk(WORKER)
    await talk.says("/hoctap")
    async with world.database.write() as tx:
        await members.mark_left(tx, [WORKER], world.clock.now())
    await talk.taps("Sau ›")
    talk.misses("Trang 2/3")
    assert (await course.progress(WORKER)).card == 1


async def test_turning_a_card_takes_two_statements(course: Course, world: World) -> None:
    """One to see where the member stands, one to remember the card; paging back takes the first alone."""
    talk = await world.talk(WORKER)
    await talk.says("/hoctap")
    ran: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        ran.append(statement)

    event.listen(world.database._writer.sync_engine, "before_cursor_execute", note)
    await talk.taps("Sau ›")
    assert len([statement for statement in ran if "study" in statement or "campaign" in statement]) == 2
    ran.clear()
    await talk.taps("‹ Trước")
    assert len([statement for statement in ran if "study" in statement or "campaign" in statement]) == 1
    assert (await course.progress(WORKER)).card == 2
