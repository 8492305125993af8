"""Commands of officers' training: training, training add, certificate, remove."""

import asyncio
from mimetypes import guess_type
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.entries import Number, change, day_of, do, person_json
from bot.cli.frame import BareGroup
from bot.cli.output import JsonFlag, fail, help_text, print_json, say
from handlers.kit.context import Work
from handlers.kit.files import LARGEST, MEGABYTE, safe_mime, safe_name
from handlers.registers.training import actions
from storage.outbox import Attached
from storage.registers.training import Training


def register(app: typer.Typer) -> None:
    group = typer.Typer(cls=BareGroup)
    group.command("list", help=help_text("training_list"))(list_)
    for command in (add, certificate, remove):
        group.command(help=help_text(f"training_{command.__name__}"))(command)
    app.add_typer(group, name="training", help=help_text("training"))


def list_(*, as_json: JsonFlag = False) -> None:
    standing = asyncio.run(do(actions.look))
    if as_json:
        print_json(
            {
                "officers": standing.share.whole,
                "trained": standing.share.part,
                "target": actions.TARGET,
                "lacking": [person_json(each) for each in standing.lacking],
                "entries": [_as_json(each) for each in standing.courses],
            }
        )
    else:
        say("trainings", standing=standing, target=actions.TARGET)


def add(
    codes: Annotated[str, typer.Argument(help=help_text("training_codes"))],
    course: Annotated[str, typer.Option(help=help_text("training_course"))],
    on: Annotated[str, typer.Option(help=help_text("training_on"))],
    *,
    as_json: JsonFlag = False,
) -> None:
    day = day_of(on)

    async def note(work: Work) -> list[Training]:
        return await actions.note(work, None, codes, course, day)

    _print(asyncio.run(do(note)), as_json=as_json)


def certificate(
    entry: Number,
    *,
    number: Annotated[str | None, typer.Option(help=help_text("training_number"))] = None,
    file: Annotated[Path | None, typer.Option(help=help_text("training_file"))] = None,
    as_json: JsonFlag = False,
) -> None:
    picture = None if file is None else _read(file)

    async def enter(work: Work) -> Training:
        found = await actions.find(work, entry)
        if number is not None:
            found = await actions.set_certificate(work, entry, number)
        return found if picture is None else await actions.set_file(work, entry, picture)

    _print([change(entry, enter)], as_json=as_json)


def _read(path: Path) -> Attached:
    try:
        if path.stat().st_size > LARGEST:
            fail("certificate_too_large", path=path, most=LARGEST // MEGABYTE)
        content = path.read_bytes()
    except OSError as error:
        fail("certificate_unreadable", path=path, problem=error.strerror)
    return Attached(safe_name(path.name), safe_mime(guess_type(path.name)[0] or ""), content)


def remove(entry: Number, *, as_json: JsonFlag = False) -> None:
    found = change(entry, lambda work: actions.remove(work, entry))
    if as_json:
        print_json([_as_json(found)])
    else:
        say("training_removed", training=found)


def _print(entries: list[Training], *, as_json: bool) -> None:
    if as_json:
        print_json([_as_json(each) for each in entries])
    else:
        say("training", entries=entries)


def _as_json(found: Training) -> dict[str, Any]:
    return {
        "entry": found.id,
        "code": found.code,
        "name": found.full_name,
        "course": found.course,
        "held_on": found.held_on.isoformat(),
        "certificate": found.certificate,
        "has_file": found.attachment_id is not None,
    }
