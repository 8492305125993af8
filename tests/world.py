"""A running branch for tests: the real engine, storage and delivery, with a clock that the test sets."""

import random  # noqa: TID251 - seeded, so that a failure can be repeated
from collections.abc import MutableSequence, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

import content
from bot.delivery.pacing import Pacing
from bot.delivery.worker import DeliveryWorker
from bot.engine import Engine
from bot.features import FEATURES, make_router, private_features
from bot.private.lane import PrivateLane
from handlers.kit.calendar import load_calendar
from handlers.kit.canned import load_canned
from handlers.kit.categories import load_categories
from handlers.kit.channel import Channel, Copies, Limits, Outgoing, Receipt, Receive, Sent, one_by_one
from handlers.kit.context import Services, Work
from handlers.kit.documents import load_documents
from handlers.kit.duties import load_duties
from handlers.kit.errors import FileUnavailableError, Unavailable
from handlers.kit.feature import Feature
from handlers.kit.files import safe_mime, safe_name
from handlers.kit.incoming import Incoming, IncomingFile, Kind
from handlers.kit.markup import plain
from handlers.kit.private import PrivateFeature
from handlers.kit.reply import Reply
from handlers.kit.texts import Texts
from handlers.kit.vietnamese import clean
from handlers.kit.waiting import Waiting
from storage import accounts, branch, members
from storage.accounts import Account
from storage.branch import Branch
from storage.database import Database, Transaction
from storage.outbox import Priority
from tests.rooms import make_test_room
from tests.talk import Shown, Talk, words_of

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# A Monday, 08:30 in Vietnam.
START = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
BRANCH = Branch("Công đoàn Chi nhánh Thử nghiệm", "t3st")
ROOT = Path(content.__file__).parent
# Read and compiled once: they are the same for every test.
TEXTS = Texts(ROOT / "messages", ZONE, "anh/chị")
DOCUMENTS = load_documents(ROOT / "documents")
DUTIES = load_duties(ROOT / "duties" / "duties.yaml")
CALENDAR = load_calendar(ROOT / "calendar")
CATEGORIES = load_categories(ROOT / "concerns" / "categories.yaml")
CANNED = load_canned(ROOT / "concerns" / "canned.yaml")


class SetClock:
    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        self._now = now

    def forward(self, **parts: float) -> None:
        self._now += timedelta(**parts)


class SeededChance:
    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a test's dice

    def token(self, size: int) -> bytes:
        return self._random.randbytes(size)

    def below(self, limit: int) -> int:
        return self._random.randrange(limit)

    def shuffle(self, items: MutableSequence[Any]) -> None:
        self._random.shuffle(items)


class DirectChannel:
    """The smallest real channel: messages in memory, edits in place."""

    name = "direct"
    state = "ok"
    limits = Limits(
        text=4096, buttons=100, payload_bytes=64, can_edit=True, can_delete=True, native_quiz=False
    )

    def __init__(self) -> None:
        self.boxes: dict[str, dict[str, Shown]] = {}
        self.notices: dict[str, list[str]] = {}
        self.kept: list[Incoming] = []
        # What was deleted, of either side, by address; and whose private conversations ended.
        self.erased: dict[str, list[str]] = {}
        self.ended: list[str] = []
        # What people sent, by reference.
        self.files: dict[str, bytes] = {}
        # What the next pushes end in instead of being shown.
        self.receipts: list[Receipt] = []

    async def run(self, receive: Receive) -> None: ...

    async def push(self, outgoing: Outgoing) -> Receipt:
        if self.receipts:
            return self.receipts.pop(0)
        message = outgoing.replaces or outgoing.key
        file = outgoing.reply.attachment
        self.boxes.setdefault(outgoing.address, {})[message] = Shown(
            id=message,
            text=plain(outgoing.reply.text),
            buttons=tuple((b.label, b.payload) for row in outgoing.reply.buttons for b in row),
            file=(file.name, file.content) if file else None,
        )
        return Sent(message)

    def copies(self, reply: Reply, priority: Priority) -> Copies:
        return one_by_one(self.push, reply, priority)

    async def withdraw(self, outgoing: Outgoing) -> Receipt:
        if self.receipts:
            return self.receipts.pop(0)
        self.boxes.get(outgoing.address, {}).pop(outgoing.replaces, None)
        return Sent(outgoing.replaces)

    async def acknowledge(self, incoming: Incoming, notice: str) -> None:
        if notice:
            self.notices.setdefault(incoming.address, []).append(notice)

    async def keep(self, transaction: Transaction, incoming: Incoming) -> None:  # noqa: ARG002
        self.kept.append(incoming)

    async def erase(self, address: str, messages: Sequence[str]) -> None:
        for message in messages:
            self.boxes.get(address, {}).pop(message, None)
        self.erased.setdefault(address, []).extend(messages)

    async def end_private(self, address: str) -> None:
        self.ended.append(address)

    async def fetch(self, file: IncomingFile) -> bytes:
        if file.reference not in self.files:
            raise FileUnavailableError(Unavailable.NOT_GIVEN)
        return self.files[file.reference]

    async def close(self) -> None: ...


