"""Forged presses and missing rights: each is refused or stale, and nothing happens."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from storage import accounts, members
from storage.accounts import Dialogue
from storage.campaigns import State
from storage.database import Database, open_database
from tests.campaign.branch import PLAIN_TITLE, TITLE, Office
from tests.campaign.test_entering import at_person
from tests.campaign.test_reports import NAMES, half_studied
from tests.talk import Shown


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """Rights don't depend on the kind of database."""
    opened = open_database(sqlite_url)
    yield opened
    await opened.close()


@pytest.mark.parametrize("group", [2, 3])
async def test_a_leader_cannot_ask_for_another_groups_names(office: Office, group: int) -> None:
    await half_studied(office)
    talk = await office.talk("TT04")
    await talk.says("/baocao")
    for forged in (f"campaign.missing_in~1~{group}~0", "campaign.missing_groups~1~0"):
        await talk.presses(talk.last, f"1~t3st~{forged}")
        talk.sees("tên từng người thì chỉ ban chấp hành và tổ trưởng")
        for name in NAMES:
            talk.misses(name)
    await talk.presses(talk.last, "1~t3st~campaign.chart~1")
    talk.misses("trục trặc")


@pytest.mark.parametrize("code", ["NV06", "TT04", "CU03"])
@pytest.mark.parametrize(
    "forged",
    [
        "campaign.new",
        "campaign.remind~1",
        "campaign.remind_now~1",
        "campaign.close~1",
        "campaign.close_now~1",
        "campaign.record~1",
        "campaign.one~1",
        "campaign.many~1",
    ],
)
async def test_only_the_committee_acts(office: Office, code: str, forged: str) -> None:
    await office.publish()
    talk = await office.talk(code)
    await talk.says("/hoctap")
    await talk.presses(talk.last, f"1~t3st~{forged}")
    talk.sees("dành cho cán bộ công đoàn")
    assert (await office.campaign()).state is State.OPEN


async def test_a_worker_sees_no_report(office: Office) -> None:
    await office.publish()
    talk = await office.talk("NV06")
    for said in ("/baocao", "báo cáo"):
        await talk.says(said)
        talk.sees("dành cho cán bộ công đoàn")
    for forged in ("view~1~0", "list~0", "chart~1", "missing~1", "missing_in~1~1~0", "missing_groups~1~0"):
        await talk.presses(talk.last, f"1~t3st~campaign.{forged}")
        talk.sees("dành cho cán bộ công đoàn")


@pytest.mark.parametrize(
    "forged", ["view~99~0", "view~1", "chart~99", "missing~99", "missing_in~1~x~0", "close~99", "record~99"]
)
async def test_a_button_of_nothing_is_stale(office: Office, forged: str) -> None:
    await office.publish()
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    await talk.presses(talk.last, f"1~t3st~campaign.{forged}")
    talk.sees("Nút này đã cũ")


async def test_a_far_page_is_the_last_page(office: Office) -> None:
    await half_studied(office)
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    for forged in ("view~1~2147483647", "list~2147483647", "missing_in~1~1~2147483647"):
        await talk.presses(Shown("another", ""), f"1~t3st~campaign.{forged}")
        talk.misses("trục trặc", "Nút này đã cũ")
    await talk.presses(talk.last, "1~t3st~campaign.missing_in~1~2147483647~0")
    talk.sees("Không còn ai")


@pytest.mark.parametrize(
    ("step", "forged"),
    [
        (0, "campaign.document~ffff"),
        (0, "campaign.document"),
        (1, "campaign.audience~nobody"),
        (1, "campaign.group~99"),
        (1, "campaign.groups~x"),
        (2, "campaign.deadline~8"),
        (2, "campaign.deadline~2147483647"),
        (3, "campaign.mark~101"),
        (3, "campaign.publish"),
    ],
)
async def test_forged_presses_lead_back_to_where_one_is(office: Office, step: int, forged: str) -> None:
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    await talk.taps("Mở đợt học mới")
    for choice in (TITLE, "Mọi người", "7 ngày nữa")[:step]:
        await talk.taps(choice)
    here = talk.last.text
    await talk.presses(talk.last, f"1~t3st~{forged}")
    talk.sees("Nút này đã cũ")
    assert here in talk.screen


