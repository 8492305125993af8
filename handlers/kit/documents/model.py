"""What a document consists of, and what a mistake in its files looks like."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Card:
    # From 1, in reading order.
    number: int
    title: str
    # Markdown: paragraphs, lists, bold, italic, links.
    body: str


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    ask: str
    right: str
    wrong: tuple[str, ...]
    explain: str
    # The number of the card to reread.
    card: int


@dataclass(frozen=True, slots=True)
class Quiz:
    # So many questions are drawn for one attempt.
    draw: int
    # Per cent of right answers, 0 to 100.
    pass_mark: int
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Document:
    # The name of its folder.
    slug: str
    title: str
    # Number and issuer of the paper it summarises; either may be empty.
    number: str
    issuer: str
    date: date | None
    source: str
    # Raised by the author when the meaning changes; a corrected typo keeps it.
    edition: int
    summary: str
    cards: tuple[Card, ...]
    quiz: Quiz | None


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where it stands, what it is, what to do. `file` is relative to the documents' folder,
    `line` counts from 1.
    """

    file: str
    line: int
    problem: str
    remedy: str


class ContentError(Exception):
    """Some files have mistakes; `problems` holds them all."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{at.file}:{at.line}: {at.problem} {at.remedy}" for at in self.problems))
