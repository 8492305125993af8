"""Reports of 2,000 people in each format, from the start of the command to its end; and without it."""

from datetime import timedelta
from itertools import count
from pathlib import Path
from time import perf_counter

from pydantic import SecretStr
from sqlalchemy import insert

from bot.branch import open_work
from bot.config import Settings
from bot.features import REPORTS
from handlers.campaign import actions as campaign_actions
from handlers.kit.context import Work
from handlers.kit.documents import Question
from handlers.reports import actions, writing
from handlers.reports.writing import Format
from handlers.study.library import reading
from storage import campaigns, members
from storage.schema.studies import quiz_attempt, study
from tests.bench.figures import Figure
from tests.bench.processes import Databases, command
from tests.bench.roster_file import write_csv
from tests.bench.town import SLUG

_PEOPLE = 2_000
_GOAL_S = 5


async def measure(databases: Databases, kind: str, home: Path) -> list[Figure]:
    database = await databases.fresh(kind)
    await command(database, home, "init", "--branch", "Công đoàn cơ sở Thử tải", "--chair", "Trần Văn Bình")
    await command(database, home, "roster", "import", str(write_csv(home / "reports.csv", _PEOPLE)))
    settings = Settings(database_url=SecretStr(database))
    async with open_work(settings) as work:
        await half_study(work)
    commands = [await _by_command(database, kind, home, to) for to in Format]
    return [*commands, *await _written(settings, kind)]


async def _by_command(database: str, kind: str, home: Path, to: Format) -> Figure:
    out = home / f"report.{to}"
    begin = perf_counter()
    await command(database, home, "report", "missing", "--out", str(out))
    seconds = perf_counter() - begin
    assert out.stat().st_size
    return Figure(f"a list of {_PEOPLE:,} people, .{to}, by command", kind, seconds, "s", _GOAL_S)


async def _written(settings: Settings, kind: str) -> list[Figure]:
    """In a program that runs already, as from the chat."""
    figures = []
    async with open_work(settings) as work:
        [campaign] = await campaigns.all_campaigns(work.db)
        for to in Format:
            begin = perf_counter()
            found = await actions.gather(work, REPORTS["missing"], campaign, None)
            writing.write(await writing.prepare(work, found), to)
            figures.append(
                Figure(f"the same, .{to}, gathered and written", kind, perf_counter() - begin, "s", _GOAL_S)
            )
    return figures


async def half_study(work: Work) -> None:
    """A campaign that every twentieth person has finished, with an attempt at the quiz."""
    published = await campaign_actions.publish(work, None, SLUG)
    text = await reading(work, published.version)
    people = [each for each in await members.everybody(work.db) if each.is_active]
    done, now = people[::20], work.now
    quiz = text.document.quiz
    assert quiz is not None
    await work.db.run_many(
        insert(study),
        [
            {
                "campaign_id": published.campaign,
                "member_id": each.id,
                "card": text.cards,
                "version_hash": published.version,
                "acknowledged_at": now,
                "passed_at": now,
            }
            for each in done
        ],
    )
    chances = count()
    await work.db.run_many(
        insert(quiz_attempt),
        [
            _attempt(quiz.questions[: quiz.draw], each.id, next(chances))
            | {"campaign_id": published.campaign, "version_hash": published.version}
            | {"started_at": now, "finished_at": now + timedelta(minutes=3)}
            for each in done
        ],
    )


def _attempt(questions: tuple[Question, ...], member_id: int, number: int) -> dict[str, object]:
    """Whoever has a high number knows more; each question is harder than the one before."""
    answers = [
        0
        if (number * 7 + place * 3) % 20 + number % 10 > place * 2
        else 1 + (number + place) % len(each.wrong)
        for place, each in enumerate(questions)
    ]
    return {
        "member_id": member_id,
        "number": 1,
        "questions": [{"id": each.id, "order": list(range(1 + len(each.wrong)))} for each in questions],
        "answers": answers,
        "score": 100 * answers.count(0) // len(answers),
    }
