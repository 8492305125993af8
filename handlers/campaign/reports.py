"""`/baocao`: who has studied, in figures and in a chart, as far as one may see them."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from handlers.campaign import chart
from handlers.campaign.access import Sight, campaign_of, sight_of
from handlers.campaign.display import by_coverage, label, percent_text, table
from handlers.kit import audience
from handlers.kit.access import Right, may
from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.incoming import Incoming
from handlers.kit.paging import page_of, turn_pages
from handlers.kit.reply import Attachment, Button, Reply, Turn
from storage import campaigns, coverage
from storage.campaigns import Campaign, State
from storage.coverage import Figures

CAMPAIGNS_A_PAGE = 8
GROUPS_A_PAGE = 20


async def report(_incoming: Incoming, ctx: Context) -> Turn:
    """Straight to the campaign when there is only one."""
    ctx.require(Right.REPORTS)
    every = await campaigns.all_campaigns(ctx.db)
    if len(every) == 1:
        return Turn((await view(ctx, every[0], 0, edit=False),))
    return Turn((_overview(ctx, every, 0, edit=False),))


async def show_list(_incoming: Incoming, ctx: Context) -> Turn:
    ctx.require(Right.REPORTS)
    return Turn((_overview(ctx, await campaigns.all_campaigns(ctx.db), ctx.number(0), edit=True),))


def _overview(ctx: Context, every: Sequence[Campaign], number: int, *, edit: bool) -> Reply:
    page = page_of(len(every), number, CAMPAIGNS_A_PAGE)
    shown = page.of(every)
    rows = [(ctx.plain_button(_campaign_label(ctx, each), "campaign.view", each.id, 0),) for each in shown]
    new = (ctx.button("campaign/new", "campaign.new"),) if may(ctx.member, Right.PUBLISH) else ()
    papers = (ctx.button("reports/files", "reports.menu"),) if may(ctx.member, Right.SEE_FIGURES) else ()
    turning = turn_pages(ctx, page, "campaign.list")
    return ctx.reply("campaign/list", *rows, turning, new, papers, edit=edit, number=len(every))


def _campaign_label(ctx: Context, campaign: Campaign) -> str:
    """The number tells apart the campaigns of one document."""
    text = label(f"{campaign.id}. {campaign.title}")
    return text if campaign.state is State.OPEN else ctx.label("campaign/ended", title=text)


async def show_view(_incoming: Incoming, ctx: Context) -> Turn:
    campaign = await campaign_of(ctx, ctx.number(0))
    return Turn((await view(ctx, campaign, ctx.number(1), edit=True),))


async def view(ctx: Context, campaign: Campaign, number: int, *, edit: bool) -> Reply:
    """The figures that this person may see, and what they may do about them."""
    sight = sight_of(ctx)
    figures = await coverage.figures(ctx.db, campaign, sight.group_id)
    page = page_of(len(figures.groups), number, GROUPS_A_PAGE)
    shown = page.of(by_coverage(figures.groups))
    return ctx.reply(
        "campaign/coverage",
        turn_pages(ctx, page, "campaign.view", campaign.id),
        _ways_to_see(ctx, figures, sight),
        *_ways_to_act(ctx, campaign),
        (ctx.button("campaign/all_campaigns", "campaign.list", 0),),
        edit=edit,
        title=campaign.title,
        number=campaign.id,
        state=campaign.state.value,
        audience=await audience.describe(ctx, campaign.audience),
        deadline=campaign.deadline,
        pass_mark=campaign.pass_mark,
        figures=figures,
        coverage=percent_text(figures.coverage),
        own_group=ctx.require(Right.REPORTS).group_name if sight.group_id is not None else "",
        table=table(shown) if len(figures.groups) > 1 else "",
    )


def _ways_to_see(ctx: Context, figures: Figures, sight: Sight) -> tuple[Button, ...]:
    campaign = figures.campaign
    buttons = []
    if len(figures.groups) > 1:
        buttons.append(ctx.button("campaign/chart", "campaign.chart", campaign.id))
    if figures.covered < figures.in_scope and (sight.all_names or sight.named_group_id is not None):
        buttons.append(ctx.button("campaign/missing", "campaign.missing", campaign.id))
    buttons.append(ctx.button("reports/campaign_files", "reports.campaign", campaign.id))
    return tuple(buttons)


def _ways_to_act(ctx: Context, campaign: Campaign) -> list[tuple[Button, ...]]:
    enter = ctx.button("campaign/record", "campaign.record", campaign.id)
    remind = ctx.button("campaign/remind", "campaign.remind", campaign.id)
    close = ctx.button("campaign/close", "campaign.close", campaign.id)
    may_enter = may(ctx.member, Right.CREDIT) and campaign.state is not State.SUPERSEDED
    may_manage = may(ctx.member, Right.PUBLISH) and campaign.state is State.OPEN
    return [
        ((enter,) if may_enter else ()) + ((remind,) if may_manage else ()),
        (close,) if may_manage else (),
    ]


async def show_chart(_incoming: Incoming, ctx: Context) -> Turn:
    campaign = await campaign_of(ctx, ctx.number(0))
    figures = await coverage.figures(ctx.db, campaign, sight_of(ctx).group_id)
    if not figures.groups:
        raise StaleError
    picture = await asyncio.to_thread(chart.draw, _chart(ctx, figures))
    reply = ctx.reply("campaign/chart", title=campaign.title)
    return Turn((replace(reply, attachment=Attachment(f"{campaign.slug}.png", "image/png", picture)),))


def _chart(ctx: Context, figures: Figures) -> chart.Chart:
    groups = by_coverage(figures.groups)
    shown = groups[: chart.MAX_BARS]
    values = {"covered": figures.covered, "in_scope": figures.in_scope}
    return chart.Chart(
        title=figures.campaign.title,
        subtitle=ctx.label("campaign/chart_total", share=percent_text(figures.coverage), **values),
        date=ctx.label("campaign/chart_date", now=ctx.now),
        bars=[
            chart.Bar(
                each.group, each.coverage, percent_text(each.coverage), f"{each.covered}/{each.in_scope}"
            )
            for each in shown
        ],
        more=ctx.label("campaign/chart_more", shown=len(shown), groups=len(groups))
        if len(shown) < len(groups)
        else "",
    )
