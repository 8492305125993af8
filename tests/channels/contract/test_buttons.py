"""Every button can be pressed, by whatever a channel makes of it."""

from handlers.kit.incoming import Kind
from handlers.kit.payload import MAX_BYTES
from storage.outbox import Priority
from tests.channels.contract.bench import SAID, Bench, Person
from tests.channels.contract.letters import outgoing, payload_of


def labels(number: int, word: str = "muc") -> list[str]:
    return [f"{word}{each} {SAID}" for each in range(1, number + 1)]


async def pressed(bench: Bench, person: Person, *names: str) -> list[str]:
    """The payloads that arrive when these are pressed one after the other."""
    before = len(bench.taken.events)
    for number, each in enumerate(names, 1):
        await person.presses(each)
        await bench.taken.until(before + number)
    events = bench.taken.events[before:]
    assert {(each.kind, each.address) for each in events} == {(Kind.PRESS, person.address)}
    return [each.payload for each in events]


async def test_each_of_many_is_pressed(bench: Bench) -> None:
    """Few enough for a platform's own buttons, one more, and more than a page shows."""
    lan = await bench.person()
    async with bench.running():
        for number in (1, 5, 6, 13, 30):
            names = labels(number, f"nut{number}-")
            await bench.channel.push(outgoing(lan, "Chọn:", *names, key=f"channel:event-{number}:0"))
            assert await pressed(bench, lan, *names) == [payload_of(each) for each in names]


async def test_the_longest_label_and_payload(bench: Bench) -> None:
    lan = await bench.person()
    longest = "x" * (bench.channel.limits.payload_bytes - len(payload_of("-")) + 1)
    label = f"{longest} {SAID} {'Nhãn' * 25}"[:100]
    assert len(payload_of(label)) == MAX_BYTES
    async with bench.running():
        await bench.channel.push(outgoing(lan, "Chọn:", label, "khac"))
        assert await pressed(bench, lan, label) == [payload_of(label)]


async def test_what_comes_in_between_closes_nothing(bench: Bench) -> None:
    """A letter to many may arrive while somebody is choosing."""
    lan = await bench.person()
    async with bench.running():
        await bench.channel.push(outgoing(lan, "Chọn:", *labels(3, "cau")))
        letter = outgoing(lan, "Thông báo", *labels(2, "da"), key="announce:1:7", priority=Priority.BULK)
        await bench.channel.push(letter)
        chosen = [labels(3, "cau")[1], labels(2, "da")[0], labels(3, "cau")[2]]
        assert await pressed(bench, lan, *chosen) == [payload_of(each) for each in chosen]


async def test_what_is_pressed_twice_are_two_events(bench: Bench) -> None:
    lan = await bench.person()
    [label] = labels(1)
    async with bench.running():
        await bench.channel.push(outgoing(lan, "Chọn:", label))
        assert await pressed(bench, lan, label, label) == [payload_of(label)] * 2
    assert len({each.event for each in bench.taken.events}) == 2


async def test_a_press_is_answered_by_a_short_line_where_there_are_such(bench: Bench) -> None:
    lan = await bench.person()
    [label] = labels(1)
    bench.taken.notice = f"Đã ghi nhận {SAID}"
    async with bench.running():
        await bench.channel.push(outgoing(lan, "Chọn:", label))
        await pressed(bench, lan, label)
        assert await lan.notices() == [bench.taken.notice] * bench.channel.limits.notices
