"""What commands print: text for people, `--json` for scripts, one clear line for what went wrong."""

import json
import os
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NoReturn
from zoneinfo import ZoneInfo

import typer

from bot.branch import MESSAGES
from bot.logs import Masking
from handlers.kit.markup import plain
from handlers.kit.texts import Texts
from handlers.kit.vietnamese import clean

# A mistake of whoever calls, or something that couldn't be done.
EXIT_MISTAKE = 2
# So much of a wrong word is repeated.
_SHOWN = 60
# The name and password in an address that was put where it doesn't belong.
_USER = re.compile(r"(?<=//)[^/\s]*(?=@)")


class CommandError(Exception):
    """What went wrong, as one sentence; the command ends with exit code 2."""


@cache
def texts() -> Texts:
    """The commands' own sentences; they are needed before any setting or branch is read."""
    return Texts(MESSAGES, ZoneInfo("Asia/Ho_Chi_Minh"), "anh/chị")


def help_text(name: str) -> str:
    """What `--help` says of a command or option: the label `help_<name>`."""
    return texts().label(f"cli/help_{name}")


def sentence(key: str, **values: Any) -> str:
    """A text without its markup; a bare name belongs to the commands' own texts."""
    return plain(texts().render(key if "/" in key else f"cli/{key}", **values))


def shown(text: object, most: int = _SHOWN) -> str:
    """What somebody gave, in one line of at most so many letters, without what looks like a secret."""
    line = _USER.sub("***", Masking(()).text(" ".join(clean(str(text)).split())))
    return line if len(line) <= most else f"{line[:most]}…"


def say(key: str, **values: Any) -> None:
    typer.echo(sentence(key, **values))


def print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def fail(key: str, **values: Any) -> NoReturn:
    raise CommandError(sentence(key, **values))


def write_file(path: Path, content: bytes, refusal: str) -> None:
    """The whole file or none: on a full disk what stood there before stays. `refusal` is the sentence that
    says that it can't be written.
    """
    try:
        _write_whole(path.resolve(), content)
    except OSError as error:
        fail(refusal, path=path, problem=error.strerror)


def _write_whole(path: Path, content: bytes) -> None:
    if path.exists() and not path.is_file():
        # Such as a pipe, in whose place nothing may be put.
        path.write_bytes(content)
        return
    beside = path.with_name(f".caunoi-{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        if path.exists():
            # Who may read it stays as it was.
            shutil.copymode(path, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


JsonFlag = Annotated[bool, typer.Option("--json", help=help_text("json"))]
