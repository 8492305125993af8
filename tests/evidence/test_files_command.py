"""`caunoi evidence` and files: export, verify FILE, heads, growth, key, rotate."""

import json
import resource
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cli.evidence_files import Brought, verify_file
from bot.cli.output import CommandError
from handlers.evidence.archive.form import ENTRIES
from handlers.evidence.notes import compact, fingerprint
from storage.database import open_database
from storage.signing_keys import SigningKeys
from tests.evidence.archives import Book, lines, pack, unpack, with_lines
from tests.evidence.commands import Ended, here, program
from tests.people import WORKER
from tests.world import SetClock, World


class Office:
    """The program on the machine of the branch, whose data lie in `folder`."""

    def __init__(self, world: World, folder: Path) -> None:
        url = world.database.url.set(drivername=world.database.url.get_backend_name())
        self.folder = folder
        self.branch = Book(world, keys_of(folder))
        self.settings = {
            "CAUNOI_DATABASE_URL": url.render_as_string(hide_password=False),
            "CAUNOI_DATA_DIR": str(folder / "data"),
        }

    async def run(self, *words: object) -> Ended:
        return await here(self.settings, *words)

    async def made(self, *words: object) -> str:
        ended = await self.run(*words)
        assert (ended.code, ended.err) == (0, "")
        return ended.out


# Of a machine that has no database.
ANYWHERE = {"CAUNOI_DATABASE_URL": "sqlite:////nowhere/at/all.db"}


async def anywhere(*words: object) -> Ended:
    return await here(ANYWHERE, "verify", *words)


def keys_of(folder: Path) -> SigningKeys:
    return SigningKeys(folder / "data" / "keys" / "evidence")


async def lend(url: str, clock: SetClock, folder: Path) -> AsyncIterator[Office]:
    database = open_database(url)
    world = World(database, clock)
    await world.start()
    made = Office(world, folder)
    await made.branch.grow(WORKER, "NV07")
    yield made
    await database.close()


@pytest.fixture
async def office(sqlite_url: str, clock: SetClock, tmp_path: Path) -> AsyncIterator[Office]:
    async for each in lend(sqlite_url, clock, tmp_path):
        yield each


@pytest.fixture
async def postgres_office(postgres_url: str, clock: SetClock, tmp_path: Path) -> AsyncIterator[Office]:
    """Its database lies elsewhere than its files."""
    async for each in lend(postgres_url, clock, tmp_path):
        yield each


async def test_an_inspector_checks_what_the_office_exported(office: Office, tmp_path: Path) -> None:
    book, key = tmp_path / "book.zip", tmp_path / "key.pem"
    out = await office.made("export", book)
    assert "Đã xuất 3 mục minh chứng vào" in out
    mark = out.partition("Dấu: ")[2].splitlines()[0]
    await office.made("key", key)
    assert office.branch.world.services.branch.name in key.read_text("utf-8")
    ended = await program(ANYWHERE, "verify", book, "--key", key, "--head", mark)
    assert (ended.code, ended.err) == (0, "")
    assert "Bản xuất nguyên vẹn: 3 mục" in ended.out
    assert "Dấu đã cất vẫn đúng: 3 mục đầu" in ended.out
    assert "Chữ ký đúng với khoá đưa vào" in ended.out
    told = json.loads((await anywhere(book, "--json")).out)
    assert (told["entries"], told["ok"], told["trusted"]) == (3, True, False)
    assert mark in await office.made("heads")
    (row,) = json.loads(await office.made("heads", "--json"))
    assert (row["size"], row["fingerprint"]) == (3, mark)
    # The same head stands for the database.
    assert "tại mục thứ 3" in await office.made("verify", "--head", compact(mark))


async def test_what_was_changed_is_told_in_one_line(office: Office, tmp_path: Path) -> None:
    book = tmp_path / "book.zip"
    assert json.loads(await office.made("export", book, "--json"))["size"] == 3
    files = unpack(book)
    first, second, third = lines(files, ENTRIES)
    pack(with_lines(files, ENTRIES, [first, second.replace(b"direct", b"else"), third]), book)
    ended = await anywhere(book, "--json")
    assert ended.code == 2
    assert ended.err == (
        "Mục ở dòng 2 của entries.jsonl đã bị sửa: nội dung không khớp với dấu niêm phong của nó.\n"
    )
    told = json.loads(ended.out)
    assert (told["ok"], told["problem"], told["broken_at"]) == (False, "changed", 2)


