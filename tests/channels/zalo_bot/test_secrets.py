"""The token stands in every address of the bot platform; it may stand nowhere else, as what people write."""

import io
from collections.abc import Iterator

import pytest

from bot.channels import http
from bot.channels.zalo.errors import ZaloError
from bot.channels.zalo_bot import polling
from bot.channels.zalo_bot.adapter import ZaloBot
from bot.channels.zalo_bot.api import Api
from handlers.kit.channel import Rejected, RetryAt, Unknown
from handlers.kit.errors import FileUnavailableError
from handlers.kit.incoming import IncomingFile
from tests.channels.listening import listening, told
from tests.channels.telegram.harness import Taken, gateway, unused_url
from tests.channels.zalo_bot.harness import TOKEN, Place, known, outgoing, running, taken_all
from tests.doubles.zalo import ZaloBotDouble

SAID = "chuyện riêng của tôi"
FAILURES: list[int | str] = [400, 401, 403, 404, 408, 429, 500, "garbage", "empty", "close", "hang"]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    with listening() as lines:
        yield lines


async def _fails(url: str) -> str:
    api = Api(TOKEN, url)
    with pytest.raises(ZaloError) as failed:
        await api.call("sendMessage", dict, chat_id="lan", text=SAID)
    await api.close()
    return told(failed.value)


@pytest.mark.parametrize("kind", FAILURES)
async def test_no_failure_s_exception_tells_a_secret(
    double: ZaloBotDouble, monkeypatch: pytest.MonkeyPatch, written: io.StringIO, kind: int | str
) -> None:
    monkeypatch.setattr(http, "TOTAL_S", 0.2)
    known(double).fault(kind, description=f"{TOKEN} {SAID}")  # type: ignore[arg-type]
    said = await _fails(double.url) + written.getvalue()
    assert TOKEN not in said
    assert SAID not in said


async def test_no_connection_s_exception_tells_a_secret(double: ZaloBotDouble, written: io.StringIO) -> None:
    said = ""
    for url in (unused_url(), double.url.replace("http:", "https:"), "http://[", "http://a b"):
        said += await _fails(url)
    async with gateway(404, f"<html>{SAID}</html>") as page:
        said += await _fails(page)
    said += written.getvalue()
    assert TOKEN not in said
    assert SAID not in said


@pytest.mark.parametrize("kind", FAILURES)
async def test_no_log_of_a_whole_day_tells_the_token_or_what_people_wrote(
    double: ZaloBotDouble,
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
    written: io.StringIO,
    kind: int | str,
) -> None:
    """Start, events, choices, numbers outside and answers, each with a failure in between."""
    monkeypatch.setattr(http, "TOTAL_S", 0.2)
    monkeypatch.setattr(polling, "GRACE_S", 0.2 - polling.WAIT_S)
    taken = Taken()
    lan = known(double).person("lan")
    await place.arrives("lan")
    async with place.connected(double.url) as zalo:
        await zalo.push(outgoing("Chọn đi", SAID))
        double.fault(kind, times=1, method="sendMessage")  # type: ignore[arg-type]
        receipt = await zalo.push(outgoing(f"<b>{SAID}", SAID, key="zalo_bot:e2:0"))
        assert isinstance(receipt, RetryAt | Unknown | Rejected)
        lan.says(SAID)
        lan.sends_photo(caption=SAID)
        lan.says("1")
        lan.says("77")
        double.feed({"event_name": "message.text.received", "message": {"text": SAID}})
        double.fault(kind, times=1, method="getUpdates")  # type: ignore[arg-type]
        double.fault(kind, times=1, method="sendMessage")  # type: ignore[arg-type]
        async with running(zalo, taken.receive):
            await taken_all(double)
        assert TOKEN not in repr(vars(zalo))
    lines = written.getvalue()
    assert len(taken.events) == 3
    assert "zalo_" in lines
    assert TOKEN not in lines
    assert TOKEN.partition(":")[2] not in lines
    assert SAID not in lines


@pytest.mark.parametrize("kind", [404, 500, "empty", "close", "hang", "gone"])
async def test_no_file_that_is_not_given_tells_a_secret(
    double: ZaloBotDouble,
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
    written: io.StringIO,
    kind: int | str,
) -> None:
    monkeypatch.setattr(http, "TOTAL_S", 0.2)
    address = f"{unused_url()}/{SAID}" if kind == "gone" else ""
    file = IncomingFile("photo.jpg", "image/jpeg", 0, address or double.keep(b"x", "image/png"))
    if not address:
        double.fault(kind, method="download")  # type: ignore[arg-type]
    async with place.connected(double.url) as zalo:
        if kind == "empty":
            said = repr(await zalo.fetch(file))
        else:
            with pytest.raises(FileUnavailableError) as failed:
                await zalo.fetch(file)
            said = told(failed.value)
    said += written.getvalue()
    assert TOKEN not in said
    assert SAID not in said


async def test_only_zalo_is_asked_without_encryption(double: ZaloBotDouble, place: Place) -> None:
    """Whatever address an event holds, nothing inside our own net is fetched for it."""
    async with ZaloBotDouble(TOKEN) as inside, place.connected(double.url) as zalo:
        with pytest.raises(FileUnavailableError):
            await zalo.fetch(IncomingFile("photo.jpg", "image/jpeg", 0, inside.keep(b"x", "image/png")))
        assert not inside.calls


async def test_what_is_told_to_be_too_long_isn_t_asked_for(zalo: ZaloBot, double: ZaloBotDouble) -> None:
    file = IncomingFile("photo.jpg", "image/jpeg", 2**40, double.keep(b"x", "image/png"))
    with pytest.raises(FileUnavailableError):
        await zalo.fetch(file)
    assert not double.calls


async def test_what_is_longer_than_it_may_be_isn_t_fetched(
    double: ZaloBotDouble, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.zalo.incoming_files.LARGEST", 10)
    async with place.connected(double.url) as zalo:
        long, short = double.keep(b"x" * 11, "image/png"), double.keep(b"x" * 10, "image/png")
        with pytest.raises(FileUnavailableError):
            await zalo.fetch(IncomingFile("photo.jpg", "image/jpeg", 0, long))
        assert await zalo.fetch(IncomingFile("photo.jpg", "image/jpeg", 0, short)) == b"x" * 10
