"""How good the questions of a quiz are, by the definitions of textbooks on testing. Pure.

Only first attempts count: whoever tries again has seen which answers are right.
- Facility: the share of right answers among those who got the question.
- Discrimination: the share of right answers in the best 27 % less that in the weakest 27 %, by the whole
  attempt's score (Kelley 1939). Where several at the border have the same score, each of them counts in part,
  so that no lot and no order of rows decides.
- The bounds of discrimination are Ebel's: below 0.2 a question is to be mended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

# With fewer answers one could tell who chose what.
SHOWN_FROM = 5
# With fewer the figures say little, which is said.
SURE_FROM = 30
_TAIL = Fraction(27, 100)
_HARD, _EASY = Fraction(3, 10), Fraction(9, 10)
_WEAK = Fraction(2, 10)
# Of those who chose wrong, fewer choose an option that misleads nobody; among so few that says nothing.
_CHOSEN, _WRONG_FROM = Fraction(5, 100), 20


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody chose, 0 being right, and the whole attempt's score in percent."""

    chosen: int
    score: int


class Remark(StrEnum):
    HARD = "hard"
    # Those who are good at the rest choose wrong more often: the marked answer may be the wrong one.
    REVERSED = "reversed"
    WEAK = "weak"
    IDLE_OPTION = "idle_option"


@dataclass(frozen=True, slots=True)
class Analysis:
    answers: int
    # How often each option was chosen, the right one first.
    chosen: tuple[int, ...]
    facility: Fraction
    discrimination: Fraction
    remarks: tuple[Remark, ...]

    @property
    def is_to_be_mended(self) -> bool:
        """An option that misleads nobody is a flaw only, which alone asks for nothing."""
        return any(each is not Remark.IDLE_OPTION for each in self.remarks)

    @property
    def is_sure(self) -> bool:
        return self.answers >= SURE_FROM


def analyse(answers: Sequence[Answer], options: int) -> Analysis | None:
    """None where too few have answered to show anything."""
    if len(answers) < SHOWN_FROM:
        return None
    chosen = tuple(sum(each.chosen == option for each in answers) for option in range(options))
    facility = Fraction(chosen[0], len(answers))
    discrimination = _discrimination(answers)
    remarks = _remarks(chosen, facility, discrimination, len(answers))
    return Analysis(len(answers), chosen, facility, discrimination, remarks)


def _discrimination(answers: Sequence[Answer]) -> Fraction:
    size = max(1, int(_TAIL * len(answers) + Fraction(1, 2)))
    best = _share_right(sorted(answers, key=lambda each: -each.score), size)
    return best - _share_right(sorted(answers, key=lambda each: each.score), size)


def _share_right(ordered: Sequence[Answer], size: int) -> Fraction:
    """Of the first `size`, where all with the last one's score share the places that are left for them."""
    border = ordered[size - 1].score
    at_border = [each for each in ordered if each.score == border]
    before = [each for each in ordered[:size] if each.score != border]
    places = Fraction(size - len(before), len(at_border))
    right = _right(before) + places * _right(at_border)
    return right / size


def _right(answers: Sequence[Answer]) -> int:
    return sum(each.chosen == 0 for each in answers)


def _remarks(
    chosen: Sequence[int], facility: Fraction, discrimination: Fraction, answers: int
) -> tuple[Remark, ...]:
    """A question that nearly everybody gets right can't tell people apart, and needn't: then it says that the
    text was understood.
    """
    wrong = answers - chosen[0]
    holds = {
        Remark.HARD: facility < _HARD,
        Remark.REVERSED: discrimination < 0,
        Remark.WEAK: 0 <= discrimination < _WEAK and facility < _EASY,
        Remark.IDLE_OPTION: wrong >= _WRONG_FROM and any(each < _CHOSEN * wrong for each in chosen[1:]),
    }
    return tuple(remark for remark, found in holds.items() if found)
