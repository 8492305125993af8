"""Whatever is changed, dropped, inserted, swapped, cut off, whichever head is forged: it is found."""

from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from handlers.evidence.archive import BrokenError, Trouble, Trusted, check_archive
from handlers.evidence.archive.form import ENTRIES, HEADS, SEALS, Signed
from handlers.evidence.notes import Head, read_head
from handlers.kit import merkle
from tests.evidence.archives import Files, build, lines, pack, unpack, with_lines

FIRST_HEAD, SIZE = 10, 23
Line = st.integers(0, SIZE - 1)


class Intact(NamedTuple):
    files: Files
    key: bytes

    def __repr__(self) -> str:
        """Hypothesis prints it with each failure."""
        return "the archive"


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> Intact:
    path, key = build(tmp_path_factory.mktemp("tampering"))
    return Intact(unpack(path), key)


def found(files: Files, key: bytes | None = None) -> tuple[Trouble, int | None]:
    with TemporaryDirectory() as folder:
        path = pack(files, Path(folder) / "book.zip")
        with pytest.raises(BrokenError) as caught:
            check_archive(path, Trusted(key))
    return caught.value.trouble, caught.value.place


def resealed(entries: list[bytes]) -> list[bytes]:
    """As whoever holds the database can seal them anew."""
    seals, before = [], b"0" * 64
    for each in entries:
        before = sha256(before + each).hexdigest().encode()
        seals.append(before)
    return seals


def rewritten(files: Files, entries: list[bytes]) -> Files:
    return with_lines(with_lines(files, ENTRIES, entries), SEALS, resealed(entries))


def changed(entry: bytes) -> bytes:
    return entry.replace(b'"channel":"', b'"channel":"x', 1)


def test_the_helper_seals_as_the_program_does(intact: Intact) -> None:
    assert resealed(lines(intact[0], ENTRIES)) == lines(intact[0], SEALS)


@given(at=Line, where=st.integers(0, 10_000), letter=st.integers(1, 255))
def test_a_changed_letter(intact: Intact, at: int, where: int, letter: int) -> None:
    entries = lines(intact[0], ENTRIES)
    line = bytearray(entries[at])
    line[where % len(line)] ^= letter
    if b"\n" not in line:
        entries[at] = bytes(line)
        assert found(with_lines(intact[0], ENTRIES, entries)) == (Trouble.CHANGED, at + 1)


@given(Line)
def test_a_dropped_entry(intact: Intact, at: int) -> None:
    entries = lines(intact[0], ENTRIES)
    del entries[at]
    trouble = found(with_lines(intact[0], ENTRIES, entries))
    if at == SIZE - 1:
        assert trouble == (Trouble.CUT_SHORT, SIZE - 1)
    else:
        assert trouble == (Trouble.MISSING, at + 1)


@given(at=st.integers(0, SIZE), of=Line)
def test_an_inserted_entry(intact: Intact, at: int, of: int) -> None:
    entries = lines(intact[0], ENTRIES)
    entries.insert(at, changed(entries[of]))
    trouble = found(with_lines(intact[0], ENTRIES, entries))
    assert trouble == ((Trouble.TOO_LONG, SIZE + 1) if at == SIZE else (Trouble.INSERTED, at + 1))


@given(st.integers(0, SIZE - 2))
def test_neighbours_that_changed_places(intact: Intact, at: int) -> None:
    entries = lines(intact[0], ENTRIES)
    entries[at], entries[at + 1] = entries[at + 1], entries[at]
    assert found(with_lines(intact[0], ENTRIES, entries)) == (Trouble.REORDERED, at + 1)


@given(st.tuples(Line, Line).filter(lambda pair: abs(pair[0] - pair[1]) > 1))
def test_entries_far_apart_that_changed_places(intact: Intact, pair: tuple[int, int]) -> None:
    entries = lines(intact[0], ENTRIES)
    first, second = sorted(pair)
    entries[first], entries[second] = entries[second], entries[first]
    assert found(with_lines(intact[0], ENTRIES, entries)) == (Trouble.CHANGED, first + 1)


@given(st.integers(0, SIZE - 1))
def test_entries_that_end_early(intact: Intact, size: int) -> None:
    entries = lines(intact[0], ENTRIES)[:size]
    assert found(with_lines(intact[0], ENTRIES, entries)) == (Trouble.CUT_SHORT, size)
    assert found(rewritten(intact[0], entries)) == (Trouble.CUT_SHORT, size)


