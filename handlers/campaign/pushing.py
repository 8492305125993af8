"""What a campaign sends by itself: invitations, reminders and, after the deadline, who is missing."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from handlers.campaign import letters, rules
from handlers.kit import hours
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.reply import Reply
from handlers.kit.sending import Recipient, push
from storage import campaigns, coverage, outbox, recipients
from storage.campaigns import Campaign
from storage.coverage import Missing, first_topic
from storage.recipients import Addressee

# Reminders of one run: the next minute's run takes the rest.
REMINDERS_AT_ONCE = 1000


def reminder_topic(campaign: Campaign, day: date) -> str:
    """One for each day: what an officer sends by hand is the day's reminder too."""
    return f"study:{campaign.id}:remind:{day:%Y%m%d}"


def waiting_topics(campaign: Campaign, today: date) -> list[str]:
    """Those of which something may still wait to be sent."""
    return [first_topic(campaign.id), reminder_topic(campaign, today)]


async def push_first_cards(work: Work, limit: int) -> int:
    """Invite whoever is in the audience of an open campaign, can be reached and was not invited yet.

    At most `limit` people; the number of those invited now. 0: there is nobody left.
    """
    invited = 0
    for campaign in await campaigns.open_campaigns(work.db):
        if invited < limit:
            invited += await push_first_card(work, campaign, limit - invited)
    return invited


async def has_first_cards(work: Work) -> bool:
    """Whether `push_first_cards` would find anybody: for looking without holding up those who write."""
    for campaign in await campaigns.open_campaigns(work.db):
        if await recipients.invited(work.db, campaign, first_topic(campaign.id), 1):
            return True
    return False


async def push_first_card(work: Work, campaign: Campaign, limit: int) -> int:
    topic = first_topic(campaign.id)
    people = await recipients.invited(work.db, campaign, topic, limit)
    if not people:
        return 0
    return await _send(work, topic, people, await letters.invitation(work, campaign))


async def remind(work: Work) -> int:
    """Send today's reminders, and the lists of those who are late; the number of messages."""
    local = work.now.astimezone(work.services.zone)
    sent = 0
    for campaign in await campaigns.open_campaigns(work.db):
        if rules.reminder_due(campaign.deadline, local) is not None or await _is_begun(work, campaign, local):
            sent += await _remind(work, campaign, local)
        if rules.is_late_list_due(campaign.deadline, local):
            sent += await _report_late(work, campaign)
    return sent


async def _is_begun(work: Work, campaign: Campaign, local: datetime) -> bool:
    """An officer began today's reminder by hand, and it had more people than fit into one go."""
    topic = reminder_topic(campaign, local.date())
    return hours.is_daytime(local) and await outbox.has_topic(work.db, topic)


async def remind_now(work: Work, campaign: Campaign) -> int:
    """An officer asks to remind those who are missing; RefusedError by night, or when today's is out."""
    local = work.now.astimezone(work.services.zone)
    if not hours.is_daytime(local):
        raise RefusedError("campaign/night", first=hours.FIRST_HOUR, last=hours.LAST_HOUR)
    if await outbox.has_topic(work.db, reminder_topic(campaign, local.date())):
        raise RefusedError("campaign/reminded_today", title=campaign.title)
    return await _remind(work, campaign, local)


async def _remind(work: Work, campaign: Campaign, local: datetime) -> int:
    topic = reminder_topic(campaign, local.date())
    people = await recipients.missing(
        work.db, campaign, topic, REMINDERS_AT_ONCE, invited_before=rules.begin_of_day(local)
    )
    letter = letters.reminder(work, campaign)
    return await _send(work, topic, people, letter, expires_at=rules.end_of_day(local))


async def _send(
    work: Work,
    topic: str,
    people: Sequence[Addressee],
    letter: Reply,
    *,
    expires_at: datetime | None = None,
) -> int:
    to = [(Recipient(each.member_id, each.account_id), letter) for each in people]
    return await push(work, topic, to, expires_at=expires_at)


async def _report_late(work: Work, campaign: Campaign) -> int:
    """Once to each leader whose group is in the audience, and to the chair."""
    for_leaders, for_chairs = f"study:{campaign.id}:late", f"study:{campaign.id}:summary"
    leaders = await recipients.group_leaders(work.db, campaign, for_leaders)
    chairs = await recipients.chairs(work.db, for_chairs)
    if not leaders and not chairs:
        return 0
    figures, missing = await coverage.coverage(work.db, campaign)
    absent: dict[int, list[Missing]] = defaultdict(list)
    for each in missing:
        absent[each.group_id].append(each)
    groups = {group.group_id: group for group in figures.groups}
    lists = [
        (
            Recipient(leader.member_id, leader.account_id),
            letters.late_list(work, campaign, groups[leader.group_id], absent[leader.group_id]),
        )
        for leader in leaders
    ]
    summary = letters.late_summary(work, figures)
    return await push(work, for_leaders, lists) + await _send(work, for_chairs, chairs, summary)
