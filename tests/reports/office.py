"""LibreOffice as a distribution has it: another program that opens what officers get."""

import shutil
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from collections.abc import Mapping
from pathlib import Path

import pytest

needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="a system without LibreOffice")


async def as_pdf(folder: Path, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files by name, printed; each has to be opened as it is, as nobody is there to agree to a repair."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    words = ("--headless", profile, "--convert-to", "pdf", *files)
    process = await create_subprocess_exec("soffice", *words, cwd=folder, stdout=PIPE, stderr=PIPE)
    _printed, complaint = await process.communicate()
    assert process.returncode == 0, complaint
    return {name: (folder / name).with_suffix(".pdf").read_bytes() for name in files}
