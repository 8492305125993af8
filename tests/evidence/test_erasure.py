"""Who withdraws their consent takes their words out of the evidence; all the rest stays and agrees."""

import json
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from handlers.evidence import actions, telling
from handlers.evidence.archive import Trusted, check_archive
from handlers.evidence.archive.form import ENTRIES, FIELDS, PEOPLE
from handlers.kit.errors import RefusedError
from handlers.me import actions as me
from handlers.me.export import own_file
from storage import accounts, members, person_keys
from storage.database import Database, open_database
from storage.evidence_check import Finding, Problem, Verdict
from storage.schema.evidence import evidence, person_key
from storage.signing_keys import SigningKeys
from tests.evidence.archives import Book, book, lines, unpack
from tests.people import WORKER
from tests.storage.chain import personal
from tests.world import TEXTS, World

STATED = "Tôi, Đặng Thu Hà, xác nhận…"


async def verify(branch: Book) -> Verdict:
    async with branch.world.database.read() as tx:
        return await actions.verify(branch.world.work(tx))


async def withdraw(branch: Book, code: str = WORKER, *, is_sealed: bool = True) -> int:
    """By their only account; their member's number."""
    async with branch.world.database.write() as tx:
        person = await members.by_code(tx, code)
        assert person is not None
        account = await accounts.arrive(tx, "direct", f"p-{code}", branch.world.clock.now())
        await accounts.link(tx, account.id, person.id, branch.world.clock.now())
        await me.withdraw(branch.world.work(tx), person.id, account.id)
    if is_sealed:
        await branch.seal()
    return person.id


async def test_the_words_are_gone_and_everything_agrees(database: Database, tmp_path: Path) -> None:
    branch = book(database, tmp_path)
    await branch.grow(WORKER, "NV07")
    await branch.sign()
    before = unpack(await branch.export(tmp_path / "before.zip"))
    member = await withdraw(branch)
    assert (await verify(branch)).finding is None
    path = await branch.export(tmp_path / "after.zip")
    checked = check_archive(path, Trusted(await branch.public()))
    assert (checked.head.size, checked.destroyed) == (4, 1)
    assert "1 mục có phần riêng đã huỷ khoá, đúng như sổ ghi" in telling.words_of(TEXTS, checked)
    after = unpack(path)
    # The entries are as they were, and one more says what was done.
    assert lines(after, ENTRIES)[:3] == lines(before, ENTRIES)
    erased = json.loads(lines(after, ENTRIES)[3])
    assert (erased["kind"], erased["member_id"], erased["channel"]) == ("erasure", member, "direct")
    for name in (FIELDS, PEOPLE):
        assert len(lines(before, name)) == len(lines(after, name)) + 1
    everything = b"".join(after.values())
    assert b"NV07" in everything
    assert WORKER.encode() not in everything
    assert await nothing_of(branch.world.database, member)


async def test_an_archive_holds_the_entry_of_each_key_that_it_lacks(
    database: Database, tmp_path: Path
) -> None:
    """Else it would seem to have lost the key of who withdrew after its head was made."""
    branch = book(database, tmp_path)
    await branch.grow(WORKER, "NV07")
    await branch.sign()
    await withdraw(branch, is_sealed=False)
    with pytest.raises(RefusedError, match="withdrawn_meanwhile"):
        await branch.export(tmp_path / "a.zip")
    assert not list(tmp_path.glob("*.zip*"))  # noqa: ASYNC240
    await branch.seal()
    checked = check_archive(await branch.export(tmp_path / "a.zip"), Trusted())
    assert (checked.head.size, checked.destroyed) == (4, 1)


async def nothing_of(database: Database, member: int) -> bool:
    """What the database holds opens nothing of theirs."""
    async with database.read() as tx:
        secrets = await person_keys.secrets(tx)
        theirs = await tx.all(select(evidence).where(evidence.c.member_id == member))
    return bool(theirs) and all(each.person_key not in secrets for each in theirs)


