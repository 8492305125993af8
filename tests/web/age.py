"""The program `age` as a distribution has it, which knows nothing of ours."""

import shutil
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from pathlib import Path

import pytest

# Where it can be installed it has to be there.
needs_age = pytest.mark.skipif(
    shutil.which("age") is None and shutil.which("apt-get") is None, reason="a system without the program age"
)


async def age(folder: Path, words: Sequence[str | Path], given: bytes = b"") -> bytes:
    """Run it in the folder to its end, which has to be a good one; what it printed."""
    process = await create_subprocess_exec("age", *words, cwd=folder, stdin=PIPE, stdout=PIPE, stderr=PIPE)
    printed, complaint = await process.communicate(given)
    assert (process.returncode, complaint) == (0, b"")
    return printed
