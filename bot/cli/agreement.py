"""Commands of collective agreements: agreement, agreement add, remove."""

import asyncio
from typing import Annotated, Any

import typer

from bot.cli.entries import Number, change, day_of, do
from bot.cli.frame import BareGroup
from bot.cli.output import JsonFlag, help_text, print_json, say
from handlers.kit.context import Work
from handlers.registers.agreements import actions
from storage.registers.events import Agreement


def register(app: typer.Typer) -> None:
    group = typer.Typer(cls=BareGroup)
    group.command("list", help=help_text("agreement_list"))(list_)
    for command in (add, remove):
        group.command(help=help_text(f"agreement_{command.__name__}"))(command)
    app.add_typer(group, name="agreement", help=help_text("agreement"))


def list_(*, as_json: JsonFlag = False) -> None:
    standing = asyncio.run(do(actions.look))
    if as_json:
        print_json(
            {
                "in_force": _as_json(standing.in_force) if standing.in_force else None,
                "agreements": [_as_json(each) for each in standing.agreements],
                "conferences": [each.isoformat() for each in standing.conferences],
            }
        )
    else:
        say("agreements", standing=standing)


def add(
    agreement: Annotated[str, typer.Argument(help=help_text("agreement_number"))],
    on: Annotated[str, typer.Option(help=help_text("agreement_on"))],
    until: Annotated[str, typer.Option(help=help_text("agreement_until"))],
    *,
    as_json: JsonFlag = False,
) -> None:
    signed_on, valid_until = day_of(on), day_of(until)

    async def note(work: Work) -> Agreement:
        return await actions.note(work, None, agreement, signed_on, valid_until)

    _print("agreement", asyncio.run(do(note)), as_json=as_json)


def remove(entry: Number, *, as_json: JsonFlag = False) -> None:
    _print("agreement_removed", change(entry, lambda work: actions.remove(work, entry)), as_json=as_json)


def _print(text: str, found: Agreement, *, as_json: bool) -> None:
    if as_json:
        print_json(_as_json(found))
    else:
        say(text, agreement=found)


def _as_json(found: Agreement) -> dict[str, Any]:
    return {
        "entry": found.id,
        "number": found.number,
        "signed_on": found.signed_on.isoformat(),
        "valid_until": found.valid_until.isoformat(),
    }
