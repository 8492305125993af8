"""What an official account may send: codes, the form of a message, and the windows in which it is taken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from tests.doubles.telegram.utf16 import utf16_length
from tests.doubles.zalo.answers import Json, RefusalError, a_string, an_address, only

_HOUR = 3_600_000
_WINDOW = 7 * 24 * _HOUR
_REPLY_WINDOW = 48 * _HOUR
_FREE_REPLIES = 8
_LONGEST_TEXT = 2000
_LONGEST_TITLE = 100
_LONGEST_PAYLOAD = 1000
_MOST_BUTTONS = 5


class Code(IntEnum):
    """Refusals. Only the first two are sure: the others come from the sources of clients."""

    TOKEN_EXPIRED = -216
    TOO_LONG = -210
    TOO_FAST = -32
    MALFORMED = -201
    NO_FOLLOWER = -213
    WINDOW_CLOSED = -230
    KIND_NOT_ALLOWED = -233
    NO_REPLY_LEFT = -311
    WRONG_APP = -14002
    WRONG_KEY = -14004
    WRONG_REFRESH_TOKEN = -14014


@dataclass(slots=True)
class Window:
    """Until when one person may be written to; times in milliseconds."""

    interacted: int | None = None
    wrote: int | None = None
    replies: int = 0

    def opens(self, now: int) -> None:
        """The person follows, which lets nothing be answered free of charge."""
        self.interacted = now

    def renews(self, now: int) -> None:
        """The person writes."""
        self.interacted = self.wrote = now
        self.replies = 0

    def ends(self) -> None:
        """The person unfollows."""
        self.interacted = self.wrote = None

    def spend(self, now: int, *, paid: bool) -> None:
        """Count one message. Raises RefusalError when it may not be sent."""
        if self.interacted is None:
            raise RefusalError(Code.NO_FOLLOWER, "the user doesn't follow the account")
        if now - self.interacted > _WINDOW:
            raise RefusalError(Code.WINDOW_CLOSED, "no interaction within 7 days")
        if self._is_free(now):
            self.replies += 1
        elif not paid:
            raise RefusalError(Code.NO_REPLY_LEFT, "no free reply is left")

    def _is_free(self, now: int) -> bool:
        return self.wrote is not None and now - self.wrote <= _REPLY_WINDOW and self.replies < _FREE_REPLIES


def check_message(params: Json) -> tuple[str, str, tuple[Json, ...]]:
    """The recipient, the text and the buttons. Raises RefusalError for what isn't taken."""
    request = _only(params, "the request", "recipient", "message")
    recipient = _string(_only(request["recipient"], "recipient", "user_id")["user_id"], "user_id")
    message = _only(request["message"], "message", "text", optional="attachment")
    text = _string(message["text"], "text")
    if utf16_length(text) > _LONGEST_TEXT:
        raise RefusalError(Code.TOO_LONG, f"text is longer than {_LONGEST_TEXT}")
    buttons = _buttons(message["attachment"]) if "attachment" in message else ()
    return recipient, text, buttons


def _buttons(given: Any) -> tuple[Json, ...]:
    attachment = _only(given, "attachment", "type", "payload")
    if attachment["type"] != "template":
        raise _malformed("an attachment's type must be template")
    buttons = _only(attachment["payload"], "the attachment's payload", "buttons")["buttons"]
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= _MOST_BUTTONS:
        raise _malformed(f"there must be 1 to {_MOST_BUTTONS} buttons")
    return tuple(_button(each) for each in buttons)


def _button(given: Any) -> Json:
    button = _only(given, "a button", "title", "type", "payload")
    _within(_string(button["title"], "title"), _LONGEST_TITLE, "title")
    check = _PAYLOADS.get(button["type"]) if isinstance(button["type"], str) else None
    if check is None:
        raise _malformed(f"a button's type must be one of {', '.join(_PAYLOADS)}")
    check(button["payload"])
    return button


def _query(payload: Any) -> None:
    _within(_string(payload, "payload"), _LONGEST_PAYLOAD, "payload")


def _url(payload: Any) -> None:
    an_address(_only(payload, "payload", "url")["url"], "url", code=Code.MALFORMED)


def _phone(payload: Any) -> None:
    code = _string(_only(payload, "payload", "phone_code")["phone_code"], "phone_code")
    if not code.removeprefix("+").isdecimal():
        raise _malformed("phone_code must be a number")


_PAYLOADS: Mapping[str, Callable[[Any], None]] = {
    "oa.query.hide": _query,
    "oa.query.show": _query,
    "oa.open.url": _url,
    "oa.open.phone": _phone,
}


def _malformed(problem: str) -> RefusalError:
    return RefusalError(Code.MALFORMED, problem)


def _only(given: Any, where: str, *required: str, optional: str = "") -> Json:
    return only(given, where, required=required, optional=optional.split(), code=Code.MALFORMED)


def _string(given: Any, where: str) -> str:
    return a_string(given, where, code=Code.MALFORMED)


def _within(text: str, most: int, where: str) -> None:
    if len(text) > most:
        raise _malformed(f"{where} is longer than {most}")
