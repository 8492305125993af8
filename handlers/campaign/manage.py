"""What officers do to an open campaign from its report: remind those who are missing, and close it."""

from handlers.campaign import actions, pushing
from handlers.campaign.access import campaign_of, open_campaign_of
from handlers.campaign.reports import view
from handlers.kit.context import Context
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Turn
from storage import coverage


async def ask_remind(_incoming: Incoming, ctx: Context) -> Turn:
    """How many it would go to, before it goes."""
    campaign = await open_campaign_of(ctx, ctx.number(0))
    figures = await coverage.figures(ctx.db, campaign)
    return ctx.show(
        "campaign/ask_remind",
        (
            ctx.button("campaign/remind_now", "campaign.remind_now", campaign.id),
            ctx.button("campaign/back_to_report", "campaign.view", campaign.id, 0),
        ),
        title=campaign.title,
        missing=figures.in_scope - figures.covered,
    )


async def remind_now(_incoming: Incoming, ctx: Context) -> Turn:
    campaign = await open_campaign_of(ctx, ctx.number(0))
    sent = await pushing.remind_now(ctx, campaign)
    return ctx.show(
        "campaign/reminded",
        (ctx.button("campaign/back_to_report", "campaign.view", campaign.id, 0),),
        title=campaign.title,
        sent=sent,
        more=sent == pushing.REMINDERS_AT_ONCE,
    )


async def ask_close(_incoming: Incoming, ctx: Context) -> Turn:
    campaign = await open_campaign_of(ctx, ctx.number(0))
    figures = await coverage.figures(ctx.db, campaign)
    return ctx.show(
        "campaign/ask_close",
        (
            ctx.button("campaign/close_now", "campaign.close_now", campaign.id),
            ctx.button("campaign/back_to_report", "campaign.view", campaign.id, 0),
        ),
        title=campaign.title,
        missing=figures.in_scope - figures.covered,
    )


async def close_now(_incoming: Incoming, ctx: Context) -> Turn:
    campaign = await open_campaign_of(ctx, ctx.number(0))
    await actions.close(ctx, campaign)
    closed = await campaign_of(ctx, campaign.id)
    return Turn((await view(ctx, closed, 0, edit=True),), ctx.label("campaign/closed"))
