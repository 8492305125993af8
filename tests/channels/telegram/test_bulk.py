"""One message to many is what each would get by itself, with the same receipts."""

import string
from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from bot.channels.standing import Standing, State
from bot.channels.telegram.api import Api
from bot.channels.telegram.bulk import BulkSender, Prepared, prepare
from bot.channels.telegram.messages import LONGEST_TEXT, plan
from bot.channels.telegram.sending import Sender
from handlers.kit.channel import Outgoing, Receipt, Rejected, RetryAt, Sent, Unknown, Unreachable
from handlers.kit.reply import Attachment, Button, Reply
from handlers.kit.vietnamese import utf16_len
from tests.channels.telegram.harness import TOKEN, gateway, is_spread
from tests.doubles.telegram import TelegramDouble
from tests.world import SeededChance

SECOND = timedelta(seconds=1)
FILE = Attachment("a.txt", "text/plain", b"a")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(escape)
BUTTONS = st.builds(
    Button, st.text(min_size=1, max_size=20), st.text(string.ascii_letters + "~.", min_size=1, max_size=64)
)
REPLIES = st.builds(
    Reply, TEXTS, st.lists(st.lists(BUTTONS, min_size=1, max_size=20).map(tuple), max_size=4).map(tuple)
)
ADDRESSES = st.integers(-(2**52), 2**52).map(str)


class Bulk:
    """The way of bulk beside the ordinary one, to the same server."""

    def __init__(self, url: str) -> None:
        self.api = Api(TOKEN, url)
        self.standing = Standing("telegram", str)
        self.ordinary = Sender(self.api, self.standing, SeededChance())
        self._sender = BulkSender(self.api, self.ordinary)

    async def send(self, prepared: Prepared, to: int = 7, text: str | None = None, key: str = "k") -> Receipt:
        own = None if text is None else Markup(text)  # noqa: S704 - a test's own words
        return await self._sender.send(prepared, key, str(to), own)


@pytest.fixture
async def bulk(double: TelegramDouble) -> AsyncIterator[Bulk]:
    made = Bulk(double.url)
    yield made
    await made.api.close()


def message(text: str = "<b>Mời họp</b>", *labels: str, file: Attachment | None = None) -> Reply:
    row = tuple(Button(label, "1~t3st~announce.ack~1") for label in labels)
    return Reply(Markup(text), (row,) if row else (), file)  # noqa: S704 - a test's own words


@given(reply=REPLIES, address=ADDRESSES, own=st.none() | TEXTS)
def test_what_is_sent_is_what_the_reply_s_plan_says(reply: Reply, address: str, own: Markup | None) -> None:
    prepared = prepare(reply)
    (call,) = plan(prepared.outgoing("k", address, own))
    assert call.method == "sendMessage"
    assert msgspec.json.decode(prepared.body(address, own)) == call.parameters


@pytest.mark.parametrize("own", [None, Markup("Riêng")])
def test_a_file_is_no_plain_call(own: Markup | None) -> None:
    assert prepare(message(file=FILE)).body("7", own) == b""


