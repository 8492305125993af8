"""An official account of Zalo's as a channel: buttons, but no edits and no files; its staff read along."""

from pathlib import Path

from starlette.routing import Route

from bot.channels.standing import Sentence, Standing
from bot.channels.zalo.channel import ZaloChannel
from bot.channels.zalo.incoming_files import content_of
from bot.channels.zalo.reading import read_with
from bot.channels.zalo.sending import Sender
from bot.channels.zalo.surroundings import Surroundings
from bot.channels.zalo.wording import LONGEST_TEXT
from bot.channels.zalo_oa import events, webhook
from bot.channels.zalo_oa.api import Api
from bot.channels.zalo_oa.events import CHANNEL, Event
from bot.channels.zalo_oa.platform import MOST_BUTTONS, Platform
from bot.channels.zalo_oa.renewal import Account
from bot.channels.zalo_oa.tokens import Tokens
from handlers.kit.channel import Limits, Receive
from handlers.kit.incoming import IncomingFile
from handlers.kit.payload import MAX_BYTES

# Zalo doesn't take a token that it has just given.
ACCESS_REFUSED = "zalo_oa_access_refused"


class ZaloOa(ZaloChannel):
    """One official account. Events come by webhook alone, signed with `webhook_key`; `keys` is the folder of
    its tokens. `sentence` says for the log what has to be done about a refusal.
    """

    name = CHANNEL
    limits = Limits(
        text=LONGEST_TEXT,
        buttons=MOST_BUTTONS,
        payload_bytes=MAX_BYTES,
        can_edit=False,
        can_delete=False,
        native_quiz=False,
        notices=False,
        can_erase=False,
        staff_reads=True,
        captions=False,
    )

    def __init__(
        self,
        account: Account,
        api_url: str,
        given: Surroundings,
        *,
        webhook_key: str,
        keys: Path,
        sentence: Sentence = str,
    ) -> None:
        standing = Standing(self.name, sentence)
        self._api = Api(api_url)
        self._api_url = api_url
        self._tokens = Tokens(account, keys, given.clock, standing)
        self._app_id = account.app_id
        self._webhook_key = webhook_key
        platform = Platform(self._api, self._tokens)
        sender = Sender(self.name, platform, given, standing, token_refused=ACCESS_REFUSED)
        super().__init__(given, sender, standing)

    async def run(self, receive: Receive) -> None:
        """Take events until cancelled, and keep the token fresh."""
        async with self._taking(receive):
            await self._tokens.keep()

    def route(self) -> Route:
        """Where Zalo delivers to."""
        return webhook.make_route(self.take, self._app_id, self._webhook_key, self._given.clock)

    async def take(self, event: Event) -> bool:
        """One event; False while nobody takes events, or too many wait."""
        return await self._take(read_with(events.read, event))

    async def fetch(self, file: IncomingFile) -> bytes:
        return await content_of(self._api.http, file, self._api_url)

    async def close(self) -> None:
        await self._tokens.close()
        await self._api.close()
