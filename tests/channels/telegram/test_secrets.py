"""The token stands in every URL of the Bot API; it may stand nowhere else."""

import asyncio
import io
from collections.abc import Iterator

import pytest
from telegram.error import TelegramError

from bot.channels import http
from bot.channels.telegram import polling
from bot.channels.telegram.adapter import Telegram
from bot.channels.telegram.api import Api
from bot.channels.telegram.uploads import Uploads
from handlers.kit.channel import Rejected, RetryAt, Unknown, Unreachable
from handlers.kit.errors import FileUnavailableError
from handlers.kit.incoming import IncomingFile
from tests.channels.listening import listening, told
from tests.channels.telegram.harness import (
    TOKEN,
    Pauses,
    Taken,
    connected,
    gateway,
    outgoing,
    running,
    taken_all,
    unused_url,
)
from tests.doubles.telegram import TelegramDouble

SAID = "chuyện riêng của tôi"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    with listening() as lines:
        yield lines


FAILURES: list[int | str] = [400, 401, 403, 404, 409, 429, 500, 502, "garbage", "empty", "close", "hang"]


@pytest.mark.parametrize("kind", FAILURES)
async def test_no_failure_s_exception_tells_the_token(
    double: TelegramDouble, monkeypatch: pytest.MonkeyPatch, written: io.StringIO, kind: int | str
) -> None:
    monkeypatch.setattr(http, "TOTAL_S", 0.5)
    double.misbehave(kind)
    await _fails(double.url)
    assert TOKEN not in written.getvalue()


async def test_no_connection_s_exception_tells_the_token(
    double: TelegramDouble, written: io.StringIO
) -> None:
    for url in (unused_url(), double.url.replace("http:", "https:"), "http://[", "http://a b"):
        await _fails(url)
    async with gateway(404) as page:
        await _fails(page)
    assert TOKEN not in written.getvalue()


async def test_no_exception_tells_it_when_what_answers_isn_t_http(written: io.StringIO) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        await _fails(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    assert TOKEN not in written.getvalue()


async def _fails(url: str) -> None:
    api = Api(TOKEN, url)
    with pytest.raises(TelegramError) as failed:
        await api.call("sendMessage", dict, chat_id=7, text=SAID)
    await api.close()
    assert TOKEN not in told(failed.value)


@pytest.mark.parametrize("kind", FAILURES)
async def test_no_log_of_a_whole_day_tells_the_token_or_what_people_wrote(
    double: TelegramDouble, monkeypatch: pytest.MonkeyPatch, written: io.StringIO, kind: int | str
) -> None:
    """Start, menus, events, presses, answers and files, each with a failure in between."""
    monkeypatch.setattr(http, "TOTAL_S", 0.5)
    monkeypatch.setattr(polling, "GRACE_S", -49.9)
    taken = Taken()
    double.person(7)
    async with connected(double.url, pauses=Pauses()) as telegram:
        await telegram.push(outgoing(SAID, "menu"))
        double.misbehave(kind, times=1, method="sendMessage")
        receipt = await telegram.push(outgoing(f"<b>{SAID}"))
        assert isinstance(receipt, RetryAt | Unknown | Unreachable | Rejected)
        double.person(7).says(SAID)
        double.person(7).taps(double.chat(7).last.id, "menu")
        double.feed({"message": {"text": SAID}})
        double.misbehave(kind, times=1, method="getUpdates", accepted=True)
        async with running(telegram, taken.receive):
            await taken_all(double)
            await telegram.acknowledge(taken.events[-1], SAID)
            await double.until(lambda: not double.unanswered)
        await telegram.set_menu("7", officer=True)
        assert TOKEN not in repr(vars(telegram))
    lines = written.getvalue()
    assert "telegram_" in lines
    assert TOKEN not in lines
    assert TOKEN.partition(":")[2] not in lines
    assert SAID not in lines


@pytest.mark.parametrize("kind", [*FAILURES, "gone"])
@pytest.mark.parametrize("method", ["getFile", "download"])
async def test_no_file_that_is_not_given_tells_the_token(
    double: TelegramDouble,
    monkeypatch: pytest.MonkeyPatch,
    written: io.StringIO,
    method: str,
    kind: int | str,
) -> None:
    """The token stands in the address of a file too."""
    monkeypatch.setattr(http, "TOTAL_S", 0.5)
    sent = double.person(7).sends_document(name=f"{SAID}.pdf")["message"]["document"]
    file = IncomingFile(sent["file_name"], "application/pdf", 4, sent["file_id"])
    if kind != "gone":
        double.misbehave(kind, method=method)
    async with connected(unused_url() if kind == "gone" else double.url) as telegram:
        said = await _fetched(telegram, file)
    assert TOKEN not in said + written.getvalue()
    assert SAID not in said + written.getvalue()


async def _fetched(telegram: Telegram, file: IncomingFile) -> str:
    """All that is told of a file that isn't given; garbage may be what a file holds."""
    try:
        return repr(await telegram.fetch(file))
    except FileUnavailableError as error:
        return told(error)


def test_an_answer_cut_off_in_the_middle_is_logged_by_nobody(written: io.StringIO) -> None:
    cut = f'{{"ok":true,"result":[{{"update_id":1,"message":{{"text":"{SAID}'.encode()
    with pytest.raises(TelegramError) as failed:
        Uploads.parse_json_payload(cut)
    assert SAID not in told(failed.value)
    assert not written.getvalue()
