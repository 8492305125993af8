"""A branch of any size in which everybody has linked their Telegram account and was invited to study."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import insert

from bot.branch import open_work
from bot.config import Settings
from handlers.campaign import actions as campaign_actions
from handlers.kit.context import Work
from handlers.study import actions as study
from handlers.study.library import Reading, reading
from storage import campaigns, members
from storage.coverage import first_topic
from storage.members import Member
from storage.outbox import Priority, State
from storage.schema.messages import outbox
from storage.schema.people import account
from tests.bench.processes import command
from tests.bench.roster_file import write_csv

SLUG = "nghi-quyet-02"
Json = dict[str, Any]
# The bot's first message to each: the one that carries the pressed buttons.
_MESSAGE = 2


@dataclass(frozen=True, slots=True)
class Town:
    tag: str
    campaign: int
    cards: int
    questions: int
    # The attempt at the quiz that each has begun, by the chat they are in.
    attempts: dict[int, int]

    def commands(self, text: str) -> Iterator[Json]:
        """Everybody writes it."""
        for chat in self.attempts:
            message = {"message_id": 1, "from": _person(chat), "chat": _chat(chat), "date": 0, "text": text}
            yield {"message": message}

    def turns_to(self, card: int) -> Iterator[Json]:
        """Everybody presses the button to this card."""
        for chat in self.attempts:
            yield self._press(chat, f"study.card~{self.campaign}~{card}")

    def answers(self, index: int) -> Iterator[Json]:
        """Everybody answers this question of their attempt, with the option that stands first."""
        for chat, attempt in self.attempts.items():
            yield self._press(chat, f"study.answer~{attempt}~{index}~0")

    def _press(self, chat: int, button: str) -> Json:
        query = {
            "id": f"{chat}~{button}",
            "from": _person(chat),
            "message": {"message_id": _MESSAGE, "chat": _chat(chat), "date": 0},
            "chat_instance": str(chat),
            "data": f"1~{self.tag}~{button}",
        }
        return {"callback_query": query}


def _person(chat: int) -> Json:
    return {"id": chat, "is_bot": False, "first_name": "Person"}


def _chat(chat: int) -> Json:
    return {"id": chat, "type": "private", "first_name": "Person"}


async def found(database: str, home: Path, roster: Path) -> Json:
    """A branch with the people of a roster; what the import said."""
    await command(database, home, "init", "--branch", "Công đoàn cơ sở Thử tải", "--chair", "Trần Văn Bình")
    report: Json = await command(database, home, "roster", "import", str(roster))
    return report


async def build(database: str, home: Path, people: int) -> Town:
    await found(database, home, write_csv(home / "town.csv", people))
    async with open_work(Settings(database_url=SecretStr(database))) as work:
        published = await campaign_actions.publish(work, None, SLUG)
        text = await reading(work, published.version)
        everybody = await members.everybody(work.db)
        await link(work, published.campaign, [each for each in everybody if each.is_active])
        attempts = await _begin_quiz(work, published.campaign, text, everybody)
    quiz = text.document.quiz
    return Town(
        tag=work.services.branch.tag,
        campaign=published.campaign,
        cards=text.cards,
        questions=quiz.draw if quiz else 0,
        attempts=attempts,
    )


async def link(work: Work, campaign: int, people: list[Member]) -> None:
    """Each has an account, with their number as its address, and got the campaign's first message."""
    now, topic = work.now, first_topic(campaign)
    rows = [
        {
            "channel": "telegram",
            "address": str(each.id),
            "member_id": each.id,
            "linked_at": now,
            "created_at": now,
        }
        for each in people
    ]
    await work.db.run_many(insert(account), rows)
    accounts = await work.db.all(account.select())
    await work.db.run_many(
        insert(outbox),
        [
            {
                "key": f"{topic}:{each.member_id}",
                "topic": topic,
                "account_id": each.id,
                "member_id": each.member_id,
                "priority": int(Priority.NORMAL),
                "message": {"text": "", "buttons": [], "replaces": ""},
                "state": State.SENT.value,
                "not_before": now,
                "created_at": now,
                "finished_at": now,
            }
            for each in accounts
        ],
    )


async def _begin_quiz(work: Work, campaign_id: int, text: Reading, people: list[Member]) -> dict[int, int]:
    campaign = await campaigns.by_id(work.db, campaign_id)
    assert campaign is not None
    begun = {}
    for each in people:
        attempt = await study.take_quiz(work, each, campaign, text) if each.is_active else None
        if attempt is not None:
            begun[each.id] = attempt.id
    return begun
