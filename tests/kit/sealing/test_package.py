"""Packages: what is in comes out, and nothing else is taken for one."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.kit.sealing import KINDS, SIZES, PackageError, decode, encode
from handlers.kit.vietnamese import clean, nfc

LONGEST = 4000
# The public half of a receipt, three names of files, and what stands beside a text otherwise.
AROUND = {
    "kind": "concern",
    "category": "conduct",
    "answer_to": "age1" + "q" * 58,
    "files": [{"name": "ả" * 120, "mime": "m" * 100, "size": 10_485_760} for _ in range(3)],
}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3)
)
HEADERS = st.builds(
    lambda kind, more: {**more, "kind": kind},
    st.sampled_from(sorted(KINDS)),
    st.dictionaries(st.sampled_from(["text", "by", "name", "files"]), VALUES),
)


def composed(value: Any) -> Any:
    if isinstance(value, list):
        return [composed(each) for each in value]
    return nfc(value) if isinstance(value, str) else value


@settings(deadline=None)
@given(HEADERS, st.binary(max_size=2000))
def test_what_is_in_comes_out_composed(header: dict[str, Any], body: bytes) -> None:
    plain = encode(header, body)
    assert len(plain) == SIZES[0]
    expected = {name: composed(value) for name, value in header.items()}
    assert decode(plain) == ({"v": 1, **expected}, body)


@settings(deadline=None)
@given(
    st.text(
        st.characters(exclude_categories=["Cs"]) | st.sampled_from('"\\\n😀👩‍👩‍👧ệ\u0323'),
        min_size=1,
        max_size=40,
    )
)
def test_every_text_fits_the_smallest_size(piece: str) -> None:
    """As a person's text is kept, 4,000 characters of it."""
    text = clean(piece * LONGEST)[:LONGEST]
    plain = encode({**AROUND, "text": text})
    assert len(plain) == SIZES[0]
    assert decode(plain).header["text"] == text


@pytest.mark.parametrize("text", ["😀" * LONGEST, '"' * LONGEST, "\n" * LONGEST, "ệ" * LONGEST])
def test_the_longest_texts_fit_the_smallest_size(text: str) -> None:
    assert len(encode({**AROUND, "text": text})) == SIZES[0]


@pytest.mark.parametrize("size", SIZES)
def test_a_body_fills_its_size_to_the_last_byte(size: int) -> None:
    header = {"kind": "file", "name": "a.png", "mime": "image/png"}
    largest = size - 4 - int.from_bytes(encode(header)[:4]) - 4
    plain = encode(header, b"\1" * largest)
    assert len(plain) == size
    assert decode(plain).body == b"\1" * largest
    if size == SIZES[-1]:
        with pytest.raises(PackageError):
            encode(header, b"\1" * (largest + 1))
    else:
        assert len(encode(header, b"\1" * (largest + 1))) > size


@settings(deadline=None)
@given(st.integers(0, SIZES[0] - 1), st.integers(1, 255))
def test_a_changed_byte_is_refused_or_read_as_what_it_says(at: int, change: int) -> None:
    """Sealing finds every change; the parser alone must only never take one for something else."""
    plain = bytearray(encode({"kind": "note", "text": "Đã gọi điện", "by": "Hương"}))
    plain[at] ^= change
    with suppress(PackageError):
        assert encode(*decode(bytes(plain))) == bytes(plain)


def broken(header: bytes, more: bytes = b"\0\0\0\0") -> bytes:
    return (len(header).to_bytes(4) + header + more).ljust(SIZES[0], b"\0")


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"\0" * SIZES[0],
        b"\xff" * SIZES[0],
        encode({"kind": "note"})[:-1],
        encode({"kind": "note"}) + b"\0",
        encode({"kind": "note"})[:-1] + b"\1",
        broken(b"[1]"),
        broken(b"null"),
        broken(b'{"v":1'),
        broken(b"[" * 20_000),
        broken(b'{"v":1,"kind":"note","text":"\xff"}'),
        broken(b'{"v":2,"kind":"note"}'),
        broken(b'{"v":1,"kind":"spell"}'),
        broken(b'{"v":1,"kind":["note"]}'),
        broken(b'{"v":1}'),
        broken(b'{"v":1,"kind":"note"}', b"\0\0\xff\xff"),
        broken(b" " * (SIZES[0] - 6), b""),
    ],
)
def test_what_is_no_package_is_refused(plain: bytes) -> None:
    with pytest.raises(PackageError):
        decode(plain)


@pytest.mark.parametrize("header", [{}, {"kind": "spell"}, {"kind": "note", "text": "\ud800"}])
def test_what_can_become_no_package_is_refused(header: dict[str, Any]) -> None:
    with pytest.raises(PackageError) as refused:
        encode(header)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
