"""The report of who has studied in one campaign, by group."""

from collections.abc import Sequence
from typing import Any

from handlers.campaign.display import alphabetical, percent_text
from handlers.kit import audience
from handlers.kit.context import Work
from handlers.kit.reports import Figure, Kind, Report, Table, column, figure, lead, notes, share, source_text
from storage import coverage
from storage.campaigns import Campaign, State
from storage.coverage import Figures, GroupCoverage

_SOURCE = "study"


async def of_campaign(work: Work, campaign: Campaign) -> Report:
    found = await coverage.figures(work.db, campaign)
    return Report(
        name="coverage",
        about=work.label("reports/about_coverage", title=campaign.title),
        stem=work.label("reports/stem_coverage", number=campaign.id),
        made_at=work.now,
        lead=lead(work, "coverage", share=percent_text(found.coverage), **await facts(work, found)),
        figures=_figures(work, found),
        tables=(groups_table(work, alphabetical(found.groups)),),
        notes=notes(work, *remarks(found), "scope", "covered"),
    )


async def facts(work: Work, found: Figures) -> dict[str, Any]:
    """What the texts say of a campaign."""
    campaign = found.campaign
    return {
        "campaign": campaign,
        "audience": await audience.describe(work, campaign.audience),
        "begun": campaign.published_at.astimezone(work.services.zone).date(),
        "figures": found,
        "today": work.today,
    }


def remarks(found: Figures) -> list[str]:
    """What has to be said before anybody believes the figures."""
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
    return Table(
        key="groups",
        title=work.label("reports/table_groups"),
        columns=(
            column(work, "group", Kind.TEXT, 75),
            column(work, "in_scope", Kind.NUMBER, 25),
            column(work, "covered", Kind.NUMBER, 25),
            column(work, "missing", Kind.NUMBER, 20),
            column(work, "coverage", Kind.PERCENT, 20),
        ),
        rows=tuple(
            (each.group, each.in_scope, each.covered, each.in_scope - each.covered, each.coverage)
            for each in groups
        ),
        source=source_text(work, source),
        empty=work.label("reports/empty_groups"),
        bars=("group", "coverage"),
    )
