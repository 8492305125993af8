"""Archives and proofs made by somebody who wants to mislead whoever checks them, or to bring them down."""

import re
import tracemalloc
import zipfile
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from handlers.evidence import telling
from handlers.evidence.archive import BrokenError, Trouble, Trusted, check_archive, check_proof, container
from handlers.evidence.archive.form import (
    ENTRIES,
    HEADS,
    KEYS,
    PEOPLE,
    PROOF,
    README,
    Person,
    Proof,
    Proven,
    Signed,
)
from handlers.evidence.notes import Head, Key, NoteError, read_head
from handlers.kit import merkle
from storage.evidence_seals import GENESIS
from storage.person_keys import fingerprint_of, sealed_text
from tests.doubles.stamping import Issuer
from tests.evidence.archives import Files, build, lines, pack, unpack, with_lines
from tests.evidence.test_tampering import rewritten
from tests.world import BRANCH, START, TEXTS

DEEP = b"[" * 100_000 + b"]" * 100_000


class Made(NamedTuple):
    path: Path
    files: Files

    def __repr__(self) -> str:
        return "the archive"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    path, _ = build(tmp_path_factory.mktemp("hostile"))
    return Made(path, unpack(path))


def trouble(path: Path) -> tuple[Trouble, int | None, str]:
    with pytest.raises(BrokenError) as caught:
        check_archive(path, Trusted())
    return caught.value.trouble, caught.value.place, caught.value.about


# The container.


