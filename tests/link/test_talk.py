import asyncio
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from handlers.kit import invitations as kit
from handlers.link import actions
from storage import accounts, invitations, members, outbox, web
from storage.accounts import Account
from storage.outbox import HERE_ONLY, Attached, NewMessage, Priority
from storage.schema.messages import outbox as outbox_table
from storage.schema.people import consent
from tests.people import COMMITTEE, WORKER
from tests.talk import Talk
from tests.world import World

NAME = "Đặng Thu Hà"
WRONG = "2222-2222-2222"


async def _code(world: World, member: str = WORKER) -> str:
    async with world.database.write() as tx:
        [made] = await actions.invite(world.work(tx), everyone=False, code=member)
    return made.code


async def _account(world: World, address: str) -> Account:
    async with world.database.read() as tx:
        found = await accounts.load(tx, "direct", address)
    assert found is not None
    return found


async def _linked_to(world: World, address: str) -> str | None:
    member = (await _account(world, address)).member
    return member.code if member else None


async def _consents(world: World) -> list[Mapping[str, Any]]:
    async with world.database.read() as tx:
        return [row._asdict() for row in await tx.all(consent.select().order_by(consent.c.id))]


async def _link(world: World, address: str, member: str = WORKER) -> Talk:
    talk = world.stranger(address)
    await talk.says(f"/start {await _code(world, member)}")
    await talk.taps("Đồng ý")
    return talk


async def test_a_code_links_after_consent(branch_world: World) -> None:
    talk = branch_world.stranger("a")
    await talk.says(f"/start {await _code(branch_world)}")
    talk.sees(NAME, "Telegram", "nước ngoài", "nhạy cảm", "/toi", "Giữ bao lâu", "Ai xem được")
    assert talk.buttons == ["Đồng ý", "Không đồng ý", "Không phải tôi"]
    await talk.taps("Đồng ý")
    talk.sees("Xong rồi", NAME, "/hoctap", "/menu")
    assert await _linked_to(branch_world, "a") == WORKER
    assert (await _account(branch_world, "a")).dialogue is None


async def test_nothing_is_linked_before_consent(branch_world: World) -> None:
    talk = branch_world.stranger("a")
    await talk.says(f"/start {await _code(branch_world)}")
    assert await _linked_to(branch_world, "a") is None
    assert await _consents(branch_world) == []


async def test_the_hash_of_the_words_that_were_shown_is_kept(branch_world: World) -> None:
    talk = await _link(branch_world, "a")
    words = branch_world.services.texts.render("link/consent_words", branch=branch_world.services.branch.name)
    [given] = await _consents(branch_world)
    assert given["wording_hash"] == sha256(words.encode()).hexdigest()
    assert given["given_at"] == branch_world.clock.now()
    assert given["withdrawn_at"] is None
    assert given["account_id"] == (await _account(branch_world, "a")).id
    talk.sees("Xong rồi")


async def test_a_pasted_code_is_enough(branch_world: World) -> None:
    talk = branch_world.stranger("a")
    await talk.says((await _code(branch_world)).lower().replace("-", " "))
    talk.sees(NAME, "đồng ý")


@pytest.mark.parametrize("text", ["/start", "/START", "/start   "])
async def test_start_alone_greets(branch_world: World, text: str) -> None:
    talk = branch_world.stranger("a")
    await talk.says(text)
    talk.sees("Cầu Nối", "mã mời", branch_world.services.branch.name)


async def test_start_greets_somebody_linked_by_name(branch_world: World) -> None:
    talk = await branch_world.talk(WORKER)
    await talk.says("/start")
    talk.sees(NAME, "/menu")


async def test_declining_stores_nothing_and_keeps_the_code(branch_world: World) -> None:
    code = await _code(branch_world)
    talk = branch_world.stranger("a")
    await talk.says(f"/start {code}")
    await talk.taps("Không đồng ý")
    talk.sees("chưa gắn với ai", "01/04/2026")
    assert await _linked_to(branch_world, "a") is None
    assert await _consents(branch_world) == []
    await talk.says(code)
    await talk.taps("Đồng ý")
    assert await _linked_to(branch_world, "a") == WORKER


