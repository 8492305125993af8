"""Certificates on paper: a page of A4 for each, with a QR code that leads to what can be checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from handlers.certificates import tokens
from handlers.certificates.actions import Printed, printed_on
from handlers.kit import letterhead
from handlers.kit.context import Work
from handlers.kit.letterhead import Letterhead
from handlers.kit.reply import Attachment
from handlers.kit.typeset import qr_svg, typeset
from storage.certificates import Certificate

_LAYOUT = "giay-chung-nhan.typ"
_WORDS = ("nation", "motto", "title", "issued_by", "has_passed", "check_page", "check_office")


@dataclass(frozen=True, slots=True)
class Sheets:
    """All that is printed: no database, so that a thread may do it."""

    stem: str
    data: Mapping[str, Any]


async def prepare(work: Work, stem: str, found: Sequence[Certificate]) -> Sheets:
    """A file of that name. RefusedError where the branch's own letterhead can't be read."""
    head = letterhead.load(work)
    branch = work.services.branch.name
    printed = await printed_on(work, found)
    # Each is measured once, however many sheets name it.
    documents = list(dict.fromkeys((each.title, each.about) for each in printed))
    data = {
        "words": {name: work.label(f"certificates/word_{name}", branch=branch) for name in _WORDS},
        "superior": head.superior.upper(),
        "issuer": branch.upper(),
        "on_behalf": head.on_behalf.upper(),
        "signer": head.signer.upper(),
        "signer_name": await letterhead.chair_name(work),
        "page": f"{work.services.public_url.partition('://')[2]}{tokens.PATH}/",
        "documents": [{"title": title, "about": about} for title, about in documents],
        "sheets": [
            _sheet(work, head, each, sheet) | {"document": documents.index((sheet.title, sheet.about))}
            for each, sheet in zip(found, printed, strict=True)
        ],
    }
    return Sheets(stem, data)


def _sheet(work: Work, head: Letterhead, found: Certificate, printed: Printed) -> dict[str, Any]:
    address = tokens.address(work.services.public_url, found.token)
    issued = _parts(printed.issued_on)
    return {
        "number": printed.number,
        "name": printed.full_name,
        "passed": work.label("certificates/passed_on", **_parts(printed.passed_on)),
        "place_and_day": work.label("certificates/place_and_day", place=head.place, **issued),
        "token": tokens.shown(found.token),
        "qr": qr_svg(address) if address else "",
    }


def _parts(day: date) -> dict[str, str]:
    # python-docx is memory that a running bot need not hold.
    from handlers.kit.papers import format_paper_day  # noqa: PLC0415

    return dict(zip(("day", "month", "year"), format_paper_day(day), strict=True))


def draw(sheets: Sheets) -> Attachment:
    content = typeset(_LAYOUT, sheets.data, format="pdf")
    return Attachment(f"{sheets.stem}.pdf", "application/pdf", content)
