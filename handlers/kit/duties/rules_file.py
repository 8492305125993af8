"""Reads `duties.yaml`: the end of the financial year, events, numbers of representatives, and the rules."""

from collections.abc import Sequence
from pathlib import Path

from handlers.kit.documents.fields import Fields, read_fields
from handlers.kit.documents.findings import Findings
from handlers.kit.documents.model import ContentError, Problem
from handlers.kit.documents.source import read_lines
from handlers.kit.duties.deadlines import DeadlineError, parse_year_day
from handlers.kit.duties.links import check_links
from handlers.kit.duties.model import DutyRules, Event, Representatives, Rule, YearDay
from handlers.kit.duties.rule_entry import KEYS as RULE_KEYS
from handlers.kit.duties.rule_entry import MAX_SLUG, MAX_WORD, read_rule, read_word

KEYS = ("financial_year_ends", "events", "representatives", "rules")
EVENT_KEYS = ("event", "duty")
SIZE_KEYS = ("workers", "least", "most")
MAX_PEOPLE = 999_999


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
    for entry in fields.entries("rules", RULE_KEYS):
        rule = read_rule(entry, findings)
        if rule.slug in rules:
            findings.add(entry.line("slug"), "duties/slug_twice", slug=rule.slug, first=places[rule.slug])
        rules.setdefault(rule.slug, rule)
        places.setdefault(rule.slug, entry.line("slug"))
    found = DutyRules(_year_end(fields, findings), _events(fields, findings), _sizes(fields, findings), rules)
    check_links(found, places, fields.line("events"), findings)
    return found


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
    for entry in fields.entries("events", EVENT_KEYS):
        event = read_word(entry, "event", tuple(Event), "duties/unknown_event", findings)
        if event:
            found[Event(event)] = entry.text("duty", MAX_SLUG)
    return found


def _sizes(fields: Fields, findings: Findings) -> tuple[Representatives, ...]:
    found = []
    for entry in fields.entries("representatives", SIZE_KEYS):
        workers, least = entry.whole("workers", 0, MAX_PEOPLE), entry.whole("least", 1, MAX_PEOPLE)
        # 0: as many as they like.
        most = entry.whole("most", 0, MAX_PEOPLE)
        if most and least and most < least:
            findings.add(entry.line("most"), "duties/most_below_least", most=most, least=least)
        found.append(Representatives(workers or 0, least or 1, most or None))
    if found and [each.workers for each in found] != sorted({0, *(each.workers for each in found)}):
        findings.add(fields.line("representatives"), "duties/sizes")
    return tuple(found)
