"""Where a member stands in a campaign, and what may follow: decided from records alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from handlers.kit.clock import Chance
from handlers.kit.documents import Question
from storage.campaigns import Campaign, State
from storage.quiz import Attempt, Drawn
from storage.study import Progress


class Stage(StrEnum):
    """What comes next for the member; each has a label of its name."""

    NEW = "new"
    READING = "reading"
    STATEMENT = "statement"
    QUIZ = "quiz"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Standing:
    """A member in a campaign, with what the campaign's document holds."""

    campaign: Campaign
    progress: Progress
    cards: int
    has_quiz: bool
    # An attempt at the quiz was begun and not finished.
    in_quiz: bool = False


def stage(standing: Standing) -> Stage:
    progress = standing.progress
    if progress.acknowledged_at is not None:
        return Stage.QUIZ if _quiz_is_due(standing) else Stage.DONE
    if is_excused(progress):
        return Stage.DONE
    if progress.card == 0:
        return Stage.NEW
    return Stage.STATEMENT if has_read_all(progress, standing.cards) else Stage.READING


def _quiz_is_due(standing: Standing) -> bool:
    """A begun attempt waits to be finished even where the quiz is of free will, but never after passing."""
    if standing.progress.passed_at is not None or not standing.has_quiz:
        return False
    return standing.in_quiz or (standing.campaign.pass_mark > 0 and not is_excused(standing.progress))


def is_excused(progress: Progress) -> bool:
    """An officer entered that this member need not study here any more."""
    return progress.waived_at is not None or progress.credit is not None


def is_open(campaign: Campaign) -> bool:
    """What is over can be read, and nothing is recorded for it."""
    return campaign.state is State.OPEN


def is_late(deadline: date | None, today: date) -> bool:
    """The deadline's own day still counts as in time."""
    return deadline is not None and today > deadline


def has_read_all(progress: Progress, cards: int) -> bool:
    return progress.card >= cards


def card_to_show(asked: int, progress: Progress, cards: int) -> int:
    """The card a press gets: any that was seen, or the next one; never one further on."""
    return max(1, min(asked, progress.card + 1, cards))


# The quiz.

# So many of the latest attempts are looked at when questions are drawn.
REMEMBERED_ATTEMPTS = 20


def draw(
    bank: Sequence[Question], earlier: Sequence[Attempt], number: int, chance: Chance
) -> tuple[Drawn, ...]:
    """`number` different questions at random, each with its options shuffled.

    Those not seen before or last answered wrongly go first. `earlier`: the newest attempt first.
    """
    known = last_answered_right(earlier)
    mixed = list(bank)
    chance.shuffle(mixed)
    mixed.sort(key=lambda question: question.id in known)
    chosen = mixed[:number]
    # Else the known ones, which are there only to fill up, would always come last.
    chance.shuffle(chosen)
    return tuple(Drawn(question.id, _shuffled(1 + len(question.wrong), chance)) for question in chosen)


def _shuffled(options: int, chance: Chance) -> tuple[int, ...]:
    order = list(range(options))
    chance.shuffle(order)
    return tuple(order)


def last_answered_right(earlier: Sequence[Attempt]) -> set[str]:
    """The questions whose latest answer was right; `earlier`: the newest attempt first."""
    latest: dict[str, bool] = {}
    for attempt in earlier:
        for drawn, answer in zip(attempt.questions, attempt.answers, strict=False):
            latest.setdefault(drawn.question, answer == 0)
    return {question for question, was_right in latest.items() if was_right}


def right_answers(answers: Sequence[int]) -> int:
    """Option 0 of the unshuffled options is the right one."""
    return sum(answer == 0 for answer in answers)


def score(answers: Sequence[int]) -> int:
    """Percent, rounded down: so it reaches a whole pass mark exactly when the share of right answers does."""
    return 100 * right_answers(answers) // len(answers)


def passes(percent: int, pass_mark: int) -> bool:
    """A quiz without a pass mark is for oneself: nobody passes it."""
    return 0 < pass_mark <= percent
