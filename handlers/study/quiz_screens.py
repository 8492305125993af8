"""What the quiz looks like: one question at a time, what the answer was worth, and the result."""

from handlers.kit.context import Context
from handlers.kit.documents import Question
from handlers.kit.reply import Reply
from handlers.study import rules, screens
from handlers.study.library import Reading
from storage.campaigns import Campaign
from storage.quiz import Attempt, Drawn


def invitation(ctx: Context, campaign: Campaign, text: Reading, *, edit: bool) -> Reply:
    quiz = text.document.quiz
    return ctx.reply(
        "study/quiz",
        (ctx.button("study/take_quiz", "study.quiz", campaign.id),),
        (ctx.button("study/read", "study.card", campaign.id, 1),),
        edit=edit,
        title=campaign.title,
        questions=quiz.draw if quiz else 0,
        pass_mark=campaign.pass_mark,
        deadline=campaign.deadline,
    )


def question(ctx: Context, attempt: Attempt, text: Reading, *, edit: bool) -> Reply:
    """The attempt's current question. Options stand in the text, because they are longer than buttons."""
    index = len(attempt.answers)
    drawn = attempt.questions[index]
    asked = text.question(drawn.question)
    buttons = [
        ctx.plain_button(_letter(place), "study.answer", attempt.id, index, place)
        for place in range(len(drawn.order))
    ]
    return ctx.reply(
        "study/question",
        tuple(buttons),
        edit=edit,
        number=index + 1,
        questions=len(attempt.questions),
        ask=asked.ask,
        options=[(_letter(place), _option(asked, which)) for place, which in enumerate(drawn.order)],
    )


def feedback(ctx: Context, attempt: Attempt, text: Reading, index: int) -> Reply:
    """What the answer to question `index` was worth, and why."""
    drawn = attempt.questions[index]
    asked = text.question(drawn.question)
    chosen = attempt.answers[index]
    ways = [ctx.button("study/reread", "study.reread", attempt.id, index, card=asked.card)]
    if attempt.finished_at is None:
        ways.append(ctx.button("study/next_question", "study.resume", attempt.id))
    return ctx.reply(
        "study/feedback",
        tuple(ways),
        edit=True,
        number=index + 1,
        questions=len(attempt.questions),
        ask=asked.ask,
        chosen=_labelled(drawn, asked, chosen),
        right=_labelled(drawn, asked, 0),
        is_right=chosen == 0,
        explain=asked.explain,
    )


def result(ctx: Context, attempt: Attempt, campaign: Campaign, text: Reading, *, edit: bool) -> Reply:
    """The score of a finished attempt, the cards worth rereading, and another try."""
    missed = [drawn for drawn, answer in zip(attempt.questions, attempt.answers, strict=True) if answer]
    cards = sorted({text.question(drawn.question).card for drawn in missed})
    again = ctx.button("study/take_quiz_again", "study.quiz", campaign.id)
    passed = rules.passes(attempt.score or 0, campaign.pass_mark)
    return ctx.reply(
        "study/result",
        screens.certificate_button(ctx, campaign) if passed else (),
        (again,) if rules.is_open(campaign) else (),
        tuple(ctx.button("study/reread", "study.card", campaign.id, card, card=card) for card in cards[:3]),
        (ctx.button("study/my_documents", "study.list"),),
        edit=edit,
        title=campaign.title,
        right=rules.right_answers(attempt.answers),
        questions=len(attempt.questions),
        score=attempt.score,
        pass_mark=campaign.pass_mark,
        passed=passed,
        cards=cards,
    )


def _letter(place: int) -> str:
    return chr(ord("A") + place)


def _option(asked: Question, which: int) -> str:
    """Option 0 is the right one."""
    return asked.right if which == 0 else asked.wrong[which - 1]


def _labelled(drawn: Drawn, asked: Question, which: int) -> str:
    return f"{_letter(drawn.order.index(which))}. {_option(asked, which)}"
