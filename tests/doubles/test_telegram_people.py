"""Chats, people and what stands in them, as a test that uses the double looks at it."""

import pytest

from tests.doubles.conftest import Api
from tests.doubles.telegram import Person, TelegramDouble
from tests.doubles.telegram.files import photo_sides
from tests.doubles.telegram.person import PIXEL

JPEG = bytes.fromhex("ffd8 ffe00004 0000 ffc0000b 08 0002 0003 01 011100")


async def test_a_chat_shows_both_sides_in_order(api: Api, lan: Person) -> None:
    question = lan.says("Em hỏi ạ")["message"]
    with pytest.raises(LookupError, match="the bot has sent nothing to chat 7"):
        _ = lan.chat.last
    answer = await api.result(
        "sendMessage", chat_id="7", text="Vâng", entities=[{"type": "bold", "offset": 0, "length": 4}],
        reply_parameters={"message_id": question["message_id"]}, protect_content=True,
    )  # fmt: skip
    assert answer["reply_to_message"] == question
    assert answer["has_protected_content"]
    lan.says("Cảm ơn", reply_to=answer["message_id"])
    shown = [(message.from_bot, message.text) for message in lan.chat.messages]
    assert shown == [(False, "Em hỏi ạ"), (True, "Vâng"), (False, "Cảm ơn")]
    assert lan.chat.last.entities == [{"type": "bold", "offset": 0, "length": 4}]
    unanswered = {"message_id": 99, "allow_sending_without_reply": True}
    await api.result("sendMessage", chat_id=7, text="x", reply_parameters=unanswered)


async def test_a_reply_keyboard_belongs_to_the_message_but_not_to_its_wire_form(
    api: Api, lan: Person
) -> None:
    markup = {"keyboard": [[{"text": "Menu"}, {"text": "Help"}]], "resize_keyboard": True}
    sent = await api.result("sendMessage", chat_id=7, text="x", reply_markup=markup)
    assert "reply_markup" not in sent
    assert lan.chat.last.buttons == [["Menu", "Help"]]
    with pytest.raises(LookupError, match="there are: none"):
        lan.taps(sent["message_id"], "Menu")
    removed = {"remove_keyboard": True}
    await api.result("sendMessage", chat_id=7, text="x", reply_markup=removed)
    assert lan.chat.last.buttons == []


async def test_the_payload_behind_a_label(api: Api, lan: Person) -> None:
    markup = {"inline_keyboard": [[], [{"text": "Next", "callback_data": "v1:3"}]]}
    sent = await api.result("sendMessage", chat_id=7, text="x", reply_markup=markup)
    assert sent["reply_markup"] == {"inline_keyboard": markup["inline_keyboard"][1:]}
    assert lan.chat.last.data("Next") == "v1:3"


async def test_a_captioned_photo_by_entities_and_a_jpeg(api: Api, lan: Person) -> None:
    first = await api.form("sendPhoto", chat_id="7", photo=JPEG, caption="Quý 3",
        caption_entities='[{"type": "italic", "offset": 0, "length": 5}]')  # fmt: skip
    assert first["result"]["photo"][0]["width"] == 3
    assert first["result"]["photo"][0]["height"] == 2
    assert lan.chat.last.entities[0]["type"] == "italic"
    assert lan.chat.last.text == "Quý 3"


def test_photos_of_impossible_shape() -> None:
    wide = PIXEL[:16] + (30).to_bytes(4) + PIXEL[20:]
    with pytest.raises(Exception, match="PHOTO_INVALID_DIMENSIONS"):
        photo_sides(wide)
    with pytest.raises(Exception, match="IMAGE_PROCESS_FAILED"):
        photo_sides(JPEG[:12])


async def test_ways_in_which_a_chat_is_closed(api: Api, double: TelegramDouble, lan: Person) -> None:
    group = double.group(-100500, "Tổ 1")
    lan.removes_bot(group)
    lan.deletes_account()
    for chat_id, problem in (
        (-100500, "Forbidden: bot was kicked from the supergroup chat"),
        (7, "Forbidden: user is deactivated"),
    ):
        refused = await api("sendMessage", chat_id=chat_id, text="x")
        assert (refused["error_code"], refused["description"]) == (403, problem)
    lan.adds_bot(group)
    assert (await api.result("sendMessage", chat_id=-100500, text="x"))["chat"]["title"] == "Tổ 1"


async def test_chats_by_name(api: Api, double: TelegramDouble) -> None:
    double.person(8, username="hoa")
    assert (await api.result("sendMessage", chat_id="@hoa", text="x"))["chat"]["id"] == 8
    assert await api.refusal("getChat", chat_id="@nobody") == "chat not found"
    assert double.person(8) is double.people[8]


async def test_an_anonymous_poll_tells_the_bot_nothing(api: Api, lan: Person) -> None:
    sent = await api.result(
        "sendPoll", chat_id=7, question="?", options=[{"text": "a"}], description="<b>x</b>",
        description_parse_mode="HTML", allows_multiple_answers=True,
    )  # fmt: skip
    assert sent["poll"]["description"] == "x"
    assert lan.chat.last.text == "?"
    with pytest.raises(ValueError, match="anonymous poll"):
        lan.votes(sent["message_id"], 0)


async def test_a_command_is_found_wherever_it_stands(double: TelegramDouble, lan: Person) -> None:
    said = lan.says("😀 /menu a/b /trogiup@double_bot https://a.vn/x")["message"]
    assert [(one["offset"], one["length"]) for one in said["entities"]] == [(3, 5), (13, 19)]
    assert "entities" not in lan.says("không có lệnh")["message"]
    assert len(double.pending) == 2


async def test_parameters_may_stand_in_the_address(api: Api, lan: Person) -> None:
    async with api.session.get(f"{api.root}/sendMessage?chat_id=7&text=Chào") as response:
        assert response.status == 200
    assert lan.chat.last.text == "Chào"
