"""The pages say what the code says, their links lead somewhere, and nothing tells where it was written."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from bot.cli.app import app
from bot.cli.frame import DefaultGroup
from bot.config import Settings
from bot.features import make_router, private_features
from handlers.kit.feature import Command
from handlers.kit.private import PrivateCommand
from handlers.roster.columns import Column
from storage.audiences import Kind
from tests.rooms import make_test_room
from tests.world import SeededChance, SetClock

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
DECISIONS = ROOT / "docs" / "decisions"
ROOM = make_test_room(SetClock(), SeededChance())
CHAT_COMMANDS: list[Command | PrivateCommand] = [
    *make_router("test").commands,
    *(command for feature in private_features(ROOM) for command in feature.commands),
]
# The router knows this one without a feature.
CANCEL = "huy"


# What lies in the project.

_HIDDEN_BUT_OURS = frozenset({".ci", ".dockerignore", ".gitignore"})
_NOT_OURS = frozenset({ROOT / "data", ROOT / "build", ROOT / "dist"})


def ours(folder: Path = ROOT) -> Iterator[Path]:
    """Every file of the project, without environments, caches and a branch's data."""
    for path in sorted(folder.iterdir()):
        hidden = path.name.startswith((".", "__pycache__")) and path.name not in _HIDDEN_BUT_OURS
        if hidden or path in _NOT_OURS:
            continue
        if path.is_dir():
            yield from ours(path)
        else:
            yield path


def text_of(path: Path) -> str:
    """Empty for pictures and the like."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# What stands in tables of Markdown.


def table(page: str, heading: str) -> dict[str, list[str]]:
    """The first table below a heading: the first cell of each row without backticks, and its other cells."""
    below = page.split(f"\n{heading}\n", maxsplit=1)[1]
    lines = re.search(r"(?:^\|.*\n?)+", below, re.MULTILINE)
    assert lines is not None, f"no table below {heading}"
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[0].splitlines()[2:]]
    return {cells[0].strip("` |"): cells[1:] for cells in rows}


def first_words(rows: dict[str, list[str]]) -> dict[str, str]:
    """Rows of commands by their names alone: the whole row behind "roster import"."""
    named = {re.match(r"caunoi((?: [a-z]+)+)", first): [first, *rest] for first, rest in rows.items()}
    return {match[1].strip(): " | ".join(cells) for match, cells in named.items() if match}


# The README and the code.


def test_every_setting_stands_in_the_readme_and_no_other() -> None:
    settings = {f"CAUNOI_{name.upper()}" for name in Settings.model_fields}
    assert set(table(README, "## Settings")) == settings


def test_the_readme_names_the_defaults() -> None:
    rows = table(README, "## Settings")
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, str | int | Path) and str(field.default):
            assert rows[f"CAUNOI_{name.upper()}"][0] == f"`{field.default}`"


def commands(group: object, *path: str) -> Iterator[tuple[str, set[str]]]:
    """Every command by its whole name, with its options by their long names. One that may be left out goes
    by its group's name.
    """
    if isinstance(group, TyperGroup):
        default = next(iter(group.commands)) if isinstance(group, DefaultGroup) else ""
        for name, command in group.commands.items():
            yield from commands(command, *path, *([name] if name != default else []))
    elif isinstance(group, TyperCommand):
        yield " ".join(path), {each.opts[0] for each in group.params if isinstance(each, TyperOption)}


COMMANDS = dict(commands(get_command(app)))


def test_every_command_stands_in_the_readme_and_no_other() -> None:
    assert set(first_words(table(README, "## Commands"))) == set(COMMANDS)


def test_the_readme_names_every_option() -> None:
    rows = first_words(table(README, "## Commands"))
    options = [(name, option) for name, options in COMMANDS.items() for option in options - {"--json"}]
    assert [(name, option) for name, option in options if option not in rows[name]] == []


def test_the_readme_says_what_json_holds_where_there_is_json() -> None:
    rows = first_words(table(README, "## Commands"))
    described = {name for name, row in rows.items() if '`{"' in row or '`[{"' in row}
    assert described == {name for name, options in COMMANDS.items() if "--json" in options}


def test_every_make_target_stands_in_the_readme_and_no_other() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY:(.*)$", makefile, re.MULTILINE)
    assert phony is not None
    assert set(re.findall(r"(?:^|`|=\d+ )make ([a-z]+)", README, re.MULTILINE)) == set(phony[1].split())


def test_every_chat_command_stands_in_the_readme_and_no_other() -> None:
    expected = {f"/{command.name}" for command in CHAT_COMMANDS} | {f"/{CANCEL}"}
    assert set(table(README, "## In the chat")) == expected


def test_the_readme_names_the_words_typed_instead_of_a_command() -> None:
    rows = table(README, "## In the chat")
    for command in CHAT_COMMANDS:
        written = [word.strip() for word in rows[f"/{command.name}"][0].split(",")]
        assert set(command.words) <= set(written), command.name


def test_the_readme_names_the_audiences_and_columns() -> None:
    assert {row.partition(":")[0] for row in table(README, "### Audiences")} == set(Kind)
    assert list(table(README, "## The roster")) == list(Column)


# The other pages.


@pytest.mark.parametrize(
    ("part", "heading"), [("run", "## To run"), ("test", "## To test"), ("bench", "## To compare with")]
)
def test_every_dependency_has_its_reason(part: str, heading: str) -> None:
    lines = (ROOT / "requirements" / f"{part}.in").read_text("utf-8").splitlines()
    named = {match[0] for line in lines if (match := re.match(r"[a-z][a-z0-9-]*", line))}
    reasons = table((DECISIONS / "0019-dependencies.md").read_text("utf-8"), heading)
    assert set(reasons) == named
    assert all(why[0] for why in reasons.values())


def test_every_package_for_the_browser_has_its_reason() -> None:
    package = json.loads((ROOT / "bot" / "web" / "vendor" / "package.json").read_text("utf-8"))
    node = (ROOT / "requirements" / "node.in").read_text("utf-8").splitlines()[-1]
    reasons = table((DECISIONS / "0019-dependencies.md").read_text("utf-8"), "## For the browser")
    assert set(reasons) == {node, *package["dependencies"], *package["devDependencies"]}


def test_the_decisions_are_numbered_and_listed() -> None:
    pages = sorted(DECISIONS.glob("[0-9]*.md"))
    titles = [page.read_text("utf-8").partition("\n")[0].removeprefix("# ") for page in pages]
    listed = re.findall(
        r"^(\d+)\. \[(.+)\]\((.+)\)$", (DECISIONS / "README.md").read_text("utf-8"), re.MULTILINE
    )
    assert [f"{number}. {title}" for number, title, _ in listed] == titles
    assert [page for *_, page in listed] == [page.name for page in pages]
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))


def test_the_picture_names_every_feature() -> None:
    picture = (ROOT / "docs" / "architecture.svg").read_text("utf-8")
    packages = [path.parent.name for path in (ROOT / "handlers").glob("*/__init__.py")]
    assert packages
    assert [name for name in packages if not re.search(rf"\b{name}\b", picture)] == []


# Links.

_CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def links(page: str) -> list[str]:
    """Where a page's links lead within the project."""
    return [link for link in _LINK.findall(_CODE.sub("", page)) if "://" not in link]


