"""Reads `document.md`: front matter between two lines `---`, then cards that begin with `## `."""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from handlers.kit.documents.fields import Fields, read_fields
from handlers.kit.documents.findings import Findings
from handlers.kit.documents.markdown import mistakes
from handlers.kit.documents.model import Card

KEYS = ("title", "number", "issuer", "date", "source", "edition", "summary")
MAX_EDITION = 9999
# Characters.
MAX_NAME = 300
MAX_SUMMARY = 160
MAX_CARD_TITLE = 60
MAX_CARD_BODY = 900

_FENCE = "---"
_HEADING = re.compile("##([^#].*)?")


class FrontMatter(NamedTuple):
    title: str
    number: str
    issuer: str
    date: date | None
    source: str
    edition: int
    summary: str


def read_document(lines: Sequence[str], findings: Findings) -> tuple[FrontMatter | None, tuple[Card, ...]]:
    """Front matter and cards; None for front matter that can't be told apart from the rest."""
    headings = [number for number, line in enumerate(lines) if _HEADING.fullmatch(line)]
    end = _front_matter_end(lines[: headings[0] if headings else len(lines)], findings)
    front = _read_front_matter(lines[:end], findings) if end else None
    if end:
        _refuse_text_before_cards(lines, range(end + 1, headings[0] if headings else len(lines)), findings)
    if not headings:
        findings.add(len(lines), "no_cards")
    ends = [*headings[1:], len(lines)]
    cards = (
        _card(number, lines[start:end], start, findings)
        for number, (start, end) in enumerate(zip(headings, ends, strict=False), 1)
    )
    return front, tuple(cards)


def _front_matter_end(lines: Sequence[str], findings: Findings) -> int:
    """The closing line, counted from 0; 0 when there is none."""
    if lines[:1] != [_FENCE]:
        findings.add(1, "front_matter_start", keys=", ".join(KEYS))
        return 0
    if _FENCE not in lines[1:]:
        findings.add(1, "front_matter_end")
        return 0
    return lines.index(_FENCE, 1)


def _refuse_text_before_cards(lines: Sequence[str], between: range, findings: Findings) -> None:
    filled = next((number for number in between if lines[number]), None)
    if filled is not None:
        findings.add(filled + 1, "text_before_cards")


def _read_front_matter(lines: Sequence[str], findings: Findings) -> FrontMatter | None:
    # The opening line is left blank instead of away: so YAML counts lines as the file does.
    fields = read_fields(["", *lines[1:]], KEYS, findings)
    return _front_matter(fields) if fields else None


def _front_matter(fields: Fields) -> FrontMatter:
    return FrontMatter(
        title=fields.text("title", MAX_NAME),
        number=fields.text("number", MAX_NAME, may_be_empty=True),
        issuer=fields.text("issuer", MAX_NAME, may_be_empty=True),
        date=fields.day("date"),
        source=fields.text("source", MAX_NAME),
        edition=fields.whole("edition", 1, MAX_EDITION) or 1,
        summary=fields.text("summary", MAX_SUMMARY),
    )


def _card(number: int, lines: Sequence[str], start: int, findings: Findings) -> Card:
    title = " ".join(lines[0].removeprefix("##").split())
    if not title:
        findings.add(start + 1, "card_without_title")
    if len(title) > MAX_CARD_TITLE:
        findings.add(start + 1, "card_title_long", length=len(title), limit=MAX_CARD_TITLE)
    if "**" in title or "](" in title:
        findings.add(start + 1, "card_title_markup")
    raw = "\n".join(lines[1:])
    for line, kind in mistakes(raw):
        findings.add(start + 2 + line, kind)
    body = re.sub(r"\n{3,}", "\n\n", raw).strip("\n")
    if not body.strip():
        findings.add(start + 1, "card_empty", title=title)
    if len(body) > MAX_CARD_BODY:
        findings.add(start + 1, "card_long", title=title, length=len(body), limit=MAX_CARD_BODY)
    return Card(number, title, body)
