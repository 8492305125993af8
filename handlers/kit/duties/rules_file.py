"""Reads `duties.yaml`: the end of the financial year, events, numbers of representatives, and the rules."""

import re
from collections.abc import Sequence
from pathlib import Path

from handlers.kit.documents.fields import Fields, fields_of, read_fields
from handlers.kit.documents.findings import Findings
from handlers.kit.documents.model import ContentError, Problem
from handlers.kit.documents.source import read_lines
from handlers.kit.duties.deadlines import DeadlineError, fits, parse_deadline, parse_year_day
from handlers.kit.duties.links import check_links
from handlers.kit.duties.model import (
    Deadline,
    DutyRules,
    Event,
    FixedDays,
    Often,
    Representatives,
    Rule,
    YearDay,
)
from handlers.kit.roles import Role

KEYS = ("financial_year_ends", "events", "representatives", "rules")
EVENT_KEYS = ("event", "duty")
SIZE_KEYS = ("workers", "least", "most")
RULE_KEYS = ("slug", "name", "what", "basis", "confirmed", "responsible", "often", "deadline", "remind")
# Characters.
MAX_SLUG = 40
MAX_NAME = 80
MAX_WHAT = 700
MAX_BASIS = 200
MAX_WORD = 60
MAX_PEOPLE = 999_999
MAX_LEAD = 365
ROLES = (Role.CHAIR, Role.COMMITTEE, Role.GROUP_LEADER, Role.CELL_COMMITTEE)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NEVER = FixedDays((YearDay(12, 31),))


def load_duties(path: Path) -> DutyRules:
    """The rules; ContentError with all mistakes when there is one."""
    rules, problems = _read(path)
    if problems or rules is None:
        raise ContentError(problems)
    return rules


def check_duties(path: Path) -> list[Problem]:
    """Every mistake in the file, by line."""
    return _read(path)[1]


def _read(path: Path) -> tuple[DutyRules | None, list[Problem]]:
    findings = Findings(f"{path.parent.name}/{path.name}")
    lines = read_lines(path, findings)
    rules = _read_rules(lines, findings) if lines else None
    return rules, sorted(findings.problems, key=lambda at: at.line)


def _read_rules(lines: Sequence[str], findings: Findings) -> DutyRules | None:
    fields = read_fields(lines, KEYS, findings)
    if fields is None:
        return None
    rules: dict[str, Rule] = {}
    places: dict[str, int] = {}
    for entry in _entries(fields, "rules", RULE_KEYS, findings):
        rule = _rule(entry, findings)
        if rule.slug in rules:
            findings.add(entry.line("slug"), "duties/slug_twice", slug=rule.slug, first=places[rule.slug])
        rules.setdefault(rule.slug, rule)
        places.setdefault(rule.slug, entry.line("slug"))
    found = DutyRules(_year_end(fields, findings), _events(fields, findings), _sizes(fields, findings), rules)
    check_links(found, places, fields.line("events"), findings)
    return found


def _entries(fields: Fields, key: str, keys: Sequence[str], findings: Findings) -> list[Fields]:
    nodes = fields.items(key)
    if nodes == []:
        findings.add(fields.line(key), "empty_text", key=key)
    found = [fields_of(node, keys, findings) for node in nodes or []]
    return [entry for entry in found if entry is not None]


def _year_end(fields: Fields, findings: Findings) -> YearDay:
    written = fields.text("financial_year_ends", MAX_WORD)
    try:
        return parse_year_day(written)
    except DeadlineError as error:
        if written:
            findings.add(fields.line("financial_year_ends"), error.kind, **error.values)
        return YearDay(12, 31)


def _events(fields: Fields, findings: Findings) -> dict[Event, str]:
    found = {}
    for entry in _entries(fields, "events", EVENT_KEYS, findings):
        event = _word(entry, "event", tuple(Event), "duties/unknown_event", findings)
        if event:
            found[Event(event)] = entry.text("duty", MAX_SLUG)
    return found


