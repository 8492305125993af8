"""What concerns are about: read from `content/concerns/categories.yaml`."""

import re
from dataclasses import dataclass
from pathlib import Path

from handlers.kit.documents.fields import read_fields
from handlers.kit.documents.findings import Findings
from handlers.kit.documents.model import ContentError, Problem
from handlers.kit.documents.source import read_lines

_KEYS = ("key", "label")
# As long as storage keeps it, and as a button shows it on a small telephone.
_LONGEST_KEY = 20
_LONGEST_LABEL = 40
_KEY = re.compile(r"[a-z_]+")


@dataclass(frozen=True, slots=True)
class Category:
    """`key` is stored with the case; `label` is what people choose."""

    key: str
    label: str


Categories = dict[str, Category]


def load_categories(path: Path) -> Categories:
    """By key, in the file's order; ContentError with all mistakes when there is one."""
    found, problems = _read(path)
    if problems:
        raise ContentError(problems)
    return found


def check_categories(path: Path) -> list[Problem]:
    """Every mistake in the file, by line."""
    return _read(path)[1]


def _read(path: Path) -> tuple[Categories, list[Problem]]:
    findings = Findings(f"{path.parent.name}/{path.name}")
    lines = read_lines(path, findings)
    fields = read_fields(lines, ("categories",), findings) if lines else None
    found: Categories = {}
    for entry in fields.entries("categories", _KEYS) if fields else ():
        category = Category(entry.text("key", _LONGEST_KEY), entry.text("label", _LONGEST_LABEL))
        if category.key and not _KEY.fullmatch(category.key):
            findings.add(entry.line("key"), "concerns/category_key", key=category.key)
        if category.key in found:
            findings.add(entry.line("key"), "concerns/category_twice", key=category.key)
        found.setdefault(category.key, category)
    return found, sorted(findings.problems, key=lambda at: at.line)
