import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from handlers.link import actions as link
from handlers.me.actions import withdraw
from storage import (
    accounts,
    consents,
    invitations,
    meeting_dates,
    members,
    outbox,
    preferences,
    roster_history,
    web,
)
from storage.accounts import Account
from storage.concerns import readers
from storage.concerns.expiry import ExpiryKeys
from storage.database import Transaction
from storage.desk import sessions
from storage.outbox import NewMessage, Priority
from storage.preferences import Quiet
from storage.schema.calendar import calendar_link, preference, preferred_lead
from storage.schema.conversations import web_message
from storage.schema.evidence import evidence, evidence_seal
from storage.schema.meetings import meeting_answer
from storage.schema.messages import outbox as outbox_table
from storage.schema.people import account as account_table
from storage.schema.people import consent
from storage.schema.people import invitation as invitation_table
from storage.schema.studies import campaign, document_version, quiz_attempt, study
from tests.announce.asking import OPTIONS, answer, asked
from tests.feed.keeping import calendar_of, keep, subscribed
from tests.feed.series import meeting, series
from tests.people import CHAIR, COMMITTEE, WORKER
from tests.storage.concerns.filing import file_case
from tests.storage.test_shared import posted
from tests.talk import Talk
from tests.world import World

NAME = "Đặng Thu Hà"
HASH = "a" * 64


async def _linked(world: World, address: str = "a") -> Talk:
    """Somebody who came by invitation and consented."""
    async with world.database.write() as tx:
        [made] = await link.invite(world.work(tx), everyone=False, code=WORKER)
    talk = world.stranger(address)
    await talk.says(made.code)
    await talk.taps("Đồng ý")
    return talk


async def _rows(world: World, table: Any) -> list[dict[str, Any]]:
    async with world.database.read() as tx:
        return [row._asdict() for row in await tx.all(table.select())]


async def _codes_of_accounts(world: World, *addresses: str) -> list[str | None]:
    async with world.database.read() as tx:
        found = [await accounts.load(tx, "direct", address) for address in addresses]
    return [each.member.code if each and each.member else None for each in found]


async def _add_studies(world: World, *titles: str, **progress: Any) -> None:
    """One campaign for each title, with this progress of the worker."""
    now = world.clock.now()
    async with world.database.write() as tx:
        person = await members.by_code(tx, WORKER)
        assert person is not None
        for number, title in enumerate(titles, 1):
            version = f"{number:064}"
            await tx.run(
                insert(document_version).values(
                    hash=version, slug=f"s{number}", edition=1, title=title, canonical=b"", frozen_at=now
                )
            )
            await tx.run(
                insert(campaign).values(
                    id=number,
                    slug=f"s{number}",
                    version_hash=version,
                    title=title,
                    audience="all",
                    pass_mark=80,
                    published_at=now,
                )
            )
            await tx.run(insert(study).values(campaign_id=number, member_id=person.id, card=3, **progress))


async def test_the_record_says_who_where_and_what(branch_world: World) -> None:
    talk = await _linked(branch_world)
    await talk.says("/toi")
    talk.sees(NAME, WORKER, "Tổ Hành chính", "Đoàn viên: có", "Đảng viên: không", "Chưa bắt đầu tài liệu nào")
    talk.sees("từ 08:30 02/03/2026 (đang dùng)", "minh chứng")
    talk.sees("Lời chào: ngày lễ và ngày kỷ niệm, lúc 7 giờ; giờ yên lặng: không đặt; nhắc họp: theo từng")
    assert talk.buttons == [
        "Tải dữ liệu của tôi",
        "Cài đặt",
        "Bằng chứng việc học",
        "Ngắt liên kết",
        "Rút lại đồng ý",
    ]


@pytest.mark.parametrize(
    ("progress", "said"),
    [
        ({}, "đang học"),
        ({"acknowledged_at": 1}, "đã xác nhận, chưa đạt bài kiểm tra"),
        ({"acknowledged_at": 1, "passed_at": 1, "best_score": 90}, "đã xong 08:30 02/03/2026, đạt 90%"),
        ({"waived_at": 1}, "được miễn"),
        ({"credit": "attendance"}, "đã học tại buổi tập trung"),
    ],
)
async def test_the_record_tells_each_study(branch_world: World, progress: dict[str, Any], said: str) -> None:
    now = branch_world.clock.now()
    values = {name: now if name.endswith("_at") else value for name, value in progress.items()}
    await _add_studies(branch_world, "Nghị quyết <02> & tiếp", **values)
    talk = await _linked(branch_world)
    await talk.says("/toi")
    talk.sees(f"Nghị quyết <02> & tiếp: {said}")


