"""The program as whoever types commands meets it: a process of its own, in a folder of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

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
