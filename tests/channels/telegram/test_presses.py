"""A pressed button's clock ends, whatever happens."""

import pytest
import structlog

from bot.channels.telegram import adapter
from bot.channels.telegram.adapter import Telegram
from bot.channels.telegram.intake import MOST_QUERIES, Intake
from bot.channels.telegram.updates import Raw
from handlers.kit.incoming import Incoming, Kind
from tests.channels.telegram.harness import Taken, outgoing, running, taken_all
from tests.doubles.telegram import TelegramDouble


async def pressed(telegram: Telegram, double: TelegramDouble, taken: Taken) -> Incoming:
    """A press that was taken and not yet acknowledged; the channel has stopped taking others."""
    await telegram.push(outgoing("Chọn", "menu"))
    double.person(7).taps(double.chat(7).last.id, "menu")
    async with running(telegram, taken.receive):
        await taken_all(double)
    return taken.events[-1]


async def test_it_ends_with_a_short_line(telegram: Telegram, double: TelegramDouble, taken: Taken) -> None:
    double.person(7)
    press = await pressed(telegram, double, taken)
    assert double.unanswered
    await telegram.acknowledge(press, "Đã ghi nhận " + "x" * 300)
    await double.until(lambda: not double.unanswered)
    assert double.called("answerCallbackQuery")[0].params["text"] == ("Đã ghi nhận " + "x" * 188)


async def test_without_a_line_it_just_ends(telegram: Telegram, double: TelegramDouble, taken: Taken) -> None:
    double.person(7)
    press = await pressed(telegram, double, taken)
    await telegram.acknowledge(press, "")
    await telegram.close()
    assert not double.unanswered
    assert "text" not in double.called("answerCallbackQuery")[0].params


async def test_each_press_is_answered_once(telegram: Telegram, double: TelegramDouble, taken: Taken) -> None:
    double.person(7)
    press = await pressed(telegram, double, taken)
    await telegram.acknowledge(press, "")
    await telegram.acknowledge(press, "")
    await telegram.close()
    assert len(double.called("answerCallbackQuery")) == 1


async def test_too_late_is_no_mistake(telegram: Telegram, double: TelegramDouble, taken: Taken) -> None:
    double.person(7)
    press = await pressed(telegram, double, taken)
    double.world.callbacks.clear()
    with structlog.testing.capture_logs() as lines:
        await telegram.acknowledge(press, "Đã ghi nhận")
        await telegram.close()
    assert lines == [{"event": "telegram_press_not_answered", "error": "BadRequest", "log_level": "info"}]


async def test_the_channel_doesn_t_wait_for_a_silent_telegram(
    telegram: Telegram, double: TelegramDouble, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the person's next event nor the end of the program does."""
    double.person(7)
    press = await pressed(telegram, double, taken)
    monkeypatch.setattr(adapter, "CLOSE_S", 0.05)
    hanging = double.misbehave("hang", method="answerCallbackQuery")
    await telegram.acknowledge(press, "")
    double.person(7).says("còn đây")
    async with running(telegram, taken.receive):
        await double.until(lambda: hanging.hits == 1)
        await taken_all(double)
    await telegram.close()
    assert taken.texts == ["", "còn đây"]


async def test_an_event_that_came_another_way_has_no_clock(
    telegram: Telegram, double: TelegramDouble
) -> None:
    await telegram.acknowledge(Incoming("telegram", "1", "7", Kind.PRESS), "")
    await telegram.close()
    assert not double.calls


async def test_presses_that_nobody_acknowledges_don_t_pile_up() -> None:
    taken, ended = Taken(), list[str]()
    intake = Intake(taken.receive, "double_bot", ended.append)
    presses = [intake.read(_press(number)) for number in range(MOST_QUERIES + 1)]
    assert [intake.query_of(press) for press in presses[:2] if press] == [None, "query-1"]


def _press(number: int) -> Raw:
    query = {
        "id": f"query-{number}",
        "from": {"id": 7, "is_bot": False},
        "message": {"message_id": 1, "chat": {"id": 7, "type": "private"}},
        "data": "1~t3st~home.menu",
    }
    return Raw(update_id=number, callback_query=query)
