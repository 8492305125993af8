"""Certificates on paper: a page of A4 for each, with a QR code that leads to what can be checked."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from handlers.certificates import tokens
from handlers.certificates.actions import Printed, printed_on
from handlers.kit import letterhead
from handlers.kit.context import Work
from handlers.kit.letterhead import Letterhead
from handlers.kit.papers import format_paper_day
from handlers.kit.typeset import qr_svg, typeset
from storage.certificates import Certificate

_LAYOUT = "giay-chung-nhan.typ"
_WORDS = ("nation", "motto", "title", "issued_by", "has_passed", "check_page", "check_office")


async def prepare(work: Work, found: Sequence[Certificate]) -> Mapping[str, Any]:
    """All that the layout asks for: no database, so that a thread may do the rest. RefusedError where the
    branch's own letterhead can't be read.
    """
    head = letterhead.load(work)
    branch = work.services.branch.name
    printed = await printed_on(work, found)
    # Each is measured once, however many sheets name it.
    documents = list(dict.fromkeys((each.title, each.about) for each in printed))
    return {
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
    return dict(zip(("day", "month", "year"), format_paper_day(day), strict=True))


def draw(prepared: Mapping[str, Any]) -> bytes:
    """The PDF. About 5 ms for each sheet: from a chat call it in a thread."""
    return typeset(_LAYOUT, prepared, format="pdf")
