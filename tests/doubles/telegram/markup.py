"""Telegram's HTML: a few tags, strictly nested, each complaint with its byte offset."""

import re
from dataclasses import dataclass

from tests.doubles.telegram.answers import ApiError, Json, bad_request
from tests.doubles.telegram.utf16 import byte_offset, utf16_length

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
}
_SPECIAL = re.compile("[<&]")
_CHARACTER = re.compile("&(?:#[xX]([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot)(?![A-Za-z]));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_HIGHEST = 0x10FFFF
_START = re.compile(r"<([^\s>]*)")
_END = re.compile(r"</([^\s>]*)\s*(>?)")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9.\-]+)(?=[\s>])))?""")
_LINK = re.compile(r"(?:https?|tg|ton)://\S+|[^\s/:]+\.[^\s/:]+(?:[/:?#]\S*)?", re.IGNORECASE)


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str | None]
    offset: int


def parse_html(source: str) -> tuple[str, list[Json]]:
    """The plain text and its entities. Raises ApiError as the Bot API words it."""
    if _SPECIAL.search(source) is None:
        return source, []
    return _Parser(source).run()


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.plain: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[Json] = []

    def run(self) -> tuple[str, list[Json]]:
        at = 0
        while found := _SPECIAL.search(self.source, at):
            self._write(self.source[at : found.start()])
            at = self._special(found.start())
        self._write(self.source[at:])
        if self.open:
            tag = self.open[-1].tag
            raise _problem(f'Can\'t find end tag corresponding to start tag "{tag}"')
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.plain), self.entities

    def _special(self, at: int) -> int:
        if self.source[at] == "&":
            return self._character(at)
        if self.source.startswith("</", at):
            return self._end_tag(at)
        return self._start_tag(at)

    def _write(self, text: str) -> None:
        if text:
            self.plain.append(text)
            self.length += utf16_length(text)

    def _character(self, at: int) -> int:
        """A character reference; an ampersand that begins none stands for itself."""
        found = _CHARACTER.match(self.source, at)
        character = _referred(found) if found else None
        if found is None or character is None:
            self._write("&")
            return at + 1
        self._write(character)
        return found.end()

    def _start_tag(self, at: int) -> int:
        name = _START.match(self.source, at)
        where = f"at byte offset {byte_offset(self.source, at)}"
        if name is None or name.end() == len(self.source):
            raise _problem(f"Unclosed start tag {where}")
        tag = name[1].lower()
        if tag not in _KINDS:
            raise _problem(f'Unsupported start tag "{tag}" {where}')
        attributes, end = self._attributes(tag, name.end(), where)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _problem(f'Tag "span" must have class "tg-spoiler" {where}')
        self.open.append(_Open(tag, attributes, self.length))
        return end

    def _attributes(self, tag: str, at: int, where: str) -> tuple[dict[str, str | None], int]:
        attributes: dict[str, str | None] = {}
        while True:
            at += len(self.source[at:]) - len(self.source[at:].lstrip())
            if self.source.startswith(">", at):
                return attributes, at + 1
            found = _ATTRIBUTE.match(self.source, at)
            if found is None or found.end() == len(self.source):
                raise _problem(f'Unclosed start tag "{tag}" {where}')
            name, *values = found.groups()
            value = next((one for one in values if one is not None), None)
            if value is None and (tag, name) != ("blockquote", "expandable"):
                raise _problem(
                    f'Expected equal sign in declaration of an attribute of the tag "{tag}" {where}'
                )
            attributes[name] = value and _CHARACTER.sub(lambda c: _referred(c) or c[0], value)
            at = found.end()

    def _end_tag(self, at: int) -> int:
        where = f"at byte offset {byte_offset(self.source, at)}"
        if not self.open:
            raise _problem(f"Unexpected end tag {where}")
        found = _END.match(self.source, at)
        if found is None or not found[2]:
            raise _problem(f"Unclosed end tag {where}")
        opened = self.open.pop()
        if found[1] and found[1].lower() != opened.tag:
            raise _problem(
                f'Unmatched end tag {where}, expected "</{opened.tag}>", found "</{found[1].lower()}>"'
            )
        if self.length > opened.offset:
            self._add(opened)
        return found.end()

    def _add(self, opened: _Open) -> None:
        entity: Json = {
            "type": _KINDS[opened.tag],
            "offset": opened.offset,
            "length": self.length - opened.offset,
        }
        if opened.tag == "a":
            url = opened.attributes.get("href") or self._text_from(opened.offset)
            if _LINK.fullmatch(url) is None:
                return  # Telegram shows the words without a link and doesn't complain.
            entity["url"] = url
        elif opened.tag == "blockquote" and "expandable" in opened.attributes:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "pre":
            self._take_language(entity)
        elif opened.tag == "code":
            entity["language"] = _language(opened)
        self.entities.append({key: value for key, value in entity.items() if value is not None})

    def _take_language(self, pre: Json) -> None:
        """`<pre><code class="language-x">` is one entity that names the language."""
        inner = self.entities[-1] if self.entities else {}
        same = all(inner.get(key) == pre[key] for key in ("offset", "length"))
        if inner.get("type") == "code" and same:
            pre["language"] = self.entities.pop().get("language")

    def _text_from(self, offset: int) -> str:
        units = "".join(self.plain).encode("utf-16-le")
        return units[offset * 2 :].decode("utf-16-le")


def _language(opened: _Open) -> str | None:
    style = opened.attributes.get("class") or ""
    return style.removeprefix("language-") if style.startswith("language-") else None


def _referred(found: re.Match[str]) -> str | None:
    hexadecimal, number, name = found.groups()
    if name:
        return _NAMED[name]
    code = int(hexadecimal, 16) if hexadecimal else int(number)
    is_surrogate = 0xD800 <= code <= 0xDFFF
    return chr(code) if 0 < code < _HIGHEST and not is_surrogate else None


def _problem(words: str) -> ApiError:
    return bad_request(f"can't parse entities: {words}")
