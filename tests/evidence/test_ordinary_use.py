"""Whatever members and officers do by the program's own ways, verification has nothing to find."""

import random  # noqa: TID251 - seeded, so that a failure can be repeated
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.campaign import actions as campaign
from handlers.campaign import entries
from handlers.evidence import actions as evidence
from handlers.kit.crediting import Case, Officer
from handlers.kit.errors import RefusedError
from handlers.kit.roles import Role
from handlers.me import actions as me
from handlers.me.export import own_file
from handlers.roster import actions as roster
from handlers.roster.reading import Reading, RosterRow
from handlers.study import actions as study
from handlers.study.library import reading
from storage import accounts, campaigns, members
from storage import study as study_rows
from storage.campaigns import Campaign
from storage.database import Database, Transaction
from storage.evidence import Kind
from storage.members import Member
from storage.schema.evidence import evidence as rows
from tests.campaign.branch import DOCUMENT, PLAIN
from tests.world import TEXTS, SetClock, World

STEPS = 150
CODES = [f"NV{number:02}" for number in range(2, 10)]


def row(code: str, name: str, *roles: Role) -> RosterRow:
    group = f"Tổ {len(code)}"
    return RosterRow(2, code, name, group, "", True, False, frozenset({Role.WORKER, *roles}), None)


CHAIR = row("NV01", "Nguyễn Thị Ánh", Role.CHAIR)


