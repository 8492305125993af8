"""Neutral markup and what channels make of it.

Neutral markup is what the texts render: escaped HTML with the tags b, i, u, s, code, pre, blockquote and
a[href], and line breaks as
they stand. Telegram takes it as it is; a browser gets paragraphs; a channel without markup gets plain text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from markupsafe import Markup

_TOKEN = re.compile(r"</?[a-z]+(?: href=\"[^\"]*\")?>|&[a-z]+;|&#\d+;|&#x[0-9a-f]+;|[^<&]", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
# Where a long text is cut, best first: between paragraphs, lines, sentences, words.
_BREAKS = ("\n\n", "\n", ". ", "! ", "? ", "; ", ", ", " ")


def plain(text: str) -> str:
    """The text without markup; a link's address follows its words."""
    linked = re.sub(r'<a href="([^"]*)">(.*?)</a>', _spell_link, text, flags=re.DOTALL)
    return unescape(_TAG.sub("", linked))


def _spell_link(match: re.Match[str]) -> str:
    address, words = match.groups()
    return words if _TAG.sub("", words) == address else f"{words} ({address})"


def web(text: str) -> str:
    """Paragraphs and line breaks as HTML."""
    # As a plain string: a Markup would escape the tags that are put in.
    paragraphs = (part.strip("\n") for part in str(text).split("\n\n"))
    return "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in paragraphs if part)


@dataclass(frozen=True, slots=True)
class _Token:
    raw: str
    # UTF-16 units that the reader sees; 0 for a tag.
    width: int


def split(text: str, limit: int) -> list[Markup]:
    """Cut into parts of at most `limit` visible UTF-16 units, at the best place near the end; open tags
    are closed and
    opened again.
    """
    parts: list[Markup] = []
    tokens = list(_tokens(text))
    while tokens:
        size = _fitting(tokens, limit)
        if size < len(tokens):
            size = _better_end(tokens, size)
        closed, reopened = _balance(tokens[:size])
        parts.append(Markup(closed.strip()))  # noqa: S704 - the same markup, cut
        rest = tokens[size:]
        tokens = [*(_Token(tag, 0) for tag in reopened), *rest] if rest else []
    return parts


def width(text: str) -> int:
    """Visible UTF-16 units."""
    return sum(token.width for token in _tokens(text))


def _tokens(text: str) -> Iterator[_Token]:
    for raw in _TOKEN.findall(text):
        if raw.startswith("<"):
            yield _Token(raw, 0)
        else:
            yield _Token(raw, len(unescape(raw).encode("utf-16-le")) // 2)


def _fitting(tokens: list[_Token], limit: int) -> int:
    used = 0
    for index, token in enumerate(tokens):
        used += token.width
        if used > limit:
            return index
    return len(tokens)


def _better_end(tokens: list[_Token], size: int) -> int:
    """The end of the last paragraph, line, sentence or word in the second half of `tokens[:size]`;
    `size` if none.
    """
    text = [token.raw if token.width else "" for token in tokens[:size]]
    for stop in _BREAKS:
        for index in range(size - 1, size // 2, -1):
            if "".join(text[index - len(stop) + 1 : index + 1]) == stop:
                return index + 1
    return size


def _balance(tokens: list[_Token]) -> tuple[str, list[str]]:
    open_tags: list[str] = []
    for token in tokens:
        if token.raw.startswith("</"):
            open_tags.pop()
        elif token.raw.startswith("<"):
            open_tags.append(token.raw)
    closing = "".join(f"</{tag[1:-1].split()[0]}>" for tag in reversed(open_tags))
    return "".join(token.raw for token in tokens) + closing, open_tags
