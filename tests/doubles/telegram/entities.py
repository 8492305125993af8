"""Formatted text as Telegram reads it: HTML and given entities, with offsets in UTF-16 units."""

import re
from typing import Any

from tests.doubles.telegram.answers import Json, bad_request
from tests.doubles.telegram.markup import parse_html
from tests.doubles.telegram.utf16 import utf16_length

# Telegram drops these before it looks at a message, so text made of them alone is empty.
_DROPPED = re.compile("[\r\u2028-\u202e]")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
_VISIBLE = re.compile("[^\\s\u1680\u180e\u2000-\u200f\u202f\u205f\u2060-\u2064\u2800\u3000\ufeff\ufffc]")
_KINDS = frozenset(
    {
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
    }
)


def formatted(
    params: Json, name: str, limit: int, too_long: str, *, prefix: str = ""
) -> tuple[str, list[Json]]:
    """The plain text of parameter `name` and its entities; `prefix` as in `caption_entities`.

    Raises ApiError when the markup is wrong, or more than `limit` characters remain of it,
    which `too_long` says in Telegram's words.
    """
    source = _clean(params.get(name, ""))
    mode = params.get(f"{prefix}parse_mode", "")
    if mode.lower() == "html":
        text, entities = parse_html(source)
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        text, entities = source, params.get(f"{prefix}entities", [])
        _check_given(text, entities)
    text, entities = _trimmed(text, entities)
    if len(text) > limit:
        raise bad_request(too_long)
    return text, entities


def is_blank(text: str) -> bool:
    """Whether nothing in the text would be seen."""
    return _VISIBLE.search(text) is None


def commands_in(text: str) -> list[Json]:
    """The `/command` entities that Telegram finds in what a person writes."""
    return [
        {
            "type": "bot_command",
            "offset": utf16_length(text[: found.start()]),
            "length": utf16_length(found[0]),
        }
        for found in re.finditer(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])", text)
    ]


def _clean(source: str) -> str:
    return _CONTROL.sub(" ", _DROPPED.sub("", source))


def _check_given(text: str, entities: list[Any]) -> None:
    end = utf16_length(text)
    for entity in entities:
        if entity["type"] not in _KINDS:
            raise bad_request("can't parse MessageEntity: Unsupported type specified")
        if entity["type"] == "text_link" and "url" not in entity:
            raise bad_request("can't parse MessageEntity: Can't find field \"url\"")
        first, last = entity["offset"], entity["offset"] + entity["length"]
        if first < 0 or entity["length"] <= 0 or last > end:
            raise bad_request(
                f"entity beginning at UTF-16 offset {first} ends after the end of the text "
                f"at UTF-16 offset {last}"
            )


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without the white space around it, which is kept only inside an entity at the start."""
    stripped = text.strip()
    if len(stripped) == len(text):
        return text, entities
    if not entities:
        return stripped, entities
    lead = utf16_length(text[: len(text) - len(text.lstrip())])
    lead = min([lead, *(entity["offset"] for entity in entities)])
    kept = text[lead:].rstrip()
    return kept, _moved(entities, -lead, utf16_length(kept))


def _moved(entities: list[Json], by: int, end: int) -> list[Json]:
    moved = []
    for entity in entities:
        offset = entity["offset"] + by
        length = min(entity["length"], end - offset)
        if length > 0:
            moved.append(entity | {"offset": offset, "length": length})
    return moved
