"""What reading looks like: the list, a card, the statement, and where it ended."""

from collections.abc import Sequence
from datetime import date

from handlers.kit.context import Context
from handlers.kit.reply import Button, Reply
from handlers.study import rules
from handlers.study.actions import Statement
from handlers.study.library import Reading
from handlers.study.rules import Stage, Standing
from storage.campaigns import Campaign
from storage.study import Progress

_LABEL_LETTERS = 44


def overview(ctx: Context, todo: Sequence[Standing], others: Sequence[Standing], *, edit: bool) -> Reply:
    """What is to be studied, or that nothing is; `others` can be read again."""
    entries = [
        {
            "title": each.campaign.title,
            "status": status(ctx, each),
            "deadline": each.campaign.deadline,
            "late": rules.is_late(each.campaign.deadline, ctx.today),
        }
        for each in todo
    ]
    rows = [(_open_button(ctx, each.campaign),) for each in (*todo, *others)]
    key = "study/list" if todo else "study/nothing"
    return ctx.reply(key, *rows, edit=edit, todo=entries, others=len(others))


def status(ctx: Context, standing: Standing) -> str:
    stage = rules.stage(standing)
    if stage is Stage.READING:
        return ctx.label("study/reading", card=standing.progress.card, cards=standing.cards)
    return ctx.label(f"study/{stage}")


def _open_button(ctx: Context, campaign: Campaign) -> Button:
    title = campaign.title
    if len(title) > _LABEL_LETTERS:
        title = title[:_LABEL_LETTERS].rsplit(" ", 1)[0] + "…"
    return ctx.plain_button(title, "study.open", campaign.id)


def card(
    ctx: Context, campaign: Campaign, progress: Progress, reading: Reading, number: int, *, edit: bool
) -> Reply:
    ways = []
    if number > 1:
        ways.append(ctx.button("study/previous", "study.card", campaign.id, number - 1))
    if number < reading.cards:
        ways.append(ctx.button("study/next", "study.card", campaign.id, number + 1))
    return bare_card(
        ctx,
        reading,
        number,
        tuple(ways),
        after_last_card(ctx, campaign, progress) if number == reading.cards else (),
        edit=edit,
        deadline=campaign.deadline,
    )


def after_last_card(ctx: Context, campaign: Campaign, progress: Progress) -> tuple[Button, ...]:
    """What follows the reading."""
    if progress.acknowledged_at is not None or not rules.is_open(campaign):
        return (ctx.button("study/finish", "study.open", campaign.id),)
    return (ctx.button("study/to_statement", "study.statement", campaign.id),)


def bare_card(
    ctx: Context,
    reading: Reading,
    number: int,
    *rows: tuple[Button, ...],
    edit: bool,
    deadline: date | None = None,
) -> Reply:
    """A card with any buttons; the first one says which document it opens."""
    document = reading.document
    return ctx.reply(
        "study/card",
        *rows,
        edit=edit,
        document=document.title if number == 1 else "",
        source=document.number if number == 1 else "",
        deadline=deadline if number == 1 else None,
        number=number,
        cards=reading.cards,
        title=document.cards[number - 1].title,
        body=reading.bodies[number - 1],
    )


def ask_statement(
    ctx: Context, campaign: Campaign, reading: Reading, stated: Statement, *, edit: bool
) -> Reply:
    return ctx.reply(
        "study/statement",
        (ctx.button("study/confirm", "study.acknowledge", campaign.id, stated.mark),),
        (ctx.button("study/last_card", "study.card", campaign.id, reading.cards),),
        edit=edit,
        words=stated.words,
        deadline=campaign.deadline,
        late=rules.is_late(campaign.deadline, ctx.today),
    )


def acknowledged(ctx: Context, campaign: Campaign, reading: Reading, stated: Statement) -> Reply:
    quiz = reading.document.quiz
    return ctx.reply(
        "study/acknowledged",
        quiz_button(ctx, campaign, reading),
        edit=True,
        words=stated.words,
        at=ctx.now,
        late=rules.is_late(campaign.deadline, ctx.today),
        questions=quiz.draw if quiz else 0,
        pass_mark=campaign.pass_mark,
    )


def quiz_button(
    ctx: Context, campaign: Campaign, reading: Reading, label: str = "study/take_quiz"
) -> tuple[Button, ...]:
    if reading.document.quiz is None or not rules.is_open(campaign):
        return ()
    return (ctx.button(label, "study.quiz", campaign.id),)


def certificate_button(ctx: Context, campaign: Campaign) -> tuple[Button, ...]:
    return (ctx.button("certificates/mine", "certificates.mine", campaign.id),)


def finished(ctx: Context, standing: Standing, reading: Reading, *, edit: bool) -> Reply:
    """What was recorded of a study that is over, and what can still be done of free will."""
    campaign, progress = standing.campaign, standing.progress
    again = "study/take_quiz" if progress.best_score is None else "study/take_quiz_again"
    return ctx.reply(
        "study/finished",
        (ctx.button("study/read", "study.card", campaign.id, 1),),
        quiz_button(ctx, campaign, reading, again) if progress.acknowledged_at else (),
        certificate_button(ctx, campaign) if progress.acknowledged_at and progress.passed_at else (),
        edit=edit,
        title=campaign.title,
        progress=progress,
        is_open=rules.is_open(campaign),
    )
