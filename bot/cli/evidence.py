"""Commands of the evidence: verify."""

import asyncio
from typing import Annotated

import typer

from bot.branch import open_reading
from bot.cli.output import CommandError, JsonFlag, fail, help_text, print_json
from bot.config import Settings
from handlers.evidence import actions
from storage.database import StorageUnavailableError
from storage.evidence_check import Verdict
from storage.reading import ChangedMeanwhileError, OtherSchemaError


def register(app: typer.Typer) -> None:
    group = typer.Typer()
    group.command(help=help_text("evidence_verify"))(verify)
    app.add_typer(group, name="evidence", help=help_text("evidence"))


KeptHead = Annotated[str | None, typer.Option("--head", help=help_text("evidence_head"))]


def verify(*, head: KeptHead = None, as_json: JsonFlag = False) -> None:
    kept = None if head is None else actions.kept_head(head)
    try:
        verdict, words = asyncio.run(_verify(Settings(), kept))
    except OtherSchemaError:
        fail("evidence/other_schema")
    except ChangedMeanwhileError:
        fail("evidence/changed_meanwhile")
    except StorageUnavailableError as error:
        fail("evidence/unreadable", reason=error)
    if as_json:
        print_json(actions.summary(verdict))
    elif verdict.ok:
        typer.echo(words)
    if not verdict.ok:
        raise CommandError(words)


async def _verify(settings: Settings, kept: str | None) -> tuple[Verdict, str]:
    async with open_reading(settings) as work:
        verdict = await actions.verify(work, kept)
        return verdict, actions.describe(work, verdict)