async def test_the_person_of_a_forged_button_must_be_in_the_audience(office: Office) -> None:
    await office.publish(audience="code:NV06,NV07")
    talk = await at_person(office, "nv")
    outsider = (await office.person("NV10")).id
    for forged in (f"person~{outsider}", "person~999", "person", "kind~waiver", "enter", "day~0"):
        await talk.presses(Shown("forged", ""), f"1~t3st~campaign.{forged}")
        talk.sees("Nút này đã cũ", "gõ tên hoặc mã")
    await talk.taps("Thôi")
    assert await office.evidence() == []


@pytest.mark.parametrize("forged", ["kind~acknowledgement", "kind~quiz", "kind~x", "kind"])
async def test_no_other_kind_can_be_forged(office: Office, forged: str) -> None:
    await office.publish()
    talk = await at_person(office, "NV06")
    await talk.presses(Shown("forged", ""), f"1~t3st~campaign.{forged}")
    talk.sees("Nút này đã cũ", "Đặng Thu Hà")


async def test_a_forged_day(office: Office) -> None:
    await office.publish()
    talk = await at_person(office, "NV06")
    await talk.taps("Học bù")
    await talk.presses(Shown("forged", ""), "1~t3st~campaign.day~2")
    talk.sees("Nút này đã cũ", "học ngày nào?")


async def test_a_button_of_these_conversations_ends_no_other(office: Office) -> None:
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    await talk.taps("Mở đợt học mới")
    old = talk.last
    await talk.taps("Thôi")
    await talk.presses(old, "1~t3st~campaign.cancel")
    talk.sees("Nút này đã cũ")


@pytest.mark.parametrize(
    ("flow", "step", "data", "forged"),
    [
        ("publish", "confirmation", {}, "campaign.publish"),
        ("publish", "deadline", {"slug": 7}, "campaign.deadline~7"),
        ("entry", "confirmation", {"campaign": 1, "member": 6}, "campaign.enter"),
        ("entry", "confirmation", {"campaign": 9, "member": 6, "kind": "waiver"}, "campaign.enter"),
        ("entry", "confirmation", {"campaign": 1, "member": 6, "kind": "waiver"}, "campaign.enter"),
        ("entry", "confirmation", {"campaign": 1, "member": 6, "kind": "make_up"}, "campaign.enter"),
        ("entry", "kind", {"campaign": 1, "member": 999}, "campaign.kind~waiver"),
        ("attendance", "confirmation", {"campaign": 1, "codes": ["NV06"]}, "campaign.attend"),
        ("attendance", "list", {"campaign": 1, "day": "hôm qua"}, "campaign.attend"),
    ],
)
async def test_a_dialogue_that_another_version_left_behind(
    office: Office, flow: str, step: str, data: dict[str, object], forged: str
) -> None:
    await office.publish()
    talk = await office.talk("CT01")
    await talk.says("/baocao")
    async with office.world.database.write() as tx:
        account = await accounts.load(tx, "direct", "p-CT01")
        assert account is not None
        until = office.world.clock.now() + timedelta(hours=1)
        await accounts.save_dialogue(tx, account.id, Dialogue(flow, step, data, until))
    await talk.presses(Shown("forged", ""), f"1~t3st~{forged}")
    talk.sees("Nút này đã cũ")
    talk.misses("trục trặc")
    assert await office.evidence() == []
    assert len(await office.publications()) == 1


@pytest.mark.parametrize(
    ("way", "words"),
    [
        (("Mở đợt học mới", PLAIN_TITLE), "Tổ Kỹ thuật"),
        (("Mở đợt học mới", PLAIN_TITLE, "Mọi người"), "15/4"),
        (("Ghi nhận", "Một người"), "NV06"),
        (("Ghi nhận", "Cả buổi học"), "1/3"),
        (("Ghi nhận", "Cả buổi học", "Hôm nay"), "NV06"),
    ],
)
async def test_words_typed_after_the_right_is_gone_lead_nowhere(
    office: Office, way: tuple[str, ...], words: str
) -> None:
    await office.publish()
    talk = await office.talk("BCH02")
    await talk.says("/baocao")
    if way[0] == "Mở đợt học mới":
        await talk.taps("Các đợt học")
    for label in way:
        await talk.taps(label)
    before = await office.person("BCH02")
    async with office.world.database.write() as tx:
        await members.change(tx, [{"b_id": before.id, "is_committee": False}])
    # Both what is typed, and an old button that would show the step again.
    await talk.says(words)
    talk.sees("dành cho cán bộ công đoàn")
    talk.misses("Đặng Thu Hà")
    await talk.says("xin chào")
    talk.misses("trục trặc", "dành cho cán bộ công đoàn")
