"""Numbers and words that people type for buttons, from the real adapter to what is kept of the menus."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from bot.channels import offers
from bot.channels.zalo_bot.adapter import ZaloBot
from handlers.kit.choices import ON_A_PAGE
from handlers.kit.incoming import Kind
from storage.database import Database
from storage.outbox import Priority
from tests.channels.telegram.harness import Pauses, Taken
from tests.channels.zalo_bot.harness import Place, known, outgoing, running, taken_all, texts
from tests.doubles.zalo import ZaloBotDouble
from tests.storage.snapshot import changes, snapshot
from tests.world import SetClock

MANY = [f"Mục {at}" for at in range(1, 46)]


@dataclass
class Chat:
    """Lan's, with a bot that runs."""

    double: ZaloBotDouble
    zalo: ZaloBot
    taken: Taken

    async def shows(self, text: str, *labels: str, event: str = "e1", lettered: bool = False) -> None:
        await self.zalo.push(outgoing(text, *labels, key=f"zalo_bot:{event}:0", lettered=lettered))

    async def pushes(self, text: str, *labels: str) -> None:
        await self.zalo.push(outgoing(text, *labels, key=f"news:{text}", priority=Priority.NORMAL))

    async def whispers(self, text: str, *labels: str, private: bool = True, lettered: bool = False) -> None:
        said = outgoing(text, *labels, key=f"{text}:0", lettered=lettered, ephemeral=True, private=private)
        await self.zalo.push(said)

    async def says(self, text: str) -> str:
        """What the bot understands: a payload's place in its menu, the text, or nothing."""
        before = len(self.taken.events)
        self.double.person("lan").says(text)
        await taken_all(self.double)
        if len(self.taken.events) == before:
            return ""
        incoming = self.taken.events[-1]
        return f"#{incoming.payload[-1]}" if incoming.kind is Kind.PRESS else incoming.text

    @property
    def screen(self) -> str:
        return texts(self.double)[-1]


@asynccontextmanager
async def talking(place: Place, double: ZaloBotDouble, taken: Taken) -> AsyncIterator[Chat]:
    async with place.connected(double.url) as zalo, running(zalo, taken.receive):
        await double.until(lambda: double.polls > 0)
        yield Chat(known(double), zalo, taken)


@pytest.fixture
async def chat(place: Place, double: ZaloBotDouble, taken: Taken) -> AsyncIterator[Chat]:
    await place.arrives("lan")
    async with talking(place, double, taken) as made:
        yield made


@pytest.fixture
async def everywhere(database: Database, clock: SetClock, pauses: Pauses) -> Place:
    """On each kind of database."""
    made = Place(database, clock, pauses)
    await made.arrives("lan")
    return made


async def test_a_number_or_a_word_is_a_press(chat: Chat) -> None:
    await chat.shows("Chọn đi", "Học tập", "Lịch họp")
    assert [await chat.says(text) for text in ("2", "２.", "lich hop", "1. Học tập")] == [
        "#1",
        "#1",
        "#1",
        "#0",
    ]
    assert not chat.taken.events[-1].text


async def test_other_words_are_words_with_their_notation(chat: Chat) -> None:
    await chat.shows("Chọn đi", "Học tập")
    assert await chat.says("Cho tôi **hỏi** với") == "Cho tôi **hỏi** với"
    assert chat.taken.events[-1].rich == "Cho tôi <b>hỏi</b> với"


async def test_a_number_outside_shows_the_menu_once_more(chat: Chat) -> None:
    await chat.shows("Chọn đi", "Học tập")
    assert await chat.says("7") == ""
    assert "7" in chat.screen
    assert "1. Học tập" in chat.screen
    assert await chat.says("1") == "#0"


async def test_what_is_answered_here_is_answered_once(chat: Chat) -> None:
    await chat.shows("Chọn đi", *MANY)
    for text in ("77", "tiếp"):
        event = chat.double.person("lan").says(text)
        await taken_all(chat.double)
        said = len(texts(chat.double))
        chat.double.feed(event)
        await taken_all(chat.double)
        assert len(texts(chat.double)) == said
    assert not chat.taken.events


