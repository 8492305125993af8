"""The officers' handbook says what the program says: its quotations, commands and examples are true."""

import re
import shlex
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from openpyxl import Workbook

from bot.branch import CONTENT, MESSAGES
from bot.cli import main
from bot.config import Settings
from bot.system import SystemClock
from handlers.kit.documents import check_documents, load_documents
from handlers.roster.columns import Column
from handlers.roster.reading import read_roster
from tests.test_docs import CANCEL, CHAT_COMMANDS, COMMANDS, ROOT

HANDBOOK = ROOT / "docs" / "huong-dan"
PICTURES = HANDBOOK / "hinh"
PAGES = {path.name: path.read_text("utf-8") for path in sorted(HANDBOOK.glob("*.md"))}
ROSTER_PAGE, DOCUMENT_PAGE = PAGES["2-bat-dau.md"], PAGES["6-soan-tai-lieu.md"]
EVERYTHING = "\n".join(PAGES.values())
BOTFATHERS = "newbot"


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


def prose(page: str) -> str:
    """A page without its code."""
    return re.sub(r"^ *```.*?^ *```|`[^`\n]*`", "", page, flags=re.DOTALL | re.MULTILINE)


# Pictures.


def test_every_picture_is_shown_and_every_shown_one_is_there() -> None:
    shown = set(re.findall(r'<img src="hinh/([^"]+)"', EVERYTHING))
    assert shown == {path.name for path in PICTURES.iterdir()}


def test_every_picture_is_described_for_those_who_do_not_see_it() -> None:
    assert [tag for tag in re.findall(r"<img [^>]*>", EVERYTHING) if not re.search(r'alt="[^"]+"', tag)] == []


def test_the_pictures_are_small() -> None:
    assert [path.name for path in PICTURES.iterdir() if path.stat().st_size > 120_000] == []


def test_every_page_is_listed() -> None:
    listed = re.findall(r"^\| \[.+\]\((\d+-.+\.md)\)", PAGES["README.md"], re.MULTILINE)
    assert listed == sorted(PAGES.keys() - {"README.md"}, key=lambda name: int(name.partition("-")[0]))


# Words of the program. A sentence of a template is a pattern: whatever it fills in may stand there.

_ADDRESS = {"{{ you }}": "anh/chị", "{{ You }}": "Anh/chị"}
_FILLED = re.compile(r"\{[{%].*?[%}]\}|\{\w+\}")
_GAP = "\0"
_SENTENCE_END = re.compile(r"(?<=[.?!]) +|\n+")
# Where `caunoi check` found something.
_PLACE = re.compile(r"^\S+:\d+: ")
# A pattern of fewer letters than these would fit too much.
_FEWEST_LETTERS = 7


def sources() -> list[str]:
    """Everything the program may say, as it is written."""
    words = [path.read_text("utf-8") for path in MESSAGES.glob("*/vi/*.j2")]
    for path in MESSAGES.glob("*/vi/*.yaml"):
        for value in yaml.safe_load(path.read_text("utf-8")).values():
            words += value.values() if isinstance(value, dict) else [value]
    pages = ROOT / "bot" / "web" / "pages"
    return words + [
        re.sub(r"</?(?:p|i|li|small)\b[^>]*>", "\n", re.sub(r"\s+", " ", path.read_text("utf-8")))
        for path in pages.rglob("*.j2")
    ]


def sentences(text: str) -> list[str]:
    for written, read in _ADDRESS.items():
        text = text.replace(written, read)
    text = re.sub(r"</?[a-z][^>]*>", "", _FILLED.sub(_GAP, text))
    return [sentence.strip() for sentence in _SENTENCE_END.split(text) if sentence.strip()]


def pattern(sentence: str) -> str:
    return "(?:.*)".join(re.escape(part) for part in sentence.split(_GAP))