async def test_a_wrong_person_leaves_the_code_to_the_right_one(branch_world: World) -> None:
    code = await _code(branch_world)
    finder = branch_world.stranger("finder")
    await finder.says(code)
    await finder.taps("Không phải tôi")
    finder.sees("Chưa có gì được liên kết")
    right = branch_world.stranger("right")
    await right.says(code)
    await right.taps("Đồng ý")
    assert await _linked_to(branch_world, "finder") is None
    assert await _linked_to(branch_world, "right") == WORKER


async def test_other_words_at_the_consent_show_it_again(branch_world: World) -> None:
    talk = branch_world.stranger("a")
    await talk.says(await _code(branch_world))
    await talk.says("để tôi nghĩ đã")
    talk.sees(NAME, "Chưa bấm đồng ý thì chưa có gì được liên kết")
    await talk.says("/huy")
    talk.sees("Đã dừng")
    assert await _linked_to(branch_world, "a") is None


async def test_silence_for_hours_is_no_consent(branch_world: World) -> None:
    talk = branch_world.stranger("a")
    await talk.says(await _code(branch_world))
    branch_world.clock.forward(hours=3)
    await talk.says("tôi đây")
    assert await _linked_to(branch_world, "a") is None


async def test_agreeing_twice_links_once(branch_world: World) -> None:
    talk = await _link(branch_world, "a")
    await talk.taps("Đồng ý")
    talk.sees("Nút này đã cũ")
    assert len(await _consents(branch_world)) == 1


async def test_consent_can_not_be_forged_without_a_code(branch_world: World) -> None:
    talk = branch_world.stranger("a")
    await talk.says("/start")
    await talk.presses(talk.last, f"1~{branch_world.services.branch.tag}~link.agree")
    talk.sees("Nút này đã cũ")
    assert await _linked_to(branch_world, "a") is None


async def test_an_older_screen_does_not_consent_to_a_newer_code(branch_world: World) -> None:
    talk = branch_world.stranger("a")
    await talk.says(await _code(branch_world))
    older = talk.last
    await talk.says(f"/start {await _code(branch_world, COMMITTEE)}")
    await talk.presses(older, older.buttons[0][1])
    talk.sees("Nút này đã cũ", "Trần Văn Bình", "Chưa bấm đồng ý")
    assert await _linked_to(branch_world, "a") is None
    await talk.taps("Đồng ý")
    assert await _linked_to(branch_world, "a") == COMMITTEE


async def test_a_code_links_one_account(branch_world: World) -> None:
    code = await _code(branch_world)
    first, second = branch_world.stranger("first"), branch_world.stranger("second")
    await first.says(code)
    await second.says(code)
    await asyncio.gather(first.taps("Đồng ý"), second.taps("Đồng ý"))
    linked = [await _linked_to(branch_world, address) for address in ("first", "second")]
    assert set(linked) == {WORKER, None}
    loser = first if linked[0] is None else second
    loser.sees("đã được dùng")
    assert len(await _consents(branch_world)) == 1


async def test_a_used_code_is_told_as_used(branch_world: World) -> None:
    code = await _code(branch_world)
    first = branch_world.stranger("first")
    await first.says(code)
    await first.taps("Đồng ý")
    second = branch_world.stranger("second")
    await second.says(code)
    second.sees("đã được dùng", "xin giúp mã khác")
    second.misses(NAME)


async def test_an_expired_code_is_told_as_expired(branch_world: World) -> None:
    code = await _code(branch_world)
    branch_world.clock.forward(days=30)
    talk = branch_world.stranger("a")
    await talk.says(code)
    talk.sees("hết hạn", "xin giúp mã mới")
    talk.misses(NAME)


