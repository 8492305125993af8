"""Reads the YAML files of `content/calendar/`; every mistake is named with its file and line."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from markupsafe import Markup

from handlers.kit.calendar.lunar import LAST_MONTH, LONGEST_MONTH
from handlers.kit.calendar.observances import Calendar, Kind, Observance, Question, YearDay
from handlers.kit.documents.fields import Fields, fields_of, read_fields
from handlers.kit.documents.findings import Findings
from handlers.kit.documents.markdown import card_html, mistakes
from handlers.kit.documents.model import ContentError, Problem
from handlers.kit.documents.quiz_file import MAX_ASK, MAX_EXPLAIN, MAX_OPTION, wrong_options
from handlers.kit.documents.source import read_lines

KEYS = ("occasions",)
ENTRY_KEYS = ("slug", "name", "kind", "piece")
OPTIONAL_KEYS = ("solar", "lunar", "founded", "enabled", "question")
QUESTION_KEYS = ("ask", "right", "wrong", "explain")
# Characters: the slug stands in buttons, beside a day and an option.
MAX_SLUG, MAX_NAME, MAX_WORD = 28, 80, 40
FEWEST_WORDS, MOST_WORDS = 60, 150
LAST_YEAR = 2100
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})")
_ADDRESS = re.compile(r"\{\{ *[yY]ou *\}\}")
# February has 28 days in it.
_ANY_YEAR = 2023


def load_calendar(folder: Path) -> Calendar:
    """The observances of a folder; ContentError with all mistakes when there is one."""
    observances, problems = _read_all(folder)
    if problems:
        raise ContentError(problems)
    return Calendar(observances)


def check_calendar(folder: Path) -> list[Problem]:
    """Every mistake in the files of a folder, by file and line."""
    return _read_all(folder)[1]


def _read_all(folder: Path) -> tuple[list[Observance], list[Problem]]:
    if not folder.is_dir():
        missing = Findings(folder.name)
        missing.add(1, "calendar/folder_missing")
        return [], missing.problems
    found: list[Observance] = []
    problems: list[Problem] = []
    places: dict[str, str] = {}
    for path in sorted(path for path in folder.iterdir() if path.name[0] not in "._"):
        findings = Findings(f"{folder.name}/{path.name}")
        found += _read_file(path, places, findings)
        problems += sorted(findings.problems, key=lambda at: at.line)
    return found, problems


def _read_file(path: Path, places: dict[str, str], findings: Findings) -> list[Observance]:
    """`places` tells where each slug stands in the files so far."""
    if path.suffix != ".yaml":
        findings.add(1, "calendar/misnamed", name=path.name)
        return []
    lines = read_lines(path, findings)
    fields = read_fields(lines, KEYS, findings) if lines else None
    nodes = (fields.items("occasions") or []) if fields else []
    entries = [fields_of(node, ENTRY_KEYS, findings, OPTIONAL_KEYS) for node in nodes]
    return [_observance(entry, path.name, places, findings) for entry in entries if entry]


def _observance(entry: Fields, file: str, places: dict[str, str], findings: Findings) -> Observance:
    return Observance(
        slug=_slug(entry, file, places, findings),
        name=entry.text("name", MAX_NAME),
        when=_when(entry, findings),
        kind=Kind(_word(entry, "kind", tuple(Kind), Kind.COMMEMORATION, findings)),
        founded=entry.whole("founded", 1, LAST_YEAR),
        is_enabled=_word(entry, "enabled", ("true", "false"), "true", findings) == "true",
        piece=_piece(entry, findings),
        question=_question(entry, findings),
    )


def _slug(entry: Fields, file: str, places: dict[str, str], findings: Findings) -> str:
    slug = entry.text("slug", MAX_SLUG)
    if slug and not _SLUG.fullmatch(slug):
        findings.add(entry.line("slug"), "calendar/slug_form", slug=slug)
    if slug in places:
        findings.add(entry.line("slug"), "calendar/slug_twice", slug=slug, first=places[slug])
    places.setdefault(slug, f"{file}:{entry.line('slug')}")
    return slug


def _word(entry: Fields, key: str, words: Sequence[str], usual: str, findings: Findings) -> str:
    """One of `words`."""
    written = entry.text(key, MAX_WORD)
    if written and written not in words:
        findings.add(entry.line(key), "calendar/unknown_word", key=key, words=", ".join(words))
    return written if written in words else usual


def _when(entry: Fields, findings: Findings) -> YearDay:
    solar, lunar = entry.line("solar"), entry.line("lunar")
    if bool(solar) == bool(lunar):
        findings.add(lunar or entry.line("slug") or 1, "calendar/one_date")
    key = "lunar" if lunar else "solar"
    match = _DAY.fullmatch(entry.text(key, MAX_WORD))
    day, month = (int(match[1]), int(match[2])) if match else (0, 0)
    if entry.line(key) and not _comes_every_year(day, month, is_lunar=bool(lunar)):
        findings.add(entry.line(key), f"calendar/not_{key}")
    return YearDay(day, month, is_lunar=bool(lunar))


def _comes_every_year(day: int, month: int, *, is_lunar: bool) -> bool:
    if is_lunar:
        return 1 <= month <= LAST_MONTH and 1 <= day <= LONGEST_MONTH
    try:
        date(_ANY_YEAR, month, day)
    except ValueError:
        return False
    return True


def _piece(entry: Fields, findings: Findings) -> Markup:
    line, text = entry.paragraphs("piece")
    for below, kind in mistakes(text):
        findings.add(line + below, kind)
    bare = _ADDRESS.sub("…", text)
    if "{" in bare or "}" in bare:
        findings.add(line, "calendar/braces")
    words = len(bare.split())
    if words and not FEWEST_WORDS <= words <= MOST_WORDS:
        findings.add(line, "calendar/length", words=words, fewest=FEWEST_WORDS, most=MOST_WORDS)
    return Markup(card_html(text))  # noqa: S704 - made escaped


def _question(entry: Fields, findings: Findings) -> Question | None:
    asked = entry.mapping("question", QUESTION_KEYS)
    if asked is None:
        return None
    right = asked.text("right", MAX_OPTION)
    return Question(
        ask=asked.text("ask", MAX_ASK),
        right=right,
        wrong=wrong_options(asked, right, findings),
        explain=asked.text("explain", MAX_EXPLAIN),
    )
