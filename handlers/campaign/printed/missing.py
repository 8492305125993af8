"""The list of those who have not studied yet, group by group."""

from handlers.campaign.display import alphabetical, by_name, percent_text
from handlers.campaign.printed.coverage import facts, remarks
from handlers.kit.context import Work
from handlers.kit.reports import Kind, Report, Table, column, figure, lead, notes, share, source_text
from storage import coverage
from storage.campaigns import Campaign


async def of_campaign(work: Work, campaign: Campaign) -> Report:
    found, people = await coverage.coverage(work.db, campaign)
    names = {each.group_id: each.group for each in alphabetical(found.groups)}
    order = {group_id: place for place, group_id in enumerate(names)}
    listed = sorted(by_name(people), key=lambda person: order[person.group_id])
    rows = tuple(
        (number, each.code, each.full_name, names[each.group_id]) for number, each in enumerate(listed, 1)
    )
    return Report(
        name="missing",
        about=work.label("reports/about_missing", title=campaign.title),
        stem=work.label("reports/stem_missing", number=campaign.id),
        made_at=work.now,
        lead=lead(work, "missing", share=percent_text(found.coverage), **await facts(work, found)),
        figures=(
            figure(work, "in_scope", found.in_scope, "study"),
            figure(work, "covered", found.covered, "study"),
            figure(work, "missing", len(people), "study"),
            figure(work, "coverage", share(found.covered, found.in_scope), "study", Kind.PERCENT),
        ),
        tables=(_table(work, rows),),
        notes=notes(work, *remarks(found), "scope", "covered"),
    )


def _table(work: Work, rows: tuple[tuple[int, str, str, str], ...]) -> Table:
    return Table(
        key="missing",
        title=work.label("reports/table_missing"),
        columns=(
            column(work, "number", Kind.NUMBER, 12),
            column(work, "code", Kind.TEXT, 28),
            column(work, "name", Kind.TEXT, 70),
            column(work, "group", Kind.TEXT, 55),
        ),
        rows=rows,
        source=source_text(work, "study"),
        empty=work.label("reports/empty_missing"),
    )
