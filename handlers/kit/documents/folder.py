"""The folder of documents: `<slug>/document.md` and, when there is a quiz, `<slug>/quiz.yaml`."""

import re
from pathlib import Path

from handlers.kit.documents.document_file import FrontMatter, read_document
from handlers.kit.documents.findings import Findings
from handlers.kit.documents.model import Card, ContentError, Document, Problem, Quiz
from handlers.kit.documents.quiz_file import read_quiz
from handlers.kit.documents.source import read_lines

DOCUMENT = "document.md"
QUIZ = "quiz.yaml"
MAX_SLUG = 40
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# What the two files are called by mistake: quiz.yml, Document.md, document.md.txt.
_MISNAMED = re.compile(r"(document|quiz)\.(md|markdown|txt|yaml|yml)(\.txt)?", re.IGNORECASE)


def check_documents(root: Path) -> list[Problem]:
    """Every mistake in the documents below `root` (as content/documents), by file and line."""
    return _read_all(root)[1]


def load_documents(root: Path) -> dict[str, Document]:
    """The documents below `root` by slug; ContentError with all mistakes when there is one."""
    documents, problems = _read_all(root)
    if problems:
        raise ContentError(problems)
    return documents


def _read_all(root: Path) -> tuple[dict[str, Document], list[Problem]]:
    if not root.is_dir():
        missing = Findings(root.name)
        missing.add(1, "folder_missing")
        return {}, missing.problems
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for folder in sorted(path for path in root.iterdir() if path.is_dir() and path.name[0] not in "._"):
        document, found = _read_folder(folder)
        problems += found
        if document and not found:
            documents[folder.name] = document
    return documents, sorted(problems, key=lambda at: (at.file, at.line))


def _read_folder(folder: Path) -> tuple[Document | None, list[Problem]]:
    front, cards, problems = _read_document(folder)
    quiz, quiz_problems = _read_quiz(folder, len(cards))
    problems = [*_name_problems(folder), *problems, *quiz_problems]
    return (Document(folder.name, *front, cards, quiz) if front else None), problems


def _name_problems(folder: Path) -> list[Problem]:
    problems: list[Problem] = []
    if not _SLUG.fullmatch(folder.name) or len(folder.name) > MAX_SLUG:
        bad = Findings(folder.name)
        bad.add(1, "slug_form", slug=folder.name, limit=MAX_SLUG)
        problems += bad.problems
    for path in folder.iterdir():
        match = _MISNAMED.fullmatch(path.name)
        if match and path.name not in {DOCUMENT, QUIZ}:
            bad = Findings(f"{folder.name}/{path.name}")
            bad.add(1, "misnamed", name=path.name, right=DOCUMENT if match[1].lower() == "document" else QUIZ)
            problems += bad.problems
    return problems


def _read_document(folder: Path) -> tuple[FrontMatter | None, tuple[Card, ...], list[Problem]]:
    findings = Findings(f"{folder.name}/{DOCUMENT}")
    if not (folder / DOCUMENT).exists():
        findings.add(1, "file_missing")
        return None, (), findings.problems
    lines = read_lines(folder / DOCUMENT, findings)
    front, cards = read_document(lines, findings) if lines else (None, ())
    return front, cards, findings.problems


def _read_quiz(folder: Path, cards: int) -> tuple[Quiz | None, list[Problem]]:
    """A document without a quiz is fine."""
    findings = Findings(f"{folder.name}/{QUIZ}")
    lines = read_lines(folder / QUIZ, findings) if (folder / QUIZ).exists() else []
    return (read_quiz(lines, cards, findings) if lines else None), findings.problems
