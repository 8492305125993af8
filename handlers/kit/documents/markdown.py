"""The Markdown of a card: which of it is allowed, and what it looks like in a chat."""

from collections.abc import Iterator, Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token

_SHOW = MarkdownIt("commonmark", {"html": False})
# Knows more than is allowed, so that what isn't is recognised and named.
_CHECK = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_FORBIDDEN = {
    "heading_open": "markdown_heading",
    "table_open": "markdown_table",
    "html_block": "markdown_html",
    "html_inline": "markdown_html",
    "image": "markdown_image",
    "blockquote_open": "markdown_quote",
    "code_block": "markdown_code",
    "fence": "markdown_code",
    "code_inline": "markdown_code",
    "hr": "markdown_rule",
    "s_open": "markdown_strike",
}
_WEB = ("http://", "https://")
_INDENT = "   "


def mistakes(body: str) -> Iterator[tuple[int, str]]:
    """What a card may not hold, as (line from 0, kind)."""
    for token in _CHECK.parse(body):
        first = token.map[0] if token.map else 0
        if token.type in _FORBIDDEN:
            yield first, _FORBIDDEN[token.type]
        yield from _inline_mistakes(token.children or (), first)


def _inline_mistakes(children: Sequence[Token], line: int) -> Iterator[tuple[int, str]]:
    for child in children:
        if child.type in _FORBIDDEN:
            yield line, _FORBIDDEN[child.type]
        elif _is_bad_link(child):
            yield line, "markdown_link"
        elif child.type == "text" and "**" in child.content:
            yield line, "markdown_stars"
        line += child.type in {"softbreak", "hardbreak"}


def _is_bad_link(child: Token) -> bool:
    if child.type == "link_open":
        return not str(child.attrGet("href")).startswith(_WEB)
    # What is written like a link and was not understood as one stays text.
    return child.type == "text" and "](" in child.content


def card_html(body: str) -> str:
    """A card as neutral markup: escaped text with <b>, <i> and <a href> to the web. Line feeds are the line
    breaks, a blank line stands between paragraphs; chats have no lists, so items are lines that begin with
    "• " or their number.
    """
    blocks: list[list[str]] = []
    # One entry for each list that is open: its next number, or None for bullets.
    lists: list[int | None] = []
    marker = ""
    for token in _SHOW.parse(body):
        if token.level == 0 and token.nesting >= 0:
            blocks.append([])
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            lists.append(int(token.attrs.get("start", 1)) if token.type.startswith("ordered") else None)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
        elif token.type == "list_item_open":
            marker = _INDENT * (len(lists) - 1) + _next_marker(lists)
        elif text := _text(token):
            blocks[-1].append((marker or _INDENT * len(lists)) + text)
            marker = ""
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


def _next_marker(lists: list[int | None]) -> str:
    number = lists[-1]
    if number is None:
        return "• "
    lists[-1] = number + 1
    return f"{number}. "


def _text(token: Token) -> str:
    if token.children is not None:
        return _inline(token.children)
    return escape(token.content.strip())


def _inline(children: Sequence[Token]) -> str:
    parts: list[str] = []
    link_ends: list[str] = []
    for child in children:
        if child.type == "link_open":
            href = str(child.attrGet("href"))
            is_web = href.startswith(_WEB)
            parts.append(f'<a href="{escape(href)}">' if is_web else "")
            link_ends.append("</a>" if is_web else "")
        elif child.type == "link_close":
            parts.append(link_ends.pop())
        else:
            parts.append(_MARKS.get(child.type) or escape(child.content))
    return "".join(parts)


_MARKS = {
    "strong_open": "<b>",
    "strong_close": "</b>",
    "em_open": "<i>",
    "em_close": "</i>",
    "softbreak": " ",
    "hardbreak": "\n",
}
