"""The double of an official account: messages and their windows, what people do, signed events."""

from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any

import aiohttp
import msgspec
import pytest

from tests.doubles.conftest import Json
from tests.doubles.receiver import Receiver
from tests.doubles.telegram.person import PIXEL
from tests.doubles.zalo import OA_ID, Code, OaPerson, ZaloOaDouble

DAY = 86_400
MENU = {"title": "Học tập", "type": "oa.query.hide", "payload": "v1:study"}


class OaApi:
    """Raw calls, as a client without any library of its own would make them."""

    def __init__(self, session: aiohttp.ClientSession, double: ZaloOaDouble) -> None:
        self.session = session
        self.double = double

    async def __call__(self, path: str, method: str = "POST", **more: Any) -> Json:
        headers = {"access_token": self.double.oauth.access_token} | more.pop("headers", {})
        url = self.double.url + path
        async with self.session.request(method, url, headers=headers, **more) as response:
            answer: Json = await response.json()
        assert response.status == max(200, answer["error"])
        return answer

    async def sends(self, message: Json, to: str = "lan") -> int:
        """The error of a message; 0 when it was taken."""
        body = {"recipient": {"user_id": to}, "message": message}
        return int((await self("/v3.0/oa/message/cs", json=body))["error"])


@pytest.fixture
async def double() -> AsyncIterator[ZaloOaDouble]:
    async with ZaloOaDouble() as running:
        yield running


@pytest.fixture
async def api(double: ZaloOaDouble) -> AsyncIterator[OaApi]:
    async with aiohttp.ClientSession() as session:
        yield OaApi(session, double)


@pytest.fixture
def lan(double: ZaloOaDouble) -> OaPerson:
    person = double.person("lan")
    person.says("menu")
    return person


def with_buttons(*buttons: Any) -> Json:
    return {"text": "x", "attachment": {"type": "template", "payload": {"buttons": list(buttons)}}}


async def test_people_see_texts_and_buttons_and_press_them(
    api: OaApi, double: ZaloOaDouble, lan: OaPerson
) -> None:
    shown = {"title": "Lịch", "type": "oa.query.show", "payload": "Xem lịch"}
    opened = {"title": "Trang", "type": "oa.open.url", "payload": {"url": "https://congdoan.example/"}}
    called = {"title": "Gọi", "type": "oa.open.phone", "payload": {"phone_code": "84900000000"}}
    assert await api.sends(with_buttons(MENU, shown, opened, called)) == 0
    assert lan.chat.last.labels == ["Học tập", "Lịch", "Trang", "Gọi"]
    assert lan.chat.last.button("Trang") == opened
    pressed, seen = lan.taps("Học tập"), lan.taps("Lịch")
    assert (pressed["event_name"], pressed["message"]["text"]) == ("user_send_text", "v1:study")
    assert seen["message"]["text"] == "Xem lịch"
    for label, problem in (("Trang", "only opens"), ("Rời đi", "no button 'Rời đi' among")):
        with pytest.raises(LookupError, match=problem):
            lan.taps(label)
    assert double.delivered == {"lan": 1}


