import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from handlers.campaign import actions
from handlers.campaign.actions import Published
from handlers.kit.documents import version
from handlers.kit.errors import RefusedError
from storage import campaigns, members
from storage.campaigns import State
from tests.campaign.branch import DOCUMENT, PLAIN, PLAIN_TITLE, SLUG, TITLE, Office
from tests.talk import Shown

CORRECTED = replace(DOCUMENT, summary="Sửa một lỗi gõ.")
NEXT_EDITION = replace(DOCUMENT, edition=2, summary="Có quy định mới.")


async def refused(office: Office, **values: Any) -> str:
    with pytest.raises(RefusedError) as error:
        await office.publish(**values)
    return str(office.world.services.texts.render(error.value.key, **error.value.values))


async def test_publishing_freezes_the_words_and_invites_who_can_be_reached(office: Office) -> None:
    for code in ("CT01", "NV06", "NV10"):
        await office.talk(code)
    published = await office.publish(audience="members", deadline=date(2026, 3, 9), by="CT01")
    assert (published.campaign, published.title, published.version) == (1, TITLE, version(DOCUMENT))
    assert published.recipients == 8
    await office.world.deliver()
    sent = await office.letters("study:1:first")
    assert set(sent.values()) == {"sent"}
    assert set(sent) == {(await office.person(code)).id for code in ("CT01", "NV06")}
    campaign = await office.campaign()
    assert (campaign.pass_mark, campaign.deadline, campaign.audience) == (100, date(2026, 3, 9), "members")
    async with office.world.database.read() as tx:
        frozen = await campaigns.frozen(tx, campaign.version_hash)
    assert frozen is not None
    assert frozen.title == TITLE


async def test_the_evidence_says_who_published_what(office: Office) -> None:
    await office.publish(by="CT01", deadline=date(2026, 3, 9), pass_mark=50)
    (entry,) = await office.publications()
    chair = await office.person("CT01")
    assert (entry.kind, entry.member_id, entry.actor_id) == ("publication", chair.id, chair.id)
    assert (entry.version_hash, entry.channel, entry.campaign_id) == (version(DOCUMENT), "direct", 1)
    assert entry.details == '{"audience":"all","correction":0,"deadline":"2026-03-09","pass_mark":50}'


async def test_the_command_line_publishes_without_an_officer(office: Office) -> None:
    await office.publish("noi-quy")
    (entry,) = await office.publications()
    assert (entry.kind, entry.channel, entry.campaign_id) == ("publication", "command", 1)
    assert (entry.member_id, entry.member_code, entry.actor_id) == (None, None, None)
    assert entry.version_hash == version(PLAIN)
    assert entry.details == '{"audience":"all","correction":0,"deadline":"","pass_mark":0}'
    assert (await office.campaign()).pass_mark == 0


async def test_a_correction_by_command_leaves_its_entry(office: Office) -> None:
    await office.publish(deadline=date(2026, 3, 9), by="CT01")
    office.offer(CORRECTED, PLAIN)
    await office.publish()
    _, entry = await office.publications()
    assert (entry.member_id, entry.version_hash) == (None, version(CORRECTED))
    assert entry.details == '{"audience":"all","correction":1,"deadline":"2026-03-09","pass_mark":100}'


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"slug": "khong-co"}, "an-toan, noi-quy"),
        ({"deadline": date(2026, 3, 1)}, "đã qua"),
        ({"deadline": date(2028, 3, 3)}, "02/03/2028"),
        ({"audience": "code:NV99"}, "NV99"),
        ({"audience": "ai do"}, "ai do"),
        ({"pass_mark": 101}, "từ 0 đến 100"),
        ({"slug": "noi-quy", "pass_mark": 50}, "không có bài kiểm tra"),
    ],
)
async def test_what_cannot_be_published(office: Office, values: dict[str, Any], said: str) -> None:
    assert said in await refused(office, **values)
    async with office.world.database.read() as tx:
        assert await campaigns.all_campaigns(tx) == []


async def test_a_deadline_of_today_is_in_time(office: Office) -> None:
    published = await office.publish(deadline=date(2026, 3, 2))
    assert published.recipients == 10


async def test_an_audience_of_nobody(office: Office) -> None:
    office.world.clock.forward(days=1)
    async with office.world.database.write() as tx:
        await members.mark_left(tx, ["NV09", "NV10"], office.world.clock.now())
    assert "Tổ Kỹ thuật" in await refused(office, audience="group:Tổ Kỹ thuật")


async def test_the_same_words_are_not_published_twice(office: Office) -> None:
    await office.publish()
    assert "đang được học rồi" in await refused(office)
    async with office.world.database.write() as tx:
        await actions.close(office.world.work(tx), await office.campaign())
    assert (await office.publish()).campaign == 2


