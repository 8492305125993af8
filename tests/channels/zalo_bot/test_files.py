"""Files for a chat that carries none: pictures by address, everything else as a link for one person."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot.channels import file_links
from handlers.kit.channel import RetryAt, Sent
from handlers.kit.reply import Attachment
from storage.database import open_database
from storage.schema.messages import attachment, file_link
from tests import people
from tests.channels.zalo_bot.harness import Place, known, outgoing, texts
from tests.doubles.telegram.person import PIXEL
from tests.doubles.zalo import Chat, ZaloBotDouble
from tests.lines.zalo_bot import ZaloBotWorld, zalo_bot_world
from tests.people import WORKER
from tests.storage.snapshot import changes, snapshot
from tests.world import SetClock

PICTURE = Attachment("biểu đồ.png", "image/png", PIXEL)
PAPER = Attachment("Quy chế.pdf", "application/pdf", b"%PDF-1.7 \r\n\x00\xff")
HA = f"p-{WORKER}"


@pytest.fixture
async def world(sqlite_url: str, clock: SetClock) -> AsyncIterator[ZaloBotWorld]:
    database = open_database(sqlite_url)
    async with zalo_bot_world(database, clock) as made:
        await made.start()
        async with database.write() as tx:
            await people.seed(tx, clock.now())
        await made.talk(WORKER)
        yield made
    await database.close()


@pytest.fixture
def chat(world: ZaloBotWorld) -> Chat:
    return world.double.person(HA).chat


async def _count(world: ZaloBotWorld) -> tuple[int, int]:
    """Files that are kept, and addresses of files."""
    async with world.database.read() as tx:
        files = await tx.scalar(select(func.count()).select_from(attachment))
        return files, await tx.scalar(select(func.count()).select_from(file_link))


async def _opened(world: ZaloBotWorld, chat: Chat) -> tuple[str, bytes] | None:
    """The file behind the last message's address."""
    await world.files.open(chat.last.id, chat.last.text)
    return world.files.of(chat.last.id)


async def test_a_picture_is_fetched_by_zalo_and_the_words_follow(world: ZaloBotWorld, chat: Chat) -> None:
    receipt = await world.zalo.push(outgoing("Đây", "Quay lại", to=HA, file=PICTURE))
    photo, words = chat.sent
    assert receipt == Sent(words.id, (photo.id,))
    assert (photo.photo, photo.text) == (PIXEL, "")
    assert words.text == "Đây\n\n1. Quay lại\nNhắn số để chọn, ví dụ 1."


async def test_what_zalo_fetched_nobody_has_opened(world: ZaloBotWorld, chat: Chat, clock: SetClock) -> None:
    """A picture that it doesn't like goes as an address, which somebody may open in the evening."""
    world.double.fault(400, method="sendPhoto", accepted=True)
    await world.zalo.push(outgoing("", to=HA, file=PICTURE))
    assert chat.sent[0].photo == PIXEL
    clock.forward(hours=10)
    assert "📎 biểu đồ.png\nhttps://" in chat.last.text
    assert await _opened(world, chat) == ("biểu đồ.png", PIXEL)


async def test_everything_else_is_a_link(world: ZaloBotWorld, chat: Chat) -> None:
    await world.zalo.push(outgoing("Đây", to=HA, file=PAPER))
    assert chat.last.text.startswith("Đây\n\n📎 Quy chế.pdf\nhttps://chi-nhanh.example/tep/")
    assert "24 giờ" in chat.last.text
    assert await _opened(world, chat) == ("Quy chế.pdf", PAPER.content)


async def test_tried_again_it_has_the_same_address_and_is_kept_once(world: ZaloBotWorld, chat: Chat) -> None:
    message = outgoing("Đây", to=HA, file=PAPER)
    world.double.fault(429, method="sendMessage", times=3)
    for _ in range(3):
        assert isinstance(await world.zalo.push(message), RetryAt)
    assert isinstance(await world.zalo.push(message), Sent)
    assert await _count(world) == (1, 1)
    assert len({call.params["text"] for call in world.double.called("sendMessage")}) == 1
    # Another message has another.
    await world.zalo.push(replace(message, key="zalo_bot:e2:0"))
    assert chat.sent[0].text != chat.sent[1].text


async def test_what_many_get_is_kept_once(world: ZaloBotWorld) -> None:
    async with world.database.write() as tx:
        await tx.run(
            attachment.insert().values(
                id="shared", name="a.pdf", mime="application/pdf", content=b"a", created_at=world.clock.now()
            )
        )
    await world.zalo.push(outgoing("Đây", to=HA, file=replace(PAPER, id="shared")))
    assert await _count(world) == (1, 1)


@pytest.mark.parametrize("file", [PICTURE, PAPER], ids=["picture", "paper"])
async def test_a_private_file_is_in_memory_alone(
    world: ZaloBotWorld, chat: Chat, clock: SetClock, file: Attachment
) -> None:
    before = await snapshot(world.database)
    world.double.fault(400, method="sendPhoto")
    await world.zalo.push(outgoing("", to=HA, file=file, ephemeral=True))
    assert await _opened(world, chat) == (file.name, file.content)
    assert await changes(world.database, before) == {}
    address = chat.last.text.partition("/tep/")[2].split()[0]
    links = world.zalo._given.links
    clock.forward(minutes=29)
    assert await links.look(address) is not None
    clock.forward(minutes=2)
    assert (await links.look(address), await links.fetch(address), await links.show(address)) == (None,) * 3


async def test_only_so_much_lies_in_memory(world: ZaloBotWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_links, "MOST_PASSING", 10)
    links = world.zalo._given.links

    async def made(size: int) -> str:
        file = Attachment("a", "text/plain", bytes(size))
        return (await links.make("zalo_bot", HA, file, passing=True)).rpartition("/")[2]

    small = [await made(4) for _ in range(3)]
    assert [await links.look(each) is not None for each in small] == [False, True, True]
    # One that is larger is there all the same, alone.
    large = await made(20)
    assert [await links.look(each) is not None for each in (*small, large)] == [False, False, False, True]


async def test_a_private_picture_is_fetched_by_zalo(world: ZaloBotWorld, chat: Chat) -> None:
    await world.zalo.push(outgoing("", to=HA, file=PICTURE, ephemeral=True))
    assert chat.last.photo == PIXEL
    assert await _count(world) == (0, 0)


async def test_a_stranger_gets_no_address(world: ZaloBotWorld) -> None:
    known(world.double, "hoa")
    await world.zalo.push(outgoing("Đây", to="hoa", file=PAPER))
    assert texts(world.double, "hoa")[0].startswith("Đây\n\n📎 Quy chế.pdf\nỞ đây chưa gửi được tệp")
    assert await _count(world) == (0, 0)


async def test_without_a_public_address_people_are_told_whom_to_ask(
    place: Place, double: ZaloBotDouble
) -> None:
    known(double)
    await place.arrives("lan")
    async with place.connected(double.url) as zalo:
        for at, file in enumerate((PICTURE, PAPER)):
            await zalo.push(outgoing("", file=file, key=f"e{at}:0"))
    assert ["ban chấp hành" in text for text in texts(double)] == [True, True]
