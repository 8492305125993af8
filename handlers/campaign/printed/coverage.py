"""The report of who has studied in one campaign, by group."""

from collections.abc import Sequence
from typing import Any

from handlers.campaign.display import alphabetical, percent_text
from handlers.campaign.printed.group import of_group_of, signature
from handlers.kit import audience
from handlers.kit.context import Work
from handlers.kit.reports import Figure, Kind, Report, Table, column, figure, lead, notes, share, table
from storage import reported_coverage
from storage.campaigns import Campaign, State
from storage.coverage import Figures, GroupCoverage
from storage.members import Member
from storage.reported_coverage import Counted

_SOURCE = "study"


async def of_campaign(work: Work, campaign: Campaign, leader: Member | None = None) -> Report:
    """Of all, or of the leader's group."""
    counted = await reported_coverage.count(
        work.db, campaign, work.now, group_id=leader.group_id if leader else None
    )
    found = counted.figures
    return Report(
        name="coverage",
        about=work.label("reports/about_coverage", title=campaign.title) + of_group_of(work, leader),
        stem=work.label("reports/stem_coverage", number=campaign.id),
        made_at=work.now,
        lead=lead(work, "coverage", share=percent_text(found.coverage), **await facts(work, found, leader)),
        figures=_figures(work, found),
        tables=(groups_table(work, alphabetical(found.groups)),),
        notes=scope_notes(work, counted),
        signature=signature(work, leader),
    )


async def facts(work: Work, found: Figures, leader: Member | None = None) -> dict[str, Any]:
    """What the texts say of a campaign, or of a group in it."""
    campaign, zone = found.campaign, work.services.zone
    return {
        "campaign": campaign,
        "audience": await audience.describe(work, campaign.audience),
        "group": leader.group_name if leader else "",
        "begun": campaign.published_at.astimezone(zone).date(),
        "closed": campaign.closed_at.astimezone(zone).date() if campaign.closed_at else None,
        "figures": found,
        "today": work.today,
    }


def scope_notes(work: Work, counted: Counted) -> tuple[str, ...]:
    """Of which moment the people are, and what they have to have done."""
    closed_at = counted.figures.campaign.closed_at
    scope = ("scope_closed", "entered") if closed_at else ("scope",)
    return notes(work, *remarks(counted), *scope, "covered", closed_at=closed_at)


def remarks(counted: Counted) -> list[str]:
    """What has to be said before anybody believes the figures."""
    found = counted.figures
    said = []
    if found.campaign.state is State.OPEN:
        said.append("running")
    if found.campaign.state is State.SUPERSEDED:
        said.append("superseded")
    if not found.in_scope:
        said.append("nobody")
    elif found.waived == found.in_scope:
        said.append("all_waived")
    return said


def _figures(work: Work, found: Figures) -> tuple[Figure, ...]:
    counted = {
        "in_scope": found.in_scope,
        "covered": found.covered,
        "missing": found.in_scope - found.covered,
        "acknowledged": found.acknowledged,
        "passed": found.passed,
        "credited": found.credited,
        "waived": found.waived,
    }
    return (
        figure(work, "coverage", share(found.covered, found.in_scope), _SOURCE, Kind.PERCENT),
        *(figure(work, key, value, _SOURCE) for key, value in counted.items()),
        figure(work, "sent", found.sent, "outbox"),
    )


def groups_table(work: Work, groups: Sequence[GroupCoverage], source: str = _SOURCE) -> Table:
    return table(
        work,
        "groups",
        columns=(
            column(work, "group", Kind.TEXT, 67),
            column(work, "in_scope", Kind.NUMBER, 24),
            column(work, "covered", Kind.NUMBER, 29),
            column(work, "missing", Kind.NUMBER, 25),
            column(work, "coverage", Kind.PERCENT, 20),
        ),
        rows=tuple(
            (each.group, each.in_scope, each.covered, each.in_scope - each.covered, each.coverage)
            for each in groups
        ),
        source=source,
        empty="groups",
        bars=("group", "coverage"),
    )
