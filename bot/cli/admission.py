"""Commands of admissions: admission, and what is entered about an application until it is decided."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.entries import Number, On, change, day_of, do, person_json
from bot.cli.frame import BareGroup
from bot.cli.output import JsonFlag, fail, help_text, print_json, say, write_file
from handlers.kit.context import Work
from handlers.kit.reply import Attachment
from handlers.registers.admission import actions
from handlers.registers.admission.actions import Standing
from storage import members
from storage.registers.admissions import Admission

Reason = Annotated[str, typer.Option(help=help_text("admission_reason"))]


def register(app: typer.Typer) -> None:
    group = typer.Typer(cls=BareGroup)
    group.command("list", help=help_text("admission_list"))(list_)
    for command in (begin, form, sign, decide, refuse, withdraw, reopen):
        group.command(help=help_text(f"admission_{command.__name__}"))(command)
    app.add_typer(group, name="admission", help=help_text("admission"))


def list_(*, as_json: JsonFlag = False) -> None:
    standing, applications = asyncio.run(do(_look))
    if as_json:
        print_json(
            {
                "recruits": standing.share.whole,
                "admitted": standing.share.part,
                "waiting": [person_json(each) for each in standing.waiting],
                "applications": [_as_json(each) for each in applications],
            }
        )
    else:
        say("admissions", standing=standing, applications=applications)


async def _look(work: Work) -> tuple[Standing, list[Admission]]:
    return await actions.look(work), await actions.everything(work)


def begin(
    code: Annotated[str, typer.Argument(help=help_text("admission_code"))], *, as_json: JsonFlag = False
) -> None:
    async def enter(work: Work) -> Admission | None:
        person = await members.by_code(work.db, code)
        return await actions.begin(work, None, person.id) if person else None

    found = asyncio.run(do(enter))
    if found is None:
        fail("no_person", code=code)
    _print(found, as_json=as_json)


def form(
    entry: Number,
    out: Annotated[Path, typer.Option(help=help_text("admission_out"))],
    *,
    as_json: JsonFlag = False,
) -> None:
    file = change(entry, lambda work: _form(work, entry, out.suffix))
    write_file(out, file.content, "form_unwritable")
    if as_json:
        print_json({"entry": entry, "file": str(out), "bytes": len(file.content)})
    else:
        say("admission_form", path=out)


async def _form(work: Work, entry: int, suffix: str) -> Attachment:
    from handlers.registers.admission.form import Form, write  # noqa: PLC0415 - only for printing

    kind = next((each for each in Form if suffix.lower() == f".{each}"), None)
    if kind is None:
        fail("form_kind", suffix=suffix)
    return await write(work, await actions.find(work, entry), kind)


def sign(entry: Number, on: On = None, *, as_json: JsonFlag = False) -> None:
    day = day_of(on) if on else None
    _print(
        change(
            entry,
            lambda work: actions.note_signed(work, None, entry, day or work.today, correct=day is not None),
        ),
        as_json=as_json,
    )


def decide(
    entry: Number,
    decision: Annotated[str, typer.Option(help=help_text("admission_decision"))],
    on: On = None,
    *,
    as_json: JsonFlag = False,
) -> None:
    day = day_of(on) if on else None
    _print(
        change(entry, lambda work: actions.admit(work, None, entry, decision, day or work.today)),
        as_json=as_json,
    )


def refuse(entry: Number, reason: Reason, *, as_json: JsonFlag = False) -> None:
    _print(change(entry, lambda work: actions.refuse(work, None, entry, reason)), as_json=as_json)


def withdraw(entry: Number, reason: Reason = "", *, as_json: JsonFlag = False) -> None:
    _print(change(entry, lambda work: actions.withdraw(work, None, entry, reason)), as_json=as_json)


def reopen(entry: Number, *, as_json: JsonFlag = False) -> None:
    _print(change(entry, lambda work: actions.reopen(work, None, entry)), as_json=as_json)


def _print(found: Admission, *, as_json: bool) -> None:
    if as_json:
        print_json(_as_json(found))
    else:
        say("admission", admission=found)


def _as_json(found: Admission) -> dict[str, Any]:
    return {
        "entry": found.id,
        "code": found.code,
        "name": found.full_name,
        "state": found.state.value,
        "begun": found.begun_at.isoformat(),
        "signed_on": found.signed_on.isoformat() if found.signed_on else None,
        "decision": found.decision,
        "decided_on": found.decided_on.isoformat() if found.decided_on else None,
        "reason": found.reason,
    }