SAID = re.compile(
    "|".join(
        pattern(each)
        for each in sorted({each for source in sources() for each in sentences(source)})
        if len(re.sub(r"\W", "", each)) >= _FEWEST_LETTERS
    )
)


@pytest.mark.parametrize("name", PAGES)
def test_quotations_are_the_programs_own_words(name: str) -> None:
    quoted = re.findall(r"^ *> (.+)$", PAGES[name], re.MULTILINE)
    quoted += [_PLACE.sub("", line) for block in blocks(PAGES[name], "text") for line in block.splitlines()]
    assert [each for line in quoted for each in sentences(line) if not SAID.fullmatch(each)] == []


def test_the_search_for_quotations_finds_what_nobody_says() -> None:
    assert SAID.fullmatch("Đã mở đợt học số 12 “Đối thoại” cho 60 người.")
    assert not SAID.fullmatch("Đã mở đợt học số 12.")


def labels() -> list[str]:
    """Of buttons: those of the pages' own are none of the texts'."""
    words = [
        each
        for path in MESSAGES.glob("*/vi/labels.yaml")
        for each in yaml.safe_load(path.read_text("utf-8")).values()
    ]
    pages = ROOT / "bot" / "web" / "pages"
    entered = [pages / "chat.html.j2", pages / "enter.html.j2"]
    for path in [*entered, *pages.glob("desk*.j2"), *pages.glob("desk/*.j2")]:
        words += pressed(path.read_text("utf-8"))
    return words


def pressed(page: str) -> list[str]:
    """What is pressed or chosen on a page. Some buttons have a picture before their name or a line below it;
    one is named by the desk's scripts, after what it sends.
    """
    bare = re.sub(r"<small>.*?</small>|<svg.*?</svg>|</?span>", "", page, flags=re.DOTALL)
    found = re.findall(r">([^<>]+)</(?:button|label|option)>", bare)
    return found + re.findall(r'data-name="(?:send|new)_\w+">([^<>]+)</i>', page)


def test_what_stands_in_bold_is_a_button() -> None:
    # A label that is filled in altogether would fit anything.
    patterns = [_FILLED.sub(_GAP, each) for each in labels()]
    known = re.compile("|".join(pattern(each) for each in patterns if re.search(r"\w", each)))
    bold = {label for page in PAGES.values() for label in re.findall(r"\*\*(.+?)\*\*", prose(page))}
    assert bold
    assert [label for label in bold if not known.fullmatch(label)] == []


# Commands and settings.


def test_the_commands_exist_with_their_options() -> None:
    lines = re.findall(r"^ *(?:\$ )?caunoi (.+)$", EVERYTHING, re.MULTILINE)
    lines += re.findall(r"`caunoi ([^`\n]+)`", EVERYTHING)
    unknown = []
    for line in lines:
        words = " ".join(re.findall(r"^[a-z]+(?: [a-z]+)?", line)).split()
        name = next((each for each in (" ".join(words), words[0]) if each in COMMANDS), None)
        options = set(re.findall(r"--[a-z-]+", line))
        if name is None or not options <= COMMANDS[name]:
            unknown.append(line)
    assert lines
    assert unknown == []


def test_the_chat_commands_exist() -> None:
    named = set(re.findall(r"`/([a-z]+)`", EVERYTHING))
    assert named - {BOTFATHERS} <= {CANCEL, *(command.name for command in CHAT_COMMANDS)}
    assert named


def test_the_settings_and_options_exist() -> None:
    assert {f"CAUNOI_{name.upper()}" for name in Settings.model_fields} >= set(
        re.findall(r"CAUNOI_[A-Z_]+", EVERYTHING)
    )
    options = {option for options in COMMANDS.values() for option in options}
    assert set(re.findall(r"`(--[a-z][a-z-]*)`", EVERYTHING)) <= options


# The example roster, and the commands that follow it.


def roster_table() -> list[list[str]]:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in ROSTER_PAGE.splitlines()
        if line.startswith(("| Mã |", "| NV"))
    ]
    assert rows[0] == list(Column)
    return rows


