"""A branch with two short documents to publish, and what tests ask about it."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from bot.engine import Engine
from bot.features import make_router
from handlers.campaign import actions
from handlers.campaign.actions import Officer, Published
from handlers.campaign.talk import FEATURE
from handlers.kit.documents import Document
from handlers.study import talk as study_talk
from storage import campaigns, coverage, members, study
from storage.campaigns import Campaign
from storage.evidence import Kind
from storage.members import Member
from storage.schema.evidence import evidence
from storage.schema.messages import outbox
from storage.study import Progress
from tests.study.course import DOCUMENT, TITLE, confirm, read_all
from tests.talk import Talk
from tests.world import BRANCH, World

SLUG = DOCUMENT.slug
PLAIN_TITLE = "Nội quy"
PLAIN = replace(DOCUMENT, slug="noi-quy", title=PLAIN_TITLE, quiz=None)
__all__ = ["DOCUMENT", "PLAIN", "PLAIN_TITLE", "SLUG", "TITLE", "Office", "open_office"]


@dataclass
class Office:
    """The officers' view of `world`."""

    world: World

    async def talk(self, code: str) -> Talk:
        return await self.world.talk(code)

    def offer(self, *documents: Document) -> None:
        """Start anew with these documents."""
        self.world.services = replace(
            self.world.services, documents={document.slug: document for document in documents}
        )
        router = make_router(BRANCH.tag, (FEATURE, study_talk.FEATURE))
        world = self.world
        world.engine = Engine(world.database, world.services, router, world.clock, world.delivery)

    async def person(self, code: str) -> Member:
        async with self.world.database.read() as tx:
            found = await members.by_code(tx, code)
        assert found is not None
        return found

    async def publish(self, slug: str = SLUG, *, by: str = "", **values: Any) -> Published:
        officer = Officer(await self.person(by), "direct") if by else None
        async with self.world.database.write() as tx:
            return await actions.publish(self.world.work(tx), officer, slug, **values)

    async def remind(self) -> int:
        async with self.world.database.write() as tx:
            return await actions.remind(self.world.work(tx))

    async def push_first_cards(self, limit: int = 100) -> int:
        async with self.world.database.write() as tx:
            return await actions.push_first_cards(self.world.work(tx), limit)

    async def campaign(self, number: int = 1) -> Campaign:
        async with self.world.database.read() as tx:
            found = await campaigns.by_id(tx, number)
        assert found is not None
        return found

    async def progress(self, code: str, campaign: int = 1) -> Progress:
        member_id = (await self.person(code)).id
        async with self.world.database.read() as tx:
            return await study.progress(tx, campaign, member_id)

    async def covered(self) -> int:
        """How many of the first campaign's people count as having studied."""
        campaign = await self.campaign()
        async with self.world.database.read() as tx:
            return (await coverage.figures(tx, campaign)).covered

    async def evidence(self) -> list[Any]:
        """Of what was stated or entered about people, not of publishing."""
        return [entry for entry in await self._entries() if entry.kind != Kind.PUBLICATION.value]

    async def publications(self) -> list[Any]:
        return [entry for entry in await self._entries() if entry.kind == Kind.PUBLICATION.value]

    async def _entries(self) -> list[Any]:
        async with self.world.database.read() as tx:
            return list(await tx.all(select(evidence).order_by(evidence.c.id)))

    async def letters(self, topic: str) -> dict[int, str]:
        """Member to state, of everything the outbox holds of the topic."""
        async with self.world.database.read() as tx:
            rows = await tx.all(select(outbox.c.member_id, outbox.c.state).where(outbox.c.topic == topic))
        return {row.member_id: row.state for row in rows}

    async def acknowledges(self, code: str) -> None:
        """Read it all and confirm, through the conversation."""
        talk = await self.talk(code)
        await read_all(talk)
        await confirm(talk)


def open_office(world: World) -> Office:
    office = Office(world)
    office.offer(DOCUMENT, PLAIN)
    return office
