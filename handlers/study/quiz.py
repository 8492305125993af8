"""The quiz: taken after the acknowledgement, as often as one likes, and never lost half-way."""

from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.errors import StaleError
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Turn
from handlers.study import actions, cards, quiz_screens, screens
from handlers.study.access import attempt_of, campaign_of, require_open
from handlers.study.library import Reading, reading
from storage.campaigns import Campaign
from storage.quiz import Attempt


async def take(incoming: Incoming, ctx: Context) -> Turn:
    """Begin an attempt, or go on with the one that was begun."""
    member = ctx.require(Right.STUDY)
    campaign, progress = await campaign_of(ctx, ctx.number(0))
    require_open(campaign)
    if progress.acknowledged_at is None:
        turn = await cards.statement(incoming, ctx)
        return Turn(turn.replies, ctx.label("study/acknowledge_first"))
    text = await reading(ctx, campaign.version_hash)
    attempt = await actions.take_quiz(ctx, member, campaign, text)
    if attempt is None:
        raise StaleError
    return await show_attempt(ctx, attempt, campaign, edit=True)


async def show_attempt(ctx: Context, attempt: Attempt, campaign: Campaign, *, edit: bool) -> Turn:
    """The current question, or the result when there is none left."""
    text = await reading(ctx, attempt.version_hash)
    if attempt.finished_at is not None:
        return Turn((quiz_screens.result(ctx, attempt, campaign, text, edit=edit),))
    return Turn((quiz_screens.question(ctx, attempt, text, edit=edit),))


async def resume(_incoming: Incoming, ctx: Context) -> Turn:
    attempt, campaign = await attempt_of(ctx, ctx.number(0))
    return await show_attempt(ctx, attempt, campaign, edit=True)


async def answer(_incoming: Incoming, ctx: Context) -> Turn:
    """One answer counts for each question: the first."""
    index, option = ctx.number(1), ctx.number(2)
    attempt, campaign = await attempt_of(ctx, ctx.number(0))
    # No screen offers a question before the one before it is answered, nor an option it doesn't have.
    if index > len(attempt.answers) or index >= len(attempt.questions):
        raise StaleError
    if option >= len(attempt.questions[index].order):
        raise StaleError
    text = await reading(ctx, attempt.version_hash)
    if index < len(attempt.answers):
        return await _answered_before(ctx, attempt, campaign, text, index)
    require_open(campaign)
    attempt = await actions.answer(ctx, ctx.account.channel, campaign, attempt, option)
    said = quiz_screens.feedback(ctx, attempt, text, index)
    if attempt.finished_at is None:
        return Turn((said,))
    return Turn((said, quiz_screens.result(ctx, attempt, campaign, text, edit=False)))


async def _answered_before(
    ctx: Context, attempt: Attempt, campaign: Campaign, text: Reading, index: int
) -> Turn:
    """A second tap on the newest question gets its explanation again; older buttons the current question."""
    notice = ctx.label("study/answered")
    if index == len(attempt.answers) - 1:
        return Turn((quiz_screens.feedback(ctx, attempt, text, index),), notice)
    turn = await show_attempt(ctx, attempt, campaign, edit=True)
    return Turn(turn.replies, notice)


async def reread(_incoming: Incoming, ctx: Context) -> Turn:
    """The card that answers a question, and a way back to the quiz."""
    attempt, _campaign = await attempt_of(ctx, ctx.number(0))
    index = ctx.number(1)
    if index >= len(attempt.answers):
        raise StaleError
    text = await reading(ctx, attempt.version_hash)
    number = text.question(attempt.questions[index].question).card
    back = (ctx.button("study/back_to_quiz", "study.resume", attempt.id),)
    return Turn((screens.bare_card(ctx, text, number, back, edit=True),))
