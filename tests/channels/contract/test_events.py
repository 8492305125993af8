"""What people do arrives once, in order, and whatever else comes does no harm."""

import pytest

from handlers.kit.incoming import Kind
from storage.database import StorageUnavailableError
from storage.schema.conversations import processed_event
from storage.schema.people import account
from tests.channels.contract.bench import OTHER, SAID, Bench
from tests.channels.contract.letters import room_of


async def test_a_text_arrives_clean(bench: Bench) -> None:
    lan = await bench.person()
    async with bench.running():
        await lan.says(f"Nguye\u0302\u0303n\u200b\u202e Thi\u0323\r\n{SAID}\x07 &lt;b&gt; <i>")
        [event] = await bench.taken.until(1)
    assert (event.channel, event.address, event.kind) == (bench.channel.name, lan.address, Kind.TEXT)
    assert event.text == f"Nguyễn Thị\n{SAID} &lt;b&gt; <i>"
    assert event.rich == f"Nguyễn Thị\n{SAID} &amp;lt;b&amp;gt; &lt;i&gt;"
    assert len(event.event) <= room_of(processed_event.c.event)
    assert len(event.address) <= room_of(account.c.address)


async def test_one_person_s_texts_arrive_in_order(bench: Bench) -> None:
    lan, hoa = await bench.person(), await bench.person(OTHER)
    said = [f"{SAID} {number}" for number in range(12)]
    async with bench.running():
        for each in said:
            await lan.says(each)
            await hoa.says(each)
        events = await bench.taken.until(2 * len(said))
    for person in (lan, hoa):
        assert [each.text for each in events if each.address == person.address] == said
    assert len({each.event for each in events}) == len(events)


async def test_what_the_platform_brings_twice_counts_once(bench: Bench) -> None:
    lan = await bench.person()
    async with bench.running():
        await lan.says(SAID)
        await bench.taken.until(1)
        await bench.brings_again()
        await bench.taken.handed_over(2)
        await lan.says("sau")
        await bench.taken.until(2)
    assert bench.taken.texts == [SAID, "sau"]


async def test_what_can_t_be_written_now_is_tried_again(bench: Bench) -> None:
    lan = await bench.person()
    bench.taken.refusals = [StorageUnavailableError(f"locked {number}") for number in range(3)]
    async with bench.running():
        await lan.says(f"{SAID} một")
        await lan.says(f"{SAID} hai")
        await bench.taken.until(2)
    assert bench.taken.texts == [f"{SAID} một", f"{SAID} hai"]


async def test_a_failure_of_ours_holds_nobody_up(bench: Bench) -> None:
    lan, hoa = await bench.person(), await bench.person(OTHER)
    bench.taken.refusals = [ZeroDivisionError(SAID)]
    async with bench.running():
        await lan.says(f"{SAID} hỏng")
        await bench.taken.handed_over(1)
        await lan.says("còn đây")
        await hoa.says("cũng vậy")
        await bench.taken.until(2)
    assert sorted(bench.taken.texts) == ["còn đây", "cũng vậy"]


async def test_nonsense_does_no_harm(bench: Bench) -> None:
    lan = await bench.person()
    async with bench.running():
        await bench.brings_nonsense()
        await lan.says("còn đây")
        await bench.taken.until(1)
    assert bench.taken.texts == ["còn đây"]


@pytest.mark.needs("groups")
async def test_a_group_s_words_are_nobody_s(bench: Bench) -> None:
    lan = await bench.person()
    async with bench.running():
        await bench.says_in_a_group(lan, f"{SAID} mai họp nhé")
        group = await bench.says_in_a_group(lan, "/menu")
        await lan.says("còn đây")
        events = await bench.taken.until(2)
    assert {(each.kind, each.address, each.text) for each in events} == {
        (Kind.GROUP, group, "/menu"),
        (Kind.TEXT, lan.address, "còn đây"),
    }
