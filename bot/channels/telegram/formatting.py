"""Telegram's entities as neutral markup.

Entities say what is bold from which UTF-16 unit on, for how many. They may lie inside each other and overlap,
and whoever speaks to us by webhook could send any nonsense: what makes none is left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import msgspec
from markupsafe import Markup, escape

from handlers.kit.notation import is_web_address
from handlers.kit.vietnamese import clean

# From the outermost to the innermost, so that overlapping ones can always be told apart into nested tags.
_TAGS = {
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
    "text_link": "a",
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "pre": "pre",
    "code": "code",
}
_ORDER = tuple(dict.fromkeys(_TAGS.values()))
# Telegram lets nothing stand inside these, and they inside nothing but a quotation.
_LITERAL = frozenset({"pre", "code"})


class _Entity(msgspec.Struct):
    type: str
    offset: int
    length: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class _Span:
    """A tag over the letters from `first` to before `last`."""

    tag: str
    opening: str
    first: int
    last: int


def markup_of(text: str, cleaned: str, entities: Any) -> Markup:
    """The text with its formatting; `cleaned` is all of it, cleaned.

    Cleaning moves offsets, so each piece between two tags is cleaned by itself. Where that makes other words
    of it than cleaning the whole, the words count.
    """
    spans = _spans(text, entities) if isinstance(entities, list) else []
    if not spans:
        return escape(cleaned)
    ends = sorted({0, len(text), *(span.first for span in spans), *(span.last for span in spans)})
    pieces = [clean(text[first:last]) for first, last in pairwise(ends)]
    if "".join(pieces) != cleaned:
        return escape(cleaned)
    return _nested(pieces, [_stack(spans, first) for first in ends[:-1]])


def _spans(text: str, entities: list[Any]) -> list[_Span]:
    places = _places(text)
    found = (_span(raw, places) for raw in entities)
    return [span for span in found if span is not None]


def _places(text: str) -> list[int]:
    """The letter that each UTF-16 unit belongs to, and the end."""
    places = [at for at, letter in enumerate(text) for _ in range(2 if letter > "\uffff" else 1)]
    return [*places, len(text)]


def _span(raw: Any, places: Sequence[int]) -> _Span | None:
    try:
        entity = msgspec.convert(raw, _Entity)
    except msgspec.ValidationError:
        return None
    tag = _TAGS.get(entity.type)
    first, last = entity.offset, min(entity.offset + entity.length, len(places) - 1)
    if tag is None or not 0 <= first < last or (tag == "a" and not is_web_address(entity.url)):
        return None
    opening = f'<a href="{escape(entity.url)}">' if tag == "a" else f"<{tag}>"
    return _Span(tag, opening, places[first], places[last])


def _stack(spans: Iterable[_Span], at: int) -> list[_Span]:
    """What the letter `at` stands in, the outermost first; of two of a kind, the first."""
    over: dict[str, _Span] = {}
    for span in spans:
        if span.first <= at < span.last:
            over.setdefault(span.tag, span)
    literal = [over[tag] for tag in _ORDER if tag in _LITERAL and tag in over][:1]
    if literal:
        return [*([over["blockquote"]] if "blockquote" in over else []), *literal]
    return [over[tag] for tag in _ORDER if tag in over]


def _nested(pieces: Iterable[str], stacks: Iterable[Sequence[_Span]]) -> Markup:
    written: list[str] = []
    open_spans: list[_Span] = []
    for piece, stack in zip(pieces, stacks, strict=True):
        if not piece:
            continue
        kept = _common(open_spans, stack)
        written += [f"</{span.tag}>" for span in reversed(open_spans[kept:])]
        written += [span.opening for span in stack[kept:]]
        written.append(str(escape(piece)))
        open_spans = list(stack)
    written += [f"</{span.tag}>" for span in reversed(open_spans)]
    return Markup("".join(written))  # noqa: S704 - tags of ours around escaped pieces


def _common(left: Sequence[_Span], right: Sequence[_Span]) -> int:
    """How many of the outermost are the same."""
    pairs = list(zip(left, right, strict=False))
    return next((number for number, (one, other) in enumerate(pairs) if one != other), len(pairs))
