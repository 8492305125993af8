"""What the bot platform takes: methods, their parameters and limits."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.doubles.telegram.utf16 import utf16_length
from tests.doubles.zalo.answers import Json, RefusalError, a_string, an_address, only

LONGEST = 2000
_SECRET = range(8, 257)
_FORMATS = frozenset({"markdown", "html"})


def bad_request(problem: str) -> RefusalError:
    return RefusalError(400, f"Bad Request: {problem}")


def check(method: str, params: Json) -> Json:
    """The parameters of a method that exists. Raises RefusalError 400 for what it doesn't take."""
    required, optional = PARAMETERS[method]
    given = only(params, "the request", required=required, optional=optional, code=400)
    for name, value in given.items():
        _CHECKS[name](name, value)
    return given


def _text(name: str, value: Any) -> None:
    _caption(name, a_string(value, name, code=400))


def _caption(name: str, value: Any) -> None:
    if not isinstance(value, str) or utf16_length(value) > LONGEST:
        raise bad_request(f"{name} must be a text of at most {LONGEST}")


def _timeout(name: str, value: Any) -> None:
    if not str(value).isdecimal():
        raise bad_request(f"{name} must be a number of seconds")


def _secret(name: str, value: Any) -> None:
    if len(a_string(value, name, code=400)) not in _SECRET:
        raise bad_request(f"{name} must have 8 to 256 characters")


def _webhook(name: str, value: Any) -> None:
    """HTTPS, or plain HTTP on this machine so that tests can be reached."""
    url = an_address(value, name, code=400)
    if url.scheme != "https" and url.host != "127.0.0.1":
        raise bad_request(f"{name} must be an HTTPS address")


def _address(name: str, value: Any) -> None:
    an_address(value, name, code=400)


def _action(name: str, value: Any) -> None:
    if value != "typing":
        raise bad_request(f"{name} can only be typing")


def _format(name: str, value: Any) -> None:
    if value not in _FORMATS:
        raise bad_request(f"{name} must be one of {', '.join(sorted(_FORMATS))}")


def _styles(name: str, value: Any) -> None:
    if not isinstance(value, list):
        raise bad_request(f"{name} must be a list")


def _identifier(name: str, value: Any) -> None:
    a_string(value, name, code=400)


# Of each method: what it needs, and what it takes besides.
PARAMETERS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "getMe": (frozenset(), frozenset()),
    "getUpdates": (frozenset(), frozenset({"timeout"})),
    "setWebhook": (frozenset({"url", "secret_token"}), frozenset()),
    "deleteWebhook": (frozenset(), frozenset()),
    "getWebhookInfo": (frozenset(), frozenset()),
    "sendMessage": (frozenset({"chat_id", "text"}), frozenset({"parse_mode", "text_styles"})),
    "sendPhoto": (frozenset({"chat_id", "photo"}), frozenset({"caption"})),
    "sendChatAction": (frozenset({"chat_id", "action"}), frozenset()),
}
_CHECKS: Mapping[str, Callable[[str, Any], None]] = {
    "timeout": _timeout,
    "url": _webhook,
    "secret_token": _secret,
    "chat_id": _identifier,
    "text": _text,
    "parse_mode": _format,
    "text_styles": _styles,
    "photo": _address,
    "caption": _caption,
    "action": _action,
}
