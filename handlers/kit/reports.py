"""Reports as plain data: a feature gathers its figures once, and every writer writes these and no others."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from handlers.kit.access import Right
from handlers.kit.context import Work
from storage.campaigns import Campaign
from storage.coverage import percent
from storage.members import Member
from storage.registers import day_end


class Kind(StrEnum):
    """What a value is, so that each writer gives it the right form."""

    TEXT = "text"
    # Whole.
    NUMBER = "number"
    # 0 to 100, with one decimal at most.
    PERCENT = "percent"
    # -1 to 1, with two decimals.
    INDEX = "index"
    DAY = "day"


# None: there is none, or it isn't shown.
Value = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Figure:
    key: str
    label: str
    value: Value
    kind: Kind
    # Where it comes from, in a few words.
    source: str


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    title: str
    kind: Kind
    # In millimetres beside the other columns; a writer stretches them to its page.
    width: int


@dataclass(frozen=True, slots=True)
class Table:
    key: str
    title: str
    columns: tuple[Column, ...]
    # In the order in which they are to be read.
    rows: tuple[tuple[Value, ...], ...]
    source: str
    # Said in place of a table without rows.
    empty: str
    # The columns whose values are drawn as bars, by key: what a bar is called, and how long it is.
    bars: tuple[str, str] | None = None

    def place(self, key: str) -> int:
        """Where the column of this key stands, from 0."""
        return next(place for place, each in enumerate(self.columns) if each.key == key)


@dataclass(frozen=True, slots=True)
class Signature:
    """Whoever signs, where it isn't the branch's chair: for whom, as what, and by name."""

    on_behalf: str
    signer: str
    name: str


@dataclass(frozen=True, slots=True)
class Report:
    # Of its kind.
    name: str
    # What it is about, as it stands below the word "report".
    about: str
    # Of its file, without the ending.
    stem: str
    made_at: datetime
    # Whole paragraphs.
    lead: tuple[str, ...]
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]
    # What a reader has to know to read the figures right.
    notes: tuple[str, ...] = ()
    # None: as the letterhead has it.
    signature: Signature | None = None


class OfGroup(Protocol):
    def __call__(self, work: Work, campaign: Campaign, leader: Member) -> Awaitable[Report]: ...


@dataclass(frozen=True, slots=True)
class ReportKind:
    """A report that can be asked for: of a campaign, of a year, or of either."""

    name: str
    right: Right
    of_campaign: Callable[[Work, Campaign], Awaitable[Report]] | None = None
    of_year: Callable[[Work, int], Awaitable[Report]] | None = None
    # Of a campaign, in the group that the member leads: for those who have only `Right.SEE_GROUP`.
    of_group: OfGroup | None = None


# Making them, with the words of `content/messages/reports/`.


def figure(work: Work, key: str, value: Value, source: str, kind: Kind = Kind.NUMBER) -> Figure:
    """`source`: the name of a label that begins with `from_`."""
    return Figure(key, work.label(f"reports/figure_{key}"), value, kind, source_text(work, source))


def share(part: int, whole: int) -> float | None:
    """In percent; of nobody there is none."""
    return percent(part, whole) if whole else None


def year_end(work: Work, year: int) -> datetime | None:
    """The last moment of a year that is over; None of one that isn't."""
    return day_end(date(year, 12, 31), work.services.zone) if year < work.today.year else None


def last_day(work: Work, year: int) -> date:
    """Up to which a report of the year counts."""
    return min(date(year, 12, 31), work.today)


def source_text(work: Work, source: str) -> str:
    return work.label(f"reports/from_{source}")


def column(work: Work, key: str, kind: Kind, width: int) -> Column:
    return Column(key, work.label(f"reports/column_{key}"), kind, width)


def table(
    work: Work,
    key: str,
    columns: tuple[Column, ...],
    rows: tuple[tuple[Value, ...], ...],
    source: str,
    *,
    empty: str = "",
    bars: tuple[str, str] | None = None,
) -> Table:
    """Titled by the label `table_KEY`. `source` and `empty` are names of labels that begin with `from_` and
    `empty_`; without `empty` it always has rows.
    """
    return Table(
        key=key,
        title=work.label(f"reports/table_{key}"),
        columns=columns,
        rows=rows,
        source=source_text(work, source),
        empty=work.label(f"reports/empty_{empty}") if empty else "",
        bars=bars,
    )


def notes(work: Work, *keys: str, **values: object) -> tuple[str, ...]:
    return tuple(work.label(f"reports/note_{key}", **values) for key in keys)


def lead(work: Work, name: str, **values: object) -> tuple[str, ...]:
    """The paragraphs of a text, one in each line; plain, because writers have ways of their own."""
    text = work.services.texts.plain(f"reports/{name}", **values)
    return tuple(line.strip() for line in text.splitlines() if line.strip())
