"""The methods that change or remove a message of the bot."""

from tests.doubles.telegram.answers import Json, bad_request
from tests.doubles.telegram.keyboard import check_keyboard
from tests.doubles.telegram.sending import caption_of, text_of
from tests.doubles.telegram.store import Chat, Message, World

_DELETABLE_SECONDS = 48 * 3600
_TEXT = ("text", "entities")
_CAPTION = ("caption", "caption_entities", "show_caption_above_media")
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)


def edit_message_text(world: World, params: Json) -> Json:
    if "text" not in params:
        raise bad_request("message text is empty")
    message = _editable(world, params)
    if "text" not in message.wire:
        raise bad_request("there is no text in the message to edit")
    return _edit(world, message, _TEXT, text_of(params), params)


def edit_message_caption(world: World, params: Json) -> Json:
    message = _editable(world, params)
    if "photo" not in message.wire and "document" not in message.wire:
        raise bad_request("there is no caption in the message to edit")
    return _edit(world, message, _CAPTION, caption_of(params), params)


def edit_message_reply_markup(world: World, params: Json) -> Json:
    return _edit(world, _editable(world, params), (), {}, params)


def delete_message(world: World, params: Json) -> bool:
    chat = world.chat(params["chat_id"])
    message = chat.find(params["message_id"], "delete")
    _check_deletable(world, chat, message)
    message.deleted = True
    return True


def delete_messages(world: World, params: Json) -> bool:
    """Those that aren't found are passed over; where one can't be deleted, none is."""
    chat = world.chat(params["chat_id"])
    shown = [chat.all[each] for each in params["message_ids"] if each in chat.all]
    found = [message for message in shown if not message.deleted]
    for message in found:
        _check_deletable(world, chat, message)
    for message in found:
        message.deleted = True
    return True


def _check_deletable(world: World, chat: Chat, message: Message) -> None:
    """Bots delete their own messages, and in private chats also those of the person."""
    is_allowed = message.from_bot or chat.wire["type"] == "private"
    is_young = world.now() - message.wire["date"] < _DELETABLE_SECONDS
    if not is_allowed or (chat.keep and not is_young):
        raise bad_request("message can't be deleted")


def _editable(world: World, params: Json) -> Message:
    for name, problem in (
        ("chat_id", "chat_id is empty"),
        ("message_id", "message identifier is not specified"),
    ):
        if name not in params:
            raise bad_request(problem)
    message = world.writable(params["chat_id"]).find(params["message_id"], "edit")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return message


def _edit(world: World, message: Message, replaced: tuple[str, ...], content: Json, params: Json) -> Json:
    """Without `reply_markup` the buttons go, as at Telegram."""
    markup = check_keyboard(params.get("reply_markup"))
    dropped = {*replaced, "reply_markup", "edit_date"}
    wire = {key: value for key, value in message.wire.items() if key not in dropped} | content
    if markup is not None:
        wire["reply_markup"] = markup
    if wire == {key: value for key, value in message.wire.items() if key != "edit_date"}:
        raise bad_request(_NOT_MODIFIED)
    message.history.append(message.wire)
    message.wire = wire | {"edit_date": world.now()}
    message.markup = markup
    return message.wire
