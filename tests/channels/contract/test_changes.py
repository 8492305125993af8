"""What becomes of messages afterwards: changed, taken back, erased."""

from handlers.kit.channel import Outgoing, Rejected, Sent
from tests.channels.contract.bench import SAID, Bench, Person
from tests.channels.contract.letters import outgoing


async def sent(bench: Bench, message: Outgoing) -> str:
    receipt = await bench.channel.push(message)
    assert isinstance(receipt, Sent)
    return receipt.message


async def seen(person: Person) -> list[tuple[str, list[str]]]:
    """What the bot's messages say, and their buttons."""
    return [(each.text, [label for label, _ in each.buttons]) for each in await person.shown()]


async def test_a_changed_message_stands_in_place_or_comes_anew(bench: Bench) -> None:
    lan = await bench.person()
    first = await sent(bench, outgoing(lan, f"Trang 1 {SAID}", "muc1"))
    second = await sent(bench, outgoing(lan, f"Trang 2 {SAID}", key="channel:event-2:0", replaces=first))
    messages = await seen(lan)
    assert messages[-1] == (f"Trang 2 {SAID}", [])
    if bench.channel.limits.can_edit:
        assert (second, len(messages)) == (first, 1)
    else:
        assert second != first


async def test_what_is_taken_back_is_gone_or_replaced_or_refused(bench: Bench) -> None:
    lan, limits = await bench.person(), bench.channel.limits
    first = await sent(bench, outgoing(lan, f"Họp lúc 8 giờ {SAID}"))
    receipt = await bench.channel.withdraw(
        outgoing(lan, "Đã thu hồi.", key="channel:event-2:0", replaces=first)
    )
    texts = [text for text, _ in await seen(lan)]
    if limits.can_delete:
        assert (receipt, texts) == (Sent(first), [])
    elif limits.can_edit:
        assert (receipt, texts) == (Sent(first), ["Đã thu hồi."])
    else:
        assert isinstance(receipt, Rejected)
        assert texts == [f"Họp lúc 8 giờ {SAID}"]


async def test_both_sides_are_erased_where_that_can_be(bench: Bench) -> None:
    lan = await bench.person()
    answer = outgoing(lan, f"Xin kể: {SAID}", "muc1", private=True)
    async with bench.running():
        messages = [await sent(bench, answer)]
        # A page is told by what it shows that the conversation is private.
        assert len(await lan.shown()) == 1
        await lan.says(f"{SAID} của tôi")
        [event] = await bench.taken.until(1)
        await bench.channel.acknowledge(event, "")
        await bench.channel.erase(lan.address, [event.own_message, *messages])
    if bench.channel.limits.can_erase:
        assert (await lan.shown(), await lan.own()) == ([], [])
    else:
        assert len(await lan.shown()) == 1


async def test_a_private_conversation_ends_even_where_there_is_none(bench: Bench) -> None:
    lan = await bench.person()
    await bench.channel.end_private(lan.address)
    await bench.channel.erase(lan.address, [])
    await sent(bench, outgoing(lan, SAID, private=True))
    await bench.channel.end_private(lan.address)
    await bench.channel.end_private(lan.address)
    assert await seen(lan) == [(SAID, [])]
