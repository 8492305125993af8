"""Keyboards under a message: what Telegram refuses, and how a person finds a button."""

from collections.abc import Iterator

from tests.doubles.telegram.answers import Json, bad_request

MOST_BUTTONS = 100
MOST_IN_A_ROW = 8
_ACTIONS = ("url", "callback_data", "copy_text")


def check_keyboard(markup: Json | None) -> Json | None:
    """The markup, or None when it holds no button. Raises ApiError for what can't be shown."""
    if markup is None:
        return None
    rows = [row for row in _rows(markup) if row]
    if sum(map(len, rows)) > MOST_BUTTONS or any(len(row) > MOST_IN_A_ROW for row in rows):
        raise bad_request("reply markup is too long")
    for button in _buttons(markup):
        if not button["text"].strip():
            raise bad_request("can't parse inline keyboard button: Button text must be non-empty")
    if "inline_keyboard" not in markup:
        return markup
    for button in _buttons(markup):
        _check_action(button)
    return {"inline_keyboard": rows} if rows else None


def labels(markup: Json | None) -> list[list[str]]:
    return [[button["text"] for button in row] for row in _rows(markup or {})]


def data_behind(markup: Json | None, button: str) -> str:
    """The payload of the button with this label or payload. Raises LookupError with the choice."""
    inline = [one for one in _buttons(markup or {}) if "callback_data" in one]
    for one in inline:
        if button in {one["text"], one["callback_data"]}:
            return str(one["callback_data"])
    shown = ", ".join(f"{one['text']!r} ({one['callback_data']})" for one in inline) or "none"
    raise LookupError(f"no button {button!r} to tap; there are: {shown}")


def _check_action(button: Json) -> None:
    actions = [name for name in _ACTIONS if name in button]
    if not actions:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        raise bad_request("can't parse inline keyboard button: exactly one optional field must be used")
    url = button.get("url", "https://")
    if not url.startswith(("http://", "https://", "tg://", "mailto:", "tel:")):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _rows(markup: Json) -> list[list[Json]]:
    rows: list[list[Json]] = markup.get("inline_keyboard") or markup.get("keyboard") or []
    return rows


def _buttons(markup: Json) -> Iterator[Json]:
    for row in _rows(markup):
        yield from row
