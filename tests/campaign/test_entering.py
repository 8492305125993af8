"""One person: who may enter what for whom, and what the evidence keeps."""

import json
from datetime import date
from typing import Any

import pytest

from handlers.campaign import entries
from handlers.kit.crediting import Case, Officer
from handlers.kit.errors import RefusedError
from storage import campaigns, members
from storage.campaigns import State
from storage.evidence import Kind
from tests.campaign.branch import Office
from tests.storage.chain import personal
from tests.talk import Shown, Talk

REASON = "nghỉ thai sản đến tháng 8"


async def at_person(office: Office, name: str, officer: str = "CT01") -> Talk:
    """The officer has chosen the person."""
    talk = await office.talk(officer)
    await talk.says("/baocao")
    await talk.taps("Ghi nhận")
    await talk.taps("Một người")
    await talk.says(name)
    return talk


async def test_a_waiver_with_its_reason_and_who_granted_it(office: Office) -> None:
    await office.publish()
    talk = await at_person(office, "Đặng Thu Hà")
    talk.sees("Đặng Thu Hà (NV06)", "Tổ Hành chính", "Chưa bắt đầu học")
    await talk.taps("Miễn học")
    talk.sees("Vì sao miễn học cho Đặng Thu Hà")
    await talk.says("ốm")
    talk.sees("từ 5 đến 300 ký tự")
    await talk.says(REASON)
    talk.sees("Ghi nhận: miễn học", f"Lý do: {REASON}", "Đặng Thu Hà (NV06)")
    assert await office.evidence() == []
    await talk.taps("Ghi vào minh chứng")
    talk.sees("Đã ghi cho Đặng Thu Hà: miễn học")
    (entry,) = await office.evidence()
    assert (entry.kind, entry.member_id) == ("waiver", (await office.person("NV06")).id)
    assert (entry.actor_id, entry.channel) == ((await office.person("CT01")).id, "direct")
    assert (await personal(office.world.database, entry))["reason"] == REASON
    assert entry.version_hash == (await office.campaign()).version_hash
    assert (await office.progress("NV06")).waived_at == office.world.clock.now()
    assert await office.covered() == 1


@pytest.mark.parametrize(
    ("button", "kind", "days", "day"),
    [
        ("Điểm danh buổi học", "attendance", "Hôm nay", "2026-03-02"),
        ("Học bù", "make_up", "Hôm qua", "2026-03-01"),
    ],
)
async def test_studied_outside_the_chat(office: Office, button: str, kind: str, days: str, day: str) -> None:
    await office.publish()
    talk = await at_person(office, "nv06", "BCH02")
    await talk.taps(button)
    talk.sees("học ngày nào?")
    await talk.taps(days)
    await talk.taps("Ghi vào minh chứng")
    (entry,) = await office.evidence()
    assert (entry.kind, json.loads(entry.details)) == (kind, {"day": day})
    progress = await office.progress("NV06")
    assert (progress.credit, progress.credited_at) == (kind, office.world.clock.now())
    assert await office.covered() == 1
    # The next person follows from here.
    await talk.taps("Ghi người khác")
    talk.sees("gõ tên hoặc mã")


async def test_the_day_can_be_typed_but_lies_neither_ahead_nor_a_year_back(office: Office) -> None:
    await office.publish()
    talk = await at_person(office, "NV06")
    await talk.taps("Học bù")
    for typed, said in (
        ("hôm kia", "Chưa đọc được ngày"),
        ("3/3/2026", "Ngày học phải từ"),
        ("28/2/2025", "Ngày học phải từ"),
    ):
        await talk.says(typed)
        talk.sees(said)
    await talk.says("3/3")
    talk.sees("Ngày học: 03/03/2025")
    await talk.says("gì?")
    talk.sees("Bước này chưa dùng được", "Ngày học: 03/03/2025")


async def test_what_was_entered_can_be_taken_back(office: Office) -> None:
    await office.publish()
    talk = await at_person(office, "NV06")
    await talk.taps("Miễn học")
    await talk.says(REASON)
    await talk.taps("Ghi vào minh chứng")
    await talk.taps("Ghi người khác")
    await talk.says("NV06")
    talk.sees("Đã ghi nhận: miễn học")
    assert talk.buttons == ["Thu hồi ghi nhận", "Thôi"]
    await talk.taps("Thu hồi ghi nhận")
    await talk.says("ghi nhầm người")
    talk.sees("Ghi nhận: thu hồi ghi nhận")
    await talk.taps("Ghi vào minh chứng")
    waiver, withdrawal = await office.evidence()
    assert (waiver.kind, withdrawal.kind) == ("waiver", "withdrawal")
    assert json.loads(withdrawal.details) == {"of": "waiver"}
    assert (await personal(office.world.database, withdrawal))["reason"] == "ghi nhầm người"
    assert (await office.progress("NV06")).waived_at is None
    assert await office.covered() == 0
    # And entered anew.
    await talk.taps("Ghi người khác")
    await talk.says("NV06")
    await talk.taps("Học bù")
    await talk.taps("Hôm nay")
    await talk.taps("Ghi vào minh chứng")
    assert (await office.progress("NV06")).credit == "make_up"


async def test_taking_back_leaves_what_the_member_did(office: Office) -> None:
    await office.publish(pass_mark=0)
    await office.acknowledges("NV06")
    talk = await at_person(office, "NV06")
    talk.sees("Đã xác nhận lúc 08:30 02/03/2026")
    await talk.taps("Điểm danh buổi học")
    await talk.taps("Hôm nay")
    await talk.taps("Ghi vào minh chứng")
    talk = await at_person(office, "NV06")
    await talk.taps("Thu hồi ghi nhận")
    await talk.says("ghi nhầm ngày")
    await talk.taps("Ghi vào minh chứng")
    progress = await office.progress("NV06")
    assert progress.acknowledged_at is not None
    assert progress.credit is None
    assert await office.covered() == 1


