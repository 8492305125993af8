"""The list of commands that Telegram shows beside the input field."""

import structlog

from bot.channels.telegram.adapter import Telegram, ask_name
from tests.channels.telegram.harness import (
    COMMANDS,
    OFFICER_COMMANDS,
    TOKEN,
    Taken,
    connected,
    running,
    taken_all,
)
from tests.doubles.telegram import TelegramDouble

EVERYBODY = ("all_private_chats", None, None, "")
OFFICER = ("chat", 7, None, "")


def menus(double: TelegramDouble) -> dict[tuple[object, ...], list[tuple[str, str]]]:
    return {
        scope: [(each["command"], each["description"]) for each in commands]
        for scope, commands in double.world.commands.items()
    }


async def test_everybody_s_menu_is_there_when_the_bot_has_started(
    telegram: Telegram, double: TelegramDouble
) -> None:
    await telegram.start()
    assert menus(double) == {EVERYBODY: list(COMMANDS)}
    assert telegram.username == "double_bot"


async def test_an_officer_s_menu_comes_and_goes(telegram: Telegram, double: TelegramDouble) -> None:
    double.person(7)
    await telegram.set_menu("7", officer=True)
    assert menus(double) == {OFFICER: list(OFFICER_COMMANDS)}
    await telegram.set_menu("7", officer=False)
    assert menus(double) == {}


async def test_a_menu_that_can_t_be_set_stops_nothing(double: TelegramDouble, taken: Taken) -> None:
    double.person(7).says("chào")
    with structlog.testing.capture_logs() as lines:
        async with connected(double.url, commands=[("Not A Name", "?")]) as telegram:
            await telegram.set_menu("404", officer=True)
            async with running(telegram, taken.receive):
                await taken_all(double)
    assert taken.texts == ["chào"]
    assert [line["event"] for line in lines] == ["telegram_menu_not_set"] * 2


async def test_the_name_for_links_is_asked_for_and_may_stay_away(double: TelegramDouble) -> None:
    assert await ask_name(TOKEN, double.url) == "double_bot"
    assert await ask_name("999:WRONG-TOKEN-WRONG-TOKEN-WRONG", double.url) is None