async def test_a_long_list_of_studies_is_cut(branch_world: World) -> None:
    await _add_studies(branch_world, *(f"Tài liệu {number}" for number in range(1, 14)))
    talk = await _linked(branch_world)
    await talk.says("/toi")
    talk.sees("Tài liệu 13: đang học", "Tài liệu 4:", "và 3 tài liệu trước đó")
    talk.misses("Tài liệu 3:")


async def _export(talk: Talk) -> dict[str, Any]:
    await talk.says("/toi")
    await talk.taps("Tải dữ liệu")
    [(name, content)] = talk.files
    assert name == "du-lieu-cua-toi.json"
    value: dict[str, Any] = json.loads(content)
    return value


async def test_the_file_holds_everything_about_the_member(branch_world: World) -> None:
    talk = await _linked(branch_world)
    now = branch_world.clock.now()
    await _add_studies(branch_world, "Nghị quyết 02", acknowledged_at=now)
    async with branch_world.database.write() as tx:
        account = await accounts.load(tx, "direct", "a")
        officer = await members.by_code(tx, COMMITTEE)
        assert account is not None
        assert account.member is not None
        assert officer is not None
        me = account.member.id
        await tx.run(
            insert(quiz_attempt).values(
                campaign_id=1,
                member_id=me,
                number=1,
                version_hash=f"{1:064}",
                questions=[{"id": "q1", "order": [1, 0]}],
                answers=[0],
                score=100,
                started_at=now,
            )
        )
        entries: tuple[tuple[int, int, str], ...] = ((me, me, "mine"), (officer.id, me, "entered"))
        for number, (whose, actor, kind) in enumerate(entries, 1):
            await tx.run(
                insert(evidence).values(
                    id=number,
                    kind=kind,
                    member_id=whose,
                    actor_id=actor,
                    campaign_id=1,
                    channel="direct",
                    details='{"lý do": "ốm"}',
                    at=now,
                )
            )
        await tx.run(
            insert(evidence_seal).values(position=1, evidence_id=1, previous=HASH, hash=HASH, sealed_at=now)
        )
        pushed = NewMessage(
            "k", "study:1", account.id, me, Priority.BULK, {"text": "<b>Mời</b> học &amp; hỏi"}
        )
        await outbox.add(tx, [pushed], now)
        await tx.run(
            insert(web_message).values(
                account_id=account.id,
                id="m1",
                seq=1,
                place=1,
                author="me",
                html="<p>Chào</p><p>bạn<br>ơi</p>",
                buttons=[],
                at=now,
            )
        )
    data = await _export(talk)
    assert data["đơn vị"] == branch_world.services.branch.name
    assert data["trong danh sách"][0]["họ và tên"] == NAME
    assert data["trong danh sách"][0]["ngày vào làm"] == "2020-01-02"
    assert data["tài khoản đã liên kết"][0]["số hiệu tài khoản"] == "a"
    assert data["các lần đồng ý"][0]["đồng ý lúc"] == "2026-03-02 08:30:00+07:00"
    assert data["mã mời đã cấp"][0]["dùng lúc"] == "2026-03-02 08:30:00+07:00"
    assert data["việc học"][0]["tài liệu"] == "Nghị quyết 02"
    assert data["các lần làm bài kiểm tra"][0]["câu trả lời"] == [0]
    [mine] = data["minh chứng"]
    assert (mine["loại"], mine["chi tiết"], mine["dấu niêm"]) == ("mine", {"lý do": "ốm"}, HASH)
    [entered] = data["đã nhập cho người khác"]
    assert entered["loại"] == "entered"
    assert [message["nội dung"] for message in data["tin đã gửi"]] == ["Mời học & hỏi"]
    assert data["trò chuyện trên trang công đoàn"][0]["nội dung"] == "Chào\n\nbạn\nơi"