async def test_where_somebody_stands_is_shown(office: Office) -> None:
    await office.publish()
    member = await office.talk("NV06")
    await member.says("/hoctap")
    talk = await at_person(office, "NV06")
    talk.sees("Đang đọc đến trang 1")


async def test_several_people_of_like_names(office: Office) -> None:
    await office.publish()
    talk = await at_person(office, "anh")
    assert talk.buttons == ["Nguyễn Thị Ánh (CT01)", "Hoàng Anh Tuấn (NV07)", "Thôi"]
    await talk.taps("Hoàng Anh Tuấn")
    talk.sees("Tổ Nghiệp vụ")


async def test_so_many_that_a_better_word_is_asked_for(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.campaign.entering.PEOPLE_SHOWN", 2)
    await office.publish()
    talk = await at_person(office, "nv")
    talk.sees("gõ rõ hơn")
    assert len(talk.buttons) == 3
    await talk.says("tuan")
    talk.sees("Hoàng Anh Tuấn (NV07)")


@pytest.mark.parametrize("typed", ["Không Ai", "%", "___", "😀", "\u0323", "CU03"])
async def test_nobody_by_that_name_in_the_audience(office: Office, typed: str) -> None:
    await office.publish(audience="code:NV06")
    talk = await at_person(office, typed)
    talk.sees("Không thấy ai", typed)


async def test_every_step_says_again_what_it_waits_for(office: Office) -> None:
    await office.publish()
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    await talk.taps("Ghi nhận")
    await talk.taps("Một người")
    for words, tap in (("NV06", False), ("Miễn học", True), (REASON, False)):
        here = talk.last.text
        await talk.sends("sticker")
        talk.sees(here)
        await (talk.taps(words) if tap else talk.says(words))
    here = talk.last.text
    await talk.sends("sticker")
    talk.sees(here, REASON)


async def test_whoever_lost_the_right_in_the_middle_gets_no_further(office: Office) -> None:
    await office.publish()
    talk = await at_person(office, "NV06", "BCH02")
    await talk.taps("Miễn học")
    async with office.world.database.write() as tx:
        person = await members.by_code(tx, "BCH02")
        assert person is not None
        await members.change(tx, [{"b_id": person.id, "is_committee": False}])
    await talk.says(REASON)
    talk.sees("dành cho cán bộ công đoàn")
    await talk.presses(Shown("old", ""), "1~t3st~campaign.enter")
    talk.misses("Đã ghi")
    assert await office.evidence() == []


async def test_a_person_who_left_meanwhile(office: Office) -> None:
    await office.publish()
    talk = await at_person(office, "NV06")
    await talk.taps("Miễn học")
    async with office.world.database.write() as tx:
        await members.mark_left(tx, ["NV06"], office.world.clock.now())
    await talk.says(REASON)
    talk.sees("không còn nữa", "Chưa có gì được ghi")
    assert await office.evidence() == []


# The rules behind the buttons.


async def case(office: Office, code: str, officer: str = "CT01", campaign: int = 1) -> Case:
    return Case(
        Officer(await office.person(officer), "desk"),
        await office.campaign(campaign),
        await office.person(code),
    )


async def refused(office: Office, action: Any, *values: Any) -> str:
    async with office.world.database.write() as tx:
        with pytest.raises(RefusedError) as error:
            await action(office.world.work(tx), *values)
    return str(office.world.services.texts.render(error.value.key, **error.value.values))


async def test_nobody_waives_their_own_study(office: Office) -> None:
    await office.publish()
    assert "Không ai tự miễn học" in await refused(office, entries.waive, await case(office, "CT01"), REASON)
    talk = await at_person(office, "CT01")
    await talk.taps("Miễn học")
    await talk.says(REASON)
    await talk.taps("Ghi vào minh chứng")
    talk.sees("Không ai tự miễn học")


async def test_one_thing_is_entered_for_one_person(office: Office) -> None:
    await office.publish()
    chosen = await case(office, "NV06")
    assert "không có ghi nhận" in await refused(office, entries.withdraw, chosen, REASON)
    async with office.world.database.write() as tx:
        await entries.waive(office.world.work(tx), chosen, REASON)
    again = (entries.credit, chosen, Kind.MAKE_UP, date(2026, 3, 1))
    assert "đã được ghi nhận" in await refused(office, *again)
    assert "đã được ghi nhận" in await refused(office, entries.waive, chosen, REASON)


async def test_a_closed_campaign_takes_what_its_meetings_say_a_superseded_one_does_not(
    office: Office,
) -> None:
    await office.publish()
    for state, code in ((State.CLOSED, "NV06"), (State.SUPERSEDED, "NV07")):
        number = 1 if state is State.CLOSED else (await office.publish()).campaign
        async with office.world.database.write() as tx:
            await campaigns.close(tx, number, state, office.world.clock.now())
        chosen = await case(office, code, campaign=number)
        if state is State.SUPERSEDED:
            assert "đã có bản mới" in await refused(office, entries.waive, chosen, REASON)
            meeting = (chosen.officer, chosen.campaign, [chosen.member], date(2026, 3, 1))
            assert "đã có bản mới" in await refused(office, entries.attend, *meeting)
        else:
            async with office.world.database.write() as tx:
                await entries.waive(office.world.work(tx), chosen, REASON)
    assert (await office.progress("NV06")).waived_at is not None
