"""The command line's frame: one list of commands, and one place where mistakes become sentences."""

import errno
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

import typer
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from bot.branch import NoBranchError
from bot.cli import evidence, programme, roster, study
from bot.cli.output import CommandError, help_text, sentence
from handlers.kit.documents import ContentError
from handlers.kit.errors import RefusedError
from storage.database import StorageUnavailableError
from storage.instance_lock import AlreadyRunningError

app = typer.Typer(
    name="caunoi",
    help=help_text("caunoi"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for commands in (programme, roster, study, evidence):
    commands.register(app)

EXIT_MISTAKE = 2
INTERRUPTED = 130


def main() -> None:
    """Run a command. What goes wrong is one line on stderr and exit code 2, never a traceback."""
    try:
        code = app(standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception as error:  # noqa: BLE001 - whatever happens, people get a sentence
        if os.environ.get("CAUNOI_LOG_LEVEL", "").upper() == "DEBUG":
            traceback.print_exc()
        code = _report(_explain(error))
    sys.exit(code or 0)


def _report(message: str) -> int:
    typer.echo(message, err=True)
    return EXIT_MISTAKE


def _explain(error: Exception) -> str:
    """The sentence for `error`."""
    if isinstance(error, USAGE_ERROR):
        return str(error.format_message())
    for kind, explain in _KNOWN.items():
        if isinstance(error, kind):
            return explain(error)
    return sentence("unforeseen", error=type(error).__name__)


def _refusal(error: Exception) -> str:
    return sentence(error.key, **error.values) if isinstance(error, RefusedError) else str(error)


def _machine(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return sentence("port_taken")
    return sentence("machine", problem=error)


def _first_problem(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors()[0]
    name = "_".join(str(part) for part in first["loc"]).upper()
    problem = str(first["msg"]).removeprefix("Value error, ")
    return f"CAUNOI_{name}: {problem}" if name else problem


# Wrong words on the command line; typer carries this class without giving it a public name.
USAGE_ERROR: Any = next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")
_KNOWN: dict[type[Exception], Callable[[Exception], str]] = {
    CommandError: str,
    NoBranchError: lambda _error: sentence("no_branch"),
    AlreadyRunningError: lambda _error: sentence("already_running"),
    StorageUnavailableError: lambda error: sentence("storage_unavailable", reason=error),
    OSError: _machine,
    UnicodeDecodeError: lambda _error: sentence("bad_setting", problem=".env: UTF-8"),
    DBAPIError: lambda _error: sentence("database_broken"),
    ContentError: lambda error: sentence("content_broken", problem=error),
    ValidationError: lambda error: sentence("bad_setting", problem=_first_problem(error)),
    RefusedError: _refusal,
}
