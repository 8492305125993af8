"""Files that people send: what an event says of them, and how their content is got."""

import asyncio
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import RawTestServer

from bot.channels import http
from bot.channels.telegram.adapter import Telegram
from handlers.kit import files
from handlers.kit.errors import FileUnavailableError, Unavailable
from handlers.kit.files import LARGEST
from handlers.kit.incoming import Incoming, IncomingFile, Kind
from tests.channels.telegram.harness import Taken, connected, running, taken_all, unused_url
from tests.doubles.telegram import TelegramDouble

PDF = b"%PDF-1.7 \xff\x00"


@pytest.fixture
def sent(telegram: Telegram, double: TelegramDouble, taken: Taken) -> "Sent":
    return Sent(telegram, double, taken)


class Sent:
    """What becomes of a message that person 7 sends."""

    def __init__(self, telegram: Telegram, double: TelegramDouble, taken: Taken) -> None:
        self.telegram = telegram
        self.double = double
        self.an = double.person(7)
        self._taken = taken

    async def event(self) -> Incoming:
        async with running(self.telegram, self._taken.receive):
            await taken_all(self.double)
        return self._taken.events[-1]

    async def file(self) -> IncomingFile:
        found = (await self.event()).file
        assert found is not None
        return found


async def fails(telegram: Telegram, file: IncomingFile) -> Unavailable:
    with pytest.raises(FileUnavailableError) as failed:
        await telegram.fetch(file)
    return failed.value.reason


async def test_a_document_is_named_and_can_be_fetched(sent: Sent) -> None:
    caption = "Kính gửi 😀 anh chị"
    bold = [{"type": "bold", "offset": 9, "length": 2}]
    sent.an.sends_document(PDF, "Quyết định.pdf", "application/pdf", caption, bold)
    event = await sent.event()
    assert (event.kind, event.text) == (Kind.MEDIA, "document")
    assert event.rich == "Kính gửi <b>😀</b> anh chị"
    file = event.file
    assert file is not None
    assert (file.name, file.mime, file.size, file.content) == (
        "Quyết định.pdf",
        "application/pdf",
        len(PDF),
        None,
    )
    assert await sent.telegram.fetch(file) == PDF


async def test_of_a_photo_the_largest_size_is_fetched(sent: Sent) -> None:
    sent.an.sends_photo(b"large", "ảnh")
    event = await sent.event()
    assert (event.kind, event.text, event.rich) == (Kind.MEDIA, "photo", "ảnh")
    assert event.file is not None
    assert (event.file.name, event.file.mime) == ("photo.jpg", "image/jpeg")
    assert await sent.telegram.fetch(event.file) == b"large"


async def test_names_and_types_are_made_fit_to_be_passed_on(sent: Sent) -> None:
    sent.an.sends_document(PDF, "../../\u202efdp.exe\n<b>", "Text/HTML; charset=x")
    file = await sent.file()
    assert (file.name, file.mime) == ("fdp.exe b", "text/html")


@pytest.mark.parametrize(
    "content",
    [
        {"photo": []},
        {"photo": [{"width": 1, "height": 1}]},
        {"photo": {}},
        {"document": {"file_name": "a.pdf"}},
        {"document": None},
        {"voice": {"file_id": "v", "duration": 1}},
        {"animation": {"file_id": "a"}, "document": {"file_id": "a"}},
    ],
    ids=str,
)
async def test_what_is_no_photo_or_document_is_still_answered(sent: Sent, content: dict[str, Any]) -> None:
    sent.an.says("trước")
    sent.double.feed(
        {"message": {"message_id": 9, "from": sent.an.user, "chat": sent.an.chat.wire, "date": 1, **content}}
    )
    event = await sent.event()
    assert (event.kind, event.text, event.file) == (Kind.MEDIA, next(iter(content)), None)


async def test_an_event_shows_nothing_of_its_file_or_formatting(sent: Sent) -> None:
    sent.an.sends_document(PDF, "luong-thang.pdf", caption="chuyện riêng")
    shown = repr(await sent.event())
    assert not any(part in shown for part in ("luong", "riêng", "PDF"))


async def test_a_file_larger_than_telegram_gives_is_not_asked_for(sent: Sent) -> None:
    sent.an.sends_document(bytes(LARGEST + 1))
    file = await sent.file()
    assert file.size == LARGEST + 1
    assert await fails(sent.telegram, file) is Unavailable.TOO_LARGE
    assert sent.double.called("getFile") == []


async def test_the_largest_file_comes_whole(sent: Sent) -> None:
    sent.an.sends_document(bytes(LARGEST))
    assert await sent.telegram.fetch(await sent.file()) == bytes(LARGEST)


async def test_an_unknown_reference_is_not_given(telegram: Telegram) -> None:
    file = IncomingFile("a", "a/b", 1, "no such file")
    assert await fails(telegram, file) is Unavailable.NOT_GIVEN


@pytest.mark.parametrize("kind", [400, 401, 403, 404, 429, 500, 502, "close", "hang"])
@pytest.mark.parametrize("method", ["getFile", "download"])
async def test_whatever_goes_wrong_the_file_is_not_given(
    sent: Sent, monkeypatch: pytest.MonkeyPatch, method: str, kind: int | str
) -> None:
    monkeypatch.setattr(http, "TOTAL_S", 0.5)
    sent.an.sends_document(PDF)
    file = await sent.file()
    sent.double.misbehave(kind, method=method)
    assert await fails(sent.telegram, file) is Unavailable.NOT_GIVEN
    # The token was not refused for anything else.
    assert sent.telegram.state == "ok"


@pytest.mark.parametrize("kind", ["garbage", "empty"])
async def test_a_senseless_place_is_none(sent: Sent, kind: str) -> None:
    sent.an.sends_document(PDF)
    file = await sent.file()
    sent.double.misbehave(kind, method="getFile")
    assert await fails(sent.telegram, file) is Unavailable.NOT_GIVEN


async def test_without_a_connection_it_is_not_given() -> None:
    async with connected(unused_url()) as telegram:
        assert await fails(telegram, IncomingFile("a", "a/b", 1, "x")) is Unavailable.NOT_GIVEN


async def test_a_file_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever size was said: no more is held in memory than a file may be long."""
    monkeypatch.setattr("bot.channels.telegram.incoming_files.LARGEST", files.MEGABYTE)
    poured = 0
    ended = asyncio.Event()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal poured
        if request.path.endswith("/getFile"):
            return web.json_response({"ok": True, "result": {"file_id": "x", "file_path": "a/b"}})
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while poured < 64 * files.MEGABYTE:
                await response.write(bytes(2**16))
                poured += 2**16
        except ConnectionError:
            pass
        finally:
            # However the server learns of it: by the write that fails, or by being cancelled.
            ended.set()
        return response

    server = RawTestServer(answer)
    await server.start_server(access_log=None)
    async with connected(str(server.make_url("")).rstrip("/")) as telegram:
        assert await fails(telegram, IncomingFile("a", "a/b", 1, "x")) is Unavailable.TOO_LARGE
        async with asyncio.timeout(10):
            await ended.wait()
    await server.close()
    assert poured < 64 * files.MEGABYTE
