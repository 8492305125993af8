import random  # noqa: TID251 - Hypothesis gives the seed
from collections.abc import MutableSequence
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.documents import Question
from handlers.study import rules
from handlers.study.rules import Stage, Standing
from storage.campaigns import Campaign, State
from storage.quiz import Attempt, Drawn
from storage.study import Progress

AT = datetime(2026, 3, 2, tzinfo=UTC)
times = st.sampled_from([None, AT])
progresses = st.builds(
    Progress,
    card=st.integers(0, 12),
    acknowledged_at=times,
    best_score=st.none() | st.integers(0, 100),
    passed_at=times,
    waived_at=times,
    credit=st.sampled_from([None, "attendance", "make_up"]),
)


class Dice:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a test's dice

    def token(self, size: int) -> bytes:
        return self._random.randbytes(size)

    def below(self, limit: int) -> int:
        return self._random.randrange(limit)

    def shuffle(self, items: MutableSequence[Any]) -> None:
        self._random.shuffle(items)


def campaign(pass_mark: int, state: State = State.OPEN) -> Campaign:
    return Campaign(1, "a", "h", "A", "all", None, pass_mark, state, None, AT)


standings = st.builds(
    Standing,
    campaign=st.builds(campaign, st.integers(0, 100), st.sampled_from(State)),
    progress=progresses,
    cards=st.integers(1, 10),
    has_quiz=st.booleans(),
    in_quiz=st.booleans(),
)


@given(standings)
def test_a_stage_is_what_it_says(standing: Standing) -> None:
    progress = standing.progress
    stage = rules.stage(standing)
    if stage in {Stage.NEW, Stage.READING, Stage.STATEMENT}:
        assert progress.acknowledged_at is None
        assert not rules.is_excused(progress)
        assert (stage is Stage.NEW) == (progress.card == 0)
        assert (stage is Stage.STATEMENT) == (progress.card >= standing.cards)
    if stage is Stage.QUIZ:
        assert standing.has_quiz
        assert progress.acknowledged_at is not None
        assert progress.passed_at is None


@given(standings)
def test_whoever_is_covered_has_nothing_left_but_what_they_began(standing: Standing) -> None:
    """The same rule as `campaigns.is_covered`, seen from the member's side."""
    progress = standing.progress
    studied = progress.acknowledged_at is not None and (
        standing.campaign.pass_mark == 0 or progress.passed_at is not None
    )
    if (studied or rules.is_excused(progress)) and not standing.in_quiz:
        assert rules.stage(standing) is Stage.DONE


@given(st.integers(0, 2**31 - 1), progresses, st.integers(1, 12))
def test_a_card_is_never_skipped(asked: int, progress: Progress, cards: int) -> None:
    number = rules.card_to_show(asked, progress, cards)
    assert 1 <= number <= cards
    assert number <= progress.card + 1
    if 1 <= asked <= min(cards, progress.card + 1):
        assert number == asked


@given(st.dates(), st.dates())
def test_only_the_day_after_is_late(deadline: date, today: date) -> None:
    assert rules.is_late(deadline, today) == (today.toordinal() - deadline.toordinal() >= 1)
    assert not rules.is_late(None, today)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=30), st.integers(1, 100))
def test_rounding_never_decides_who_passes(answers: list[int], pass_mark: int) -> None:
    right = answers.count(0)
    percent = rules.score(answers)
    assert 0 <= percent <= 100
    assert rules.passes(percent, pass_mark) == (right * 100 >= pass_mark * len(answers))
    assert not rules.passes(percent, 0)


def question(name: str, wrong: int) -> Question:
    return Question(name, "?", "right", tuple("abc"[:wrong]), "", 1)


banks = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.integers(2, 3), min_size=1).map(
    lambda found: [question(name, wrong) for name, wrong in found.items()]
)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Question], list[Attempt]]:
    bank = draw(banks)
    earlier = []
    for number in range(draw(st.integers(0, 4)), 0, -1):
        asked = draw(st.lists(st.sampled_from([each.id for each in bank]), unique=True, min_size=1))
        answers = tuple(draw(st.lists(st.integers(0, 2), max_size=len(asked))))
        drawn = tuple(Drawn(name, (0, 1, 2)) for name in asked)
        earlier.append(Attempt(number, 1, 1, number, "h", drawn, answers, None, AT, None))
    return bank, earlier


@given(histories(), st.integers(1, 12), st.integers())
def test_a_draw_takes_different_questions_and_the_unknown_first(
    history: tuple[list[Question], list[Attempt]], number: int, seed: int
) -> None:
    bank, earlier = history
    drawn = rules.draw(bank, earlier, number, Dice(seed))
    names = [each.question for each in drawn]
    assert len(names) == len(set(names)) == min(number, len(bank))
    options = {each.id: 1 + len(each.wrong) for each in bank}
    for each in drawn:
        assert sorted(each.order) == list(range(options[each.question]))
    known = rules.last_answered_right(earlier)
    unknown = [each.id for each in bank if each.id not in known]
    assert sum(name not in known for name in names) == min(len(names), len(unknown))


def test_the_latest_answer_says_what_is_known() -> None:
    drawn = (Drawn("a", (0, 1)), Drawn("b", (0, 1)), Drawn("c", (0, 1)))
    newer = Attempt(2, 1, 1, 2, "h", drawn, (1, 0), None, AT, None)
    older = Attempt(1, 1, 1, 1, "h", drawn, (0, 1, 0), 66, AT, AT)
    assert rules.last_answered_right([newer, older]) == {"b", "c"}
