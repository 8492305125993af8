import io
import re
import zipfile
from typing import Any

import pytest
from PIL import Image
from pypdfium2 import PdfDocument

from handlers.kit.cleaning import Ending, Reason, clean_file, model, pages
from handlers.kit.cleaning.pictures import LONGEST_SIDE
from tests.kit.cleaning.files import (
    MARK,
    archive,
    locked_pdf,
    pdf,
    photo,
    plain_pdf,
    refused,
    saved,
    telling_pdf,
    tells,
)

_BLACK, _WHITE = (0, 0, 0), (255, 255, 255)


def looked_at(content: bytes, page: int = 0) -> Image.Image:
    with PdfDocument(content) as document:
        picture: Image.Image = document[page].render(scale=1).to_pil().convert("RGB")
        return picture


def skeleton(content: bytes) -> bytes:
    """A PDF without its pictures."""
    return re.sub(rb"stream\n.*?\nendstream", b"", content, flags=re.DOTALL)


def test_nothing_of_a_pdf_survives_but_what_is_seen() -> None:
    sent = telling_pdf()
    assert tells(sent)
    cleaned = clean_file(sent)
    assert (cleaned.ending, cleaned.mime) == (Ending.PDF, "application/pdf")
    assert not tells(cleaned.content)
    with PdfDocument(cleaned.content) as document:
        assert set(document.get_metadata_dict().values()) == {""}
        assert document.count_attachments() == 0
        assert document[0].get_textpage().get_text_range() == ""
        assert document.get_formtype() == 0
    names = set(re.findall(rb"/([A-Z][A-Za-z]+)", skeleton(cleaned.content)))
    assert not names & {b"Info", b"ID", b"Metadata", b"Annots", b"OpenAction", b"Names", b"AcroForm"}


def test_a_pdf_looks_as_before() -> None:
    seen = looked_at(clean_file(telling_pdf()).content)
    assert seen.size == (201, 201)
    assert seen.getpixel((50, 150)) == _BLACK
    assert seen.getpixel((150, 150)) == _WHITE


def test_what_was_filled_into_a_form_is_seen() -> None:
    assert looked_at(clean_file(telling_pdf()).content).getpixel((150, 50)) == _BLACK


def test_what_comes_out_is_the_same_each_time() -> None:
    assert clean_file(telling_pdf()) == clean_file(telling_pdf())


def test_every_page_comes_along_up_to_thirty() -> None:
    with PdfDocument(clean_file(plain_pdf(pages=30)).content) as document:
        assert len(document) == 30
    assert refused(plain_pdf(pages=31)) is Reason.TOO_MANY_PAGES
    assert refused(plain_pdf(pages=5000)) is Reason.TOO_MANY_PAGES


def test_a_list_of_pages_that_lies_is_no_matter() -> None:
    lying = plain_pdf().replace(b"/Count 1 ", b"/Count 999999999 ")
    with PdfDocument(clean_file(lying).content) as document:
        assert len(document) == 1


@pytest.mark.parametrize("box", [b"0 0 14400 14400", b"0 0 9999999 10", b"0 0 1000000000 1000000000"])
def test_a_huge_page_becomes_a_picture_of_the_usual_size(box: bytes) -> None:
    cleaned = clean_file(plain_pdf(box))
    sizes = [int(size) for size in re.findall(rb"/(?:Width|Height) (\d+)", cleaned.content)]
    assert max(sizes) <= LONGEST_SIDE + 1


@pytest.mark.parametrize("box", [b"0 0 0 0", b"0 0 -5 -5", b"a b c d", b""])
def test_a_page_without_a_size_gets_one(box: bytes) -> None:
    assert clean_file(plain_pdf(box)).ending is Ending.PDF


def test_a_pdf_with_a_password_is_refused() -> None:
    assert refused(locked_pdf()) is Reason.LOCKED


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n",
        b"%PDF-1.7\n" + MARK.encode(),
        plain_pdf()[:60],
        pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 0 /Kids [ ] >>"]),
    ],
)
def test_a_damaged_pdf_is_refused(content: bytes) -> None:
    assert refused(content) is Reason.DAMAGED


def test_pages_that_get_too_large_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "LARGEST_ATTACHMENT", 2000)
    assert refused(plain_pdf(pages=30)) is Reason.TOO_LARGE


def test_a_pdf_that_is_an_archive_too_is_only_a_pdf() -> None:
    both = plain_pdf() + archive("a.txt")
    assert zipfile.is_zipfile(io.BytesIO(both))
    assert not zipfile.is_zipfile(io.BytesIO(clean_file(both).content))


def test_a_pdf_that_is_a_page_of_html_too_is_only_a_pdf() -> None:
    both = b"\xef\xbb\xbf\n" + plain_pdf(drawing=b"<script>alert(1)</script> 0 g 0 0 9 9 re f")
    assert b"script" not in clean_file(both).content


def test_a_scanned_page_stays_readable() -> None:
    scan: Any = saved(photo(1240, 1754), "PDF", resolution=150)
    cleaned = clean_file(scan).content
    assert looked_at(cleaned).size == (596, 843)
    assert len(cleaned) < model.LARGEST_ATTACHMENT