async def test_who_comes_back_has_a_new_key(database: Database, tmp_path: Path) -> None:
    branch = book(database, tmp_path)
    await branch.grow(WORKER)
    member = await withdraw(branch)
    await branch.grow(WORKER)
    assert (await verify(branch)).finding is None
    async with database.read() as tx:
        first, _, second = await tx.all(
            select(evidence).where(evidence.c.member_id == member).order_by(evidence.c.id)
        )
    assert first.person_key != second.person_key
    assert (await personal(database, second))["statement"] == STATED
    await withdraw(branch)
    assert await nothing_of(database, member)
    assert (await verify(branch)).finding is None


async def test_who_has_no_entries_leaves_none(database: Database, tmp_path: Path) -> None:
    branch = book(database, tmp_path)
    await branch.grow("NV07")
    await withdraw(branch)
    async with database.read() as tx:
        assert await tx.all(select(evidence).where(evidence.c.kind == "erasure")) == []


async def test_a_key_that_only_went_missing_is_a_finding(database: Database, tmp_path: Path) -> None:
    branch = book(database, tmp_path)
    await branch.grow(WORKER, "NV07")
    async with database.write() as tx:
        await tx.run(delete(person_key).where(person_key.c.member_id == 9))
        gone = await tx.scalar(select(evidence.c.id).where(evidence.c.person_key.is_not(None)).limit(1))
        await tx.run(delete(person_key))
    assert (await verify(branch)).finding == Finding(Problem.KEY, gone)


async def test_a_key_that_was_replaced_is_a_finding(database: Database, tmp_path: Path) -> None:
    branch = book(database, tmp_path)
    await branch.grow(WORKER, "NV07")
    async with database.write() as tx:
        await tx.run(update(person_key).values(secret=bytes(64)))
    assert (await verify(branch)).finding == Finding(Problem.KEY, 2)


def test_what_was_sealed_opens_with_its_key_alone() -> None:
    key = bytes(range(64))
    sealed = person_keys.sealed_text(key, {"statement": STATED})
    assert person_keys.opened(key, sealed) == {"statement": STATED}
    for secret, text in ((bytes(64), sealed), (key, sealed[:-4]), (key, "no base 64"), (key, "")):
        with pytest.raises(person_keys.NotOpenedError):
            person_keys.opened(secret, text)


async def test_the_own_file_shows_the_words_until_then(branch_world: World, tmp_path: Path) -> None:
    branch = Book(branch_world, SigningKeys(tmp_path / "keys"))
    await branch.grow(WORKER)
    member = await person(branch, WORKER)

    async def shown() -> str:
        async with branch.world.database.read() as tx:
            return (await own_file(branch.world.work(tx), member)).content.decode()

    assert STATED in await shown()
    await withdraw(branch)
    assert STATED not in await shown()


async def person(branch: Book, code: str) -> int:
    async with branch.world.database.read() as tx:
        found = await members.by_code(tx, code)
    assert found is not None
    return found.id


async def test_the_key_is_in_no_file_of_the_database_any_more(sqlite_url: str, tmp_path: Path) -> None:
    """SQLite's log holds what was written last; a look of the program's takes it out."""
    database = open_database(sqlite_url)
    branch = book(database, tmp_path)
    await branch.grow(WORKER)
    async with database.read() as tx:
        ((_, secret),) = (await person_keys.secrets(tx)).values()

    def is_somewhere() -> bool:
        files = Path(str(database.url.database)).parent.glob("*.db*")
        return any(secret in file.read_bytes() for file in files)

    await withdraw(branch)
    assert is_somewhere()
    await branch.rounds.forget()
    await branch.rounds.forget()
    assert not is_somewhere()
    await database.close()


async def test_members_read_what_it_means_before_they_withdraw(branch_world: World) -> None:
    talk = await branch_world.talk(WORKER)
    await talk.says("/toi")
    await talk.taps("Rút lại đồng ý")
    talk.sees("phần riêng trong đó", "bị huỷ khoá ngay", "vẫn được tính")
