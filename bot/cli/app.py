"""The command line's frame: one list of commands, and one place where mistakes become sentences."""

import os
import sys
import traceback

import typer

from bot.cli import (
    admission,
    agreement,
    announce,
    calendar,
    certificate,
    concerns,
    desk,
    dialogue,
    doctor,
    duties,
    evidence,
    jobs,
    meeting,
    programme,
    report,
    roster,
    study,
    training,
)
from bot.cli.frame import dress
from bot.cli.mistakes import explain, warn_of_unknown_settings
from bot.cli.output import EXIT_MISTAKE, help_text

NAME = "caunoi"
INTERRUPTED = 130

app = typer.Typer(
    name=NAME,
    help=help_text(NAME),
    callback=warn_of_unknown_settings,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for commands in (
    programme,
    doctor,
    roster,
    training,
    admission,
    agreement,
    study,
    certificate,
    announce,
    meeting,
    dialogue,
    jobs,
    duties,
    calendar,
    concerns,
    report,
    desk,
    evidence,
):
    commands.register(app)
dress(app)


def main() -> None:
    """Run a command. What goes wrong is one line on stderr and exit code 2, never a traceback."""
    try:
        code = app(prog_name=NAME, standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception as error:  # noqa: BLE001 - whatever happens, people get a sentence
        if os.environ.get("CAUNOI_LOG_LEVEL", "").upper() == "DEBUG":
            traceback.print_exc()
        typer.echo(explain(error), err=True)
        code = EXIT_MISTAKE
    sys.exit(code or 0)
