import re

import pytest

from handlers.kit.vietnamese import fold
from storage import accounts, links, members
from storage.schema import metadata
from tests.people import CELL, CHAIR, COMMITTEE, LEADER, PEOPLE, WORKER
from tests.talk import Talk
from tests.world import World

CODE = re.compile(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b")


async def _officer(world: World, code: str = COMMITTEE) -> Talk:
    talk = await world.talk(code)
    await talk.says("/doanvien")
    return talk


async def _id(world: World, code: str) -> int:
    async with world.database.read() as tx:
        person = await members.by_code(tx, code)
    assert person is not None
    return person.id


async def _press(world: World, talk: Talk, action: str) -> None:
    await talk.presses(talk.last, f"1~{world.services.branch.tag}~{action}")


async def _add_group(world: World, name: str, people: int) -> None:
    async with world.database.write() as tx:
        await members.add_groups(tx, [(name, fold(name))])
        group_id = (await members.group_ids(tx))[fold(name)]
        now = world.clock.now()
        rows = [
            {
                "code": f"X{group_id}N{number:02}",
                "full_name": f"Người Thứ {number:02}",
                "folded_name": f"nguoi thu {number:02}",
                "group_id": group_id,
                "position": "",
                "is_union_member": True,
                "is_party_member": False,
                "is_active": True,
                "created_at": now,
                "changed_at": now,
            }
            for number in range(people)
        ]
        await members.add(tx, rows)


async def test_totals_come_first(branch_world: World) -> None:
    await branch_world.talk(WORKER)
    async with branch_world.database.write() as tx:
        account = await accounts.arrive(tx, "direct", f"p-{WORKER}", branch_world.clock.now())
        await accounts.set_unreachable(tx, account.id, "blocked")
    talk = await _officer(branch_world)
    talk.sees("Có tên: 10", "Đã liên kết: 2", "Chưa liên kết: 8", "Không nhận được tin: 1", "đã chặn")


@pytest.mark.parametrize("typed", ["Đặng Thu Hà", "dang thu ha", "THU HÀ", "NV06", "nv06", " thu  hà "])
async def test_a_person_is_found_by_name_or_code(branch_world: World, typed: str) -> None:
    talk = await _officer(branch_world)
    await talk.says(typed)
    assert talk.buttons == ["Đặng Thu Hà – NV06"]
    await talk.taps("Đặng Thu Hà")
    talk.sees("Đặng Thu Hà", "NV06", "Tổ Hành chính", "Chưa liên kết tài khoản nào", "02/01/2020")
    talk.misses("Đảng")


@pytest.mark.parametrize(
    "typed", ["zzz", "%", "_", "\\", "\U0001f600", "\u0301", "<b>x</b>", "A" * 4096, "A" * 20_000]
)
async def test_nobody_found_is_said(branch_world: World, typed: str) -> None:
    talk = await _officer(branch_world)
    await talk.says(typed)
    talk.sees("Không có ai")


async def test_one_search_follows_another(branch_world: World) -> None:
    talk = await _officer(branch_world)
    await talk.says("bình")
    await talk.says("ngọc")
    talk.sees("Tìm thấy một người")
    assert talk.buttons == ["Bùi Ngọc <b>Ấn</b> & Co – NV09"]
    await talk.taps("NV09")
    talk.sees("Bùi Ngọc <b>Ấn</b> & Co")


async def test_too_many_are_cut_and_said(branch_world: World) -> None:
    await _add_group(branch_world, "Tổ Kho", 12)
    talk = await _officer(branch_world)
    await talk.says("người thứ")
    assert len(talk.buttons) == 8
    talk.sees("còn nhiều người nữa")


async def test_roles_and_accounts_are_shown(branch_world: World) -> None:
    talk = await _officer(branch_world)
    async with branch_world.database.write() as tx:
        chair = await members.by_code(tx, CHAIR)
        assert chair is not None
        for channel in ("web", "telegram"):
            account = await accounts.arrive(tx, channel, "there", branch_world.clock.now())
            await accounts.link(tx, account.id, chair.id, branch_world.clock.now())
        await accounts.set_unreachable(tx, account.id, "blocked")
    await talk.says("CT01")
    await talk.taps("CT01")
    talk.sees(
        "ban chấp hành, chủ tịch công đoàn",
        "Liên kết trang trò chuyện từ 08:30 02/03/2026",
        "Telegram từ 08:30 02/03/2026, nay không nhận được tin",
    )


async def test_who_is_missing_is_listed_by_group(branch_world: World) -> None:
    talk = await _officer(branch_world)
    await talk.taps("Chưa liên kết")
    talk.sees("Chưa liên kết: 9 người", "3 tổ")
    assert talk.buttons == ["Tổ Hành chính (4)", "Tổ Kỹ thuật (2)", "Tổ Nghiệp vụ (3)", "‹ Danh sách"]
    await talk.taps("Tổ Hành chính")
    # By given name, in Vietnamese order.
    assert [label.split(" – ")[1] for label in talk.buttons[:4]] == ["CT01", "CU03", "NV06", "TT04"]
    await talk.taps("‹ Các tổ")
    talk.sees("3 tổ")
    await talk.taps("‹ Danh sách")
    talk.sees("Có tên: 10")


async def test_long_lists_are_paged(branch_world: World) -> None:
    for number in range(7):
        await _add_group(branch_world, f"Tổ {number}", 1)
    await _add_group(branch_world, "Tổ Rất Đông", 20)
    talk = await _officer(branch_world)
    await talk.taps("Chưa liên kết")
    assert len(talk.buttons) == 8 + 2
    await talk.taps("Sau ›")
    assert talk.buttons == [
        "Tổ Kỹ thuật (2)",
        "Tổ Nghiệp vụ (3)",
        "Tổ Rất Đông (20)",
        "‹ Trước",
        "‹ Danh sách",
    ]
    await talk.taps("Rất Đông")
    await talk.taps("Sau ›")
    await talk.taps("Sau ›")
    assert talk.buttons[0] == "Người Thứ 16 – " + talk.buttons[0].split(" – ")[1]
    assert talk.buttons[-2:] == ["‹ Trước", "‹ Các tổ"]


async def test_a_page_that_is_gone_shows_the_last(branch_world: World) -> None:
    talk = await _officer(branch_world)
    await _press(branch_world, talk, "roster.groups~2147483647")
    assert talk.buttons[0] == "Tổ Hành chính (4)"


async def test_a_group_that_is_done_shows_the_others(branch_world: World) -> None:
    talk = await _officer(branch_world)
    await talk.taps("Chưa liên kết")
    for code, _, group, *_ in PEOPLE:
        if group == "Tổ Kỹ thuật":
            await branch_world.talk(code)
    await talk.taps("Tổ Kỹ thuật")
    talk.sees("7 người")


async def test_when_everybody_is_linked_it_is_said(branch_world: World) -> None:
    talk = await _officer(branch_world)
    await talk.taps("Chưa liên kết")
    for code, *_ in PEOPLE:
        await branch_world.talk(code)
    await talk.taps("Tổ Kỹ thuật")
    talk.sees("đều đã liên kết")
    await talk.says("/doanvien")
    assert talk.buttons == ["Tập huấn, kết nạp, thoả ước"]


async def test_a_new_code_works_and_is_stored_nowhere(branch_world: World) -> None:
    talk = await _officer(branch_world)
    await talk.says("NV06")
    await talk.taps("NV06")
    await talk.taps("Cấp mã mời mới")
    talk.sees("Đặng Thu Hà", "https://chi-nhanh.example/enter", "01/04/2026")
    [code] = CODE.findall(talk.screen)
    async with branch_world.database.read() as tx:
        for table in ("outbox", "dialogue", "invitation"):
            rows = await tx.all(metadata.tables[table].select())
            assert code not in str(rows)
    stranger = branch_world.stranger("phone")
    await stranger.says(code)
    stranger.sees("Đặng Thu Hà")


async def test_only_the_chair_makes_the_chairs_code(branch_world: World) -> None:
    talk = await _officer(branch_world)
    await talk.says("CT01")
    await talk.taps("CT01")
    await talk.taps("Cấp mã mời mới")
    talk.sees("chỉ chủ tịch mới cấp được")
    assert not CODE.search(talk.screen)
    chair = await _officer(branch_world, CHAIR)
    await chair.says("CT01")
    await chair.taps("CT01")
    await chair.taps("Cấp mã mời mới")
    assert CODE.search(chair.screen)


async def test_who_left_gets_no_code(branch_world: World) -> None:
    talk = await _officer(branch_world)
    await talk.says("NV06")
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, [WORKER], branch_world.clock.now())
    await _press(branch_world, talk, f"roster.invite~{await _id(branch_world, WORKER)}")
    talk.sees("không còn trong danh sách")
    await talk.taps("NV06")
    talk.sees("Không còn trong danh sách")
    assert talk.buttons == ["Các lần thay đổi", "‹ Danh sách"]


