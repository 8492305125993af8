"""A report on paper: what every writer of pages shows, in words and in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from handlers.kit.context import Work
from handlers.kit.letterhead import Letterhead, chair_name, load
from handlers.kit.papers import format_paper_day
from handlers.kit.reports import Kind, Report, Signature, Table, Value
from handlers.kit.texts import format_count, format_day

_WORDS = (
    "recipients",
    "number",
    "what",
    "value",
    "source",
    "figures",
    "notes",
    "summary",
    "chart",
    "none",
    "page",
)
# More bars than these nobody compares; the shortest are what a reader looks for.
MOST_BARS = 30


@dataclass(frozen=True, slots=True)
class Bar:
    name: str
    # 0 to 100.
    share: float
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """A report with all the words that stand around it."""

    report: Report
    head: Letterhead
    issuer: str
    signature: Signature
    nation: str
    motto: str
    title: str
    place_and_day: str
    made_at: str
    # Fixed words, by name.
    words: Mapping[str, str]
    # By table, of those that have bars: what is drawn.
    charts: Mapping[str, Sequence[Bar]]
    # What is said of a chart that leaves bars out.
    remarks: Mapping[str, str]

    def text(self, value: Value, kind: Kind) -> str:
        return self.words["none"] if value is None else text_of(value, kind)


def text_of(value: Value, kind: Kind) -> str:
    """As Vietnamese writes it: 1.234; 85,7%; -0,25; 05/09/2026. Empty for None."""
    match value:
        case None:
            return ""
        case date():
            return format_day(value)
        case str():
            return value
        case _ if kind is Kind.PERCENT:
            return f"{_short(value)}%"
        case _:
            return _short(value)


def _short(value: float) -> str:
    return format_count(int(value) if float(value).is_integer() else value)


async def page_of(work: Work, report: Report) -> Page:
    """RefusedError where the branch's own words can't be read."""
    head = load(work)
    day, month, year = format_paper_day(report.made_at.astimezone(work.services.zone).date())
    charts = {each.key: bars for each in report.tables if (bars := _bars(each))}
    return Page(
        report=report,
        head=head,
        issuer=work.services.branch.name,
        signature=report.signature or Signature(head.on_behalf, head.signer, await chair_name(work)),
        nation=work.label("reports/paper_nation"),
        motto=work.label("reports/paper_motto"),
        title=work.label("reports/paper_title"),
        place_and_day=work.label("reports/paper_day", place=head.place, day=day, month=month, year=year),
        made_at=work.label("reports/word_made_at", at=report.made_at),
        words={name: work.label(f"reports/word_{name}") for name in _WORDS},
        charts={key: bars[:MOST_BARS] for key, bars in charts.items()},
        remarks={
            key: work.label("reports/word_more", shown=MOST_BARS, all=len(bars))
            for key, bars in charts.items()
            if len(bars) > MOST_BARS
        },
    )


def _bars(table: Table) -> list[Bar]:
    """The table's bars in its order; the shortest ahead, where they are too many."""
    if table.bars is None:
        return []
    name, value = (table.place(key) for key in table.bars)
    kind = table.columns[name].kind
    every = [
        Bar(text_of(row[name], kind), float(share), text_of(share, Kind.PERCENT))
        for row in table.rows
        if isinstance(share := row[value], int | float)
    ]
    return sorted(every, key=lambda bar: bar.share) if len(every) > MOST_BARS else every


# The same as plain texts, for templates.


def as_texts(page: Page) -> dict[str, Any]:
    """What a template may write, by the names that stand in it."""
    report, head = page.report, page.head
    return {
        "superior": head.superior.upper(),
        "issuer": page.issuer.upper(),
        "number": head.number,
        "nation": page.nation.upper(),
        "motto": page.motto,
        "place_and_day": page.place_and_day,
        "title": page.title.upper(),
        "about": report.about,
        "lead": list(report.lead),
        "words": dict(page.words),
        "figures": [
            {
                "number": str(number),
                "label": each.label,
                "value": page.text(each.value, each.kind),
                "source": each.source,
            }
            for number, each in enumerate(report.figures, 1)
        ],
        "sections": [_section(page, number, each) for number, each in enumerate(report.tables, 2)],
        "notes": list(report.notes),
        "made_at": page.made_at,
        "recipients": list(head.recipients),
        "on_behalf": page.signature.on_behalf.upper(),
        "signer": page.signature.signer.upper(),
        "signer_name": page.signature.name,
    }


def _section(page: Page, number: int, table: Table) -> dict[str, Any]:
    return {
        "key": table.key,
        "number": str(number),
        "title": table.title,
        "source": table.source,
        "empty": table.empty,
        "columns": [
            {"title": each.title, "width": each.width, "is_text": each.kind is Kind.TEXT}
            for each in table.columns
        ],
        "rows": [
            [page.text(value, each.kind) for value, each in zip(row, table.columns, strict=True)]
            for row in table.rows
        ],
        "bars": [
            {"name": each.name, "share": each.share, "text": each.text}
            for each in page.charts.get(table.key, ())
        ],
        "remark": page.remarks.get(table.key, ""),
    }
