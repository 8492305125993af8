import unicodedata
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.documents import (
    Card,
    ContentError,
    Document,
    Question,
    Quiz,
    canonical,
    card_html,
    check_documents,
    from_canonical,
    load_documents,
    version,
)
from handlers.kit.problem_texts import read_advice
from tests.kit.advice import kind_of

CONTENT = Path(__file__).parents[2] / "content" / "documents"

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


# Mistakes: each row changes one place of a right file; the mistake is found at its line.
_IN_DOCUMENT = [
    ("---\ntitle", "title", 1, "front_matter_start"),
    ('đối thoại?"\n---', 'đối thoại?"', 1, "front_matter_end"),
    ("edition: 1", "edition: 0", 7, "not_whole"),
    ("edition: 1", "edition: một", 7, "not_whole"),
    ("edition: 1", "edition: [1]", 7, "not_whole"),
    ("edition: 1", "edition: 1\nedition: 2", 8, "duplicate_key"),
    ("edition: 1", "edition: 1\nauthor: x", 8, "unknown_key"),
    ("edition: 1", "edition: 1\n[a]: x", 8, "unknown_key"),
    ("edition: 1\n", "", 2, "missing_key"),
    ("2021-06-12", "12/06/2021", 5, "not_a_day"),
    ("2021-06-12", "2021-02-30", 5, "not_a_day"),
    ("2021-06-12", "20210612", 5, "not_a_day"),
    ('"Đối thoại tại nơi làm việc"', "[a, b]", 2, "not_text"),
    ('"Đối thoại tại nơi làm việc"', '""', 2, "empty_text"),
    ('"Đối thoại tại nơi làm việc"', "", 2, "empty_text"),
    ('"Khi nào được đối thoại?"', "x" * 161, 8, "too_long"),
    ('"Bộ luật Lao động 2019"', "Bộ luật: 2019", 6, "yaml_colon"),
    ('"Bộ luật Lao động 2019"', '"Bộ luật', 6, "yaml_quote"),
    ('"Bộ luật Lao động 2019"', "@x", 6, "yaml_syntax"),
    ('"Bộ luật Lao động 2019"', '"Bộ luật" 2019', 6, "yaml_syntax"),
    ('"Bộ luật Lao động 2019"', "\uffff", 1, "yaml_syntax"),
    ('"Bộ luật Lao động 2019"', "[" * 1000, 1, "yaml_syntax"),
    ("02-NQ/TW", "02-NQ/TW\t", 3, "tab"),
    ("## Ba dịp đối thoại", "Lời đầu\n## Ba dịp đối thoại", 11, "text_before_cards"),
    ("## Ba dịp đối thoại", "##", 11, "card_without_title"),
    ("## Ba dịp đối thoại", "## " + "x" * 61, 11, "card_title_long"),
    ("## Ba dịp đối thoại", "## **Ba** dịp", 11, "card_title_markup"),
    ("## Ai ngồi", "## Trống\n\n## Ai ngồi", 19, "card_empty"),
    ("1. Người lao động", "x" * 901, 19, "card_long"),
    ("- định kỳ", "\n### định kỳ", 17, "markdown_heading"),
    ("mỗi dịp một *khác*:", "===", 13, "markdown_heading"),
    ("- định kỳ", "\n|a|b|\n|-|-|\n|1|2|\n", 17, "markdown_table"),
    ("mỗi dịp", "mỗi <b>dịp</b>", 14, "markdown_html"),
    ("- định kỳ", "<div>\nx\n</div>\n", 16, "markdown_html"),
    ("mỗi dịp", "![x](https://a.vn/x.png)", 14, "markdown_image"),
    ("1. Người lao động", "> Người lao động\n", 21, "markdown_quote"),
    ("mỗi dịp", "`mỗi dịp`", 14, "markdown_code"),
    ("1. Người lao động", "    Người lao động\n", 21, "markdown_code"),
    ("1. Người lao động", "```\nNgười\n```", 21, "markdown_code"),
    ("1. Người lao động", "***\n", 21, "markdown_rule"),
    ("mỗi dịp", "~~mỗi dịp~~", 14, "markdown_strike"),
    ("mỗi dịp", "** mỗi dịp **", 14, "markdown_stars"),
    ("mỗi dịp", "[mỗi dịp](javascript:alert(1))", 14, "markdown_link"),
    ("mỗi dịp", "[mỗi dịp](mailto:a@b.vn)", 14, "markdown_link"),
    ("mỗi dịp", "[mỗi dịp](https://a b)", 14, "markdown_link"),
]
_IN_QUIZ = [
    (QUIZ, "- draw", 1, "not_a_mapping"),
    ("draw: 1", "draw: 3", 1, "draw_too_many"),
    ("draw: 1", "draw: 0", 1, "not_whole"),
    ("pass_mark: 80", "pass_mark: 101", 2, "not_whole"),
    ("pass_mark: 80", "pass_mark: 80%", 2, "not_whole"),
    (QUIZ[QUIZ.index("questions") :], "questions: []", 3, "no_questions"),
    (QUIZ[QUIZ.index("questions") :], "questions: x", 3, "not_a_list"),
    (QUIZ[QUIZ.index("questions") :], "", 1, "missing_key"),
    ("  - id: may-dip", "  - x\n  - id: may-dip", 4, "not_a_mapping"),
    ("id: may-dip", "id: Mấy dịp", 4, "id_form"),
    ("id: may-dip", "id:", 4, "empty_text"),
    ("id: ben-nao", "id: may-dip", 12, "id_twice"),
    ("id: ben-nao", "id: " + "a" * 41, 12, "too_long"),
    ('"Có mấy dịp đối thoại?"', "x" * 251, 5, "too_long"),
    ('"Có mấy dịp đối thoại?"', "{a: b}", 5, "not_text"),
    ('"Ba dịp"', "x" * 91, 6, "too_long"),
    ('      - "Một dịp"\n', "", 7, "wrong_count"),
    ('["Chỉ người lao động", "Chỉ giám đốc", "Không ai"]', "[]", 15, "wrong_count"),
    ('["Chỉ người lao động", "Chỉ giám đốc", "Không ai"]', "[a, b, c, d]", 15, "wrong_count"),
    ('["Chỉ người lao động", "Chỉ giám đốc", "Không ai"]', "a", 15, "not_a_list"),
    ('"Hai dịp"', '"BÁ DỊP"', 9, "same_options"),
    ('"Hai dịp"', '"một  dip"', 9, "same_options"),
    ('"Hai dịp"', '""', 9, "empty_text"),
    ('"Hai dịp"', "[x]", 9, "not_text"),
    ('"Đối thoại có hai bên."', "x" * 191, 16, "too_long"),
    ("card: 2", "card: 3", 17, "not_whole"),
    ("card: 2", "card: 0", 17, "not_whole"),
    ("card: 2", "page: 2", 17, "unknown_key"),
    ("card: 2", "card: 2\n    card: 2", 18, "duplicate_key"),
    ("pass_mark: 80", "pass_mark: 80\n\tx: 1", 3, "tab"),
]


