"""Who may have which report, gathering it, and giving it as plain values."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from handlers.kit.access import Right, may
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.reports import Report, ReportKind, Value
from storage.campaigns import Campaign
from storage.members import Member

Kinds = Mapping[str, ReportKind]


async def gather(work: Work, kind: ReportKind, campaign: Campaign | None, year: int | None) -> Report:
    """Of a campaign or of a year, whichever is given. RefusedError where the report isn't of such."""
    if campaign is not None:
        if kind.of_campaign is None:
            raise RefusedError("reports/not_of_campaign", name=kind.name)
        return await kind.of_campaign(work, campaign)
    if kind.of_year is None:
        raise RefusedError("reports/not_of_year", name=kind.name)
    return await kind.of_year(work, year or work.today.year)


OfCampaign = Callable[[Work, Campaign], Awaitable[Report]]
OfYear = Callable[[Work, int], Awaitable[Report]]


def of_campaign_for(member: Member | None, kind: ReportKind) -> OfCampaign | None:
    """Of everybody, or of the member's own group, as far as they may see it; None: neither."""
    if kind.of_campaign is not None and may(member, kind.right):
        return kind.of_campaign
    if kind.of_group is not None and member is not None and may(member, Right.SEE_GROUP):
        return partial(kind.of_group, leader=member)
    return None


def of_year_for(member: Member | None, kind: ReportKind) -> OfYear | None:
    return kind.of_year if may(member, kind.right) else None


def as_json(report: Report) -> dict[str, Any]:
    return {
        "report": report.name,
        "about": report.about,
        "made_at": report.made_at.isoformat(),
        "figures": [
            {
                "key": each.key,
                "label": each.label,
                "kind": each.kind.value,
                "value": _plain(each.value),
                "source": each.source,
            }
            for each in report.figures
        ],
        "tables": [
            {
                "key": each.key,
                "title": each.title,
                "source": each.source,
                "columns": [
                    {"key": column.key, "title": column.title, "kind": column.kind.value}
                    for column in each.columns
                ],
                "rows": [[_plain(value) for value in row] for row in each.rows],
            }
            for each in report.tables
        ],
        "notes": list(report.notes),
    }


def _plain(value: Value) -> str | int | float | None:
    return value if value is None or isinstance(value, str | int | float) else value.isoformat()
