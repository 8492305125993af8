"""What commands do with what they are given, on a branch of their own."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.branch import DOCUMENTS
from bot.cli import main
from tests.cli.conftest import Caunoi, Said

SLUG = "nghi-quyet-02"
In = Callable[..., Said]


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Documents that may be changed."""
    copied = shutil.copytree(DOCUMENTS, tmp_path / "documents")
    monkeypatch.setattr("bot.branch.DOCUMENTS", copied)
    return copied


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> In:
    """Commands in this process, which can be given other documents."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["caunoi", *words])
        with pytest.raises(SystemExit) as end:
            main()
        assert isinstance(end.value.code, int)
        return Said(end.value.code, *capsys.readouterr())

    return run


def test_founding_says_the_names_as_they_are_kept(caunoi: Caunoi) -> None:
    said = caunoi("init", "--branch", "  Công đoàn \n Mới", "--chair", "Nguyễn Thị  A\u0301nh", "--json").json
    assert (said["branch"], said["chair"]) == ("Công đoàn Mới", "Nguyễn Thị Ánh")
    assert set(said) == {"branch", "chair", "invite"}


def correct(documents: Path) -> None:
    page = documents / SLUG / "document.md"
    page.write_text(page.read_text("utf-8") + "\nThêm một câu.\n", "utf-8")


@pytest.mark.parametrize(
    "choice", [("--audience", "members"), ("--deadline", "2099-01-01"), ("--pass-mark", "0")]
)
def test_a_correction_takes_no_choices(here: In, documents: Path, choice: tuple[str, str]) -> None:
    here("init", "--branch", "A", "--chair", "Mai Anh")
    first: dict[str, Any] = here("study", "publish", SLUG, "--json").json
    correct(documents)
    refusal = here("study", "publish", SLUG, *choice).refusal()
    assert refusal.startswith("Đợt học “")
    assert f"{choice[0]} không đổi được nên chưa ghi gì" in refusal
    # Nothing was written, so that the correction itself is still to come.
    second = json.loads(here("study", "publish", SLUG, "--json").out)
    assert second["campaign"] == first["campaign"]
    assert second["version"] != first["version"]
