"""The program as whoever types commands meets it: a process of its own, in a folder of its own. Commands in
this process start sooner.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.cli import main

ROOT = Path(__file__).parents[2]
# A start takes a second, several on a busy machine.
PATIENCE_S = 60


class Said(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def refusal(self) -> str:
        """The one line that says what is wrong; nothing else is printed."""
        assert (self.code, self.out) == (2, "")
        [line] = self.err.splitlines()
        return line


Caunoi = Callable[..., Said]


@pytest.fixture
def caunoi(tmp_path: Path) -> Caunoi:
    """`caunoi("study", "list", CAUNOI_WEB_PORT="80")`."""

    def run(*words: str, **environment: str) -> Said:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"} | environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE_S,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Caunoi:
    """Commands in this process, which can be given other content."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["caunoi", *words])
        with pytest.raises(SystemExit) as end:
            main()
        assert isinstance(end.value.code, int)
        return Said(end.value.code, *capsys.readouterr())

    return run


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a branch that was founded just now, to copy."""
    folder = tmp_path_factory.mktemp("founded")
    words = [sys.executable, "-m", "bot", "init", "--branch", "A", "--chair", "Mai Anh"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    subprocess.run(words, cwd=folder, env=environment, capture_output=True, timeout=PATIENCE_S, check=True)
    return folder


@pytest.fixture
def branch(founded: Path, here: Caunoi, tmp_path: Path) -> Caunoi:
    """Commands of a branch that has its chair, and nobody and nothing else."""
    shutil.copytree(founded, tmp_path, dirs_exist_ok=True)
    return here
