"""The list of those who have not studied yet, group by group."""

from handlers.campaign.display import alphabetical, by_name, percent_text
from handlers.campaign.printed.coverage import facts, scope_notes
from handlers.campaign.printed.group import of_group_of, signature
from handlers.kit.context import Work
from handlers.kit.reports import Figure, Kind, Report, Table, Value, column, figure, lead, notes, share, table
from storage import reported_coverage
from storage.campaigns import Campaign
from storage.members import Member
from storage.reported_coverage import Counted


async def of_campaign(work: Work, campaign: Campaign, leader: Member | None = None) -> Report:
    """Of all, or of the leader's group."""
    counted = await reported_coverage.count(
        work.db, campaign, work.now, group_id=leader.group_id if leader else None
    )
    found = counted.figures
    nameless = ["nameless"] if any(not each.full_name for each in counted.missing) else []
    return Report(
        name="missing",
        about=work.label("reports/about_missing", title=campaign.title) + of_group_of(work, leader),
        stem=work.label("reports/stem_missing", number=campaign.id),
        made_at=work.now,
        lead=lead(work, "missing", share=percent_text(found.coverage), **await facts(work, found, leader)),
        figures=_figures(work, counted),
        tables=(_table(work, _rows(counted)),),
        notes=(*scope_notes(work, counted), *notes(work, *nameless)),
        signature=signature(work, leader),
    )


def _figures(work: Work, counted: Counted) -> tuple[Figure, ...]:
    found = counted.figures
    return (
        figure(work, "in_scope", found.in_scope, "study"),
        figure(work, "covered", found.covered, "study"),
        figure(work, "missing", len(counted.missing), "study"),
        figure(work, "coverage", share(found.covered, found.in_scope), "study", Kind.PERCENT),
    )


def _rows(counted: Counted) -> tuple[tuple[Value, ...], ...]:
    """Group by group; whoever may not be named comes last in theirs."""
    names = {each.group_id: each.group for each in alphabetical(counted.figures.groups)}
    order = {group_id: place for place, group_id in enumerate(names)}
    listed = sorted(
        by_name(counted.missing), key=lambda person: (order[person.group_id], not person.full_name)
    )
    return tuple(
        (number, each.code or None, each.full_name or None, names[each.group_id])
        for number, each in enumerate(listed, 1)
    )


def _table(work: Work, rows: tuple[tuple[Value, ...], ...]) -> Table:
    return table(
        work,
        "missing",
        columns=(
            column(work, "number", Kind.NUMBER, 16),
            column(work, "code", Kind.TEXT, 27),
            column(work, "name", Kind.TEXT, 62),
            column(work, "group", Kind.TEXT, 60),
        ),
        rows=rows,
        source="study",
        empty="missing",
    )