async def test_an_old_menu_s_number_means_nothing_any_more(chat: Chat) -> None:
    await chat.shows("Chọn đi", "Học tập", "Lịch họp")
    await chat.shows("Học gì?", "Quay lại", event="e2")
    assert await chat.says("2") == ""
    assert "1. Quay lại" in chat.screen
    assert [await chat.says(text) for text in ("1", "lịch họp")] == ["#0", "#1"]


async def test_two_pushes_while_somebody_answers(chat: Chat) -> None:
    await chat.shows("Chọn đi", "Học tập", "Lịch họp")
    await chat.pushes("Mời họp", "Sẽ dự", "Vắng")
    await chat.pushes("Tin mới", "Tôi đã nắm")
    assert "3. Sẽ dự\n4. Vắng\n" in texts(chat.double)[1]
    assert "5. Tôi đã nắm\n" in texts(chat.double)[2]
    assert [await chat.says(text) for text in ("2", "4", "5", "6")] == ["#1", "#1", "#0", ""]


async def test_two_messages_at_once_are_numbered_one_after_the_other(chat: Chat) -> None:
    await asyncio.gather(chat.pushes("Mời họp", "Sẽ dự"), chat.pushes("Tin mới", "Tôi đã nắm"))
    assert sorted([await chat.says("1"), await chat.says("2"), await chat.says("3")]) == ["", "#0", "#0"]


async def test_where_words_are_awaited_numbers_are_words(chat: Chat) -> None:
    await chat.shows("Chọn đi", "Học tập", "Lịch họp")
    await chat.shows("Mấy giờ?", "Bỏ qua", event="e2", lettered=True)
    assert [await chat.says(text) for text in ("2", "Học tập", "a")] == ["2", "Học tập", "#0"]
    # Without a choice too.
    await chat.shows("Chọn đi", "Học tập", event="e3")
    await chat.shows("Tên là gì?", event="e4", lettered=True)
    assert [await chat.says(text) for text in ("1", "Học tập")] == ["1", "Học tập"]


async def test_more_of_a_long_list(chat: Chat) -> None:
    await chat.shows("Chọn đi", *MANY)
    assert f"{ON_A_PAGE}. Mục {ON_A_PAGE}\nCòn 25 mục nữa" in chat.screen
    assert await chat.says("Tiếp.") == ""
    assert chat.screen.startswith("21. Mục 21\n")
    assert await chat.says("xem tiep") == ""
    assert chat.screen.startswith("41. Mục 41\n")
    assert "mục nữa" not in chat.screen
    assert await chat.says("tiếp") == "tiếp"


async def test_a_page_that_wasn_t_sent_is_sent_the_next_time(chat: Chat) -> None:
    await chat.shows("Chọn đi", *MANY)
    chat.double.fault(429, method="sendMessage", times=1)
    await chat.says("tiếp")
    assert chat.screen.startswith("Chọn đi")
    await chat.says("tiếp")
    assert chat.screen.startswith("21. Mục 21\n")


async def test_more_of_the_list_goes_before_an_earlier_menu_s_word(chat: Chat) -> None:
    await chat.shows("Trang 1", "Tiếp")
    await chat.shows("Chọn đi", *MANY, event="e2")
    assert await chat.says("tiếp") == ""
    assert chat.screen.startswith("21. Mục 21\n")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("menu", "/menu"),
        ("Menu!", "/menu"),
        ("huỷ", "/huy"),
        ("Hủy.", "/huy"),
        ("HUY", "/huy"),
        ("start ABC-123", "/start ABC-123"),
        ("Start abc", "/start abc"),
        ("start", "start"),
        ("/lich", "/lich"),
        ("menu nào?", "menu nào?"),
    ],
)
async def test_what_people_may_need_in_the_middle_of_anything(chat: Chat, said: str, meant: str) -> None:
    await chat.shows("Mấy giờ?", "Menu", "Huỷ", lettered=True)
    assert await chat.says(said) == meant


