from datetime import UTC, date, datetime, timedelta

import pytest

from storage import campaigns, evidence, members, study
from storage.campaigns import State
from storage.evidence import Kind, NewEvidence
from tests import people
from tests.campaign.branch import PLAIN_TITLE, TITLE, Office

NAMES = [name for _code, name, *_ in people.PEOPLE]
OWN_GROUP = ["Nguyễn Thị Ánh", "Lê Quang Đạt", "Phạm Thị Hoa"]


async def half_studied(office: Office) -> None:
    """One campaign for everybody: NV06 has studied, TT05 is let off, NV07 was at the meeting."""
    await office.publish(deadline=date(2026, 3, 9), pass_mark=0)
    await office.acknowledges("NV06")
    now = office.world.clock.now()
    for code, kind in (("TT05", Kind.WAIVER), ("NV07", Kind.ATTENDANCE)):
        person = await office.person(code)
        async with office.world.database.write() as tx:
            number = await evidence.append(tx, NewEvidence(kind, person.id, None, 1, "direct", now))
            if kind is Kind.WAIVER:
                await study.waive(tx, 1, person.id, now, number)
            else:
                await study.credit(tx, 1, person.id, kind.value, at=now, evidence_id=number)


async def test_the_figures_of_a_campaign(office: Office) -> None:
    await half_studied(office)
    assert await office.push_first_cards() == 1
    await office.world.deliver()
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    talk.sees(
        TITLE,
        "30% hoàn thành (3/10 người, kể cả miễn học)",
        "hạn 09/03/2026",
        "Đối tượng: mọi người",
        "Xác nhận: 1",
    )
    talk.sees("Điểm danh, học bù: 1", "Miễn học: 1", "Thư mời đã tới: 1")
    talk.misses("Đạt bài kiểm tra")
    talk.sees(" 0% 0/2 Tổ Kỹ thuật\n25% 1/4 Tổ Hành chính\n50% 2/4 Tổ Nghiệp vụ")


async def test_nothing_was_published_yet(office: Office) -> None:
    talk = await office.talk("CU03")
    await talk.says("báo cáo")
    talk.sees("Chưa có đợt học nào")
    assert talk.buttons == ["Báo cáo thành văn bản"]


async def test_several_campaigns_the_newest_first(office: Office) -> None:
    await office.publish()
    await office.publish("noi-quy", audience="party")
    talk = await office.talk("CT01")
    await talk.says("bao cao")
    assert talk.buttons == [f"2. {PLAIN_TITLE}", f"1. {TITLE}", "Mở đợt học mới", "Báo cáo thành văn bản"]
    await talk.taps(f"2. {PLAIN_TITLE}")
    talk.sees(PLAIN_TITLE, "Đối tượng: đảng viên", "không đặt hạn", "0/3 người")
    await talk.taps("Các đợt học")
    await talk.taps(f"1. {TITLE}")
    talk.sees("Đạt bài kiểm tra (từ 100%): 0")


async def test_many_campaigns_stand_on_pages(office: Office) -> None:
    for _ in range(9):
        await office.publish("noi-quy")
        talk = await office.talk("CT01")
        await talk.says("/baocao")
        if not any("Đóng đợt" in label for label in talk.buttons):
            await talk.taps(PLAIN_TITLE)
        await talk.taps("Đóng đợt")
        talk.sees("Còn 10 người chưa học xong")
        await talk.taps("Đóng đợt học")
        talk.sees("đã đóng")
    await office.publish()
    await talk.says("/baocao")
    assert len(talk.buttons) == 11
    assert talk.buttons[1] == f"9. {PLAIN_TITLE} (đã đóng)"
    await talk.taps("Sau ›")
    assert talk.buttons == [
        f"2. {PLAIN_TITLE} (đã đóng)",
        f"1. {PLAIN_TITLE} (đã đóng)",
        "‹ Trước",
        "Mở đợt học mới",
        "Báo cáo thành văn bản",
    ]


async def test_a_closed_campaign_takes_no_more_studies_but_keeps_its_figures(office: Office) -> None:
    await half_studied(office)
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    await talk.taps("Đóng đợt")
    await talk.taps("Đóng đợt học")
    talk.sees("Đã đóng đợt học", "30% hoàn thành", "đã đóng")
    assert "Nhắc ngay" not in talk.buttons
    assert "Ghi nhận" in talk.buttons
    assert (await office.campaign()).state is State.CLOSED
    await talk.presses(talk.last, "1~t3st~campaign.close_now~1")
    talk.sees("Nút này đã cũ")


async def test_who_has_not_studied_by_group_and_given_name(office: Office) -> None:
    await half_studied(office)
    talk = await office.talk("BCH02")
    await talk.says("/baocao")
    await talk.taps("Ai chưa học")
    talk.sees("Chưa học xong: 7 người")
    lines = [line for line in talk.last.text.splitlines() if line][2:]
    assert lines == [
        "Tổ Hành chính",
        "• Nguyễn Thị Ánh (CT01)",
        "• Lê Quang Đạt (CU03)",
        "• Phạm Thị Hoa (TT04)",
        "Tổ Kỹ thuật",
        "• Bùi Ngọc <b>Ấn</b> & Co (NV09)",
        "• Ngô Văn Ước (NV10)",
        "Tổ Nghiệp vụ",
        "• Trần Văn Bình (BCH02)",
        "• Đỗ Mỹ Linh (NV08)",
    ]
    await talk.taps("Về báo cáo")
    talk.sees("30% hoàn thành")