@pytest.mark.parametrize(("old", "new", "line", "kind"), _IN_DOCUMENT)
def test_a_mistake_in_a_document_is_found_at_its_line(
    tmp_path: Path, old: str, new: str, line: int, kind: str
) -> None:
    write(tmp_path, swapped(DOCUMENT, old, new))
    assert ("doi-thoai/document.md", line, kind) in found(tmp_path)
    with pytest.raises(ContentError) as caught:
        load_documents(tmp_path)
    assert list(caught.value.problems) == check_documents(tmp_path)


@pytest.mark.parametrize(("old", "new", "line", "kind"), _IN_QUIZ)
def test_a_mistake_in_a_quiz_is_found_at_its_line(
    tmp_path: Path, old: str, new: str, line: int, kind: str
) -> None:
    write(tmp_path, quiz=swapped(QUIZ, old, new))
    assert ("doi-thoai/quiz.yaml", line, kind) in found(tmp_path)


# Whole files and folders that are wrong.


def _no_document(root: Path) -> None:
    (root / "doi-thoai" / "document.md").unlink()


def _wrong_name(root: Path) -> None:
    (root / "doi-thoai" / "quiz.yaml").rename(root / "doi-thoai" / "Quiz.yml")


def _wrong_folder(root: Path) -> None:
    (root / "doi-thoai").rename(root / "Đối thoại")


