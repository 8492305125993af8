"""Who has not studied yet, by name, for those who may know."""

from collections import defaultdict
from collections.abc import Sequence

from handlers.campaign.access import campaign_of, sight_of
from handlers.campaign.display import alphabetical, by_name, label
from handlers.kit.context import Context
from handlers.kit.errors import RefusedError
from handlers.kit.incoming import Incoming
from handlers.kit.paging import page_of, turn_pages
from handlers.kit.reply import Button, Turn
from storage import coverage
from storage.campaigns import Campaign
from storage.coverage import GroupCoverage, Missing

NAMES_A_PAGE = 30
BUTTONS_A_PAGE = 8


async def show_missing(_incoming: Incoming, ctx: Context) -> Turn:
    """Who has not studied: of one's own group, of all, or - when they are many - group by group."""
    campaign = await campaign_of(ctx, ctx.number(0))
    sight = sight_of(ctx)
    if sight.all_names:
        return await _missing_of_all(ctx, campaign)
    if sight.named_group_id is None:
        raise RefusedError("campaign/names_hidden")
    return await _missing_in(ctx, campaign, sight.named_group_id, 0)


async def show_missing_in(_incoming: Incoming, ctx: Context) -> Turn:
    campaign, group_id = await campaign_of(ctx, ctx.number(0)), ctx.number(1)
    if not sight_of(ctx).sees_names_of(group_id):
        raise RefusedError("campaign/names_hidden")
    return await _missing_in(ctx, campaign, group_id, ctx.number(2))


async def _missing_of_all(ctx: Context, campaign: Campaign) -> Turn:
    figures, missing = await coverage.coverage(ctx.db, campaign)
    by_group: dict[int, list[Missing]] = defaultdict(list)
    for each in missing:
        by_group[each.group_id].append(each)
    groups = [group for group in alphabetical(figures.groups) if group.group_id in by_group]
    if len(missing) > NAMES_A_PAGE:
        return _choose_group(ctx, campaign, groups, 0)
    lists = [(group.group, by_name(by_group[group.group_id])) for group in groups]
    return ctx.show(
        "campaign/missing", (_back(ctx, campaign),), title=campaign.title, number=len(missing), lists=lists
    )


async def show_missing_groups(_incoming: Incoming, ctx: Context) -> Turn:
    campaign = await campaign_of(ctx, ctx.number(0))
    if not sight_of(ctx).all_names:
        raise RefusedError("campaign/names_hidden")
    figures = await coverage.figures(ctx.db, campaign)
    behind = [group for group in alphabetical(figures.groups) if group.covered < group.in_scope]
    return _choose_group(ctx, campaign, behind, ctx.number(1))


def _choose_group(ctx: Context, campaign: Campaign, groups: Sequence[GroupCoverage], number: int) -> Turn:
    page = page_of(len(groups), number, BUTTONS_A_PAGE)
    shown = page.of(groups)
    rows = [
        (
            ctx.plain_button(
                f"{label(group.group)} ({group.in_scope - group.covered})",
                "campaign.missing_in",
                campaign.id,
                group.group_id,
                0,
            ),
        )
        for group in shown
    ]
    turning = turn_pages(ctx, page, "campaign.missing_groups", campaign.id)
    missing = sum(group.in_scope - group.covered for group in groups)
    return ctx.show(
        "campaign/missing_groups",
        *rows,
        turning,
        (_back(ctx, campaign),),
        title=campaign.title,
        number=missing,
        groups=len(groups),
    )


async def _missing_in(ctx: Context, campaign: Campaign, group_id: int, number: int) -> Turn:
    people = by_name(await coverage.missing(ctx.db, campaign, group_id))
    page = page_of(len(people), number, NAMES_A_PAGE)
    shown = page.of(people)
    groups = (await coverage.figures(ctx.db, campaign, group_id)).groups
    turning = turn_pages(ctx, page, "campaign.missing_in", campaign.id, group_id)
    return ctx.show(
        "campaign/missing",
        turning,
        (_back(ctx, campaign),),
        title=campaign.title,
        number=len(people),
        lists=[(group.group, shown) for group in groups] if people else [],
    )


def _back(ctx: Context, campaign: Campaign) -> Button:
    return ctx.button("campaign/back_to_report", "campaign.view", campaign.id, 0)
