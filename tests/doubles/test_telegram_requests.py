"""Requests in their different forms: files, forms, addresses, and what is refused of them."""

import io
from typing import Any

import pytest

from tests.doubles.conftest import Api
from tests.doubles.telegram import Person, TelegramDouble
from tests.doubles.telegram.files import LARGEST_PHOTO, LARGEST_UPLOAD
from tests.doubles.telegram.person import PIXEL

Json = dict[str, Any]


@pytest.mark.parametrize(
    ("method", "fields", "problem"),
    [
        ("sendPhoto", {}, "there is no photo in the request"),
        ("sendPhoto", {"photo": b"\x89PNG not really"}, "IMAGE_PROCESS_FAILED"),
        ("sendPhoto", {"photo": b""}, "file must be non-empty"),
        ("sendPhoto", {"photo": "photos-99"}, "wrong file identifier/HTTP URL specified"),
        ("sendPhoto", {"photo": "attach://chart"}, 'there is no file "chart" in the request'),
        ("sendPhoto", {"photo": PIXEL, "caption": "x" * 1025}, "message caption is too long"),
        ("sendDocument", {}, "there is no document in the request"),
    ],
)
async def test_refused_files(api: Api, lan: Person, method: str, fields: Json, problem: str) -> None:
    answer = await api.form(method, chat_id=str(lan.id), **fields)
    assert answer["description"] == f"Bad Request: {problem}"


async def test_files_that_are_too_large(api: Api, lan: Person) -> None:
    photo = PIXEL + bytes(LARGEST_PHOTO)
    large = await api.form("sendPhoto", chat_id="7", photo=photo)
    assert "is too big for a photo; the maximum size is 10485760 bytes" in large["description"]
    larger = await api.form("sendDocument", chat_id="7", document=bytes(LARGEST_UPLOAD + 1))
    assert (larger["error_code"], larger["description"]) == (413, "Request Entity Too Large")
    assert lan.chat.messages == []


async def test_a_file_may_be_attached_under_another_name(api: Api, lan: Person) -> None:
    answer = await api.form("sendPhoto", chat_id="7", photo="attach://chart", chart=PIXEL)
    assert answer["ok"]
    assert lan.chat.last.content == PIXEL


async def test_forms_carry_numbers_and_objects_as_json(api: Api, lan: Person) -> None:
    answer = await api.form(
        "sendMessage", chat_id="7", text="5", disable_notification="true",
        reply_markup='{"inline_keyboard": [[{"text": "Next", "callback_data": "next"}]]}',
    )  # fmt: skip
    assert answer["ok"]
    assert lan.chat.last.text == "5"
    assert lan.chat.last.buttons == [["Next"]]


async def test_addresses(api: Api, double: TelegramDouble) -> None:
    assert (await api("sendMessage", chat_id=404, text="x"))["description"] == ("Bad Request: chat not found")
    assert await api("sendRocket") == {
        "ok": False, "error_code": 404, "description": "Not Found: method not found",
    }  # fmt: skip
    for token, code in (("123:WRONG", 401), ("nonsense", 404)):
        stranger = Api(api.session, f"{double.url}/bot{token}")
        assert (await stranger("getMe"))["error_code"] == code


async def test_bodies_that_are_no_parameters(api: Api) -> None:
    for body, kind in (("[]", "application/json"), ("{", "application/json"), ("x", "text/plain")):
        headers = {"Content-Type": kind}
        async with api.session.post(f"{api.root}/getMe", data=body, headers=headers) as response:
            assert response.status == 400


async def test_polls(api: Api, lan: Person) -> None:
    quiz: Json = {"chat_id": lan.id, "question": "?", "options": [{"text": "a"}], "type": "quiz"}
    for wrong, problem in (
        ({}, "wrong correct option ID specified"),
        ({"correct_option_ids": [1]}, "wrong correct option ID specified"),
        ({"question": "x" * 301}, "poll question length must not exceed 300"),
        ({"options": []}, "poll must have from 1 to 12 options"),
        ({"options": [{"text": "x" * 101}]}, "poll options length must not exceed 100"),
        ({"correct_option_ids": [0], "explanation": ".\n.\n.\n."},
         "too many line feeds in the explanation"),
        ({"type": "riddle"}, "unsupported poll type specified"),
    ):  # fmt: skip
        assert await api.refusal("sendPoll", **(quiz | wrong)) == problem
    assert lan.chat.messages == []


