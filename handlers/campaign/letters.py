"""The messages that a campaign sends by itself."""

from collections.abc import Sequence

from handlers.campaign import rules
from handlers.campaign.display import by_name, percent_text
from handlers.kit.context import Work
from handlers.kit.documents import from_canonical
from handlers.kit.reply import Reply
from storage import campaigns
from storage.campaigns import Campaign
from storage.coverage import Figures, GroupCoverage, Missing

# So many names fit into one message of any channel.
NAMES_IN_LETTER = 60


async def invitation(work: Work, campaign: Campaign) -> Reply:
    """What the document is about, until when and for how long; the same for everybody."""
    frozen = await campaigns.frozen(work.db, campaign.version_hash)
    if frozen is None:
        raise LookupError("a campaign names a version that isn't there")
    document = from_canonical(frozen.canonical)
    return work.reply(
        "campaign/invitation",
        (work.button("campaign/begin", "study.card", campaign.id, 1),),
        title=campaign.title,
        summary=document.summary,
        deadline=campaign.deadline,
        cards=len(document.cards),
        has_quiz=campaign.pass_mark > 0,
        minutes=rules.minutes(document, campaign.pass_mark),
    )


def reminder(work: Work, campaign: Campaign) -> Reply:
    """To somebody who is missing: how many days are left."""
    return work.reply(
        "campaign/reminder",
        (work.button("campaign/go_on", "study.open", campaign.id),),
        title=campaign.title,
        deadline=campaign.deadline,
        days=(campaign.deadline - work.today).days if campaign.deadline else None,
    )


def late_list(work: Work, campaign: Campaign, group: GroupCoverage, missing: Sequence[Missing]) -> Reply:
    """To a group's leader, after the deadline."""
    names = by_name(missing)
    return work.reply(
        "campaign/late_list",
        (work.button("campaign/open_report", "campaign.view", campaign.id),),
        title=campaign.title,
        deadline=campaign.deadline,
        group=group.group,
        in_scope=group.in_scope,
        names=[(each.code, each.full_name) for each in names[:NAMES_IN_LETTER]],
        more=max(0, len(names) - NAMES_IN_LETTER),
    )


def late_summary(work: Work, figures: Figures) -> Reply:
    """To the chair, after the deadline."""
    campaign = figures.campaign
    return work.reply(
        "campaign/late_summary",
        (work.button("campaign/open_report", "campaign.view", campaign.id),),
        title=campaign.title,
        deadline=campaign.deadline,
        coverage=percent_text(figures.coverage),
        covered=figures.covered,
        in_scope=figures.in_scope,
        behind=sum(group.covered < group.in_scope for group in figures.groups),
        groups=len(figures.groups),
    )
