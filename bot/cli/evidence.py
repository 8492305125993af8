"""Commands of the evidence: verify."""

import asyncio
from typing import Annotated

import typer

from bot.branch import open_branch
from bot.cli.output import CommandError, JsonFlag, help_text, print_json, texts
from bot.config import Settings
from bot.system import SystemClock
from handlers.evidence import actions
from handlers.kit.context import Work
from storage.evidence_check import Verdict


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True)
    group.command(help=help_text("evidence_verify"))(verify)
    app.add_typer(group, name="evidence", help=help_text("evidence"))


KeptHead = Annotated[str | None, typer.Option("--head", help=texts().label("evidence/help_head"))]


def verify(*, head: KeptHead = None, as_json: JsonFlag = False) -> None:
    kept = None if head is None else actions.kept_head(head)
    verdict, words = asyncio.run(_verify(Settings(), kept))
    if as_json:
        print_json(actions.summary(verdict))
    elif verdict.ok:
        typer.echo(words)
    if not verdict.ok:
        raise CommandError(words)


async def _verify(settings: Settings, kept: str | None) -> tuple[Verdict, str]:
    async with open_branch(settings) as (database, services), database.read() as tx:
        work = Work(services=services, db=tx, now=SystemClock().now())
        verdict = await actions.verify(work, kept)
        return verdict, actions.describe(work, verdict)
