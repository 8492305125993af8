"""Updates that wait for the bot: kept until they are confirmed, given out by long polling."""

import asyncio
from collections.abc import Callable

from tests.doubles.telegram.answers import ApiError, Json

KINDS = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "message_reaction",
        "message_reaction_count",
    }
)
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_LONGEST_POLL = 50
_MOST_UPDATES = 100


class UpdateQueue:
    """`allowed` filters what comes in, as the bot asked last; `on_change` is called on any change.

    Two calls of `poll` at a time end the earlier one with 409, as at Telegram.
    """

    def __init__(self) -> None:
        self.pending: dict[int, Json] = {}
        self.last_id = 0
        self.allowed: frozenset[str] = KINDS - _ON_REQUEST
        self.on_change: Callable[[], None] = _nothing
        self._waiting: asyncio.Future[None] | None = None

    def feed(self, update: Json) -> Json:
        """Queue an update, with the next `update_id` unless it has one; returns it."""
        kind = next((key for key in update if key != "update_id"), None)
        if kind not in KINDS:
            raise ValueError(f"an update needs one of: {', '.join(sorted(KINDS))}")
        update_id = update.get("update_id", self.last_id + 1)
        update = {"update_id": update_id} | update
        self.last_id = max(self.last_id, update_id)
        if kind in self.allowed:
            self.pending[update_id] = update
            self._wake()
            self.on_change()
        return update

    def allow(self, kinds: list[str] | None) -> None:
        """What `allowed_updates` asks for: None leaves it, an empty list is the default."""
        if kinds is not None:
            self.allowed = (KINDS & frozenset(kinds)) or KINDS - _ON_REQUEST

    async def poll(self, offset: int, limit: int, wait: int) -> list[Json]:
        """The updates from `offset` on; waits up to `wait` seconds for the first one."""
        self.interrupt("other getUpdates request; make sure that only one bot instance is running")
        self.confirm_before(offset)
        if not self.pending and wait > 0:
            await self._arrival(min(wait, _LONGEST_POLL))
        most = min(max(limit, 1), _MOST_UPDATES)
        return [self.pending[key] for key in sorted(self.pending)[:most]]

    def confirm_before(self, offset: int) -> None:
        """Forget what comes before `offset`; a negative one counts from the end."""
        ids = sorted(self.pending)
        kept = ids[offset:] if offset < 0 else [key for key in ids if key >= offset]
        if len(kept) < len(self.pending):
            self.pending = {key: self.pending[key] for key in kept}
            self.on_change()

    def forget(self, update_id: int) -> None:
        """One update was taken by the webhook."""
        del self.pending[update_id]
        self.on_change()

    def drop(self) -> None:
        """Forget all that is pending."""
        self.pending.clear()
        self.on_change()

    def interrupt(self, by: str) -> None:
        """End the poll that waits, if there is one, with 409."""
        if self._waiting is not None and self.is_polled:
            self._waiting.set_exception(ApiError(409, f"Conflict: terminated by {by}"))

    @property
    def is_polled(self) -> bool:
        """Whether a long poll waits for the next update."""
        return self._waiting is not None and not self._waiting.done()

    def _wake(self) -> None:
        if self._waiting is not None and self.is_polled:
            self._waiting.set_result(None)

    async def _arrival(self, wait: int) -> None:
        mine = asyncio.get_running_loop().create_future()
        self._waiting = mine
        self.on_change()
        try:
            async with asyncio.timeout(wait):
                await mine
        except TimeoutError:
            return
        finally:
            if self._waiting is mine:
                self._waiting = None


def _nothing() -> None:
    """Nobody is told."""
