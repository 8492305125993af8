"""What the double refuses, and the words it uses."""

from typing import Any

import pytest

from tests.doubles.conftest import Api
from tests.doubles.telegram import Person, TelegramDouble

Json = dict[str, Any]


def keyboard(*buttons: Json, rows: int = 1) -> Json:
    return {"inline_keyboard": [list(buttons)] * rows}


NEXT = {"text": "Next", "callback_data": "next"}


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({"text": "x", "colour": "red"}, 'unknown parameter "colour"'),
        ({}, "message text is empty"),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n\u200b\u202e "}, "text must be non-empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": 5}, 'parameter "text" must be of type String'),
        ({"text": "x", "disable_notification": "maybe"},
         'parameter "disable_notification" must be of type Boolean'),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "x", "parse_mode": "MarkdownV2"}, "unsupported parse_mode"),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
         "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 2"),
        ({"text": "x", "entities": [{"type": "shiny", "offset": 0, "length": 1}]},
         "can't parse MessageEntity: Unsupported type specified"),
        ({"text": "x", "entities": [{"type": "text_link", "offset": 0, "length": 1}]},
         'can\'t parse MessageEntity: Can\'t find field "url"'),
    ],
)  # fmt: skip
async def test_refused_texts(api: Api, lan: Person, params: Json, problem: str) -> None:
    assert await api.refusal("sendMessage", chat_id=lan.id, **params) == problem
    assert lan.chat.messages == []


@pytest.mark.parametrize(
    ("markup", "problem"),
    [
        ("no object", 'parameter "reply_markup" must be of type InlineKeyboardMarkup'),
        ({"buttons": []}, ("can't parse InlineKeyboardMarkup: the object is none of "
         "InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove, ForceReply")),
        (keyboard({"callback_data": "x"}),
         'can\'t parse inline keyboard button: Can\'t find field "text"'),
        (keyboard({"text": 1, "callback_data": "x"}),
         'can\'t parse inline keyboard button: Field "text" must be of type String'),
        (keyboard({"text": "", "callback_data": "x"}),
         "can't parse inline keyboard button: Button text must be non-empty"),
        (keyboard({"text": "x", "data": "x"}),
         'can\'t parse inline keyboard button: Unknown field "data"'),
        (keyboard({"text": "x"}), ("can't parse inline keyboard button: "
         "Text buttons are unallowed in the inline keyboard")),
        (keyboard({"text": "x", "url": "https://a.vn", "callback_data": "x"}),
         "can't parse inline keyboard button: exactly one optional field must be used"),
        (keyboard({"text": "x", "url": "javascript:alert(1)"}),
         "inline keyboard button URL 'javascript:alert(1)' is invalid: Wrong HTTP URL"),
        (keyboard({"text": "x", "callback_data": "ố" * 22}), "BUTTON_DATA_INVALID"),
        (keyboard({"text": "x", "callback_data": ""}), "BUTTON_DATA_INVALID"),
        (keyboard(*[NEXT] * 9), "reply markup is too long"),
        (keyboard(NEXT, rows=101), "reply markup is too long"),
        (keyboard({"text": "x", "callback_data": "x", "style": "loud"}),
         'field "style" must be one of danger, success, primary'),
    ],
)  # fmt: skip
async def test_refused_keyboards(api: Api, lan: Person, markup: Any, problem: str) -> None:
    refused = await api.refusal("sendMessage", chat_id=lan.id, text="x", reply_markup=markup)
    assert refused == problem


