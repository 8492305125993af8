"""`caunoi evidence …` on some machine: as a program of its own, or in this process, which starts sooner."""

import asyncio
import io
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

import pytest

from bot.cli import main


@dataclass(frozen=True, slots=True)
class Ended:
    code: int | None
    out: str
    err: str


async def program(
    settings: Mapping[str, str],
    *words: object,
    under: Sequence[str] = (),
    before: Callable[[], None] | None = None,
) -> Ended:
    """`under` is the program that starts it, such as one that takes rights away; the new process calls
    `before`.
    """
    running = await asyncio.create_subprocess_exec(
        *(*under, sys.executable, "-m", "bot", "evidence", *map(str, words)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | settings,
        preexec_fn=before,
    )
    out, err = await running.communicate()
    return Ended(running.returncode, out.decode(), err.decode())


async def here(settings: Mapping[str, str], *words: object) -> Ended:
    """In a thread, because commands have a loop of their own."""
    return await asyncio.to_thread(_run, settings, [str(each) for each in words])


def _run(settings: Mapping[str, str], words: list[str]) -> Ended:
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name, value in settings.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["caunoi", "evidence", *words])
        with pytest.raises(SystemExit) as end:
            main()
    assert isinstance(end.value.code, int)
    return Ended(end.value.code, out.getvalue(), err.getvalue())
