"""One message out, and its receipt."""

from collections.abc import Sequence

import msgspec
import structlog
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.channels.recent import Recent
from bot.channels.standing import Standing
from bot.channels.telegram.api import Api
from bot.channels.telegram.messages import Call, alternative, correction, plan
from bot.channels.telegram.patience import TOKEN_REFUSED
from bot.channels.telegram.receipts import Receipts
from handlers.kit.channel import Outgoing, Receipt, Rejected, Sent
from handlers.kit.clock import Chance

log = structlog.get_logger()
# Messages of several parts that were interrupted between two of them.
MOST_INTERRUPTED = 1_000


class Accepted(msgspec.Struct):
    message_id: int


class Sender:
    def __init__(self, api: Api, standing: Standing, chance: Chance) -> None:
        self._api = api
        self._standing = standing
        self._receipts = Receipts(chance)
        self._done: Recent[tuple[int, ...]] = Recent(MOST_INTERRUPTED)

    async def send(self, outgoing: Outgoing) -> Receipt:
        """All parts of the message; `Sent` names them. What was accepted isn't sent again when the
        same message is tried again.
        """
        return await self._all(outgoing, plan(outgoing))

    async def correct(self, outgoing: Outgoing) -> Receipt:
        """The message that it replaces, brought up to date; where that can't be, in a new message."""
        return await self._all(outgoing, correction(outgoing))

    async def withdraw(self, outgoing: Outgoing) -> Receipt:
        """Telegram deletes what is younger than 48 hours. Later the text gives way to the reply; a file stays
        where it is.
        """
        try:
            await self._delete(outgoing)
        except BadRequest as error:
            if "message to delete not found" in error.message.lower():
                return self.accepted(outgoing.key, int(outgoing.replaces))
            if outgoing.reply.attachment is not None:
                return Rejected("too old")
        except TelegramError as error:
            return self.refused(outgoing.key, error)
        else:
            return self.accepted(outgoing.key, int(outgoing.replaces))
        return await self.correct(outgoing)

    async def _delete(self, outgoing: Outgoing) -> None:
        chat, message = int(outgoing.address), int(outgoing.replaces)
        await self._api.call("deleteMessage", bool, chat_id=chat, message_id=message)

    async def _all(self, outgoing: Outgoing, calls: Sequence[Call]) -> Receipt:
        if not calls:
            return Rejected("empty")
        done = self._done.get(outgoing.key, ())
        for call in calls[len(done) :]:
            try:
                done = (*done, await self._accepted(call))
            except TelegramError as error:
                return self.refused(outgoing.key, error)
            self._done.put(outgoing.key, done)
        self._done.take(outgoing.key)
        return self.accepted(outgoing.key, *done)

    def accepted(self, key: str, *messages: int) -> Sent:
        """The receipt for the message `key`, whose parts Telegram gave these numbers."""
        self._receipts.sent(key)
        self._standing.works(only=TOKEN_REFUSED)
        *earlier, last = map(str, messages)
        return Sent(last, tuple(earlier))

    def refused(self, key: str, error: TelegramError) -> Receipt:
        """The receipt for the message `key`, which ended in this exception."""
        if isinstance(error, InvalidToken):
            # With a webhook nobody else would notice.
            self._standing.is_refused(TOKEN_REFUSED)
        return self._receipts.of(key, error)

    async def _accepted(self, call: Call) -> int:
        """The message's id, also where something less than the call had to do."""
        try:
            return (await self._api.call(call.method, Accepted, **call.parameters)).message_id
        except BadRequest as error:
            if "message is not modified" in error.message.lower():
                return int(call.parameters["message_id"])
            instead = alternative(call, error.message)
            if instead is None:
                raise
            log.warning("telegram_refused_form", method=call.method, instead=instead.method)
        return await self._accepted(instead)
