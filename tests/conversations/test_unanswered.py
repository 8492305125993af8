"""What a person sees when the platform doesn't answer: newer screens stay below, and nothing is lost."""

import pytest
from markupsafe import Markup

from handlers.kit.channel import Outgoing, Receipt, Unknown
from handlers.kit.reply import Reply
from handlers.kit.sending import Recipient, push
from storage import accounts, members
from storage.outbox import Priority
from tests.lines.telegram import TelegramWorld
from tests.lines.web import WebWorld
from tests.people import WORKER
from tests.study.course import publish
from tests.world import World


async def _late(world: World) -> None:
    """The lease of what went unanswered is over, and it is dealt with."""
    world.clock.forward(seconds=61)
    await world.deliver()


async def _announce(world: World, topic: str, text: str) -> None:
    async with world.database.write() as tx:
        member = await members.by_code(tx, WORKER)
        assert member is not None
        [account] = await accounts.of_member(tx, member.id)
        letter = (Recipient(member.id, account.id), Reply(Markup(text)))  # noqa: S704 - a test's own words
        await push(world.work(tx), topic, [letter], priority=Priority.BULK)


def _texts(world: TelegramWorld) -> list[str]:
    return [message.text for message in world.line(f"p-{WORKER}").person.chat.sent]


@pytest.mark.parametrize("accepted", [False, True])
async def test_an_older_screen_never_comes_below_a_newer_one(
    telegram: TelegramWorld, *, accepted: bool
) -> None:
    talk = await telegram.talk(WORKER)
    telegram.double.misbehave("close", method="sendMessage", times=1, accepted=accepted)
    line = telegram.line(f"p-{WORKER}")
    await line.answered(line.person.says("/menu"))
    await talk.says("/trogiup")
    newest = talk.last.text
    await _late(telegram)
    assert (_texts(telegram))[-1] == newest
    assert len(_texts(telegram)) == 1 + accepted


async def test_an_older_edit_never_overwrites_a_newer_one(telegram: TelegramWorld) -> None:
    await publish(telegram)
    talk = await telegram.talk(WORKER)
    await talk.says("/hoctap")
    telegram.double.misbehave("close", method="editMessageText", times=1)
    line = telegram.line(f"p-{WORKER}")
    shown = talk.last
    [following] = [payload for label, payload in shown.buttons if "Sau" in label]
    await line.answered(line.person.presses(int(shown.id), following))
    await talk.presses(shown, following.replace("~2", "~3"))
    talk.sees("Trang 3/3")
    await _late(telegram)
    assert "Trang 3/3" in talk.last.text


async def test_the_only_answer_is_given_again(telegram: TelegramWorld) -> None:
    talk = await telegram.talk(WORKER)
    telegram.double.misbehave("close", method="sendMessage", times=1)
    line = telegram.line(f"p-{WORKER}")
    await line.answered(line.person.says("/menu"))
    assert _texts(telegram) == []
    await _announce(telegram, "probe:1", "Họp tổ lúc 15 giờ")
    await telegram.deliver()
    await _late(telegram)
    assert len(_texts(telegram)) == 2
    assert talk.last.buttons
    assert len(talk.all) == 2


async def test_announcements_keep_their_order_and_none_is_lost(telegram: TelegramWorld) -> None:
    await telegram.talk(WORKER)
    telegram.double.misbehave("close", method="sendMessage", times=1)
    await _announce(telegram, "probe:1", "Tin một")
    await telegram.deliver()
    await _announce(telegram, "probe:2", "Tin hai")
    await telegram.deliver()
    assert _texts(telegram) == []
    await _late(telegram)
    assert _texts(telegram) == ["Tin một", "Tin hai"]


async def test_a_refused_answer_comes_before_the_next_one(telegram: TelegramWorld) -> None:
    talk = await telegram.talk(WORKER)
    telegram.double.misbehave(500, method="sendMessage", times=1)
    line = telegram.line(f"p-{WORKER}")
    await line.answered(line.person.says("/trogiup"))
    await line.answered(line.person.says("/menu"))
    assert _texts(telegram) == []
    telegram.clock.forward(seconds=2)
    await telegram.deliver()
    await talk.says("/trogiup")
    first, second, third = _texts(telegram)
    assert first == third != second


async def test_a_repeated_change_on_the_web_doesn_t_take_a_newer_one_away(
    web: WebWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(web)
    talk = await web.talk(WORKER)
    await talk.says("/hoctap")
    shown = talk.last
    [following] = [payload for label, payload in shown.buttons if "Sau" in label]
    given = web.chat.push
    unanswered = [True, False]

    async def silent(outgoing: Outgoing) -> Receipt:
        receipt = await given(outgoing)
        return Unknown("timeout") if unanswered.pop(0) else receipt

    monkeypatch.setattr(web.chat, "push", silent)
    await talk.presses(shown, following)
    await talk.presses(shown, following.replace("~2", "~3"))
    talk.sees("Trang 3/3")
    monkeypatch.undo()
    await _late(web)
    assert "Trang 3/3" in talk.last.text
