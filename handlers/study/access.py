"""What a member may touch: the campaigns they are in, the attempts that are theirs."""

from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import RefusedError, StaleError
from handlers.study import rules
from storage import audiences, quiz, study
from storage.campaigns import Campaign, State
from storage.quiz import Attempt
from storage.study import Progress


async def campaign_of(ctx: Context, campaign_id: int) -> tuple[Campaign, Progress]:
    """The campaign and how far the member is in it; raises unless they are in its audience.

    Whoever has begun may go on when the audience no longer holds them: they changed groups, or finished
    what it was made of.
    """
    member = ctx.require(Right.STUDY)
    found = await study.standing(ctx.db, campaign_id, member.id)
    if found is None:
        raise StaleError
    campaign, progress = found
    if progress == Progress() and not await audiences.contains(ctx.db, campaign.audience, member.id):
        raise RefusedError("study/not_in_audience")
    if campaign.state is State.SUPERSEDED:
        raise RefusedError("study/superseded", title=campaign.title)
    return campaign, progress


async def attempt_of(ctx: Context, attempt_id: int) -> tuple[Attempt, Campaign]:
    """The member's own attempt, held until the event is over, and its campaign."""
    member = ctx.require(Right.STUDY)
    found = await quiz.with_campaign(ctx.db, attempt_id)
    if found is None:
        raise StaleError
    if found[0].member_id != member.id:
        raise RefusedError("study/not_your_quiz")
    return found


def require_open(campaign: Campaign) -> None:
    """Nothing is recorded for a campaign that is over."""
    if not rules.is_open(campaign):
        raise RefusedError("study/closed", title=campaign.title)
