"""The demo as its own process, with a past that was made a moment ago."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_START_WITHIN_S = 120
_STOP_WITHIN_S = 10


@contextmanager
def running_demo(folder: Path) -> Iterator[str]:
    """A fresh demo branch in `folder`, as long as the block lasts; yields the address of its pages."""
    port = _free_port()
    command = [sys.executable, "-m", "bot", "demo", "--port", str(port), "--data", str(folder)]
    with (folder / "demo.log").open("wb") as log:
        process = subprocess.Popen(command, stderr=log)
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(_STOP_WITHIN_S)


def invitation_sheet(folder: Path) -> Path:
    """What `caunoi invite --sheet` prints for the branch in `folder`: slips for whoever isn't linked."""
    return _printed(folder, "phieu-moi.pdf", "invite", "--sheet")


def notice(folder: Path, announcement: int) -> Path:
    """What `caunoi announce unreached --sheet` prints: an announcement for those whom it didn't reach."""
    return _printed(folder, "ban-in.pdf", "announce", "unreached", str(announcement), "--sheet")


def certificate(folder: Path, code: str) -> Path:
    """What `caunoi certificate` prints for somebody who has passed a campaign of the demo's past."""
    return _printed(folder, "giay-chung-nhan.pdf", "certificate", code, "--out")


def _printed(folder: Path, name: str, *command: str) -> Path:
    """`command` ends with the option that takes the file."""
    sheet = folder / name
    settings = {
        "CAUNOI_DATABASE_URL": f"sqlite:///{folder / 'caunoi.db'}",
        "CAUNOI_DATA_DIR": str(folder),
        "CAUNOI_PUBLIC_URL": "https://caunoi.example.vn",
    }
    subprocess.run(
        [sys.executable, "-m", "bot", *command, str(sheet)],
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return sheet


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + _START_WITHIN_S
    while process.poll() is None and time.monotonic() < give_up:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The demo did not start; `make demo` shows why.")
