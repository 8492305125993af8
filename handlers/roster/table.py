"""What a roster file is once it is opened: rows of cells, whatever the format."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from handlers.kit.problem_texts import advise


class Flaw(StrEnum):
    """A cell without a value of its own; the value names its sentence."""

    FORMULA = "formula"
    ERROR = "error_value"
    DAY = "date_range"


Value = str | bool | int | float | date | Flaw


class Row(NamedTuple):
    # As the spreadsheet numbers it, from 1.
    number: int
    # By column, from 1; empty cells are left out.
    cells: Mapping[int, Value]


class MergedCells(NamedTuple):
    # As Excel writes it, "C5:C9".
    name: str
    first_row: int
    last_row: int
    first_column: int
    last_column: int


class RosterFileError(Exception):
    """The whole file can't be read; the text says why and what to do."""


def refusal(kind: str, **values: object) -> RosterFileError:
    """The error to raise for this kind of unreadable file."""
    return RosterFileError(sentence(kind, **values))


def sentence(kind: str, **values: object) -> str:
    """What is wrong and what to do, in one text."""
    advice = advise("roster", kind, **values)
    return f"{advice.problem} {advice.remedy}"
