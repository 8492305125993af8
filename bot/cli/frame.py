"""How commands and groups read the command line and print their help: in Vietnamese, without a frame."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from bot.cli.output import EXIT_MISTAKE, fail, help_text, sentence, shown, texts

# What no command can do without.
_HELP = "--help"


class WrongWordsError(Exception):
    """The library's complaint about words on the command line, and the context they belong to."""

    def __init__(self, problem: typer.TyperException, ctx: Any) -> None:
        super().__init__(problem)
        self.problem: Any = problem
        self.ctx = ctx


def dress(app: typer.Typer) -> None:
    """Give every group and command below `app` this frame."""
    app.info.cls = _class_of(app)
    for command in app.registered_commands:
        command.cls = Command
    for group in app.registered_groups:
        if group.typer_instance is not None:
            group.cls = _class_of(group.typer_instance)
            dress(group.typer_instance)


def _class_of(app: typer.Typer) -> type[TyperGroup]:
    """A group may bring a class of its own that goes by this frame too."""
    own = app.info.cls
    return own if isinstance(own, type) and issubclass(own, Group) else Group


# The library's class of contexts has no public name, so they are Any here.


class Command(TyperCommand):
    # Words too many are ours to tell.
    allow_extra_args = True

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        try:
            surplus = super().parse_args(ctx, args)
        except typer.TyperException as error:
            raise WrongWordsError(error, ctx) from error
        if surplus:
            fail("surplus", words=shown(" ".join(surplus)), help=help_of(ctx))
        return surplus

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(_help(self, ctx, [_column(ctx, "argument"), _column(ctx, "option")]))


class Group(TyperGroup):
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not set(args) - {"--"}:
            typer.echo(ctx.get_help())
            raise typer.Exit(EXIT_MISTAKE)
        try:
            return super().parse_args(ctx, args)
        except typer.TyperException as error:
            raise WrongWordsError(error, ctx) from error

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in self.commands:
            near = get_close_matches(args[0], self.commands, 1)
            fail("unknown_command", word=shown(args[0]), group=ctx.command_path, near=near, help=help_of(ctx))
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        commands = [(name, command.help or "") for name, command in self.commands.items()]
        formatter.write(_help(self, ctx, [("commands", commands), _column(ctx, "option")]))


class DefaultGroup(Group):
    """Its first command may be left out: words that name no other command are that one's."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, _HELP}:
            args = [next(iter(self.commands)), *args]
        return super().parse_args(ctx, args)


class BareGroup(DefaultGroup):
    """Its first command needs no words at all: the group's name alone runs it."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, args or [next(iter(self.commands))])


def help_of(ctx: Any) -> str:
    """The command that shows how to use what `ctx` belongs to."""
    return f"{ctx.command_path} {_HELP}"


def name_of(parameter: Any) -> str:
    """As it is written on the command line: --pass-mark, or what stands for an argument."""
    return str(parameter.opts[0]) if isinstance(parameter, TyperOption) else _value(parameter)


_Column = tuple[str, list[tuple[str, str]]]


def _help(command: TyperCommand | TyperGroup, ctx: Any, columns: list[_Column]) -> str:
    rows = [row for _title, column in columns for row in column]
    return sentence(
        "help",
        usage=" ".join([ctx.command_path, *_usage(command, ctx)]),
        about=command.help,
        columns=columns,
        width=max(len(name) for name, _about in rows),
    )


def _usage(command: TyperCommand | TyperGroup, ctx: Any) -> Iterator[str]:
    for parameter in command.get_params(ctx):
        if parameter.param_type_name == "argument":
            yield _value(parameter) if parameter.required else f"[{_value(parameter)}]"
        elif parameter.required:
            yield f"{name_of(parameter)} {_value(parameter)}"
    if isinstance(command, TyperGroup):
        yield texts().label("cli/value_command")
    else:
        yield f"[{texts().label('cli/value_options')}]"


def _column(ctx: Any, kind: str) -> _Column:
    parameters = [each for each in ctx.command.get_params(ctx) if each.param_type_name == kind]
    return f"{kind}s", [(_signature(each), _about(each)) for each in parameters]


def _signature(parameter: Any) -> str:
    """An option with what follows it."""
    is_switch = not isinstance(parameter, TyperOption) or parameter.is_flag
    return name_of(parameter) if is_switch else f"{name_of(parameter)} {_value(parameter)}"


def _about(parameter: Any) -> str:
    # The library's own words for its one option are English.
    about = help_text("help") if _HELP in parameter.opts else parameter.help
    return sentence("parameter", about=about, required=parameter.required, default=_default(parameter))


def _default(parameter: Any) -> str:
    return "" if parameter.default is None or isinstance(parameter.default, bool) else str(parameter.default)


def _value(parameter: Any) -> str:
    """What stands for the value of a parameter."""
    return texts().label(f"cli/value_{parameter.name}")
