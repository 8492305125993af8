"""`/ban`, and a second factor that is reset."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from handlers.desk import confirming, entering
from handlers.kit.errors import RefusedError
from storage import members
from storage.desk import acts, factors, links, sessions
from storage.desk.acts import Act
from storage.schema import metadata
from storage.schema.desk import desk_act, desk_link, desk_session
from tests.people import CELL, CHAIR, COMMITTEE, LEADER, WORKER
from tests.world import World

LINK = re.compile(r"https://chi-nhanh\.example/desk/vao/([0-9a-f]{64})")


async def test_an_officer_gets_a_link_that_is_kept_nowhere(branch_world: World) -> None:
    talk = await branch_world.talk(COMMITTEE)
    for words in ("/ban", "Bàn điều hành"):
        await talk.says(words)
        found = LINK.search(talk.last.text)
        assert found is not None
        assert "5 phút" in talk.last.text
        async with branch_world.database.read() as tx:
            assert await entering.is_open(branch_world.work(tx), found[1])
            assert len(await tx.all(select(desk_link))) == 1
            for table in metadata.sorted_tables:
                assert found[1] not in repr([tuple(row) for row in await tx.all(select(table))]), table.name


@pytest.mark.parametrize("code", [WORKER, LEADER, CELL])
async def test_nobody_else_gets_one(branch_world: World, code: str) -> None:
    talk = await branch_world.talk(code)
    await talk.says("/ban")
    assert "/desk/" not in talk.last.text
    async with branch_world.database.read() as tx:
        assert await tx.all(select(desk_link)) == []


async def test_without_an_address_one_is_told_what_to_set(branch_world: World) -> None:
    branch_world.services = replace(branch_world.services, public_url="")
    branch_world.restart()
    talk = await branch_world.talk(CHAIR)
    await talk.says("/ban")
    assert "CAUNOI_PUBLIC_URL" in talk.last.text


async def _member(world: World, code: str) -> members.Member:
    async with world.database.read() as tx:
        found = await members.by_code(tx, code)
    assert found is not None
    return found


async def test_a_reset_shuts_out_and_tells_the_officer_and_the_chair(branch_world: World) -> None:
    officer, chair = await branch_world.talk(COMMITTEE), await branch_world.talk(CHAIR)
    me = await _member(branch_world, COMMITTEE)
    async with branch_world.database.write() as tx:
        work = branch_world.work(tx)
        entered = await entering.enter(work, await entering.make_link(work, me.id))
        assert entered is not None
        await entering.make_link(work, me.id)
    async with branch_world.database.write() as tx:
        reset = await confirming.reset(branch_world.work(tx), " bch02 ")
    assert reset.full_name == "Trần Văn Bình"
    await branch_world.deliver()
    for talk in (officer, chair):
        assert "Mã xác nhận vào bàn điều hành của Trần Văn Bình vừa được đặt lại" in talk.last.text
    async with branch_world.database.read() as tx:
        assert await tx.all(select(desk_session)) == []
        assert await tx.all(select(desk_link)) == []
        assert await factors.of_member(tx, me.id) is None
        [act] = await acts.latest(tx, 10)
    assert (act.act, act.code) == (Act.FACTOR_RESET, COMMITTEE)


async def test_the_chairs_own_reset_is_told_once(branch_world: World) -> None:
    chair = await branch_world.talk(CHAIR)
    me = await _member(branch_world, CHAIR)
    async with branch_world.database.write() as tx:
        await factors.begin(tx, me.id, "A" * 32, branch_world.clock.now())
        await confirming.reset(branch_world.work(tx), CHAIR)
    await branch_world.deliver()
    assert len(chair.all) == 1


@pytest.mark.parametrize(
    ("code", "key"),
    [("XX99", "link/unknown_member"), (WORKER, "desk/not_at_desk"), (CHAIR, "desk/no_factor")],
)
async def test_there_may_be_nothing_to_reset(branch_world: World, code: str, key: str) -> None:
    async with branch_world.database.write() as tx:
        with pytest.raises(RefusedError) as refusal:
            await confirming.reset(branch_world.work(tx), code)
    assert refusal.value.key == key


async def test_after_a_reset_an_open_page_takes_no_code(branch_world: World) -> None:
    me = await _member(branch_world, CHAIR)
    async with branch_world.database.write() as tx:
        work = branch_world.work(tx)
        answer = await confirming.show_code(work, "no session", me, "123456")
        assert answer == confirming.Answer(is_right=False)
        assert await confirming.set_up(work, me) is None


async def test_a_link_is_used_once_though_two_come_at_the_same_time(branch_world: World) -> None:
    me = await _member(branch_world, CHAIR)
    now = branch_world.clock.now()
    async with branch_world.database.write() as tx:
        await links.replace(tx, me.id, "h" * 64, now, now + entering.LINK_LIFE)
    found = []
    for _ in range(2):
        async with branch_world.database.write() as tx:
            found.append(await links.use(tx, "h" * 64, now))
    assert found == [me.id, None]


async def test_sessions_say_who_it_is_now(branch_world: World) -> None:
    me = await _member(branch_world, CHAIR)
    now = branch_world.clock.now()
    async with branch_world.database.write() as tx:
        await sessions.open_(tx, "h" * 64, me.id, now)
        found = await sessions.find(
            tx, "h" * 64, opened_since=now - entering.LIFE, seen_since=now - entering.IDLE
        )
    assert found is not None
    assert (found.member, found.is_confirmed, found.seen_at) == (me, False, now)


async def test_acts_are_in_everybodys_own_data(branch_world: World) -> None:
    me = await _member(branch_world, CHAIR)
    async with branch_world.database.write() as tx:
        await acts.add(tx, branch_world.clock.now(), me.id, Act.STATE, "aabbccdd", after="closed")
        assert len(await tx.all(select(desk_act))) == 1
    talk = await branch_world.talk(CHAIR)
    await talk.says("/toi")
    await talk.taps("Tải dữ liệu của tôi")
    [file] = talk.files
    assert '"chi tiết": {\n        "after": "closed"\n      }' in file[1].decode()
