"""The report of a quiz: how hard each question is, whether it tells people apart, and what was chosen."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from handlers.campaign.printed.analysis import SHOWN_FROM, SURE_FROM, Analysis, Answer, analyse
from handlers.campaign.printed.coverage import facts, remarks
from handlers.kit.context import Work
from handlers.kit.documents import Question, from_canonical
from handlers.kit.reports import Kind, Report, Table, Value, column, figure, lead, notes, table
from storage import campaigns, coverage, quiz, reported_coverage
from storage.campaigns import Campaign
from storage.quiz import Attempt

_SOURCE = "quiz"
_LETTERS = "ABCDEFGHIJ"
Found = Mapping[Question, Analysis | None]


async def of_campaign(work: Work, campaign: Campaign) -> Report:
    attempts = await quiz.first_attempts(work.db, campaign.id)
    bank = await _bank(work, campaign, attempts)
    found = {
        each: analyse(answers, 1 + len(each.wrong)) for each, answers in _answers(attempts, bank).items()
    }
    counted = await reported_coverage.count(work.db, campaign, work.now)
    told = [each for each in found.values() if each]
    return Report(
        name="quiz",
        about=work.label("reports/about_quiz", title=campaign.title),
        stem=work.label("reports/stem_quiz", number=campaign.id),
        made_at=work.now,
        lead=lead(
            work, "quiz", attempts=len(attempts), questions=len(found), **await facts(work, counted.figures)
        ),
        figures=(
            figure(work, "attempts", len(attempts), _SOURCE),
            figure(work, "mean_score", _mean(attempts), _SOURCE, Kind.PERCENT),
            figure(work, "questions", len(found), _SOURCE),
            figure(work, "to_mend", sum(each.is_to_be_mended for each in told), _SOURCE),
        ),
        tables=(_questions_table(work, found), _options_table(work, found)),
        notes=(
            *notes(work, *remarks(counted), "facility", "discrimination", "mend"),
            work.label("reports/note_few_answers", shown=SHOWN_FROM, sure=SURE_FROM),
        ),
    )


async def _bank(
    work: Work, campaign: Campaign, attempts: Sequence[Attempt]
) -> dict[tuple[str, str], Question]:
    """Every question of the versions that were asked, and of the one in force: by version and id."""
    bank = {}
    for version in dict.fromkeys([*(each.version_hash for each in attempts), campaign.version_hash]):
        frozen = await campaigns.frozen(work.db, version)
        document = from_canonical(frozen.canonical) if frozen else None
        if document and document.quiz:
            bank.update({(version, each.id): each for each in document.quiz.questions})
    return bank


def _answers(
    attempts: Sequence[Attempt], bank: Mapping[tuple[str, str], Question]
) -> dict[Question, list[Answer]]:
    """By question, as it was worded: one whose words were corrected meanwhile is another one."""
    answers: dict[Question, list[Answer]] = defaultdict(list)
    for question in bank.values():
        answers[question] = []
    for attempt in attempts:
        for drawn, chosen in zip(attempt.questions, attempt.answers, strict=True):
            question = bank[attempt.version_hash, drawn.question]
            answers[question].append(Answer(chosen, attempt.score or 0))
    return answers


def _mean(attempts: Sequence[Attempt]) -> float | None:
    scores = [each.score or 0 for each in attempts]
    return round(sum(scores) / len(scores), 1) if len(scores) >= SHOWN_FROM else None


def _questions_table(work: Work, found: Found) -> Table:
    return table(
        work,
        "questions",
        columns=(
            column(work, "number", Kind.NUMBER, 11),
            column(work, "question", Kind.TEXT, 62),
            column(work, "answers", Kind.NUMBER, 17),
            column(work, "facility", Kind.PERCENT, 17),
            column(work, "discrimination", Kind.INDEX, 19),
            column(work, "remark", Kind.TEXT, 39),
        ),
        rows=tuple(
            (number, question.ask, *_measures(each), _remark(work, each))
            for number, (question, each) in enumerate(found.items(), 1)
        ),
        source=_SOURCE,
        empty="questions",
        bars=("number", "facility"),
    )


def _measures(found: Analysis | None) -> tuple[Value, Value, Value]:
    if found is None:
        return None, None, None
    return found.answers, round(float(100 * found.facility), 1), round(float(found.discrimination), 2)


def _remark(work: Work, found: Analysis | None) -> str:
    if found is None:
        return work.label("reports/remark_few", number=SHOWN_FROM)
    said = [work.label(f"reports/remark_{each}") for each in found.remarks]
    if said and not found.is_sure:
        said.append(work.label("reports/remark_unsure", number=SURE_FROM))
    return "; ".join(said)


def _options_table(work: Work, found: Found) -> Table:
    return table(
        work,
        "options",
        columns=(
            column(work, "number", Kind.NUMBER, 11),
            column(work, "option", Kind.TEXT, 100),
            column(work, "is_right", Kind.TEXT, 18),
            column(work, "chosen", Kind.NUMBER, 18),
            column(work, "chosen_share", Kind.PERCENT, 18),
        ),
        rows=tuple(
            row
            for number, (question, each) in enumerate(found.items(), 1)
            if each
            for row in _options(work, number, question, each)
        ),
        source=_SOURCE,
        empty="options",
    )


def _options(work: Work, number: int, question: Question, found: Analysis) -> list[tuple[Value, ...]]:
    words = (question.right, *question.wrong)
    return [
        (
            number,
            f"{_LETTERS[place]}. {option}",
            work.label("reports/right") if place == 0 else "",
            times,
            coverage.percent(times, found.answers),
        )
        for place, (option, times) in enumerate(zip(words, found.chosen, strict=True))
    ]
