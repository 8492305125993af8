"""The command `jobs`: what comes next by itself, and what came too late."""

import asyncio
from datetime import timedelta
from typing import Annotated, Any

import typer

from bot.branch import open_reading
from bot.cli.output import JsonFlag, help_text, print_json, say
from bot.config import Settings
from bot.features import KINDS
from handlers.jobs import actions
from handlers.kit.context import Work
from storage import jobs as jobs_of
from storage.jobs import Job

# So far back missed ones are shown.
MISSED_FOR = timedelta(days=30)


def register(app: typer.Typer) -> None:
    app.command(help=help_text("jobs"))(jobs)


Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, help=help_text("jobs_limit"))]


def jobs(*, limit: Limit = 20, as_json: JsonFlag = False) -> None:
    coming, missed = asyncio.run(_look(Settings(), limit))
    if as_json:
        print_json({"next": coming, "missed": missed})
    else:
        say("jobs", coming=coming, missed=missed, days=MISSED_FOR.days)


async def _look(settings: Settings, limit: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    async with open_reading(settings) as work:
        coming = await jobs_of.waiting(work.db, limit)
        missed = await jobs_of.late(work.db, work.now - MISSED_FOR, limit)
        return [await _shown(work, each) for each in coming], [await _shown(work, each) for each in missed]


async def _shown(work: Work, job: Job) -> dict[str, Any]:
    """Times are the branch's."""
    zone = work.services.zone
    return {
        "due": job.due_at.astimezone(zone).isoformat(timespec="minutes"),
        "until": job.expires_at.astimezone(zone).isoformat(timespec="minutes"),
        "kind": job.kind,
        "title": await actions.title(work, KINDS, job),
        "state": job.state.value,
        # People it didn't reach in time; null: nobody at all was sent it.
        "late": None if job.state is jobs_of.State.MISSED else job.late,
    }