class Years:
    """A branch from its founding on; each deed is one that the chat, a job or a command can do."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.dice = random.Random(seed)  # noqa: S311 - a test's dice
        self.documents = [DOCUMENT, PLAIN]
        self.deeds: list[Callable[[Transaction], Awaitable[object]]] = [
            self.publish,
            self.correct,
            self.close,
            self.acknowledge,
            self.acknowledge,
            self.take_quiz,
            self.take_quiz,
            self.enter,
            self.enter,
            self.enter,
            self.withdraw,
            self.import_roster,
            self.leave_the_chat,
            self.look_at_own_data,
            self.seal,
        ]

    async def do(self, deed: Callable[[Transaction], Awaitable[object]]) -> None:
        """A refusal is ordinary use as well."""
        with suppress(RefusedError):
            async with self.world.database.write() as tx:
                await deed(tx)
        self.world.clock.forward(minutes=self.dice.randrange(90))

    async def found(self, tx: Transaction) -> None:
        world = self.world
        await roster.init_branch(
            tx, TEXTS, world.chance, world.clock.now(), name="Công đoàn", chair=CHAIR.full_name
        )

    async def publish(self, tx: Transaction) -> None:
        publisher = self.dice.choice([None, Officer(await self.person(tx), "direct")])
        deadline = self.dice.choice([None, self.world.clock.now().date() + timedelta(days=9)])
        await campaign.publish(
            self.world.work(tx), publisher, self.dice.choice(self.documents).slug, deadline=deadline
        )

    async def correct(self, tx: Transaction) -> None:
        """Other words, and now and then a new edition."""
        at = self.dice.randrange(len(self.documents))
        before = self.documents[at]
        self.documents[at] = replace(
            before, summary=f"{before.summary}.", edition=before.edition + self.dice.randrange(2)
        )
        self.world.services = replace(
            self.world.services, documents={each.slug: each for each in self.documents}
        )
        await campaign.publish(self.world.work(tx), None, before.slug)

    async def close(self, tx: Transaction) -> None:
        if self.dice.random() < 0.3:
            await campaign.close(self.world.work(tx), await self.campaign(tx))

    async def acknowledge(self, tx: Transaction) -> None:
        chosen, person, work = await self.campaign(tx), await self.person(tx), self.world.work(tx)
        text = await reading(work, chosen.version_hash)
        await study_rows.show_card(
            tx, chosen.id, person.id, version_hash=text.version, card=text.cards, now=work.now
        )
        if (await study_rows.progress(tx, chosen.id, person.id, lock=True)).acknowledged_at is None:
            await study.acknowledge(work, person, "direct", chosen, study.statement(work, person, text))

    async def take_quiz(self, tx: Transaction) -> None:
        chosen, person, work = await self.campaign(tx), await self.person(tx), self.world.work(tx)
        text = await reading(work, chosen.version_hash)
        await study_rows.show_card(
            tx, chosen.id, person.id, version_hash=text.version, card=text.cards, now=work.now
        )
        attempt = await study.take_quiz(work, person, chosen, text)
        while attempt and attempt.finished_at is None and self.dice.random() < 0.9:
            order = attempt.questions[len(attempt.answers)].order
            option = order.index(0) if self.dice.random() < 0.7 else self.dice.randrange(len(order))
            attempt = await study.answer(work, "direct", chosen, attempt, option)

    async def enter(self, tx: Transaction) -> None:
        case, work = await self.case(tx), self.world.work(tx)
        match self.dice.randrange(3):
            case 0:
                await entries.waive(work, case, "Nghỉ ốm")
            case 1:
                await entries.credit(work, case, Kind.MAKE_UP, work.today)
            case _:
                people = [await self.person(tx) for _ in range(3)]
                await entries.attend(work, case.officer, case.campaign, people, work.today)

    async def withdraw(self, tx: Transaction) -> None:
        await entries.withdraw(self.world.work(tx), await self.case(tx), "Ghi nhầm")

    async def import_roster(self, tx: Transaction) -> None:
        """Some have left, some come back, some have another name; the first one takes the founder over."""
        here = [row(code, f"Người {self.dice.choice('ABC')}") for code in CODES if self.dice.random() < 0.8]
        await roster.import_roster(
            self.world.work(tx),
            Reading((CHAIR, *here), ()),
            dry_run=False,
            allow_many_left=True,
            allow_renamed=True,
        )

    async def leave_the_chat(self, tx: Transaction) -> None:
        """And come back to it one day, perhaps."""
        person, now = await self.person(tx), self.world.clock.now()
        account = await accounts.arrive(tx, "direct", f"p-{person.code}", now)
        if account.member is None:
            await accounts.link(tx, account.id, person.id, now)
        else:
            await me.withdraw(self.world.work(tx), person.id, account.id)

    async def look_at_own_data(self, tx: Transaction) -> None:
        await own_file(self.world.work(tx), (await self.person(tx)).id)

    async def seal(self, tx: Transaction) -> None:
        await evidence.seal(self.world.work(tx))

    async def case(self, tx: Transaction) -> Case:
        officer = Officer(await self.person(tx), "direct")
        return Case(officer, await self.campaign(tx), await self.person(tx))

    async def campaign(self, tx: Transaction) -> Campaign:
        return self.dice.choice(await campaigns.all_campaigns(tx))

    async def person(self, tx: Transaction) -> Member:
        return self.dice.choice(sorted(await members.everybody(tx), key=lambda each: each.id))

    async def looks_intact(self) -> bool:
        async with self.world.database.read() as tx:
            verdict = await evidence.verify(self.world.work(tx))
        assert verdict.finding is None
        return verdict.backdated == 0


@pytest.mark.parametrize("seed", range(3))
async def test_ordinary_use_never_fails_verification(database: Database, clock: SetClock, seed: int) -> None:
    years = Years(World(database, clock), seed)
    years.world.services = replace(
        years.world.services, documents={each.slug: each for each in years.documents}
    )
    # The founder studies under a code that the first roster takes away.
    for deed in (years.found, years.publish, years.acknowledge, years.import_roster):
        await years.do(deed)
        assert await years.looks_intact()
    for _ in range(STEPS):
        await years.do(years.dice.choice(years.deeds))
        assert await years.looks_intact()
    async with database.read() as tx:
        kinds = {each.kind for each in await tx.all(select(rows.c.kind).distinct())}
    assert kinds == {kind.value for kind in Kind}
