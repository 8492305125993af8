"""Who sees what, and the objects that a press may touch: returned, or refused."""

from dataclasses import dataclass

from handlers.kit.access import Right, may
from handlers.kit.context import Context
from handlers.kit.crediting import Officer
from handlers.kit.errors import StaleError
from storage import audiences, campaigns, members
from storage.campaigns import Campaign, State
from storage.members import Member


@dataclass(frozen=True, slots=True)
class Sight:
    """What a member sees of coverage; answers to quizzes are in nobody's."""

    # Figures of this group only; None: of all.
    group_id: int | None
    # Names of everybody missing.
    all_names: bool
    # Names of those missing in this group.
    named_group_id: int | None

    def sees_names_of(self, group_id: int) -> bool:
        return self.all_names or self.named_group_id == group_id


def sight(member: Member) -> Sight:
    """For somebody who holds one of the rights to see figures."""
    own = member.group_id if may(member, Right.SEE_GROUP) else None
    all_names = may(member, Right.SEE_NAMES)
    sees_all = all_names or may(member, Right.SEE_FIGURES)
    return Sight(None if sees_all else member.group_id, all_names, own)


async def campaign_of(ctx: Context, campaign_id: int) -> Campaign:
    campaign = await campaigns.by_id(ctx.db, campaign_id)
    if campaign is None:
        raise StaleError
    return campaign


async def open_campaign_of(ctx: Context, campaign_id: int) -> Campaign:
    campaign = await campaign_of(ctx, campaign_id)
    if campaign.state is not State.OPEN:
        raise StaleError
    return campaign


async def person_of(ctx: Context, campaign: Campaign, member_id: int) -> Member:
    """Somebody in the campaign's audience."""
    person = await members.by_id(ctx.db, member_id)
    if person is None or not await audiences.contains(ctx.db, campaign.audience, person.id):
        raise StaleError
    return person


def sight_of(ctx: Context) -> Sight:
    return sight(ctx.require(Right.REPORTS))


def officer_of(ctx: Context, right: Right) -> Officer:
    return Officer(ctx.require(right), ctx.account.channel)