async def test_the_file_tells_which_polls_one_answered(branch_world: World) -> None:
    talk = await _linked(branch_world)
    with_names = await asked(branch_world, named=True, codes=())
    without = await asked(branch_world, named=False, codes=())
    for number in (with_names, without):
        await answer(branch_world, number, WORKER, 1)
        await answer(branch_world, number, COMMITTEE, 0)
    data = await _export(talk)
    [mine] = data["ý kiến đã trả lời, có ghi tên"]
    assert mine == {
        "nội dung": "Đi đâu?",
        "các câu để chọn": list(OPTIONS),
        "số thứ tự": 2,
        "lúc": "2026-03-02 08:30:00+07:00",
    }
    [mine] = data["ý kiến đã trả lời, không ghi tên: chỉ ghi là đã trả lời"]
    assert mine == {"nội dung": "Đi đâu?"}


async def test_the_file_holds_nobody_else_and_no_code(branch_world: World) -> None:
    talk = await _linked(branch_world)
    await _linked_as(branch_world, COMMITTEE)
    await talk.says("/toi")
    await talk.taps("Tải dữ liệu")
    [(_, content)] = talk.files
    text = content.decode()
    assert "Trần Văn Bình" not in text
    assert all(row["code_hash"] not in text for row in await _rows(branch_world, invitation_table))


async def _linked_as(world: World, code: str) -> Talk:
    talk = await world.talk(code)
    await talk.says("/toi")
    return talk


async def test_the_file_is_stored_nowhere(branch_world: World) -> None:
    talk = await _linked(branch_world)
    await _export(talk)
    assert all(row["attachment_id"] is None for row in await _rows(branch_world, outbox_table))
    assert not any(
        "tất cả những gì" in row["message"]["text"] for row in await _rows(branch_world, outbox_table)
    )


async def test_unlinking_asks_first(branch_world: World) -> None:
    talk = await _linked(branch_world)
    await talk.says("/toi")
    await talk.taps("Ngắt liên kết")
    talk.sees("minh chứng đã học vẫn được giữ", "mã mời mới")
    await talk.taps("Thôi")
    talk.sees("vẫn giữ nguyên")
    assert await _codes_of_accounts(branch_world, "a") == [WORKER]


async def test_unlinking_frees_this_account_only(branch_world: World) -> None:
    talk = await _linked(branch_world)
    other = await branch_world.talk(WORKER)
    await talk.says("/toi")
    await talk.taps("Ngắt liên kết")
    await talk.taps("Ngắt liên kết tài khoản này")
    talk.sees("Đã ngắt liên kết", "vẫn được giữ nguyên")
    assert await _codes_of_accounts(branch_world, "a", f"p-{WORKER}") == [None, WORKER]
    assert [row["withdrawn_at"] for row in await _rows(branch_world, consent)] == [None]
    await talk.says("/toi")
    talk.sees("mã mời")
    talk.misses(NAME)
    await other.says("/toi")
    other.sees(NAME)


async def test_a_confirmation_left_behind_unlinks_nobody(branch_world: World) -> None:
    talk = await _linked(branch_world)
    await talk.says("/toi")
    await talk.taps("Ngắt liên kết")
    old = talk.last
    await talk.says("/menu")
    await talk.presses(old, old.buttons[-1][1])
    talk.sees("Nút này đã cũ")
    assert await _codes_of_accounts(branch_world, "a") == [WORKER]


async def test_other_words_at_the_question_show_it_again(branch_world: World) -> None:
    talk = await _linked(branch_world)
    await talk.says("/toi")
    await talk.taps("Rút lại đồng ý")
    await talk.says("là sao?")
    talk.sees("Rút lại đồng ý thì")
    assert await _codes_of_accounts(branch_world, "a") == [WORKER]


