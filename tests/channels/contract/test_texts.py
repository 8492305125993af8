"""What a channel says of itself, and what becomes of a text."""

import pytest

from handlers.kit.channel import Rejected, Sent
from handlers.kit.vietnamese import utf16_len
from storage.schema.conversations import processed_event
from storage.schema.people import account
from tests.channels.contract.bench import SAID, Bench
from tests.channels.contract.letters import outgoing, room_of


async def test_its_name_is_its_own_and_fits_what_is_kept(bench: Bench, place: tuple[str, str]) -> None:
    assert bench.channel.name == place[0]
    for column in (account.c.channel, processed_event.c.channel):
        assert len(bench.channel.name) <= room_of(column)


async def test_a_short_text_arrives_as_it_was_written(bench: Bench) -> None:
    lan = await bench.person()
    written = f"Chào chị Ánh &lt;3 &amp; “{SAID}” &quot;&#39; 👩‍🏭\n\n1. Một\n* không đậm *"
    receipt = await bench.channel.push(outgoing(lan, written))
    [message] = await lan.shown()
    assert receipt == Sent(message.id)
    assert message.text == f"Chào chị Ánh <3 & “{SAID}” \"' 👩‍🏭\n\n1. Một\n* không đậm *"
    assert (message.buttons, message.file) == ((), None)


async def test_markup_arrives_as_words(bench: Bench) -> None:
    lan = await bench.person()
    await bench.channel.push(
        outgoing(
            lan, '<b>Đọc <i>kỹ</i></b> <code>a&lt;b</code> <a href="https://vi.du/1">ở đây</a> <s>cũ</s>'
        )
    )
    [message] = await lan.shown()
    assert message.text.replace(" (https://vi.du/1)", "") == "Đọc kỹ a<b ở đây cũ"


async def test_one_letter_more_than_fits_arrives_whole_and_in_order(bench: Bench) -> None:
    """Wherever the border is, it cuts no pair of surrogates and no entity in two."""
    lan = await bench.person()
    filled = "đ" * (bench.channel.limits.text - 1)
    for letter, seen in (("👍", "👍"), ("&amp;", "&"), ("<b>ệ</b>", "ệ")):
        before = len(await lan.shown())
        message = outgoing(lan, f"{filled}{letter}{letter}{SAID}", key=f"channel:{seen}:0")
        receipt = await bench.channel.push(message)
        messages = (await lan.shown())[before:]
        assert receipt == Sent(messages[-1].id, tuple(each.id for each in messages[:-1]))
        assert "".join(each.text for each in messages) == f"{filled}{seen}{seen}{SAID}"


@pytest.mark.needs("cuts")
async def test_no_part_is_longer_than_the_platform_takes(bench: Bench) -> None:
    lan = await bench.person()
    limit = bench.channel.limits.text
    text = f"{SAID} " + "Kính gửi anh chị 😀. " * (3 * limit // 20) + "Hết."
    await bench.channel.push(outgoing(lan, text, "xong"))
    messages = await lan.shown()
    assert all(utf16_len(each.text) <= limit for each in messages)
    assert " ".join(" ".join(each.text for each in messages).split()).startswith(text.strip())
    assert [bool(each.buttons) for each in messages] == [False] * (len(messages) - 1) + [True]


async def test_nothing_to_say_is_a_mistake(bench: Bench) -> None:
    lan = await bench.person()
    assert isinstance(await bench.channel.push(outgoing(lan, "")), Rejected)
    assert await lan.shown() == []
