"""A bot of Zalo's bot platform as a channel: no buttons, no edits, no files."""

import asyncio
from contextlib import suppress
from functools import partial

import msgspec
from msgspec import Raw
from starlette.routing import Route

from bot.channels.standing import Sentence, Standing
from bot.channels.webhooks import secret_of
from bot.channels.zalo.channel import ZaloChannel
from bot.channels.zalo.errors import RefusedError, ZaloError
from bot.channels.zalo.incoming_files import content_of
from bot.channels.zalo.reading import read_with
from bot.channels.zalo.sending import Part, Sender
from bot.channels.zalo.surroundings import Surroundings
from bot.channels.zalo.wording import LONGEST_TEXT
from bot.channels.zalo_bot import events, webhook
from bot.channels.zalo_bot.api import Api, Me
from bot.channels.zalo_bot.events import CHANNEL, Event
from bot.channels.zalo_bot.patience import TOKEN_REFUSED, Patience
from bot.channels.zalo_bot.polling import Polling
from handlers.kit.channel import Limits, Receive
from handlers.kit.incoming import IncomingFile

WEBHOOK_REFUSED = "zalo_bot_webhook_refused"


class _Sent(msgspec.Struct):
    message_id: str


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


class ZaloBot(ZaloChannel):
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
        documents=False,
    )

    def __init__(
        self, token: str, api_url: str, given: Surroundings, *, public_url: str = "", sentence: Sentence = str
    ) -> None:
        standing = Standing(self.name, sentence)
        self._api = Api(token, api_url)
        self._api_url = api_url
        self._public_url = public_url
        self._patience = Patience(given.chance, standing, given.sleep)
        self._secret = secret_of(token)
        sender = Sender(self.name, _Platform(self._api), given, standing, token_refused=TOKEN_REFUSED)
        super().__init__(given, sender, standing)

    async def run(self, receive: Receive) -> None:
        """Take events until cancelled, however long Zalo stays away, or refuses the token or webhook."""
        await self._patience.until_it_works(partial(self._api.call, "getMe", Me))
        async with self._taking(receive):
            await self._take_events()

    def route(self) -> Route:
        """Where Zalo delivers to with a `public_url`."""
        return webhook.make_route(self.take, self._secret)

    async def take(self, event: Event) -> bool:
        """One event; False while nobody takes events, or too many wait."""
        return await self._take(read_with(events.read, event))

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
        await self._take(read_with(events.read, event), within_s=None)

    async def _listen(self) -> None:
        url = self._public_url + webhook.PATH
        await self._api.call("setWebhook", Raw, url=url, secret_token=self._secret)

    async def _stop_listening(self) -> None:
        # A bot that has no webhook may say so.
        with suppress(RefusedError):
            await self._api.call("deleteWebhook", Raw)


async def ask_name(token: str, api_url: str) -> str:
    """What the bot with this token is called in Zalo; empty when Zalo doesn't tell."""
    api = Api(token, api_url)
    try:
        return (await api.call("getMe", Me)).account_name
    except ZaloError:
        return ""
    finally:
        await api.close()
