"""Asking for the calendar's address in chat, and giving it up."""

import re
from dataclasses import replace

from sqlalchemy import select

from storage.schema.calendar import calendar_link
from storage.schema.messages import outbox
from tests.feed.keeping import calendar_of
from tests.people import WORKER
from tests.talk import Shown, Talk
from tests.world import World

_ADDRESS = re.compile(r"https://chi-nhanh\.example/lich/([\w-]{43})\.ics")


async def _opened(world: World) -> Talk:
    talk = await world.talk(WORKER)
    await talk.says("/caidat")
    await talk.taps("Lịch trên điện thoại")
    return talk


def _token(talk: Talk) -> str:
    found = _ADDRESS.search(talk.screen)
    assert found is not None, talk.screen
    return found[1]


async def test_the_address_is_made_and_opens_the_calendar(branch_world: World) -> None:
    talk = await _opened(branch_world)
    talk.sees("chưa có đường link nào", "giữ cho riêng mình")
    assert talk.buttons == ["Tạo đường link", "‹ Cài đặt"]
    await talk.taps("Tạo đường link")
    token = _token(talk)
    talk.sees(f"webcal://chi-nhanh.example/lich/{token}.ics", "iPhone", "Google Lịch", "Từ URL")
    talk.misses("Link cũ")
    assert await calendar_of(branch_world, token) is not None


async def test_the_address_is_shown_once_and_stored_nowhere(branch_world: World) -> None:
    talk = await _opened(branch_world)
    await talk.taps("Tạo đường link")
    token = _token(talk)
    async with branch_world.database.read() as tx:
        rows = [*await tx.all(select(outbox)), *await tx.all(select(calendar_link))]
    assert token not in str(rows)
    await talk.says("/caidat")
    await talk.taps("Lịch trên điện thoại")
    talk.sees("đang có một đường link, tạo lúc 08:30 02/03/2026")
    talk.misses(token)


async def test_a_new_address_ends_the_old_one(branch_world: World) -> None:
    talk = await _opened(branch_world)
    await talk.taps("Tạo đường link")
    old = _token(talk)
    await talk.says("/caidat")
    await talk.taps("Lịch trên điện thoại")
    await talk.taps("Tạo đường link mới")
    talk.sees("Link cũ từ nay không dùng được nữa")
    assert await calendar_of(branch_world, old) is None
    assert await calendar_of(branch_world, _token(talk)) is not None


async def test_a_button_pressed_twice_makes_one_address(branch_world: World) -> None:
    talk = await _opened(branch_world)
    menu = talk.last
    await talk.taps("Tạo đường link")
    token = _token(talk)
    await talk.presses(menu, menu.buttons[0][1])
    talk.sees("đang có một đường link")
    assert await calendar_of(branch_world, token) is not None


async def test_revoking_works_at_once(branch_world: World) -> None:
    talk = await _opened(branch_world)
    await talk.taps("Tạo đường link")
    token = _token(talk)
    await talk.says("/caidat")
    await talk.taps("Lịch trên điện thoại")
    await talk.taps("Thu hồi")
    talk.sees("Đã thu hồi", "chưa có đường link nào")
    assert await calendar_of(branch_world, token) is None


async def test_without_a_public_address_it_says_so(branch_world: World) -> None:
    branch_world.services = replace(branch_world.services, public_url="")
    branch_world.restart()
    talk = await _opened(branch_world)
    talk.sees("chưa có địa chỉ", "/lich")
    assert talk.buttons == ["‹ Cài đặt"]
    await talk.presses(Shown("gone", ""), f"1~{branch_world.services.branch.tag}~feed.make~0")
    talk.sees("chưa có địa chỉ")
    async with branch_world.database.read() as tx:
        assert await tx.all(select(calendar_link)) == []


async def test_it_is_for_whoever_is_linked(branch_world: World) -> None:
    talk = branch_world.stranger("nobody")
    await talk.says("/menu")
    for action in ("menu", "make~0", "revoke"):
        await talk.presses(talk.last, f"1~{branch_world.services.branch.tag}~feed.{action}")
        talk.sees("mã mời")