@pytest.mark.parametrize(
    "action", ["person~999", "person", "person~x", "invite~0", "group~1", "groups", "groups~-1"]
)
async def test_forged_buttons_are_stale(branch_world: World, action: str) -> None:
    talk = await _officer(branch_world)
    await _press(branch_world, talk, f"roster.{action}")
    talk.sees("Nút này đã cũ", "Có tên: 10")


@pytest.mark.parametrize("code", [WORKER, LEADER, CELL])
async def test_others_see_nothing_of_it(branch_world: World, code: str) -> None:
    talk = await branch_world.talk(code)
    await talk.says("/doanvien")
    talk.misses("Có tên")
    person = await _id(branch_world, COMMITTEE)
    for action in ("overview", f"person~{person}", f"invite~{person}", "groups~0", "group~1~0"):
        await _press(branch_world, talk, f"roster.{action}")
        talk.sees("dành cho cán bộ công đoàn")
        talk.misses("Trần Văn Bình")


async def test_an_officer_no_more_can_not_go_on_searching(branch_world: World) -> None:
    talk = await _officer(branch_world)
    async with branch_world.database.write() as tx:
        person = await _id(branch_world, COMMITTEE)
        await members.change(tx, [{"b_id": person, "is_committee": False}])
    await talk.says("NV06")
    talk.sees("dành cho cán bộ công đoàn")
    await talk.sends("photo")
    talk.sees("dành cho cán bộ công đoàn")


async def test_totals_of_an_empty_branch_are_nought(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, [code for code, *_ in PEOPLE], branch_world.clock.now())
        assert await links.totals(tx) == links.Totals(0, 0, 0)