@given(length=st.integers(LONGEST_TEXT - 2, LONGEST_TEXT + 2), letter=st.sampled_from(["ộ", "😀"]))
def test_a_text_that_has_to_be_split_is_no_plain_call(length: int, letter: str) -> None:
    text = Markup(letter * (length // utf16_len(letter)))  # noqa: S704 - one letter
    fits = len(plan(Outgoing("k", "7", Reply(text)))) == 1
    assert bool(prepare(Reply(text)).body("7", None)) == fits
    assert bool(prepare(message()).body("7", text)) == fits


async def test_everybody_gets_the_shared_message(bulk: Bulk, double: TelegramDouble) -> None:
    chats = [double.person(number).chat for number in range(1, 6)]
    shared = prepare(message("<b>Mời họp</b> &amp; quà", "Tôi đã nắm"))
    receipts = [await bulk.send(shared, chat.id, key=f"k:{chat.id}") for chat in chats]
    assert receipts == [Sent(str(chat.last.id)) for chat in chats]
    assert {(chat.last.text, len(chat.sent)) for chat in chats} == {("Mời họp & quà", 1)}
    assert [chat.last.buttons for chat in chats] == [[["Tôi đã nắm"]]] * 5


async def test_everybody_gets_their_own_words(bulk: Bulk, double: TelegramDouble) -> None:
    shared = prepare(message("Chào {{ten}}", "Tôi đã nắm"))
    for number, name in [(1, "Ánh"), (2, "Đạt")]:
        await bulk.send(shared, double.person(number).chat.id, f"Chào <i>{name}</i>")
    assert [double.person(number).chat.last.text for number in (1, 2)] == ["Chào Ánh", "Chào Đạt"]
    assert double.person(2).chat.last.buttons == [["Tôi đã nắm"]]


async def test_what_one_call_can_t_do_goes_the_ordinary_way(bulk: Bulk, double: TelegramDouble) -> None:
    chat = double.person(7).chat
    receipt = await bulk.send(prepare(message("từ " * 2000, "Tôi đã nắm")))
    assert receipt == Sent(str(chat.last.id), (str(chat.sent[0].id),))
    assert [message.buttons for message in chat.sent] == [[], [["Tôi đã nắm"]]]
    await bulk.send(prepare(message("Chào {{ten}}", file=FILE)), text="Chào Ánh")
    assert (chat.last.content, chat.last.text) == (b"a", "Chào Ánh")


async def test_markup_that_telegram_can_t_read_is_sent_plain(bulk: Bulk, double: TelegramDouble) -> None:
    chat = double.person(7).chat
    assert await bulk.send(prepare(message("<b>Chào &amp; <i>chị"))) == Sent(str(chat.last.id))
    assert [message.text for message in chat.sent] == ["Chào & chị"]


async def test_nothing_to_say_is_a_mistake_of_ours(bulk: Bulk, double: TelegramDouble) -> None:
    assert await bulk.send(prepare(message("")), text="") == Rejected("empty")
    assert await bulk.send(prepare(message("")), text=None) == Rejected("empty")
    assert not double.calls


# Receipts.


async def test_those_who_can_t_be_reached(bulk: Bulk, double: TelegramDouble) -> None:
    double.person(7).blocks()
    double.person(8).deletes_account()
    receipts = [await bulk.send(prepare(message()), to) for to in (7, 8, 404)]
    assert receipts == [Unreachable("blocked"), Unreachable("gone"), Unreachable("gone")]


async def test_429_stops_the_whole_token(bulk: Bulk, double: TelegramDouble) -> None:
    double.person(7)
    double.misbehave(429, times=1, retry_after=3600)
    assert await bulk.send(prepare(message())) == RetryAt(3600 * SECOND, "429", whole_token=True)


async def test_failures_count_with_those_of_the_ordinary_way(bulk: Bulk, double: TelegramDouble) -> None:
    chat = double.person(7).chat
    double.misbehave(500, times=3)
    outgoing = Outgoing("k", "7", message())
    receipts = [
        await bulk.send(prepare(message())),
        await bulk.ordinary.send(outgoing),
        await bulk.send(prepare(message())),
    ]
    assert all(is_spread(receipt, wait, "500") for receipt, wait in zip(receipts, (1, 2, 4), strict=True))
    assert await bulk.send(prepare(message())) == Sent(str(chat.last.id))
    double.misbehave(500, times=1)
    assert is_spread(await bulk.ordinary.send(outgoing), 1, "500")


async def test_a_refused_token_shows_until_it_works_again(bulk: Bulk, double: TelegramDouble) -> None:
    chat = double.person(7).chat
    double.misbehave(401, times=1)
    receipts, states = [], []
    for _ in range(2):
        receipts.append(await bulk.send(prepare(message())))
        states.append(bulk.standing.state)
    assert receipts == [RetryAt(60 * SECOND, "token refused", whole_token=True), Sent(str(chat.last.id))]
    assert states == [State.REFUSED, State.OK]


async def test_a_mistake_of_ours(bulk: Bulk, double: TelegramDouble) -> None:
    double.person(7)
    double.misbehave(400, description="Bad Request: BUTTON_DATA_INVALID")
    assert await bulk.send(prepare(message())) == Rejected("Button_data_invalid")


@pytest.mark.parametrize("kind", ["garbage", "empty", "close"])
@pytest.mark.parametrize("accepted", [False, True])
async def test_no_sensible_answer_leaves_it_unknown(
    bulk: Bulk, double: TelegramDouble, kind: str, *, accepted: bool
) -> None:
    chat = double.person(7).chat
    double.misbehave(kind, times=1, accepted=accepted)
    assert isinstance(await bulk.send(prepare(message())), Unknown)
    assert len(chat.sent) == int(accepted)


async def test_a_gateway_s_page_says_nothing_about_the_person() -> None:
    async with gateway(403) as url:
        bulk = Bulk(url)
        assert is_spread(await bulk.send(prepare(message())), 1, "403")
        await bulk.api.close()