async def test_a_message_that_is_taken_has_an_identifier(api: OaApi, lan: OaPerson) -> None:
    body = {"recipient": {"user_id": "lan"}, "message": {"text": "x" * 1998 + "😀"}}
    answer = await api("/v3.0/oa/message/cs", json=body)
    assert (answer["error"], answer["message"]) == (0, "Success")
    assert answer["data"] == {"message_id": lan.chat.last.id, "user_id": "lan"}


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({}, Code.MALFORMED),
        ({"text": " "}, Code.MALFORMED),
        ({"text": "x", "quick_replies": []}, Code.MALFORMED),
        ({"text": "x" * 2001}, Code.TOO_LONG),
        ({"text": "x" * 1999 + "😀"}, Code.TOO_LONG),
        ({"text": "x", "attachment": {"type": "file", "payload": {"buttons": [MENU]}}}, Code.MALFORMED),
        ({"text": "x", "attachment": {"type": "template", "payload": {"elements": []}}}, Code.MALFORMED),
        (with_buttons(), Code.MALFORMED),
        (with_buttons(*[MENU] * 6), Code.MALFORMED),
        (with_buttons("Học tập"), Code.MALFORMED),
        (with_buttons(MENU | {"image_icon": ""}), Code.MALFORMED),
        (with_buttons(MENU | {"title": "x" * 101}), Code.MALFORMED),
        (with_buttons(MENU | {"title": ""}), Code.MALFORMED),
        (with_buttons(MENU | {"payload": "x" * 1001}), Code.MALFORMED),
        (with_buttons(MENU | {"payload": {"url": "https://congdoan.example/"}}), Code.MALFORMED),
        (with_buttons(MENU | {"type": "oa.open.app"}), Code.MALFORMED),
        (with_buttons(MENU | {"type": 7}), Code.MALFORMED),
        (with_buttons(MENU | {"type": "oa.open.url"}), Code.MALFORMED),
        (with_buttons(MENU | {"type": "oa.open.url", "payload": {"url": "tel:1"}}), Code.MALFORMED),
        (with_buttons(MENU | {"type": "oa.open.phone", "payload": {"phone_code": "gọi"}}), Code.MALFORMED),
        (with_buttons(*[MENU] * 5), 0),
        (with_buttons(MENU | {"title": "x" * 100, "payload": "x" * 1000}), 0),
    ],
)
async def test_what_may_be_sent(api: OaApi, lan: OaPerson, message: Json, code: int) -> None:
    assert await api.sends(message) == code
    assert len(lan.chat.sent) == int(code == 0)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"json": []},
        {"json": {"to": "lan"}},
        {"data": {"message": "x"}},
        {"data": b"{", "headers": {"Content-Type": "application/json"}},
    ],
)
async def test_a_body_that_is_no_message(api: OaApi, more: Json) -> None:
    assert (await api("/v3.0/oa/message/cs", **more))["error"] == Code.MALFORMED


async def test_only_who_follows_or_has_written_is_written_to(
    api: OaApi, double: ZaloOaDouble, lan: OaPerson
) -> None:
    assert await api.sends({"text": "x"}, to="stranger") == Code.NO_FOLLOWER
    hoa = double.person("hoa")
    assert await api.sends({"text": "x"}, to="hoa") == Code.NO_FOLLOWER
    hoa.follows()
    assert await api.sends({"text": "x"}, to="hoa") == Code.NO_REPLY_LEFT
    assert await api.sends({"text": "x"}) == 0
    lan.unfollows()
    assert await api.sends({"text": "x"}) == Code.NO_FOLLOWER


async def test_eight_replies_within_two_days_are_free(
    api: OaApi, double: ZaloOaDouble, lan: OaPerson
) -> None:
    assert [await api.sends({"text": "x"}) for _ in range(9)] == [*[0] * 8, Code.NO_REPLY_LEFT]
    lan.says("again")
    later(double, 2 * DAY - 60)
    assert await api.sends({"text": "x"}) == 0
    later(double, 120)
    assert await api.sends({"text": "x"}) == Code.NO_REPLY_LEFT
    double.paid = True
    assert await api.sends({"text": "x"}) == 0
    later(double, 5 * DAY)
    assert await api.sends({"text": "x"}) == Code.WINDOW_CLOSED


def later(double: ZaloOaDouble, seconds: float) -> None:
    """With a token that is good then."""
    double.advance(seconds)
    double.oauth.issue()


