"""Commands of the evidence: verify, export, heads, growth, key, rotate."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from bot.branch import ARCHIVE_README, open_branch, open_reading, signing_keys
from bot.cli.evidence_files import Brought, verify_file
from bot.cli.output import CommandError, JsonFlag, fail, help_text, print_json, say, write_file
from bot.config import Settings
from bot.system import SystemClock
from handlers.evidence import actions, heads, telling
from handlers.evidence.archive import prove_growth, write_archive
from handlers.evidence.notes import fingerprint, public_pem
from handlers.evidence.stamps import StampError
from handlers.kit.context import Work
from storage import evidence_heads
from storage.database import StorageUnavailableError
from storage.evidence_check import Verdict
from storage.evidence_heads import PublishedKey, SignedHead
from storage.reading import ChangedMeanwhileError, OtherSchemaError

T = TypeVar("T")


def register(app: typer.Typer) -> None:
    group = typer.Typer()
    for command in (verify, export, show_heads, growth, key, rotate):
        name = command.__name__.removeprefix("show_")
        group.command(name, help=help_text(f"evidence_{name}"))(command)
    app.add_typer(group, name="evidence", help=help_text("evidence"))


KeptHead = Annotated[str | None, typer.Option("--head", help=help_text("evidence_head"))]
Archive = Annotated[Path | None, typer.Argument(help=help_text("evidence_archive"), show_default=False)]
KeyFile = Annotated[Path | None, typer.Option("--key", help=help_text("evidence_key_file"))]
Issuer = Annotated[Path | None, typer.Option("--tsa-cert", help=help_text("evidence_issuer"))]
Target = Annotated[Path, typer.Argument(help=help_text("evidence_target"), show_default=False)]
Old = Annotated[int, typer.Argument(help=help_text("evidence_old"), show_default=False)]
New = Annotated[int, typer.Argument(help=help_text("evidence_new"), show_default=False)]


def verify(
    file: Archive = None,
    *,
    key: KeyFile = None,
    issuer: Issuer = None,
    head: KeptHead = None,
    as_json: JsonFlag = False,
) -> None:
    kept = None if head is None else actions.kept_head(head)
    if file is not None or key is not None or issuer is not None:
        verify_file(file, Brought(key, issuer, kept), as_json=as_json)
        return
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


# The archive.


def export(file: Target, *, as_json: JsonFlag = False) -> None:
    done = asyncio.run(_export(Settings(), file))
    (row,) = telling.head_rows([done.head], [done.signer])
    about = {"waiting": done.waiting, "unstamped": done.unstamped}
    if as_json:
        print_json({"file": str(file), **about, **telling.as_json([row])[0]})
    else:
        say("evidence/exported", path=file, **about, **row)


@dataclass(frozen=True, slots=True)
class _Exported:
    """The head that was exported and its key; how many entries aren't sealed yet; why the head could not be
    time-stamped, if a service for that is set.
    """

    head: SignedHead
    signer: PublishedKey
    waiting: int
    unstamped: str | None


async def _export(settings: Settings, path: Path) -> _Exported:
    # The running bot's own rounds: every other command would start the slower for them.
    from bot.jobs.evidence import EvidenceRounds  # noqa: PLC0415
    from bot.jobs.stamps import StampRounds, stamp_service  # noqa: PLC0415

    async with open_branch(settings) as (database, services):
        clock, keys = SystemClock(), signing_keys(settings)
        rounds = EvidenceRounds(database, services, clock, keys)
        await rounds.seal()
        head = await rounds.make()
        if head is None:
            fail("evidence/no_entries")
        stamps = StampRounds(database, clock, stamp_service(settings.timestamp_url))
        unstamped = await _why_not(stamps.stamp)
        async with database.read() as tx:
            work = Work(services=services, db=tx, now=clock.now())
            await write_archive(work, head, path, ARCHIVE_README.read_bytes())
            signer = {each.id: each for each in await evidence_heads.keys(tx)}[head.key_id]
            return _Exported(head, signer, await actions.waiting(work), unstamped)


async def _why_not(stamp: Callable[[], Awaitable[None]]) -> str | None:
    """Why it could not be done: the archive is whole without a stamp."""
    try:
        await stamp()
    except StampError as error:
        return str(error)
    return None


# Heads and keys.


def show_heads(*, as_json: JsonFlag = False) -> None:
    heads, keys = asyncio.run(_read(_heads_and_keys))
    rows = telling.head_rows(heads, keys)
    if as_json:
        print_json(telling.as_json(rows))
    else:
        say("evidence/heads", heads=rows)


async def _heads_and_keys(work: Work) -> tuple[list[SignedHead], list[PublishedKey]]:
    return await evidence_heads.everything(work.db), await evidence_heads.keys(work.db)


def growth(old: Old, new: New, file: Target) -> None:
    """A proof that the head of NEW entries grew out of that of OLD."""
    content = asyncio.run(_read(lambda work: prove_growth(work, old, new)))
    write_file(file, content, "evidence/not_written")
    say("evidence/growth_written", path=file)


def key(file: Target) -> None:
    """The public key that signs now."""
    public, content, branch = asyncio.run(_read(_public_key))
    write_file(file, content, "evidence/not_written")
    say("evidence/key_written", path=file, branch=branch, signer=fingerprint(public.hex()))


async def _public_key(work: Work) -> tuple[bytes, bytes, str]:
    keys = await evidence_heads.keys(work.db)
    if not keys:
        fail("evidence/no_entries")
    public, branch = keys[-1].public, work.services.branch
    return public, public_pem(public, branch), branch.name


async def _read(look: Callable[[Work], Awaitable[T]]) -> T:
    async with open_reading(Settings()) as work:
        return await look(work)


def rotate() -> None:
    made, is_presented = asyncio.run(_rotate(Settings()))
    say("evidence/rotated", is_presented=is_presented, signer=fingerprint(made.public.hex()))


async def _rotate(settings: Settings) -> tuple[PublishedKey, bool]:
    async with open_branch(settings) as (database, services), database.write() as tx:
        work = Work(services=services, db=tx, now=SystemClock().now())
        return await heads.rotate(work, signing_keys(settings))
