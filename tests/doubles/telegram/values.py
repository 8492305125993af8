"""Checks of single values: each returns the value, or says what type it should have had."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from tests.doubles.telegram.answers import bad_request, decode

Check = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a multipart request."""

    name: str
    content: bytes
    mime_type: str


class MistypedError(Exception):
    """The value is not of the type named; whoever checks the field around it says which."""


def _integer(value: Any) -> int:
    if type(value) is not int:
        raise MistypedError("Integer")
    return value


def _boolean(value: Any) -> bool:
    if type(value) is not bool:
        raise MistypedError("Boolean")
    return value


def _string(value: Any) -> str:
    if type(value) is not str:
        raise MistypedError("String")
    return value


def _file(value: Any) -> str | Upload:
    if not isinstance(value, str | Upload):
        raise MistypedError("InputFile")
    return value


def _chat(value: Any) -> int | str:
    """A number, or `@name`; in a form the number comes as digits."""
    if type(value) is int:
        return value
    text = _string(value).strip()
    return int(text) if text.removeprefix("-").isdecimal() else text


SIMPLE: dict[str, Check] = {
    "Integer": _integer,
    "Boolean": _boolean,
    "String": _string,
    "Integer|String": _chat,
    "InputFile|String": _file,
}


def array(item: Check, name: str, value: Any) -> list[Any]:
    if type(value) is not list:
        raise MistypedError(f"Array of {name}")
    return [item(one) for one in value]


def among(values: list[str], name: str, value: Any) -> Any:
    if value not in values:
        raise bad_request(f'field "{name}" must be one of {", ".join(values)}')
    return value


def within(lowest: int, highest: int, unit: str, problem: str) -> Check:
    """A check of the length in characters, items or bytes."""

    def limit(value: Any) -> Any:
        length = len(value.encode()) if unit == "bytes" else len(value)
        if not lowest <= length <= highest:
            raise bad_request(problem)
        return value

    return limit


def both(first: Check, then: Check) -> Check:
    def run(value: Any) -> Any:
        return then(first(value))

    return run


def from_form(check: Check, value: Any) -> Any:
    """Forms, and some JSON bodies, carry numbers, booleans and objects as JSON in a string."""
    if type(value) is not str:
        return check(value)
    try:
        decoded = decode(value)
    except msgspec.DecodeError:
        decoded = value
    return check(decoded)
