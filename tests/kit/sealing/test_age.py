"""Sealing: who may read can, nobody else, and no key or file makes anything but one kind of error."""

import re
from base64 import b64encode
from hashlib import sha256

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.kit.sealing import (
    SealingError,
    bech32,
    check_recipient,
    encode,
    identity_from,
    open_with,
    recipient_of,
    seal_to,
)

CHAIR, OFFICER, STRANGER = (identity_from(sha256(name).digest()) for name in (b"chair", b"officer", b"no"))
READERS = [recipient_of(CHAIR), recipient_of(OFFICER)]
SEALED = seal_to(READERS, encode({"kind": "note", "text": "Đã gọi điện"}))
PRIME = 2**255 - 19


@settings(deadline=None)
@given(st.binary(max_size=3000))
def test_each_reader_opens_what_was_sealed_and_nobody_else(plain: bytes) -> None:
    sealed = seal_to(READERS, plain)
    assert open_with(CHAIR, sealed) == open_with(OFFICER, sealed) == plain
    with pytest.raises(SealingError):
        open_with(STRANGER, sealed)


def test_texts_of_10_and_2000_characters_are_equally_long() -> None:
    """Beside age's header, which `pyrage` makes longer by chance: storage levels that out."""
    headers = re.compile(rb".*?\n--- [^\n]+\n", re.DOTALL)
    sealed = [seal_to(READERS, encode({"kind": "note", "text": "ệ" * count})) for count in (10, 2000)]
    assert len({len(headers.sub(b"", each, 1)) for each in sealed}) == 1


@settings(deadline=None)
@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_a_changed_byte_is_refused(at: int, change: int) -> None:
    changed = bytearray(SEALED)
    changed[at] ^= change
    with pytest.raises(SealingError):
        open_with(CHAIR, bytes(changed))


@settings(deadline=None)
@given(st.integers(0, len(SEALED) - 1))
def test_a_file_that_was_cut_off_is_refused(length: int) -> None:
    with pytest.raises(SealingError):
        open_with(CHAIR, SEALED[:length])


def test_a_file_that_was_added_to_is_refused() -> None:
    with pytest.raises(SealingError):
        open_with(CHAIR, SEALED + b"\0")


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_32_bytes_make_the_identity_that_age_reads(secret: bytes) -> None:
    identity = identity_from(secret)
    assert str(pyrage.x25519.Identity.from_str(identity)) == identity
    assert bech32.content(identity.lower()) == secret
    check_recipient(recipient_of(identity))


@pytest.mark.parametrize("length", [0, 31, 33])
def test_other_lengths_make_none(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        identity_from(b"\1" * length)


# Valid strings of BIP-173 that hold whole bytes, and the programs of its addresses without their version.
@pytest.mark.parametrize(
    ("prefix", "plain", "text"),
    [
        ("a", b"", "a12uel5l"),
        (
            "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio",
            b"",
            "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
        ),
        (
            "abcdef",
            bytes.fromhex("00443214c74254b635cf84653a56d7c675be77df"),
            "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
        ),
        ("?", b"", "?1ezyfcl"),
    ],
)
def test_letters_are_those_of_bip_173(prefix: str, plain: bytes, text: str) -> None:
    assert bech32.encode(prefix, plain) == text
    assert bech32.content(text) == plain


@settings(deadline=None)
@given(st.text() | st.text("age1qpzry9x8gf2tvdw0s3jn54khce6mua7l", min_size=62, max_size=62))
def test_what_is_no_recipient_makes_the_one_error(text: str) -> None:
    for wrong in (text, "age1" + text, "age1" + text[:58].ljust(58, "q")):
        with pytest.raises(SealingError):
            check_recipient(wrong)
        with pytest.raises(SealingError):
            seal_to([READERS[0], wrong], b"")


@pytest.mark.parametrize("text", ["", "\ud800", CHAIR.lower(), CHAIR[:-1] + "Q", READERS[0], CHAIR + "\n"])
def test_what_is_no_identity_makes_the_one_error(text: str) -> None:
    with pytest.raises(SealingError):
        recipient_of(text)
    with pytest.raises(SealingError):
        open_with(text, SEALED)


def test_nothing_is_sealed_to_nobody() -> None:
    with pytest.raises(SealingError):
        seal_to([], b"")


# The points of small order; below also as numbers above the prime, and with the bit that doesn't count.
SMALL = (
    0,
    1,
    int.from_bytes(
        bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"), "little"
    ),
    int.from_bytes(
        bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"), "little"
    ),
    PRIME - 1,
)


@pytest.mark.parametrize("point", [*SMALL, PRIME, PRIME + 1, *(2**255 + point for point in SMALL)])
def test_a_recipient_that_hides_nothing_is_refused(point: int) -> None:
    weak = bech32.encode("age", point.to_bytes(32, "little"))
    with pytest.raises(SealingError, match="weak"):
        check_recipient(weak)


@pytest.mark.parametrize("share", [bytes(32), (1).to_bytes(32, "little"), (PRIME - 1).to_bytes(32, "little")])
def test_a_file_that_was_sealed_with_a_weak_key_is_refused(share: bytes) -> None:
    header, _, rest = SEALED.partition(b"-> X25519 ")
    changed = header + b"-> X25519 " + b64encode(share).rstrip(b"=") + rest[43:]
    assert len(changed) == len(SEALED)
    with pytest.raises(SealingError):
        open_with(CHAIR, changed)