class World:
    """The branch `BRANCH` on `database`; `people.seed` has put everybody on its roster.

    `channels` are open beside the direct one; `tests.lines` has worlds whose people talk through them.
    """

    def __init__(self, database: Database, clock: SetClock, *channels: Channel) -> None:
        self.database = database
        self.clock = clock
        self.chance = SeededChance()
        self.channel = DirectChannel()
        self.services = Services(
            texts=TEXTS,
            chance=self.chance,
            zone=ZONE,
            branch=BRANCH,
            documents=DOCUMENTS,
            duties=DUTIES,
            calendar=CALENDAR,
            categories=CATEGORIES,
            canned=CANNED,
            public_url="https://chi-nhanh.example",
            papers=ROOT / "no-papers-of-its-own",
            waiting=Waiting(),
        )
        reached = {each.name: each for each in (self.channel, *channels)}
        unpaced = {name: Pacing(0, lambda: 0.0) for name in reached}
        self.delivery = DeliveryWorker(database, reached, clock, unpaced)
        self.private = private_features(make_test_room(clock, self.chance))
        self.restart()
        self._events = count(1)

    async def start(self) -> None:
        async with self.database.write() as tx:
            await branch.create(tx, BRANCH, self.clock.now())

    def restart(self, *more: Feature, private: tuple[PrivateFeature, ...] | None = None) -> None:
        """A new engine, as after the program was started again: only the database is remembered. `more`
        are features of a test's own; `private` too, and these stay for later restarts.
        """
        self.private = self.private if private is None else private
        self.services = replace(self.services, waiting=Waiting())
        router = make_router(BRANCH.tag, (*more, *FEATURES), self.private)
        self.lane = PrivateLane(self.database, self.services, self.private, self.clock, self.delivery)
        self.engine = Engine(self.database, self.services, router, self.clock, self.delivery, lane=self.lane)

    def work(self, tx: Transaction) -> Work:
        """What actions need, for calling them outside a conversation."""
        return Work(services=self.services, db=tx, now=self.clock.now())

    async def deliver(self) -> None:
        """Send everything that is due."""
        while await self.delivery.send_due():
            pass

    async def talk(self, code: str) -> Talk:
        """A conversation of the person with this code, linked already."""
        account = await self.link("direct", f"p-{code}", code)
        return self.stranger(account.address)

    async def link(self, channel: str, address: str, code: str) -> Account:
        """The account at this address, linked to the person with this code if it was nobody's."""
        async with self.database.write() as tx:
            person = await members.by_code(tx, code)
            assert person is not None
            account = await accounts.arrive(tx, channel, address, self.clock.now())
            if account.member is None:
                await accounts.link(tx, account.id, person.id, self.clock.now())
        return account

    def stranger(self, address: str) -> Talk:
        """A conversation of somebody who isn't linked yet (or of this address, whoever it is)."""
        return Talk(DirectLine(self, address))

    async def receive(self, address: str, kind: Kind, **values: Any) -> None:
        event = str(next(self._events))
        own = "" if kind is Kind.PRESS else f"own-{event}"
        incoming = Incoming(
            channel="direct", event=event, address=address, kind=kind, own_message=own, **values
        )
        await self.engine.receive(self.channel, incoming)
        await self.delivery.settle()


class DirectLine:
    def __init__(self, world: World, address: str) -> None:
        self._world = world
        self._address = address

    async def send(self, text: str) -> None:
        await self._world.receive(self._address, Kind.TEXT, text=clean(text))

    async def send_rich(self, text: str) -> None:
        written = Markup(text)  # noqa: S704 - a test's own words
        await self._world.receive(self._address, Kind.TEXT, text=words_of(text), rich=written)

    async def send_file(self, name: str, mime: str, content: bytes, caption: str) -> None:
        reference = f"file-{len(self._world.channel.files)}"
        self._world.channel.files[reference] = content
        file = IncomingFile(safe_name(name), safe_mime(mime), len(content), reference)
        written = Markup(caption)  # noqa: S704 - a test's own words
        await self._world.receive(self._address, Kind.MEDIA, text="document", rich=written, file=file)

    async def send_media(self, kind: str) -> None:
        await self._world.receive(self._address, Kind.MEDIA, text=kind)

    async def press(self, message: Shown, payload: str, label: str) -> None:  # noqa: ARG002
        await self._world.receive(self._address, Kind.PRESS, payload=payload, message=message.id)

    def shown(self) -> list[Shown]:
        return list(self._world.channel.boxes.get(self._address, {}).values())

    def notices(self) -> list[str]:
        return list(self._world.channel.notices.get(self._address, []))