async def test_withdrawing_frees_every_account_and_is_recorded(branch_world: World) -> None:
    talk = await _linked(branch_world)
    await branch_world.talk(WORKER)
    now = branch_world.clock.now()
    async with branch_world.database.write() as tx:
        for address in ("a", f"p-{WORKER}"):
            account = await accounts.load(tx, "direct", address)
            assert account is not None
            await web.open_session(tx, address, account.id, now, now + timedelta(days=1))
        [open_code] = await link.invite(branch_world.work(tx), everyone=False, code=WORKER)
    branch_world.clock.forward(hours=1)
    await talk.says("/toi")
    await talk.taps("Rút lại đồng ý")
    talk.sees("2 ngày làm việc", "15 ngày", "tải dữ liệu của mình trước")
    # Where buttons are numbers, 1 is sent by mistake more often than any other.
    assert talk.buttons == [
        "Thôi, giữ nguyên",
        "Tải dữ liệu của tôi",
        "Rút lại đồng ý, ngắt mọi tài khoản",
    ]
    await talk.taps("Tải dữ liệu của tôi")
    assert talk.files
    await talk.taps("Rút lại đồng ý, ngắt mọi tài khoản")
    talk.sees("ngắt 2 tài khoản", "văn phòng công đoàn", "15 ngày")
    assert await _codes_of_accounts(branch_world, "a", f"p-{WORKER}") == [None, None]
    [given] = await _rows(branch_world, consent)
    assert given["withdrawn_at"] == branch_world.clock.now()
    async with branch_world.database.read() as tx:
        # The chat that asked stays open for the answer; the others are signed out.
        assert await web.find_session(tx, "a", now) is not None
        assert await web.find_session(tx, f"p-{WORKER}", now) is None
    stranger = branch_world.stranger("b")
    await stranger.says(open_code.code)
    stranger.sees("thay bằng")


async def test_a_reader_of_concerns_hears_what_withdrawing_does(branch_world: World, tmp_path: Path) -> None:
    chair, other = await branch_world.talk(CHAIR), await branch_world.talk(COMMITTEE)
    now = branch_world.clock.now()
    async with branch_world.database.write() as tx:
        for code in (CHAIR, COMMITTEE):
            person = await members.by_code(tx, code)
            assert person is not None
            await readers.ask(tx, person.id, f"age1{code}", "{}", now, is_first=True)
            await sessions.open_(tx, code, person.id, now)
    # Sealed for the first of them.
    await file_case(branch_world.database, ExpiryKeys(tmp_path / "keys"), branch_world.chance)
    await chair.says("/toi")
    await chair.taps("Rút lại đồng ý")
    assert "Còn 1 nội dung chỉ khoá của" in chair.last.text
    await chair.taps("Thôi")
    await other.says("/toi")
    await other.taps("Rút lại đồng ý")
    assert "giữ khoá đọc kiến nghị" in other.last.text
    assert "Những người đọc còn lại" in other.last.text
    async with branch_world.database.write() as tx:
        person = await members.by_code(tx, COMMITTEE)
        assert person is not None
        account = (await accounts.of_member(tx, person.id))[0]
        await consents.give(tx, person.id, account.id, "0" * 64, now)
    await other.taps("Rút lại đồng ý, ngắt mọi tài khoản")
    async with branch_world.database.read() as tx:
        found = {
            code: await sessions.find(
                tx, code, opened_since=now - timedelta(hours=1), seen_since=now - timedelta(hours=1)
            )
            for code in (CHAIR, COMMITTEE)
        }
    assert [code for code, session in found.items() if session] == [CHAIR]
    await chair.says("/toi")
    await chair.taps("Rút lại đồng ý")
    assert "người cuối cùng đọc được" in chair.last.text


async def test_unlinking_revokes_the_calendars_address(branch_world: World) -> None:
    talk = await _linked(branch_world)
    token = await subscribed(branch_world, WORKER)
    await talk.says("/toi")
    await talk.taps("Ngắt liên kết")
    talk.sees("Đường link lịch trên điện thoại, nếu có, cũng bị thu hồi")
    assert await calendar_of(branch_world, token) is not None
    await talk.taps("Ngắt liên kết tài khoản này")
    assert await calendar_of(branch_world, token) is None


async def test_withdrawing_revokes_the_address_and_forgets_the_settings(branch_world: World) -> None:
    talk = await _linked(branch_world)
    token = await subscribed(branch_world, WORKER)
    now = branch_world.clock.now()
    async with branch_world.database.write() as tx:
        for code in (WORKER, COMMITTEE):
            person = await members.by_code(tx, code)
            assert person is not None
            await preferences.set_quiet(tx, person.id, Quiet(22, 6), now)
            await preferences.set_leads(tx, person.id, [60, 30], now)
    await talk.says("/toi")
    talk.sees("giờ yên lặng: từ 22 giờ đến 6 giờ; nhắc họp: trước 1 giờ, 30 phút")
    await talk.taps("Rút lại đồng ý")
    talk.sees("Đường link lịch bị thu hồi", "Các cài đặt")
    await talk.taps("Rút lại đồng ý, ngắt mọi tài khoản")
    assert await calendar_of(branch_world, token) is None
    assert len(await _rows(branch_world, preference)) == 1
    assert len(await _rows(branch_world, preferred_lead)) == 2


