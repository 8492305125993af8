"""The screens on which an officer chooses an audience, and what becomes of it. The feature that asks has an
action `cancel` under its name; the others are those of `Choice`.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from handlers.kit import audience
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.feature import Action
from handlers.kit.incoming import Incoming
from handlers.kit.paging import page_of, turn_pages
from handlers.kit.reply import Button, Reply, Turn
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


@dataclass(frozen=True, slots=True)
class Choice:
    """How a conversation takes an audience: `take` gets what was chosen, as people would type it."""

    feature: str
    take: Callable[[Context, str], Awaitable[Turn]]

    def actions(self, right: Right, step: str) -> dict[str, Action]:
        """The buttons of its screens; `step` ("flow.step") is where they are pressed."""
        handlers = {
            "audience": self._take_kind,
            "groups": self._turn_groups,
            "group": self._take_group,
            "campaigns": self._turn_campaigns,
            "campaign": self._take_campaign,
        }
        return {f"{self.feature}.{name}": Action(each, right, step) for name, each in handlers.items()}

    async def typed(self, incoming: Incoming, ctx: Context) -> Turn:
        return await self.take(ctx, await _written(ctx, incoming.text))

    async def _take_kind(self, _incoming: Incoming, ctx: Context) -> Turn:
        return await self.take(ctx, _pressed_kind(ctx))

    async def _turn_groups(self, _incoming: Incoming, ctx: Context) -> Turn:
        return Turn((await _ask_group(ctx, self.feature, ctx.number(0)),))

    async def _take_group(self, _incoming: Incoming, ctx: Context) -> Turn:
        return await self.take(ctx, await _pressed_group(ctx))

    async def _turn_campaigns(self, _incoming: Incoming, ctx: Context) -> Turn:
        return Turn((await _ask_campaign(ctx, self.feature, ctx.number(0)),))

    async def _take_campaign(self, _incoming: Incoming, ctx: Context) -> Turn:
        return await self.take(ctx, await _pressed_campaign(ctx))


async def _ask_group(ctx: Context, feature: str, number: int) -> Reply:
    groups = await audiences.groups_with_people(ctx.db)
    return _choice(ctx, feature, "group", groups, number)


async def _ask_campaign(ctx: Context, feature: str, number: int) -> Reply:
    running = [(each.id, each.title) for each in await campaigns.open_campaigns(ctx.db)]
    return _choice(ctx, feature, "campaign", running, number)


def _choice(ctx: Context, feature: str, what: str, entries: Sequence[tuple[int, str]], number: int) -> Reply:
    page = page_of(len(entries), number, BUTTONS_A_PAGE)
    rows = [(ctx.plain_button(name, f"{feature}.{what}", identity),) for identity, name in page.of(entries)]
    return _ask(ctx, feature, f"ask_{what}", *rows, turn_pages(ctx, page, f"{feature}.{what}s"))


def _ask(ctx: Context, feature: str, key: str, *rows: tuple[Button, ...], **values: str) -> Reply:
    cancel = (ctx.button("audience/cancel", f"{feature}.cancel"),)
    return ctx.reply(f"audience/{key}", *rows, cancel, edit=bool(ctx.press.action), feature=feature, **values)


# What was chosen, as people would type it.


def _pressed_kind(ctx: Context) -> str:
    if ctx.word(0) not in AUDIENCES:
        raise StaleError
    return ctx.word(0)


async def _pressed_group(ctx: Context) -> str:
    wanted = ctx.number(0)
    for folded, group_id in (await members.group_ids(ctx.db)).items():
        if group_id == wanted:
            return str(Part(Kind.GROUP, (folded,)))
    raise StaleError


async def _pressed_campaign(ctx: Context) -> str:
    found = await campaigns.by_id(ctx.db, ctx.number(0))
    if found is None:
        raise StaleError
    return str(Part(Kind.UNFINISHED, (str(found.id),)))


async def _written(ctx: Context, text: str) -> str:
    """A group's name alone will do."""
    is_group = fold(text) in await audiences.group_names(ctx.db)
    return f"{Kind.GROUP}:{text}" if is_group else text
