"""Mistakes in the calendar's files, each found at its line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from handlers.kit.calendar import Kind, check_calendar, load_calendar
from handlers.kit.calendar.observances import Question, YearDay
from handlers.kit.documents import ContentError
from handlers.kit.problem_texts import read_advice
from tests.kit.advice import kind_of
from tests.kit.sample_document import swapped
from tests.world import ROOT

PIECE = " ".join(["chữ"] * 60)
FILE = f"""\
occasions:
  - slug: ngay-a
    name: "Ngày A"
    solar: "28/7"
    kind: commemoration
    founded: 1929
    piece: |
      {PIECE} {{{{ you }}}}

      Một **đoạn** nữa.
    question:
      ask: "Hỏi gì?"
      right: "Đúng"
      wrong: ["Sai", "Nhầm"]
      explain: "Vì thế."
  - slug: ngay-b
    name: "Ngày B"
    lunar: "15/8"
    kind: holiday
    enabled: false
    piece: "{PIECE}"
"""
MISTAKES = [
    ("slug: ngay-a", "slug: Ngày A", 2, "slug_form"),
    ("slug: ngay-a", "slug: " + "a" * 29, 2, "too_long"),
    ("slug: ngay-b", "slug: ngay-a", 16, "slug_twice"),
    ('"28/7"', '"31/2"', 4, "not_solar"),
    ('"28/7"', '"29/2"', 4, "not_solar"),
    ('"28/7"', '"28.7"', 4, "not_solar"),
    ('"28/7"', '"0/7"', 4, "not_solar"),
    ('"15/8"', '"31/8"', 18, "not_lunar"),
    ('"15/8"', '"1/13"', 18, "not_lunar"),
    ('"15/8"', '"0/1"', 18, "not_lunar"),
    ('    solar: "28/7"\n', "", 2, "one_date"),
    ('    solar: "28/7"\n', '    solar: "28/7"\n    lunar: "1/1"\n', 5, "one_date"),
    ("kind: holiday", "kind: party", 19, "unknown_word"),
    ("enabled: false", "enabled: no", 20, "unknown_word"),
    ("founded: 1929", "founded: 2101", 6, "not_whole"),
    ("    kind: commemoration\n", "", 2, "missing_key"),
    ("    kind: commemoration\n", "    kind: commemoration\n    author: x\n", 6, "unknown_key"),
    ("you }}", "me }}", 8, "braces"),
    ("you }}", "you }", 8, "braces"),
    ("Một **đoạn** nữa.", "Một <b>đoạn</b> nữa.", 10, "markdown_html"),
    (f'piece: "{PIECE}"', 'piece: "quá ngắn"', 21, "length"),
    (f'piece: "{PIECE}"', f'piece: "{PIECE * 3}"', 21, "length"),
    (f'piece: "{PIECE}"', 'piece: ""', 21, "empty_text"),
    (f'piece: "{PIECE}"', "piece: [a]", 21, "not_text"),
    (f'    piece: "{PIECE}"\n', "", 16, "missing_key"),
    ('["Sai", "Nhầm"]', '["Sai"]', 14, "wrong_count"),
    ('["Sai", "Nhầm"]', '["Sai", "Dung"]', 14, "same_options"),
    ('      explain: "Vì thế."\n', "", 12, "missing_key"),
    (
        FILE[FILE.index("    question") : FILE.index("  - slug: ngay-b")],
        "    question: x\n",
        11,
        "not_a_mapping",
    ),
    ("  - slug: ngay-a", "  - x\n  - slug: ngay-a", 2, "not_a_mapping"),
    ("occasions:", "days:", 1, "unknown_key"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "calendar"
    made.mkdir()
    (made / "07.yaml").write_text(FILE, "utf-8")
    return made


def found(folder: Path) -> list[tuple[str, int, str]]:
    return [(at.file, at.line, _kind(at.problem)) for at in check_calendar(folder)]


def _kind(problem: str) -> str:
    try:
        return kind_of("calendar", problem)
    except AssertionError:
        return kind_of("check", problem)


def test_what_is_read(folder: Path) -> None:
    assert check_calendar(folder) == []
    calendar = load_calendar(folder)
    first, second = calendar.by_slug.values()
    assert (first.slug, first.name, first.when) == ("ngay-a", "Ngày A", YearDay(28, 7, is_lunar=False))
    assert (first.kind, first.founded, first.is_enabled) == (Kind.COMMEMORATION, 1929, True)
    assert first.piece.endswith("{{ you }}\n\nMột <b>đoạn</b> nữa.")
    assert first.question == Question("Hỏi gì?", "Đúng", ("Sai", "Nhầm"), "Vì thế.")
    assert (second.when, second.kind) == (YearDay(15, 8, is_lunar=True), Kind.HOLIDAY)
    assert (second.founded, second.is_enabled, second.question) == (None, False, None)


@pytest.mark.parametrize(("old", "new", "line", "kind"), MISTAKES)
def test_a_mistake_is_found_at_its_line(folder: Path, old: str, new: str, line: int, kind: str) -> None:
    (folder / "07.yaml").write_text(swapped(FILE, old, new), "utf-8")
    assert ("calendar/07.yaml", line, kind) in found(folder)
    with pytest.raises(ContentError) as caught:
        load_calendar(folder)
    assert list(caught.value.problems) == check_calendar(folder)


def _nothing(folder: Path) -> None:
    (folder / "07.yaml").unlink()
    folder.rmdir()


WHOLE: list[tuple[Callable[[Path], object], str, str]] = [
    (_nothing, "calendar", "folder_missing"),
    (lambda folder: (folder / "07.yaml").rename(folder / "07.yml"), "calendar/07.yml", "misnamed"),
    (lambda folder: (folder / "07.yaml").write_bytes(b""), "calendar/07.yaml", "empty_file"),
    (
        lambda folder: (folder / "07.yaml").write_text("occasions: x", "utf-8"),
        "calendar/07.yaml",
        "not_a_list",
    ),
]


@pytest.mark.parametrize(("damage", "file", "kind"), WHOLE)
def test_a_wrong_file_is_named(folder: Path, damage: Callable[[Path], object], file: str, kind: str) -> None:
    damage(folder)
    [problem] = check_calendar(folder)
    kinds = read_advice("calendar") if kind in read_advice("calendar") else read_advice("check")
    assert (problem.file, problem.line) == (file, 1)
    assert problem.problem.startswith(kinds[kind].problem.split("{")[0])


def test_a_slug_is_one_place_in_all_files(folder: Path) -> None:
    (folder / "08.yaml").write_text(FILE, "utf-8")
    assert found(folder) == [("calendar/08.yaml", 2, "slug_twice"), ("calendar/08.yaml", 16, "slug_twice")]
    assert "07.yaml:2" in check_calendar(folder)[0].problem


def test_every_kind_of_mistake_is_tried_and_has_both_sentences() -> None:
    texts = read_advice("calendar")
    tried = {row[-1] for row in [*MISTAKES, *WHOLE]}
    assert set(texts) <= tried
    assert all(text.problem and text.remedy for text in texts.values())


def test_the_calendar_that_comes_along_has_no_mistake() -> None:
    assert check_calendar(ROOT / "calendar") == []
