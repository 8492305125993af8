"""Invitations, reminders and late lists: once to each person, on the right day, to nobody else."""

from datetime import UTC, date, datetime, timedelta

import pytest

from handlers.campaign import actions, pushing
from storage import accounts, evidence, members, outbox, study
from storage.evidence import Kind, NewEvidence
from tests import people
from tests.campaign.branch import PLAIN_TITLE, TITLE, Office
from tests.people import GROUPS

DEADLINE = date(2026, 3, 9)


def at(office: Office, day: int, hour: int = 9, minute: int = 0) -> None:
    """Local time in March 2026."""
    office.world.clock.set(datetime(2026, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=7))


async def waive(office: Office, code: str) -> None:
    person = await office.person(code)
    async with office.world.database.write() as tx:
        now = office.world.clock.now()
        number = await evidence.append(tx, NewEvidence(Kind.WAIVER, person.id, None, 1, "direct", now))
        await study.waive(tx, 1, person.id, now, number)


async def received(office: Office, code: str) -> list[str]:
    """What lies in the person's chat after everything due was sent."""
    await office.world.deliver()
    return [message.text for message in office.world.channel.boxes.get(f"p-{code}", {}).values()]


# Invitations.


async def test_who_joins_or_links_later_is_invited_then_and_once(office: Office) -> None:
    await office.talk("NV06")
    await office.publish(audience="group:Tổ Hành chính")
    assert await office.push_first_cards() == 0
    await office.talk("TT04")
    await office.talk("NV07")
    assert await office.push_first_cards() == 1
    async with office.world.database.write() as tx:
        group_id = (await members.group_ids(tx))["to hanh chinh"]
        person = await members.by_code(tx, "NV07")
        assert person is not None
        await members.change(tx, [{"b_id": person.id, "group_id": group_id}])
    assert await office.push_first_cards() == 1
    assert await office.push_first_cards() == 0
    for code in ("NV06", "TT04", "NV07"):
        (letter,) = await received(office, code)
        assert "Mời anh/chị học" in letter
    assert set((await office.letters("study:1:first")).values()) == {"sent"}


async def test_the_invitation_opens_the_first_card(office: Office) -> None:
    talk = await office.talk("NV06")
    await office.publish(deadline=DEADLINE)
    await office.world.deliver()
    talk.sees(TITLE, "Có 3 trang ngắn và mấy câu hỏi kiểm tra, chừng 1 phút", "Hạn học: 09/03/2026")
    await talk.taps("Bắt đầu học")
    talk.sees("Trang 1/3")


async def test_the_invitation_of_a_document_without_quiz_or_deadline(office: Office) -> None:
    talk = await office.talk("NV06")
    await office.publish("noi-quy")
    await office.world.deliver()
    talk.sees(PLAIN_TITLE)
    talk.misses("kiểm tra", "Hạn học")


async def test_at_most_so_many_at_once_over_all_campaigns(office: Office) -> None:
    await office.publish()
    await office.publish("noi-quy")
    for code in ("NV06", "NV07", "NV08"):
        await office.talk(code)
    async with office.world.database.read() as tx:
        assert await pushing.has_first_cards(office.world.work(tx))
    assert [await office.push_first_cards(2) for _ in range(4)] == [2, 2, 2, 0]
    async with office.world.database.read() as tx:
        assert not await pushing.has_first_cards(office.world.work(tx))


async def test_whoever_cannot_be_reached_is_left_alone(office: Office) -> None:
    await office.talk("NV06")
    async with office.world.database.write() as tx:
        account = await accounts.load(tx, "direct", "p-NV06")
        assert account is not None
        await accounts.set_unreachable(tx, account.id, "blocked")
    await office.publish()
    assert await office.letters("study:1:first") == {}


async def test_what_was_not_sent_yet_is_cancelled_when_the_campaign_closes(office: Office) -> None:
    await office.talk("NV06")
    await office.publish()
    async with office.world.database.write() as tx:
        await actions.close(office.world.work(tx), await office.campaign())
    assert await received(office, "NV06") == []
    assert set((await office.letters("study:1:first")).values()) == {"cancelled"}
    assert await office.push_first_cards() == 0


