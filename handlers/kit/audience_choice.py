"""The screens on which an officer chooses an audience. The feature that asks has the actions `audience`,
`groups`, `group`, `campaigns`, `campaign` and `cancel` under its name.
"""

from collections.abc import Sequence

from handlers.kit import audience
from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.paging import page_of, turn_pages
from handlers.kit.reply import Button, Reply
from handlers.kit.vietnamese import fold
from storage import audiences, campaigns, members, recipients
from storage.audiences import Kind, Part

AUDIENCES = (Kind.ALL, Kind.MEMBERS, Kind.PARTY, Kind.OFFICERS)
BUTTONS_A_PAGE = 8


async def ask_audience(ctx: Context, feature: str, chosen: str) -> Reply:
    """`chosen` is the kept audience that the answer joins; empty: it takes its place."""
    numbers = await recipients.count_each(ctx.db, AUDIENCES)
    kinds = [
        ctx.button(f"audience/for_{kind}", f"{feature}.audience", kind, number=numbers[kind])
        for kind in AUDIENCES
    ]
    more = [ctx.button("audience/for_group", f"{feature}.groups", 0)]
    if await campaigns.open_campaigns(ctx.db):
        more.append(ctx.button("audience/for_unfinished", f"{feature}.campaigns", 0))
    return _ask(
        ctx,
        feature,
        "ask",
        tuple(kinds[:2]),
        tuple(kinds[2:]),
        tuple(more),
        chosen=await audience.describe(ctx, chosen) if chosen else "",
    )


async def ask_group(ctx: Context, feature: str, number: int) -> Reply:
    groups = await audiences.groups_with_people(ctx.db)
    return _choice(ctx, feature, "group", groups, number)


async def ask_campaign(ctx: Context, feature: str, number: int) -> Reply:
    running = [(each.id, each.title) for each in await campaigns.open_campaigns(ctx.db)]
    return _choice(ctx, feature, "campaign", running, number)


def _choice(ctx: Context, feature: str, what: str, entries: Sequence[tuple[int, str]], number: int) -> Reply:
    page = page_of(len(entries), number, BUTTONS_A_PAGE)
    shown = entries[page.offset : page.offset + page.size]
    rows = [(ctx.plain_button(name, f"{feature}.{what}", identity),) for identity, name in shown]
    return _ask(ctx, feature, f"ask_{what}", *rows, turn_pages(ctx, page, f"{feature}.{what}s"))


def _ask(ctx: Context, feature: str, key: str, *rows: tuple[Button, ...], **values: str) -> Reply:
    cancel = (ctx.button("audience/cancel", f"{feature}.cancel"),)
    return ctx.reply(f"audience/{key}", *rows, cancel, edit=bool(ctx.press.action), feature=feature, **values)


# What was chosen, as people would type it.


def pressed_kind(ctx: Context) -> str:
    if ctx.word(0) not in AUDIENCES:
        raise StaleError
    return ctx.word(0)


async def pressed_group(ctx: Context) -> str:
    wanted = ctx.number(0)
    for folded, group_id in (await members.group_ids(ctx.db)).items():
        if group_id == wanted:
            return str(Part(Kind.GROUP, (folded,)))
    raise StaleError


async def pressed_campaign(ctx: Context) -> str:
    found = await campaigns.by_id(ctx.db, ctx.number(0))
    if found is None:
        raise StaleError
    return str(Part(Kind.UNFINISHED, (str(found.id),)))


async def written(ctx: Context, text: str) -> str:
    """A group's name alone will do."""
    is_group = fold(text) in await audiences.group_names(ctx.db)
    return f"{Kind.GROUP}:{text}" if is_group else text
