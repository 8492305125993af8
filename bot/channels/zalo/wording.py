"""A reply as Zalo can show it: plain words, choices as lines, a file as an address; cut to Zalo's length."""

from collections.abc import Callable
from html import unescape

from markupsafe import escape

from handlers.kit import choices, markup
from handlers.kit.choices import Menu

# UTF-16 units of one message.
LONGEST_TEXT = 2_000
# The label of a key in `content/messages/channels/`.
Label = Callable[..., str]


def file_line(label: Label, name: str, address: str) -> str:
    """Where a file can be had; `address` is empty where there is none."""
    return label("channels/file_link" if address else "channels/file_elsewhere", name=name, address=address)


def menu_lines(label: Label, menu: Menu) -> str:
    """The page that is shown, with how to answer; empty without choices."""
    if not menu.page:
        return ""
    mark = menu.page[0].mark.upper()
    below = [label("channels/more", count=menu.hidden)] if menu.hidden else []
    hint = "channels/answer_letter" if mark.isalpha() else "channels/answer_number"
    return "\n".join([*choices.lines(menu.page), *below, label(hint, mark=mark)])


def parts(*paragraphs: str) -> list[str]:
    """Messages of at most `LONGEST_TEXT`, cut at the ends of paragraphs, lines, sentences or words."""
    text = "\n\n".join(filter(None, paragraphs))
    cut = markup.split(escape(text), LONGEST_TEXT) if text else []
    return [unescape(str(part)) for part in cut if part]