async def test_what_is_no_archive_is_told_in_one_line(office: Office, tmp_path: Path) -> None:
    book, key, stranger = tmp_path / "book.zip", tmp_path / "key.pem", tmp_path / "stranger.pem"
    await office.made("export", book)
    await office.made("key", key)
    stranger.write_bytes(
        b"Another union\n-----BEGIN PUBLIC KEY-----\n"
        b"MCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=\n-----END PUBLIC KEY-----\n"
    )
    huge = tmp_path / "huge.json"
    with huge.open("wb") as opened:
        opened.truncate(1 << 27)
    for file, trusted, kept, said in (
        (tmp_path / "nothing.zip", None, None, "Không đọc được"),
        (key, None, None, "không phải bản xuất hay bằng chứng"),
        (huge, None, None, "không phải bản xuất hay bằng chứng"),
        (book, book, None, "không phải tệp khoá"),
        (book, tmp_path / "nothing.pem", None, "Không đọc được"),
        (book, stranger, None, "khoá đưa vào là của Another union"),
        (book, None, "ab" * 16, "Không dấu nào trong tệp trùng với dấu đã cất"),
        (None, key, None, "hãy thêm tên tệp cần kiểm tra"),
    ):
        with pytest.raises(CommandError, match=said) as caught:
            verify_file(file, Brought(trusted, head=kept), as_json=False)
        assert "\n" not in str(caught.value)


async def test_growth_and_a_new_key(office: Office, tmp_path: Path) -> None:
    first, proof = tmp_path / "first.pem", tmp_path / "growth.json"
    old = await office.branch.sign()
    await office.made("key", first)
    assert "do khoá cũ giới thiệu" in await office.made("rotate")
    await office.branch.grow(WORKER)
    new = await office.branch.sign()
    await office.made("growth", old.size, new.size, proof)
    ended = await anywhere(proof, "--key", first)
    assert (ended.code, ended.err) == (0, "")
    assert f"Dấu cũ: {fingerprint(old.text)}" in ended.out
    refused = await office.run("growth", new.size, old.size, proof)
    assert refused.code == 2
    assert f"Các dấu đang có: {old.size}, {new.size} mục" in refused.err


async def test_a_new_key_without_the_old_one_says_so(office: Office) -> None:
    await office.branch.sign()
    for file in (office.folder / "data" / "keys" / "evidence").iterdir():
        file.unlink()
    assert "khoá cũ không còn" in await office.made("rotate")


async def test_without_entries_there_is_nothing(sqlite_url: str, clock: SetClock, tmp_path: Path) -> None:
    database = open_database(sqlite_url)
    world = World(database, clock)
    await world.start()
    office = Office(world, tmp_path)
    for words in (("export", tmp_path / "a.zip"), ("key", tmp_path / "a.pem")):
        ended = await office.run(*words)
        assert ended.code == 2
        assert "chưa có mục nào được niêm phong" in ended.err
    assert "Sổ chưa có dấu nào" in await office.made("heads")
    await database.close()


def small_files() -> None:
    """As on a disk that is full: nothing grows above this."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))


@pytest.mark.parametrize("is_there", [False, True])
async def test_a_full_disk_leaves_no_half_file(
    postgres_office: Office, tmp_path: Path, is_there: bool
) -> None:
    book = tmp_path / "book.zip"
    if is_there:
        book.write_text("the one before")
    await postgres_office.branch.sign()
    ended = await program(postgres_office.settings, "export", book, before=small_files)
    assert ended.code == 2
    assert ended.err.startswith(f"Không ghi được {book}")
    assert "Không có tệp dở dang nào để lại" in ended.err
    assert ended.err.count("\n") == 1
    found = sorted(each.name for each in tmp_path.iterdir())  # noqa: ASYNC240 - a test
    assert found == (["book.zip", "data"] if is_there else ["data"])
    if is_there:
        assert book.read_text() == "the one before"
