"""The methods that put a message into a chat."""

from typing import Any

from tests.doubles.telegram.answers import Json, bad_request
from tests.doubles.telegram.entities import formatted, is_blank
from tests.doubles.telegram.files import photo_sides
from tests.doubles.telegram.keyboard import check_keyboard
from tests.doubles.telegram.store import Chat, Message, World

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
_LONGEST_QUESTION = 300
_LONGEST_OPTION = 100
_LONGEST_EXPLANATION = 200
_CHAT_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


def send_message(world: World, params: Json) -> Json:
    return _send(world, params, text_of(params))


def send_photo(world: World, params: Json) -> Json:
    kept = world.files.received("photos", params["photo"])
    width, height = photo_sides(kept.content)
    photo = [kept.wire() | {"width": width, "height": height}]
    return _send(world, params, {"photo": photo} | caption_of(params), kept.content)


def send_document(world: World, params: Json) -> Json:
    kept = world.files.received("documents", params["document"])
    document = kept.wire() | {"file_name": kept.name, "mime_type": kept.mime_type}
    return _send(world, params, {"document": document} | caption_of(params), kept.content)


def send_poll(world: World, params: Json) -> Json:
    question, entities = formatted(
        params, "question", _LONGEST_QUESTION, "poll question length must not exceed 300", prefix="question_"
    )
    if is_blank(question):
        raise bad_request("poll question must be non-empty")
    world.polls += 1
    poll: Json = {
        "id": f"poll-{world.polls}",
        "question": question,
        "options": _options(params["options"]),
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": params.get("is_anonymous", True),
        "type": params.get("type", "regular"),
        "allows_multiple_answers": params.get("allows_multiple_answers", False),
        "allows_revoting": params.get("allows_revoting", params.get("type") != "quiz"),
        "members_only": False,
    }
    _add(poll, question_entities=entities, open_period=params.get("open_period"))
    description, entities = formatted(
        params, "description", LONGEST_CAPTION, "poll description is too long", prefix="description_"
    )
    _add(poll, description=description, description_entities=entities)
    if poll["type"] == "quiz":
        _add(poll, **_quiz(params, len(poll["options"])))
    elif poll["type"] != "regular":
        raise bad_request("unsupported poll type specified")
    return _send(world, params, {"poll": poll})


def send_chat_action(world: World, params: Json) -> bool:
    if params["action"] not in _CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = world.writable(params["chat_id"])
    if world.record:
        world.actions.append((chat.id, params["action"]))
    return True


def text_of(params: Json) -> Json:
    """The `text` and `entities` of a message. Raises ApiError when nothing would be seen."""
    if not params["text"]:
        raise bad_request("message text is empty")
    text, entities = formatted(params, "text", LONGEST_TEXT, "message is too long")
    if is_blank(text):
        raise bad_request("text must be non-empty")
    return _add({"text": text}, entities=entities)


def caption_of(params: Json) -> Json:
    given = params
    if "caption_entities" in params:
        given = params | {"entities": params["caption_entities"]}
    caption, entities = formatted(given, "caption", LONGEST_CAPTION, "message caption is too long")
    content: Json = {"caption": caption} if caption else {}
    above = params.get("show_caption_above_media")
    return _add(content, caption_entities=entities, show_caption_above_media=above)


def _send(world: World, params: Json, content: Json, attached: bytes = b"") -> Json:
    markup = check_keyboard(params.get("reply_markup"))
    chat = world.writable(params["chat_id"])
    reply = _replied_to(chat, params.get("reply_parameters"))
    wire = {
        "message_id": chat.next_id(),
        "from": world.bot,
        "chat": chat.wire,
        "date": world.now(),
        **reply,
        **content,
    }
    if markup is not None and "inline_keyboard" in markup:
        wire["reply_markup"] = markup
    if params.get("protect_content"):
        wire["has_protected_content"] = True
    chat.add(Message(wire, from_bot=True, markup=markup, content=attached))
    world.delivered[chat.id] += 1
    return wire


def _replied_to(chat: Chat, parameters: Json | None) -> Json:
    if parameters is None:
        return {}
    found = chat.all.get(parameters["message_id"])
    if found is not None and not found.deleted:
        return {"reply_to_message": found.wire}
    if parameters.get("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")


def _options(given: list[Json]) -> list[Json]:
    options = []
    for number, option in enumerate(given):
        text, entities = formatted(
            option, "text", _LONGEST_OPTION, "poll options length must not exceed 100", prefix="text_"
        )
        if is_blank(text):
            raise bad_request("poll options must be non-empty")
        built: Json = {"persistent_id": f"option-{number}", "text": text, "voter_count": 0}
        options.append(_add(built, text_entities=entities))
    return options


def _quiz(params: Json, options: int) -> Json:
    correct = params.get("correct_option_ids", [])
    if not correct or not all(0 <= number < options for number in correct):
        raise bad_request("wrong correct option ID specified")
    explanation, entities = formatted(
        params, "explanation", _LONGEST_EXPLANATION, "message is too long", prefix="explanation_"
    )
    if explanation.count("\n") > 2:
        raise bad_request("too many line feeds in the explanation")
    return {
        "correct_option_ids": correct,
        "explanation": explanation,
        "explanation_entities": entities,
    }


def _add(content: Json, **optional: Any) -> Json:
    """Telegram leaves out what is empty."""
    content.update({key: value for key, value in optional.items() if value})
    return content
