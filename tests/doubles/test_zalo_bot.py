"""The double of the bot platform: what it takes, what it refuses, what people see and what it tells."""

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import RawTestServer

from tests.doubles.conftest import Api, Json
from tests.doubles.receiver import PATH, Receiver
from tests.doubles.telegram.person import PIXEL
from tests.doubles.zalo import BotPerson, ZaloBotDouble

SECRET = "a-secret-of-ours"


@pytest.fixture
async def double() -> AsyncIterator[ZaloBotDouble]:
    async with ZaloBotDouble(longest_poll=0.05) as running:
        yield running


@pytest.fixture
async def api(double: ZaloBotDouble) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as session:
        yield Api(session, f"{double.url}/bot{double.token}")


@pytest.fixture
def lan(double: ZaloBotDouble) -> BotPerson:
    return double.person("lan")


async def polled(api: Api, **params: Any) -> Json:
    """The whole answer to one poll, which is HTTP 200 also when nothing has happened."""
    async with api.session.post(f"{api.root}/getUpdates", json=params) as response:
        assert response.status == 200
        answer: Json = await response.json()
    return answer


async def test_an_event_is_given_out_once_and_an_idle_poll_ends_with_408(api: Api, lan: BotPerson) -> None:
    said, then = lan.says("menu"), lan.says("2")
    assert await polled(api) == {"ok": True, "result": said}
    assert await polled(api, timeout=30) == {"ok": True, "result": then}
    assert await polled(api, timeout="30") == {
        "ok": False, "error_code": 408, "description": "Request timeout",
    }  # fmt: skip
    message = said["message"]
    assert said["event_name"] == "message.text.received"
    assert message["from"] == {"id": "lan", "display_name": "Lan", "is_bot": False}
    assert message["chat"] == {"id": "lan", "chat_type": "PRIVATE"}
    assert (message["text"], type(message["message_id"])) == ("menu", str)
    assert message["date"] // 1000 == 1_791_162_000


async def test_a_poll_that_waits_is_answered_by_what_happens(api: Api, double: ZaloBotDouble) -> None:
    double.longest_poll = 10
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(polled(api))
        await double.until(lambda: double.polls == 1)
        said = double.person("lan").says("menu")
    assert waiting.result()["result"] == said


async def test_a_poll_that_waits_is_ended_by_a_webhook(api: Api, double: ZaloBotDouble) -> None:
    double.longest_poll = 10
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(api.refusal("getUpdates"))
        await double.until(lambda: double.polls == 1)
        await api.result("setWebhook", url="https://congdoan.example/", secret_token=SECRET)
    assert waiting.result() == "getUpdates can't be used while a webhook is set"


async def test_a_poll_does_not_keep_the_double_from_closing() -> None:
    async with ZaloBotDouble() as double, aiohttp.ClientSession() as session:
        api = Api(session, f"{double.url}/bot{double.token}")
        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(polled(api))
            await double.until(lambda: double.polls == 1)
            await double.__aexit__(None, None, None)
    assert waiting.result()["error_code"] == 408


async def test_everything_people_send(api: Api, double: ZaloBotDouble, lan: BotPerson) -> None:
    group = double.group("g1")
    lan.says("x", chat=group)
    told = lan.sends_photo(PIXEL, "Ảnh")
    lan.photo_key = "photo_url"
    later = lan.sends_photo()
    lan.sends_sticker()
    lan.sends_voice()
    lan.sends_unsupported()
    lan.sends_unsupported(with_message=False)
    events = [(await polled(api))["result"] for _ in range(7)]
    assert [event["event_name"].split(".")[1] for event in events] == [
        "text", "image", "image", "sticker", "voice", "unsupported", "unsupported",
    ]  # fmt: skip
    assert events[0]["message"]["chat"] == {"id": "g1", "chat_type": "GROUP"}
    assert told["message"]["caption"] == "Ảnh"
    assert events[-2]["message"]["from"] == lan.user
    assert "message" not in events[-1]
    for address in (told["message"]["photo"], later["message"]["photo_url"]):
        async with api.session.get(address) as response:
            assert await response.read() == PIXEL
    async with api.session.get(f"{double.url}/files/404") as response:
        assert response.status == 404


