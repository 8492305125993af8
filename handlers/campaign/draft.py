"""A campaign that an officer is about to open, and the screens that ask for its parts."""

from dataclasses import dataclass
from datetime import date

import msgspec

from handlers.campaign.display import label
from handlers.campaign.rules import default_mark
from handlers.campaign.steps import PUBLISH, ask
from handlers.kit import audience
from handlers.kit.context import Context
from handlers.kit.documents import Document, version
from handlers.kit.errors import StaleError
from handlers.kit.paging import page_of, turn_pages
from handlers.kit.reply import Goto, Reply
from handlers.kit.steps import state_of
from storage import audiences, recipients

AUDIENCES = ("all", "members", "party", "officers")
DEADLINES = (7, 14, 30)
MARKS = (50, 80, 100)
BUTTONS_A_PAGE = 8
# Enough of a version's hash to tell documents apart.
_SHORT = 12


@dataclass(frozen=True, slots=True)
class Draft:
    """What was chosen so far, as the dialogue keeps it."""

    slug: str
    version: str
    title: str
    # The pass mark that the document's quiz asks for; None: it has no quiz.
    quiz_mark: int | None
    # As `storage.audiences` reads it.
    audience: str = ""
    deadline: date | None = None
    pass_mark: int = 0

    def goto(self, step: str) -> Goto:
        return Goto(PUBLISH, step, msgspec.to_builtins(self))


def new_draft(document: Document) -> Draft:
    quiz_mark = default_mark(document) if document.quiz else None
    return Draft(document.slug, version(document), document.title, quiz_mark)


def draft_of(ctx: Context) -> Draft:
    return state_of(ctx, Draft)


def find_document(ctx: Context, short: str) -> Document:
    """The document whose version begins with `short`, as it stands in a button."""
    for document in ctx.services.documents.values():
        if version(document)[:_SHORT] == short:
            return document
    raise StaleError


def ask_document(ctx: Context, number: int) -> Reply:
    documents = sorted(ctx.services.documents.values(), key=lambda each: each.title)
    page = page_of(len(documents), number, BUTTONS_A_PAGE)
    shown = page.of(documents)
    rows = [
        (ctx.plain_button(label(each.title), "campaign.document", version(each)[:_SHORT]),) for each in shown
    ]
    turning = turn_pages(ctx, page, "campaign.documents")
    return ask(ctx, "campaign/ask_document", *rows, turning, documents=len(documents))


def ask_correction(ctx: Context, draft: Draft) -> Reply:
    """The document is being studied already; only its words were corrected."""
    yes = ctx.button("campaign/correct", "campaign.correct")
    return ask(ctx, "campaign/ask_correction", (yes,), title=draft.title)


def ask_audience(ctx: Context, draft: Draft) -> Reply:
    kinds = [ctx.button(f"campaign/for_{kind}", "campaign.audience", kind) for kind in AUDIENCES]
    group = ctx.button("campaign/for_group", "campaign.groups", 0)
    return ask(ctx, "campaign/ask_audience", tuple(kinds[:2]), tuple(kinds[2:]), (group,), title=draft.title)


async def ask_group(ctx: Context, number: int) -> Reply:
    groups = await audiences.groups_with_people(ctx.db)
    page = page_of(len(groups), number, BUTTONS_A_PAGE)
    shown = page.of(groups)
    rows = [(ctx.plain_button(label(name), "campaign.group", group_id),) for group_id, name in shown]
    return ask(ctx, "campaign/ask_group", *rows, turn_pages(ctx, page, "campaign.groups"))


async def ask_deadline(ctx: Context, draft: Draft) -> Reply:
    days = [ctx.button("campaign/in_days", "campaign.deadline", number, days=number) for number in DEADLINES]
    none = ctx.button("campaign/no_deadline", "campaign.deadline", 0)
    people = await audience.describe(ctx, draft.audience)
    return ask(ctx, "campaign/ask_deadline", tuple(days), (none,), audience=people)


def ask_mark(ctx: Context, draft: Draft) -> Reply:
    default = draft.quiz_mark or 0
    marks = [ctx.plain_button(f"{mark}%", "campaign.mark", mark) for mark in MARKS if mark != default]
    usual = ctx.button("campaign/default_mark", "campaign.mark", default, mark=default)
    none = ctx.button("campaign/no_mark", "campaign.mark", 0)
    return ask(ctx, "campaign/ask_mark", (usual,), tuple(marks), (none,), title=draft.title)


async def ask_confirmation(ctx: Context, draft: Draft, *, replaces: bool) -> Reply:
    """Everything at one glance, with how many it would not reach; `replaces` an older edition's campaign."""
    number = await audiences.count(ctx.db, draft.audience)
    return ask(
        ctx,
        "campaign/ask_confirmation",
        (ctx.button("campaign/publish", "campaign.publish"),),
        title=draft.title,
        audience=await audience.describe(ctx, draft.audience),
        deadline=draft.deadline,
        pass_mark=draft.pass_mark,
        has_quiz=draft.quiz_mark is not None,
        number=number,
        unreachable=number - await recipients.count_reachable(ctx.db, draft.audience),
        replaces=replaces,
    )