@given(st.integers(0, SIZE - 1))
def test_seals_that_end_early(intact: Intact, size: int) -> None:
    seals = lines(intact[0], SEALS)[:size]
    assert found(with_lines(intact[0], SEALS, seals)) == (Trouble.DAMAGED, size + 1)


@given(st.sampled_from(("change", "drop", "insert", "swap")), st.tuples(Line, Line))
def test_whoever_seals_anew_is_found_by_the_next_head(
    intact: Intact, deed: str, places: tuple[int, int]
) -> None:
    """Changed, dropped, inserted or swapped, with good seals: the heads say between which of them it was, if
    the personal fields beside don't say it before.
    """
    entries = lines(intact[0], ENTRIES)
    at, other = min(places), max(places)
    match deed:
        case "drop":
            del entries[at]
            entries.append(entries[-1])
        case "insert":
            entries.insert(at, changed(entries[at]))
            entries.pop()
        case "swap" if at != other:
            entries[at], entries[other] = entries[other], entries[at]
        case _:
            entries[at] = changed(entries[at])
    head = FIRST_HEAD if at < FIRST_HEAD else SIZE
    trouble, place = found(rewritten(intact[0], entries), intact[1])
    assert (trouble, place) == (Trouble.REWRITTEN, head) or (
        trouble is Trouble.PERSONAL and place is not None and at < place <= head
    )


def forge(files: Files, at: int, key: Ed25519PrivateKey, **values: object) -> Files:
    """The head in that line says something else, signed by whatever key the forger has."""
    papers = [msgspec.json.decode(each, type=Signed) for each in lines(files, HEADS)]
    said = read_head(papers[at].text)
    text = Head(**{name: values.get(name, getattr(said, name)) for name in Head.__dataclass_fields__}).text()  # type: ignore[arg-type]
    papers[at] = Signed(text, key.sign(text.encode()), papers[at].key)
    return with_lines(files, HEADS, [msgspec.json.encode(each) for each in papers])


@given(at=st.integers(0, 1), size=st.integers(1, 30), root=st.binary(min_size=32, max_size=32))
def test_a_forged_head(intact: Intact, at: int, size: int, root: bytes) -> None:
    forged = forge(intact[0], at, Ed25519PrivateKey.generate(), size=size, root=root.hex())
    assert found(forged) == (Trouble.FORGED, at + 1)


@given(at=st.integers(0, 1), byte=st.integers(0, 63), bit=st.integers(0, 7))
def test_a_signature_with_another_bit(intact: Intact, at: int, byte: int, bit: int) -> None:
    papers = [msgspec.json.decode(each, type=Signed) for each in lines(intact[0], HEADS)]
    signature = bytearray(papers[at].signature)
    signature[byte] ^= 1 << bit
    papers[at] = msgspec.structs.replace(papers[at], signature=bytes(signature))
    forged = with_lines(intact[0], HEADS, [msgspec.json.encode(each) for each in papers])
    assert found(forged) == (Trouble.FORGED, at + 1)


def test_heads_in_another_order_or_twice(intact: Intact) -> None:
    first, second = lines(intact[0], HEADS)
    assert found(with_lines(intact[0], HEADS, [second, first])) == (Trouble.FORGED, 2)
    assert found(with_lines(intact[0], HEADS, [first, first, second])) == (Trouble.FORGED, 2)


def test_a_line_that_is_no_head(intact: Intact) -> None:
    first, second = lines(intact[0], HEADS)
    other = msgspec.structs.replace(msgspec.json.decode(first, type=Signed), text="else")
    broken = with_lines(intact[0], HEADS, [msgspec.json.encode(other), second])
    assert found(broken) == (Trouble.FORGED, 1)
    assert found(with_lines(intact[0], HEADS, [b"{}", second])) == (Trouble.DAMAGED, 1)


def test_the_newest_head_is_gone(intact: Intact) -> None:
    for kept in ([], lines(intact[0], HEADS)[:1]):
        assert found(with_lines(intact[0], HEADS, kept)) == (Trouble.FILES, None)


def test_all_of_it_written_anew_under_a_key_of_the_forgers_own(intact: Intact) -> None:
    """By itself it agrees; the branch's key tells."""
    files, key = intact
    entries = [changed(each) for each in lines(files, ENTRIES)]
    tree = merkle.CompactRange()
    for each in entries:
        tree.append(merkle.leaf_hash(each))
    forger = Ed25519PrivateKey.generate()
    forged = forge(
        with_lines(rewritten(files, entries), HEADS, lines(files, HEADS)[1:]),
        0,
        forger,
        root=tree.root().hex(),
        chain=resealed(entries)[-1].decode(),
    )
    assert found(forged, key) == (Trouble.FORGED, 1)
