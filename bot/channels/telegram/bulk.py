"""One message to many chats: encoded once, and of each answer only the message's number is read."""

from dataclasses import dataclass, replace

import msgspec
from markupsafe import Markup
from telegram.error import TelegramError

from bot.channels.telegram.api import Api
from bot.channels.telegram.messages import LONGEST_TEXT, plan
from bot.channels.telegram.sending import Accepted, Sender
from handlers.kit.channel import Outgoing, Receipt, Rejected, in_time
from handlers.kit.reply import Reply
from handlers.kit.vietnamese import utf16_len

_encode = msgspec.json.Encoder().encode
# Stands for any text that fits one message: the other parameters don't depend on it.
_SOME_TEXT = Markup("-")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A message without its recipient."""

    reply: Reply
    # Its call's parameters without `chat_id` and `text`, and without `chat_id` alone, as JSON that is still
    # open. Empty where one plain call isn't enough.
    rest: bytes
    whole: bytes

    def body(self, address: str, text: Markup | None) -> bytes:
        """What one chat is sent, with `text` in place of the shared one; empty where one plain call isn't
        enough.
        """
        opened = self.whole if text is None else _with_text(self.rest, text)
        return b'%b,"chat_id":%d}' % (opened, int(address)) if opened else b""

    def outgoing(self, key: str, address: str, text: Markup | None) -> Outgoing:
        """The same for a channel's ordinary way."""
        return Outgoing(key, address, self.reply if text is None else replace(self.reply, text=text))


class BulkSender:
    """Sends what `Sender` would send, with its receipts. What one plain call can't do, or Telegram refuses
    for its form, goes by `Sender`.
    """

    def __init__(self, api: Api, sender: Sender) -> None:
        self._api = api
        self._sender = sender

    async def send(
        self, prepared: Prepared, key: str, address: str, text: Markup | None = None, replaces: str = ""
    ) -> Receipt:
        """`text` replaces the shared one for this recipient; `key` is the same when it is tried again."""
        if replaces:
            outgoing = replace(prepared.outgoing(key, address, text), replaces=replaces)
            return await in_time(self._sender.correct(outgoing))
        body = prepared.body(address, text)
        if body:
            receipt = await self._receipt(key, body)
            if not isinstance(receipt, Rejected):
                return receipt
        return await in_time(self._sender.send(prepared.outgoing(key, address, text)))

    async def _receipt(self, key: str, body: bytes) -> Receipt:
        try:
            accepted = await self._api.call_encoded("sendMessage", Accepted, body)
        except TelegramError as error:
            return self._sender.refused(key, error)
        return self._sender.accepted(key, accepted.message_id)


def prepare(reply: Reply) -> Prepared:
    """Encode what all recipients have in common."""
    if reply.attachment is not None:
        return Prepared(reply, b"", b"")
    (call,) = plan(Outgoing("", "0", replace(reply, text=_SOME_TEXT)))
    shared = {name: value for name, value in call.parameters.items() if name not in {"chat_id", "text"}}
    rest = _encode(shared).removesuffix(b"}")
    return Prepared(reply, rest, _with_text(rest, reply.text))


def _with_text(rest: bytes, text: Markup) -> bytes:
    """Empty for a text that has to be split, or for none."""
    if not rest or not text or utf16_len(text) > LONGEST_TEXT:
        return b""
    return b'%b,"text":%b' % (rest, _encode(str(text)))
