"""A small branch with evidence, and what somebody with the database's password could do to it."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, text

from storage import campaigns, evidence, evidence_seals, members, person_keys, study
from storage.campaigns import FrozenVersion
from storage.database import Database, Transaction
from storage.evidence import Kind, NewEvidence
from storage.guards import EVIDENCE, append_only
from storage.schema.evidence import evidence as entries
from storage.schema.evidence import person_key
from tests import people

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
# SHA-256 of the canonical text below.
VERSION = FrozenVersion(
    "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", "hello", 1, "Xin chào", b"hello"
)


async def campaign(tx: Transaction, slug: str = "hello") -> int:
    """An open campaign, and the roster of `people` where there is none yet; the campaign's id."""
    if not await members.everybody(tx):
        await people.seed(tx, NOW)
    await campaigns.freeze(tx, VERSION, NOW)
    campaign_id = await campaigns.create(
        tx,
        slug=slug,
        version_hash=VERSION.hash,
        title="Xin chào",
        audience="all",
        deadline=None,
        pass_mark=0,
        published_by=None,
        now=NOW,
    )
    await record_publication(tx, campaign_id, NOW)
    return campaign_id


async def record_publication(
    tx: Transaction, campaign_id: int, at: datetime, *, is_correction: bool = False
) -> None:
    """What publishing by command writes."""
    made = await campaigns.by_id(tx, campaign_id)
    assert made is not None
    terms = campaigns.terms(made.audience, made.deadline, made.pass_mark)
    entry = NewEvidence(
        kind=Kind.PUBLICATION,
        member_id=None,
        actor_id=None,
        campaign_id=campaign_id,
        channel=evidence.COMMAND,
        at=at,
        version_hash=made.version_hash,
        details={**terms, "correction": int(is_correction)},
    )
    await evidence.append(tx, entry)


async def acknowledge(tx: Transaction, campaign_id: int, code: str, at: datetime = NOW) -> int:
    """What an acknowledgement writes; the entry's id."""
    person = await members.by_code(tx, code)
    assert person is not None
    await study.show_card(tx, campaign_id, person.id, version_hash=VERSION.hash, card=1, now=at)
    entry = NewEvidence(
        kind=Kind.ACKNOWLEDGEMENT,
        member_id=person.id,
        actor_id=person.id,
        campaign_id=campaign_id,
        channel="direct",
        at=at,
        version_hash=VERSION.hash,
        statement_hash="ab" * 32,
        personal={"statement": "Tôi, Đặng Thu Hà, xác nhận…"},
    )
    number = await evidence.append(tx, entry)
    await study.acknowledge(tx, campaign_id, person.id, at, number)
    return number


async def personal(database: Database, entry: Row[Any]) -> dict[str, str]:
    """The entry's personal fields, opened with the key that is kept."""
    found = select(person_key.c.secret).where(person_key.c.fingerprint == entry.person_key)
    async with database.read() as tx:
        return person_keys.opened(await tx.scalar(found), entry.personal)


async def sealed_branch(database: Database) -> int:
    """Six people acknowledged, one a minute; that and the publication is sealed. The campaign's id."""
    async with database.write() as tx:
        campaign_id = await campaign(tx)
        for minute, (code, *_) in enumerate(people.PEOPLE[:6]):
            await acknowledge(tx, campaign_id, code, NOW + timedelta(minutes=minute))
        await evidence_seals.seal(tx, NOW + timedelta(minutes=6), 100)
    return campaign_id


async def insert_entry(database: Database, number: int, campaign_id: int, at: datetime) -> None:
    """An entry of a chosen number, as PostgreSQL shows it late or as a forger puts it in."""
    # A withdrawal of nothing: alone it makes nobody count, and nobody not.
    values = {
        "kind": Kind.WITHDRAWAL.value,
        "member_id": 9,
        "member_code": "NV09",
        "campaign_id": campaign_id,
        "channel": "direct",
        "at": at,
    }
    async with database.write() as tx:
        await tx.run(insert(entries).values(id=number, **values))


def put(table: str, values: str, where: str) -> str:
    return f"UPDATE {table} SET {values} WHERE {where}"  # noqa: S608 - the attack is the point


async def tamper(database: Database, *statements: str) -> None:
    """Run SQL with the database's own protection put aside, as whoever holds its file or password can."""
    if database.url.get_backend_name() == "sqlite":
        _tamper_with_file(str(database.url.database), statements)
        return
    async with database.write() as tx:
        for statement in ("SET LOCAL session_replication_role = replica", *statements):
            await tx.run(text(statement))


def _tamper_with_file(path: str, statements: Sequence[str]) -> None:
    """Foreign keys are off in a new connection; the triggers are dropped and put back."""
    with closing(sqlite3.connect(path)) as connection:
        for table in EVIDENCE:
            for verb in ("update", "delete"):
                connection.execute(f"DROP TRIGGER {table}_no_{verb}")
        for statement in (*statements, *append_only("sqlite", EVIDENCE)):
            connection.execute(statement)
        connection.commit()
