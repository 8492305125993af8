"""Accounts come and go on every line: a code and consent, a new telephone, leaving, coming back."""

from handlers.link import actions as link
from storage import links
from tests.people import LEADER, WORKER
from tests.study.course import confirm, publish, read_all
from tests.world import World

NAME = "Đặng Thu Hà"
NO_CODE = "XXXX-XXXX-XXXX"


async def _code(world: World, member: str = WORKER) -> str:
    async with world.database.write() as tx:
        [made] = await link.invite(world.work(tx), everyone=False, code=member)
    return made.code


async def test_a_code_and_consent_link_an_account(line_world: World) -> None:
    talk = line_world.stranger("telephone")
    await talk.says("xin chào")
    talk.sees(NO_CODE)
    await talk.says(f"/start {await _code(line_world)}")
    talk.sees(NAME, "Telegram", "nước ngoài", "Giữ bao lâu")
    await talk.taps("Đồng ý")
    talk.sees("Xong rồi", NAME)


async def test_a_code_is_taken_however_it_is_written(line_world: World) -> None:
    talk = line_world.stranger("telephone")
    code = await _code(line_world)
    await talk.says(f"  {code.lower().replace('-', ' – ')} \u200b")
    talk.sees(NAME)


async def test_a_code_is_used_once(line_world: World) -> None:
    code = await _code(line_world)
    for address in ("first", "second"):
        talk = line_world.stranger(address)
        await talk.says(f"/start {code}")
        if address == "first":
            await talk.taps("Đồng ý")
    talk.sees("đã được dùng rồi")
    talk.misses(NAME)


async def test_whoever_does_not_agree_is_not_linked(line_world: World) -> None:
    talk = line_world.stranger("telephone")
    await talk.says(f"/start {await _code(line_world)}")
    await talk.taps("Không đồng ý")
    await talk.says("/toi")
    talk.misses(NAME)
    talk.sees("mã mời")


async def test_a_new_telephone_takes_over_and_the_old_one_is_told(line_world: World) -> None:
    """Half-way through a document: the study goes on where it was."""
    await publish(line_world)
    old, new = line_world.stranger("old"), line_world.stranger("new")
    await old.says(f"/start {await _code(line_world)}")
    await old.taps("Đồng ý")
    await old.says("/hoctap")
    await old.taps("Sau ›")
    old.sees("Trang 2/3")
    await new.says(f"/start {await _code(line_world)}")
    old.look()
    await new.taps("Đồng ý")
    new.sees("Xong rồi")
    await line_world.deliver()
    old.sees("tài khoản này đã được ngắt")
    await old.taps("Sau ›")
    # In the browser the session is over, so that a lost telephone shows nothing more.
    assert "mã mời" in old.screen or "đã kết thúc" in old.screen
    old.misses("Trang")
    await new.says("/hoctap")
    new.sees("Trang 2/3")
    async with line_world.database.read() as tx:
        assert (await links.totals(tx)).linked == 1


async def test_leaving_keeps_what_was_recorded(line_world: World) -> None:
    course = await publish(line_world)
    talk = line_world.stranger("telephone")
    await talk.says(f"/start {await _code(line_world)}")
    await talk.taps("Đồng ý")
    await read_all(talk)
    await confirm(talk)
    await talk.says("/toi")
    await talk.taps("Tải")
    name, content = talk.files[0]
    assert name.endswith(".json")
    assert NAME in content.decode()
    await talk.taps("Ngắt liên kết")
    await talk.taps("Ngắt")
    await talk.says("/hoctap")
    talk.sees("mã mời")
    assert (await course.progress(WORKER)).acknowledged_at is not None


async def test_somebody_elses_code_changes_nothing(line_world: World) -> None:
    talk = await line_world.talk(WORKER)
    await talk.says(f"/start {await _code(line_world, LEADER)}")
    talk.sees("dành cho người khác")
    await talk.says("/menu")
    talk.sees(NAME)
