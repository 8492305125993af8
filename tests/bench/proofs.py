"""Evidence of many years: how long its archive takes to write and to check, and what memory that needs."""

import asyncio
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from time import perf_counter

import psutil
from sqlalchemy import insert

from storage import evidence_seals, members, person_keys
from storage.database import Database, open_database
from storage.evidence import FORMAT, Kind
from storage.schema.evidence import evidence as entries
from tests.bench.figures import Figure
from tests.bench.processes import Databases, command, environment
from tests.storage.chain import NOW, VERSION, campaign

_STEP = 5_000
_LOOK_S = 0.2
_STATEMENT = "Tôi là {code}. Tôi xác nhận đã đọc hết 16 trang tóm tắt tài liệu số {number}."


async def measure(databases: Databases, kind: str, home: Path, count: int) -> list[Figure]:
    """Ten people acknowledge and pass again and again; all their entries have personal fields."""
    url = await databases.fresh(kind)
    database = open_database(url)
    await command(url, home, "init", "--branch", "Công đoàn cơ sở Thử tải", "--chair", "Trần Văn Bình")
    await _fill(database, count)
    await database.close()
    large = home / "large.zip"
    begun = perf_counter()
    export_mb = await _run(url, home, "evidence", "export", str(large))
    exported = perf_counter() - begun
    begun = perf_counter()
    verify_mb = await _run(url, home, "evidence", "verify", str(large))
    verified = perf_counter() - begun
    what = f"{count:,} entries of evidence"
    return [
        Figure(f"{what}, exported", kind, exported, "s"),
        Figure("the same, memory of the command", kind, export_mb, "MB", 250),
        Figure(f"{what}, their archive verified", kind, verified, "s"),
        Figure("the same, memory of the command", kind, verify_mb, "MB", 250),
        Figure("the archive, for each entry", kind, large.stat().st_size / count, "bytes"),
    ]


async def _fill(database: Database, count: int) -> None:
    """Entries as the program writes them, with their seals."""
    async with database.write() as tx:
        campaign_id = await campaign(tx)
        people = [each.id for each in await members.everybody(tx)][:10]
        for each in people:
            await person_keys.seal(tx, each, {}, NOW)
        secrets = {member: (key, secret) for key, (member, secret) in (await person_keys.secrets(tx)).items()}
    for begin in range(0, count, _STEP):
        rows = [
            _entry(campaign_id, people[number % len(people)], secrets, number)
            for number in range(begin, min(begin + _STEP, count))
        ]
        async with database.write() as tx:
            await tx.run_many(insert(entries), rows)
        await _seal(database)


def _entry(
    campaign_id: int, member: int, secrets: dict[int, tuple[str, bytes]], number: int
) -> dict[str, object]:
    key, secret = secrets[member]
    code = f"NV{member:05}"
    statement = _STATEMENT.format(code=code, number=number)
    statement_hash = sha256(statement.encode()).hexdigest()
    fields = {"member_code": code, "statement": statement, "statement_hash": statement_hash}
    return {
        "kind": Kind.ACKNOWLEDGEMENT.value,
        "member_id": member,
        "actor_id": member,
        "campaign_id": campaign_id,
        "version_hash": VERSION.hash,
        "channel": "telegram",
        "details": '{"late":0}',
        "at": NOW,
        "format": FORMAT,
        "personal": person_keys.sealed_text(secret, fields),
        "person_key": key,
    }


async def _seal(database: Database) -> None:
    while True:
        async with database.write() as tx:
            if not await evidence_seals.seal(tx, NOW, _STEP):
                return


async def _run(url: str, home: Path, *words: str) -> float:
    """Run a command to its end; the most memory that it held, in MB."""
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words, "--json"),
        env=environment(url),
        cwd=home,
        stdout=asyncio.subprocess.DEVNULL,
    )
    process, most = psutil.Process(running.pid), 0
    ending = asyncio.ensure_future(running.wait())  # noqa: TID251 - a benchmark
    while not ending.done():
        with suppress(psutil.Error):
            most = max(most, process.memory_info().rss)
        await asyncio.wait([ending], timeout=_LOOK_S)
    if running.returncode:
        raise RuntimeError(f"{' '.join(words)} ended with {running.returncode}")
    return most / 2**20