async def test_a_large_download_is_refused(api: Api, lan: Person) -> None:
    sent = lan.sends_document(bytes(20 * 2**20 + 1))["message"]["document"]
    assert await api.refusal("getFile", file_id=sent["file_id"]) == "file is too big"


async def test_a_file_is_downloaded_by_a_path_that_was_given_and_for_an_hour(
    double: TelegramDouble, api: Api, lan: Person
) -> None:
    sent = lan.sends_document(b"%PDF-1", name="a.pdf")["message"]["document"]
    guessed = f"{api.root.replace('/bot', '/file/bot')}/documents/file_1.pdf"
    assert await _downloaded(api, guessed) == (404, b"")
    found = await api.result("getFile", file_id=sent["file_id"])
    path = f"{api.root.replace('/bot', '/file/bot')}/{found['file_path']}"
    assert (path, found["file_size"]) == (guessed, 6)
    assert await _downloaded(api, path) == (200, b"%PDF-1")
    assert await _downloaded(api, path, "POST") == (405, b"")
    assert await _downloaded(api, path.replace(double.token, "123:ABD")) == (401, b"")
    assert await _downloaded(api, path.replace("file_1", "file_2")) == (404, b"")
    double.advance(3600)
    assert await _downloaded(api, path) == (404, b"")
    # Without a token that is ours there was no call.
    assert [call.status for call in double.called("download")] == [404, 200, 405, 404, 404]


async def test_downloads_go_wrong_on_demand(double: TelegramDouble, api: Api, lan: Person) -> None:
    sent = lan.sends_document(b"%PDF-1")["message"]["document"]
    double.misbehave(500, method="download", times=1)
    found = await api.result("getFile", file_id=sent["file_id"])
    path = f"{api.root.replace('/bot', '/file/bot')}/{found['file_path']}"
    assert (await _downloaded(api, path))[0] == 500
    assert await _downloaded(api, path) == (200, b"%PDF-1")


async def _downloaded(api: Api, url: str, method: str = "GET") -> tuple[int, bytes]:
    """The status, and the body of a success."""
    async with api.session.request(method, url) as response:
        return response.status, await response.read() if response.status == 200 else b""


@pytest.mark.parametrize(
    ("method", "params", "problem"),
    [
        ("sendChatAction", {"chat_id": 7, "action": "dancing"}, "wrong parameter action in request"),
        ("sendPoll", {"chat_id": 7, "question": " ", "options": [{"text": "a"}]},
         "poll question must be non-empty"),
        ("sendPoll", {"chat_id": 7, "question": "?", "options": [{"text": " "}]},
         "poll options must be non-empty"),
        ("sendPoll", {"chat_id": 7, "question": "?", "options": "a"},
         'parameter "options" must be of type Array of InputPollOption'),
        ("sendPoll", {"chat_id": 7, "question": "?", "options": ["a"]},
         'parameter "options" must be of type InputPollOption'),
        ("editMessageText", {"chat_id": 7, "message_id": 1}, "message text is empty"),
        ("editMessageText", {"chat_id": 7, "text": "x"}, "message identifier is not specified"),
        ("editMessageText", {"chat_id": 7, "message_id": "first", "text": "x"},
         'parameter "message_id" must be of type Integer'),
        ("getFile", {"file_id": "none"}, "wrong file_id or the file is temporarily unavailable"),
        ("setMyDescription", {"description": "x" * 513}, 'wrong length of "description"'),
    ],
)  # fmt: skip
async def test_other_refusals(
    api: Api, double: TelegramDouble, method: str, params: Json, problem: str
) -> None:
    double.person(7)
    assert await api.refusal(method, **params) == problem


async def test_a_request_larger_than_any_file(api: Api) -> None:
    body = b" " * (LARGEST_UPLOAD + 2**17)
    headers = {"Content-Type": "application/json"}
    url = f"{api.root}/getMe"
    async with api.session.post(url, data=io.BytesIO(body), headers=headers) as response:
        assert response.status == 413


async def test_other_addresses(api: Api, double: TelegramDouble) -> None:
    async with api.session.get(f"{double.url}/favicon.ico") as response:
        assert response.status == 404
