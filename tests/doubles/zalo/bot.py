"""The bot platform as tests see it."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from aiohttp import web

from tests.doubles.zalo.answers import Json, RefusalError, encode, json_body, json_response
from tests.doubles.zalo.bot_person import BotPerson
from tests.doubles.zalo.bot_rules import PARAMETERS, bad_request, check
from tests.doubles.zalo.chats import Chat, Message
from tests.doubles.zalo.courier import Delivery, Letter
from tests.doubles.zalo.double import MORNING, Call, Double

_POLL = 30
_NO_UPDATE = 408


class ZaloBotDouble(Double):
    """A strict server of the bot platform for one bot.

    `enveloped` says which of both forms events have at the webhook. `statuses_as_ok` answers refusals with
    HTTP 200, so that only the body tells. `longest_poll`, in seconds, cuts short what a client asks for.
    `any_chat` lets the bot write to people who have never written. `monthly` messages are sent, no more.
    """

    def __init__(
        self,
        token: str = "12345:zalo-bot-token",
        *,
        port: int = 0,
        enveloped: bool = True,
        statuses_as_ok: bool = False,
        longest_poll: float = _POLL,
        any_chat: bool = False,
        monthly: int | None = None,
        origin: str = "",
        epoch: int = MORNING,
        seed: int = 0,
    ) -> None:
        super().__init__(port=port, origin=origin, epoch=epoch, seed=seed)
        self.token = token
        self.enveloped = enveloped
        self.statuses_as_ok = statuses_as_ok
        self.longest_poll = longest_poll
        self.any_chat = any_chat
        self.monthly = monthly
        self.people: dict[str, BotPerson] = {}
        self.chats: dict[str, Chat] = {}
        # The chats where the bot was seen typing.
        self.typing: list[str] = []
        # Polls that wait.
        self.polls = 0
        self._webhook: Json = {}
        self._effects: dict[str, Callable[[Json], Awaitable[Any]]] = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._get_webhook_info,
            "sendMessage": self._send_message,
            "sendPhoto": self._send_photo,
            "sendChatAction": self._send_chat_action,
        }

    def person(self, person_id: str, name: str = "Lan") -> BotPerson:
        """Introduce a person, or find the one introduced before."""
        if person_id not in self.people:
            user = {"id": person_id, "display_name": name, "is_bot": False}
            self.people[person_id] = BotPerson(user, self._chat(person_id), self._happens, self.keep)
        return self.people[person_id]

    def group(self, chat_id: str) -> Chat:
        return self.chats.setdefault(chat_id, Chat(chat_id, "GROUP"))

    def feed(self, event: Json) -> Json:
        """Any event, such as one that came before."""
        return self.courier.feed(event)

    async def post(self, event: Json, *, secret: str | None = None) -> Delivery:
        """Post an event to the webhook at once: again, or with a secret that isn't ours."""
        letter = self._write(event)
        if secret is not None:
            letter.headers["X-Bot-Api-Secret-Token"] = secret
        return await self.courier.post(event, letter)

    def _chat(self, chat_id: str) -> Chat:
        return self.chats.setdefault(chat_id, Chat(chat_id))

    def _happens(self, chat: Chat, kind: str, content: Json | None) -> Json:
        event: Json = {"event_name": f"message.{kind}.received"}
        chat.is_known = True
        if content is not None:
            place = {"id": chat.id, "chat_type": chat.kind}
            about = {"chat": place, "message_id": self._message_id(), "date": self.now()}
            event["message"] = content | about
        return self.courier.feed(event)

    def _message_id(self) -> str:
        return f"{self.number():016x}"

    def _write(self, event: Json) -> Letter:
        body = {"ok": True, "result": event} if self.enveloped else event
        return Letter(encode(body), {"X-Bot-Api-Secret-Token": self._webhook["secret_token"]})

    def _method(self, request: web.BaseRequest) -> str:
        given, _, method = request.path.removeprefix("/bot").partition("/")
        if not request.path.startswith("/bot") or request.method != "POST":
            raise RefusalError(404, "Not Found")
        if given != self.token:
            raise RefusalError(401, "Unauthorized")
        if method not in PARAMETERS:
            raise RefusalError(404, "Not Found: no such method")
        return method

    async def _parameters(self, request: web.BaseRequest, method: str) -> Json:
        del method
        if request.query_string:
            raise bad_request("parameters come as JSON")
        return await json_body(request, code=400)

    async def _take_effect(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        del request
        result = await self._effects[call.method](check(call.method, call.params))
        return json_response({"ok": True} if result is None else {"ok": True, "result": result})

    def _refused(self, call: Call, refusal: RefusalError) -> web.Response:
        del call
        is_quiet = self.statuses_as_ok or refusal.code == _NO_UPDATE
        body = {"ok": False, "error_code": refusal.code, "description": refusal.description}
        return json_response(body, 200 if is_quiet else refusal.code)

    async def _get_me(self, _params: Json) -> Json:
        own = self.token.partition(":")[0]
        return {"id": own, "account_name": "bot.double", "account_type": "BASIC", "can_join_groups": True}

    async def _get_updates(self, params: Json) -> Json:
        """One event, which is given out once."""
        wait = min(float(params.get("timeout", _POLL)), self.longest_poll)
        self.polls += 1
        try:
            await self._watch.until(self._may_end_poll, wait)
        except TimeoutError:
            raise RefusalError(_NO_UPDATE, "Request timeout") from None
        finally:
            self.polls -= 1
        if self._webhook:
            raise bad_request("getUpdates can't be used while a webhook is set")
        if not self.courier.pending:
            raise RefusalError(_NO_UPDATE, "Request timeout")
        return self.courier.pending.popleft()

    def _may_end_poll(self) -> bool:
        return bool(self.courier.pending or self._webhook or self._stopping.is_set())

    async def _set_webhook(self, params: Json) -> Json:
        self._webhook = {**params, "updated_at": self.now()}
        self.courier.start(str(self.really(params["url"])))
        return await self._get_webhook_info({})

    async def _delete_webhook(self, _params: Json) -> Json:
        self._webhook = {}
        self.courier.stop()
        return {"url": "", "updated_at": self.now()}

    async def _get_webhook_info(self, _params: Json) -> Json:
        if not self._webhook:
            raise RefusalError(404, "Not Found: no webhook")
        return {"url": self._webhook["url"], "updated_at": self._webhook["updated_at"]}

    async def _send_message(self, params: Json) -> Json:
        return self._sent(self._writable(params), params["text"])

    async def _send_photo(self, params: Json) -> Json:
        chat = self._writable(params)
        return self._sent(chat, params.get("caption", ""), await self._fetched(params["photo"]))

    async def _send_chat_action(self, params: Json) -> None:
        self.typing.append(self._writable(params).id)

    def _writable(self, params: Json) -> Chat:
        chat = self._chat(params["chat_id"]) if self.any_chat else self.chats.get(params["chat_id"])
        if chat is None or not (chat.is_known or self.any_chat):
            raise bad_request("no such chat")
        return chat

    def _sent(self, chat: Chat, text: str, photo: bytes = b"") -> Json:
        if self.monthly is not None and self.delivered.total() >= self.monthly:
            raise RefusalError(429, "Quota exceeded")
        message = Message(self._message_id(), text, photo)
        chat.sent.append(message)
        self.delivered[chat.id] += 1
        return {"message_id": message.id, "date": self.now()}

    async def _fetched(self, url: str) -> bytes:
        """The image at an address. Raises RefusalError for one that gives none."""
        timeout = aiohttp.ClientTimeout(total=10)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.get(self.really(url)) as found,
            ):
                if found.ok and found.content_type.startswith("image/"):
                    return await found.read()
        except (TimeoutError, aiohttp.ClientError):
            raise bad_request("the photo can't be fetched") from None
        raise bad_request("no photo at that address")