async def test_a_correction_goes_on_in_the_same_campaign(office: Office) -> None:
    await office.publish(audience="members", deadline=date(2026, 3, 9), pass_mark=0, by="CT01")
    await office.acknowledges("NV06")
    office.offer(CORRECTED, PLAIN)
    corrected = await office.publish(by="CT01")
    assert (corrected.campaign, corrected.is_correction, corrected.recipients) == (1, True, 8)
    campaign = await office.campaign()
    assert campaign.version_hash == version(CORRECTED)
    assert (campaign.audience, campaign.deadline, campaign.pass_mark) == ("members", date(2026, 3, 9), 0)
    assert (await office.progress("NV06")).acknowledged_at is not None


async def test_a_new_edition_asks_everybody_again(office: Office) -> None:
    await office.talk("NV07")
    await office.publish(pass_mark=0)
    await office.acknowledges("NV06")
    office.offer(NEXT_EDITION, PLAIN)
    published = await office.publish(pass_mark=0)
    assert (published.campaign, published.is_correction) == (2, False)
    assert (await office.campaign(1)).state is State.SUPERSEDED
    assert (await office.progress("NV06", 2)).acknowledged_at is None
    # The old invitation that still waited is never sent; the new one is.
    await office.world.deliver()
    person = (await office.person("NV07")).id
    assert (await office.letters("study:1:first"))[person] == "cancelled"
    assert (await office.letters("study:2:first"))[person] == "sent"


async def test_an_older_edition_does_not_replace_a_newer_one(office: Office) -> None:
    office.offer(NEXT_EDITION)
    await office.publish()
    office.offer(DOCUMENT)
    assert "bản mới hơn" in await refused(office)


# The conversation.


async def test_a_chair_opens_a_campaign_in_chat(office: Office) -> None:
    await office.talk("NV06")
    talk = await office.talk("CT01")
    await talk.says("/hoctap")
    await talk.taps("Mở đợt học mới")
    talk.sees("chọn tài liệu")
    await talk.taps(TITLE)
    talk.sees("Những ai sẽ học?", TITLE)
    await talk.taps("Đoàn viên")
    talk.sees("đoàn viên công đoàn", "Hạn học là ngày nào?")
    await talk.taps("14 ngày nữa")
    talk.sees("phần trăm")
    await talk.taps("80%")
    talk.sees(TITLE, "đoàn viên công đoàn (8 người)", "16/03/2026", "đạt từ 80%", "6 người chưa liên kết")
    await talk.taps("Mở đợt học")
    talk.sees("Đã mở đợt học", "8 người")
    campaign = await office.campaign()
    assert (campaign.slug, campaign.audience, campaign.pass_mark) == (SLUG, "members", 80)
    assert (campaign.deadline, campaign.published_by) == (date(2026, 3, 16), (await office.person("CT01")).id)
    await talk.taps("Xem báo cáo")
    talk.sees("0% hoàn thành", "0/8 người")


async def test_everything_can_be_typed_too(office: Office) -> None:
    talk = await office.talk("BCH02")
    await talk.says("báo cáo")
    await talk.taps("Mở đợt học mới")
    await talk.taps(TITLE)
    await talk.says("tổ kĩ thuật")
    talk.sees("tổ kĩ thuật")
    await talk.says("to ky thuat")
    talk.sees("Tổ Kỹ thuật", "Hạn học")
    await talk.says("mai")
    talk.sees("Chưa đọc được ngày này")
    await talk.says("1/3/2026")
    talk.sees("Ngày này đã qua")
    await talk.says("15/4")
    await talk.says("hai trăm")
    talk.sees("từ 0 đến 100")
    await talk.says("75")
    talk.sees("Tổ Kỹ thuật (2 người)", "15/04/2026", "đạt từ 75%")
    await talk.taps("Mở đợt học")
    campaign = await office.campaign()
    assert (campaign.audience, campaign.deadline, campaign.pass_mark) == (
        "group:to ky thuat",
        date(2026, 4, 15),
        75,
    )


async def test_a_group_is_chosen_by_a_button_and_a_document_without_quiz_asks_for_no_mark(
    office: Office,
) -> None:
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    await talk.taps("Mở đợt học mới")
    await talk.taps(PLAIN_TITLE)
    await talk.taps("Một tổ…")
    await talk.taps("Tổ Nghiệp vụ")
    await talk.taps("Không đặt hạn")
    talk.sees("Tổ Nghiệp vụ (4 người)", "không đặt hạn")
    talk.misses("Kiểm tra:")
    await talk.taps("Mở đợt học")
    campaign = await office.campaign()
    assert (campaign.audience, campaign.deadline, campaign.pass_mark) == ("group:to nghiep vu", None, 0)


async def test_whoever_leaves_half_way_has_opened_nothing(office: Office) -> None:
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    await talk.taps("Mở đợt học mới")
    await talk.taps(TITLE)
    await talk.taps("Mọi người")
    await talk.taps("Thôi")
    talk.sees("Đã dừng")
    async with office.world.database.read() as tx:
        assert await campaigns.all_campaigns(tx) == []
    await talk.presses(Shown("old", ""), "1~t3st~campaign.publish")
    talk.sees("Nút này đã cũ")


