"""The sentences for what goes wrong: wrong words on the command line, wrong settings, and everything else."""

import errno
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, get_args

import typer
from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy.exc import DBAPIError

from bot.branch import NoBranchError
from bot.cli.frame import WrongWordsError, help_of, name_of
from bot.cli.output import CommandError, sentence, shown, texts
from bot.config import PREFIX, Settings, unknown_variables, variable
from bot.web.browser_code import IncompleteError
from handlers.kit.documents import ContentError
from handlers.kit.errors import RefusedError
from storage.database import StorageUnavailableError
from storage.instance_lock import AlreadyRunningError


def explain(error: Exception) -> str:
    """One sentence: what is wrong, what became of the data, and what to do."""
    for kind, tell in _KNOWN.items():
        if isinstance(error, kind):
            return tell(error)
    return sentence("unforeseen", error=type(error).__name__)


def warn_of_unknown_settings() -> None:
    """Tell on stderr which names look like settings and are none."""
    try:
        unknown = unknown_variables()
    except (OSError, UnicodeDecodeError):
        # A command that needs the settings says what is wrong with their file.
        return
    known = [field.upper() for field in Settings.model_fields]
    for name in unknown:
        # Without what all of them begin with, which would make any two look alike.
        near = [variable(field) for field in get_close_matches(name.removeprefix(PREFIX), known, 1)]
        typer.echo(sentence("unknown_setting", name=shown(name), near=near), err=True)


# Wrong words on the command line.


def _wrong_words(error: Any) -> str:
    """Most of the library's exceptions have no public class, but all have names."""
    kind = type(error.problem).__name__
    return _WRONG_WORDS[kind](error.problem, error.ctx) if kind in _WRONG_WORDS else _wrong(error.ctx)


def _wrong(ctx: Any) -> str:
    return sentence("wrong_words", help=help_of(ctx))


def _missing_parameters(_problem: Any, ctx: Any) -> str:
    """All that are missing, not only the first: those that were given have been read before."""
    missing = [each for each in ctx.command.get_params(ctx) if each.required]
    names = [name_of(each) for each in missing if ctx.params.get(each.name) is None]
    return sentence("missing_parameters", names=names, help=help_of(ctx))


def _unknown_option(problem: Any, ctx: Any) -> str:
    near = sorted(problem.possibilities or ())[:1]
    return sentence("unknown_option", name=shown(problem.option_name), near=near, help=help_of(ctx))


def _misused_option(problem: Any, ctx: Any) -> str:
    """A value is missing, or is one too many."""
    option = next(each for each in ctx.command.get_params(ctx) if problem.option_name in each.opts)
    key = "needless_value" if option.is_flag else "missing_value"
    return sentence(key, name=problem.option_name, help=help_of(ctx))


def _bad_parameter(problem: Any, ctx: Any) -> str:
    return sentence(
        "bad_value",
        name=name_of(problem.param),
        given=shown(problem.__cause__.errors()[0]["input"]),
        expected=texts().label(f"cli/expects_{problem.param.name}"),
        help=help_of(ctx),
    )


_WRONG_WORDS: Mapping[str, Callable[[Any, Any], str]] = {
    "MissingParameter": _missing_parameters,
    "NoSuchOption": _unknown_option,
    "BadOptionUsage": _misused_option,
    "BadParameter": _bad_parameter,
}


# Wrong settings.


def _bad_setting(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors()[0]
    if not first["loc"]:
        return sentence(first["type"])
    field = str(first["loc"][0])
    return sentence(
        "bad_setting",
        name=variable(field),
        given=_given(field, first),
        expected=texts().label(f"cli/expects_{field}"),
    )


def _given(field: str, problem: ErrorDetails) -> str:
    """Nothing of a secret: a wrong address of the database still holds its password."""
    annotation = Settings.model_fields[field].annotation
    is_secret = SecretStr in (annotation, *get_args(annotation))
    return "" if is_secret else shown(problem["input"])


# Everything else.


def _refusal(error: Exception) -> str:
    return sentence(error.key, **error.values) if isinstance(error, RefusedError) else str(error)


def _machine(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return sentence("port_taken")
    return sentence("machine", problem=error)


_KNOWN: dict[type[Exception], Callable[[Exception], str]] = {
    CommandError: str,
    WrongWordsError: _wrong_words,
    NoBranchError: lambda _error: sentence("no_branch"),
    IncompleteError: lambda _error: sentence("browser_code_missing"),
    AlreadyRunningError: lambda _error: sentence("already_running"),
    StorageUnavailableError: lambda error: sentence("storage_unavailable", reason=error),
    OSError: _machine,
    UnicodeDecodeError: lambda _error: sentence("bad_settings_file"),
    DBAPIError: lambda _error: sentence("database_broken"),
    ContentError: lambda error: sentence("content_broken", problem=error),
    ValidationError: _bad_setting,
    RefusedError: _refusal,
}
