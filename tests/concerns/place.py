"""The concerns' parts on a real database, with readers whose keys the test holds."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyrage

from handlers.concerns import receipts
from handlers.concerns.receipts import Receipt
from handlers.concerns.room import Room
from handlers.concerns.rules import Draft
from handlers.concerns.submitting import Submitted, submit
from handlers.concerns.talk import make_feature
from handlers.kit import readership, sealing
from handlers.kit.days import week_of
from handlers.kit.payload import Press
from handlers.kit.private import PrivateContext
from handlers.kit.sealing import Package
from storage import members
from storage.concerns import cases, items, readers
from storage.concerns.cases import Case
from storage.concerns.expiry import ExpiryKeys
from storage.concerns.items import Item, ItemKind, NewItem
from storage.database import Database
from tests.people import CHAIR, WORKER
from tests.rooms import WORDS, make_test_room
from tests.world import World


@dataclass
class Place:
    """`identities` are the readers' private keys, by the codes of the people."""

    world: World
    room: Room
    identities: dict[str, str] = field(default_factory=dict)
    stored: list[None] = field(default_factory=list)

    @property
    def database(self) -> Database:
        return self.world.database

    async def add_reader(self, code: str = CHAIR) -> str:
        identity = pyrage.x25519.Identity.generate()
        self.identities[code] = str(identity)
        async with self.database.write() as tx:
            person = await members.by_code(tx, code)
            assert person is not None
            # Who isn't on the committee may not read.
            await members.change(tx, [{"b_id": person.id, "is_committee": True}])
            await readers.ask(
                tx, person.id, str(identity.to_public()), "{}", self.world.clock.now(), is_first=True
            )
        return str(identity)

    async def context(self, code: str = WORKER, *, draft: Any = None, press: str = "") -> PrivateContext:
        async with self.database.read() as tx:
            person = await members.by_code(tx, code)
        assert person is not None
        return PrivateContext(
            services=self.world.services,
            now=self.world.clock.now(),
            limits=self.world.channel.limits,
            member=person,
            press=Press("concerns.test", (press,) if press else ()),
            draft=draft,
            read=self._read,
            write=self._write,
        )

    async def submit(self, draft: Draft) -> Submitted:
        return await submit(await self.context(), self.room, draft)

    async def case_of(self, receipt: Receipt) -> Case:
        keys = await self.room.derive(receipt)
        async with self.database.read() as tx:
            case = await cases.by_id(tx, keys.case_id)
        assert case is not None
        return case

    async def opened(self, case: Case, code: str = CHAIR) -> list[tuple[Item, Package]]:
        """What the case holds, as this reader reads it."""
        async with self.database.read() as tx:
            found = await items.of_case(tx, case.id)
            sealed = [(item, await items.sealed(tx, self.room.keys, item.id)) for item in found]
        return [
            (item, sealing.decode(sealing.open_with(self.identities[code], content)))
            for item, content in sealed
            if content is not None
        ]

    async def answer(self, receipt: Receipt, text: str, by: str = "Nguyễn Thị Ánh", **values: Any) -> None:
        """As the desk's browser does it: sealed to the readers and to whoever wrote the concern."""
        case = await self.case_of(receipt)
        [(_, concern), *_] = await self.opened(case)
        to = [sealing.recipient_of(each) for each in self.identities.values()]
        package = sealing.encode({"kind": "answer", "text": text, "by": by})
        new = NewItem(
            self.world.chance.token(16),
            ItemKind.ANSWER,
            sealing.seal_to([*to, concern.header["answer_to"]], package),
        )
        async with self.database.write() as tx:
            week = week_of(self.world.work(tx).today)
            ids = [each.id for each in await readership.current(tx)]
            await items.add(
                tx, self.room.keys, case.id, [new], week=week, until=case.destroyed_after, readers=ids
            )
            answered = {"state": "answered", "first_answer_week": week, "last_week": week}
            await cases.change(tx, case, **answered | values)

    def _read(self) -> AbstractAsyncContextManager[Any]:
        return self.database.read()

    def _write(self) -> AbstractAsyncContextManager[Any]:
        return self.database.write()


def make_place(world: World, folder: Path, **changes: Any) -> Place:
    """The world's people can talk of concerns here, too."""
    stored: list[None] = []
    keys = ExpiryKeys(folder / "keys" / "concerns")
    parts: dict[str, Any] = {"keys": keys, "stored": lambda: stored.append(None)} | changes
    room = make_test_room(world.clock, world.chance, **parts)
    world.restart(private=(make_feature(room),))
    return Place(world, room, stored=stored)


def draft(world: World, text: str = "Quạt ở xưởng hai hỏng đã một tháng.", category: str = "safety") -> Draft:
    return Draft(category, receipts.make(WORDS, world.chance).secret, text)