async def test_the_accounts_name_and_what_it_may_not_do(api: OaApi, double: ZaloOaDouble) -> None:
    answer = await api("/v2.0/oa/getoa", method="GET")
    assert answer["data"] == {"oa_id": OA_ID, "name": "Công đoàn"}
    assert (await api("/v2.0/oa/getoa", method="GET", headers={"access_token": ""}))[
        "error"
    ] == Code.TOKEN_EXPIRED
    double.advance(90_001)
    assert await api.sends({"text": "x"}) == Code.TOKEN_EXPIRED
    double.oauth.issue()
    for kind in ("transaction", "promotion"):
        answer = await api(f"/v3.0/oa/message/{kind}", json={})
        assert answer["error"] == Code.KIND_NOT_ALLOWED
    assert (await api("/v3.0/oa/message/cs", method="GET"))["error"] == 404
    double.fault(Code.TOO_FAST, method="cs", chat_id="lan", times=1)
    assert await api.sends({"text": "x"}) == Code.TOO_FAST
    double.fault(500, method="getoa")
    assert (await api("/v2.0/oa/getoa", method="GET"))["error"] == 500


async def test_everything_people_do(double: ZaloOaDouble, lan: OaPerson) -> None:
    events = [
        lan.follows(), lan.sends_image(), lan.sends_file(b"%PDF-", "Đơn.pdf"), lan.sends_sticker(),
        lan.sends_audio(), lan.sends_location(), lan.sends_nothing(), lan.unfollows(),
    ]  # fmt: skip
    assert double.pending[1:] == events
    assert [event["event_name"] for event in events] == [
        "follow", "user_send_image", "user_send_file", "user_send_sticker", "user_send_audio",
        "user_send_location", "user_send_text", "unfollow",
    ]  # fmt: skip
    assert events[0]["follower"] == events[-1]["follower"] == {"id": "lan"}
    said = double.pending[0]
    assert (said["sender"], said["recipient"]) == ({"id": "lan"}, {"id": OA_ID})
    assert said["app_id"] == double.app_id
    assert said["message"] == {"msg_id": "lan-1", "text": "menu"}
    assert said["timestamp"].startswith("1791162000")
    assert "message" not in events[-2]
    (sent,) = events[2]["message"]["attachments"]
    assert sent["payload"].items() >= {"name": "Đơn.pdf", "size": "5", "type": "pdf"}.items()
    async with aiohttp.ClientSession() as session:
        (image,) = events[1]["message"]["attachments"]
        async with session.get(image["payload"]["url"]) as response:
            assert await response.read() == PIXEL


async def test_a_webhook_that_is_set_again_gets_what_waited(double: ZaloOaDouble) -> None:
    double.person("lan").says("menu")
    async with (receiver := Receiver()).server:
        double.connect(receiver.url)
        double.connect(receiver.url)
        await double.until(lambda: not double.pending)
    assert len(receiver.bodies) == 1


async def test_events_are_signed_over_their_bytes(double: ZaloOaDouble, lan: OaPerson) -> None:
    async with (receiver := Receiver()).server:
        double.connect(receiver.url)
        said = lan.says("Chào")
        await double.until(lambda: not double.pending)
        old = said | {"timestamp": "1000"}
        double.prefixed = False
        await double.post(old)
        forged = await double.post(said, key="a key of theirs")
        double.feed(said)
        await double.until(lambda: not double.pending)
    assert [msgspec.json.decode(body) for body in receiver.bodies[1:]] == [said, old, said, said]
    signed = [headers["X-ZEvent-Signature"] for headers in receiver.headers[1:]]
    assert signed[0] == "mac=" + signature(double, receiver.bodies[1], said)
    assert signed[1] == signature(double, receiver.bodies[2], old)
    assert signed[2] != signature(double, receiver.bodies[3], said)
    assert receiver.bodies[1] != msgspec.json.encode(said)
    assert (forged.event, forged.status, forged.seconds > 0) == (said, 200, True)
    assert len(double.deliveries) == 5


def signature(double: ZaloOaDouble, body: bytes, event: Json) -> str:
    signed = f"{double.app_id}{body.decode()}{event['timestamp']}{double.webhook_key}"
    return sha256(signed.encode()).hexdigest()