def _a_folder_for_a_file(root: Path) -> None:
    (root / "doi-thoai" / "quiz.yaml").unlink()
    (root / "doi-thoai" / "quiz.yaml").mkdir()


_WHOLE = [
    (_no_document, "doi-thoai/document.md", 1, "file_missing"),
    (_wrong_name, "doi-thoai/Quiz.yml", 1, "misnamed"),
    (_wrong_folder, "Đối thoại", 1, "slug_form"),
    (_a_folder_for_a_file, "doi-thoai/quiz.yaml", 1, "unreadable"),
    (lambda root: write(root, b""), "doi-thoai/document.md", 1, "empty_file"),
    (lambda root: write(root, quiz=b" \r\n \n"), "doi-thoai/quiz.yaml", 1, "empty_file"),
    (
        lambda root: write(root, quiz="draw: 1\n# đ".encode("cp1258", "replace") + b"\xf0"),
        "doi-thoai/quiz.yaml",
        2,
        "not_utf8",
    ),
    (lambda root: write(root, DOCUMENT.encode("utf-16")), "doi-thoai/document.md", 1, "not_utf8"),
    (lambda root: write(root, DOCUMENT + "x" * 1_000_001), "doi-thoai/document.md", 1, "too_big"),
    (lambda root: write(root, DOCUMENT[: DOCUMENT.index("##")]), "doi-thoai/document.md", 11, "no_cards"),
    (lambda root: write(root, quiz="# nothing\n"), "doi-thoai/quiz.yaml", 1, "not_a_mapping"),
]


