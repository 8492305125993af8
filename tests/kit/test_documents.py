import unicodedata
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.documents import (
    Card,
    Document,
    Question,
    Quiz,
    canonical,
    from_canonical,
    load_documents,
    version,
)
from tests.kit.sample_document import DOCUMENT, EXPECTED, QUIZ, swapped, write

CONTENT = Path(__file__).parents[2] / "content" / "documents"


def test_a_document_is_read(tmp_path: Path) -> None:
    assert load_documents(write(tmp_path)) == {"doi-thoai": EXPECTED}


def test_a_document_needs_no_quiz_number_issuer_or_date(tmp_path: Path) -> None:
    bare = swapped(DOCUMENT, "02-NQ/TW", '""')
    bare = swapped(bare, "2021-06-12", '""')
    bare = swapped(bare, '"Bộ Chính trị"', '""')
    read = load_documents(write(tmp_path, bare, None))["doi-thoai"]
    assert (read.number, read.issuer, read.date, read.quiz) == ("", "", None, None)


def test_the_documents_that_are_shipped_have_no_mistake() -> None:
    documents = load_documents(CONTENT)
    assert len(documents) >= 3
    for document in documents.values():
        assert from_canonical(canonical(document)) == document


def _nfd(text: str) -> bytes:
    return unicodedata.normalize("NFD", text).encode()


def _windows(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("utf-8-sig")


def _old_mac(text: str) -> bytes:
    return text.replace("\n", "\r").encode()


def _blanks(text: str) -> bytes:
    return text.replace("\n", "  \n").encode() + b"\n\n"


def _invisible(text: str) -> bytes:
    return text.replace("dịp", "d\u200bịp\u00ad").encode()


@pytest.mark.parametrize("editor", [_nfd, _windows, _old_mac, _blanks, _invisible])
def test_what_editors_do_to_a_file_makes_no_new_version(
    tmp_path: Path, editor: Callable[[str], bytes]
) -> None:
    read = load_documents(write(tmp_path, editor(DOCUMENT), editor(QUIZ)))
    assert read == {"doi-thoai": EXPECTED}
    assert version(read["doi-thoai"]) == version(EXPECTED)


def test_the_order_of_keys_makes_no_new_version(tmp_path: Path) -> None:
    moved = swapped(DOCUMENT, "edition: 1\n", "")
    moved = swapped(moved, "---\ntitle", "---\nedition: 1\ntitle")
    quiz = swapped(QUIZ, "draw: 1\n", "") + "draw: 1\n"
    assert load_documents(write(tmp_path, moved, quiz)) == {"doi-thoai": EXPECTED}


def test_every_word_counts_for_the_version(tmp_path: Path) -> None:
    versions = {version(EXPECTED)}
    for old, new in [("ba** dịp", "bốn** dịp"), ("edition: 1", "edition: 2")]:
        versions.add(version(load_documents(write(tmp_path, swapped(DOCUMENT, old, new)))["doi-thoai"]))
    quiz = swapped(QUIZ, "Đối thoại có hai bên.", "Có hai bên.")
    versions.add(version(load_documents(write(tmp_path, quiz=quiz))["doi-thoai"]))
    versions.add(version(load_documents(write(tmp_path, quiz=None, slug="khac"))["khac"]))
    assert len(versions) == 5


def test_the_canonical_form_is_settled() -> None:
    # Members' confirmations point to this hash: a change of the form would orphan them.
    assert version(EXPECTED) == sha256(canonical(EXPECTED)).hexdigest()
    assert version(EXPECTED) == "14e67a2fc9c7c179944ce7ba5d2745138966728b750b3bca911d9651622f3712"


TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)
LINES = TEXTS.map(lambda text: " ".join(text.split()))
QUESTIONS = st.builds(
    Question,
    id=LINES,
    ask=LINES,
    right=LINES,
    wrong=st.lists(LINES, max_size=3).map(tuple),
    explain=LINES,
    card=st.integers(1, 9),
)
DOCUMENTS = st.builds(
    Document,
    slug=LINES,
    title=LINES,
    number=LINES,
    issuer=LINES,
    date=st.none() | st.dates(),
    source=LINES,
    edition=st.integers(1, 99),
    summary=LINES,
    cards=st.lists(st.builds(Card, st.integers(1, 9), LINES, TEXTS), max_size=3).map(tuple),
    quiz=st.none()
    | st.builds(Quiz, st.integers(1, 9), st.integers(0, 100), st.lists(QUESTIONS, max_size=2).map(tuple)),
)


@given(DOCUMENTS)
def test_a_kept_version_is_shown_again_exactly(document: Document) -> None:
    kept = canonical(document)
    again = from_canonical(kept)
    assert canonical(again) == kept
    assert from_canonical(canonical(again)) == again


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"format": 2}', b'{"format": 1}', b"\xff"])
def test_what_is_no_canonical_text_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_canonical(data)