async def test_many_missing_are_shown_group_by_group(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.campaign.missing.NAMES_A_PAGE", 2)
    monkeypatch.setattr("handlers.campaign.missing.BUTTONS_A_PAGE", 2)
    await half_studied(office)
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    await talk.taps("Ai chưa học")
    talk.sees("7 người ở 3 tổ")
    assert talk.buttons == ["Tổ Hành chính (3)", "Tổ Kỹ thuật (2)", "Sau ›", "‹ Về báo cáo"]
    await talk.taps("Sau ›")
    assert talk.buttons == ["Tổ Nghiệp vụ (2)", "‹ Trước", "‹ Về báo cáo"]
    await talk.taps("‹ Trước")
    await talk.taps("Tổ Hành chính (3)")
    talk.sees("Nguyễn Thị Ánh", "Lê Quang Đạt")
    talk.misses("Phạm Thị Hoa")
    await talk.taps("Sau ›")
    talk.sees("Phạm Thị Hoa")
    talk.misses("Lê Quang Đạt")


async def test_when_nobody_is_missing(office: Office) -> None:
    await office.publish("noi-quy", audience="code:NV06")
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    assert "Ai chưa học" in talk.buttons
    old = talk.last
    await office.acknowledges("NV06")
    await talk.presses(old, "1~t3st~campaign.missing~1")
    talk.sees("Không còn ai")
    await talk.says("/baocao")
    talk.sees("100% hoàn thành (1/1 người)")
    assert "Ai chưa học" not in talk.buttons


async def test_the_chart_is_a_picture(office: Office) -> None:
    await half_studied(office)
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    await talk.taps("Biểu đồ")
    talk.sees("Tỉ lệ học tập theo tổ")
    ((name, content),) = talk.files
    assert name == "an-toan.png"
    assert content.startswith(b"\x89PNG\r\n")


# Who sees what.


async def test_a_leader_sees_the_own_group_only(office: Office) -> None:
    await half_studied(office)
    talk = await office.talk("TT04")
    await talk.says("/baocao")
    talk.sees("Tổ Hành chính: 25% hoàn thành (1/4 người)")
    talk.misses("Nghiệp vụ", "Kỹ thuật", "3/10")
    assert talk.buttons == ["Ai chưa học", "Xuất báo cáo", "Các đợt học"]
    await talk.taps("Ai chưa học")
    talk.sees(*OWN_GROUP)
    for name in set(NAMES) - set(OWN_GROUP):
        talk.misses(name)


async def test_a_leader_whose_group_is_not_in_the_audience(office: Office) -> None:
    await office.publish(audience="group:Tổ Kỹ thuật")
    talk = await office.talk("TT04")
    await talk.says("/baocao")
    talk.sees("Tổ Hành chính: Chưa có ai thuộc đối tượng")
    await talk.presses(talk.last, "1~t3st~campaign.chart~1")
    talk.sees("Nút này đã cũ")


async def test_the_cell_committee_sees_figures_and_no_names(office: Office) -> None:
    await half_studied(office)
    talk = await office.talk("CU03")
    await talk.says("/baocao")
    talk.sees("30% hoàn thành (3/10 người, kể cả miễn học)", "Tổ Nghiệp vụ", "Tổ Kỹ thuật")
    assert talk.buttons == ["Biểu đồ", "Xuất báo cáo", "Các đợt học"]
    await talk.taps("Biểu đồ")
    assert talk.files
    for forged in ("campaign.missing~1", "campaign.missing_in~1~1~0", "campaign.missing_groups~1~0"):
        await talk.presses(talk.last, f"1~t3st~{forged}")
        talk.sees("tên từng người thì chỉ ban chấp hành và tổ trưởng")
        for name in set(NAMES) - {"Lê Quang Đạt"}:
            talk.misses(name)


async def test_a_leader_in_the_cell_committee_sees_all_figures_and_the_own_groups_names(
    office: Office,
) -> None:
    await half_studied(office)
    async with office.world.database.write() as tx:
        person = await members.by_code(tx, "TT04")
        assert person is not None
        await members.change(tx, [{"b_id": person.id, "is_cell_committee": True}])
    talk = await office.talk("TT04")
    await talk.says("/baocao")
    talk.sees("30% hoàn thành (3/10 người, kể cả miễn học)")
    await talk.taps("Ai chưa học")
    talk.sees(*OWN_GROUP)
    talk.misses("Trần Văn Bình")


async def test_figures_of_a_superseded_campaign_stay_readable(office: Office) -> None:
    await half_studied(office)
    async with office.world.database.write() as tx:
        await campaigns.close(tx, 1, State.SUPERSEDED, datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=1))
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    talk.sees("đã có bản mới thay", "30% hoàn thành")
    assert "Ghi nhận" not in talk.buttons
