"""Reads `content/receipts/words.txt`. A word's place in it is what it means, so the list never changes once
a receipt was given out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from handlers.kit.documents.findings import Findings
from handlers.kit.documents.model import ContentError
from handlers.kit.documents.source import read_lines
from handlers.kit.vietnamese import fold

SIZE = 1024
_FOLDED = re.compile("[a-z]{2,6}")


@dataclass(frozen=True, slots=True)
class Words:
    """The list, each word as it is shown; `places` tells where a word stands by its folded form."""

    shown: tuple[str, ...]
    places: Mapping[str, int] = field(repr=False)


def load_words(path: Path) -> Words:
    """The list; ContentError with all mistakes when there is one."""
    findings = Findings(f"{path.parent.name}/{path.name}")
    shown = read_lines(path, findings)
    # What follows the last line's end.
    if shown and not shown[-1]:
        shown.pop()
    if shown:
        _check(shown, findings)
    if findings.problems:
        raise ContentError(findings.problems)
    return Words(tuple(shown), {fold(word): place for place, word in enumerate(shown)})


def _check(shown: Sequence[str], findings: Findings) -> None:
    if len(shown) != SIZE:
        findings.add(len(shown), "receipts/size", size=SIZE, found=len(shown))
    before = ""
    for line, word in enumerate(shown, 1):
        folded = fold(word)
        if not _FOLDED.fullmatch(folded):
            findings.add(line, "receipts/form", word=word)
        elif folded <= before:
            findings.add(line, "receipts/order", word=word)
        before = folded
