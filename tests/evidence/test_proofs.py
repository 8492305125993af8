"""What a member takes along about their own study, and that one head grew out of another."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from handlers.evidence import telling, tree
from handlers.evidence.archive import (
    BrokenError,
    CheckedGrowth,
    CheckedProof,
    Trouble,
    Trusted,
    check_proof,
    prove_growth,
    prove_study,
)
from handlers.evidence.archive.form import Growth, Proof
from handlers.evidence.notes import compact
from handlers.kit.errors import RefusedError
from storage import evidence_heads, members
from storage.database import Database
from storage.signing_keys import SigningKeys
from tests.evidence.archives import CODES, Book, book
from tests.people import WORKER
from tests.storage.chain import put, tamper
from tests.world import TEXTS, World


@pytest.fixture
def branch(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Book:
    """Its tree is kept in blocks of four, so that proofs read both."""
    monkeypatch.setattr(evidence_heads, "LOWEST", 2)
    monkeypatch.setattr(tree, "_BLOCK", 4)
    return book(database, tmp_path)


async def proof(branch: Book, code: str = WORKER) -> bytes:
    async with branch.world.database.read() as tx:
        person = await members.by_code(tx, code)
        assert person is not None
        return (await prove_study(branch.world.work(tx), person.id))[0]


def trouble(content: bytes, trusted: Trusted = Trusted()) -> tuple[Trouble, int | None]:  # noqa: B008 - frozen
    with pytest.raises(BrokenError) as caught:
        check_proof(content, trusted)
    return caught.value.trouble, caught.value.place


async def test_everybody_proves_their_own_entries_and_no_others(branch: Book) -> None:
    for _ in range(2):
        await branch.grow(*CODES)
    await branch.sign()
    # What comes after the head isn't under it.
    await branch.grow(*CODES)
    key = await branch.public()
    for code in CODES:
        checked = check_proof(await proof(branch, code), Trusted(key))
        assert isinstance(checked, CheckedProof)
        fields = [each.fields["member_code"] for each in checked.entries if each.fields]
        assert fields == [code, code]
        assert checked.is_trusted


async def test_it_is_read_by_people(branch: Book) -> None:
    await branch.grow(WORKER)
    await branch.sign()
    checked = check_proof(await proof(branch), Trusted())
    words = telling.words_of(TEXTS, checked)
    assert "1 mục dưới đây nằm trong sổ minh chứng" in words
    assert "Mục 2: xác nhận đã học, 2026-03-03T01:31:00.000000+00:00, mã NV06" in words
    assert "Tôi, Đặng Thu Hà, xác nhận…" in words
    assert "Chưa đối chiếu với khoá nào" in words
    assert telling.summary_of(checked)["entries"] == 1


async def test_without_a_head_there_is_nothing_to_prove(branch: Book) -> None:
    await branch.grow("NV07")
    with pytest.raises(RefusedError, match="nothing_to_prove"):
        await proof(branch)
    await branch.sign()
    with pytest.raises(RefusedError, match="nothing_to_prove"):
        await proof(branch)


async def test_broken_evidence_proves_nothing(branch: Book) -> None:
    await branch.grow(*CODES)
    await branch.sign()
    await tamper(branch.world.database, put("evidence", "channel = 'x'", "id > 1"))
    with pytest.raises(RefusedError, match="tree_broken"):
        await proof(branch)


async def test_a_proof_that_was_changed_is_none(branch: Book) -> None:
    await branch.grow(*CODES)
    await branch.sign()
    content = await proof(branch)
    made = msgspec.json.decode(content, type=Proof)
    change = msgspec.structs.replace
    (entry,), (person,) = made.entries, made.people

    def changed(**values: object) -> bytes:
        return msgspec.json.encode(change(made, **values))

    line = entry.line
    for other in (
        change(entry, text=entry.text.replace("direct", "Direct")),
        change(entry, line=line + 1),
        change(entry, path=entry.path[:-1]),
        change(entry, path=["no hash", *entry.path[1:]]),
    ):
        assert trouble(changed(entries=[other])) == (Trouble.PATH, other.line)
    assert trouble(changed(people=[change(person, secret=bytes(64))]))[0] is Trouble.DAMAGED
    forged = change(made.head, text=made.head.text.replace("size: 11", "size: 12"))
    assert trouble(changed(head=forged)) == (Trouble.FORGED, 1)
    assert trouble(changed(head=change(made.head, text="else")))[0] is Trouble.UNREADABLE
    assert trouble(changed(keys=[])) == (Trouble.FORGED, 1)
    assert trouble(changed(format="else"))[0] is Trouble.UNREADABLE
    assert trouble(content, Trusted(bytes(32)))[0] is Trouble.OTHER_KEY
    assert trouble(content, Trusted(kept="ab" * 16))[0] is Trouble.KEPT
    for other_file in (b"", b"[1]", b"\xff", content[:-2], b'{"format":"caunoi evidence proof 1"}'):
        assert trouble(other_file)[0] is Trouble.UNREADABLE


async def test_without_their_key_the_fields_stay_closed(branch: Book) -> None:
    await branch.grow(WORKER)
    await branch.sign()
    made = msgspec.json.decode(await proof(branch), type=Proof)
    checked = check_proof(msgspec.json.encode(msgspec.structs.replace(made, people=[])), Trusted())
    assert isinstance(checked, CheckedProof)
    assert [each.fields for each in checked.entries] == [None]


# One head out of another.


async def growth(branch: Book, old: int, new: int) -> bytes:
    async with branch.world.database.read() as tx:
        return await prove_growth(branch.world.work(tx), old, new)


async def test_every_head_grew_out_of_those_before(branch: Book) -> None:
    sizes = []
    for number in range(1, 5):
        await branch.grow(*CODES[:number])
        sizes.append((await branch.sign()).size)
    key = await branch.public()
    for old in sizes:
        for new in (each for each in sizes if each > old):
            checked = check_proof(await growth(branch, old, new), Trusted(key))
            assert isinstance(checked, CheckedGrowth)
            assert (checked.old.size, checked.new.size) == (old, new)
            words = telling.words_of(TEXTS, checked)
            assert f"{new} mục của dấu mới bắt đầu bằng đúng {old} mục của dấu cũ" in words
            kept = Trusted(kept=compact(checked.old_fingerprint))
            assert check_proof(await growth(branch, old, new), kept) == replace(checked, is_trusted=False)
            assert telling.summary_of(checked)["entries"] == new


async def test_heads_that_there_are_not(branch: Book) -> None:
    await branch.grow(WORKER)
    await branch.sign()
    for sizes in ((1, 2), (2, 2), (2, 3), (0, 2)):
        with pytest.raises(RefusedError, match="no_such_heads"):
            await growth(branch, *sizes)


async def test_growth_that_was_none(branch: Book) -> None:
    for _ in range(2):
        await branch.grow(*CODES[:4])
        await branch.sign()
    content = await growth(branch, 5, 10)
    made = msgspec.json.decode(content, type=Growth)
    for path in ([], made.path[:-1], [made.path[0], *made.path], ["no hash"]):
        changed = msgspec.json.encode(msgspec.structs.replace(made, path=path))
        assert trouble(changed)[0] is Trouble.PATH
    swapped = msgspec.json.encode(msgspec.structs.replace(made, old=made.new, new=made.old))
    assert trouble(swapped)[0] is Trouble.PATH
    await tamper(branch.world.database, put("evidence", "channel = 'x'", "id = 3"))
    await tamper(branch.world.database, put("evidence", "channel = 'x'", "id = 6"))
    with pytest.raises(RefusedError, match="tree_broken"):
        await growth(branch, 5, 10)


# In the chat.


async def test_a_member_takes_the_proof_along(branch_world: World, tmp_path: Path) -> None:
    branch = Book(branch_world, SigningKeys(tmp_path / "keys"))
    await branch.grow(WORKER)
    talk = await branch_world.talk(WORKER)
    await talk.says("/toi")
    await talk.taps("Bằng chứng việc học")
    talk.sees("Chưa có mục nào của anh/chị dưới một dấu đã ký")
    await branch.sign()
    await talk.says("/toi")
    await talk.taps("Bằng chứng việc học")
    talk.sees("Đây là bằng chứng việc học của anh/chị: 1 mục")
    (name, content), *_ = [each.file for each in talk.all if each.file]
    assert name == "bang-chung-viec-hoc.json"
    checked = check_proof(content, Trusted(await branch.public()))
    assert isinstance(checked, CheckedProof)
    talk.sees(checked.fingerprint)
