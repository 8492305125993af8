"""An announcement on paper, with a list of the people it is to be handed to, for whom no chat reaches."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from html.parser import HTMLParser
from typing import Any

from handlers.kit.papers import format_paper_day
from handlers.kit.typeset import typeset

_LAYOUT = "notice.typ"

# Pictures among the words, and what joins or colours them: the fonts have none of them, and paper needs none.
_JOINERS = "[\ufe0f\u20e3\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
_PICTURES = re.compile(f"(?:[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]{_JOINERS}*)+ ?|{_JOINERS}")


@dataclass(frozen=True, slots=True)
class Handed:
    """Somebody whom it is to be handed to."""

    full_name: str
    code: str
    group: str


@dataclass(frozen=True, slots=True)
class Notice:
    branch: str
    number: int
    day: date
    # Neutral markup without merge fields.
    text: str
    # The name of the file that was sent with it; empty when there was none.
    file: str
    # In the order of their groups.
    people: Sequence[Handed]


def draw(notice: Notice) -> bytes:
    """The notice as PDF. It keeps one processor busy for 50 ms and a millisecond more for each person: call
    it in a thread.
    """
    text = _paragraphs(notice.text)
    return typeset(
        _LAYOUT, asdict(notice) | {"day": format_paper_day(notice.day), "text": text}, format="pdf"
    )


Run = dict[str, Any]


def _paragraphs(text: str) -> list[list[Run]]:
    """Neutral markup as paragraphs of runs: {"text", "style"}, where the style lists the tags around it."""
    reader = _Runs()
    reader.feed(text)
    reader.close()
    paragraphs: list[list[Run]] = [[]]
    for run in reader.runs:
        first, *others = run["text"].split("\n\n")
        paragraphs[-1].append(run | {"text": first})
        paragraphs += [[run | {"text": each}] for each in others]
    return [kept for each in paragraphs if (kept := _without_ends(each))]


def _without_ends(runs: list[Run]) -> list[Run]:
    """Without line breaks and spaces at the paragraph's ends."""
    kept = [run for run in runs if run["text"]]
    if kept:
        kept[0] = kept[0] | {"text": kept[0]["text"].lstrip()}
        kept[-1] = kept[-1] | {"text": kept[-1]["text"].rstrip()}
    return [run for run in kept if run["text"]]


@dataclass
class _Link:
    address: str
    words: list[str] = field(default_factory=list)


class _Runs(HTMLParser):
    """Nothing can be pressed on paper, so the address of a link follows its words."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[Run] = []
        self._tags: list[str] = []
        self._link = _Link("")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tags.append(tag)
        if tag == "a":
            self._link = _Link(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and "".join(self._link.words) != self._link.address:
            self.handle_data(f" ({self._link.address})")
        self._tags.remove(tag)

    def handle_data(self, data: str) -> None:
        self._link.words.append(data)
        self.runs.append({"text": _PICTURES.sub("", data), "style": list(self._tags)})