async def test_people_see_what_was_sent(api: Api, double: ZaloBotDouble, lan: BotPerson) -> None:
    lan.says("menu")
    sent = await api.result("sendMessage", chat_id="lan", text="Chào chị", parse_mode="html")
    photo = double.keep(PIXEL, "image/png")
    await api.result("sendPhoto", chat_id="lan", photo=photo, caption="Lịch")
    first, second = lan.chat.sent
    assert (first.id, first.text, first.photo) == (sent["message_id"], "Chào chị", b"")
    assert (second.text, second.photo) == ("Lịch", PIXEL)
    assert lan.chat.last == second
    assert await api("sendChatAction", chat_id="lan", action="typing") == {"ok": True}
    assert double.typing == ["lan"]
    assert double.delivered == {"lan": 2}
    assert (await api.result("getMe"))["id"] == "12345"
    with pytest.raises(LookupError, match="nothing was sent to chat hoa"):
        _ = double.person("hoa").chat.last


@pytest.mark.parametrize(
    ("method", "params", "problem"),
    [
        ("sendMessage", {"chat_id": "lan"}, "the request lacks text"),
        ("sendMessage", {"chat_id": "lan", "text": "x", "buttons": []}, "the request has unknown buttons"),
        ("sendMessage", {"chat_id": 7, "text": "x"}, "chat_id must be a text that isn't empty"),
        ("sendMessage", {"chat_id": "nobody", "text": "x"}, "no such chat"),
        ("sendMessage", {"chat_id": "hoa", "text": "x"}, "no such chat"),
        ("sendMessage", {"chat_id": "lan", "text": " \n"}, "text must be a text that isn't empty"),
        ("sendMessage", {"chat_id": "lan", "text": "x" * 2001}, "text must be a text of at most 2000"),
        ("sendMessage", {"chat_id": "lan", "text": "x" * 1999 + "😀"}, "text must be a text of at most 2000"),
        ("sendMessage", {"chat_id": "lan", "text": "x", "parse_mode": "HTML"},
         "parse_mode must be one of html, markdown"),
        ("sendMessage", {"chat_id": "lan", "text": "x", "text_styles": "b"}, "text_styles must be a list"),
        ("sendPhoto", {"chat_id": "lan", "photo": "AgAD"}, "photo must be an address"),
        ("sendPhoto", {"chat_id": "lan", "photo": "http://[1"}, "photo must be an address"),
        ("sendPhoto", {"chat_id": "lan", "photo": "http://127.0.0.1:9/x"}, "the photo can't be fetched"),
        ("sendPhoto", {"chat_id": "lan", "photo": "http://127.0.0.1:9/", "caption": "x" * 2001},
         "caption must be a text of at most 2000"),
        ("sendChatAction", {"chat_id": "lan", "action": "upload_photo"}, "action can only be typing"),
        ("getUpdates", {"offset": 1}, "the request has unknown offset"),
        ("getUpdates", {"timeout": "soon"}, "timeout must be a number of seconds"),
        ("setWebhook", {"url": "https://congdoan.example/"}, "the request lacks secret_token"),
        ("setWebhook", {"url": "http://congdoan.example/", "secret_token": SECRET},
         "url must be an HTTPS address"),
        ("setWebhook", {"url": "https://congdoan.example/", "secret_token": "1234567"},
         "secret_token must have 8 to 256 characters"),
        ("setWebhook", {"url": "https://congdoan.example/", "secret_token": "x" * 257},
         "secret_token must have 8 to 256 characters"),
    ],
)  # fmt: skip
async def test_what_is_refused(
    api: Api, double: ZaloBotDouble, lan: BotPerson, *, method: str, params: Json, problem: str
) -> None:
    lan.says("menu")
    double.person("hoa")
    assert await api.refusal(method, **params) == problem
    assert double.delivered.total() == 0


async def test_the_longest_text_is_taken(api: Api, lan: BotPerson) -> None:
    lan.says("menu")
    await api.result("sendMessage", chat_id=lan.id, text="x" * 1998 + "😀")


async def test_a_photo_must_be_one(api: Api, double: ZaloBotDouble, lan: BotPerson) -> None:
    lan.says("menu")
    text = double.keep(b"x", "text/plain")
    async with RawTestServer(_no_more) as server:
        for photo in (text, str(server.make_url("/photo.png"))):
            assert await api.refusal("sendPhoto", chat_id="lan", photo=photo) == "no photo at that address"


async def _no_more(_request: web.BaseRequest) -> web.Response:
    return web.Response(body=PIXEL, status=410, content_type="image/png")


