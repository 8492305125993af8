"""Names and types of files, and what an event shows of what it carries."""

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from handlers.kit.context import Context
from handlers.kit.files import safe_mime, safe_name
from handlers.kit.flow import Step
from handlers.kit.incoming import Incoming, IncomingFile, Kind
from handlers.kit.reply import Turn

LONG = "đ" * 200


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Quyết định số 5.pdf", "Quyết định số 5.pdf"),
        ("Quye\u0302\u0301t.pdf", "Quyết.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\An\\a.docx", "a.docx"),
        ('a<b>:"c"|?*.txt', "a b c.txt"),
        ("\u202efdp.exe\x00\n", "fdp.exe"),
        (" . .hidden. ", "hidden"),
        ("", "file"),
        ("///", "file"),
        (f"{LONG}.pdf", f"{'đ' * 116}.pdf"),
        (LONG, "đ" * 120),
        (f"a.{LONG}", f"a.{'đ' * 118}"),
    ],
)
def test_a_name_is_fit_for_every_system(name: str, kept: str) -> None:
    assert safe_name(name) == kept


@given(name=st.text(max_size=300))
def test_whatever_the_name_it_is_fit(name: str) -> None:
    kept = safe_name(name)
    assert 1 <= len(kept) <= 120
    assert not {category(letter) for letter in kept} & {"Cc", "Cs", "Zl", "Zp"}
    assert not set(kept) & set('/\\<>:"|?*\n')


@pytest.mark.parametrize(
    ("mime", "kept"),
    [
        ("application/pdf", "application/pdf"),
        ("Text/HTML; charset=utf-8", "text/html"),
        ("image/svg+xml", "image/svg+xml"),
        ("", "application/octet-stream"),
        ("pdf", "application/octet-stream"),
        ("a/b\r\nX: y", "application/octet-stream"),
        ("a/" + "b" * 99, "application/octet-stream"),
    ],
)
def test_a_type_is_one(mime: str, kept: str) -> None:
    assert safe_mime(mime) == kept


def test_an_event_shows_nothing_of_what_it_carries() -> None:
    file = IncomingFile("luong.pdf", "application/pdf", 3, "ref", b"secret")
    incoming = Incoming("c", "e", "a", Kind.MEDIA, "document", rich=Markup("<b>riêng</b>"), file=file)
    assert not any(word in repr(incoming) for word in ("luong", "riêng", "secret"))
    assert "secret" not in repr(file)


def test_a_text_that_no_channel_formatted_is_shown_as_it_was_written() -> None:
    assert Incoming("c", "e", "a", Kind.TEXT, "a < b").rich == "a &lt; b"
    assert Incoming("c", "e", "a", Kind.MEDIA, "photo").rich == ""


@pytest.mark.parametrize(
    ("takes_files", "kind", "with_file", "awaited"),
    [
        (True, Kind.MEDIA, True, True),
        (True, Kind.MEDIA, False, False),
        (True, Kind.TEXT, False, True),
        (False, Kind.MEDIA, True, False),
        (False, Kind.TEXT, False, True),
    ],
)
def test_a_step_awaits_files_only_where_it_takes_them(
    takes_files: bool, kind: Kind, with_file: bool, awaited: bool
) -> None:
    file = IncomingFile("a", "a/b", 1) if with_file else None
    incoming = Incoming("c", "e", "a", kind, file=file)
    assert Step("s", _nothing, takes_files=takes_files).awaits(incoming) is awaited


async def _nothing(_incoming: Incoming, _ctx: Context) -> Turn:
    return Turn()