def anchors(page: str) -> set[str]:
    """What its headings are called in links."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def is_broken(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    return not target.exists() or bool(anchor and anchor not in anchors(text_of(target)))


def test_every_link_leads_somewhere() -> None:
    pages = [path for path in ours() if path.suffix == ".md"]
    broken = [
        f"{name_of(page)}: {link}" for page in pages for link in links(text_of(page)) if is_broken(page, link)
    ]
    assert broken == []


# Where it was written, and where packages come from.

# Put together here, so that this file doesn't hold what it looks for.
_PRIVATE = re.compile("/(?:work|root|Users|tmp)" + "/[a-z]|/home" + "/[a-z]+/")
_REGISTRIES = re.compile("|".join(("pypi" + r"\.org", "python" + "hosted", r"registry\." + "npmjs")))


def test_no_file_holds_a_path_of_one_machine() -> None:
    assert [name_of(path) for path in ours() if _PRIVATE.search(text_of(path))] == []


def test_no_file_holds_the_address_of_a_registry() -> None:
    assert [name_of(path) for path in ours() if _REGISTRIES.search(text_of(path))] == []


# Vietnamese sentences stand in content/ only.

_VIETNAMESE = re.compile("[ăâđêôơưàáãèéìíòóõùúýĩũ\u1ea0-\u1ef9]", re.IGNORECASE)
_A_SENTENCE = 3
# Data that is matched with what people write.
_MATCHED = frozenset({*Column, *(word for command in CHAT_COMMANDS for word in command.words)})


_BLOCKS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def sentences(source: str) -> list[str]:
    """The Vietnamese sentences in the literals of a module."""
    tree = ast.parse(source)
    remarks = {
        id(statement.value)
        for node in ast.walk(tree)
        for statement in (node.body if isinstance(node, _BLOCKS) else ())
        if isinstance(statement, ast.Expr)
    }
    literals = (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in remarks
    )
    return [each for each in literals if each not in _MATCHED and _is_sentence(each)]


def _is_sentence(text: str) -> bool:
    return bool(_VIETNAMESE.search(text)) and len(re.findall(r"\w+", text)) >= _A_SENTENCE


def test_no_vietnamese_sentence_stands_in_code() -> None:
    modules = [
        path for room in ("bot", "handlers", "storage") for path in ours(ROOT / room) if path.suffix == ".py"
    ]
    assert modules
    assert [f"{name_of(path)}: {each}" for path in modules for each in sentences(text_of(path))] == []


def test_the_searches_find_what_they_look_for(tmp_path: Path) -> None:
    assert sentences('"""Đặng THỊ Hoà."""\nx = "Xin mời anh/chị"') == ["Xin mời anh/chị"]
    assert sentences(f'x = "{Column.FULL_NAME}"') == []
    assert _PRIVATE.search("/home" + "/lan/caunoi")
    assert _REGISTRIES.search("https://" + "pypi" + ".org/simple")
    page = tmp_path / "page.md"
    page.write_text("# A heading, here\n[a](#a-heading-here) [b](#b) [c](c.md) `[d](d.md)`\n", "utf-8")
    assert [link for link in links(text_of(page)) if is_broken(page, link)] == ["#b", "c.md"]
