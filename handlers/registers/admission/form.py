"""The application form to print and sign, as .docx to edit and as PDF: in the layout of decree 30/2020.

What isn't kept here, such as day of birth and identity papers, is left to be written by hand.
"""

import asyncio
import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from handlers.kit.context import Work
from handlers.kit.markup import plain
from handlers.kit.office import DOCX_MIME
from handlers.kit.papers import Head, Signature
from handlers.kit.reply import Attachment
from handlers.kit.typeset import typeset
from handlers.kit.vietnamese import fold
from storage import members
from storage.members import Member
from storage.registers.admissions import Admission


class Form(StrEnum):
    DOCX = "docx"
    PDF = "pdf"


_MIMES = {
    Form.DOCX: DOCX_MIME,
    Form.PDF: "application/pdf",
}


async def write(work: Work, found: Admission, form: Form) -> Attachment:
    person = await members.by_id(work.db, found.member_id)
    if person is None:
        raise AssertionError("the schema keeps people who have applications")
    if form is Form.DOCX:
        content = _docx(work, person)
    else:
        content = await asyncio.to_thread(typeset, "application.typ", _data(work, person), format="pdf")
    # Letters and digits alone: what else a name may hold, some system forbids in a file's.
    words = "-".join(re.findall(r"\w+", fold(person.full_name)))
    name = work.label("registers/form_file", name=words, ending=form.value)
    return Attachment(name, _MIMES[form], content)


def _lines(work: Work, person: Member) -> Sequence[str]:
    """Each line of the text is a paragraph."""
    text = work.reply("registers/form", person=person, branch=work.services.branch.name).text
    return [line for line in str(text).split("\n") if line.strip()]


def _head(work: Work) -> Head:
    return Head(
        issuer=work.services.branch.name,
        number="",
        nation=work.label("registers/paper_nation"),
        motto=work.label("registers/paper_motto"),
        place_and_day=work.label("registers/paper_day"),
        title=work.label("registers/form_title"),
        about=work.label("registers/form_about"),
    )


def _signatures(work: Work, person: Member) -> tuple[Signature, Signature]:
    hint = work.label("registers/paper_sign")
    return (
        Signature(work.label("registers/form_committee"), hint),
        Signature(work.label("registers/form_applicant"), hint, person.full_name),
    )


def _docx(work: Work, person: Member) -> bytes:
    # python-docx is memory that a running bot need not hold.
    from handlers.kit.papers.layout import Paper  # noqa: PLC0415

    paper = Paper(work.now)
    paper.head(_head(work))
    for each in _lines(work, person):
        paper.paragraph(each)
    paper.sign(_signatures(work, person))
    return paper.content()


def _data(work: Work, person: Member) -> dict[str, Any]:
    """What the layout of the PDF asks for."""
    head = _head(work)
    return {
        "issuer": head.issuer.upper(),
        "nation": head.nation.upper(),
        "motto": head.motto,
        "day": head.place_and_day,
        "title": head.title.upper(),
        "about": head.about,
        "lines": [plain(each) for each in _lines(work, person)],
        "signatures": [
            {"title": each.title.upper(), "hint": each.hint, "name": each.name}
            for each in _signatures(work, person)
        ],
    }
