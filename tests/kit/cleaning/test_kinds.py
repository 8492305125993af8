import gzip
from contextlib import suppress
from io import BytesIO

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from handlers.kit.cleaning import (
    LARGEST_ATTACHMENT,
    LIMITS,
    CleanFile,
    Ending,
    NotCleanableError,
    Reason,
    clean_file,
    redrawing,
)
from tests.kit.cleaning.files import MARK, archive, plain_pdf, refused, telling_jpeg, telling_png
from tests.world import TEXTS


def word() -> bytes:
    written = BytesIO()
    document = Document()
    document.core_properties.author = MARK
    document.save(written)
    return written.getvalue()


def excel() -> bytes:
    written = BytesIO()
    Workbook().save(written)
    return written.getvalue()


def box(brand: bytes, *others: bytes) -> bytes:
    """The beginning of a file of MP4's family."""
    brands = brand + bytes(4) + b"".join(others)
    return (len(brands) + 8).to_bytes(4) + b"ftyp" + brands + bytes(50)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (word(), Reason.OFFICE),
        (excel(), Reason.OFFICE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), Reason.OFFICE),
        (b"{\\rtf1\\ansi{\\author An}}", Reason.OFFICE),
        (archive("mimetype") + b"mimetypeapplication/vnd.oasis.opendocument.text", Reason.OFFICE),
        (archive("a.txt", "../../b.txt"), Reason.ARCHIVE),
        (gzip.compress(bytes(10**7)), Reason.ARCHIVE),
        (b"Rar!\x1a\x07\x01\0", Reason.ARCHIVE),
        (b"7z\xbc\xaf\x27\x1c", Reason.ARCHIVE),
        (bytes([97]) + bytes(256) + b"ustar\x0000", Reason.ARCHIVE),
        (b"ID3\x04\0\0", Reason.RECORDING),
        (b"OggS\0\2", Reason.RECORDING),
        (b"RIFF\x24\0\0\0WAVEfmt ", Reason.RECORDING),
        (b"\x1aE\xdf\xa3\x01\0", Reason.RECORDING),
        (b"#!AMR\n\x3c\x91", Reason.RECORDING),
        (box(b"isom", b"mp42"), Reason.RECORDING),
        (box(b"M4A "), Reason.RECORDING),
        (box(b"heic", b"mif1"), Reason.HEIC),
        (box(b"mif1", b"heic"), Reason.HEIC),
        (box(b"avif"), Reason.DAMAGED),
        (b"MZ\x90\0", Reason.UNKNOWN),
        (b"\x7fELF\2", Reason.UNKNOWN),
        (b"%!PS-Adobe-3.0\n\x04", Reason.UNKNOWN),
        (b"BM\x10\0\0\0\0\0\0\0", Reason.DAMAGED),
    ],
)
def test_what_cant_be_cleaned_is_refused_with_its_reason(content: bytes, reason: Reason) -> None:
    assert refused(content) is reason


@pytest.mark.parametrize("words", ["BMI của tôi", "ID3 là gì", "PK và BK", "Rar! là tệp nén", "BZh9"])
def test_a_text_may_begin_like_another_kind(words: str) -> None:
    assert clean_file(words.encode()).ending is Ending.TXT


def test_too_large_a_file_isnt_looked_at() -> None:
    assert refused(bytes(LARGEST_ATTACHMENT + 1)) is Reason.TOO_LARGE


def test_a_result_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    grown = CleanFile(Ending.TXT, bytes(LARGEST_ATTACHMENT + 1))
    monkeypatch.setattr(redrawing, "_way", lambda _content: lambda _same: grown)
    assert refused(b"a") is Reason.TOO_LARGE


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence_with_advice(reason: Reason) -> None:
    said = TEXTS.render("concerns/not_cleanable", reason=reason, **LIMITS)
    assert "nhé." in said
    assert said.endswith("vẫn nguyên.")
    other = TEXTS.render("concerns/not_cleanable", reason="unknown", **LIMITS)
    assert (said == other) is (reason is Reason.UNKNOWN)


def test_neither_a_file_nor_an_error_shows_what_it_holds() -> None:
    assert "xin" not in repr(clean_file(b"xin"))
    with pytest.raises(NotCleanableError) as caught:
        clean_file(telling_jpeg()[:200] + b"xin")
    assert "xin" not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


_GOOD = [telling_jpeg(), telling_png(), plain_pdf()]


@given(at=st.integers(0, 10**4), content=st.binary(max_size=300))
def test_any_bytes_are_cleaned_or_refused(at: int, content: bytes) -> None:
    with suppress(NotCleanableError):
        clean_file(_GOOD[at % len(_GOOD)][: at % 20] + content)
