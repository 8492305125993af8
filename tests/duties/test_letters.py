"""What a reminder says, and to whom it goes."""

from dataclasses import replace
from datetime import date

from handlers.duties import actions, letters
from handlers.kit.duties import Rule
from handlers.kit.markup import plain
from handlers.kit.payload import decode
from handlers.kit.roles import Role
from storage.jobs import Job
from storage.meetings import Kind
from tests.duties.office import CONFERENCE, CONTENTS, DIALOGUE, OPINIONS, QUORUM, REVIEW, Office
from tests.people import CELL, CHAIR, COMMITTEE, LEADER, OTHER_LEADER
from tests.world import BRANCH


async def first_job(office: Office, slug: str) -> Job:
    return (await office.waiting(slug))[0]


async def test_the_words_say_what_until_when_and_why(office: Office) -> None:
    await office.meet(Kind.DIALOGUE, date(2026, 3, 24))
    await office.plan()
    office.go_to(date(2026, 3, 10))
    words = await office.words(await first_job(office, CONTENTS))
    for part in (
        "Còn 7 ngày đến hạn 17/03/2026 của nhiệm vụ Trao đổi nội dung đối thoại (năm 2026)",
        "chậm nhất 5 ngày làm việc trước ngày họp",
        "Hạn: 5 ngày làm việc trước 24/03/2026.",
        "Căn cứ: Nghị định 145/2020/NĐ-CP, Điều 37-41.",
    ):
        assert part in words
    assert "theo tài liệu của đơn vị" not in words


async def test_what_is_not_confirmed_is_told_as_the_units_own(office: Office) -> None:
    await office.plan()
    office.go_to(date(2026, 5, 29))
    await office.plan()
    words = await office.words(await first_job(office, REVIEW))
    assert "(theo tài liệu của đơn vị)." in words
    assert "Còn 32 ngày" in words


async def test_the_words_are_those_of_the_day_on_which_they_go_out(office: Office) -> None:
    await office.plan()
    job = await first_job(office, CONFERENCE)
    for day, said in [
        (date(2026, 3, 30), "Còn 1 ngày"),
        (date(2026, 3, 31), "Hôm nay là hạn"),
        (date(2026, 4, 2), "đã quá hạn 2 ngày: hạn là 31/03/2026"),
    ]:
        office.go_to(day)
        assert said in await office.words(job)


async def test_the_quorum_is_told_with_the_branchs_own_numbers(office: Office) -> None:
    await office.meet(Kind.DIALOGUE, date(2026, 3, 24))
    await office.plan()
    words = await office.words(await first_job(office, QUORUM))
    assert "hơn 70% số đại diện" in words
    assert "đang có 10 người lao động, nên bên người lao động cần ít nhất 3 đại diện" in words


async def to(office: Office, job: Job) -> str:
    found = await office.letter(job)
    assert found is not None
    return found.to.audience


async def test_it_goes_to_whoever_is_responsible_at_that_moment(office: Office) -> None:
    await office.plan()
    job = await first_job(office, CONFERENCE)
    assert await to(office, job) == f"code:{COMMITTEE},{CHAIR}"
    await office.leaves(COMMITTEE)
    assert await to(office, job) == f"code:{CHAIR}"


async def test_cell_committee_and_group_leaders_are_told_of_theirs(office: Office) -> None:
    await office.meet(Kind.DIALOGUE, date(2026, 4, 14))
    await office.plan()
    opinions = await first_job(office, OPINIONS)
    assert await to(office, opinions) == f"code:{CHAIR},{LEADER},{OTHER_LEADER}"
    # Leaders don't see the list of duties, so there is no button to it.
    letter = await office.letter(opinions)
    assert letter is not None
    assert letter.reply.buttons == ()
    office.go_to(date(2026, 5, 29))
    await office.plan()
    review = await first_job(office, REVIEW)
    assert await to(office, review) == f"code:{COMMITTEE},{CHAIR},{CELL}"
    letter = await office.letter(review)
    assert letter is not None
    ((button,),) = letter.reply.buttons
    assert decode(button.payload, BRANCH.tag, {}).arguments == (str(review.subject_id),)


async def test_where_nobody_holds_the_role_the_chair_is_told(office: Office) -> None:
    asked = replace(office.world.services.duties.rules[OPINIONS], responsible=frozenset({Role.GROUP_LEADER}))
    assert await responsible(office, asked) == [LEADER, OTHER_LEADER]
    await office.leaves(LEADER, OTHER_LEADER)
    assert await responsible(office, asked) == [CHAIR]
    await office.leaves(CHAIR, COMMITTEE)
    assert await responsible(office, asked) == []
    await office.plan()
    assert await office.letter(await first_job(office, CONFERENCE)) is None


async def responsible(office: Office, rule: Rule) -> list[str]:
    async with office.world.database.read() as tx:
        return [each.code for each in await letters.responsible_for(office.world.work(tx), rule)]


async def test_the_title_and_the_people_for_what_was_missed(office: Office) -> None:
    await office.plan()
    job = await first_job(office, CONFERENCE)
    async with office.world.database.read() as tx:
        work = office.world.work(tx)
        assert await letters.JOB.title(work, job) == "Nhắc nhiệm vụ: Hội nghị người lao động, năm 2026"
        people = await letters.JOB.responsible(work, job)
    assert list(people) == [(await office.person(code)).id for code in (COMMITTEE, CHAIR)]


async def test_a_rule_that_was_taken_out_of_the_file(office: Office) -> None:
    await office.plan(days=120)
    job = await first_job(office, REVIEW)
    rules = office.world.services.duties.rules
    held = {slug: rule for slug, rule in rules.items() if slug != REVIEW}
    office.world.services = replace(
        office.world.services, duties=replace(office.world.services.duties, rules=held)
    )
    assert await office.letter(job) is None
    async with office.world.database.read() as tx:
        work = office.world.work(tx)
        assert await letters.JOB.title(work, job) == "Nhắc một nhiệm vụ không còn"
        assert list(await letters.JOB.responsible(work, job)) == []
    await office.plan()


async def test_a_dialogue_that_was_held_without_a_meeting(office: Office) -> None:
    """The day on which it was done counts, and the words name it."""
    await office.refresh()
    await office.act(actions.note_done, await office.id_of(DIALOGUE), date(2026, 3, 2), by=CHAIR)
    await office.plan()
    letter = await office.letter(await first_job(office, "cong-bo-doi-thoai"))
    assert letter is not None
    assert "3 ngày làm việc sau 02/03/2026" in plain(letter.reply.text)
