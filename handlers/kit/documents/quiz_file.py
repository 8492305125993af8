"""Reads `quiz.yaml`: how many questions are drawn, the pass mark, and the question bank."""

import re
from collections.abc import Sequence

import yaml

from handlers.kit.documents.fields import Fields, fields_of, line_of, read_fields, read_text
from handlers.kit.documents.findings import Findings
from handlers.kit.documents.model import Question, Quiz
from handlers.kit.vietnamese import fold

KEYS = ("draw", "pass_mark", "questions")
QUESTION_KEYS = ("id", "ask", "right", "wrong", "explain", "card")
# Characters: a native quiz of Telegram takes no more.
MAX_ASK = 250
MAX_OPTION = 90
MAX_EXPLAIN = 190
MAX_ID = 40
MAX_COUNT = 999
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_WRONG_COUNT = (2, 3)


def read_quiz(lines: Sequence[str], cards: int, findings: Findings) -> Quiz | None:
    """The quiz, whose questions point to cards 1 to `cards` (0: the cards aren't known); None when it is no
    YAML mapping.
    """
    fields = read_fields(lines, KEYS, findings)
    if fields is None:
        return None
    questions = _questions(fields, cards or MAX_COUNT, findings)
    draw = fields.whole("draw", 1, MAX_COUNT) or 1
    if draw > len(questions) > 0:
        findings.add(fields.line("draw"), "draw_too_many", draw=draw, questions=len(questions))
    return Quiz(draw, fields.whole("pass_mark", 0, 100) or 0, questions)


def _questions(fields: Fields, cards: int, findings: Findings) -> tuple[Question, ...]:
    nodes = fields.items("questions")
    if nodes == []:
        findings.add(fields.line("questions"), "no_questions")
    found: list[Question] = []
    first_lines: dict[str, int] = {}
    for node in nodes or []:
        entry = fields_of(node, QUESTION_KEYS, findings)
        if entry is not None:
            found.append(_question(entry, cards, findings))
            _check_id(found[-1].id, entry.line("id"), first_lines, findings)
    return tuple(found)


def _question(entry: Fields, cards: int, findings: Findings) -> Question:
    right = entry.text("right", MAX_OPTION)
    return Question(
        id=entry.text("id", MAX_ID),
        ask=entry.text("ask", MAX_ASK),
        right=right,
        wrong=wrong_options(entry, right, findings),
        explain=entry.text("explain", MAX_EXPLAIN),
        card=entry.whole("card", 1, cards) or 1,
    )


def wrong_options(entry: Fields, right: str, findings: Findings) -> tuple[str, ...]:
    """Two or three, which nobody takes for one another or for the right one."""
    nodes = entry.items("wrong")
    if nodes is not None and len(nodes) not in _WRONG_COUNT:
        findings.add(entry.line("wrong"), "wrong_count", count=len(nodes))
    seen = {fold(right)}
    options = []
    for node in nodes or []:
        options.append(_wrong_option(node, seen, findings))
        seen.add(fold(options[-1]))
    return tuple(options)


def _wrong_option(node: yaml.Node, seen: set[str], findings: Findings) -> str:
    text = read_text(node, "wrong", findings, limit=MAX_OPTION)
    # Told apart by more than tone marks: on a small screen two such options look the same.
    if text and fold(text) in seen:
        findings.add(line_of(node), "same_options", option=text)
    return text


def _check_id(id_: str, line: int, first_lines: dict[str, int], findings: Findings) -> None:
    if not id_:
        return
    if not _ID.fullmatch(id_):
        findings.add(line, "id_form", id=id_[:MAX_ID])
    if id_ in first_lines:
        findings.add(line, "id_twice", id=id_[:MAX_ID], first=first_lines[id_])
    first_lines.setdefault(id_, line)