async def test_menus_outlive_the_program(everywhere: Place, double: ZaloBotDouble, taken: Taken) -> None:
    async with talking(everywhere, double, taken) as chat:
        await chat.shows("Chọn đi", "Học tập", "Lịch họp")
        await chat.pushes("Tin mới", "Tôi đã nắm")
    async with talking(everywhere, double, taken) as chat:
        assert [await chat.says(text) for text in ("2", "3", "tôi đã nắm")] == ["#1", "#0", "#0"]


async def test_of_a_stranger_nothing_is_kept(chat: Chat, place: Place) -> None:
    known(chat.double, "hoa")
    before = await snapshot(place.database)
    await chat.zalo.push(outgoing("Chọn đi", "Học tập", to="hoa"))
    assert await changes(place.database, before) == {}


async def test_private_menus_are_in_memory_alone(
    everywhere: Place, double: ZaloBotDouble, taken: Taken
) -> None:
    async with talking(everywhere, double, taken) as chat:
        await chat.shows("Chọn đi", "Học tập", "Lịch họp")
        before = await snapshot(everywhere.database)
        await chat.whispers("Về việc gì?", "Tiền lương", "An toàn", "Việc khác")
        assert await chat.says("3") == "#2"
        await chat.whispers("Viết đi", lettered=True)
        assert [await chat.says(text) for text in ("1", "Học tập")] == ["1", "Học tập"]
        await chat.whispers("Dài quá", *MANY)
        await chat.says("tiếp")
        assert chat.screen.startswith("21. Mục 21\n")
        await chat.whispers("Đã gửi kín", "Đã chép mã", private=False)
        await chat.zalo.end_private("lan")
        assert [await chat.says(text) for text in ("1", "2", "tiền lương")] == ["#0", "", "tiền lương"]
        assert await changes(everywhere.database, before) == {}
        # What comes next is kept, and tells nothing of what was before.
        await chat.shows("Thực đơn", "Thông báo", event="e9")
        kept = str(await changes(everywhere.database, before))
        assert "Thông báo" in kept
        assert not any(word in kept for word in ("lương", "An toàn", "chép", "kín", "Mục"))


async def test_a_push_during_a_private_conversation(chat: Chat, place: Place) -> None:
    await chat.shows("Chọn đi", "Học tập")
    before = await snapshot(place.database)
    await chat.whispers("Về việc gì?", "Tiền lương", "An toàn")
    await chat.pushes("Tin mới", "Tôi đã nắm")
    assert [await chat.says(text) for text in ("2", "3")] == ["#1", "#0"]
    kept = str(await changes(place.database, before))
    assert "Tôi đã nắm" in kept
    assert "An toàn" not in kept
    await chat.zalo.end_private("lan")
    # The push is there still, and what was shown before the conversation isn't what "1" means now.
    assert [await chat.says(text) for text in ("3", "1", "2")] == ["#0", "", ""]


async def test_an_end_without_a_word_leaves_no_older_number(chat: Chat) -> None:
    await chat.shows("Chọn đi", "Học tập")
    await chat.whispers("Về việc gì?", "Tiền lương")
    await chat.zalo.end_private("lan")
    assert await chat.says("1") == "1"
    await chat.shows("Chọn đi", "Lịch họp", event="e2")
    assert [await chat.says(text) for text in ("1", "học tập")] == ["#0", "#0"]


async def test_only_the_latest_private_conversations_are_remembered(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offers, "_MOST", 2)
    await chat.whispers("Về việc gì?", "Tiền lương")
    for address in ("hoa", "mai"):
        known(chat.double, address)
        await chat.zalo.push(outgoing("Về việc gì?", "Tiền lương", to=address, ephemeral=True, private=True))
    assert await chat.says("1") == "1"
