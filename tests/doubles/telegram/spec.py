"""The published parameters of each method, compiled once into quick checks."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests.doubles.telegram.answers import Json, bad_request, decode
from tests.doubles.telegram.values import (
    SIMPLE,
    Check,
    MistypedError,
    among,
    array,
    both,
    from_form,
    within,
)

_API: Json = decode((Path(__file__).parent.parent / "telegram_api.json").read_bytes())

# Where the Bot API has words of its own for a missing parameter.
_MISSING = {
    "chat_id": "chat_id is empty",
    "message_id": "message identifier is not specified",
    "text": "message text is empty",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "action": "wrong parameter action in request",
}
# The same for a value of the wrong length.
_WRONG_LENGTH = {
    "InlineKeyboardButton.callback_data": "BUTTON_DATA_INVALID",
    "BotCommand.command": "BOT_COMMAND_INVALID",
    "BotCommand.description": "BOT_COMMAND_DESCRIPTION_INVALID",
    "answerCallbackQuery.text": "MESSAGE_TOO_LONG",
    "sendPoll.options": "poll must have from 1 to 12 options",
}
_SPOKEN = {"InlineKeyboardButton": "inline keyboard button", "KeyboardButton": "keyboard button"}


@dataclass(frozen=True, slots=True)
class _Fields:
    checks: Mapping[str, Check]
    required: tuple[str, ...]
    constants: Mapping[str, str]


def check(method: str, params: Mapping[str, Any]) -> Json:
    """The parameters as Python values. Raises ApiError for one unknown, missing or mistyped."""
    fields = _METHODS[method]
    checked: Json = {}
    for name, value in params.items():
        field = fields.checks.get(name)
        if field is None:
            raise bad_request(f'unknown parameter "{name}"')
        try:
            checked[name] = field(value)
        except MistypedError as wrong:
            raise bad_request(f'parameter "{name}" must be of type {wrong}') from None
    for name in fields.required:
        if name not in checked:
            raise bad_request(_MISSING.get(name, f'parameter "{name}" is required'))
    return checked


def knows(method: str) -> bool:
    return method in _METHODS


def _object(name: str, value: Any) -> Json:
    if type(value) is not dict:
        raise MistypedError(name)
    fields = _TYPES[name]
    spoken = _SPOKEN.get(name, name)
    for key, inner in value.items():
        field = fields.checks.get(key)
        if field is None:
            raise bad_request(f'can\'t parse {spoken}: Unknown field "{key}"')
        try:
            field(inner)
        except MistypedError as wrong:
            problem = f'can\'t parse {spoken}: Field "{key}" must be of type {wrong}'
            raise bad_request(problem) from None
    for key in fields.required:
        if key not in value:
            raise bad_request(f"can't parse {spoken}: Can't find field \"{key}\"")
    return value


def _one_of(names: list[str], value: Any) -> Json:
    """The object's own fields say which of the possible types it is."""
    if type(value) is not dict:
        raise MistypedError(names[0])
    for name in names:
        fields = _TYPES[name]
        fits = all(value.get(key) == constant for key, constant in fields.constants.items())
        if fits and all(key in value for key in fields.required):
            return _object(name, value)
    raise bad_request(f"can't parse {names[0]}: the object is none of {', '.join(names)}")


def _check_for(types: list[str]) -> Check:
    simple = SIMPLE.get("|".join(types))
    if simple is not None:
        return simple
    if len(types) > 1:
        return partial(_one_of, types)
    name = types[0]
    if name.startswith("Array of "):
        item = name.removeprefix("Array of ")
        return partial(array, _check_for([item]), item)
    kinds = _API["types"][name].get("one_of")
    return partial(_one_of, kinds) if kinds else partial(_object, name)


def _field(owner: str, name: str, declared: Json) -> Check:
    found = _check_for(declared["types"])
    if "values" in declared:
        found = both(found, partial(among, declared["values"], name))
    lowest, highest, unit = declared.get("limit", (0, 0, "parsed"))
    if unit == "parsed":
        return found
    problem = _WRONG_LENGTH.get(f"{owner}.{name}", f'wrong length of "{name}"')
    return both(found, within(lowest, highest, unit, problem))


def _parameter(owner: str, name: str, declared: Json) -> Check:
    found = _field(owner, name, declared)
    return found if "String" in declared["types"] else partial(from_form, found)


def _constants(declared: Mapping[str, Json]) -> dict[str, str]:
    return {name: field["values"][0] for name, field in declared.items() if len(field.get("values", ())) == 1}


def _compile(declared: Mapping[str, Json], checks: Mapping[str, Check]) -> _Fields:
    required = tuple(name for name, field in declared.items() if field.get("required"))
    return _Fields(checks, required, _constants(declared))


_TYPES = {
    owner: _compile(kind["fields"], {n: _field(owner, n, f) for n, f in kind["fields"].items()})
    for owner, kind in _API["types"].items()
    if "fields" in kind
}
_METHODS = {
    owner: _compile(fields, {n: _parameter(owner, n, f) for n, f in fields.items()})
    for owner, fields in _API["methods"].items()
}
