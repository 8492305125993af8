"""The archive: it can be checked by itself, by our program and by others', and says what is wrong with it."""

import asyncio
import os
import re
import signal
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import update

from handlers.evidence import telling
from handlers.evidence.archive import BrokenError, Checked, Trouble, Trusted, check_archive
from handlers.evidence.archive.form import ENTRIES, FIELDS, HEADS, KEYS, MANIFEST, PEOPLE, SEALS, Signed
from handlers.evidence.heads import rotate
from handlers.evidence.notes import compact
from handlers.kit.errors import RefusedError
from storage.database import Database
from storage.schema.evidence import person_key
from tests.evidence.archives import CODES, Book, book, build, lines, pack, unpack, with_lines
from tests.storage.chain import VERSION, put, tamper
from tests.world import TEXTS

Made = tuple[Path, bytes]
TEXT = f"documents/{VERSION.hash}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return build(tmp_path_factory.mktemp("book"))


def trouble(path: Path, trusted: Trusted = Trusted()) -> tuple[Trouble, int | None, str]:  # noqa: B008 - frozen
    with pytest.raises(BrokenError) as caught:
        check_archive(path, trusted)
    return caught.value.trouble, caught.value.place, caught.value.about


def test_it_is_intact(made: Made) -> None:
    assert stat.S_IMODE(made[0].stat().st_mode) == 0o600
    checked = check_archive(made[0], Trusted())
    assert (checked.head.size, checked.heads, checked.destroyed, checked.breaks) == (23, 2, 0, 0)
    assert (checked.is_trusted, checked.kept) == (False, None)
    assert check_archive(made[0], Trusted(made[1])).is_trusted


def test_what_was_kept_is_found_in_it(made: Made) -> None:
    checked: Checked = check_archive(made[0], Trusted())
    seal = lines(unpack(made[0]), SEALS)[6].decode()
    assert check_archive(made[0], Trusted(kept=compact(checked.fingerprint))).kept == 23
    assert check_archive(made[0], Trusted(kept=seal)).kept == 7
    assert trouble(made[0], Trusted(kept="ab" * 32))[0] is Trouble.KEPT


def test_others_check_it_as_its_own_page_says(made: Made, tmp_path: Path) -> None:
    """The commands and the program are taken from the page inside."""
    with zipfile.ZipFile(made[0]) as archive:
        archive.extractall(tmp_path)
    page = (tmp_path / "README.txt").read_text("utf-8")
    command = re.search(r"openssl pkeyutl .*", page)
    assert command is not None
    said = subprocess.run(command[0].split(), cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "Signature Verified Successfully" in said.stdout
    program = page.split("----8<----")[1]

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
        )

    assert run().stdout == "OK 23\n"
    entries = tmp_path / ENTRIES
    entries.write_bytes(entries.read_bytes().replace(b"direct", b"Direct", 1))
    assert run().returncode == 1


