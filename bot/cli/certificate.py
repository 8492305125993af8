"""Commands of certificates: certificate of a person, all, list, revoke, restore."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.entries import Number, do
from bot.cli.frame import DefaultGroup
from bot.cli.output import JsonFlag, fail, help_text, print_json, say, shown, write_file
from handlers.certificates import actions, printing, tokens
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from storage import campaigns, certificates, members
from storage.campaigns import Campaign
from storage.certificates import Certificate

Out = Annotated[Path, typer.Option(help=help_text("certificate_out"))]
Prepared = Mapping[str, Any]
OfCampaign = Annotated[str | None, typer.Option(help=help_text("certificate_campaign"))]


def register(app: typer.Typer) -> None:
    group = typer.Typer(cls=DefaultGroup)
    group.command("print", help=help_text("certificate_print"))(print_)
    group.command("all", help=help_text("certificate_all"))(all_)
    group.command("list", help=help_text("certificate_list"))(list_)
    for command in (revoke, restore):
        group.command(help=help_text(f"certificate_{command.__name__}"))(command)
    app.add_typer(group, name="certificate", help=help_text("certificate"))


def print_(
    code: Annotated[str, typer.Argument(help=help_text("certificate_code"))],
    out: Out,
    campaign: OfCampaign = None,
    *,
    as_json: JsonFlag = False,
) -> None:
    _check_ending(out)
    prepared, found = asyncio.run(do(lambda work: _of_person(work, code, campaign)))
    write_file(out, printing.draw(prepared), "certificate_unwritable")
    if as_json:
        print_json(found | {"file": str(out)})
    else:
        say("certificate", found=found, path=out)


async def _of_person(work: Work, code: str, named: str | None) -> tuple[Prepared, dict[str, Any]]:
    """Of the campaign that was named, or of the newest that they passed."""
    person = await members.by_code(work.db, code)
    if person is None:
        fail("no_person", code=shown(code))
    of = await _campaign(work, named) if named is not None else None
    passed = await certificates.passed_by(work.db, person.id)
    wanted = next((each for each in passed if of is None or each.campaign_id == of.id), None)
    if wanted is None:
        raise RefusedError("certificates/not_passed", name=person.full_name, campaign=of)
    found = await actions.issue(work, wanted)
    return await printing.prepare(work, [found]), _as_json(work, found)


async def _campaign(work: Work, named: str) -> Campaign:
    found = await campaigns.find(work.db, named)
    if found is None:
        fail("no_campaign", name=shown(named))
    return found


def all_(
    campaign: Annotated[str, typer.Option(help=help_text("certificate_campaign_all"))],
    out: Out,
    *,
    as_json: JsonFlag = False,
) -> None:
    _check_ending(out)
    prepared, of, count = asyncio.run(do(lambda work: _of_all(work, campaign)))
    content = printing.draw(prepared)
    write_file(out, content, "certificate_unwritable")
    if as_json:
        print_json({"campaign": of, "certificates": count, "file": str(out), "bytes": len(content)})
    else:
        say("certificates", count=count, path=out)


async def _of_all(work: Work, named: str) -> tuple[Prepared, int, int]:
    of = await _campaign(work, named)
    found = await actions.issue_all(work, of)
    return await printing.prepare(work, found), of.id, len(found)


def _check_ending(out: Path) -> None:
    if out.suffix.lower() != ".pdf":
        fail("certificate_ending", path=shown(out))


def list_(campaign: OfCampaign = None, *, as_json: JsonFlag = False) -> None:
    found = asyncio.run(do(lambda work: _list(work, campaign)))
    if as_json:
        print_json(found)
    else:
        say("certificates_issued", found=found)


async def _list(work: Work, named: str | None) -> list[dict[str, Any]]:
    of = (await _campaign(work, named)).id if named is not None else None
    return [_as_json(work, each) for each in await certificates.issued(work.db, of)]


def revoke(
    entry: Number,
    reason: Annotated[str, typer.Option(help=help_text("certificate_reason"))],
    *,
    as_json: JsonFlag = False,
) -> None:
    async def enter(work: Work) -> dict[str, Any]:
        return _as_json(work, await actions.revoke(work, entry, reason))

    _print(asyncio.run(do(enter)), as_json=as_json)


def restore(entry: Number, *, as_json: JsonFlag = False) -> None:
    async def enter(work: Work) -> dict[str, Any]:
        return _as_json(work, await actions.restore(work, entry))

    _print(asyncio.run(do(enter)), as_json=as_json)


def _print(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
    else:
        say("certificate_state", found=found)


def _as_json(work: Work, found: Certificate) -> dict[str, Any]:
    zone = work.services.zone
    return {
        "number": found.number,
        "code": found.code,
        "name": found.full_name,
        "campaign": found.campaign_id,
        "title": found.title,
        "passed_on": found.passed_at.astimezone(zone).date().isoformat(),
        "issued_on": found.issued_at.astimezone(zone).date().isoformat(),
        "valid": found.is_valid,
        "reason": found.reason,
        "address": tokens.address(work.services.public_url, found.token),
    }
