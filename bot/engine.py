"""One incoming event: lock the person, and in ONE transaction load, handle, save and queue the answers;
then deliver.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import Protocol
from weakref import WeakValueDictionary

import structlog

from bot.mishaps import REFERENCE_BYTES, file_refusal, place_of
from bot.routing import Route, Router
from handlers.kit import sending
from handlers.kit.channel import Channel
from handlers.kit.clock import Clock
from handlers.kit.context import Context, Services
from handlers.kit.errors import FileUnavailableError, RefusedError, StaleError
from handlers.kit.incoming import Incoming, IncomingFile, Kind
from handlers.kit.reply import End, Goto, Keep, Reply, Turn, spelled_out
from storage import accounts, outbox
from storage.accounts import Account, Dialogue
from storage.database import Database, StorageUnavailableError, Transaction
from storage.delivery import Claimed
from storage.outbox import LEASE, Attached, NewMessage, Priority

log = structlog.get_logger()
REPLY_TOPIC = "reply"
# Events whose senders were told to wait; the oldest are forgotten.
_REMEMBERED = 10_000
_SEED_BYTES, _NAME_BYTES = 32, 16


class Delivery(Protocol):
    def dispatch(self, claimed: Sequence[Claimed]) -> None:
        """Send committed replies at once, in order."""
        ...

    def dispatch_ephemeral(self, channel: str, address: str, key: str, reply: Reply) -> None: ...


class Lane(Protocol):
    """The way of private conversations, beside everything that is kept."""

    async def take(self, channel: Channel, incoming: Incoming) -> bool:
        """Whether it was theirs: then it has been handled, and nothing of it is left to do."""
        ...


@dataclass(frozen=True, slots=True)
class _Answers:
    """What a committed event leaves to be sent."""

    claimed: tuple[Claimed, ...] = ()
    ephemeral: tuple[tuple[str, Reply], ...] = ()
    notice: str = ""


class _FetchFirst(Exception):  # noqa: N818 - no error: it takes the event back out of the transaction
    """The handler needs the content of this file, which the platform still has."""

    def __init__(self, file: IncomingFile) -> None:
        super().__init__()
        self.file = file


class Engine:
    """Takes events from every channel. Events of one account are handled in order, different ones side
    by side.
    """

    def __init__(
        self,
        database: Database,
        services: Services,
        router: Router,
        clock: Clock,
        delivery: Delivery,
        *,
        lane: Lane | None = None,
    ) -> None:
        """`lane` is asked first, and gets every event that it wants."""
        self._database = database
        self._services = services
        self._router = router
        self._clock = clock
        self._delivery = delivery
        self._lane = lane
        self._seed = services.chance.token(_SEED_BYTES)
        self._told_busy: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def receive(self, channel: Channel, incoming: Incoming) -> None:
        """Return once the event's effect is committed; StorageUnavailableError when it could not be."""
        async with self._in_turn(incoming):
            try:
                if self._lane is not None and await self._lane.take(channel, incoming):
                    return
                answers = await self._handle(channel, incoming)
            except StorageUnavailableError:
                self._say_busy(incoming)
                raise
            except Exception as error:  # noqa: BLE001 - whatever a handler does, the person gets an answer
                answers = await self._apologise(channel, incoming, error)
            self._deliver(incoming, answers)
        if incoming.kind is Kind.PRESS:
            await channel.acknowledge(incoming, answers.notice)

    def _say_busy(self, incoming: Incoming) -> None:
        """Once for each event, past the outbox, which can't be written: it waits, and nothing is lost."""
        event = (incoming.channel, incoming.event)
        if event in self._told_busy or incoming.kind not in {Kind.TEXT, Kind.PRESS}:
            return
        self._told_busy[event] = None
        if len(self._told_busy) > _REMEMBERED:
            self._told_busy.popitem(last=False)
        said = Reply(self._services.texts.render("home/busy"), ephemeral=True)
        self._delivery.dispatch_ephemeral(incoming.channel, incoming.address, f"busy:{incoming.event}", said)

    @asynccontextmanager
    async def _in_turn(self, incoming: Incoming) -> AsyncIterator[None]:
        key = (incoming.channel, incoming.address)
        lock = self._turns.get(key)
        if lock is None:
            lock = self._turns[key] = asyncio.Lock()
        async with lock:
            yield

    async def _handle(self, channel: Channel, incoming: Incoming) -> _Answers:
        now = self._clock.now()
        try:
            async with self._database.write() as tx:
                if not await accounts.take_event(tx, incoming.channel, incoming.event, now):
                    return _Answers()
                context, route = await self._prepare(channel, tx, incoming, now)
                _check_fetched(route, incoming)
                turn = await route.handler(incoming, context)
                if not route.private:
                    await channel.keep(tx, incoming)
                return await self._commit(channel, context, incoming, turn)
        except (RefusedError, StaleError) as refusal:
            return await self._refuse(channel, incoming, refusal)
        except _FetchFirst as wanted:
            file = wanted.file
        return await self._handle_fetched(channel, incoming, file)

    async def _handle_fetched(self, channel: Channel, incoming: Incoming, file: IncomingFile) -> _Answers:
        """The same event again, with the content: nothing waits for the platform inside a transaction."""
        try:
            content = await channel.fetch(file)
        except FileUnavailableError as error:
            return await self._refuse(channel, incoming, file_refusal(error))
        fetched = replace(file, size=len(content), content=content)
        return await self._handle(channel, replace(incoming, file=fetched))

    async def _prepare(
        self, channel: Channel, tx: Transaction, incoming: Incoming, now: datetime
    ) -> tuple[Context, Route]:
        account = await accounts.arrive(tx, incoming.channel, incoming.address, now)
        if account.unreachable and incoming.kind is not Kind.BLOCKED:
            await accounts.set_unreachable(tx, account.id, None)
        route = self._router.route(incoming, account, now)
        context = Context(
            services=self._services,
            db=tx,
            now=now,
            account=account,
            limits=channel.limits,
            press=route.press,
            data=account.dialogue.data if account.dialogue else {},
        )
        return context, route

    async def _refuse(
        self, channel: Channel, incoming: Incoming, refusal: RefusedError | StaleError
    ) -> _Answers:
        """Whatever the handler wrote is rolled back; the refusal itself is an effect of its own."""
        now = self._clock.now()
        async with self._database.write() as tx:
            if not await accounts.take_event(tx, incoming.channel, incoming.event, now):
                return _Answers()
            context, route = await self._prepare(channel, tx, incoming, now)
            if isinstance(refusal, StaleError):
                turn = await self._router.stale(incoming, context)
            else:
                turn = context.say(refusal.key, **refusal.values)
            if not route.private:
                await channel.keep(tx, incoming)
            return await self._commit(channel, context, incoming, turn)

    async def _apologise(self, channel: Channel, incoming: Incoming, error: Exception) -> _Answers:
        """A mistake of ours: the person gets a reference number, and the log its ids but never the text."""
        reference = self._services.chance.token(REFERENCE_BYTES).hex().upper()
        log.error(
            "handler_failed",
            reference=reference,
            channel=incoming.channel,
            kind=incoming.kind.value,
            error=type(error).__name__,
            where=place_of(error),
        )
        now = self._clock.now()
        async with self._database.write() as tx:
            if not await accounts.take_event(tx, incoming.channel, incoming.event, now):
                return _Answers()
            context, _route = await self._prepare(channel, tx, incoming, now)
            said = context.say("home/mishap", reference=reference)
            return await self._commit(channel, context, incoming, said)

    async def _commit(self, channel: Channel, context: Context, incoming: Incoming, turn: Turn) -> _Answers:
        await self._save_dialogue(context, turn)
        lettered, can_edit = self._awaits_words(context, turn), channel.limits.can_edit
        replies = turn.replies if channel.limits.notices else spelled_out(turn.replies, turn.notice)
        claimed: list[Claimed] = []
        ephemeral: list[tuple[str, Reply]] = []
        name = self._name_of(incoming)
        for number, said in enumerate(replies):
            key = f"{incoming.channel}:{name}:{number}"
            # What can't be edited isn't kept up to date either.
            reply = replace(said, lettered=lettered, topic=said.topic if can_edit else "")
            if reply.ephemeral:
                ephemeral.append((key, reply))
            else:
                claimed.append(await _queue(context, incoming, key, reply))
        return _Answers(tuple(claimed), tuple(ephemeral), turn.notice)

    def _name_of(self, incoming: Incoming) -> str:
        """What answers to one event have in common. Platforms number events: kept beside an account, the
        numbers would tell by their gaps when, and next to whom, somebody had a private conversation.
        """
        event = f"{incoming.channel}:{incoming.event}"
        return blake2b(event.encode(), key=self._seed, digest_size=_NAME_BYTES).hexdigest()

    async def _save_dialogue(self, context: Context, turn: Turn) -> None:
        match turn.then:
            case Goto(flow, step, data):
                expires_at = context.now + self._router.step(flow, step).expires_after
                state = Dialogue(flow, step, dict(data), expires_at)
                await accounts.save_dialogue(context.db, context.account.id, state)
            case End() if context.account.dialogue is not None:
                await accounts.end_dialogue(context.db, context.account.id)

    def _awaits_words(self, context: Context, turn: Turn) -> bool:
        """Whether what the person types next goes to the step where they stand."""
        match turn.then:
            case Goto(flow, step):
                return self._router.step(flow, step).awaits_words
            case Keep():
                standing = self._router.standing(context.account, context.now)
                return standing is not None and standing.awaits_words
        return False

    def _deliver(self, incoming: Incoming, answers: _Answers) -> None:
        self._delivery.dispatch(answers.claimed)
        for key, reply in answers.ephemeral:
            self._delivery.dispatch_ephemeral(incoming.channel, incoming.address, key, reply)


async def _queue(context: Context, incoming: Incoming, key: str, reply: Reply) -> Claimed:
    account: Account = context.account
    attachment_id = await sending.attach(context, account.id, reply)
    message = sending.to_json(reply, replaces=incoming.message)
    new = NewMessage(
        key=key,
        topic=reply.topic or REPLY_TOPIC,
        account_id=account.id,
        member_id=None,
        priority=Priority.REPLY,
        message=message,
        attachment_id=attachment_id,
    )
    file = reply.attachment
    return Claimed(
        id=await outbox.add_claimed(context.db, new, context.now),
        key=key,
        account_id=account.id,
        channel=account.channel,
        address=account.address,
        priority=int(Priority.REPLY),
        message=message,
        attachment=Attached(file.name, file.mime, file.content) if file else None,
        attempts=1,
        lease_until=context.now + LEASE,
    )


def _check_fetched(route: Route, incoming: Incoming) -> None:
    if route.takes_file and incoming.file is not None and incoming.file.content is None:
        raise _FetchFirst(incoming.file)
