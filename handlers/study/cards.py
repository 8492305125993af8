"""Reading: card after card, the statement at the end, and the member's acknowledgement."""

from handlers.kit.access import Right
from handlers.kit.context import Context
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Turn
from handlers.study import actions, rules, screens
from handlers.study.access import campaign_of, require_open
from handlers.study.library import Reading, reading
from storage import study
from storage.campaigns import Campaign
from storage.study import Progress


async def card(_incoming: Incoming, ctx: Context) -> Turn:
    """The card that was asked for; one that lies too far ahead is answered with the next unread one."""
    asked = ctx.number(1)
    campaign, progress = await campaign_of(ctx, ctx.number(0))
    text = await reading(ctx, campaign.version_hash)
    number = rules.card_to_show(asked, progress, text.cards)
    notice = ctx.label("study/in_order") if number < min(asked, text.cards) else ""
    return await show_card(ctx, campaign, progress, text, number, notice=notice)


async def show_card(
    ctx: Context, campaign: Campaign, progress: Progress, text: Reading, number: int, *, notice: str = ""
) -> Turn:
    """A card that may be shown, remembered as shown."""
    member = ctx.require(Right.STUDY)
    # Paging back writes nothing.
    if number > progress.card or progress.version_hash != text.version:
        await study.show_card(
            ctx.db, campaign.id, member.id, version_hash=text.version, card=number, now=ctx.now
        )
    reply = screens.card(ctx, campaign, progress, text, number, edit=pressed(ctx))
    return Turn((reply,), notice)


def pressed(ctx: Context) -> bool:
    """Whether a message of this feature carries the pressed button: then the answer takes its place."""
    return ctx.press.action.startswith("study.")


async def statement(_incoming: Incoming, ctx: Context) -> Turn:
    campaign, progress = await campaign_of(ctx, ctx.number(0))
    text = await reading(ctx, campaign.version_hash)
    return await _not_yet(ctx, campaign, progress, text) or show_statement(ctx, campaign, text)


async def acknowledge(_incoming: Incoming, ctx: Context) -> Turn:
    """The member states that they have studied: after the last card, once, in the words they saw."""
    member = ctx.require(Right.STUDY)
    campaign, _seen = await campaign_of(ctx, ctx.number(0))
    progress = await study.progress(ctx.db, campaign.id, member.id, lock=True)
    text = await reading(ctx, campaign.version_hash)
    if turn := await _not_yet(ctx, campaign, progress, text):
        return turn
    stated = actions.statement(ctx, member, text)
    if ctx.word(1) != stated.mark:
        return show_statement(ctx, campaign, text, notice=ctx.label("study/words_changed"))
    await actions.acknowledge(ctx, member, ctx.account.channel, campaign, stated)
    return Turn((screens.acknowledged(ctx, campaign, text, stated),), ctx.label("study/thanks"))


async def _not_yet(ctx: Context, campaign: Campaign, progress: Progress, text: Reading) -> Turn | None:
    """Why nothing can be acknowledged now: it was before, the campaign is over, or cards are unread."""
    if progress.acknowledged_at is not None:
        standing = rules.Standing(campaign, progress, text.cards, text.document.quiz is not None)
        reply = screens.finished(ctx, standing, text, edit=pressed(ctx))
        return Turn((reply,), ctx.label("study/already", at=progress.acknowledged_at))
    require_open(campaign)
    if not rules.has_read_all(progress, text.cards):
        notice = ctx.label("study/unread")
        return await show_card(ctx, campaign, progress, text, progress.card + 1, notice=notice)
    return None


def show_statement(ctx: Context, campaign: Campaign, text: Reading, *, notice: str = "") -> Turn:
    stated = actions.statement(ctx, ctx.require(Right.STUDY), text)
    return Turn((screens.ask_statement(ctx, campaign, text, stated, edit=pressed(ctx)),), notice)
