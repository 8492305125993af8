"""Whatever people write or press gets a kind answer on every line, and nothing is lost or half done."""

import unicodedata

import pytest

from handlers.evidence import actions as evidence
from storage import study
from storage.study import Progress
from tests.people import CHAIR, WORKER
from tests.study.course import Course, confirm, payload, publish, read_all
from tests.talk import Shown
from tests.world import World

UNKNOWN = "chưa hiểu ý"
STALE = "Nút này đã cũ"
MISHAP = "trục trặc"
# What people really paste, and what others try.
ODD_TEXTS = (
    "😀👩‍👩‍👧🏴󠁧󠁢󠁥󠁮󠁧󠁿❤️",
    # Right to left, zero width, control characters.
    "\u202eoàhC\u202c שלום مرحبا \u200f",
    "x\u200by\u200cz\u200d\u2060\ufeffw",
    "x\x00\x07\x1b[31m\x7fy",
    unicodedata.normalize("NFD", "Kính gửi Tổ trưởng Nguyễn Thị Huệ"),
    # Markup of every kind, and of templates.
    '<b>đậm</b> <script>alert(1)</script> &amp; & <a href="javascript:1">x</a> </p><p>',
    "*sao* _gạch_ `mã` [x](http://y) ~~z~~ \\* %",
    "{{ 7 * 7 }} {% raw %} ${x} %s {0}",
    "ữ" * 4096,
    "x\n" * 400,
    "/khongco gì cả",
    "/",
    "999999999999999999999999999999",
)
FORGED = [
    "",
    "x",
    "~~~~",
    "1~t3st~study.card",
    "1~t3st~study.card~-1~1",
    "1~t3st~study.card~99999999999999999999~1",
    "1~t3st~study.card~1~1; DROP TABLE study",
    "1~t3st~no.such~1",
    "1~t3st~home.open~khongco",
    "1~0ther~study.card~1~1",
    "2~t3st~study.card~1~1",
    "1~t3st~study.answer~1~0~0",
    "1~t3st~link.agree",
    "Đặng Thu Hà",
    "\U0001f600" * 16,
    "\u202e\u0000",
]


async def _progress(world: World, course: Course, code: str) -> Progress:
    async with world.database.read() as tx:
        return await study.progress(tx, course.campaign_id, await course.member_id(code))


async def test_odd_texts_get_the_menu(line_world: World) -> None:
    talk = await line_world.talk(WORKER)
    for text in ODD_TEXTS:
        await talk.says(text)
        talk.sees(UNKNOWN, "Đặng Thu Hà")


async def test_odd_texts_find_nobody(line_world: World) -> None:
    """A step that takes any text takes these too, and goes on."""
    chair = await line_world.talk(CHAIR)
    for text in ODD_TEXTS:
        await chair.says("/doanvien")
        await chair.says(text)
        chair.sees(UNKNOWN if text.startswith("/") else "Không có ai trong danh sách")
    await chair.says("/doanvien")
    await chair.says("NV06")
    assert chair.buttons == ["Đặng Thu Hà – NV06"]


async def test_words_are_known_however_a_telephone_writes_them(line_world: World) -> None:
    await publish(line_world)
    talk = await line_world.talk(WORKER)
    for written in ("Học tập", "HOC TAP", unicodedata.normalize("NFD", "học tập"), " học\u200b  tập\u200f "):
        await talk.says(written)
        talk.sees("Trang 1/3")


async def test_a_name_with_markup_is_shown_as_it_is_written(line_world: World) -> None:
    await publish(line_world)
    talk = await line_world.talk("NV09")
    await read_all(talk)
    talk.sees("Nội dung 3 <i>")
    await talk.taps("Tới lời xác nhận")
    talk.sees("Tôi là Bùi Ngọc <b>Ấn</b> & Co.", "“An toàn & <b>sức khoẻ</b>”")
    chair = await line_world.talk(CHAIR)
    await chair.says("/doanvien")
    await chair.says("bùi ngọc")
    assert any("Bùi Ngọc <b>Ấn</b> & Co" in label for label in chair.buttons)


@pytest.mark.needs("buttons", "presses")
async def test_a_forged_button_shows_where_one_is(line_world: World) -> None:
    course = await publish(line_world)
    talk = await line_world.talk(WORKER)
    await read_all(talk)
    for forged in FORGED:
        # Also on a message that nobody ever sent.
        for message in (talk.last, Shown("2000000000", "")):
            await talk.presses(message, forged)
            talk.sees(STALE, "muốn làm gì")
    assert (await _progress(line_world, course, WORKER)).acknowledged_at is None


async def test_an_old_button_after_moving_on(line_world: World) -> None:
    """Every screen that was ever shown stays pressable: what it did is neither undone nor doubled."""
    course = await publish(line_world)
    talk = await line_world.talk(WORKER)
    seen: list[tuple[Shown, str, str]] = []
    await talk.says("/hoctap")
    for label in ("Sau ›", "Sau ›", "Tới lời xác nhận", "Tôi xác nhận đã học", "Làm bài kiểm tra"):
        seen += [(message, payload, name) for message in talk.new for name, payload in message.buttons]
        await talk.taps(label)
    confirmed = await _progress(line_world, course, WORKER)
    assert confirmed.acknowledged_at is not None
    for message, old, name in seen:
        line_world.clock.forward(minutes=1)
        await talk.presses(message, old, name)
        talk.misses(MISHAP)
    assert (await _progress(line_world, course, WORKER)).acknowledged_at == confirmed.acknowledged_at
    acknowledgements = [entry for entry in await course.evidence() if entry.kind == "acknowledgement"]
    assert len(acknowledgements) == 1


@pytest.mark.needs("buttons")
async def test_a_button_of_another_person(line_world: World) -> None:
    """Pressed by whoever gets hold of it: their own study, or a refusal; never the other's."""
    course = await publish(line_world)
    talk = await line_world.talk(WORKER)
    await read_all(talk)
    await confirm(talk)
    await talk.taps("Làm bài kiểm tra")
    answers = [payload for _, payload in talk.last.buttons]
    other = await line_world.talk("NV07")
    await other.presses(Shown("1", ""), answers[0])
    other.sees("là của người khác")
    await other.presses(Shown("1", ""), payload(course, "study.acknowledge", course.campaign_id, "0" * 16))
    other.sees("Trang 1/3")
    assert (await _progress(line_world, course, "NV07")).acknowledged_at is None
    await course.answers(talk, right=True)
    talk.sees("Đúng rồi")


async def test_a_clock_that_was_set_back_stops_nobody(line_world: World) -> None:
    await publish(line_world)
    talk = await line_world.talk(WORKER)
    await read_all(talk)
    line_world.clock.forward(days=-3)
    await confirm(talk)
    talk.sees("Đã ghi nhận lúc")
    line_world.clock.forward(days=-400)
    other = await line_world.talk("NV07")
    await read_all(other)
    await confirm(other)
    other.sees("Đã ghi nhận lúc")
    async with line_world.database.write() as tx:
        await evidence.seal(line_world.work(tx))
    async with line_world.database.read() as tx:
        verdict = await evidence.verify(line_world.work(tx))
    assert verdict.ok
