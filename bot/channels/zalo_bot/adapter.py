"""A bot of Zalo's bot platform as a channel: no buttons, no edits, no files."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

import msgspec
import structlog
from msgspec import Raw
from starlette.routing import Route

from bot.channels.inbox import Inbox
from bot.channels.standing import Sentence, Standing
from bot.channels.webhooks import secret_of
from bot.channels.zalo.errors import RefusedError
from bot.channels.zalo.incoming_files import content_of
from bot.channels.zalo.intake import Intake
from bot.channels.zalo.sending import Part, Sender
from bot.channels.zalo.surroundings import Surroundings
from bot.channels.zalo.wording import LONGEST_TEXT
from bot.channels.zalo_bot import events, webhook
from bot.channels.zalo_bot.api import Api
from bot.channels.zalo_bot.events import CHANNEL, Event
from bot.channels.zalo_bot.patience import TOKEN_REFUSED, Patience
from bot.channels.zalo_bot.polling import Polling
from handlers.kit.channel import Copies, Limits, Outgoing, Receipt, Receive, Rejected, one_by_one
from handlers.kit.incoming import Incoming, IncomingFile
from handlers.kit.reply import Reply
from storage.database import Transaction
from storage.outbox import Priority

log = structlog.get_logger()
WEBHOOK_REFUSED = "zalo_bot_webhook_refused"


class _Sent(msgspec.Struct):
    message_id: str


class _Me(msgspec.Struct):
    """The bot itself."""

    account_name: str = ""


class _Platform:
    """The bot platform, for `Sender`."""

    most_buttons = 0
    shows_photos = True

    def __init__(self, api: Api) -> None:
        self._api = api

    async def send(self, address: str, part: Part) -> str:
        if part.photo:
            sent = await self._api.call("sendPhoto", _Sent, chat_id=address, photo=part.photo)
        else:
            sent = await self._api.call("sendMessage", _Sent, chat_id=address, text=part.text)
        return sent.message_id


class ZaloBot:
    """One bot. Events come by long polling or, with a `public_url`, by webhook to an address below it.

    `sentence` says for the log what has to be done about a refusal.
    """

    name = CHANNEL
    limits = Limits(
        text=LONGEST_TEXT,
        buttons=0,
        payload_bytes=64,
        can_edit=False,
        can_delete=False,
        native_quiz=False,
        notices=False,
        can_erase=False,
    )

    def __init__(
        self, token: str, api_url: str, given: Surroundings, *, public_url: str = "", sentence: Sentence = str
    ) -> None:
        self._api = Api(token, api_url)
        self._api_url = api_url
        self._given = given
        self._public_url = public_url
        self._standing = Standing(self.name, sentence)
        self._patience = Patience(given.chance, self._standing, given.sleep)
        self._sender = Sender(
            self.name, _Platform(self._api), given, self._standing, token_refused=TOKEN_REFUSED
        )
        self._secret = secret_of(token)
        self._inbox: Inbox | None = None

    @property
    def state(self) -> str:
        return self._standing.state

    async def run(self, receive: Receive) -> None:
        """Take events until cancelled, however long Zalo stays away, or refuses the token or webhook."""
        await self._patience.until_it_works(partial(self._api.call, "getMe", _Me))
        intake = Intake(receive, self._given.offers, self._sender.show)
        self._inbox = Inbox(intake.hand_over, self._given.chance, self._given.sleep)
        try:
            await self._take_events()
        finally:
            # Zalo won't bring again what waits here. What comes from now on, it may.
            inbox, self._inbox = self._inbox, None
            await inbox.close()

    def route(self) -> Route:
        """Where Zalo delivers to with a `public_url`."""
        return webhook.make_route(self.take, self._secret)

    async def take(self, event: Event) -> bool:
        """One event; False while nobody takes events, or too many wait."""
        if self._inbox is None:
            return False
        incoming = _read(event)
        return incoming is None or await self._inbox.take(incoming)

    async def push(self, outgoing: Outgoing) -> Receipt:
        return await self._sender.send(outgoing)

    def copies(self, reply: Reply, priority: Priority) -> Copies:
        return one_by_one(self.push, reply, priority)

    async def withdraw(self, outgoing: Outgoing) -> Receipt:  # noqa: ARG002 - the protocol's
        """Zalo lets a bot neither delete nor edit."""
        return Rejected("can't be deleted")

    async def acknowledge(self, incoming: Incoming, notice: str) -> None:
        """There is no press: whoever wrote a number gets a message."""

    async def keep(self, transaction: Transaction, incoming: Incoming) -> None:
        """Zalo keeps the transcript itself."""

    async def erase(self, address: str, messages: Sequence[str]) -> None:
        """Zalo lets a bot delete nothing; people are told so before they write."""

    async def end_private(self, address: str) -> None:
        self._given.offers.end_private(address)

    async def fetch(self, file: IncomingFile) -> bytes:
        return await content_of(self._api.http, file, self._api_url)

    async def close(self) -> None:
        await self._api.close()

    async def _take_events(self) -> None:
        if self._public_url:
            await self._patience.until_it_works(self._listen, refused=WEBHOOK_REFUSED)
            await asyncio.Event().wait()
        await self._patience.until_it_works(self._stop_listening)
        await Polling(self._api, self._patience).run(self._take_patiently)

    async def _take_patiently(self, event: Event) -> None:
        """One event that was fetched, however long its commit takes."""
        incoming = _read(event)
        if incoming is not None and self._inbox is not None:
            await self._inbox.take(incoming, within_s=None)

    async def _listen(self) -> None:
        url = self._public_url + webhook.PATH
        await self._api.call("setWebhook", Raw, url=url, secret_token=self._secret)

    async def _stop_listening(self) -> None:
        # A bot that has no webhook may say so.
        with suppress(RefusedError):
            await self._api.call("deleteWebhook", Raw)


def _read(event: Event) -> Incoming | None:
    try:
        return events.read(event)
    except ValueError:
        # Neither its content nor its number, which leads to whoever sent it.
        log.error("zalo_event_unreadable")  # noqa: TRY400
    return None