async def test_calls_that_lead_nowhere(api: Api, double: ZaloBotDouble) -> None:
    for method in ("editMessage", "sendDocument", ""):
        assert (await api(method))["error_code"] == 404
    api.root = f"{double.url}/bot99999:another"
    assert (await api("getMe"))["error_code"] == 401
    async with api.session.get(f"{double.url}/bot{double.token}/getMe") as response:
        assert response.status == 404
    assert double.calls == []


@pytest.mark.parametrize(
    ("url", "given"),
    [
        ("getMe", {"data": b"{}", "headers": {"Content-Type": "text/plain"}}),
        ("getMe", {"data": b"{", "headers": {"Content-Type": "application/json"}}),
        ("getMe", {"json": []}),
        ("getMe?x=1", {}),
    ],
)
async def test_parameters_come_as_a_json_object(api: Api, url: str, given: Any) -> None:
    async with api.session.post(f"{api.root}/{url}", **given) as response:
        assert response.status == 400


async def test_a_body_beyond_measure(api: Api) -> None:
    body, headers = io.BytesIO(b" " * (2**20 + 1)), {"Content-Type": "application/json"}
    async with api.session.post(f"{api.root}/getMe", data=body, headers=headers) as response:
        assert response.status == 413


async def test_the_month_has_its_quota(api: Api, double: ZaloBotDouble, lan: BotPerson) -> None:
    lan.says("menu")
    double.monthly = 1
    await api.result("sendMessage", chat_id="lan", text="x")
    refused = await api("sendMessage", chat_id="lan", text="y")
    assert refused == {"ok": False, "error_code": 429, "description": "Quota exceeded"}
    assert len(lan.chat.sent) == 1


async def test_refusals_may_all_come_with_http_200(api: Api, double: ZaloBotDouble) -> None:
    double.statuses_as_ok = True
    async with api.session.post(f"{api.root}/rocket", json={}) as response:
        assert (response.status, (await response.json())["error_code"]) == (200, 404)


async def test_strangers_may_be_allowed(api: Api, double: ZaloBotDouble) -> None:
    double.any_chat = True
    await api.result("sendMessage", chat_id="stranger", text="x")
    assert double.chats["stranger"].last.text == "x"


async def test_a_webhook_gets_each_event_once_with_the_secret(
    api: Api, double: ZaloBotDouble, lan: BotPerson
) -> None:
    async with (receiver := Receiver(500)).server:
        assert (await api("getWebhookInfo"))["error_code"] == 404
        before = lan.says("before")
        info = await api.result("setWebhook", url=receiver.url, secret_token=SECRET)
        assert info == await api.result("getWebhookInfo")
        assert info["url"] == receiver.url
        assert await api.refusal("getUpdates") == "getUpdates can't be used while a webhook is set"
        after = lan.says("after")
        await double.until(lambda: not double.pending)
        double.enveloped = False
        await double.post(after)
        forged = await double.post(after, secret="a-guess-of-theirs")
        bodies = [msgspec.json.decode(body) for body in receiver.bodies]
        enveloped = [{"ok": True, "result": event} for event in (before, after)]
        assert bodies == [*enveloped, after, after]
        secrets = [headers["X-Bot-Api-Secret-Token"] for headers in receiver.headers]
        assert secrets == [SECRET, SECRET, SECRET, "a-guess-of-theirs"]
        assert [delivery.status for delivery in double.deliveries] == [500, 200, 200, 200]
        assert forged.event == after
        assert forged.seconds > 0
        await api.result("deleteWebhook")
        later = double.feed(after)
        assert (await polled(api))["result"] == later


async def test_a_public_address_is_found_at_its_origin() -> None:
    receiver = Receiver()
    async with (
        receiver.server,
        ZaloBotDouble(origin=receiver.url) as double,
        aiohttp.ClientSession() as session,
    ):
        api = Api(session, f"{double.url}/bot{double.token}")
        await api.result("setWebhook", url=f"https://congdoan.example{PATH}", secret_token=SECRET)
        double.person("lan").says("x")
        await double.until(lambda: not double.pending)
    assert len(receiver.bodies) == 1


async def test_a_webhook_nobody_listens_to(api: Api, double: ZaloBotDouble, lan: BotPerson) -> None:
    await api.result("setWebhook", url="http://127.0.0.1:9/x", secret_token=SECRET)
    lan.says("x")
    await double.until(lambda: not double.pending)
    assert double.deliveries[0].status is None
