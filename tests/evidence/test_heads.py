"""Signed heads: made once a day, told to the committee, signed by keys that present each other."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from bot.jobs.carrier import Carrier
from handlers.evidence import actions, heads, letters, tree
from handlers.evidence.notes import (
    NoteError,
    compact,
    fingerprint,
    is_signed,
    owner_of,
    public_pem,
    read_head,
    read_key,
    read_public_pem,
)
from handlers.kit import merkle
from handlers.kit.errors import RefusedError
from storage import evidence_heads, evidence_lines, jobs
from storage.database import Database, open_database
from storage.evidence_check import Problem, Verdict
from storage.guards import HEADS
from storage.schema.evidence import evidence_head, evidence_node
from storage.signing_keys import SigningKeys
from tests.evidence.archives import CODES, Book, book
from tests.jobs.occasions import deliver
from tests.people import CHAIR, COMMITTEE, LEADER, WORKER
from tests.storage.chain import acknowledge, campaign, put, tamper
from tests.world import BRANCH, World


@pytest.fixture
def branch(database: Database, tmp_path: Path) -> Book:
    return book(database, tmp_path)


@pytest.fixture
def told(branch_world: World, tmp_path: Path) -> Book:
    """A branch with people who can be reached."""
    return Book(branch_world, SigningKeys(tmp_path / "keys"))


async def verify(branch: Book, kept: str | None = None) -> Verdict:
    async with branch.world.database.read() as tx:
        return await actions.verify(branch.world.work(tx), kept)


async def test_a_head_says_what_it_vouches_for(branch: Book) -> None:
    await branch.grow("NV06", "NV07")
    head = await branch.sign()
    said = read_head(head.text)
    assert head.text.splitlines() == [
        "caunoi evidence head v1",
        f"branch: {BRANCH.name}",
        f"id: {BRANCH.tag}",
        "size: 3",
        f"root: {said.root}",
        f"chain: {said.chain}",
        f"time: {branch.world.clock.now().isoformat(timespec='seconds')}",
    ]
    made = merkle.CompactRange()
    async with branch.world.database.read() as tx:
        async for line in evidence_lines.lines(tx, 0, 3):
            made.append(merkle.leaf_hash(line.text.encode()))
            assert said.chain == line.seal or line.position < 3
    assert made.root().hex() == said.root
    assert is_signed(await branch.public(), head.signature, head.text)
    assert not is_signed(await branch.public(), head.signature, head.text + "x")
    assert not is_signed(b"short", head.signature, head.text)


async def test_nothing_new_needs_no_new_head(branch: Book) -> None:
    assert await branch.rounds.make() is None
    await branch.grow("NV06")
    assert await branch.sign() == await branch.sign()


async def test_once_a_day_when_something_came(branch: Book) -> None:
    async def count() -> int:
        await branch.rounds.sign()
        async with branch.world.database.read() as tx:
            return int(await tx.scalar(select(func.count()).select_from(evidence_head)))

    assert await count() == 0
    await branch.grow("NV06")
    assert [await count(), await count()] == [1, 1]
    await branch.grow("NV06")
    assert await count() == 1
    branch.world.clock.forward(days=1)
    assert await count() == 2
    branch.world.clock.forward(days=1)
    assert await count() == 2


async def test_the_tree_is_kept_in_blocks_and_agrees_with_all_of_it(
    branch: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_heads, "LOWEST", 1)
    monkeypatch.setattr(tree, "_BLOCK", 2)
    monkeypatch.setattr(tree, "STEP", 4)
    for _ in range(3):
        await branch.grow(*CODES[:6])
        head = await branch.sign()
        made = merkle.CompactRange()
        async with branch.world.database.read() as tx:
            async for line in evidence_lines.lines(tx, 0, head.size):
                made.append(merkle.leaf_hash(line.text.encode()))
            assert await evidence_heads.covered(tx) == head.size // 2 * 2
            first = await evidence_lines.line_at(tx, 1)
            assert await tree.Leaves(tx).root(0, 1) == merkle.leaf_hash(first.encode())
        assert read_head(head.text).root == made.root().hex()


async def test_a_tree_with_a_hole_signs_nothing(branch: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_heads, "LOWEST", 1)
    monkeypatch.setattr(tree, "_BLOCK", 2)
    await branch.grow(*CODES[:5])
    while await branch.do(lambda work: tree.grow(work.db)):
        pass
    await lay_open(branch.world.database, "DELETE FROM evidence_node WHERE level = 2")
    with pytest.raises(RefusedError, match="tree_broken"):
        await branch.rounds.make()


async def test_evidence_with_a_hole_signs_nothing(branch: Book) -> None:
    await branch.grow(*CODES[:5])
    await tamper(branch.world.database, "DELETE FROM evidence WHERE id = 3")
    with pytest.raises(RefusedError, match="tree_broken"):
        await branch.rounds.make()
    await branch.rounds.sign()


async def lay_open(database: Database, statement: str) -> None:
    """As `tamper`, for the tables of heads."""
    if database.url.get_backend_name() == "sqlite":
        drops = [f"DROP TRIGGER {table}_no_{verb}" for table in HEADS for verb in ("update", "delete")]
        await tamper(database, *drops, statement)
    else:
        await tamper(database, statement)


# Keys.


def test_a_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    SigningKeys(tmp_path / "deep" / "keys").make()
    folder = tmp_path / "deep" / "keys"
    (file,) = folder.iterdir()
    assert [stat.S_IMODE(each.stat().st_mode) for each in (file, folder)] == [0o600, 0o700]


def test_a_file_that_is_no_key_is_none(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path)
    public = keys.make().public_key().public_bytes_raw()
    assert keys.load(public) is not None
    assert keys.load(bytes(32)) is None
    (file,) = tmp_path.iterdir()
    file.write_text("else")
    assert keys.load(public) is None


async def test_a_key_presents_the_next_one(branch: Book) -> None:
    await branch.grow("NV06")
    await branch.sign()
    old = await branch.public()
    made, is_presented = await branch.do(lambda work: heads.rotate(work, branch.keys))
    assert is_presented
    assert is_signed(old, made.signature, made.text)
    paper = read_key(made.text)
    assert (paper.public, paper.size) == (made.public.hex(), 2)
    await branch.grow("NV07")
    assert is_signed(made.public, (await branch.sign()).signature, (await branch.sign()).text)


async def test_the_first_key_may_be_made_by_hand(branch: Book) -> None:
    made, is_presented = await branch.do(lambda work: heads.rotate(work, branch.keys))
    assert not is_presented
    assert is_signed(made.public, made.signature, made.text)


async def test_a_key_that_cannot_be_kept_signs_nothing(branch: Book, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    branch.rounds._keys = SigningKeys(tmp_path / "file")
    await branch.grow("NV06")
    with pytest.raises(RefusedError, match="key_not_kept"):
        await branch.rounds.make()
    await branch.rounds.sign()
    async with branch.world.database.read() as tx:
        assert await evidence_heads.keys(tx) == []


def test_a_public_key_as_a_file() -> None:
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    file = public_pem(public, BRANCH)
    assert read_public_pem(file) == public
    assert owner_of(file) == f"{BRANCH.name} ({BRANCH.tag})"
    assert owner_of(b"-----BEGIN PUBLIC KEY-----\n") == ""
    rsa = b"-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n"
    for other in (b"", b"else", rsa):
        with pytest.raises(NoteError):
            read_public_pem(other)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("v1", "v2"),
        ("size: 2", "size: two"),
        ("size: 2", "size: ²"),
        ("size: 2", "size: 02"),
        ("root: ", "root: x"),
        ("chain: ", "chain:"),
        ("time: 2", "time: x"),
        ("branch: ", "union: "),
        ("size", "\nsize"),
    ],
)
async def test_only_exact_texts_are_heads(branch: Book, old: str, new: str) -> None:
    await branch.grow("NV06")
    head = await branch.sign()
    with pytest.raises(NoteError):
        read_head(head.text.replace(old, new, 1))


def test_only_exact_texts_are_papers_of_keys() -> None:
    values = ("branch: a", "id: b", f"key: {'ab' * 32}", "after: 0", "time: 2026-03-02T01:30:00+00:00")
    text = "\n".join(("caunoi evidence key v1", *values, ""))
    assert read_key(text).text() == text
    for wrong in (text[:-1], text.replace("ab" * 32, "x"), text.replace("key v1", "head v1")):
        with pytest.raises(NoteError):
            read_key(wrong)


# Verification of the database.


async def test_verification_knows_the_heads(branch: Book) -> None:
    await branch.grow("NV06", "NV07")
    head = await branch.sign()
    await branch.grow("NV06")
    verdict = await verify(branch, compact(fingerprint(head.text)))
    assert (verdict.finding, verdict.kept) == (None, 3)
    unknown = await verify(branch, "ab" * 16)
    assert unknown.finding is not None
    assert unknown.finding.problem is Problem.REWRITTEN


@pytest.mark.parametrize(
    "change",
    ["signature = x'00'", "text = 'else'", "size = 2", "key_id = 9", "text = replace(text, 'size', 'Size')"],
)
async def test_a_changed_head_is_found(sqlite_url: str, tmp_path: Path, change: str) -> None:
    database = open_database(sqlite_url)
    branch = book(database, tmp_path)
    await branch.grow("NV06", "NV07")
    await branch.sign()
    await lay_open(database, put("evidence_head", change, "size = 3"))
    finding = (await verify(branch)).finding
    assert finding is not None
    assert (finding.problem, finding.entry) == (Problem.HEAD, None)
    await database.close()


@pytest.mark.parametrize("table", HEADS)
async def test_heads_refuse_update_and_delete(branch: Book, table: str) -> None:
    await branch.grow("NV06")
    await branch.sign()
    await branch.do(lambda work: evidence_heads.add_nodes(work.db, [(8, 0, bytes(32)), (1, 0, bytes(32))]))
    async with branch.world.database.read() as tx:
        assert await tx.scalar(select(func.count()).select_from(evidence_node)) == 1
    column = {"evidence_key": "id", "evidence_head": "size", "evidence_node": "level"}[table]
    for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):  # noqa: S608
        with pytest.raises(DBAPIError, match="append-only"):
            async with branch.world.database.write() as tx:
                await tx.run(text(statement))


# Telling.


def carrier(world: World) -> Carrier:
    return Carrier(world.database, world.services, world.clock, world.delivery.wake)


async def look(world: World) -> None:
    made = carrier(world)
    await made.plan()
    await made.carry_out()
    await deliver(world)


async def test_the_committee_is_told_in_the_morning(told: Book) -> None:
    world = told.world
    async with world.database.write() as tx:
        await acknowledge(tx, await campaign(tx), WORKER, world.clock.now())
    await told.seal()
    talks = {code: await world.talk(code) for code in (CHAIR, COMMITTEE, LEADER, WORKER)}
    await told.rounds.sign()
    # At 8:30, after the hour of that day.
    world.clock.forward(hours=23)
    for talk in talks.values():
        talk.look()
    await look(world)
    assert not talks[CHAIR].new
    assert await titles(world) == ["Dấu của sổ minh chứng (2 mục)"]
    world.clock.forward(hours=1)
    await look(world)
    async with world.database.read() as tx:
        head = await evidence_heads.latest(tx)
    assert head is not None
    for code in (CHAIR, COMMITTEE):
        talks[code].sees("Dấu của sổ minh chứng", "2 mục", fingerprint(head.text), "(khoá đầu tiên)")
    for code in (LEADER, WORKER):
        assert not talks[code].new


async def titles(world: World) -> list[str]:
    async with world.database.read() as tx:
        work = world.work(tx)
        found = await jobs.waiting_of(tx, letters.NAME)
        assert [await letters.responsible(work, each) for each in found] == [()] * len(found)
        return [await letters.title(work, each) for each in found]


async def test_of_two_heads_only_the_newer_is_told(told: Book) -> None:
    world = told.world
    chair = await world.talk(CHAIR)
    for slug in ("first", "second"):
        async with world.database.write() as tx:
            await acknowledge(tx, await campaign(tx, slug), WORKER, world.clock.now())
        await told.seal()
        await told.rounds.make()
    await told.do(lambda work: heads.rotate(work, told.keys))
    chair.look()
    world.clock.forward(days=1)
    await look(world)
    assert [("4 mục" in each.text, "khoá mới" in each.text) for each in chair.new] == [(True, False)]
