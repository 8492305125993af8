"""The light formatting that people type where a channel has none: `**bold**`, `__italic__`, `` `code` `` and
`[words](https://…)`.
"""

import re
from dataclasses import dataclass, field

from markupsafe import Markup, escape

# No address is longer.
_LONGEST_ADDRESS = 2000
_ADDRESS = re.compile(r"(?i:https?)://\S+")
_TOKEN = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\[(?P<words>[^\[\]\n]+)\]\((?P<address>[^\s()]+)\)"
    # Marks in an address belong to it.
    r"|(?i:https?)://[^\s*]+"
    r"|(?P<mark>\*\*|__)"
    r"|(?P<end>\n\s*\n)"
)
_TAGS = {"**": "b", "__": "i"}


def typed(text: str) -> Markup:
    """The text as neutral markup. What is broken, unclosed or crosses something else stays as it was typed.

    A mark opens before a word and closes after one, and both stand in one paragraph: `2**3**4` and
    `snake__case` are nothing but letters.
    """
    line = _Line()
    at = 0
    for found in _TOKEN.finditer(text):
        line.write(text[at : found.start()])
        at = found.end()
        if found["code"]:
            line.add(Markup("<code>{}</code>").format(found["code"]))
        elif found["words"]:
            line.add(_link(found))
        elif found["mark"]:
            line.mark(found["mark"], *_sides(text, found))
        else:
            if found["end"]:
                line.end()
            line.write(found[0])
    line.write(text[at:])
    return Markup().join(line.pieces)


def is_web_address(address: str) -> bool:
    """Whether people may be led there: http or https, and all of it to be seen."""
    return (
        len(address) <= _LONGEST_ADDRESS and address.isprintable() and _ADDRESS.fullmatch(address) is not None
    )


def _link(found: re.Match[str]) -> Markup:
    if not is_web_address(found["address"]):
        return escape(found[0])
    return Markup('<a href="{}">{}</a>').format(found["address"], typed(found["words"]))


def _sides(text: str, found: re.Match[str]) -> tuple[bool, bool]:
    """Whether a mark here could open, and whether it could close."""
    first, last = found.span()
    before, after = text[max(first - 1, 0) : first], text[last : last + 1]
    opens = not before.isalnum() and bool(after) and not after.isspace()
    closes = not after.isalnum() and bool(before) and not before.isspace()
    return opens, closes


@dataclass(slots=True)
class _Line:
    """Pieces of markup, and where among them marks stand that are still open, the outermost first."""

    pieces: list[Markup] = field(default_factory=list)
    _open: dict[str, int] = field(default_factory=dict)

    def write(self, text: str) -> None:
        if text:
            self.pieces.append(escape(text))

    def add(self, piece: Markup) -> None:
        self.pieces.append(piece)

    def mark(self, mark: str, opens: bool, closes: bool) -> None:
        begin = self._open.get(mark)
        if closes and begin is not None and begin < len(self.pieces) - 1:
            self._close(mark, begin)
        elif opens and begin is None:
            self._open[mark] = len(self.pieces)
            self.write(mark)
        else:
            self.write(mark)

    def end(self) -> None:
        """A paragraph is over: what was not closed in it stays as letters."""
        self._open.clear()

    def _close(self, mark: str, begin: int) -> None:
        """Marks that were opened inside and not closed there stay as letters."""
        tag = _TAGS[mark]
        self.pieces[begin] = Markup(f"<{tag}>")  # noqa: S704 - one of ours
        self.pieces.append(Markup(f"</{tag}>"))  # noqa: S704
        self._open = {each: at for each, at in self._open.items() if at < begin}
