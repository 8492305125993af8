"""One small document as files and as what is read from them."""

from datetime import date
from pathlib import Path

from handlers.kit.documents import Card, Document, Question, Quiz, check_documents
from tests.kit.advice import kind_of

DOCUMENT = """\
---
title: "Đối thoại tại nơi làm việc"
number: 02-NQ/TW
issuer: "Bộ Chính trị"
date: 2021-06-12
source: "Bộ luật Lao động 2019"
edition: 1
summary: "Khi nào được đối thoại?"
---

## Ba dịp đối thoại

Có **ba** dịp,
mỗi dịp một *khác*:

- định kỳ
- [theo yêu cầu](https://example.vn/a?b=1&c=2)

## Ai ngồi vào bàn

1. Người lao động
2. Người sử dụng lao động
"""
QUIZ = """\
draw: 1
pass_mark: 80
questions:
  - id: may-dip
    ask: "Có mấy dịp đối thoại?"
    right: "Ba dịp"
    wrong:
      - "Một dịp"
      - "Hai dịp"
    explain: "Định kỳ, theo yêu cầu, theo vụ việc."
    card: 1
  - id: ben-nao
    ask: "Những bên nào ngồi vào bàn?"
    right: "Người lao động và người sử dụng lao động"
    wrong: ["Chỉ người lao động", "Chỉ giám đốc", "Không ai"]
    explain: "Đối thoại có hai bên."
    card: 2
"""
EXPECTED = Document(
    slug="doi-thoai",
    title="Đối thoại tại nơi làm việc",
    number="02-NQ/TW",
    issuer="Bộ Chính trị",
    date=date(2021, 6, 12),
    source="Bộ luật Lao động 2019",
    edition=1,
    summary="Khi nào được đối thoại?",
    cards=(
        Card(
            1,
            "Ba dịp đối thoại",
            "Có **ba** dịp,\nmỗi dịp một *khác*:\n\n- định kỳ\n"
            "- [theo yêu cầu](https://example.vn/a?b=1&c=2)",
        ),
        Card(2, "Ai ngồi vào bàn", "1. Người lao động\n2. Người sử dụng lao động"),
    ),
    quiz=Quiz(
        1,
        80,
        (
            Question(
                "may-dip",
                "Có mấy dịp đối thoại?",
                "Ba dịp",
                ("Một dịp", "Hai dịp"),
                "Định kỳ, theo yêu cầu, theo vụ việc.",
                1,
            ),
            Question(
                "ben-nao",
                "Những bên nào ngồi vào bàn?",
                "Người lao động và người sử dụng lao động",
                ("Chỉ người lao động", "Chỉ giám đốc", "Không ai"),
                "Đối thoại có hai bên.",
                2,
            ),
        ),
    ),
)


def write(
    root: Path, document: str | bytes = DOCUMENT, quiz: str | bytes | None = QUIZ, slug: str = "doi-thoai"
) -> Path:
    folder = root / slug
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "document.md").write_bytes(document if isinstance(document, bytes) else document.encode())
    if quiz is not None:
        (folder / "quiz.yaml").write_bytes(quiz if isinstance(quiz, bytes) else quiz.encode())
    return root


def found(root: Path) -> list[tuple[str, int, str]]:
    """Each mistake as (file, line, kind)."""
    return [(at.file, at.line, kind_of("check", at.problem)) for at in check_documents(root)]


def swapped(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)
