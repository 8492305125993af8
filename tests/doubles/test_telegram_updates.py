"""Updates: long polling, confirmation, webhooks."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.doubles.conftest import Api, Json, api_of
from tests.doubles.telegram import Person, TelegramDouble


def ids(updates: list[Json]) -> list[int]:
    return [update["update_id"] for update in updates]


async def test_updates_stay_until_a_higher_offset_confirms_them(
    api: Api, double: TelegramDouble, lan: Person
) -> None:
    first, second, third = (lan.says(text)["update_id"] for text in "abc")
    assert ids(await api.result("getUpdates", limit=2)) == [first, second]
    assert ids(await api.result("getUpdates")) == [first, second, third]
    assert ids(await api.result("getUpdates", offset=second)) == [second, third]
    assert ids(double.pending) == [second, third]
    assert ids(await api.result("getUpdates", offset=-1)) == [third]
    assert await api.result("getUpdates", offset=third + 1) == []
    assert double.pending == []


async def test_a_long_poll_ends_with_the_first_update(api: Api, double: TelegramDouble, lan: Person) -> None:
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(api.result("getUpdates", timeout=50))
        await double.until(lambda: double.is_polled)
        said = lan.says("x")
    assert poll.result() == [said]


async def test_the_earlier_of_two_polls_is_ended(api: Api, double: TelegramDouble, lan: Person) -> None:
    async with asyncio.TaskGroup() as group:
        earlier = group.create_task(api("getUpdates", timeout=50))
        await double.until(lambda: double.is_polled)
        later = group.create_task(api("getUpdates", timeout=50))
        await earlier
        lan.says("x")
    assert earlier.result()["error_code"] == 409
    assert earlier.result()["description"].startswith("Conflict: terminated by other getUpdates request")
    assert len(later.result()["result"]) == 1


async def test_only_allowed_updates_are_kept(api: Api, double: TelegramDouble, lan: Person) -> None:
    await api.result("getUpdates", allowed_updates=["callback_query"])
    lan.says("x")
    assert double.pending == []
    await api.result("getUpdates", allowed_updates=[])
    lan.says("x")
    double.feed({"message_reaction": {"user": lan.user, "chat": lan.chat.wire}})
    assert [set(update) for update in double.pending] == [{"update_id", "message"}]


async def test_any_update_may_be_fed_also_twice(api: Api, double: TelegramDouble) -> None:
    chat = {"id": 31, "type": "private", "first_name": "Hoa"}
    message = {"message_id": 12, "date": 1, "chat": chat, "from": chat, "text": "x"}
    fed = double.feed({"message": message})
    assert await api.result("getUpdates", offset=fed["update_id"]) == [fed]
    await api.result("getUpdates", offset=fed["update_id"] + 1)
    double.feed(fed)
    assert await api.result("getUpdates") == [fed]
    assert (await api.result("sendMessage", chat_id=31, text="x"))["message_id"] == 13
    with pytest.raises(ValueError, match="an update needs one of"):
        double.feed({"massage": {}})


class Receiver:
    """The bot's side of a webhook; answers with the statuses it is given, then 200."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.updates: list[Json] = []
        self.secrets: set[str | None] = set()
        app = web.Application()
        app.router.add_post("/telegram", self._receive)
        self.server = TestServer(app)

    async def _receive(self, request: web.Request) -> web.Response:
        self.updates.append(await request.json())
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver(500, 503)
    async with receiver.server:
        yield receiver


async def test_a_webhook_is_tried_again_until_it_answers_2xx(
    api: Api, double: TelegramDouble, lan: Person, receiver: Receiver
) -> None:
    lan.says("before")
    url = str(receiver.server.make_url("/telegram"))
    assert await api.result("setWebhook", url=url, secret_token="s3cret")
    lan.says("after")
    await double.until(lambda: not double.pending)
    texts = [update["message"]["text"] for update in receiver.updates]
    assert texts == ["before", "before", "before", "after"]
    assert receiver.secrets == {"s3cret"}
    assert [attempt.status for attempt in double.webhook_attempts] == [500, 503, 200, 200]
    info = await api.result("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 503"
    assert (await api("getUpdates"))["description"].startswith(
        "Conflict: can't use getUpdates method while webhook is active"
    )
    assert await api.result("deleteWebhook")
    assert (await api.result("getWebhookInfo"))["url"] == ""
    assert await api.result("getUpdates") == []


async def test_one_chats_trouble_does_not_hold_up_another(
    api: Api, double: TelegramDouble, lan: Person, receiver: Receiver
) -> None:
    receiver.statuses = [500] * 3
    await api.result("setWebhook", url=str(receiver.server.make_url("/telegram")))
    lan.says("a")
    await double.until(lambda: len(double.webhook_attempts) == 1)
    double.person(8).says("b")
    lan.says("c")
    await double.until(lambda: not double.pending)
    mine = [u["message"]["text"] for u in receiver.updates if u["message"]["from"]["id"] == 7]
    assert mine == [*"a" * mine.count("a"), "c"]
    assert len(receiver.updates) == 6


async def test_a_public_address_is_delivered_to_its_origin(receiver: Receiver) -> None:
    receiver.statuses = []
    origin = str(receiver.server.make_url("/"))
    async with TelegramDouble(webhook_origin=origin) as double, api_of(double) as api:
        await api.result("setWebhook", url="https://congdoan.example/telegram")
        double.person(7).says("x")
        await double.until(lambda: not double.pending)
    assert len(receiver.updates) == 1


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({"url": "http://congdoan.example/"},
         "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://congdoan.example:9000/"},
         "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ({"url": "https://congdoan.example/", "secret_token": "có dấu"},
         "secret token contains unallowed characters"),
        ({}, 'parameter "url" is required'),
    ],
)  # fmt: skip
async def test_refused_webhooks(api: Api, params: Json, problem: str) -> None:
    assert await api.refusal("setWebhook", **params) == problem


async def test_pending_updates_may_be_dropped(api: Api, double: TelegramDouble, lan: Person) -> None:
    lan.says("x")
    assert (await api.result("getWebhookInfo"))["pending_update_count"] == 1
    await api.result("deleteWebhook", drop_pending_updates=True)
    assert double.pending == []


async def test_a_webhook_nobody_listens_to(api: Api, double: TelegramDouble, lan: Person) -> None:
    await api.result("setWebhook", url="http://127.0.0.1:9/telegram")
    lan.says("x")
    await double.until(lambda: bool(double.webhook_attempts))
    assert double.webhook_attempts[0].status is None
    assert len(double.pending) == 1
    await api.result("deleteWebhook")
    assert len(await api.result("getUpdates")) == 1


async def test_a_long_poll_without_updates_ends_in_its_time(api: Api) -> None:
    assert await api.result("getUpdates", timeout=1) == []
