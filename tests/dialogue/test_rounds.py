"""A round of dialogue from its representatives to the last day of posting."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.jobs.carrier import Carrier
from bot.jobs.rounds import Rounds
from handlers.dialogue import actions, agenda, letters, people, planning, publishing, rounds, themes
from handlers.dialogue.agenda import Agreed
from handlers.dialogue.legal import State, Task
from handlers.dialogue.rounds import Seen
from handlers.kit.errors import RefusedError
from handlers.kit.incoming import IncomingFile
from handlers.kit.quorums import quorum_of
from handlers.kit.vietnamese import utf16_len
from storage import announcements, attendance, jobs, meeting_dates
from storage.announcements import State as AnnouncementState
from storage.attendance import How
from storage.dialogue import items
from storage.dialogue import themes as kept_themes
from storage.dialogue.items import State as ItemState
from storage.dialogue.postings import Place
from storage.dialogue.representatives import Side
from storage.dialogue.rounds import Step
from storage.dialogue.themes import State as ThemeState
from storage.meetings import Kind
from tests.dialogue.table import EMPLOYERS, TITLE, Table
from tests.jobs.occasions import deliver
from tests.people import CHAIR, COMMITTEE, EMPLOYER, LEADER, OTHER_LEADER, WORKER

DAY = date(2026, 3, 20)


async def refused(deed: Any) -> str:
    with pytest.raises(RefusedError) as refusal:
        await deed
    return refusal.value.key


def states(seen: Seen) -> dict[Task, State]:
    return {each.task: each.state for each in seen.lines}


# Representatives.


async def test_both_sides_have_their_list(table: Table) -> None:
    await table.appoint()
    roll = await table.act(people.set_workers, "tt04, TT05\nNV06,")
    assert [each.full_name for each in roll.of(Side.WORKERS)] == ["Phạm Thị Hoa", "Vũ Đức Yên", "Đặng Thu Hà"]
    assert await refused(table.act(people.set_workers, f"TT04,{EMPLOYER}")) == "dialogue/other_side"
    assert await refused(table.act(people.set_workers, "XX99")) == "audience/unknown_code"
    assert await refused(table.act(people.set_workers, " , \n")) == "dialogue/how_many_people"
    roll = await table.act(people.set_employer, EMPLOYERS)
    first, *others = roll.of(Side.EMPLOYER)
    assert (first.full_name, first.position, first.is_legal) == ("Ông Giám Đốc", "Giám đốc", True)
    assert [each.is_legal for each in others] == [False, False]
    assert len(roll.of(Side.WORKERS)) == 3
    assert await refused(table.act(people.set_employer, ", Giám đốc")) == "dialogue/name_and_position"
    assert await refused(table.act(people.set_employer, "x" * 101)) == "dialogue/name_and_position"
    assert await refused(table.act(people.set_workers, "TT04", by=LEADER)) == "home/not_allowed"


async def test_the_list_is_posted_and_drawn_up_anew_after_two_years(table: Table) -> None:
    assert await refused(table.act(people.renew)) == "dialogue/no_list"
    await table.act(people.set_workers, "TT04")
    assert (await table.act(people.renew)).of(Side.EMPLOYER) == ()
    await table.seat()
    roll = await table.act(people.note_posted)
    assert (roll.made_on, roll.posted_on) == (date(2026, 3, 2), date(2026, 3, 2))
    table.go_to(date(2028, 3, 2))
    assert await table.work(lambda work: _is_old(work, roll)) is False
    table.go_to(date(2028, 3, 3))
    assert await table.work(lambda work: _is_old(work, roll)) is True
    new = await table.act(people.renew)
    assert (new.made_on, new.posted_on, new.people) == (date(2028, 3, 3), None, roll.people)
    # Whoever joins later has to be posted too.
    await table.act(people.note_posted)
    changed = await table.act(people.set_workers, "TT04")
    assert changed.posted_on is None


async def _is_old(work: Any, roll: Any) -> bool:
    return people.is_old(work, roll)


# When it takes place.


async def test_a_round_belongs_to_a_meeting_of_its_kind(table: Table) -> None:
    seen = await table.round()
    assert seen.meeting_day is None
    other = await table.meeting(DAY, Kind.COMMITTEE)
    assert await refused(table.act(rounds.set_meeting, seen.round.id, other)) == "dialogue/no_meeting"
    assert await refused(table.act(rounds.set_meeting, seen.round.id, 999)) == "dialogue/no_meeting"
    date_id = await table.meeting(DAY)
    assert (await table.act(rounds.set_meeting, seen.round.id, date_id)).meeting_day == DAY
    second = await table.round()
    taken = table.act(rounds.set_meeting, second.round.id, date_id)
    assert await refused(taken) == "dialogue/meeting_taken"
    async with table.world.database.write() as tx:
        await meeting_dates.change_date(tx, date_id, table.world.clock.now(), is_cancelled=True)
    assert (await table.look(seen.round.id)).meeting_day is None
    assert await refused(table.act(rounds.set_meeting, 99, date_id)) == "dialogue/no_round"
    assert await refused(table.look(99)) == "dialogue/no_round"


async def test_too_late_to_send_the_contents_says_the_earliest_lawful_day(table: Table) -> None:
    """From Monday 2 March, five working days before Monday the 9th is that very day."""
    seen = await table.round(date(2026, 3, 9))
    assert seen.too_late_for is None
    table.go_to(date(2026, 3, 3))
    seen = await table.look(seen.round.id)
    assert seen.too_late_for == date(2026, 3, 10)
    for step in (Step.UNION_CONTENTS, Step.EMPLOYER_CONTENTS):
        await table.act(rounds.note_contents, seen.round.id, step, date(2026, 3, 2))
    seen = await table.look(seen.round.id)
    assert seen.too_late_for is None
    assert states(seen)[Task.UNION_CONTENTS] is State.DONE


async def test_a_dialogue_on_request(table: Table) -> None:
    today = table.today
    assert await refused(table.act(rounds.begin_on_request, today, 1)) == "dialogue/too_few_ask"
    await table.act(people.set_workers, "TT04, TT05, NV06, NV07, NV08, NV09, NV10")
    assert await refused(table.act(rounds.begin_on_request, today, 2)) == "dialogue/too_few_ask"
    assert await refused(table.act(rounds.begin_on_request, today, 8)) == "dialogue/too_few_ask"
    later = today + timedelta(days=1)
    assert await refused(table.act(rounds.begin_on_request, later, 3)) == "dialogue/day_to_come"
    seen = await table.act(rounds.begin_on_request, date(2026, 2, 27), 3)
    assert seen.too_late_for is None
    (answered,) = [each for each in seen.lines if each.task is Task.ANSWERED]
    assert (answered.state, answered.due) == (State.TODO, date(2026, 3, 6))
    wrong = table.act(rounds.note_contents, seen.round.id, Step.UNION_CONTENTS, today)
    assert await refused(wrong) == "dialogue/no_such_step"
    seen = await table.act(rounds.note_contents, seen.round.id, Step.ANSWERED, today)
    assert states(seen)[Task.ANSWERED] is State.DONE


# That it was held.


async def test_held_only_with_enough_of_the_workers_and_the_legal_representative(table: Table) -> None:
    seen = await table.round()
    number = seen.round.id
    yes: dict[str, Any] = {"legal_present": True}
    assert await refused(table.act(rounds.note_held, number, present=3, **yes)) == "dialogue/no_meeting_yet"
    await table.act(rounds.set_meeting, number, await table.meeting(DAY))
    assert await refused(table.act(rounds.note_held, number, present=3, **yes)) == "dialogue/day_to_come"
    table.go_to(DAY, 17)
    assert await refused(table.act(rounds.note_held, number, **yes)) == "dialogue/who_was_there"
    assert await refused(table.act(rounds.note_held, number, present=3, **yes)) == "dialogue/too_few_there"
    await table.seat()
    # Two of three are 67 %.
    assert await refused(table.act(rounds.note_held, number, present=2, **yes)) == "dialogue/too_few_there"
    assert await refused(table.act(rounds.note_held, number, present=4, **yes)) == "dialogue/how_many_people"
    alone = table.act(rounds.note_held, number, present=3, legal_present=False)
    assert await refused(alone) == "dialogue/no_legal"
    seen = await table.act(rounds.note_held, number, present=3, **yes)
    assert dict(seen.steps[Step.HELD].details) == {"present": 3, "of": 3}
    assert states(seen)[Task.HELD] is State.DONE


def test_the_share_that_the_content_asks_for() -> None:
    quorum = quorum_of(Kind.DIALOGUE)
    assert quorum is not None
    assert [quorum.needed(each) for each in (3, 10, 20)] == [3, 8, 15]


async def test_who_was_there_is_taken_from_the_attendance(table: Table) -> None:
    await table.seat()
    seen = await table.round(DAY)
    assert seen.sitting is not None
    table.go_to(DAY, 17)

    async def check_in(codes: Sequence[str]) -> None:
        for code in codes:
            person = await table.person(code)
            async with table.world.database.write() as tx:
                now = table.world.clock.now()
                await attendance.enter(
                    tx, seen.round.occurrence_id or 0, person.id, How.CODE, by=None, now=now
                )

    await check_in([LEADER, WORKER, CHAIR])
    # What is said against it doesn't count.
    few = table.act(rounds.note_held, seen.round.id, legal_present=True, present=3)
    assert await refused(few) == "dialogue/too_few_there"
    await check_in([OTHER_LEADER])
    held = await table.act(rounds.note_held, seen.round.id, legal_present=True)
    assert held.steps[Step.HELD].details["present"] == 3


# The agenda.


async def test_themes_come_on_the_agenda_and_change_places(table: Table) -> None:
    seen = await table.round(DAY)
    first, second = await table.theme(), await table.theme("Xe đưa đón")
    draft = await table.theme("Nháp", is_published=False)
    for theme in (first, second):
        await table.act(agenda.add, seen.round.id, theme.id)
    assert await refused(table.act(agenda.add, seen.round.id, first.id)) == "dialogue/not_for_agenda"
    assert await refused(table.act(agenda.add, seen.round.id, draft.id)) == "dialogue/not_for_agenda"
    assert await refused(table.act(agenda.add, 99, draft.id)) == "dialogue/no_round"
    assert await refused(table.act(themes.drop, first.id)) == "dialogue/not_dropped_now"
    one, two = (await table.look(seen.round.id)).agenda
    found = await table.act(actions.raise_on_agenda, two.id)
    assert [each["title"] for each in found["agenda"]] == ["Xe đưa đón", TITLE]
    await table.act(agenda.raise_, two.id)
    found = await table.act(actions.take_off_agenda, two.id)
    assert [each["title"] for each in found["agenda"]] == [TITLE]
    assert (await table.look(seen.round.id)).agenda[0].place == 1
    assert (await table.work(lambda work: themes.find(work, second.id))).state is ThemeState.OPEN
    assert await refused(table.act(agenda.remove, two.id)) == "dialogue/no_item"
    back = await table.act(actions.put_on_agenda, seen.round.id, second.id)
    assert [each["theme"] for each in back["agenda"]] == [one.theme_id, second.id]


async def test_after_the_dialogue_the_agenda_stands(table: Table) -> None:
    _, item = await table.held(DAY)
    late = await table.theme("Muộn")
    other = await table.meeting(date(2026, 4, 1))
    moved = table.act(rounds.set_meeting, item.round_id, other)
    assert await refused(moved) == "dialogue/agenda_stands"
    assert await refused(table.act(agenda.add, item.round_id, late.id)) == "dialogue/agenda_stands"
    assert await refused(table.act(agenda.remove, item.id)) == "dialogue/agenda_stands"


async def test_an_agenda_is_full_at_last(table: Table) -> None:
    seen = await table.round(DAY)
    for number in range(agenda.MOST_ITEMS + 1):
        theme = await table.theme(f"Vấn đề {number}")
        if number < agenda.MOST_ITEMS:
            await table.act(agenda.add, seen.round.id, theme.id)
    assert await refused(table.act(agenda.add, seen.round.id, theme.id)) == "dialogue/agenda_full"


# What was agreed, and its way to everybody.

PROMISE = Agreed("Thêm hai bếp", union_side="Bà Hoa", employer_side="Ông Giám Đốc", due_on=date(2026, 4, 15))


async def test_nothing_is_agreed_before_the_dialogue(table: Table) -> None:
    seen, theme = await table.round(DAY), await table.theme()
    item = await table.act(agenda.add, seen.round.id, theme.id)
    assert await refused(table.act(agenda.note_agreed, item.id, PROMISE)) == "dialogue/not_held_yet"
    signed = table.act(rounds.note_signed, seen.round.id, table.today)
    assert await refused(signed) == "dialogue/not_held_yet"
    assert await refused(table.act(publishing.publish, seen.round.id)) == "dialogue/not_signed_yet"


@pytest.mark.parametrize(
    ("agreed", "key"),
    [
        (Agreed(" "), "empty"),
        (Agreed("x" * 1_501), "too_long"),
        (Agreed("x", union_side="x" * 121), "too_long"),
        (Agreed("x", employer_side="x" * 121), "too_long"),
        (Agreed("x", due_on=date(2026, 3, 19)), "day_out_of_reach"),
        (Agreed("x", due_on=date(2031, 3, 21)), "day_out_of_reach"),
    ],
)
async def test_what_can_not_be_agreed(table: Table, agreed: Agreed, key: str) -> None:
    _, item = await table.held(DAY)
    assert await refused(table.act(agenda.note_agreed, item.id, agreed)) == f"dialogue/{key}"


async def test_a_refusal_has_no_day(table: Table) -> None:
    _, item = await table.held(DAY)
    await table.act(agenda.note_agreed, item.id, PROMISE)
    found = await table.act(agenda.note_agreed, item.id, Agreed("Chưa có tiền", is_promised=False))
    assert (found.state, found.due_on) == (ItemState.REFUSED, None)
    async with table.world.database.read() as tx:
        assert await jobs.waiting_of(tx, planning.KIND) == []


async def publish(table: Table, *, note: bool = True) -> Seen:
    seen, item = await table.held(DAY)
    if note:
        await table.act(agenda.note_agreed, item.id, PROMISE)
    await table.act(rounds.note_signed, seen.round.id, DAY)
    return await table.act(publishing.publish, seen.round.id)


async def announce(table: Table) -> None:
    world = table.world
    await Rounds(world.database, world.services, world.clock, world.delivery.wake).announce()
    await deliver(world)


async def test_everybody_is_told_in_plain_words(table: Table) -> None:
    worker = await table.world.talk(WORKER)
    seen = await publish(table)
    worker.look()
    await announce(table)
    worker.sees(
        "Kết quả đối thoại ngày 20/03/2026", "1. Bữa ăn ca", "Thêm hai bếp", "Hạn thực hiện: 15/04/2026"
    )
    assert states(seen)[Task.PUBLISHED] is State.DONE
    number = seen.round.id
    assert await refused(table.act(publishing.publish, number)) == "dialogue/results_stand"
    assert await refused(table.act(rounds.note_signed, number, DAY)) == "dialogue/results_stand"
    other = Agreed("Khác")
    assert await refused(table.act(agenda.note_agreed, seen.agenda[0].id, other)) == "dialogue/results_stand"


async def test_at_night_it_waits_for_the_morning(table: Table) -> None:
    seen, _ = await table.held(DAY)
    await table.act(rounds.note_signed, seen.round.id, DAY)
    table.go_to(DAY, 22)
    seen = await table.act(publishing.publish, seen.round.id)
    assert seen.steps[Step.PUBLISHED].done_on == date(2026, 3, 21)


async def test_long_results_and_braces_still_go_out(table: Table) -> None:
    seen, item = await table.held(DAY)
    long = Agreed("{{ten}} và {{lạ}} " + "x" * 1_400, due_on=date(2026, 4, 15))
    await table.act(agenda.note_agreed, item.id, long)
    seen = await table.look(seen.round.id)
    many = [replace(seen.agenda[0], title="😀" * 120)] * agenda.MOST_ITEMS
    words = await table.work(lambda work: _text(work, replace(seen, agenda=many)))
    assert utf16_len(words) <= 3_700
    assert "{{" not in words
    worker = await table.world.talk(WORKER)
    await table.act(rounds.note_signed, seen.round.id, DAY)
    await table.act(publishing.publish, seen.round.id)
    await announce(table)
    worker.sees("{ {ten}} và { {lạ}}")


async def _text(work: Any, seen: Seen) -> str:
    return str(publishing.results_text(work, seen))


async def plan(table: Table) -> None:
    world = table.world
    await Carrier(
        world.database,
        world.services,
        world.clock,
        world.delivery.wake,
        kinds={letters.JOB.name: letters.JOB},
        plans=(planning.plan,),
    ).plan()


async def test_twenty_days_of_posting_are_proved_day_by_day(table: Table) -> None:
    await table.world.talk(WORKER)
    seen = await publish(table)
    number = seen.round.id
    await announce(table)
    for day in range(20):
        table.go_to(DAY + timedelta(days=day), 18)
        await plan(table)
        await plan(table)
        if day < 19:
            assert states(await table.look(number))[Task.POSTED] is State.TODO
    seen = await table.look(number)
    assert states(seen)[Task.POSTED] is State.DONE
    posted = [each for each in seen.posted if each.place is Place.CHAT]
    assert len(posted) == 20
    assert {(each.copies, each.delivered) for each in posted} == {(10, 1)}


async def test_a_withdrawn_announcement_proves_nothing_and_the_board_does(table: Table) -> None:
    seen = await publish(table)
    await announce(table)
    async with table.world.database.write() as tx:
        sent = {AnnouncementState.SENDING, AnnouncementState.SENT}
        assert await announcements.change(
            tx, seen.round.announcement_id or 0, sent, AnnouncementState.WITHDRAWN
        )
    await plan(table)
    assert (await table.look(seen.round.id)).posted == []
    photo = IncomingFile("bang-tin.jpg", "image/jpeg", 3, content=b"jpg")
    seen = await table.act(publishing.note_board, seen.round.id, "Cổng chính", photo)
    (board,) = seen.posted
    assert (board.place, board.note, board.day) == (Place.BOARD, "Cổng chính", DAY)
    assert board.attachment_id
    again = table.act(publishing.note_board, seen.round.id)
    assert await refused(again) == "dialogue/board_noted_already"
    table.go_to(DAY + timedelta(days=1))
    long = table.act(publishing.note_board, seen.round.id, "x" * 301)
    assert await refused(long) == "dialogue/too_long"


async def test_nothing_hangs_on_the_board_before_it_is_published(table: Table) -> None:
    seen = await table.round(DAY)
    early = table.act(publishing.note_board, seen.round.id)
    assert await refused(early) == "dialogue/not_published_yet"


# Promises.


async def test_a_promise_is_reminded_of_until_it_is_kept(table: Table) -> None:
    await table.appoint()
    world = table.world
    talks = {code: await world.talk(code) for code in (CHAIR, COMMITTEE, EMPLOYER, WORKER)}
    seen = await publish(table)
    carrier = Carrier(world.database, world.services, world.clock, world.delivery.wake)

    async def look() -> None:
        for talk in talks.values():
            talk.look()
        await carrier.plan()
        await carrier.carry_out()
        await deliver(world)

    await look()
    table.go_to(date(2026, 4, 8), 9)
    await look()
    for code in (CHAIR, COMMITTEE):
        talks[code].sees(
            "Còn 7 ngày đến hạn 15/04/2026 của cam kết Bữa ăn ca", "Thêm hai bếp", "Ông Giám Đốc"
        )
    assert talks[WORKER].new == talks[EMPLOYER].new == []
    table.go_to(date(2026, 4, 16), 9)
    await look()
    talks[CHAIR].sees("Cam kết Bữa ăn ca đã quá hạn 1 ngày")
    (item,) = seen.agenda
    done = await table.act(agenda.finish, item.id, "Bếp mới chạy từ hôm nay")
    assert (done.state, done.done_on) == (ItemState.DONE, date(2026, 4, 16))
    assert await refused(table.act(agenda.finish, item.id)) == "dialogue/no_promise_open"
    assert await refused(table.act(agenda.give_up, item.id, "x")) == "dialogue/no_promise_open"
    table.go_to(date(2026, 5, 18), 9)
    await look()
    assert not any("Bữa ăn ca" in each.text for each in talks[CHAIR].new)


async def test_the_employer_is_reminded_of_what_it_was_given(table: Table) -> None:
    await table.appoint()
    employer = await table.world.talk(EMPLOYER)
    await table.seat()
    theme = await table.theme()
    await table.act(themes.hand_over, theme.id)
    seen = await table.round(DAY)
    item = await table.act(agenda.add, seen.round.id, theme.id)
    table.go_to(DAY, 17)
    await table.act(rounds.note_held, seen.round.id, legal_present=True, present=3)
    await table.act(agenda.note_agreed, item.id, PROMISE)
    table.go_to(date(2026, 4, 14), 9)
    employer.look()
    carrier = Carrier(
        table.world.database, table.world.services, table.world.clock, table.world.delivery.wake
    )
    await carrier.carry_out()
    await deliver(table.world)
    employer.sees("Còn 1 ngày đến hạn")


async def test_a_promise_that_can_not_be_kept_says_why(table: Table) -> None:
    seen = await publish(table)
    (item,) = seen.agenda
    assert await refused(table.act(agenda.give_up, item.id, " ")) == "dialogue/empty"
    assert await refused(table.act(agenda.give_up, item.id, "x" * 501)) == "dialogue/too_long"
    found = await table.act(agenda.give_up, item.id, "Nhà bếp thuê lại đã đóng")
    assert (found.state, found.note) == (ItemState.DROPPED, "Nhà bếp thuê lại đã đóng")
    async with table.world.database.read() as tx:
        assert await jobs.waiting_of(tx, planning.KIND) == []
        theme = await kept_themes.by_id(tx, item.theme_id)
    assert theme is not None
    assert theme.state is ThemeState.DROPPED


async def test_a_letter_that_applies_no_more_is_not_sent(table: Table) -> None:
    _, item = await table.held(DAY)
    await table.act(agenda.note_agreed, item.id, PROMISE)
    async with table.world.database.read() as tx:
        first, *_ = await jobs.waiting_of(tx, planning.KIND)
    assert await table.work(lambda work: letters.letter(work, first)) is not None
    assert await table.work(lambda work: letters.title(work, first)) == "Nhắc cam kết: Bữa ăn ca"
    people_ = await table.work(lambda work: letters.responsible(work, first))
    assert len(people_) == 2
    async with table.world.database.write() as tx:
        await items.change(tx, item.id, None, table.world.clock.now(), due_on=date(2026, 4, 20))
    assert await table.work(lambda work: letters.letter(work, first)) is None


# For the page.


async def test_rounds_as_json(table: Table) -> None:
    seen = await publish(table)
    (only,) = await table.work(actions.list_rounds)
    assert only == await table.work(lambda work: actions.show_round(work, seen.round.id))
    assert (only["kind"], only["day"], only["posted_days"]) == ("periodic", "2026-03-20", 0)
    assert {"step": "held", "state": "done", "due": "2026-03-20", "done": "2026-03-20"} in only["steps"]
    (item,) = only["agenda"]
    assert (item["state"], item["due"], item["employer_side"]) == ("promised", "2026-04-15", "Ông Giám Đốc")