def test_it_is_cut_off_wherever_that_is(made: Made, tmp_path: Path) -> None:
    whole, cut = made[0].read_bytes(), tmp_path / "cut.zip"
    for size in (1, 2, 50, len(whole) // 2, len(whole) - 30, len(whole) - 1):
        cut.write_bytes(whole[:size])
        assert trouble(cut)[0] is Trouble.UNREADABLE


def test_a_bit_that_turned_over_is_found(made: Made, tmp_path: Path) -> None:
    whole, path = made[0].read_bytes(), tmp_path / "bit.zip"
    for at in range(100, len(whole), len(whole) // 60):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        try:
            check_archive(path, Trusted())
        except BrokenError:
            continue
        # What no program reads: a time, a remark on who made it.
        assert unpack(path) == unpack(made[0])


@pytest.mark.parametrize("name", [ENTRIES, SEALS, FIELDS, PEOPLE, HEADS, KEYS, "head.txt", "README.txt"])
def test_a_file_is_gone(made: Made, tmp_path: Path, name: str) -> None:
    files = unpack(made[0])
    del files[name]
    assert trouble(pack(files, tmp_path / "a.zip")) == (Trouble.FILES, None, name)
    assert trouble(pack(files, tmp_path / "b.zip", is_listed=False)) == (Trouble.FILES, None, name)


def test_a_file_is_one_too_many(made: Made, tmp_path: Path) -> None:
    files = {**unpack(made[0]), "more.txt": b""}
    assert trouble(pack(files, tmp_path / "a.zip", is_listed=False)) == (Trouble.FILES, None, "more.txt")


def test_the_page_inside_was_changed(made: Made, tmp_path: Path) -> None:
    files = {**unpack(made[0]), "README.txt": b"All is well."}
    assert trouble(pack(files, tmp_path / "a.zip", is_listed=False)) == (Trouble.DAMAGED, None, "README.txt")


@pytest.mark.parametrize("content", [b"[]", b"{", b'{"format":"else"}'])
def test_a_list_of_something_else(made: Made, tmp_path: Path, content: bytes) -> None:
    files = {**unpack(made[0]), MANIFEST: content}
    assert trouble(pack(files, tmp_path / "a.zip", is_listed=False))[0] is Trouble.UNREADABLE


def test_the_list_of_another_form(made: Made, tmp_path: Path) -> None:
    files = unpack(made[0])
    files[MANIFEST] = files[MANIFEST].replace(b"archive 1", b"archive 2")
    assert trouble(pack(files, tmp_path / "a.zip"))[0] is Trouble.UNREADABLE


def test_a_text_that_was_studied(made: Made, tmp_path: Path) -> None:
    files = {**unpack(made[0]), TEXT: b"hullo"}
    assert trouble(pack(files, tmp_path / "a.zip")) == (Trouble.DOCUMENT, None, VERSION.hash)
    del files[TEXT]
    assert trouble(pack(files, tmp_path / "b.zip")) == (Trouble.DOCUMENT, 1, VERSION.hash)


def test_personal_fields_that_read_otherwise(made: Made, tmp_path: Path) -> None:
    files = unpack(made[0])
    shown = lines(files, FIELDS)
    for at, changed in enumerate((shown[0].replace(b"CT01", b"CT02"), b"{}", shown[1])):
        broken = with_lines(files, FIELDS, [changed, *shown[1:]])
        expected = (Trouble.DAMAGED, 1) if changed == b"{}" else (Trouble.PERSONAL, 2)
        assert trouble(pack(broken, tmp_path / f"{at}.zip"))[:2] == expected
    longer = with_lines(files, FIELDS, [*shown, shown[-1]])
    assert trouble(pack(longer, tmp_path / "long.zip"))[:2] == (Trouble.DAMAGED, len(shown) + 1)
    shorter = with_lines(files, FIELDS, shown[:-1])
    assert trouble(pack(shorter, tmp_path / "short.zip"))[:2] == (Trouble.PERSONAL, 23)


def test_a_key_that_is_kept_back_without_an_entry_that_says_so(made: Made, tmp_path: Path) -> None:
    files = unpack(made[0])
    people = [each for each in lines(files, PEOPLE) if b'"member":1,' not in each]
    shown = [each for each in lines(files, FIELDS) if b"CT01" not in each]
    broken = with_lines(with_lines(files, PEOPLE, people), FIELDS, shown)
    assert trouble(pack(broken, tmp_path / "a.zip")) == (Trouble.PERSONAL, 2, "")


def test_a_key_under_another_name(made: Made, tmp_path: Path) -> None:
    files = unpack(made[0])
    first, second, *rest = lines(files, PEOPLE)
    one, other = (msgspec.json.decode(each) for each in (first, second))
    swapped = msgspec.json.encode({**one, "secret": other["secret"]})
    broken = with_lines(files, PEOPLE, [swapped, second, *rest])
    assert trouble(pack(broken, tmp_path / "a.zip")) == (Trouble.DAMAGED, 1, PEOPLE)


def test_what_a_file_says_cannot_move_the_cursor(made: Made, tmp_path: Path) -> None:
    name = "a\x1b[2J\nb" * 50
    files = {**unpack(made[0]), name: b""}
    with pytest.raises(BrokenError) as caught:
        check_archive(pack(files, tmp_path / "a.zip", is_listed=False), Trusted())
    words = telling.why_broken(TEXTS, caught.value, owner=name)
    assert words.isprintable()
    assert len(words) < 300


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_has_its_words(trouble: Trouble) -> None:
    for place in (12, None):
        words = telling.why_broken(TEXTS, BrokenError(trouble, place, "NV<07>"))
        assert words
        assert "&lt;" not in words
        assert "\n" not in words


# Other branches, other keys.


def test_a_head_of_another_branch_among_them(made: Made, tmp_path: Path) -> None:
    files = unpack(made[0])
    heads = lines(files, HEADS)
    forged = heads[0].replace("Thử nghiệm".encode(), "Bên Cạnh".encode())
    broken = with_lines(files, HEADS, [forged, *heads[1:]])
    found = trouble(pack(broken, tmp_path / "a.zip"))
    assert found == (Trouble.OTHER_BRANCH, None, "Công đoàn Chi nhánh Bên Cạnh")
    (paper,) = lines(files, KEYS)
    forged = paper.replace("Thử nghiệm".encode(), "Bên Cạnh".encode())
    broken = with_lines(files, KEYS, [forged])
    assert trouble(pack(broken, tmp_path / "b.zip")) == found


async def test_an_archive_of_another_branch(database: Database, made: Made, tmp_path: Path) -> None:
    other = book(database, tmp_path)
    await other.grow("NV06")
    path = await other.export(tmp_path / "other.zip")
    assert check_archive(path, Trusted(await other.public())).is_trusted
    assert trouble(path, Trusted(made[1]))[0] is Trouble.OTHER_KEY


async def test_heads_and_keys_of_another_signer(database: Database, made: Made, tmp_path: Path) -> None:
    """All of it is written anew by somebody with a key of their own: only the trusted key tells."""
    other = book(database, tmp_path)
    await other.grow(*CODES[:9])
    stranger = unpack(await other.export(tmp_path / "other.zip"))
    mixed = {**unpack(made[0]), HEADS: stranger[HEADS]}
    assert trouble(pack(mixed, tmp_path / "a.zip")) == (Trouble.FORGED, 1, HEADS)


async def rotated(made: Book) -> None:
    made.world.clock.forward(days=1)
    await made.do(lambda work: rotate(work, made.keys))


async def test_a_new_key_is_trusted_by_the_old_one(database: Database, tmp_path: Path) -> None:
    branch = book(database, tmp_path)
    await branch.grow("NV06")
    await branch.sign()
    await rotated(branch)
    await branch.grow("NV07")
    path = await branch.export(tmp_path / "a.zip")
    for number in (0, 1):
        assert check_archive(path, Trusted(await branch.public(number))).breaks == 0


async def test_an_old_key_does_not_sign_for_the_new_one(database: Database, tmp_path: Path) -> None:
    branch = book(database, tmp_path)
    await branch.grow("NV06")
    path = await branch.export(tmp_path / "a.zip")
    old = await branch.public()
    await rotated(branch)
    newer = await branch.export(tmp_path / "b.zip")
    # No new head yet: the new key hasn't signed anything.
    assert check_archive(path, Trusted(old)).is_trusted
    assert trouble(newer, Trusted(await branch.public()))[0] is Trouble.OTHER_KEY


async def test_a_key_that_was_lost_breaks_the_trust_and_is_counted(
    database: Database, tmp_path: Path
) -> None:
    branch = book(database, tmp_path)
    await branch.grow("NV06")
    await branch.sign()
    old = await branch.public()
    for file in (tmp_path / "keys").iterdir():
        file.unlink()
    await branch.grow("NV07")
    path = await branch.export(tmp_path / "a.zip")
    assert check_archive(path, Trusted()).breaks == 1
    assert check_archive(path, Trusted(await branch.public())).is_trusted
    assert trouble(path, Trusted(old))[0] is Trouble.OTHER_KEY


def test_a_paper_of_a_key_that_nobody_signed(made: Made, tmp_path: Path) -> None:
    files = unpack(made[0])
    (line,) = lines(files, KEYS)
    paper = msgspec.json.decode(line, type=Signed)
    for at, forged in enumerate(
        (
            msgspec.structs.replace(paper, signature=bytes(64)),
            msgspec.structs.replace(paper, text=paper.text.replace("after: 0", "after: 9")),
            msgspec.structs.replace(paper, key=bytes(32)),
            msgspec.structs.replace(paper, text="else"),
        )
    ):
        broken = with_lines(files, KEYS, [msgspec.json.encode(forged)])
        assert trouble(pack(broken, tmp_path / f"{at}.zip")) == (Trouble.FORGED, 1, KEYS)


def test_the_newest_head_lies_there_for_others_unchanged(made: Made, tmp_path: Path) -> None:
    for name in ("head.txt", "head.sig", "head-key.pem"):
        files = {**unpack(made[0]), name: b"x"}
        assert trouble(pack(files, tmp_path / "a.zip")) == (Trouble.DAMAGED, None, name)


# Writing.


async def test_broken_evidence_is_not_exported(database: Database, tmp_path: Path) -> None:
    branch = book(database, tmp_path)
    await branch.grow("NV06", "NV07")
    await branch.sign()
    await tamper(database, put("evidence", "channel = 'x'", "id = 2"))
    with pytest.raises(RefusedError, match="tree_broken"):
        await branch.export(tmp_path / "a.zip")
    assert not list(tmp_path.glob("*.zip*")) and not list(tmp_path.glob(".*"))  # noqa: ASYNC240, PT018


async def test_fields_that_do_not_open_are_not_exported(database: Database, tmp_path: Path) -> None:
    branch = book(database, tmp_path)
    await branch.grow("NV06")
    async with database.write() as tx:
        await tx.run(update(person_key).values(secret=bytes(64)))
    with pytest.raises(RefusedError, match="evidence/key"):
        await branch.export(tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


async def test_a_folder_that_is_missing(database: Database, tmp_path: Path) -> None:
    branch = book(database, tmp_path)
    await branch.grow("NV06")
    with pytest.raises(RefusedError, match="not_written"):
        await branch.export(tmp_path / "nowhere" / "a.zip")


_KILLED = """
import os, pathlib, signal, sys
from handlers.evidence.archive import writing
with writing._whole(pathlib.Path(sys.argv[1])) as file:
    file.write(b"keys")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


async def test_an_export_that_was_killed_leaves_nothing_for_good(database: Database, tmp_path: Path) -> None:
    branch = book(database, tmp_path)
    await branch.grow("NV06")
    path = await branch.export(tmp_path / "a.zip")
    before = path.read_bytes()
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", _KILLED, str(path))
    assert await killed.wait() == -signal.SIGKILL
    assert path.read_bytes() == before
    left = tmp_path / f".a.zip.{killed.pid}"
    others = [tmp_path / f".a.zip.{each}" for each in (os.getppid(), "x", "9" * 30)]
    for each in others:
        each.touch()
    assert left.exists()
    await branch.export(path)
    assert [each.exists() for each in (left, *others)] == [False, True, True, False]