async def test_withdrawing_takes_the_name_out_of_what_is_over(branch_world: World) -> None:
    talk = await _linked(branch_world)
    branch_world.clock.forward(days=1)
    async with branch_world.database.write() as tx:
        person = await members.by_code(tx, WORKER)
        assert person is not None
        moved = {"b_id": person.id, "position": "Kỹ sư", "changed_at": branch_world.clock.now()}
        await members.change(tx, [moved])
    await talk.says("/toi")
    await talk.taps("Rút lại đồng ý")
    talk.sees("họ tên trong những lần thay đổi đã qua của danh sách")
    await talk.taps("Rút lại đồng ý, ngắt mọi tài khoản")
    async with branch_world.database.read() as tx:
        past, present = await roster_history.of_member(tx, person.id)
    assert (past.standing.full_name, present.standing.full_name) == ("", NAME)


async def test_withdrawing_revokes_it_even_where_no_account_is_left(branch_world: World) -> None:
    token = await subscribed(branch_world, WORKER)
    async with branch_world.database.write() as tx:
        person = await members.by_code(tx, WORKER)
        assert person is not None
        assert await withdraw(branch_world.work(tx), person.id, 0) == 0
    assert await calendar_of(branch_world, token) is None


async def test_the_file_tells_what_one_answered_to_invitations(branch_world: World) -> None:
    talk = await _linked(branch_world)
    meeting_id = await keep(branch_world, series(meeting(None, datetime(2026, 3, 9, 8, 30))))  # noqa: DTZ001
    async with branch_world.database.write() as tx:
        [one] = await meeting_dates.dates_of(tx, meeting_id)
        for code, reason in ((WORKER, "Con ốm"), (COMMITTEE, "Đi công tác")):
            person = await members.by_code(tx, code)
            assert person is not None
            await tx.run(
                insert(meeting_answer).values(
                    occurrence_id=one.id,
                    member_id=person.id,
                    is_coming=False,
                    reason=reason,
                    at=branch_world.clock.now(),
                )
            )
    [mine] = (await _export(talk))["trả lời lời mời họp"]
    assert mine == {
        "cuộc họp": "Họp tổ",
        "họp lúc": "2026-03-09 08:30:00+07:00",
        "sẽ dự": False,
        "lý do": "Con ốm",
        "lúc": "2026-03-02 08:30:00+07:00",
    }


async def test_the_file_tells_the_settings_and_the_links_without_their_secret(branch_world: World) -> None:
    talk = await _linked(branch_world)
    token = await subscribed(branch_world, WORKER)
    await subscribed(branch_world, WORKER)
    await talk.says("/caidat")
    await talk.taps("Lời chào ngày lễ: có")
    await talk.taps("Giờ nhắc họp")
    await talk.taps("1 ngày")
    async with branch_world.database.write() as tx:
        person = await members.by_code(tx, WORKER)
        assert person is not None
        await preferences.set_channel(tx, person.id, "direct", branch_world.clock.now())
    await talk.says("/toi")
    data = await _export(talk)
    [chosen] = data["cài đặt"]
    assert chosen["nhận lời chào ngày lễ"] is False
    assert chosen["tự chọn giờ nhắc họp"] is True
    assert chosen["muốn nhận tin ở kênh"] == "direct"
    assert data["giờ nhắc họp tự chọn"] == [{"số phút trước cuộc họp": 1440}]
    [old, new] = sorted(data["các đường link lịch"], key=lambda link: link["thu hồi lúc"] is None)
    assert (old["thu hồi lúc"], new["thu hồi lúc"]) == ("2026-03-02 08:30:00+07:00", None)
    hashes = [row["token_hash"] for row in await _rows(branch_world, calendar_link)]
    assert not any(secret in str(data) for secret in [token, *hashes])


