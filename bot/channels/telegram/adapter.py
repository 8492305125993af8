"""Telegram as a channel."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

import structlog
from starlette.routing import Route
from telegram.error import TelegramError

from bot.channels.standing import Sentence, Standing
from bot.channels.telegram import webhook
from bot.channels.telegram.api import Api
from bot.channels.telegram.bulk import BulkSender, prepare
from bot.channels.telegram.erasing import Eraser
from bot.channels.telegram.incoming_files import content_of
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.patience import Patience
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.updates import CHANNEL, KINDS, Me, Raw
from bot.channels.waits import Sleep
from bot.channels.webhooks import secret_of
from bot.system import spawn
from handlers.kit.channel import Copies, Limits, Outgoing, Receipt, Receive
from handlers.kit.clock import Chance
from handlers.kit.incoming import Incoming, IncomingFile
from handlers.kit.reply import Reply
from storage.database import Transaction
from storage.outbox import Priority

log = structlog.get_logger()
WEBHOOK_REFUSED = "telegram_webhook_refused"
LONGEST_NOTICE = 200
# How long `close` waits for what is still being said to Telegram.
CLOSE_S = 2.0

Commands = Sequence[tuple[str, str]]


class Telegram:
    """One bot. Events come by long polling or, with a `public_url`, by webhook to an address below it.

    `commands` and `officer_commands` are the menus, (name, description) each; the officers' is shown to
    those for whom `set_menu` asked for it. `sentence` says for the log what has to be done about a refusal.
    """

    name = CHANNEL
    limits = Limits(
        text=4096, buttons=100, payload_bytes=64, can_edit=True, can_delete=True, native_quiz=False
    )

    def __init__(
        self,
        token: str,
        api_url: str,
        *,
        chance: Chance,
        commands: Commands = (),
        officer_commands: Commands = (),
        public_url: str = "",
        sentence: Sentence = str,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._api = Api(token, api_url)
        self._standing = Standing(self.name, sentence)
        self._patience = Patience(self._api, chance, self._standing, sleep)
        self._sender = Sender(self._api, self._standing, chance)
        self._eraser = Eraser(self._api, sleep)
        self._bulk = BulkSender(self._api, self._sender)
        self._secret = secret_of(token)
        self._commands = commands
        self._officer_commands = officer_commands
        self._public_url = public_url
        self._intake: Intake | None = None
        self._polling: Polling | None = None
        self._saying: set[asyncio.Task[None]] = set()
        # The bot's name for links such as t.me/NAME?start=CODE; empty until Telegram has told it.
        self.username = ""

    @property
    def state(self) -> str:
        return self._standing.state

    @property
    def confirmed(self) -> int:
        """No update with a smaller number ever comes again. By webhook nobody knows, and it is 0."""
        return self._polling.confirmed if self._polling is not None else 0

    async def run(self, receive: Receive) -> None:
        """Take events until cancelled, however long Telegram stays away, or refuses the token or webhook."""
        await self.start()
        self._intake = Intake(receive, self.username, self._say)
        if self._public_url:
            await self._listen()
        else:
            await self._patience.call("deleteWebhook", bool, drop_pending_updates=False)
            self._polling = Polling(self._patience, self._intake)
            await self._polling.run()

    async def start(self) -> None:
        """Learn the bot's name, and set the menu that everybody sees."""
        self.username = (await self._patience.call("getMe", Me)).username
        await self._set_commands("setMyCommands", {"type": "all_private_chats"}, self._commands)

    async def set_menu(self, address: str, *, officer: bool) -> bool:
        """Show this person the officers' menu, or again everybody's; whether Telegram took it."""
        scope = {"type": "chat", "chat_id": int(address)}
        if officer:
            return await self._set_commands("setMyCommands", scope, self._officer_commands)
        return await self._set_commands("deleteMyCommands", scope)

    def route(self) -> Route:
        """Where Telegram delivers to with a `public_url`."""
        return webhook.make_route(self.take, self._secret)

    async def take(self, raw: Raw) -> bool:
        """One update by webhook; False while nobody takes events. StorageUnavailableError when its effect
        can't be committed now.
        """
        if self._intake is None:
            return False
        incoming = self._intake.read(raw)
        if incoming is not None:
            await self._intake.hand_over(incoming)
        return True

    async def push(self, outgoing: Outgoing) -> Receipt:
        return await self._sender.send(outgoing)

    def copies(self, reply: Reply, priority: Priority) -> Copies:  # noqa: ARG002 - the protocol's
        return partial(self._bulk.send, prepare(reply))

    async def withdraw(self, outgoing: Outgoing) -> Receipt:
        return await self._sender.withdraw(outgoing)

    async def acknowledge(self, incoming: Incoming, notice: str) -> None:
        """Does not wait for Telegram: the next batch must not wait for it either."""
        query = self._intake.query_of(incoming) if self._intake else None
        if query is not None:
            self._say(query, notice)

    async def keep(self, transaction: Transaction, incoming: Incoming) -> None:
        """Telegram keeps the transcript itself."""

    async def erase(self, address: str, messages: Sequence[str]) -> None:
        await self._eraser.erase(address, messages)

    async def end_private(self, address: str) -> None:
        """The chat looks the same as before."""

    async def fetch(self, file: IncomingFile) -> bytes:
        return await content_of(self._api, file)

    async def close(self) -> None:
        if self._saying:
            _, late = await asyncio.wait(self._saying, timeout=CLOSE_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._api.close()

    async def _listen(self) -> None:
        await self._patience.call(
            "setWebhook",
            bool,
            refused=WEBHOOK_REFUSED,
            url=self._public_url + webhook.PATH,
            secret_token=self._secret,
            max_connections=webhook.CONNECTIONS,
            allowed_updates=KINDS,
            drop_pending_updates=False,
        )
        await asyncio.Event().wait()

    async def _set_commands(self, method: str, scope: dict[str, Any], commands: Commands = ()) -> bool:
        """A menu is a convenience: what goes wrong with it stops nothing."""
        given = [{"command": name, "description": text} for name, text in commands]
        parameters: dict[str, Any] = {"commands": given} if given else {}
        try:
            await self._api.call(method, bool, scope=scope, **parameters)
        except TelegramError as error:
            log.warning("telegram_menu_not_set", method=method, error=type(error).__name__)
            return False
        return True

    def _say(self, query: str, notice: str = "") -> None:
        """End the clock on a pressed button, with a short line over the chat."""
        task = spawn(self._answer(query, notice), "telegram_answer")
        self._saying.add(task)
        task.add_done_callback(self._saying.discard)

    async def _answer(self, query: str, notice: str) -> None:
        said: dict[str, Any] = {"text": notice[:LONGEST_NOTICE]} if notice else {}
        try:
            await self._api.call("answerCallbackQuery", bool, callback_query_id=query, **said)
        except TelegramError as error:
            # Mostly too late: the clock has ended by itself.
            log.info("telegram_press_not_answered", error=type(error).__name__)


async def ask_name(token: str, api_url: str) -> str | None:
    """The name of the bot with this token, without its `@`; None when Telegram doesn't tell."""
    api = Api(token, api_url)
    try:
        return (await api.call("getMe", Me)).username
    except TelegramError:
        return None
    finally:
        await api.close()
