import unicodedata
from typing import Literal

import pytest

from handlers.kit.cleaning import Ending, Reason, clean_file
from tests.kit.cleaning.files import plain_pdf, refused

WORDS = "Tổ 3 làm thêm giờ\nchưa được trả tiền"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_text_is_written_in_one_form(encoding: str, form: Literal["NFC", "NFD"]) -> None:
    sent = unicodedata.normalize(form, WORDS).replace("\n", "\r\n").encode(encoding)
    cleaned = clean_file(sent)
    assert (cleaned.ending, cleaned.mime) == (Ending.TXT, "text/plain")
    assert cleaned.content == WORDS.encode() + b"\n"


def test_big_endian_is_read_too() -> None:
    assert clean_file(b"\xfe\xff" + WORDS.encode("utf-16-be")).content == WORDS.encode() + b"\n"


def test_marks_that_nobody_sees_are_gone() -> None:
    assert clean_file("a\u200bb\u200d\u2060c\ufeff \u202e \t \nd".encode()).content == b"abc\nd\n"


@pytest.mark.parametrize("content", [b"", b"  \n\t ", "\u200b\u200b".encode(), b"\xef\xbb\xbf"])
def test_a_text_without_words_is_empty(content: bytes) -> None:
    assert refused(content) is Reason.EMPTY


def test_a_long_text_is_refused() -> None:
    assert clean_file(b"a" * 2**20).ending is Ending.TXT
    assert refused(b"a" * (2**20 + 1)) is Reason.TEXT_TOO_LONG


@pytest.mark.parametrize(
    "content",
    [
        b"a\0b",
        b"a\x1bb",
        b"a\xc2\x85b",
        b"tr\xe0 ti\xean",
        WORDS.encode("utf-16-le"),
        b"\xff\xfea",
        b"<!DOCTYPE html><meta name=author content=An>",
        b'\xef\xbb\xbf <?xml version="1.0"?><svg/>',
        b"\xed\xa0\x80",
        b"%!PS-Adobe-3.0\n%%For: An",
        b"From: an@example.vn\nMIME-Version: 1.0\n\nxin",
        b"begin:vcard\nfn:An",
        plain_pdf()[3:],
    ],
)
def test_what_isnt_a_text_is_refused(content: bytes) -> None:
    assert refused(content) is Reason.UNKNOWN