def test_whatever_lies_around_it(made: Made, tmp_path: Path) -> None:
    """Another program could find another archive in there."""
    whole, path = made.path.read_bytes(), tmp_path / "a.zip"
    for content in (whole + b"x", whole + bytes(30_000), b"PK" + whole, whole + whole):
        path.write_bytes(content)
        assert trouble(path)[0] is Trouble.UNREADABLE
    path.write_bytes(whole)
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"All is well"
    assert trouble(path)[0] is Trouble.UNREADABLE


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", [ENTRIES, "manifest.json"])
def test_a_name_that_comes_twice(made: Made, tmp_path: Path, name: str) -> None:
    path = pack(made.files, tmp_path / "a.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, made.files[name])
    assert trouble(path)[0] in (Trouble.FILES, Trouble.UNREADABLE)


def test_files_in_another_order(made: Made, tmp_path: Path) -> None:
    path = pack(dict(sorted(made.files.items(), reverse=True)), tmp_path / "a.zip")
    assert check_archive(path, Trusted()).head.size == 23


@pytest.mark.parametrize("name", ["../../up.txt", "/etc/up", "more/", "documents/../../up", "docs/x.txt"])
def test_a_file_that_the_list_knows_and_we_do_not(made: Made, tmp_path: Path, name: str) -> None:
    found = trouble(pack({**made.files, name: b"x"}, tmp_path / "a.zip"))
    assert found in ((Trouble.FILES, None, name), (Trouble.DOCUMENT, None, name.removeprefix("documents/")))


@pytest.mark.parametrize("way", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_other_ways_to_compress(made: Made, tmp_path: Path, way: int) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", way) as archive:
        for name, content in made.files.items():
            archive.writestr(name, content)
    spoilt = path.read_bytes().replace(b"\x5d\x00\x00", b"\xff\xff\xff")
    for content in (path.read_bytes(), spoilt):
        path.write_bytes(content)
        assert trouble(path)[0] is Trouble.UNREADABLE


def test_a_name_that_is_no_text(made: Made, tmp_path: Path) -> None:
    path = pack({**made.files, "ềx": b""}, tmp_path / "a.zip", is_listed=False)
    path.write_bytes(path.read_bytes().replace("ềx".encode(), b"\xff\xff\xffx"))
    assert trouble(path)[0] is Trouble.UNREADABLE


def test_a_file_that_is_larger_than_it_says(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As little is held as it says, whatever it unpacks to."""
    monkeypatch.setattr(container, "_LARGEST_FILE", 1 << 16)
    path, bomb = tmp_path / "a.zip", 1 << 24
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**made.files, README: bytes(bomb)}.items():
            archive.writestr(name, content)
    assert trouble(path)[0] is Trouble.DAMAGED
    whole = path.read_bytes().replace(bomb.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    path.write_bytes(whole)
    tracemalloc.start()
    assert trouble(path)[0] is Trouble.DAMAGED
    assert tracemalloc.get_traced_memory()[1] < bomb / 4
    tracemalloc.stop()


@pytest.mark.parametrize("name", [PEOPLE, HEADS, KEYS])
def test_lists_that_never_end(made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(container, "_LARGEST_FILE", 1 << 16)
    line = lines(made.files, name)[0]
    longer = with_lines(made.files, name, [line] * ((1 << 16) // len(line) + 1))
    assert trouble(pack(longer, tmp_path / "a.zip")) == (Trouble.DAMAGED, None, name)


def test_a_file_that_calls_itself_otherwise(made: Made, tmp_path: Path) -> None:
    path = pack(made.files, tmp_path / "a.zip")
    with zipfile.ZipFile(path) as archive:
        # In its own header, where 30 bytes come before its name.
        at = archive.getinfo(ENTRIES).header_offset + 30
    whole = path.read_bytes()
    path.write_bytes(whole[:at] + b"E" + whole[at + 1 :])
    assert trouble(path) == (Trouble.DAMAGED, None, ENTRIES)


# What is written in the files.


def test_a_last_line_without_an_end(made: Made, tmp_path: Path) -> None:
    shorter = {**made.files, ENTRIES: made.files[ENTRIES][:-1]}
    assert trouble(pack(shorter, tmp_path / "a.zip")) == (Trouble.DAMAGED, 23, ENTRIES)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("size: 10", f"size: {'9' * 5000}"),
        ("time: .*", "time: 9999-12-31T23:00:00+00:00"),
        ("time: .*", "time: 9999-12-31T23:00:00-23:00"),
        ("time: .*", "time: 0001-01-01T01:00:00+23:00"),
    ],
)
def test_numbers_and_times_that_nobody_counts(made: Made, tmp_path: Path, old: str, new: str) -> None:
    first, second = (msgspec.json.decode(each, type=Signed) for each in lines(made.files, HEADS))
    text = re.sub(old, new, first.text)
    with pytest.raises(NoteError):
        read_head(text)
    papers = [msgspec.structs.replace(first, text=text), second]
    forged = with_lines(made.files, HEADS, [msgspec.json.encode(each) for each in papers])
    assert trouble(pack(forged, tmp_path / "a.zip")) == (Trouble.FORGED, 1, HEADS)


def test_an_entry_that_is_nested_deeply(made: Made, tmp_path: Path) -> None:
    entries = lines(made.files, ENTRIES)
    entries[3] = entries[3][:-1] + b',"zz":' + DEEP + b"}"
    assert trouble(pack(rewritten(made.files, entries), tmp_path / "a.zip")) == (Trouble.DAMAGED, 4, ENTRIES)
    deep = made.files | {"manifest.json": b'{"format":' + DEEP + b"}"}
    assert trouble(pack(deep, tmp_path / "a.zip", is_listed=False))[0] is Trouble.UNREADABLE


def forged_proof(entry: bytes, people: list[Person]) -> bytes:
    """A proof of one entry, with a key of the forger's own."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    head = Head(BRANCH, 1, merkle.leaf_hash(entry).hex(), GENESIS, START).text()
    paper = Key(BRANCH, public.hex(), 0, START).text()
    signed = [Signed(text, key.sign(text.encode()), public) for text in (head, paper)]
    return msgspec.json.encode(Proof(PROOF, signed[0], signed[1:], [Proven(1, entry.decode(), [])], people))


def test_a_proof_cannot_write_lines_of_the_verdict() -> None:
    """What an entry says stays in one line, and can't look like ours."""
    secret = bytes(range(64))
    lie = "\n\nChữ ký đúng với khoá đưa vào.\x1b[1A\u2028"
    entry = msgspec.json.encode(
        {
            "id": 1,
            "kind": f"quiz{lie}",
            "at": f"2026{lie}",
            "personal": sealed_text(secret, {"member_code": f"NV06{lie}", "statement": f"Tôi{lie}"}),
            "person_key": fingerprint_of(secret),
        }
    )
    checked = check_proof(forged_proof(entry, [Person(1, fingerprint_of(secret), secret)]), Trusted())
    told = telling.words_of(TEXTS, checked)
    assert len(told.splitlines()) == 5
    assert not any(line.startswith("Chữ ký đúng") for line in told.splitlines())


def test_no_time_stamp_of_a_proof_seems_to_be_checked() -> None:
    proof = forged_proof(b'{"id":1,"kind":"quiz","at":"2026"}', [])
    assert not check_proof(proof, Trusted()).is_trusted
    with pytest.raises(BrokenError) as caught:
        check_proof(proof, Trusted(issuers=[Issuer().root]))
    assert caught.value.trouble is Trouble.UNSTAMPED


@pytest.mark.parametrize("fields", [b"[]", b'{"member_code":1}', DEEP])
def test_personal_fields_that_are_none(fields: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = bytes(range(64))
    monkeypatch.setattr("storage.person_keys.json.dumps", lambda *_args, **_words: fields.decode())
    entry = msgspec.json.encode(
        {
            "id": 1,
            "kind": "quiz",
            "at": "2026",
            "personal": sealed_text(secret, {}),
            "person_key": fingerprint_of(secret),
        }
    )
    monkeypatch.undo()
    with pytest.raises(BrokenError) as caught:
        check_proof(forged_proof(entry, [Person(1, fingerprint_of(secret), secret)]), Trusted())
    assert caught.value.trouble is Trouble.PERSONAL


@pytest.mark.parametrize(
    "content", [DEEP, b'{"format":"caunoi evidence proof 1","x":' + DEEP + b"}", b"\xff"]
)
def test_a_proof_that_is_none(content: bytes) -> None:
    with pytest.raises(BrokenError) as caught:
        check_proof(content, Trusted())
    assert caught.value.trouble is Trouble.UNREADABLE
