"""Time stamps of a service outside: asked for over HTTP, kept beside heads, and checked in archives."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from bot.cli import evidence
from bot.cli.evidence_files import Brought, verify_file
from bot.cli.output import CommandError
from bot.jobs.stamps import StampRounds, stamp_service
from bot.stamping import TOTAL_S, StampService
from handlers.evidence import telling
from handlers.evidence.archive import BrokenError, Stamps, Trouble, Trusted, check_archive
from handlers.evidence.notes import NoteError
from handlers.evidence.stamps import StampError, read_certificates, read_stamp
from storage import evidence_heads
from storage.database import Database
from storage.evidence_heads import SignedHead
from tests.doubles.stamping import AT, Issuer, StampDouble, stamp_double
from tests.evidence.archives import Book, book, pack, unpack
from tests.evidence.test_files_command import lend
from tests.world import TEXTS, SetClock


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
async def service(issuer: Issuer) -> AsyncIterator[StampDouble]:
    async with stamp_double(issuer) as double:
        yield double


@pytest.fixture
async def branch(database: Database, tmp_path: Path) -> Book:
    made = book(database, tmp_path)
    await made.grow("NV06", "NV07")
    await made.sign()
    return made


def rounds(branch: Book, url: str, patience_s: float = TOTAL_S) -> StampRounds:
    world = branch.world
    return StampRounds(world.database, world.clock, StampService(url, patience_s) if url else None)


async def kept(branch: Book) -> list[tuple[int, bytes]]:
    async with branch.world.database.read() as tx:
        return await evidence_heads.stamps(tx, 1000)


async def newest(branch: Book) -> SignedHead:
    async with branch.world.database.read() as tx:
        head = await evidence_heads.latest(tx)
    assert head is not None
    return head


async def test_the_newest_head_is_stamped_once(branch: Book, service: StampDouble) -> None:
    head = await newest(branch)
    for _ in range(2):
        await rounds(branch, service.url).look()
    [(size, reply)] = await kept(branch)
    # The service saw a hash, and nothing else of the branch.
    assert service.over == [sha256(head.text.encode()).digest()]
    assert (size, read_stamp(reply, head.text)) == (3, AT)
    await branch.grow("NV08")
    await branch.sign()
    await rounds(branch, service.url).look()
    assert [size for size, _ in await kept(branch)] == [3, 5]


async def test_without_a_service_nobody_is_asked(branch: Book) -> None:
    assert stamp_service("") is None
    await rounds(branch, "").look()
    assert await kept(branch) == []


async def test_without_a_head_nobody_is_asked(
    database: Database, service: StampDouble, tmp_path: Path
) -> None:
    await rounds(book(database, tmp_path), service.url).look()
    assert service.over == []


MISBEHAVIOUR = {
    "other text": "other text",
    "other nonce": "other request",
    "refused": "refused",
    "cut off": "no time stamp",
    "nothing": "no time stamp",
    "huge": "too large",
    "packed": "no time stamp",
    "page": "no time stamp",
    "error": "status 503",
    "moved": "status 307",
    "slow": "TimeoutError",
}


async def test_whatever_the_service_does_the_head_stays_and_it_is_asked_again(
    branch: Book, service: StampDouble
) -> None:
    for misbehaviour, problem in MISBEHAVIOUR.items():
        service.misbehaviour = misbehaviour
        with capture_logs() as logs:
            await rounds(branch, service.url, 0.1 if misbehaviour == "slow" else TOTAL_S).look()
        assert [(each["event"], each["problem"]) for each in logs] == [("evidence_not_stamped", problem)]
        assert await kept(branch) == []
    assert not service.was_followed
    service.misbehaviour = ""
    await rounds(branch, service.url).look()
    assert len(await kept(branch)) == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/stamp", "http://nowhere.invalid/", "http://[::1"])
async def test_nobody_answers(branch: Book, url: str) -> None:
    with pytest.raises(StampError):
        await rounds(branch, url, 0.5).stamp()
    assert await kept(branch) == []


async def test_of_two_programs_the_first_one_s_stamp_stays(branch: Book, service: StampDouble) -> None:
    await rounds(branch, service.url).stamp()
    before = await kept(branch)
    async with branch.world.database.write() as tx:
        await evidence_heads.add_stamp(tx, 3, b"another", branch.world.clock.now())
    assert await kept(branch) == before
    for statement in ("UPDATE evidence_stamp SET size = size", "DELETE FROM evidence_stamp"):
        with pytest.raises(DBAPIError, match="append-only"):
            async with branch.world.database.write() as tx:
                await tx.run(text(statement))


# In archives.


@pytest.fixture
async def archive(branch: Book, service: StampDouble, tmp_path: Path) -> Path:
    """Two heads of three are stamped, the newest isn't."""
    for code in ("NV08", "NV09"):
        await rounds(branch, service.url).stamp()
        await branch.grow(code)
        await branch.sign()
    return await branch.export(tmp_path / "a.zip")


def trouble(path: Path, trusted: Trusted = Trusted()) -> tuple[Trouble, int | None, str]:  # noqa: B008 - frozen
    with pytest.raises(BrokenError) as caught:
        check_archive(path, trusted)
    return caught.value.trouble, caught.value.place, caught.value.about


