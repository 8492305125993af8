"""The command line's frame: one list of commands, and one place where mistakes become sentences."""

import sys
from collections.abc import Callable

import click
import typer
from pydantic import ValidationError

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


def main() -> None:
    """Run a command. What goes wrong is one line on stderr and exit code 2, never a traceback."""
    try:
        code = app(standalone_mode=False)
    except (KeyboardInterrupt, click.Abort):
        code = 130
    except click.ClickException as error:
        code = _report(error.format_message())
    except Exception as error:
        explained = _explain(error)
        if explained is None:
            raise
        code = _report(explained)
    sys.exit(code or 0)


def _report(message: str) -> int:
    typer.echo(message, err=True)
    return EXIT_MISTAKE


_KNOWN: dict[type[Exception], Callable[[Exception], str]] = {
    CommandError: str,
    NoBranchError: lambda _error: sentence("no_branch"),
    AlreadyRunningError: lambda _error: sentence("already_running"),
    StorageUnavailableError: lambda error: sentence("storage_unavailable", reason=error),
    ContentError: lambda error: sentence("content_broken", problem=error),
    ValidationError: lambda error: sentence("bad_setting", problem=_first_problem(error)),
    RefusedError: lambda error: _refusal(error),
}


def _explain(error: Exception) -> str | None:
    for kind, explain in _KNOWN.items():
        if isinstance(error, kind):
            return explain(error)
    return None


def _refusal(error: Exception) -> str:
    return sentence(error.key, **error.values) if isinstance(error, RefusedError) else str(error)


def _first_problem(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors()[0]
    name = "_".join(str(part) for part in first["loc"]).upper()
    return f"CAUNOI_{name}: {first['msg']}" if name else str(first["msg"])
