"""A reply as calls of the Bot API, within Telegram's limits: pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from telegram import InputFile

from handlers.kit import markup
from handlers.kit.channel import Outgoing
from handlers.kit.reply import Attachment, Button, Rows
from handlers.kit.vietnamese import utf16_len

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LARGEST_PHOTO = 10 * 2**20
_PHOTOS = frozenset({"image/png", "image/jpeg"})
_MOST_IN_A_ROW = 8
_NO_PREVIEW = {"is_disabled": True}


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    parameters: dict[str, Any]


def plan(outgoing: Outgoing) -> list[Call]:
    """The calls that show a reply, in order; the last one carries its buttons, below everything."""
    text, file = outgoing.reply.text, outgoing.reply.attachment
    if file is None:
        calls = _texts(text)
    elif markup.width(text) <= LONGEST_CAPTION:
        calls = [_file(file, text)]
    else:
        calls = [_file(file, ""), *_texts(text)]
    for call in calls:
        call.parameters["chat_id"] = int(outgoing.address)
    if calls and (keyboard := _keyboard(outgoing.reply.buttons)):
        calls[-1].parameters["reply_markup"] = {"inline_keyboard": keyboard}
    if outgoing.replaces and calls and file is None:
        first = calls[0].parameters | {"message_id": int(outgoing.replaces)}
        calls[0] = Call("editMessageText", first)
    return calls


def correction(outgoing: Outgoing) -> list[Call]:
    """The calls that bring a letter up to date where it stands; with a file, what is written under it."""
    reply = outgoing.reply
    if reply.attachment is None or markup.width(reply.text) > LONGEST_CAPTION:
        return plan(replace(outgoing, reply=replace(reply, attachment=None)))
    parameters: dict[str, Any] = {
        "chat_id": int(outgoing.address),
        "message_id": int(outgoing.replaces),
        "caption": str(reply.text),
        "parse_mode": "HTML",
    }
    if keyboard := _keyboard(reply.buttons):
        parameters["reply_markup"] = {"inline_keyboard": keyboard}
    return [Call("editMessageCaption", parameters)]


def alternative(call: Call, problem: str) -> Call | None:
    """What to send instead of a call that Telegram refused with these words; None when nothing would help.

    Each alternative asks less than the call before, so that they come to an end.
    """
    problem = problem.lower()
    if "can't parse entities" in problem and "parse_mode" in call.parameters:
        return _without_markup(call)
    if call.method == "editMessageText":
        # Deleted, too old, or a photo: the person gets a new message instead of nothing.
        return Call("sendMessage", _without(call.parameters, "message_id"))
    if call.method == "editMessageCaption":
        text = {"text": call.parameters["caption"]}
        return Call("sendMessage", _without(call.parameters, "message_id", "caption") | text)
    if call.method == "sendPhoto" and ("photo" in problem or "image" in problem):
        sides_do_not_matter = _without(call.parameters, "photo") | {"document": call.parameters["photo"]}
        return Call("sendDocument", sides_do_not_matter)
    return None


def _texts(text: str) -> list[Call]:
    return [
        Call("sendMessage", {"text": part, "parse_mode": "HTML", "link_preview_options": _NO_PREVIEW})
        for part in _parts(text)
    ]


def _parts(text: str) -> Sequence[str]:
    """Splitting reads letter by letter; what is short even with its markup needs none."""
    if utf16_len(text) <= LONGEST_TEXT:
        return [str(text)] if text else []
    return [str(part) for part in markup.split(text, LONGEST_TEXT)]


def _file(file: Attachment, caption: str) -> Call:
    is_photo = file.mime in _PHOTOS and len(file.content) <= LARGEST_PHOTO
    upload = InputFile(file.content, filename=file.name)
    upload.mimetype = file.mime
    parameters: dict[str, Any] = {"photo" if is_photo else "document": upload}
    if caption:
        parameters |= {"caption": str(caption), "parse_mode": "HTML"}
    return Call("sendPhoto" if is_photo else "sendDocument", parameters)


def _keyboard(rows: Rows) -> list[list[dict[str, str]]]:
    return [
        [_button(button) for button in row[start : start + _MOST_IN_A_ROW]]
        for row in rows
        for start in range(0, len(row), _MOST_IN_A_ROW)
    ]


def _button(button: Button) -> dict[str, str]:
    return {"text": button.label, "callback_data": button.payload}


def _without_markup(call: Call) -> Call:
    name = "text" if "text" in call.parameters else "caption"
    plain = markup.plain(call.parameters[name])
    return Call(call.method, _without(call.parameters, "parse_mode") | {name: plain})


def _without(parameters: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in parameters.items() if key not in names}