def write_roster(path: Path, mistakes: Mapping[str, str] | None = None) -> Path:
    """The table as a workbook, with other words in the cells of `mistakes`."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in roster_table():
        sheet.append([(mistakes or {}).get(cell, cell) or None for cell in row])
    book.save(path)
    return path


def test_the_example_roster_is_read(tmp_path: Path) -> None:
    reading = read_roster(write_roster(tmp_path / "danh-sach.xlsx"))
    assert reading.errors == ()
    assert [row.code for row in reading.rows] == [cells[0] for cells in roster_table()[1:]]


def test_the_mistake_in_a_roster_is_found_as_shown(tmp_path: Path) -> None:
    [problem] = read_roster(write_roster(tmp_path / "sai.xlsx", {"31/05/2026": "31/02/2026"})).errors
    [shown] = blocks(ROSTER_PAGE, "text")
    assert shown.splitlines()[0] == f"Dòng {problem.row}, cột {problem.column}: {problem.problem}"


def test_the_handbook_names_every_column() -> None:
    described = re.findall(r"^\| `([^`]+)` \|", ROSTER_PAGE, re.MULTILINE)
    assert described == list(Column)


_CODE = re.compile(r"\b[2-9A-HJ-NP-TV-Z]{4}(?:-[2-9A-HJ-NP-TV-Z]{4}){2}\b")


def run(command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setattr(sys, "argv", shlex.split(command))
    with pytest.raises(SystemExit):
        main()
    printed = capsys.readouterr()
    return printed.out + printed.err


def test_the_commands_print_what_the_handbook_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(SystemClock, "now", lambda _clock: datetime(2026, 11, 2, 3, tzinfo=UTC))
    write_roster(tmp_path / "danh-sach.xlsx")
    shown = [block for page in PAGES.values() for block in blocks(page, "console")]
    assert shown
    for part in re.split(r"^\$ ", "".join(shown), flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        assert _CODE.sub("CODE", run(command, monkeypatch, capsys)) == _CODE.sub("CODE", output), command


# The example document.


def write_document(root: Path) -> Path:
    folder = root / "an-toan-tren-duong"
    folder.mkdir()
    (folder / "document.md").write_text(blocks(DOCUMENT_PAGE, "markdown")[0], "utf-8")
    (folder / "quiz.yaml").write_text(blocks(DOCUMENT_PAGE, "yaml")[0], "utf-8")
    return folder


def test_the_example_document_is_fine(tmp_path: Path) -> None:
    slug = write_document(tmp_path).name
    [document] = load_documents(tmp_path).values()
    assert document.slug == slug
    assert f"`{slug}`" in DOCUMENT_PAGE
    assert document.quiz is not None
    assert max(question.card for question in document.quiz.questions) == len(document.cards)


def test_the_example_mistake_is_found_as_shown(tmp_path: Path) -> None:
    quiz = write_document(tmp_path) / "quiz.yaml"
    _, mistaken = blocks(DOCUMENT_PAGE, "yaml")
    right = re.sub(r": (.+)\n", r': "\1"\n', mistaken, count=1)
    assert quiz.read_text("utf-8").count(right) == 1
    quiz.write_text(quiz.read_text("utf-8").replace(right, mistaken), "utf-8")
    [problem] = check_documents(tmp_path)
    [shown] = blocks(DOCUMENT_PAGE, "text")
    assert shown.splitlines()[0] == f"{problem.file}:{problem.line}: {problem.problem} {problem.remedy}"


def test_the_demos_people_are_who_the_handbook_says() -> None:
    people = (CONTENT / "demo" / "danh-sach.csv").read_text("utf-8-sig")
    named = re.findall(r": ([^():.\n]+) \((NV\d{3})\)", PAGES["1-thu-may.md"])
    assert named
    assert [name for name, code in named if f"{code};{name};" not in people] == []
