"""`/hoctap`: what there is to study, and the way to where one stands."""

from dataclasses import replace

from handlers.kit.access import Right, may
from handlers.kit.context import Context
from handlers.kit.feature import Action, Command, Feature
from handlers.kit.incoming import Incoming
from handlers.kit.reply import Turn
from handlers.study import actions, cards, quiz, quiz_screens, rules, screens
from handlers.study.access import campaign_of
from handlers.study.library import Reading, reading
from handlers.study.rules import Stage, Standing
from storage import audiences, study
from storage import quiz as attempts
from storage.campaigns import Campaign
from storage.members import Member
from storage.study import Progress

# So many of the documents that are over are offered for rereading.
_OTHERS_SHOWN = 5


async def begin(_incoming: Incoming, ctx: Context) -> Turn:
    """Straight to the one thing there is to study, else the list."""
    member = ctx.require(Right.STUDY)
    todo, others = await _sort(ctx, member)
    if len(todo) == 1:
        turn = await _go_to(ctx, member, todo[0])
    else:
        turn = Turn((screens.overview(ctx, todo, others, edit=False),))
    return _with_publishing(ctx, turn)


async def show_list(_incoming: Incoming, ctx: Context) -> Turn:
    """All of it, even when only one thing is left."""
    todo, others = await _sort(ctx, ctx.require(Right.STUDY))
    return _with_publishing(ctx, Turn((screens.overview(ctx, todo, others, edit=True),)))


async def open_one(_incoming: Incoming, ctx: Context) -> Turn:
    member = ctx.require(Right.STUDY)
    campaign, progress = await campaign_of(ctx, ctx.number(0))
    in_quiz = campaign.id in await attempts.unfinished_campaigns(ctx.db, member.id)
    text = await reading(ctx, campaign.version_hash)
    return await _go_to(ctx, member, _standing(campaign, progress, text, in_quiz=in_quiz))


def _standing(campaign: Campaign, progress: Progress, text: Reading, *, in_quiz: bool) -> Standing:
    return Standing(campaign, progress, text.cards, text.document.quiz is not None, in_quiz=in_quiz)


async def _sort(ctx: Context, member: Member) -> tuple[list[Standing], list[Standing]]:
    """What is still to be done, the most pressing first; and what is over, the newest first."""
    standings = await _standings(ctx, member)
    todo = [
        each for each in standings if rules.is_open(each.campaign) and rules.stage(each) is not Stage.DONE
    ]
    others = [each for each in standings if each not in todo]
    others.sort(key=lambda each: each.campaign.id, reverse=True)
    return todo, others[:_OTHERS_SHOWN]


async def _standings(ctx: Context, member: Member) -> list[Standing]:
    """Every campaign the member may open, with where they stand."""
    rows = await study.standings(ctx.db, member.id)
    new = [campaign.audience for campaign, progress in rows if progress == Progress()]
    mine = await audiences.including(ctx.db, new, member.id)
    in_quiz = await attempts.unfinished_campaigns(ctx.db, member.id)
    return [
        _standing(
            campaign, progress, await reading(ctx, campaign.version_hash), in_quiz=campaign.id in in_quiz
        )
        for campaign, progress in rows
        if progress != Progress() or campaign.audience in mine
    ]


async def _go_to(ctx: Context, member: Member, standing: Standing) -> Turn:
    """The screen where the member left off."""
    campaign, progress = standing.campaign, standing.progress
    text = await reading(ctx, campaign.version_hash)
    stage = rules.stage(standing)
    if stage is Stage.STATEMENT and rules.is_open(campaign):
        return cards.show_statement(ctx, campaign, text)
    if stage in {Stage.NEW, Stage.READING, Stage.STATEMENT}:
        number = rules.card_to_show(progress.card, progress, text.cards)
        return await cards.show_card(ctx, campaign, progress, text, number)
    if stage is Stage.QUIZ and rules.is_open(campaign):
        return await _go_to_quiz(ctx, member, standing, text)
    return Turn((screens.finished(ctx, standing, text, edit=cards.pressed(ctx)),))


async def _go_to_quiz(ctx: Context, member: Member, standing: Standing, text: Reading) -> Turn:
    edit = cards.pressed(ctx)
    attempt = await actions.take_quiz(ctx, member, standing.campaign, text) if standing.in_quiz else None
    if attempt is None:
        return Turn((quiz_screens.invitation(ctx, standing.campaign, text, edit=edit),))
    return await quiz.show_attempt(ctx, attempt, standing.campaign, edit=edit)


def _with_publishing(ctx: Context, turn: Turn) -> Turn:
    """Officers start a campaign from here too."""
    if not may(ctx.member, Right.PUBLISH):
        return turn
    *before, last = turn.replies
    row = (ctx.button("study/publish", "campaign.new"),)
    return replace(turn, replies=(*before, replace(last, buttons=(*last.buttons, row))))


FEATURE = Feature(
    "study",
    commands=(Command("hoctap", begin, Right.STUDY, words=("học tập", "học"), label="study/menu"),),
    actions={
        "study.list": Action(show_list, Right.STUDY),
        "study.open": Action(open_one, Right.STUDY),
        "study.card": Action(cards.card, Right.STUDY),
        "study.statement": Action(cards.statement, Right.STUDY),
        "study.acknowledge": Action(cards.acknowledge, Right.STUDY),
        "study.quiz": Action(quiz.take, Right.STUDY),
        "study.answer": Action(quiz.answer, Right.STUDY),
        "study.resume": Action(quiz.resume, Right.STUDY),
        "study.reread": Action(quiz.reread, Right.STUDY),
    },
)