async def test_an_archive_brings_its_stamps_along(archive: Path, issuer: Issuer) -> None:
    unchecked = check_archive(archive, Trusted())
    assert unchecked.stamps == Stamps(2, 5, AT, is_trusted=False)
    assert "Chưa kiểm tra ai đóng" in telling.words_of(TEXTS, unchecked)
    assert telling.summary_of(unchecked)["stamped"] == {"size": 5, "at": AT.isoformat(), "trusted": False}
    checked = check_archive(archive, Trusted(issuers=read_certificates(issuer.pem())))
    assert checked.stamps == Stamps(2, 5, AT, is_trusted=True)
    assert "đúng với chứng thư đưa vào" in telling.words_of(TEXTS, checked)


async def test_stamps_of_somebody_else(archive: Path, issuer: Issuer) -> None:
    other = Issuer("Another root")
    found = trouble(archive, Trusted(issuers=[other.root]))
    assert found[:2] == (Trouble.STAMP, 3)
    # Several certificates may be given.
    assert check_archive(archive, Trusted(issuers=[other.root, issuer.root])).stamps is not None


async def test_a_stamp_over_another_head(archive: Path, tmp_path: Path) -> None:
    files = unpack(archive)
    swapped = {**files, "stamps/3.tsr": files["stamps/5.tsr"]}
    assert trouble(pack(swapped, tmp_path / "b.zip"))[:2] == (Trouble.STAMP, 3)
    spoilt = {**files, "stamps/5.tsr": b"<html>"}
    assert trouble(pack(spoilt, tmp_path / "b.zip"))[:2] == (Trouble.STAMP, 5)


@pytest.mark.parametrize("name", ["stamps/4.tsr", "stamps/../5.tsr", "stamps/05.tsr", "stamps/"])
async def test_a_stamp_of_no_head(archive: Path, tmp_path: Path, name: str) -> None:
    files = unpack(archive)
    moved = {**files, name: files["stamps/5.tsr"]}
    assert trouble(pack(moved, tmp_path / "b.zip")) == (Trouble.FILES, None, name)


async def test_a_signature_that_was_changed(archive: Path, issuer: Issuer, tmp_path: Path) -> None:
    """The token ends with it."""
    files = unpack(archive)
    reply = files["stamps/5.tsr"]
    changed = {**files, "stamps/5.tsr": reply[:-1] + bytes([reply[-1] ^ 1])}
    path = pack(changed, tmp_path / "b.zip")
    assert trouble(path, Trusted(issuers=[issuer.root]))[:2] == (Trouble.STAMP, 5)


async def test_stamps_that_were_left_out(archive: Path, issuer: Issuer, tmp_path: Path) -> None:
    files = {name: content for name, content in unpack(archive).items() if not name.startswith("stamps/")}
    path = pack(files, tmp_path / "b.zip")
    assert check_archive(path, Trusted()).stamps is None
    assert trouble(path, Trusted(issuers=[issuer.root]))[0] is Trouble.UNSTAMPED


def test_a_time_that_not_every_zone_has(issuer: Issuer) -> None:
    reply = issuer.stamp(sha256(b"head").digest(), 1, datetime(9999, 12, 31, 23, tzinfo=UTC))
    with pytest.raises(StampError, match="no such time"):
        read_stamp(reply, "head")


def test_a_file_without_certificates() -> None:
    for content in (b"", b"else", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        with pytest.raises(NoteError):
            read_certificates(content)


# The commands.


async def test_the_command_seals_and_stamps_what_it_exports(
    sqlite_url: str, clock: SetClock, tmp_path: Path, service: StampDouble, capsys: pytest.CaptureFixture[str]
) -> None:
    path, pem = tmp_path / "a.zip", tmp_path / "root.pem"
    pem.write_bytes(service.issuer.pem())
    async for office in lend(sqlite_url, clock, tmp_path):
        await office.branch.enter("NV08")
        office.settings["CAUNOI_TIMESTAMP_URL"] = service.url
        told = json.loads(await office.made("export", path, "--json"))
    assert (told["size"], told["waiting"], told["unstamped"]) == (5, 0, None)
    verify_file(path, Brought(issuer=pem), as_json=False)
    assert "đúng với chứng thư đưa vào" in capsys.readouterr().out


async def test_the_command_says_why_there_is_no_stamp(branch: Book, service: StampDouble) -> None:
    service.misbehaviour = "error"
    problem = await evidence._why_not(rounds(branch, service.url).stamp)
    head = await newest(branch)
    values = {"path": "a.zip", "size": head.size, "waiting": 0, "fingerprint": "", "signer": ""}
    assert "dấu thời gian (status 503)" in TEXTS.render("evidence/exported", unstamped=problem, **values)


def test_certificates_that_are_none(tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    other.write_text("else")
    for file, issuer, said in (
        (other, other, "không phải tệp chứng thư"),
        (other, tmp_path / "missing.pem", "Không đọc được"),
        (None, other, "--tsa-cert dùng để"),
    ):
        with pytest.raises(CommandError, match=said):
            verify_file(file, Brought(issuer=issuer), as_json=False)
