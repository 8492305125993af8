"""The methods about the bot itself, its menu, its callback queries, files and chats."""

import re
from typing import Any

from tests.doubles.telegram.answers import Json, bad_request
from tests.doubles.telegram.store import World

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")
_MOST_COMMANDS = 100


def get_me(world: World, _params: Json) -> Json:
    return world.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_chat(world: World, params: Json) -> Json:
    return world.chat(params["chat_id"]).wire | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


def get_file(world: World, params: Json) -> Json:
    return world.files.about(params["file_id"], world.now())


def answer_callback_query(world: World, params: Json) -> bool:
    query = params["callback_query_id"]
    if query not in world.callbacks or world.callbacks[query] is not None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if world.record:
        world.callbacks[query] = params
    else:
        del world.callbacks[query]
    return True


def set_my_commands(world: World, params: Json) -> bool:
    commands = params["commands"]
    if len(commands) > _MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if _COMMAND.fullmatch(command["command"]) is None:
            raise bad_request("BOT_COMMAND_INVALID")
        if not command["description"].strip():
            raise bad_request("command description must be non-empty")
    world.commands[_menu(world, params)] = commands
    return True


def delete_my_commands(world: World, params: Json) -> bool:
    world.commands.pop(_menu(world, params), None)
    return True


def get_my_commands(world: World, params: Json) -> list[Json]:
    return world.commands.get(_menu(world, params), [])


def set_my_description(world: World, params: Json) -> bool:
    world.descriptions["description", _language(params)] = params.get("description", "")
    return True


def set_my_short_description(world: World, params: Json) -> bool:
    text = params.get("short_description", "")
    world.descriptions["short_description", _language(params)] = text
    return True


def _menu(world: World, params: Json) -> tuple[Any, ...]:
    """The key of a menu: kind of scope, chat or None, user or None, language."""
    scope = params.get("scope", {"type": "default"})
    if "chat_id" in scope:
        world.chat(scope["chat_id"])
    return scope["type"], scope.get("chat_id"), scope.get("user_id"), _language(params)


def _language(params: Json) -> str:
    language = str(params.get("language_code", ""))
    if _LANGUAGE.fullmatch(language) is None:
        raise bad_request("invalid language code specified")
    return language
