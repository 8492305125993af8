"""A past that can be told: a clock that is set, dice that always fall alike, and what people do."""

import random  # noqa: TID251 - the same past each time
import time
from collections.abc import AsyncIterator, MutableSequence, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from bot.channels.webchat import WebChat
from bot.channels.webstreams import Streams
from bot.delivery.pacing import Pacing
from bot.delivery.worker import DeliveryWorker
from bot.jobs.carrier import Carrier
from handlers.evidence import actions as evidence
from handlers.kit.context import Services, Work
from handlers.study import actions as study
from handlers.study.library import Reading, reading
from storage import accounts, consents, members
from storage import study as study_rows
from storage.campaigns import Campaign
from storage.database import Database
from storage.members import Member

# Of ten answers, how many are right in an attempt that is meant to fail.
_RIGHT_OF_TEN = 5


class PastClock:
    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        self._now = now


class FixedDice:
    """The demo's secrets guard nothing; what matters is that its past is the same each time."""

    def __init__(self) -> None:
        self._random = random.Random(1929)  # noqa: S311 - as the class says

    def token(self, size: int) -> bytes:
        return self._random.randbytes(size)

    def below(self, limit: int) -> int:
        return self._random.randrange(limit)

    def shuffle(self, items: MutableSequence[Any]) -> None:
        self._random.shuffle(items)


class Past:
    services: Services

    def __init__(self, database: Database, begin: datetime) -> None:
        self.database = database
        self.clock = PastClock(begin)
        self.chance = FixedDice()
        chat = WebChat(database, self.clock, self.chance, Streams())
        self.channel = chat.name
        self._delivery = DeliveryWorker(
            database, {chat.name: chat}, self.clock, {chat.name: Pacing(0, time.monotonic)}
        )

    def with_own_chance(self, services: Services) -> Services:
        return replace(services, chance=self.chance)

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        async with self.database.write() as tx:
            yield Work(services=self.services, db=tx, now=self.clock.now())

    async def people(self, codes: Sequence[str]) -> list[Member]:
        """The people with these codes, in this order."""
        async with self.database.read() as tx:
            by_code = {member.code: member for member in await members.everybody(tx)}
        return [by_code[code] for code in codes]

    async def link(self, people: Sequence[Member]) -> None:
        """Everybody opened the chat and agreed to what is kept."""
        wording = sha256(b"demo").hexdigest()
        async with self.work() as work:
            for person in people:
                address = self.chance.token(16).hex()
                account = await accounts.arrive(work.db, self.channel, address, work.now)
                await accounts.link(work.db, account.id, person.id, work.now)
                await consents.give(work.db, person.id, account.id, wording, work.now)

    async def deliver(self) -> None:
        while await self._delivery.send_due():
            pass

    async def carry_out(self) -> None:
        """What is due by itself is sent."""
        await Carrier(self.database, self.services, self.clock, lambda: None).carry_out()
        await self.deliver()

    async def study(
        self, campaign: Campaign, people: Sequence[Member], within: timedelta, *, passes: bool = True
    ) -> None:
        """These people read, acknowledge and take the quiz, one after the other, spread over `within`."""
        order = list(people)
        self.chance.shuffle(order)
        for number, person in enumerate(order):
            self.clock.set(campaign.published_at + within * (number + 1) / (len(order) + 1))
            async with self.work() as work:
                text = await reading(work, campaign.version_hash)
                await self._read(work, campaign, person, text.cards)
                words = study.statement(work, person, text)
                await study.acknowledge(work, person, self.channel, campaign, words)
                await self._answer(work, campaign, person, text, passes=passes)
            await self.seal()

    async def read(self, campaign: Campaign, person: Member, card: int) -> None:
        """Somebody stopped at a card."""
        async with self.work() as work:
            await self._read(work, campaign, person, card)

    async def lose(self, person: Member) -> None:
        """Somebody can't be reached any more."""
        async with self.work() as work:
            for account in await accounts.of_member(work.db, person.id):
                await accounts.set_unreachable(work.db, account.id, "blocked")

    async def seal(self) -> None:
        async with self.work() as work:
            await evidence.seal(work)

    async def _read(self, work: Work, campaign: Campaign, person: Member, card: int) -> None:
        await study_rows.show_card(
            work.db, campaign.id, person.id, version_hash=campaign.version_hash, card=card, now=work.now
        )

    async def _answer(
        self, work: Work, campaign: Campaign, person: Member, text: Reading, *, passes: bool
    ) -> None:
        attempt = await study.take_quiz(work, person, campaign, text)
        while attempt is not None and attempt.finished_at is None:
            order = attempt.questions[len(attempt.answers)].order
            right = passes or self.chance.below(10) < _RIGHT_OF_TEN
            attempt = await study.answer(
                work, self.channel, campaign, attempt, order.index(0 if right else 1)
            )