def _sizes(fields: Fields, findings: Findings) -> tuple[Representatives, ...]:
    found = []
    for entry in _entries(fields, "representatives", SIZE_KEYS, findings):
        workers, least = entry.whole("workers", 0, MAX_PEOPLE), entry.whole("least", 1, MAX_PEOPLE)
        # 0: as many as they like.
        most = entry.whole("most", 0, MAX_PEOPLE)
        if most and least and most < least:
            findings.add(entry.line("most"), "duties/most_below_least", most=most, least=least)
        found.append(Representatives(workers or 0, least or 1, most or None))
    if found and [each.workers for each in found] != sorted({0, *(each.workers for each in found)}):
        findings.add(fields.line("representatives"), "duties/sizes")
    return tuple(found)


def _rule(entry: Fields, findings: Findings) -> Rule:
    often = Often(_word(entry, "often", tuple(Often), "duties/unknown_often", findings) or Often.YEARLY)
    return Rule(
        slug=_slug(entry, findings),
        name=entry.text("name", MAX_NAME),
        what=_what(entry, findings),
        basis=entry.text("basis", MAX_BASIS),
        confirmed=_word(entry, "confirmed", ("true", "false"), "duties/not_yes_or_no", findings) == "true",
        responsible=_responsible(entry, findings),
        often=often,
        deadline=_deadline(entry, often, findings),
        remind=_leads(entry, findings),
    )


def _slug(entry: Fields, findings: Findings) -> str:
    slug = entry.text("slug", MAX_SLUG)
    if slug and not _SLUG.fullmatch(slug):
        findings.add(entry.line("slug"), "duties/slug_form", slug=slug)
    return slug


# What the roster says of the branch, between double braces.
FIELDS = ("nguoi", "dai_dien")
_FIELD = re.compile(r"\{\{\s*(.*?)\s*\}\}")


def _what(entry: Fields, findings: Findings) -> str:
    text = entry.text("what", MAX_WHAT)
    for name in _FIELD.findall(text):
        if name not in FIELDS:
            findings.add(entry.line("what"), "duties/unknown_field", name=name, fields=", ".join(FIELDS))
    return text


def _word(entry: Fields, key: str, words: Sequence[str], problem: str, findings: Findings) -> str:
    """One of `words`; "" when it isn't."""
    written = entry.text(key, MAX_WORD)
    if written in words:
        return written
    if written:
        findings.add(entry.line(key), problem, **{key: written, f"{key}s": ", ".join(words)})
    return ""


def _responsible(entry: Fields, findings: Findings) -> frozenset[Role]:
    words = _listed(entry.text("responsible", MAX_WORD))
    unknown = [word for word in words if word not in ROLES]
    if unknown:
        findings.add(
            entry.line("responsible"), "duties/unknown_role", role=unknown[0], roles=", ".join(ROLES)
        )
    return frozenset(role for role in ROLES if role in words)


def _deadline(entry: Fields, often: Often, findings: Findings) -> Deadline:
    written = entry.text("deadline", MAX_WORD)
    if not written:
        return _NEVER
    try:
        found = parse_deadline(written)
    except DeadlineError as error:
        findings.add(entry.line("deadline"), error.kind, **error.values)
        return _NEVER
    if not fits(often, found):
        findings.add(entry.line("deadline"), "duties/deadline_for_often", written=written, often=often)
    return found


def _leads(entry: Fields, findings: Findings) -> tuple[int, ...]:
    written = entry.text("remind", MAX_WORD)
    words = _listed(written)
    if written and not all(word.isascii() and word.isdigit() and int(word) <= MAX_LEAD for word in words):
        findings.add(entry.line("remind"), "duties/leads", written=written, limit=MAX_LEAD)
        return ()
    return tuple(sorted({int(word) for word in words}, reverse=True))


def _listed(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
