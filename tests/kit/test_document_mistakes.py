from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.kit.documents import ContentError, check_documents, load_documents
from handlers.kit.problem_texts import read_advice
from tests.kit.sample_document import DOCUMENT, QUIZ, found, swapped, write

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


@settings(deadline=None)
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
