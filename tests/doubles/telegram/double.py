"""The double as tests see it."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

from tests.doubles.telegram.answers import Json
from tests.doubles.telegram.bot_api import BotApi
from tests.doubles.telegram.control import Control
from tests.doubles.telegram.faults import Fault, Faults, RateLimit
from tests.doubles.telegram.person import Person
from tests.doubles.telegram.server import Call, Server
from tests.doubles.telegram.store import Chat, Message, World
from tests.doubles.telegram.watch import Watch
from tests.doubles.telegram.webhook import Attempt, WebhookDelivery

# Monday, 5 October 2026, 8 o'clock in Vietnam: where the double's clock starts.
MORNING = 1_791_162_000


class TelegramDouble:
    """A strict Bot API server for one bot, on 127.0.0.1 while the context lasts.

    `record=False` keeps only counts and the latest message of each chat, for load tests.
    `any_chat=True` lets the bot write to people who have not been introduced.
    `webhook_origin` replaces scheme and host of the webhook's public address.
    `epoch` is where its clock starts, in Unix seconds; `seed` decides which calls are struck.
    """

    def __init__(
        self,
        token: str = "123:ABC",
        *,
        port: int = 0,
        record: bool = True,
        any_chat: bool = False,
        webhook_origin: str | None = None,
        webhook_pause: float = 0.05,
        epoch: int = MORNING,
        seed: int = 0,
    ) -> None:
        self.token = token
        self.people: dict[int, Person] = {}
        self._port = port
        self._epoch = epoch
        self._advanced = 0.0
        self._watch = Watch()
        bot = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Bot",
            "username": "double_bot",
        }
        self.world = World(bot, self._now, record=record, any_chat=any_chat)
        self.webhook = WebhookDelivery(self.world.updates, origin=webhook_origin, pause=webhook_pause)
        self.world.updates.on_change = self._on_change
        api = BotApi(self.world, self.webhook)
        self.server = Server(token, api, self._watch, Control(self).answer)
        self.server.faults = Faults(seed)

    async def __aenter__(self) -> Self:
        self._started = asyncio.get_running_loop().time()
        await self.server.start(self._port)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.webhook.stop()
        await self.server.stop()

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def calls(self) -> Sequence[Call]:
        """Every call of a method that exists, in order; none with `record=False`."""
        return self.server.calls

    @property
    def delivered(self) -> Counter[int]:
        """How many messages each chat was sent."""
        return self.world.delivered

    @property
    def pending(self) -> list[Json]:
        """The updates that the bot has not confirmed."""
        return list(self.world.updates.pending.values())

    @property
    def is_polled(self) -> bool:
        """Whether the bot waits in a long poll."""
        return self.world.updates.is_polled

    @property
    def unanswered(self) -> list[str]:
        """The callback queries that still show their clock."""
        return [query for query, answer in self.world.callbacks.items() if answer is None]

    @property
    def webhook_attempts(self) -> list[Attempt]:
        return self.webhook.attempts

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def chat(self, chat_id: int) -> Chat:
        """Raises KeyError for a chat that doesn't exist."""
        return self.world.chats[chat_id]

    def person(
        self, person_id: int, *, first_name: str = "Person", language_code: str = "vi", **more: Any
    ) -> Person:
        """Introduce a person, or find the one introduced before; `is_bot=True` for a bot."""
        if person_id not in self.people:
            user: Json = {"id": person_id, "is_bot": False, "first_name": first_name}
            user |= {"language_code": language_code} | more
            self.people[person_id] = Person(self.world, user)
        return self.people[person_id]

    def group(self, chat_id: int, title: str = "Group") -> Chat:
        return self.world.add_chat({"id": chat_id, "type": "supergroup", "title": title})

    def channel(self, chat_id: int, title: str = "Channel") -> Chat:
        return self.world.add_chat({"id": chat_id, "type": "channel", "title": title})

    def posts(self, channel: Chat, text: str) -> Json:
        """A post in a channel; returns the update."""
        wire = {
            "message_id": channel.next_id(),
            "sender_chat": channel.wire,
            "chat": channel.wire,
            "date": self._now(),
            "text": text,
        }
        channel.add(Message(wire, from_bot=False))
        return self.world.updates.feed({"channel_post": wire})

    def feed(self, update: Json) -> Json:
        """Any update; an `update_id` of its own is kept, so that one can come twice."""
        self.world.meet(update)
        return self.world.updates.feed(update)

    def misbehave(
        self,
        kind: int | str,
        *,
        method: str | None = None,
        chat_id: int | None = None,
        times: int | None = None,
        probability: float = 1.0,
        retry_after: int = 1,
        accepted: bool = False,
        description: str = "",
    ) -> Fault:
        """Let calls go wrong: an HTTP status, or "garbage", "empty", "hang", "close"."""
        return self.server.faults.add(
            Fault(kind, method, chat_id, times, probability, retry_after, accepted, description)
        )

    def behave(self) -> None:
        """End all misbehaviour and limits."""
        self.server.faults.clear()
        self.server.limit = None

    def limit(
        self,
        overall: float | None = None,
        *,
        per_chat: float | None = None,
        chat_burst: int = 3,
        in_a_second: int | None = None,
    ) -> RateLimit:
        """Messages a second over all and to one chat, and in any second; more are answered 429."""
        clock = asyncio.get_running_loop().time
        self.server.limit = RateLimit(clock, overall, per_chat, chat_burst, in_a_second)
        return self.server.limit

    def on_call(self, listener: Callable[[Call], None]) -> None:
        """Tell every answered call to one listener, also with `record=False`."""
        self.server.on_call = listener

    def advance(self, seconds: float) -> None:
        """Put the double's clock forward."""
        self._advanced += seconds

    async def until(self, predicate: Callable[[], bool], *, within: float = 10) -> None:
        """Wait until it is true. Raises TimeoutError that tells the latest calls."""
        try:
            await self._watch.until(predicate, within)
        except TimeoutError:
            latest = [f"{call.method} {call.status}" for call in list(self.calls)[-10:]]
            raise TimeoutError(f"not within {within} s; the latest calls: {latest}") from None

    def _on_change(self) -> None:
        self.webhook.wake()
        self._watch.changed()

    def _now(self) -> int:
        elapsed = asyncio.get_running_loop().time() - self._started
        return int(self._epoch + elapsed + self._advanced)
