"""Checks what rules say about each other: duties that aren't there, and rules that wait for one another."""

from collections.abc import Mapping

from handlers.kit.documents.findings import Findings
from handlers.kit.duties.model import AfterDuty, BesideEvent, DutyRules, Often


def check_links(found: DutyRules, places: Mapping[str, int], events_line: int, findings: Findings) -> None:
    """`places` are the lines of the rules, `events_line` that of the events."""
    for slug in found.events.values():
        _check_base(found, slug, events_line, findings)
    for rule in found.rules.values():
        match rule.deadline:
            case BesideEvent(event=event) if event not in found.events:
                findings.add(places[rule.slug], "duties/event_without_duty", event=event)
            case AfterDuty(slug=base):
                _check_base(found, base, places[rule.slug], findings)
        if _leads_back(found, rule.slug):
            findings.add(places[rule.slug], "duties/cycle", slug=rule.slug)


def _check_base(found: DutyRules, slug: str, line: int, findings: Findings) -> None:
    """Others can be counted from a duty that there is once a year."""
    if slug not in found.rules:
        findings.add(line, "duties/unknown_rule", slug=slug)
    elif found.rules[slug].often is not Often.YEARLY:
        findings.add(line, "duties/base_not_yearly", slug=slug)


def _leads_back(found: DutyRules, slug: str) -> bool:
    """Whether the rule waits, in the end, for itself."""
    seen: set[str] = set()
    base = found.base_of(slug)
    while base is not None and base not in seen:
        seen.add(base)
        base = found.base_of(base)
    return slug in seen