# Reminders.


async def test_reminders_come_on_their_days_once_and_only_to_those_missing(office: Office) -> None:
    for code in ("NV06", "NV07"):
        await office.talk(code)
    at(office, 1)
    await office.publish(deadline=DEADLINE)
    await waive(office, "NV07")
    sent = {}
    for day in range(1, 10):
        at(office, day)
        sent[day] = await office.remind()
        assert await office.remind() == 0
        await office.world.deliver()
    assert {day for day, number in sent.items() if number} == {2, 6, 8, 9}
    texts = await received(office, "NV06")
    assert [
        next(
            words
            for words in ("Còn 7 ngày", "Còn 3 ngày", "Còn đến hết ngày mai", "Hôm nay là ngày cuối")
            if words in text
        )
        for text in texts[1:]
    ] == ["Còn 7 ngày", "Còn 3 ngày", "Còn đến hết ngày mai", "Hôm nay là ngày cuối"]
    assert len(await received(office, "NV07")) == 1


async def test_nobody_is_reminded_by_night(office: Office) -> None:
    await office.talk("NV06")
    at(office, 1)
    await office.publish(deadline=DEADLINE)
    for hour, minute, number in ((7, 59, 0), (20, 0, 0), (23, 0, 0), (19, 59, 1)):
        at(office, 2, hour, minute)
        assert await office.remind() == number, (hour, minute)


async def test_a_day_that_was_missed_is_not_made_up_for(office: Office) -> None:
    await office.talk("NV06")
    at(office, 1)
    await office.publish(deadline=DEADLINE)
    at(office, 3)
    assert await office.remind() == 0


async def test_a_reminder_that_waited_over_midnight_is_not_sent(office: Office) -> None:
    await office.talk("NV06")
    at(office, 1)
    await office.publish(deadline=DEADLINE)
    await office.world.deliver()
    at(office, 2, 19)
    assert await office.remind() == 1
    at(office, 3, 0)
    assert len(await received(office, "NV06")) == 1
    assert set((await office.letters("study:1:remind:20260302")).values()) == {"expired"}


async def test_whoever_was_invited_today_is_not_reminded_today(office: Office) -> None:
    await office.talk("NV06")
    at(office, 1)
    await office.publish(deadline=DEADLINE)
    at(office, 2)
    await office.talk("NV07")
    assert await office.push_first_cards() == 1
    assert await office.remind() == 1
    assert set(await office.letters("study:1:remind:20260302")) == {(await office.person("NV06")).id}


async def test_a_campaign_without_deadline_reminds_nobody(office: Office) -> None:
    await office.talk("NV06")
    at(office, 1)
    await office.publish()
    for day in range(2, 20):
        at(office, day)
        assert await office.remind() == 0


# After the deadline.


async def test_leaders_get_their_own_list_and_the_chair_a_summary_once(office: Office) -> None:
    for code in ("CT01", "TT04", "TT05", "BCH02", "NV06"):
        await office.talk(code)
    at(office, 1)
    await office.publish(audience="group:Tổ Hành chính+code:NV07", deadline=DEADLINE)
    for code in ("CT01", "TT04"):
        await waive(office, code)
    await office.world.deliver()
    at(office, 10, 7)
    assert await office.remind() == 0
    at(office, 10, 8)
    assert await office.remind() == 3
    assert await office.remind() == 0
    at(office, 11)
    assert await office.remind() == 0

    late = (await received(office, "TT04"))[-1]
    assert "Tổ Hành chính còn 2/4 người chưa xong" in late
    assert "1. Lê Quang Đạt (CU03)\n2. Đặng Thu Hà (NV06)" in late
    assert "Hoàng Anh Tuấn" not in late
    assert "Tổ Nghiệp vụ còn 1/1 người" in (await received(office, "TT05"))[-1]
    summary = (await received(office, "CT01"))[-1]
    assert "2/5 người, 40%" in summary
    assert "Còn 2/2 tổ chưa đủ" in summary
    for code in ("BCH02", "NV06"):
        assert not any("hết hạn" in text for text in await received(office, code))


