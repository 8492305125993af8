"""Files of both sides, by whatever way a channel has for them."""

from dataclasses import replace

import pytest

from handlers.kit.channel import Sent
from handlers.kit.errors import FileUnavailableError, Unavailable
from handlers.kit.files import LARGEST
from handlers.kit.incoming import IncomingFile, Kind
from handlers.kit.reply import Attachment
from tests.channels.contract.bench import SAID, Bench
from tests.channels.contract.letters import outgoing
from tests.channels.listening import told
from tests.doubles.telegram.person import PIXEL

PDF = b"%PDF-1.7 \xff\x00"
FILES = (
    Attachment(f"Quyết định {SAID}.pdf", "application/pdf", PDF),
    Attachment(f"{SAID}.png", "image/png", PIXEL),
)


@pytest.mark.parametrize("private", [False, True])
async def test_files_of_ours_arrive(bench: Bench, *, private: bool) -> None:
    """With their names, but for pictures that a platform shows as such."""
    lan = await bench.person()
    for file in FILES:
        message = outgoing(lan, f"Gửi chị {SAID}", key=f"channel:{file.mime}:0", file=file, private=private)
        assert isinstance(await bench.channel.push(message), Sent)
    messages = await lan.shown()
    shown = [each.file for each in messages if each.file]
    assert [content for _, content in shown] == [PDF, PIXEL]
    assert shown[0][0] == FILES[0].name
    assert sum(f"Gửi chị {SAID}" in each.text for each in messages) == len(FILES)


async def received(bench: Bench) -> IncomingFile:
    [event] = await bench.taken.until(1)
    assert event.kind is Kind.MEDIA
    assert event.file is not None
    return event.file


async def test_a_photo_is_fetched(bench: Bench) -> None:
    lan = await bench.person()
    async with bench.running():
        await lan.sends_photo(PIXEL)
        file = await received(bench)
    assert bench.taken.events[0].text == "photo"
    assert await bench.channel.fetch(file) == PIXEL


@pytest.mark.needs("documents")
async def test_a_document_is_fetched_with_its_name(bench: Bench) -> None:
    lan = await bench.person()
    async with bench.running():
        await lan.sends_document(f"../../Đơn {SAID}.pdf", PDF)
        file = await received(bench)
    assert bench.taken.events[0].text == "document"
    assert (file.name, await bench.channel.fetch(file)) == (f"Đơn {SAID}.pdf", PDF)


@pytest.mark.needs("kept files")
async def test_one_that_is_too_large_is_not_held_whatever_is_said_of_it(bench: Bench) -> None:
    lan = await bench.person()
    async with bench.running():
        await lan.sends_photo(bytes(LARGEST + 1))
        file = replace(await received(bench), size=0)
    assert await unavailable(bench, file) is Unavailable.TOO_LARGE


async def test_one_that_is_gone_is_said_to_be(bench: Bench) -> None:
    lan = await bench.person()
    async with bench.running():
        await lan.sends_photo(PIXEL)
        await received(bench)
    bench.loses_files()
    assert await unavailable(bench, await received(bench)) is Unavailable.NOT_GIVEN


async def unavailable(bench: Bench, file: IncomingFile) -> Unavailable:
    """Why the file can't be had; nothing else is told of it."""
    with pytest.raises(FileUnavailableError) as failed:
        await bench.channel.fetch(file)
    assert [each for each in (SAID, *bench.secrets) if each in told(failed.value)] == []
    return failed.value.reason
