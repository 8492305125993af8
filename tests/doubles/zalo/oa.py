"""An official account as tests see it."""

import json
from collections.abc import Mapping
from hashlib import sha256
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.doubles.zalo.answers import Json, RefusalError, json_body, json_response
from tests.doubles.zalo.chats import Chat, Message
from tests.doubles.zalo.courier import Delivery, Letter
from tests.doubles.zalo.double import MORNING, Call, Double
from tests.doubles.zalo.oa_person import OA_ID, OaPerson
from tests.doubles.zalo.oa_rules import Code, check_message
from tests.doubles.zalo.oauth import Oauth

_OAUTH = "access_token"
_METHODS: Mapping[tuple[str, str], str] = {
    ("POST", "/v3.0/oa/message/cs"): "cs",
    ("POST", "/v3.0/oa/message/transaction"): "transaction",
    ("POST", "/v3.0/oa/message/promotion"): "promotion",
    ("GET", "/v2.0/oa/getoa"): "getoa",
    ("POST", "/v4/oa/access_token"): _OAUTH,
}


class ZaloOaDouble(Double):
    """A strict server of one official account and of the tokens to it; `oauth` has a first pair.

    `webhook_key` signs the events. `paid` messages go on when no free reply is left.
    """

    def __init__(
        self,
        app_id: str = "360846524940903967",
        *,
        secret_key: str = "secret-key-of-the-app",
        webhook_key: str = "key-of-the-account",
        port: int = 0,
        paid: bool = False,
        origin: str = "",
        epoch: int = MORNING,
        seed: int = 0,
    ) -> None:
        super().__init__(port=port, origin=origin, epoch=epoch, seed=seed)
        self.app_id = app_id
        self.webhook_key = webhook_key
        self.paid = paid
        # Whether "mac=" stands before the signature.
        self.prefixed = True
        self.oauth = Oauth(app_id, secret_key, self.now)
        self.people: dict[str, OaPerson] = {}

    def person(self, person_id: str) -> OaPerson:
        """Introduce a person, who doesn't follow yet, or find the one introduced before."""
        if person_id not in self.people:
            self.people[person_id] = OaPerson(Chat(person_id), self._happens, self.keep, self.now)
        return self.people[person_id]

    def connect(self, url: str) -> None:
        """Set the webhook, as the operator does on Zalo's pages."""
        self.courier.start(str(self.really(url)))

    def feed(self, event: Json) -> Json:
        """Any event, such as one that came before."""
        return self.courier.feed(event)

    async def post(self, event: Json, *, key: str = "") -> Delivery:
        """Post an event to the webhook at once: again, or changed, or signed with a key that isn't ours."""
        return await self.courier.post(event, self._signed(event, key or self.webhook_key))

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self.oauth.issue()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.oauth.release()
        await super().__aexit__(kind, error, trace)

    def _happens(self, name: str, content: Json) -> Json:
        about = {"app_id": self.app_id, "event_name": name, "timestamp": str(self.now())}
        return self.courier.feed(about | content)

    def _write(self, event: Json) -> Letter:
        return self._signed(event, self.webhook_key)

    def _signed(self, event: Json, key: str) -> Letter:
        # Not the bytes that another encoder would make of it: a signature holds for these alone.
        body = json.dumps(event)
        signed = f"{event['app_id']}{body}{event['timestamp']}{key}"
        mac = sha256(signed.encode()).hexdigest()
        return Letter(body.encode(), {"X-ZEvent-Signature": f"mac={mac}" if self.prefixed else mac})

    def _method(self, request: web.BaseRequest) -> str:
        method = _METHODS.get((request.method, request.path))
        if method is None:
            raise RefusalError(404, "Not Found")
        return method

    async def _parameters(self, request: web.BaseRequest, method: str) -> Json:
        if method != _OAUTH:
            return await json_body(request, code=Code.MALFORMED)
        if request.content_type != "application/x-www-form-urlencoded":
            raise RefusalError(Code.MALFORMED, "the body must be a form")
        return dict((await request.post()).items())

    async def _take_effect(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        if call.method == _OAUTH:
            return await self.oauth.renew(request, call.params)
        if not self.oauth.is_good(request.headers.get("access_token", "")):
            raise RefusalError(Code.TOKEN_EXPIRED, "the access token isn't good any more")
        if call.method == "getoa":
            return _accepted({"oa_id": OA_ID, "name": "Công đoàn"})
        if call.method != "cs":
            raise RefusalError(Code.KIND_NOT_ALLOWED, f"the account may send no {call.method}")
        return _accepted(self._sent(call.params))

    def _sent(self, params: Json) -> Json:
        recipient, text, buttons = check_message(params)
        person = self.person(recipient)
        person.window.spend(self.now(), paid=self.paid)
        message = Message(f"{self.number():016x}", text, buttons=buttons)
        person.chat.sent.append(message)
        self.delivered[recipient] += 1
        return {"message_id": message.id, "user_id": recipient}

    def _refused(self, call: Call, refusal: RefusalError) -> web.Response:
        """With HTTP 200, unless it is a failure of HTTP itself."""
        told = "error_name" if call.method == _OAUTH else "message"
        body = {"error": int(refusal.code), told: refusal.description}
        return json_response(body, max(200, refusal.code))


def _accepted(data: Json) -> web.Response:
    return json_response({"data": data, "error": 0, "message": "Success"})