async def test_a_replaced_code_is_told_as_replaced(branch_world: World) -> None:
    older = await _code(branch_world)
    await _code(branch_world)
    talk = branch_world.stranger("a")
    await talk.says(older)
    talk.sees("thay bằng một mã mới hơn")
    talk.misses(NAME)


async def test_a_code_that_ends_between_two_screens_links_nobody(branch_world: World) -> None:
    talk = branch_world.stranger("a")
    await talk.says(await _code(branch_world))
    await _code(branch_world)
    await talk.taps("Đồng ý")
    talk.sees("thay bằng một mã mới hơn")
    assert await _linked_to(branch_world, "a") is None
    assert await _consents(branch_world) == []


async def test_who_left_the_roster_is_not_linked(branch_world: World) -> None:
    code = await _code(branch_world)
    talk = branch_world.stranger("a")
    await talk.says(code)
    async with branch_world.database.write() as tx:
        await members.mark_left(tx, [WORKER], branch_world.clock.now())
    await talk.taps("Đồng ý")
    talk.sees("không còn trong danh sách")
    await talk.says(code)
    talk.sees("không còn trong danh sách")
    talk.misses(NAME)
    assert await _linked_to(branch_world, "a") is None


@pytest.mark.parametrize(
    "text", ["/start 2222-2222-222", "/start <b>&lt;", "/start 0000-OOOO-1111", "/start \U0001f600"]
)
async def test_an_unreadable_code_is_explained_and_not_counted(branch_world: World, text: str) -> None:
    talk = branch_world.stranger("a")
    for _ in range(6):
        await talk.says(text)
        talk.sees("chưa đọc ra mã", "bộ gõ tiếng Việt")
    assert (await _account(branch_world, "a")).wrong_codes == 0


async def test_twenty_thousand_letters_are_no_code(branch_world: World) -> None:
    talk = branch_world.stranger("a")
    await talk.says("/start " + "A" * 20_000)
    talk.sees("chưa đọc ra mã")


async def test_guessing_is_slowed_down(branch_world: World) -> None:
    code = await _code(branch_world)
    talk = branch_world.stranger("a")
    for _ in range(4):
        await talk.says(WRONG)
        talk.sees("không đúng", "văn phòng công đoàn")
    await talk.says(WRONG)
    talk.sees("sai nhiều lần", "08:45 02/03/2026")
    await talk.says(code)
    talk.sees("tạm dừng nhận mã")
    talk.misses(NAME)


async def test_waiting_is_not_prolonged_by_asking_and_doubles_by_guessing(branch_world: World) -> None:
    talk = branch_world.stranger("a")
    for _ in range(9):
        await talk.says(WRONG)
    talk.sees("08:45 02/03/2026")
    branch_world.clock.forward(minutes=15)
    await talk.says(WRONG)
    talk.sees("09:15 02/03/2026")


async def test_after_the_wait_a_right_code_links_and_forgets_the_wrong_ones(branch_world: World) -> None:
    talk = branch_world.stranger("a")
    for _ in range(5):
        await talk.says(WRONG)
    branch_world.clock.forward(minutes=15)
    await talk.says(await _code(branch_world))
    await talk.taps("Đồng ý")
    account = await _account(branch_world, "a")
    assert (account.wrong_codes, account.codes_blocked_until) == (0, None)


async def test_seeing_a_valid_code_does_not_forgive_guesses(branch_world: World) -> None:
    code = await _code(branch_world)
    talk = branch_world.stranger("a")
    for _ in range(4):
        await talk.says(f"/start {WRONG}")
    await talk.says(f"/start {code}")
    await talk.taps("Không đồng ý")
    await talk.says(f"/start {WRONG}")
    talk.sees("sai nhiều lần")


async def test_a_new_phone_takes_the_place_of_the_old_one(branch_world: World) -> None:
    old = await _link(branch_world, "old")
    await old.says("/start")
    await _link(branch_world, "new")
    assert await _linked_to(branch_world, "old") is None
    assert await _linked_to(branch_world, "new") == WORKER
    old.look()
    await branch_world.deliver()
    old.sees("tài khoản này đã được ngắt")