async def test_a_new_edition_is_announced_before_it_replaces(office: Office) -> None:
    await office.publish()
    office.offer(NEXT_EDITION, PLAIN)
    talk = await office.talk("CT01")
    await talk.says("/hoctap")
    await talk.taps("Mở đợt học mới")
    await talk.taps(TITLE)
    await talk.taps("Mọi người")
    await talk.taps("Không đặt hạn")
    await talk.taps("Như tài liệu: 100%")
    talk.sees("xác nhận lại từ đầu")
    await talk.taps("Mở đợt học")
    assert (await office.campaign(1)).state is State.SUPERSEDED


async def test_a_correction_in_chat_asks_for_nothing_but_a_yes(office: Office) -> None:
    await office.publish()
    office.offer(CORRECTED, PLAIN)
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    await talk.taps("Các đợt học")
    await talk.taps("Mở đợt học mới")
    await talk.taps(TITLE)
    talk.sees("ý không đổi")
    await talk.says("gì cơ?")
    talk.sees("ý không đổi")
    await talk.taps("Cập nhật bản sửa")
    talk.sees("lời xác nhận cũ vẫn có giá trị")
    assert (await office.campaign()).version_hash == version(CORRECTED)


async def test_what_is_open_already_is_refused_at_once(office: Office) -> None:
    await office.publish()
    talk = await office.talk("CT01")
    await talk.says("/hoctap")
    await talk.taps("Mở đợt học mới")
    await talk.taps(TITLE)
    talk.sees("đang được học rồi")


async def test_words_that_change_while_an_officer_chooses_are_not_published(office: Office) -> None:
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    await talk.taps("Mở đợt học mới")
    await talk.taps(PLAIN_TITLE)
    await talk.taps("Mọi người")
    await talk.taps("Không đặt hạn")
    office.offer(replace(PLAIN, summary="Khác"))
    await talk.taps("Mở đợt học")
    talk.sees("vừa thay đổi")
    async with office.world.database.read() as tx:
        assert await campaigns.all_campaigns(tx) == []


async def test_every_step_says_again_what_it_waits_for(office: Office) -> None:
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    await talk.taps("Mở đợt học mới")
    for choice in (TITLE, "Mọi người", "7 ngày nữa", "50%", "Mở đợt học"):
        here = talk.last.text
        await talk.sends("sticker")
        talk.sees(here)
        await talk.taps(choice)


async def test_no_documents_at_all(office: Office) -> None:
    office.offer()
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    await talk.taps("Mở đợt học mới")
    talk.sees("Chưa có tài liệu nào")


async def test_of_two_officers_who_publish_at_once_one_is_told_so(office: Office) -> None:
    results = await asyncio.gather(
        office.publish(by="CT01"), office.publish(by="BCH02"), return_exceptions=True
    )
    (refusal,) = (each for each in results if isinstance(each, RefusedError))
    assert refusal.key == "campaign/unchanged"
    assert sum(isinstance(each, Published) for each in results) == 1
    assert len(await office.publications()) == 1


async def test_a_campaign_is_closed_once(office: Office) -> None:
    await office.publish()
    campaign = await office.campaign()
    async with office.world.database.write() as tx:
        await actions.close(office.world.work(tx), campaign)
    async with office.world.database.write() as tx:
        with pytest.raises(RefusedError) as error:
            await actions.close(office.world.work(tx), campaign)
    assert error.value.key == "campaign/ended"


async def test_many_documents_and_groups_stand_on_pages(office: Office) -> None:
    async with office.world.database.write() as tx:
        await members.add_groups(tx, [(f"Tổ {number}", f"to {number}") for number in range(10)])
        groups = await members.group_ids(tx)
        others = [person for person in await members.everybody(tx) if person.code != "CT01"]
        moved = [{"b_id": each.id, "group_id": groups[f"to {at}"]} for at, each in enumerate(others)]
        await members.change(tx, moved)
    office.offer(*(replace(PLAIN, slug=f"noi-quy-{each}", title=f"Nội quy {each}") for each in range(9)))
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    await talk.taps("Mở đợt học mới")
    assert len(talk.buttons) == 10
    await talk.taps("Sau ›")
    assert talk.buttons == ["Nội quy 8", "‹ Trước", "Thôi"]
    await talk.taps("Nội quy 8")
    await talk.taps("Một tổ…")
    assert len(talk.buttons) == 10
    await talk.taps("Sau ›")
    # Groups that nobody is in any more aren't offered.
    assert talk.buttons == ["Tổ 8", "Tổ Hành chính", "‹ Trước", "Thôi"]
    await talk.taps("Tổ 8")
    talk.sees("Tổ 8", "Hạn học")


async def test_a_group_that_nobody_is_in(office: Office) -> None:
    async with office.world.database.write() as tx:
        await members.add_groups(tx, [("Tổ Trống", "to trong")])
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    await talk.taps("Mở đợt học mới")
    await talk.taps(PLAIN_TITLE)
    await talk.says("Tổ Trống")
    talk.sees("không có ai thuộc đối tượng này (Tổ Trống)")