async def test_good_news_for_a_group_that_is_complete(office: Office) -> None:
    for code in ("CT01", "TT04"):
        await office.talk(code)
    at(office, 1)
    await office.publish(audience="code:NV06", deadline=DEADLINE)
    await waive(office, "NV06")
    at(office, 12)
    assert await office.remind() == 2
    assert f"{GROUPS[0]} đã học xong" in (await received(office, "TT04"))[-1]
    assert "đủ cả 1 người" in (await received(office, "CT01"))[-1]


async def test_a_machine_that_was_off_for_weeks_sends_no_late_lists(office: Office) -> None:
    await office.talk("TT04")
    at(office, 1)
    await office.publish(deadline=DEADLINE)
    at(office, 24)
    assert await office.remind() == 0
    at(office, 23)
    assert await office.remind() == 1


async def test_a_long_list_is_cut(office: Office) -> None:
    await office.talk("TT04")
    at(office, 1)
    async with office.world.database.write() as tx:
        group_id = (await members.group_ids(tx))["to hanh chinh"]
        now = office.world.clock.now()
        crowd = [
            people.person(group_id, now, code=f"X{number:03}", name=f"Lê Văn {number:03}")
            for number in range(70)
        ]
        await members.add(tx, crowd)
    await office.publish(deadline=DEADLINE)
    at(office, 10)
    await office.remind()
    late = (await received(office, "TT04"))[-1]
    assert "còn 74/74 người" in late
    assert "60. " in late
    assert "61. " not in late
    assert "và 14 người nữa" in late


# By hand.


async def test_an_officer_reminds_by_hand_once_a_day(office: Office) -> None:
    for code in ("NV06", "NV07"):
        await office.talk(code)
    at(office, 1)
    await office.publish(audience="code:NV06,NV07")
    await waive(office, "NV07")
    at(office, 4)
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    await talk.taps("Nhắc ngay")
    talk.sees("Hiện còn 1 người")
    await talk.taps("Gửi lời nhắc")
    talk.sees("tới 1 người")
    assert "chưa học xong" in (await received(office, "NV06"))[-1]
    assert len(await received(office, "NV07")) == 1
    await talk.taps("Về báo cáo")
    await talk.taps("Nhắc ngay")
    await talk.taps("Gửi lời nhắc")
    talk.sees("Mỗi ngày chỉ nhắc một lần")
    at(office, 5)
    await talk.taps("Gửi lời nhắc")
    talk.sees("tới 1 người")


async def test_by_hand_and_by_itself_is_one_reminder_a_day(office: Office) -> None:
    await office.talk("NV06")
    at(office, 1)
    await office.publish(deadline=DEADLINE)
    at(office, 2)
    async with office.world.database.write() as tx:
        assert await pushing.remind_now(office.world.work(tx), await office.campaign()) == 1
    assert await office.remind() == 0


async def test_nobody_is_reminded_by_hand_at_night(office: Office) -> None:
    talk = await office.talk("CT01")
    at(office, 1)
    await office.publish()
    at(office, 4, 21)
    await talk.says("/baocao")
    await talk.taps("Nhắc ngay")
    await talk.taps("Gửi lời nhắc")
    talk.sees("8 giờ đến 20 giờ")


async def test_when_there_is_nobody_to_remind(office: Office) -> None:
    talk = await office.talk("CT01")
    await office.publish()
    await talk.says("/baocao")
    await talk.taps("Nhắc ngay")
    await talk.taps("Gửi lời nhắc")
    talk.sees("không có ai cần nhắc thêm")


async def test_a_reminder_by_hand_of_many_is_finished_by_the_job(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pushing, "REMINDERS_AT_ONCE", 2)
    for code in ("NV06", "NV07", "NV08"):
        await office.talk(code)
    at(office, 1)
    await office.publish(audience="code:NV06,NV07,NV08")
    at(office, 4)
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    await talk.taps("Nhắc ngay")
    await talk.taps("Gửi lời nhắc")
    talk.sees("tới 2 người, rồi tới những người còn lại")
    assert [await office.remind() for _ in range(2)] == [1, 0]
    async with office.world.database.read() as tx:
        assert sum((await outbox.count_by_state(tx, "study:1:remind:20260304")).values()) == 3
