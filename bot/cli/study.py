"""Commands of studying: study list, study publish, study coverage."""

import asyncio
from datetime import date
from typing import Annotated, Any

import typer

from bot.branch import DOCUMENTS, open_branch, open_work
from bot.cli.output import JsonFlag, fail, help_text, print_json, say
from bot.config import Settings
from handlers.campaign import actions
from handlers.campaign.actions import Published
from handlers.campaign.display import alphabetical, by_name, percent_text
from handlers.campaign.rules import Publishing
from handlers.kit.context import Work
from handlers.kit.documents import Document, load_documents, version
from storage import campaigns
from storage.audiences import Kind
from storage.campaigns import Campaign
from storage.coverage import Figures, Missing, coverage
from storage.database import Transaction


def register(app: typer.Typer) -> None:
    group = typer.Typer()
    group.command("list", help=help_text("study_list"))(list_)
    group.command("publish", help=help_text("study_publish"))(publish)
    group.command("coverage", help=help_text("study_coverage"))(show_coverage)
    app.add_typer(group, name="study", help=help_text("study"))


def list_(*, as_json: JsonFlag = False) -> None:
    documents = [_entry(document) for _slug, document in sorted(load_documents(DOCUMENTS).items())]
    if as_json:
        print_json(documents)
    else:
        say("documents", documents=documents)


def _entry(document: Document) -> dict[str, Any]:
    return {
        "slug": document.slug,
        "title": document.title,
        "number": document.number,
        "version": version(document),
        "cards": len(document.cards),
        "questions": len(document.quiz.questions) if document.quiz else 0,
    }


def publish(
    slug: Annotated[str, typer.Argument(help=help_text("slug"))],
    audience: Annotated[str | None, typer.Option(help=help_text("audience"))] = None,
    deadline: Annotated[str | None, typer.Option(help=help_text("deadline"))] = None,
    pass_mark: Annotated[int | None, typer.Option(help=help_text("pass_mark"), min=0, max=100)] = None,
    *,
    as_json: JsonFlag = False,
) -> None:
    published = asyncio.run(_publish(Settings(), slug, audience, _day(deadline), pass_mark))
    if as_json:
        print_json(
            {
                "campaign": published.campaign,
                "document": slug,
                "version": published.version,
                "recipients": published.recipients,
            }
        )
    else:
        say("published", published=published)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail("not_a_day", text=text)


async def _publish(
    settings: Settings, slug: str, audience: str | None, deadline: date | None, pass_mark: int | None
) -> Published:
    chosen = {"--audience": audience, "--deadline": deadline, "--pass-mark": pass_mark}
    async with open_work(settings) as work:
        await _refuse_choices(work, slug, [name for name, value in chosen.items() if value is not None])
        return await actions.publish(
            work, None, slug, audience=audience or Kind.ALL, deadline=deadline, pass_mark=pass_mark
        )


async def _refuse_choices(work: Work, slug: str, names: list[str]) -> None:
    """A correction changes words only; whoever chooses more must not believe that it came to pass."""
    document = actions.find_document(work, slug)
    meaning, _running = await actions.weigh(work, document)
    if meaning is Publishing.CORRECTION and names:
        fail("correction_keeps", title=document.title, names=names, slug=slug)


def show_coverage(
    campaign: Annotated[str | None, typer.Argument(help=help_text("campaign"))] = None,
    *,
    as_json: JsonFlag = False,
) -> None:
    figures, missing = asyncio.run(_coverage(Settings(), campaign))
    if as_json:
        print_json(_as_json(figures, missing))
    else:
        say(
            "coverage",
            figures=figures,
            groups=alphabetical(figures.groups),
            missing=by_name(missing),
            percent=percent_text,
        )


async def _coverage(settings: Settings, name: str | None) -> tuple[Figures, list[Missing]]:
    async with open_branch(settings) as (database, _services), database.read() as tx:
        return await coverage(tx, await _chosen(tx, name))


async def _chosen(tx: Transaction, name: str | None) -> Campaign:
    """The campaign of that number or document; without a name the newest one."""
    if name is not None:
        found = await campaigns.find(tx, name)
    else:
        everyone = await campaigns.all_campaigns(tx)
        found = max(everyone, key=lambda each: each.id, default=None)
    if found is None:
        fail("no_campaign", name=name)
    return found


def _as_json(figures: Figures, missing: list[Missing]) -> dict[str, Any]:
    return {
        "campaign": figures.campaign.id,
        "in_scope": figures.in_scope,
        "sent": figures.sent,
        "acknowledged": figures.acknowledged,
        "passed": figures.passed,
        "waived": figures.waived,
        "coverage": figures.coverage,
        "groups": [
            {
                "group": group.group,
                "in_scope": group.in_scope,
                "covered": group.covered,
                "coverage": group.coverage,
            }
            for group in alphabetical(figures.groups)
        ],
        "missing": [{"code": each.code, "name": each.full_name} for each in by_name(missing)],
    }