@pytest.mark.parametrize(("damage", "file", "line", "kind"), _WHOLE)
def test_a_wrong_file_is_named(
    tmp_path: Path, damage: Callable[[Path], object], file: str, line: int, kind: str
) -> None:
    write(tmp_path)
    damage(tmp_path)
    assert (file, line, kind) in found(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert found(tmp_path / "documents") == [("documents", 1, "folder_missing")]


def test_every_kind_of_mistake_is_tried_and_has_both_sentences() -> None:
    tried = {row[-1] for row in [*_IN_DOCUMENT, *_IN_QUIZ, *_WHOLE]} | {"folder_missing"}
    texts = read_advice("check")
    assert tried == set(texts)
    assert all(text.problem and text.remedy for text in texts.values())


def test_one_mistake_does_not_hide_another(tmp_path: Path) -> None:
    document = swapped(DOCUMENT, "edition: 1", "edition: x\nauthor: y")
    document = swapped(document, "mỗi dịp", "`mỗi` <b>dịp</b>")
    document = swapped(document, "1. Người lao động", "> a")
    quiz = swapped(QUIZ, "card: 2", "card: 9")
    write(tmp_path, document, swapped(quiz, '"Hai dịp"', '"Ba dịp"'))
    write(tmp_path, "", None, slug="khac")
    assert found(tmp_path) == [
        ("doi-thoai/document.md", 7, "not_whole"),
        ("doi-thoai/document.md", 8, "unknown_key"),
        ("doi-thoai/document.md", 15, "markdown_code"),
        ("doi-thoai/document.md", 15, "markdown_html"),
        ("doi-thoai/document.md", 22, "markdown_quote"),
        ("doi-thoai/quiz.yaml", 9, "same_options"),
        ("doi-thoai/quiz.yaml", 17, "not_whole"),
        ("khac/document.md", 1, "empty_file"),
    ]


def test_a_front_matter_that_is_not_closed_hides_no_card(tmp_path: Path) -> None:
    document = swapped(DOCUMENT, 'đối thoại?"\n---', 'đối thoại?"')
    write(tmp_path, swapped(document, "mỗi dịp", "`mỗi`"), swapped(QUIZ, "card: 2", "card: 3"))
    assert found(tmp_path) == [
        ("doi-thoai/document.md", 1, "front_matter_end"),
        ("doi-thoai/document.md", 13, "markdown_code"),
        ("doi-thoai/quiz.yaml", 17, "not_whole"),
    ]


def test_the_error_says_file_line_and_remedy(tmp_path: Path) -> None:
    write(tmp_path, swapped(DOCUMENT, "mỗi dịp", "~~mỗi dịp~~"))
    with pytest.raises(ContentError, match=r"^doi-thoai/document\.md:14: .+~~.+\. .+~~\.$"):
        load_documents(tmp_path)


@given(st.text(st.sampled_from("-#:[]{}\"'|>*&!%@` \t\r\nabc\u0301\ufeff\x00\x85"), max_size=60), st.data())
def test_no_file_makes_the_check_fail(
    tmp_path_factory: pytest.TempPathFactory, noise: str, data: st.DataObject
) -> None:
    root = tmp_path_factory.mktemp("documents")
    at = data.draw(st.integers(0, len(DOCUMENT)))
    cut = data.draw(st.integers(0, len(QUIZ)))
    write(root, DOCUMENT[:at] + noise + DOCUMENT[at:], QUIZ[:cut] + noise)
    lines = len((DOCUMENT + noise).splitlines()) + 2
    assert all(at.remedy and 1 <= at.line <= lines for at in check_documents(root))


# What a card looks like.


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("Một **đậm**, *nghiêng*,\ncùng dòng", "Một <b>đậm</b>, <i>nghiêng</i>, cùng dòng"),
        ("một\n\n\nhai", "một\n\nhai"),
        ("một\\\nhai", "một\nhai"),
        ("Có:\n\n- a\n- b\n\nsau", "Có:\n\n• a\n• b\n\nsau"),
        ("3. ba\n4. bốn\n   tiếp\n\n   đoạn", "3. ba\n4. bốn tiếp\n   đoạn"),
        ("- a\n  - b\n    1. c\n- d", "• a\n   • b\n      1. c\n• d"),
        ("- \n- b", "• b"),
        ("a < b & c > \"d\" 'e'", "a &lt; b &amp; c &gt; &quot;d&quot; &#x27;e&#x27;"),
        ("<b>x</b><script>y</script>", "&lt;b&gt;x&lt;/b&gt;&lt;script&gt;y&lt;/script&gt;"),
        ('[a](https://x.vn/?p=1&q="2")', '<a href="https://x.vn/?p=1&amp;q=%222%22">a</a>'),
        ("<http://x.vn>", '<a href="http://x.vn">http://x.vn</a>'),
        ("[a](mailto:x@y.vn) [**b**](/c)", "a <b>b</b>"),
        ("[a](javascript:alert(1))", "[a](javascript:alert(1))"),
        ("![hình](https://x.vn/x.png)", "hình"),
        ("# tên\n\n> trích\n\n```\nmã <1>\n```", "tên\n\ntrích\n\nmã &lt;1&gt;"),
        ("", ""),
    ],
)
def test_markdown_becomes_neutral_markup(body: str, html: str) -> None:
    assert card_html(body) == html


class _Tags(HTMLParser):
    """Fails on anything but balanced <b>, <i> and <a href> to the web."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"b", "i", "a"}
        hrefs = [value or "" for name, value in attrs if name == "href"]
        assert len(attrs) == len(hrefs) == (tag == "a")
        assert all(href.startswith(("http://", "https://")) for href in hrefs)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@given(
    st.lists(st.sampled_from([*"*_[]()<>!#`~-\\&;:|\n\"' ab1.", "https://x.vn", "](", "- ", "<b>"])).map(
        "".join
    )
)
def test_no_markdown_makes_other_markup(body: str) -> None:
    tags = _Tags()
    tags.feed(card_html(body))
    tags.close()
    assert not tags.open


@given(st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_plain_words_stay_as_they_are(words: str) -> None:
    assert unescape(card_html(words)) == words
