"""Personal settings and the calendar's address, through each kind of line."""

import re

from sqlalchemy import select

from storage import preferences
from storage.preferences import Quiet
from storage.schema.conversations import web_message
from storage.schema.messages import outbox
from tests.feed.keeping import calendar_of, member_id
from tests.people import WORKER
from tests.world import World

_ADDRESS = re.compile(r"https://chi-nhanh\.example/lich/([\w-]{43})\.ics")


async def test_somebody_on_night_shifts_arranges_what_comes_and_when(line_world: World) -> None:
    talk = await line_world.talk(WORKER)
    await talk.says("/caidat")
    await talk.taps("Lời nhắn ngày kỷ niệm: có")
    talk.sees("Lời chào: ngày lễ, lúc 7 giờ")
    await talk.taps("Giờ nhận lời chào")
    await talk.taps("17 giờ")
    await talk.taps("‹ Cài đặt")
    await talk.taps("Giờ yên lặng")
    await talk.says("7h - 15h")
    talk.sees("Giờ yên lặng: từ 7 giờ đến 15 giờ")
    await talk.taps("Giờ nhắc họp")
    await talk.taps("3 giờ")
    talk.sees("Nhắc họp: trước 3 giờ")
    await talk.says("/toi")
    talk.sees("Lời chào: ngày lễ, lúc 17 giờ; giờ yên lặng: từ 7 giờ đến 15 giờ; nhắc họp: trước 3 giờ")
    async with line_world.database.read() as tx:
        kept = await preferences.of_member(tx, await member_id(line_world, WORKER))
    assert (kept.quiet, kept.leads) == (Quiet(7, 15), (180,))


async def test_the_calendars_address_is_shown_once_kept_nowhere_and_revoked(line_world: World) -> None:
    talk = await line_world.talk(WORKER)
    await talk.says("/toi")
    await talk.taps("Cài đặt")
    await talk.taps("Lịch trên điện thoại")
    await talk.taps("Tạo đường link")
    found = _ADDRESS.search(talk.screen)
    assert found is not None, talk.screen
    assert await calendar_of(line_world, found[1]) is not None
    async with line_world.database.read() as tx:
        kept = [*await tx.all(select(outbox)), *await tx.all(select(web_message))]
    assert found[1] not in str(kept)
    await talk.says("/caidat")
    await talk.taps("Lịch trên điện thoại")
    await talk.taps("Thu hồi đường link")
    talk.sees("chưa có đường link nào")
    assert await calendar_of(line_world, found[1]) is None