async def test_limits_are_reached_before_they_are_passed(api: Api, lan: Person) -> None:
    markup = keyboard({"text": "x", "callback_data": "ố" * 21 + "x"}, *[NEXT] * 7)
    await api.result("sendMessage", chat_id=lan.id, text="x" * 4096, reply_markup=markup)
    longer_source = "<b>" + "😀" * 4096 + "</b>"
    sent = await api.result(
        "sendMessage", chat_id=lan.id, text=longer_source, parse_mode="HTML",
        reply_markup=keyboard(*[NEXT] * 4, rows=25),
    )  # fmt: skip
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 8192}]


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("R&D &lt; 5", "R&D < 5", []),
        ("không có gì", "không có gì", []),
        ('<code class="language-sql">x</code>', "x", [("code", 0, 1)]),
        ("&nbsp;&amp;&#272;&#x1F600;&#0;", "&nbsp;&Đ😀&#0;", []),
        ("😀<b>a<i>b</i></b>", "😀ab", [("bold", 2, 2), ("italic", 3, 1)]),
        (" <u> x </u> ", " x", [("underline", 0, 2)]),
        ("<B>x</B><b></b>", "x", [("bold", 0, 1)]),
        ('<a href="https://a.vn/?a=1&amp;b=2">x</a>', "x", [("text_link", 0, 1)]),
        ('<a href="not a link">x</a>', "x", []),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ('<pre><code class="language-sql">x</code></pre>', "x", [("pre", 0, 1)]),
    ],
)
async def test_html_as_telegram_reads_it(
    api: Api, lan: Person, html: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    sent = await api.result("sendMessage", chat_id=lan.id, text=html, parse_mode="HTML")
    assert sent["text"] == text
    found = [(one["type"], one["offset"], one["length"]) for one in sent.get("entities", [])]
    assert found == entities


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ("Đỗ <3", "Unclosed start tag at byte offset 6"),
        ("a < b > c", 'Unsupported start tag "" at byte offset 2'),
        ("<script>x</script>", 'Unsupported start tag "script" at byte offset 0'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>",
         'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<a href>x</a>", ('Expected equal sign in declaration of an attribute of the tag "a" '
         "at byte offset 0")),
        ("<a href='x'", 'Unclosed start tag "a" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)  # fmt: skip
async def test_html_that_telegram_refuses(api: Api, lan: Person, html: str, problem: str) -> None:
    refused = await api.refusal("sendMessage", chat_id=lan.id, text=html, parse_mode="HTML")
    assert refused == f"can't parse entities: {problem}"


async def test_edits_of_what_is_not_there_or_stays_the_same(api: Api, lan: Person) -> None:
    said = lan.says("Xin chào")["message"]["message_id"]
    sent = await api.result("sendMessage", chat_id=lan.id, text="A", reply_markup=keyboard(NEXT))
    number = sent["message_id"]

    async def edit(message_id: int, **params: Any) -> str:
        return await api.refusal("editMessageText", chat_id=lan.id, message_id=message_id, **params)

    assert await edit(99, text="B") == "message to edit not found"
    assert await edit(said, text="B") == "message can't be edited"
    assert (await edit(number, text="A", reply_markup=keyboard(NEXT))).startswith("message is not modified")
    await api.result("editMessageReplyMarkup", chat_id=lan.id, message_id=number)
    assert lan.chat.last.buttons == []
    assert (await edit(number, text="<b>A", parse_mode="HTML")).startswith("can't parse entities")
    unpictured = await api.refusal("editMessageCaption", chat_id=lan.id, message_id=number)
    assert unpictured == "there is no caption in the message to edit"
    assert await api.refusal("editMessageText", text="B") == "chat_id is empty"


async def test_deletion_within_48_hours_only(api: Api, double: TelegramDouble, lan: Person) -> None:
    for _ in range(2):
        await api.result("sendMessage", chat_id=lan.id, text="x")
    assert await api.result("deleteMessage", chat_id=lan.id, message_id=1)
    gone = await api.refusal("deleteMessage", chat_id=lan.id, message_id=1)
    assert gone == "message to delete not found"
    double.advance(48 * 3600)
    late = await api.refusal("deleteMessage", chat_id=lan.id, message_id=2)
    assert late == "message can't be deleted"
    in_group = lan.says("x", chat=double.group(-5))["message"]["message_id"]
    others = await api.refusal("deleteMessage", chat_id=-5, message_id=in_group)
    assert others == "message can't be deleted"


async def test_several_are_deleted_together_or_none_is(api: Api, double: TelegramDouble, lan: Person) -> None:
    lan.says("của tôi")
    for _ in range(2):
        await api.result("sendMessage", chat_id=lan.id, text="x")
    assert await api.result("deleteMessages", chat_id=lan.id, message_ids=[1, 2, 99])
    assert [message.id for message in lan.chat.messages] == [3]
    double.advance(48 * 3600)
    await api.result("sendMessage", chat_id=lan.id, text="x")
    late = await api.refusal("deleteMessages", chat_id=lan.id, message_ids=[3, 4])
    assert late == "message can't be deleted"
    assert [message.id for message in lan.chat.messages] == [3, 4]
    for wrong in ([], list(range(1, 102))):
        assert "message_ids" in await api.refusal("deleteMessages", chat_id=lan.id, message_ids=wrong)


async def test_a_callback_query_is_answered_once(api: Api, lan: Person) -> None:
    sent = await api.result("sendMessage", chat_id=lan.id, text="A", reply_markup=keyboard(NEXT))
    with pytest.raises(LookupError, match=r"no button 'Back' to tap; there are: 'Next' \(next\)"):
        lan.taps(sent["message_id"], "Back")
    query = lan.taps(sent["message_id"], "next")["callback_query"]["id"]
    long = await api.refusal("answerCallbackQuery", callback_query_id=query, text="x" * 201)
    assert long == "MESSAGE_TOO_LONG"
    await api.result("answerCallbackQuery", callback_query_id=query, text="x" * 200)
    for again in (query, "made-up"):
        late = await api.refusal("answerCallbackQuery", callback_query_id=again)
        assert late == "query is too old and response timeout expired or query ID is invalid"


@pytest.mark.parametrize(
    ("commands", "problem"),
    [
        ([{"command": "Menu", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "/menu", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "x" * 33, "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "menu", "description": "x" * 257}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "menu", "description": " "}], "command description must be non-empty"),
        ([{"command": "menu"}], "can't parse BotCommand: Can't find field \"description\""),
        ([{"command": f"c{n}", "description": "x"} for n in range(101)], "BOT_COMMANDS_TOO_MUCH"),
    ],
)
async def test_refused_menus(api: Api, commands: list[Json], problem: str) -> None:
    assert await api.refusal("setMyCommands", commands=commands) == problem


async def test_scopes_are_told_apart_by_their_type(api: Api, lan: Person) -> None:
    menu = [{"command": "menu", "description": "x"}]
    scope = {"type": "chat", "chat_id": lan.id}
    await api.result("setMyCommands", commands=menu, scope=scope)
    assert await api.result("getMyCommands", scope=scope) == menu
    assert await api.result("getMyCommands") == []
    for wrong in ({"type": "chat"}, {"type": "planet"}):
        refused = await api.refusal("getMyCommands", scope=wrong)
        assert refused.startswith("can't parse BotCommandScopeDefault: the object is none of")
    stranger = {"type": "chat", "chat_id": 404}
    assert await api.refusal("setMyCommands", commands=menu, scope=stranger) == "chat not found"
    assert await api.refusal("getMyCommands", language_code="Việt") == ("invalid language code specified")