async def _wait(tx: Transaction, world: World) -> Account:
    """A message of its own and an announcement wait for the worker's latest account, which is returned."""
    now = world.clock.now()
    account = await accounts.load(tx, "direct", "a")
    assert account is not None
    assert account.member is not None
    waiting = NewMessage(
        key="n:1",
        topic="n",
        account_id=account.id,
        member_id=account.member.id,
        priority=Priority.BULK,
        message={"text": "Tin đang chờ", "buttons": [], "replaces": ""},
        not_before=now + timedelta(hours=1),
    )
    await outbox.add(tx, [waiting], now)
    await posted(tx, f"code:{WORKER}")
    return account


async def _waits_for(world: World) -> list[tuple[str, str, str | None]]:
    """Address, state and channel of the pushes."""
    async with world.database.read() as tx:
        columns = select(account_table.c.address, outbox_table.c.state, outbox_table.c.channel)
        pushes = columns.join(account_table, account_table.c.id == outbox_table.c.account_id)
        rows = await tx.all(pushes.where(outbox_table.c.member_id.is_not(None)).order_by(outbox_table.c.id))
    return [tuple(row) for row in rows]


async def test_what_waits_for_an_account_that_is_unlinked_goes_to_another_one(branch_world: World) -> None:
    await branch_world.link("web", "browser", WORKER)
    talk = await _linked(branch_world)
    await branch_world.deliver()
    async with branch_world.database.write() as tx:
        await _wait(tx, branch_world)
    await talk.says("/toi")
    await talk.taps("Ngắt liên kết")
    await talk.taps("Ngắt liên kết tài khoản này")
    assert (await _waits_for(branch_world))[1:] == [
        ("browser", "pending", None),
        ("browser", "pending", "web"),
    ]


async def test_what_waits_for_the_only_account_is_cancelled_with_it(branch_world: World) -> None:
    talk = await _linked(branch_world)
    async with branch_world.database.write() as tx:
        await _wait(tx, branch_world)
    await talk.says("/toi")
    await talk.taps("Ngắt liên kết")
    await talk.taps("Ngắt liên kết tài khoản này")
    assert await _waits_for(branch_world) == [("a", "cancelled", None), ("a", "cancelled", "direct")]


async def test_what_waits_is_not_sent_after_leaving(branch_world: World) -> None:
    """To no other account either."""
    await branch_world.link("web", "browser", WORKER)
    talk = await _linked(branch_world)
    async with branch_world.database.write() as tx:
        account = await _wait(tx, branch_world)
        assert account.member is not None
        assert await withdraw(branch_world.work(tx), account.member.id, account.id) == 2
    branch_world.clock.forward(hours=2)
    talk.look()
    await branch_world.deliver()
    talk.misses("Tin đang chờ")
    async with branch_world.database.read() as tx:
        assert await outbox.count_by_state(tx, "n") == {"cancelled": 1}


async def test_who_came_back_after_withdrawing_consents_anew(branch_world: World) -> None:
    talk = await _linked(branch_world)
    await talk.says("/toi")
    await talk.taps("Rút lại đồng ý")
    await talk.taps("Rút lại đồng ý, ngắt mọi tài khoản")
    await _linked(branch_world)
    withdrawn = [row["withdrawn_at"] is None for row in await _rows(branch_world, consent)]
    assert sorted(withdrawn) == [False, True]


async def test_who_left_the_roster_still_has_their_data(branch_world: World) -> None:
    talk = await _linked(branch_world)
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, [WORKER], branch_world.clock.now())
    data = await _export(talk)
    assert data["trong danh sách"][0]["đang trong danh sách"] is False
    await talk.says("/toi")
    talk.sees("Không còn trong danh sách")
    await talk.taps("Rút lại đồng ý")
    await talk.taps("Rút lại đồng ý, ngắt mọi tài khoản")
    talk.sees("Đã ghi nhận")
    async with branch_world.database.read() as tx:
        assert await invitations.by_id(tx, 1) is not None


async def test_a_stranger_has_no_record(branch_world: World) -> None:
    talk = branch_world.stranger("nobody")
    await talk.says("/toi")
    talk.sees("mã mời")
    for action in ("export", "unlink", "withdraw", "stay"):
        await talk.presses(talk.last, f"1~{branch_world.services.branch.tag}~me.{action}")
        talk.sees("mã mời")
