"""Reads one rule of `duties.yaml`."""

import re
from collections.abc import Sequence

from handlers.kit.documents.fields import Fields
from handlers.kit.documents.findings import Findings
from handlers.kit.duties.deadlines import DeadlineError, fits, parse_deadline
from handlers.kit.duties.model import Deadline, FixedDays, Often, Rule, YearDay
from handlers.kit.roles import Role

KEYS = ("slug", "name", "what", "basis", "confirmed", "responsible", "often", "deadline", "remind")
# Characters.
MAX_SLUG = 40
MAX_NAME = 80
MAX_WHAT = 700
MAX_BASIS = 200
MAX_WORD = 60
MAX_LEAD = 365
ROLES = (Role.CHAIR, Role.COMMITTEE, Role.GROUP_LEADER, Role.CELL_COMMITTEE)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NEVER = FixedDays((YearDay(12, 31),))


def read_word(entry: Fields, key: str, words: Sequence[str], problem: str, findings: Findings) -> str:
    """One of `words`; "" when it isn't."""
    written = entry.text(key, MAX_WORD)
    if written in words:
        return written
    if written:
        findings.add(entry.line(key), problem, **{key: written, f"{key}s": ", ".join(words)})
    return ""


def read_rule(entry: Fields, findings: Findings) -> Rule:
    often = Often(read_word(entry, "often", tuple(Often), "duties/unknown_often", findings) or Often.YEARLY)
    return Rule(
        slug=_slug(entry, findings),
        name=entry.text("name", MAX_NAME),
        what=_what(entry, findings),
        basis=entry.text("basis", MAX_BASIS),
        confirmed=_confirmed(entry, findings),
        responsible=_responsible(entry, findings),
        often=often,
        deadline=_deadline(entry, often, findings),
        remind=_leads(entry, findings),
    )


def _confirmed(entry: Fields, findings: Findings) -> bool:
    return read_word(entry, "confirmed", ("true", "false"), "duties/not_yes_or_no", findings) == "true"


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


def _responsible(entry: Fields, findings: Findings) -> frozenset[Role]:
    written = entry.text("responsible", MAX_WORD)
    words = _listed(written)
    # Nobody at all is nobody known.
    unknown = [word for word in words or [written] if word not in ROLES]
    if written and unknown:
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
    if written and not (words and all(_is_lead(word) for word in words)):
        findings.add(entry.line("remind"), "duties/leads", written=written, limit=MAX_LEAD)
        return ()
    return tuple(sorted({int(word) for word in words}, reverse=True))


def _is_lead(word: str) -> bool:
    return word.isascii() and word.isdigit() and int(word) <= MAX_LEAD


def _listed(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
