"""The web chat as a channel: its messages are the transcript in the database, and open pages follow it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from math import inf

from markupsafe import Markup

from bot.channels import webevents
from bot.channels.standing import State
from bot.channels.webstreams import Streams
from handlers.kit import invitations
from handlers.kit.channel import (
    Copies,
    Limits,
    Outgoing,
    Receipt,
    Receive,
    Rejected,
    RetryAt,
    Sent,
    Unreachable,
    one_by_one,
)
from handlers.kit.clock import Chance, Clock
from handlers.kit.errors import FileUnavailableError, Unavailable
from handlers.kit.incoming import Incoming, IncomingFile, Kind
from handlers.kit.private import WRITING_TIME
from handlers.kit.reply import Attachment, Reply
from storage import outbox, web
from storage.database import Database, StorageUnavailableError, Transaction
from storage.outbox import Attached, Priority
from storage.web import Number

# How long the file of an ephemeral message can be fetched.
_FILE_LIFE_S = 600.0
_RETRY = timedelta(seconds=2)
_HIDDEN = "•••"
_CLIP = "📎"


class NotRunningError(Exception):
    """Nobody takes events yet, or any more."""


class WebChat:
    """`streams` are the open pages; the HTTP side, `bot.web.chat`, reads them and brings events."""

    name = web.CHANNEL
    limits = Limits(
        text=20_000, buttons=100, payload_bytes=64, can_edit=True, can_delete=False, native_quiz=False
    )

    def __init__(self, database: Database, clock: Clock, chance: Chance, streams: Streams) -> None:
        self.streams = streams
        self._database = database
        self._clock = clock
        self._chance = chance
        self._receive: Receive | None = None
        # Files of ephemeral messages, each with its message's id, by address and their own.
        self._files: dict[tuple[str, str], tuple[str, Attachment]] = {}
        # The bot's messages of private conversations that go on: a page that is loaded again gets them.
        self._private: dict[str, set[str]] = {}

    @property
    def state(self) -> str:
        return State.STARTING if self._receive is None else State.OK

    async def run(self, receive: Receive) -> None:
        self._receive = receive
        try:
            await asyncio.Event().wait()
        finally:
            self._receive = None

    async def deliver(self, incoming: Incoming) -> None:
        """Return once the event's effect is committed; StorageUnavailableError or NotRunningError
        when it could not be.
        """
        if self._receive is None:
            raise NotRunningError
        await self._receive(incoming)
        self.streams.wake(incoming.address)

    async def push(self, outgoing: Outgoing) -> Receipt:
        if not outgoing.reply.text and outgoing.reply.attachment is None:
            return Rejected("empty")
        message_id = _message_id(outgoing.key)
        try:
            if outgoing.reply.ephemeral:
                return await self._show(outgoing, outgoing.replaces or message_id)
            async with self._database.write() as tx:
                receipt = await self._write(tx, outgoing, message_id)
        except StorageUnavailableError as error:
            return RetryAt(_RETRY, error.reason)
        self.streams.wake(outgoing.address)
        return receipt

    def copies(self, reply: Reply, priority: Priority) -> Copies:
        return one_by_one(self.push, reply, priority)

    async def withdraw(self, outgoing: Outgoing) -> Receipt:
        """The transcript keeps its places: the reply stands there then, without the file."""
        reply = replace(outgoing.reply, attachment=None)
        return await self.push(replace(outgoing, reply=reply))

    async def acknowledge(self, incoming: Incoming, notice: str) -> None:
        if notice:
            self.streams.notify(incoming.address, webevents.notice(notice))
        if incoming.own_message:
            self.streams.pass_on(incoming.address, webevents.taken(incoming.own_message))

    async def keep(self, transaction: Transaction, incoming: Incoming) -> None:
        """Write what the person typed or sent into their transcript. Presses leave no line of their own."""
        if incoming.kind not in {Kind.TEXT, Kind.MEDIA}:
            return
        number = await web.next_number(transaction, incoming.address)
        if number is None:
            return
        message_id = webevents.own_id(incoming.event.removeprefix(f"{incoming.address}:"))
        content = webevents.own_content(_words(incoming))
        await web.append(transaction, number, message_id, content, author="me", now=self._clock.now())

    async def erase(self, address: str, messages: Sequence[str]) -> None:
        """From open pages and from what waits for others. The transcript holds none of them."""
        staying = self._private.pop(address, set()).difference(messages)
        if staying:
            self._private[address] = staying
        for key, (message_id, _) in list(self._files.items()):
            if key[0] == address and message_id in messages:
                del self._files[key]
        self.streams.forget(address, messages)
        self.streams.pass_on(address, webevents.erased(messages))

    async def end_private(self, address: str) -> None:
        self.streams.forget(address, self._private.pop(address, ()))
        self.streams.pass_on(address, webevents.private_over())

    async def fetch(self, file: IncomingFile) -> bytes:
        """It came with the event; nothing else is kept of it."""
        if file.content is None:
            raise FileUnavailableError(Unavailable.NOT_GIVEN)
        return file.content

    async def file(self, account_id: int, address: str, file_id: str) -> Attachment | None:
        """The file, when it was sent to this account."""
        passing = self._files.get((address, file_id))
        if passing is not None:
            return passing[1]
        async with self._database.read() as tx:
            kept = await outbox.attached(tx, file_id, account_id)
        return Attachment(kept.name, kept.mime, kept.content) if kept else None

    async def close(self) -> None:
        self.streams.close()

    async def _write(self, tx: Transaction, outgoing: Outgoing, message_id: str) -> Receipt:
        number = await web.next_number(tx, outgoing.address)
        if number is None:
            return Unreachable("gone")
        if outgoing.reply.attachment is not None and await web.has(tx, number.account_id, message_id):
            return Sent(message_id)
        file_id = await self._attach(tx, number, outgoing.reply.attachment)
        content = webevents.content_of(outgoing.reply, file_id)
        if outgoing.replaces and await web.replace(tx, number, outgoing.replaces, content):
            return Sent(outgoing.replaces)
        await web.append(tx, number, message_id, content, author="bot", now=self._clock.now())
        return Sent(message_id)

    async def _attach(self, tx: Transaction, number: Number, file: Attachment | None) -> str | None:
        if file is None or file.id:
            return file.id if file else None
        file_id = self._chance.token(16).hex()
        content = Attached(file.name, file.mime, file.content)
        await outbox.attach(tx, file_id, number.account_id, content, self._clock.now())
        return file_id

    async def _show(self, outgoing: Outgoing, message_id: str) -> Receipt:
        """Pass an ephemeral message on to open pages, placed after what the transcript holds now."""
        address, reply = outgoing.address, outgoing.reply
        async with self._database.read() as tx:
            number = await web.newest_number(tx, address)
        if number is None:
            return Unreachable("gone")
        file_id = self._hold(address, message_id, reply.attachment) if reply.attachment else None
        event = webevents.ephemeral(
            message_id, number.seq, reply, file_id, self._clock.now(), private=outgoing.private
        )
        if outgoing.private:
            self._private.setdefault(address, set()).add(message_id)
        else:
            # What takes the place of one of these stays when the conversation is over.
            self._private.get(address, set()).discard(message_id)
        self.streams.pass_on(address, event, message_id, _lingering_s(outgoing))
        return Sent(message_id)

    def _hold(self, address: str, message_id: str, file: Attachment) -> str:
        file_id = self._chance.token(16).hex()
        self._files[address, file_id] = (message_id, file)
        asyncio.get_running_loop().call_later(_FILE_LIFE_S, self._files.pop, (address, file_id), None)
        return file_id


def _lingering_s(outgoing: Outgoing) -> float | None:
    """How long it is given to pages that connect later; None: as long as anything."""
    if outgoing.private:
        return inf
    return WRITING_TIME.total_seconds() if outgoing.waits else None


def _message_id(key: str) -> str:
    """The same for the same key, in letters that a browser can send back."""
    return sha256(key.encode()).hexdigest()[:32]


def _words(incoming: Incoming) -> str:
    """What the transcript shows. Of a file it is the name and what was written under it: the content is kept
    nowhere, unless a feature keeps it.
    """
    if incoming.file is None:
        return _without_code(incoming.text)
    lines = (f"{_CLIP} {incoming.file.name}", incoming.rich)
    return Markup("\n").join(filter(None, lines))


def _without_code(text: str) -> str:
    """An invitation is kept nowhere in the clear, so the transcript doesn't show it either."""
    command, _, rest = text.partition(" ")
    if command == "/start" and rest.strip():
        return f"{command} {_HIDDEN}"
    return _HIDDEN if invitations.is_code(invitations.compact(text)) else text
