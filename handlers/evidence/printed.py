"""The report of a year's signed heads: printed, signed and filed, it holds whoever runs the machine to it."""

from collections.abc import Sequence

from handlers.evidence.notes import fingerprint, is_signed
from handlers.kit.access import Right
from handlers.kit.context import Work
from handlers.kit.reports import (
    Kind,
    Report,
    ReportKind,
    Table,
    Value,
    column,
    figure,
    lead,
    notes,
    table,
)
from storage import evidence_heads
from storage.evidence_heads import PublishedKey, SignedHead

_SOURCE = "evidence"
_NO_BREAK = "\N{NO-BREAK SPACE}"
# Letters of half a fingerprint, with its blanks.
_HALF = 19


async def of_year(work: Work, year: int) -> Report:
    keys = await evidence_heads.keys(work.db)
    heads = [each for each in await evidence_heads.everything(work.db) if _year(work, each) == year]
    return Report(
        name="heads",
        about=work.label("reports/about_heads", year=year),
        stem=work.label("reports/stem_heads", year=year),
        made_at=work.now,
        lead=lead(work, "heads", year=year, number=len(heads)),
        figures=(
            figure(work, "heads", len(heads), _SOURCE),
            figure(work, "head_entries", heads[-1].size if heads else None, _SOURCE),
            figure(work, "keys", len(keys), _SOURCE),
        ),
        tables=(_heads(work, heads, keys), _keys(work, keys)),
        notes=notes(work, *(["year_running"] if year >= work.today.year else []), "fingerprint", "head_kept"),
    )


def _year(work: Work, head: SignedHead) -> int:
    return head.made_at.astimezone(work.services.zone).year


def _heads(work: Work, heads: Sequence[SignedHead], keys: Sequence[PublishedKey]) -> Table:
    numbers = {each.id: number for number, each in enumerate(keys, 1)}
    columns = (
        column(work, "day", Kind.DAY, 26),
        column(work, "time", Kind.TEXT, 15),
        column(work, "entries", Kind.NUMBER, 22),
        column(work, "fingerprint", Kind.TEXT, 56),
        column(work, "key", Kind.NUMBER, 16),
        column(work, "sign", Kind.TEXT, 30),
    )
    rows = [(*_moment(work, each), each.size, _shown(each.text), numbers[each.key_id], "") for each in heads]
    return table(work, "heads", columns, tuple(rows), _SOURCE, empty="heads")


def _keys(work: Work, keys: Sequence[PublishedKey]) -> Table:
    columns = (
        column(work, "key", Kind.NUMBER, 16),
        column(work, "day", Kind.DAY, 26),
        column(work, "time", Kind.TEXT, 15),
        column(work, "fingerprint", Kind.TEXT, 56),
        column(work, "presented", Kind.TEXT, 52),
    )
    rows = [
        (number, *_moment(work, each), _shown(each.public.hex()), _presented(work, keys, number))
        for number, each in enumerate(keys, 1)
    ]
    return table(work, "keys", columns, tuple(rows), _SOURCE, empty="keys")


def _moment(work: Work, made: SignedHead | PublishedKey) -> tuple[Value, Value]:
    at = made.made_at.astimezone(work.services.zone)
    return at.date(), f"{at:%H:%M}"


def _shown(text: str) -> str:
    """The fingerprint, which breaks in its middle where a column is too narrow, and nowhere else."""
    whole = fingerprint(text)
    return " ".join(part.replace(" ", _NO_BREAK) for part in (whole[:_HALF], whole[_HALF + 1 :]))


def _presented(work: Work, keys: Sequence[PublishedKey], number: int) -> str:
    """Who vouches for the key of this number."""
    if number == 1:
        return work.label("reports/key_first")
    made, before = keys[number - 1], keys[number - 2]
    is_presented = is_signed(before.public, made.signature, made.text)
    return work.label("reports/key_presented" if is_presented else "reports/key_alone", number=number - 1)


REPORTS = (ReportKind("heads", Right.SEE_FIGURES, of_year=of_year),)