async def test_a_lost_phone_is_signed_out(branch_world: World) -> None:
    await _link(branch_world, "old")
    account = await _account(branch_world, "old")
    now = branch_world.clock.now()
    async with branch_world.database.write() as tx:
        await web.open_session(tx, "hash", account.id, now, now + timedelta(days=1))
    await _link(branch_world, "new")
    async with branch_world.database.read() as tx:
        assert await web.find_session(tx, "hash", now) is None


async def test_other_channels_stay_and_are_told(branch_world: World) -> None:
    async with branch_world.database.write() as tx:
        person = await members.by_code(tx, WORKER)
        assert person is not None
        browser = await accounts.arrive(tx, "web", "browser", branch_world.clock.now())
        await accounts.link(tx, browser.id, person.id, branch_world.clock.now())
    await _link(branch_world, "phone")
    async with branch_world.database.read() as tx:
        linked = await accounts.of_member(tx, person.id)
        [told] = [row for row in await tx.all(outbox_table.select()) if row.topic.startswith("link:")]
    assert {each.channel for each in linked} == {"direct", "web"}
    assert (told.account_id, told.not_to) == (browser.id, HERE_ONLY)
    assert "thêm Cầu Nối trên một ứng dụng khác" in told.message["text"]


async def test_what_waits_for_the_old_phone_goes_to_the_new_one(branch_world: World) -> None:
    await _link(branch_world, "old")
    before = await _account(branch_world, "old")
    assert before.member is not None
    async with branch_world.database.write() as tx:
        await outbox.attach(
            tx, "f" * 32, before.id, Attached("a.pdf", "application/pdf", b"%"), branch_world.clock.now()
        )
        waiting = NewMessage(
            key="notice:1",
            topic="notice",
            account_id=before.id,
            member_id=before.member.id,
            priority=Priority.BULK,
            message={"text": "Tin đang chờ", "buttons": [], "replaces": ""},
            attachment_id="f" * 32,
        )
        await outbox.add(tx, [waiting], branch_world.clock.now())
    new = await _link(branch_world, "new")
    new.look()
    await branch_world.deliver()
    new.sees("Tin đang chờ")
    async with branch_world.database.read() as tx:
        after = await _account(branch_world, "new")
        assert await outbox.attached(tx, "f" * 32, after.id) is not None
        assert await outbox.attached(tx, "f" * 32, before.id) is None


async def test_a_code_of_somebody_else_changes_nothing(branch_world: World) -> None:
    talk = await branch_world.talk(WORKER)
    code = await _code(branch_world, COMMITTEE)
    await talk.says(f"/start {code}")
    talk.sees("dành cho người khác", "/toi")
    talk.misses("Trần Văn Bình")
    assert await _linked_to(branch_world, f"p-{WORKER}") == WORKER
    stranger = branch_world.stranger("b")
    await stranger.says(code)
    stranger.sees("Trần Văn Bình")


async def test_ones_own_new_code_is_harmless_and_stays_good(branch_world: World) -> None:
    talk = await branch_world.talk(WORKER)
    code = await _code(branch_world)
    await talk.says(f"/start {code}")
    talk.sees("đã liên kết", "chưa bị dùng")
    async with branch_world.database.read() as tx:
        stored = await invitations.by_hash(tx, kit.code_hash(kit.compact(code)))
    assert stored is not None
    assert stored.used_at is None


async def test_the_code_one_came_with_says_that_all_is_well(branch_world: World) -> None:
    code = await _code(branch_world)
    talk = branch_world.stranger("a")
    await talk.says(code)
    await talk.taps("Đồng ý")
    await talk.says(f"/start {code}")
    talk.sees("đã liên kết")


async def test_who_is_not_linked_is_told_how(branch_world: World) -> None:
    talk = branch_world.stranger("a")
    await talk.says("/toi")
    talk.sees("mã mời", "tổ trưởng")
