"""Officers' side of studying: campaigns opened, watched over and closed, and what is entered by hand."""

from handlers.campaign import attendance, entering, manage, missing, publishing, reports, steps
from handlers.campaign.access import campaign_of
from handlers.campaign.printed import REPORTS
from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.feature import Action, Command, Feature
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Turn


async def choose_entry(_incoming: Incoming, ctx: Context) -> Turn:
    """For one person, or for everybody who was at a meeting."""
    campaign = await campaign_of(ctx, ctx.number(0))
    return ctx.show(
        "campaign/record",
        (ctx.button("campaign/one", "campaign.one", campaign.id),),
        (ctx.button("campaign/many", "campaign.many", campaign.id),),
        (ctx.button("campaign/back_to_report", "campaign.view", campaign.id, 0),),
        title=campaign.title,
    )


FEATURE = Feature(
    "campaign",
    commands=(Command("baocao", reports.report, Right.REPORTS, words=("báo cáo",), label="campaign/menu"),),
    actions={
        "campaign.list": Action(reports.show_list, Right.REPORTS),
        "campaign.view": Action(reports.show_view, Right.REPORTS),
        "campaign.chart": Action(reports.show_chart, Right.REPORTS),
        "campaign.missing": Action(missing.show_missing, Right.REPORTS),
        "campaign.missing_groups": Action(missing.show_missing_groups, Right.REPORTS),
        "campaign.missing_in": Action(missing.show_missing_in, Right.REPORTS),
        "campaign.remind": Action(manage.ask_remind, Right.PUBLISH),
        "campaign.remind_now": Action(manage.remind_now, Right.PUBLISH),
        "campaign.close": Action(manage.ask_close, Right.PUBLISH),
        "campaign.close_now": Action(manage.close_now, Right.PUBLISH),
        "campaign.record": Action(choose_entry, Right.CREDIT),
        "campaign.cancel": Action(steps.cancel, None),
        **publishing.ACTIONS,
        **entering.ACTIONS,
        **attendance.ACTIONS,
    },
    flows=(publishing.FLOW, entering.FLOW, attendance.FLOW),
    reports=REPORTS,
)
