"""A study meeting: the pasted list of those who were there."""

import json

from handlers.campaign import entries
from handlers.kit.crediting import Case, Officer
from storage import members
from tests.campaign.branch import TITLE, Office
from tests.talk import Shown, Talk


async def at_list(office: Office) -> Talk:
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    await talk.taps("Ghi nhận")
    await talk.taps("Cả buổi học")
    talk.sees("Buổi học diễn ra ngày nào?", TITLE)
    await talk.taps("Hôm qua")
    talk.sees("Buổi học ngày 01/03/2026", "tối đa 300 dòng")
    return talk


async def test_a_pasted_list(office: Office) -> None:
    await office.publish()
    talk = await at_list(office)
    await talk.says("1. NV06\n2. Hoàng Anh Tuấn\n3. ngo van uoc\nNgười Lạ\nNV99")
    talk.sees("nhận ra 3 người", "Đặng Thu Hà", "Hoàng Anh Tuấn", "Ngô Văn Ước", "• Người Lạ", "• NV99")
    talk.sees("sẽ không được ghi")
    assert await office.evidence() == []
    await talk.taps("Ghi vào minh chứng")
    talk.sees("Đã điểm danh 3 người", "01/03/2026")
    rows = await office.evidence()
    assert [row.kind for row in rows] == ["attendance"] * 3
    assert {row.member_id for row in rows} == {
        (await office.person(code)).id for code in ("NV06", "NV07", "NV10")
    }
    assert {json.loads(row.details)["day"] for row in rows} == {"2026-03-01"}
    assert await office.covered() == 3


async def test_a_corrected_list_can_be_pasted_over(office: Office) -> None:
    await office.publish()
    talk = await at_list(office)
    await talk.says("chẳng có ai")
    talk.sees("Không nhận ra ai")
    await talk.says("NV06\nNV7")
    talk.sees("nhận ra 1 người", "NV7")
    await talk.says("NV06\nNV07")
    talk.sees("nhận ra 2 người", "Ghi điểm danh cho những người này?")
    await talk.sends("sticker")
    talk.sees("nhận ra 2 người")
    await talk.taps("Ghi vào minh chứng")
    assert await office.covered() == 2


async def test_who_was_entered_before_stays_as_it_was(office: Office) -> None:
    await office.publish()
    officer = Officer(await office.person("CT01"), "direct")
    waived = Case(officer, await office.campaign(), await office.person("NV06"))
    async with office.world.database.write() as tx:
        await entries.waive(office.world.work(tx), waived, "nghỉ thai sản")
    talk = await at_list(office)
    await talk.says("NV06\nNV07")
    await talk.taps("Ghi vào minh chứng")
    talk.sees("Đã điểm danh 1 người", "1 người đã có ghi nhận từ trước")
    assert (await office.progress("NV06")).credit is None


async def test_like_names_need_a_code(office: Office) -> None:
    await office.publish()
    async with office.world.database.write() as tx:
        person = await members.by_code(tx, "NV07")
        assert person is not None
        await members.change(
            tx, [{"b_id": person.id, "full_name": "Đặng Thu Hạ", "folded_name": "dang thu ha"}]
        )
    talk = await at_list(office)
    await talk.says("Đặng Thu Hà\nNV10")
    talk.sees("nhận ra 1 người", "Trùng tên, cần ghi bằng mã:\n• Đặng Thu Hà")


async def test_a_list_that_is_too_long(office: Office) -> None:
    await office.publish()
    talk = await at_list(office)
    await talk.says("\n".join(f"X{number}" for number in range(301)))
    talk.sees("dài quá 300 dòng")


async def test_only_people_of_the_audience_are_recognised(office: Office) -> None:
    await office.publish(audience="code:NV06")
    talk = await at_list(office)
    await talk.says("NV06\nNV07")
    talk.sees("nhận ra 1 người", "Không có trong đối tượng:\n• NV07")


async def test_the_meetings_day_can_be_typed(office: Office) -> None:
    await office.publish()
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    await talk.taps("Ghi nhận")
    await talk.taps("Cả buổi học")
    await talk.sends("sticker")
    talk.sees("Buổi học diễn ra ngày nào?")
    await talk.says("28/2")
    talk.sees("28/02/2026")
    await talk.sends("sticker")
    talk.sees("28/02/2026")
    await talk.presses(Shown("forged", ""), "1~t3st~campaign.attend")
    talk.sees("Nút này đã cũ")
