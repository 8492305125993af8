"""Formatted texts, photos and documents reach a step that asks for them, on every line."""

import pytest
from markupsafe import Markup

from handlers.kit.context import Context
from handlers.kit.feature import Command, Feature
from handlers.kit.files import LARGEST
from handlers.kit.flow import Flow, Step
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Attachment, End, Goto, Reply, Turn
from tests.lines.telegram import TelegramWorld
from tests.people import WORKER
from tests.world import World

RICH = (
    'Kính gửi <b>anh &amp; chị</b> 😀, <i>đọc</i> <a href="https://x.vn/?a=1&amp;b=2">tại đây</a> &lt;b&gt;'
)
PDF = b"%PDF-1.7 \r\n\x00\xff"
NOT_READ = "mới đọc được chữ"


async def _ask(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((Reply(ctx.services.texts.render("home/group")),), then=Goto("collect", "file"))


async def _take(incoming: Incoming, _ctx: Context) -> Turn:
    """Gives back what was sent."""
    received.append(incoming)
    file = incoming.file
    if file is None:
        return Turn((Reply(incoming.rich),))
    assert file.content is not None
    attachment = Attachment(file.name, file.mime, file.content)
    return Turn((Reply(Markup("got ") + incoming.rich, attachment=attachment),), then=End())


async def _listen(_incoming: Incoming, ctx: Context) -> Turn:
    return Turn((Reply(ctx.services.texts.render("home/group")),), then=Goto("listen", "text"))


COLLECT = Feature(
    "collect",
    commands=(Command("collect", _ask, None), Command("listen", _listen, None)),
    flows=(
        Flow("collect", (Step("file", _ask, _take, takes_files=True),)),
        Flow("listen", (Step("text", _listen, _take),)),
    ),
)
received: list[Incoming] = []


@pytest.fixture(autouse=True)
def nothing_received() -> None:
    received.clear()


@pytest.fixture
def collecting(line_world: World) -> World:
    line_world.restart(COLLECT)
    return line_world


async def test_a_formatted_text_arrives_as_it_was_typed(collecting: World) -> None:
    talk = await collecting.talk(WORKER)
    await talk.says("/collect")
    await talk.writes(RICH)
    [incoming] = received
    assert incoming.rich == RICH
    talk.sees("anh & chị 😀", "đọc tại đây", "<b>")


@pytest.mark.needs("documents", "captions")
async def test_a_document_arrives_with_its_caption(collecting: World) -> None:
    talk = await collecting.talk(WORKER)
    await talk.says("/collect")
    await talk.sends_file("Quyết định số 5.pdf", "application/pdf", PDF, RICH)
    [incoming] = received
    assert incoming.rich == RICH
    assert incoming.file is not None
    assert (incoming.file.name, incoming.file.mime) == ("Quyết định số 5.pdf", "application/pdf")
    assert (incoming.file.size, incoming.file.content) == (len(PDF), PDF)
    assert talk.files == [("Quyết định số 5.pdf", PDF)]


async def test_a_photo_arrives(collecting: World) -> None:
    talk = await collecting.talk(WORKER)
    await talk.says("/collect")
    await talk.sends_file("photo.jpg", "image/jpeg", JPEG)
    [incoming] = received
    assert incoming.file is not None
    assert (incoming.file.name, incoming.file.mime) == ("photo.jpg", "image/jpeg")
    assert incoming.file.content == JPEG


async def test_a_step_that_takes_no_files_says_so_and_stays(collecting: World) -> None:
    talk = await collecting.talk(WORKER)
    await talk.says("/listen")
    await talk.sends_file("a.pdf", "application/pdf", PDF, "chú thích")
    talk.sees("Bước này chưa dùng được", "nhắn riêng")
    await talk.writes("<b>đây</b>")
    assert [incoming.rich for incoming in received] == ["<b>đây</b>"]


async def test_outside_of_a_step_files_are_not_read(collecting: World) -> None:
    talk = await collecting.talk(WORKER)
    await talk.sends_file("a.pdf", "application/pdf", PDF, "/toi")
    talk.sees(NOT_READ)
    assert received == []


@pytest.mark.needs("documents")
async def test_a_file_after_the_step_has_ended_is_not_read(collecting: World) -> None:
    talk = await collecting.talk(WORKER)
    await talk.says("/collect")
    await talk.sends_file("a.pdf", "application/pdf", PDF)
    await talk.sends_file("b.pdf", "application/pdf", PDF)
    talk.sees(NOT_READ)
    assert len(received) == 1


async def test_a_sticker_where_a_file_is_asked_for_shows_the_step_again(telegram: TelegramWorld) -> None:
    telegram.restart(COLLECT)
    talk = await telegram.talk(WORKER)
    await talk.says("/collect")
    await talk.sends("sticker")
    talk.sees("Bước này chưa dùng được", "nhắn riêng")


# On Telegram the content has to be fetched.


async def test_a_file_that_telegram_does_not_give_is_asked_for_again(telegram: TelegramWorld) -> None:
    telegram.restart(COLLECT)
    talk = await telegram.talk(WORKER)
    await talk.says("/collect")
    telegram.double.misbehave(500, method="download", times=1)
    await talk.sends_file("a.pdf", "application/pdf", PDF)
    talk.sees("chưa tải được tệp", "gửi lại")
    assert received == []
    await talk.sends_file("a.pdf", "application/pdf", PDF)
    assert talk.files == [("a.pdf", PDF)]


async def test_a_file_that_is_too_large_is_named_so_and_the_step_waits(telegram: TelegramWorld) -> None:
    telegram.restart(COLLECT)
    talk = await telegram.talk(WORKER)
    await talk.says("/collect")
    await talk.sends_file("a.bin", "a/b", bytes(LARGEST + 1))
    talk.sees("lớn hơn 20 MB", "nhỏ hơn")
    await talk.writes("thôi")
    talk.sees("thôi")


async def test_nothing_is_fetched_where_no_step_takes_it(telegram: TelegramWorld) -> None:
    telegram.restart(COLLECT)
    talk = await telegram.talk(WORKER)
    await talk.sends_file("a.pdf", "application/pdf", PDF)
    await talk.says("/listen")
    await talk.sends_file("a.pdf", "application/pdf", PDF)
    assert telegram.double.called("getFile") == []


# The JPEG's head that Telegram looks at: 2 × 2 pixels.
JPEG = bytes.fromhex("ffd8ffc0001108000200020301220002110003110100") + bytes(20)
