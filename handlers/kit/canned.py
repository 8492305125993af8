"""Answers to begin with, which officers insert and change: read from `content/concerns/canned.yaml`."""

from dataclasses import dataclass
from pathlib import Path

from handlers.kit.documents.fields import read_fields
from handlers.kit.documents.findings import Findings
from handlers.kit.documents.model import ContentError, Problem
from handlers.kit.documents.source import read_lines

_KEYS = ("title", "text")
_LONGEST_TITLE = 60
_LONGEST_TEXT = 1_000


@dataclass(frozen=True, slots=True)
class Canned:
    """`title` is what officers choose by, `text` what they get."""

    title: str
    text: str


def load_canned(path: Path) -> tuple[Canned, ...]:
    """In the file's order; ContentError with all mistakes when there is one."""
    found, problems = _read(path)
    if problems:
        raise ContentError(problems)
    return found


def check_canned(path: Path) -> list[Problem]:
    """Every mistake in the file, by line."""
    return _read(path)[1]


def _read(path: Path) -> tuple[tuple[Canned, ...], list[Problem]]:
    findings = Findings(f"{path.parent.name}/{path.name}")
    lines = read_lines(path, findings)
    fields = read_fields(lines, ("canned",), findings) if lines else None
    entries = fields.entries("canned", _KEYS, may_be_empty=True) if fields else ()
    found = tuple(
        Canned(entry.text("title", _LONGEST_TITLE), entry.text("text", _LONGEST_TEXT)) for entry in entries
    )
    return found, sorted(findings.problems, key=lambda at: at.line)
