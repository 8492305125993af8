"""The attendance as .xlsx."""

import asyncio
import io
from collections.abc import Sequence
from dataclasses import replace

from handlers.attendance.sittings import kept_sitting
from handlers.kit.access import Right
from handlers.kit.context import Context, Work
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.office import FORMULA, XLSX_MIME
from handlers.kit.reply import Attachment, Turn
from handlers.kit.sittings import Sitting
from storage import attendance
from storage.attendance import Person, View

_COLUMNS = ("code", "name", "group", "invited", "answer", "present", "how", "when", "note")
_WIDTHS = (12, 28, 24, 10, 30, 10, 22, 18, 30)


async def send(_incoming: Incoming, ctx: Context) -> Turn:
    sitting = await kept_sitting(ctx, ctx.number(0))
    people = await attendance.people(ctx.db, sitting.meeting.audience, sitting.id, View.ALL)
    table = rows(ctx, people)
    content = await asyncio.to_thread(_write, _heading(ctx, sitting), table)
    name = ctx.label(
        "attend/sheet_file", day=sitting.starts_at.astimezone(ctx.services.zone), number=sitting.id
    )
    reply = ctx.reply("attend/sheet", title=sitting.title, people=len(people))
    return Turn((replace(reply, attachment=Attachment(name, XLSX_MIME, content)),))


def _heading(work: Work, sitting: Sitting) -> str:
    return work.label("attend/sheet_heading", sitting=sitting)


def rows(work: Work, people: Sequence[Person]) -> list[list[str]]:
    """The columns' names, and a row for each person."""
    head = [work.label(f"attend/column_{name}") for name in _COLUMNS]
    return [head, *(_row(work, each) for each in people)]


def _row(work: Work, person: Person) -> list[str]:
    yes, no = work.label("attend/yes"), work.label("attend/no")
    return [
        person.code,
        person.full_name,
        person.group,
        yes if person.is_invited else no,
        _answer(work, person),
        yes if person.is_present else no,
        work.label(f"attend/how_{person.how}") if person.is_present else "",
        work.label("attend/when", at=person.at) if person.is_present else "",
        person.note,
    ]


def _answer(work: Work, person: Person) -> str:
    if person.is_coming is None:
        return ""
    key = "attend/comes" if person.is_coming else "attend/stays_away"
    return work.label(key, reason=person.reason)


def _write(heading: str, table: Sequence[Sequence[str]]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - memory that a running bot need not hold
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook()
    sheet = book.worksheets[0]
    for row in ([heading], [], *table):
        sheet.append(list(row))
    for cell in (*sheet[1], *sheet[3]):
        cell.font = Font(bold=True)
    for number, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for cells in sheet.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                # Whatever it looks like, it is text.
                cell.data_type = "s"
                cell.quotePrefix = cell.value.startswith(FORMULA)
    sheet.freeze_panes = "A4"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


ACTIONS = {"attend.sheet": Action(send, Right.MEET)}
