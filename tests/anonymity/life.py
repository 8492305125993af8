"""What people do with a branch's program while nobody but them does anything: what is searched afterwards."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.system import SystemClock
from handlers.concerns import receipts
from handlers.concerns.receipts import Receipt
from handlers.kit import sealing
from handlers.kit.days import week_of
from storage.concerns import cases, items
from storage.concerns.items import ItemKind, NewItem
from tests.anonymity.instance import READER, Instance, code_of
from tests.doubles.telegram.person import PIXEL
from tests.people import COMMITTEE, WORKER
from tests.rooms import WORDS
from tests.storage.snapshot import changes, snapshot
from tests.world import SeededChance

# Nobody says this by chance.
PHRASE = "Quạt điện xưởng hai rỉ sét 4711"
WEB_WORKER, ZALO_WORKER = "NV07", "NV08"
TELEGRAM, WEB, ZALO = CHANNELS = "telegram", "web", "zalo_bot"
# Who is somebody in particular at each channel.
PEOPLE = {WORKER: TELEGRAM, WEB_WORKER: WEB, ZALO_WORKER: ZALO}
_WORDS_IN_A_LINE = 4
# Longer than a draft is kept.
_TIMED_OUT_S = 31 * 60
_QUIET_S = 0.15


class Line(Protocol):
    """A person at a channel. Each deed returns when something new that holds `sees` has come."""

    @property
    def text(self) -> str: ...

    async def says(self, text: str, sees: str) -> None: ...

    async def sends_file(self, name: str, mime: str, content: bytes, caption: str, sees: str) -> None: ...

    async def taps(self, label: str, sees: str) -> None: ...

    async def presses(self, payload: str, sees: str) -> None: ...

    async def presses_in_vain(self, payload: str, died: Callable[[], Awaitable[object]]) -> None:
        """The program dies of it, or nobody knows what has become of it."""
        ...

    async def comes_back(self, sees: str) -> None:
        """What the channel does by itself after that: it brings the press once more."""
        ...

    def payload(self, label: str) -> str: ...


@dataclass
class Life:
    """`told` has what each deed changed in the database, `cases` the ids in the order in which they came,
    `hours` when nothing but private things was done.
    """

    instance: Instance
    told: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    receipts: list[Receipt] = field(default_factory=list)
    cases: list[bytes] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    hours: list[tuple[datetime, datetime]] = field(default_factory=list)


async def live(instance: Instance, *, senders: int, channels: Sequence[str] = CHANNELS) -> Life:
    """Everything that can be done with concerns, once in each of `channels`, and then one each by many people
    in all.
    """
    life = Life(instance)
    crowd = {code_of(number): CHANNELS[number % len(CHANNELS)] for number in range(senders)}
    chosen = {code: channel for code, channel in PEOPLE.items() if channel in channels}
    life.codes = [*chosen, *crowd]
    lines = {code: await line_of(instance, code, (chosen | crowd)[code]) for code in life.codes}
    bystander = await instance.phone(COMMITTEE)
    await instance.start()
    for line in (bystander, *lines.values()):
        # From now on everything is stored of them that an ordinary word leaves.
        await line.says("/menu", sees="muốn làm gì")
    await instance.counted()
    for code, channel in chosen.items():
        await _whole(life, channel, lines[code], bystander)
    await _crowd(life, [lines[code] for code in crowd])
    await bystander.says("/menu", sees="muốn làm gì")
    # What they are offered now is kept, and may not tell what they were offered before.
    for phone in instance.zalo_phones.values():
        await phone.says("/menu", sees="muốn làm gì")
    await steady(instance)
    await instance.a_round()
    await instance.everything_written()
    return life


async def line_of(instance: Instance, code: str, channel: str) -> Line:
    match channel:
        case "telegram":
            return await instance.phone(code)
        case "zalo_bot":
            return await instance.zalo_phone(code)
    return await instance.browser(code)


async def lines_of(instance: Instance) -> list[Line]:
    """Somebody's at each channel."""
    return [await line_of(instance, code, channel) for code, channel in PEOPLE.items()]


async def steady(instance: Instance) -> None:
    """Return when nothing of the ordinary is under way any more."""
    before = await snapshot(instance.database)
    while True:
        await asyncio.sleep(_QUIET_S)
        now = await snapshot(instance.database)
        if now == before:
            return
        before = now


async def write(line: Line, text: str) -> None:
    await line.says("/kiennghi", sees="Được giữ kín")
    await line.taps("An toàn", sees="viết vào đây")
    await line.says(text, sees="đọc lại")


async def send(line: Line) -> Receipt:
    await line.taps("Gửi kín", sees="Mã tra cứu")
    return receipt_on(line)


def receipt_on(line: Line) -> Receipt:
    """The one that was shown last."""
    lines = [each for each in line.text.splitlines() if _is_of_a_receipt(each)]
    return receipts.read(WORDS, " ".join(lines[-2:]))


def _is_of_a_receipt(line: str) -> bool:
    """A choice has a mark in front, and begins with a capital."""
    return len(line.split()) == _WORDS_IN_A_LINE and line == line.lower()


async def answer(instance: Instance, case_id: bytes, text: str) -> None:
    """As the desk's browser does it: sealed to the reader and to whoever wrote the concern."""
    async with instance.database.write() as tx:
        case = await cases.hold(tx, case_id)
        assert case is not None
        [concern, *_] = await items.of_case(tx, case_id)
        sealed = await items.sealed(tx, instance.keys, concern.id)
        assert sealed is not None
        plain = sealing.open_with(READER, sealed)
        to = json.loads(plain[4 : 4 + int.from_bytes(plain[:4])])["answer_to"]
        package = sealing.encode({"kind": "answer", "text": text, "by": "Nguyễn Thị Ánh"})
        again = sealing.seal_to([sealing.recipient_of(READER), to], package)
        new = NewItem(SeededChance(len(text)).token(8) + case_id[:8], ItemKind.ANSWER, again)
        await items.add(
            tx,
            instance.keys,
            case_id,
            [new],
            week=week_of(case.week),
            until=case.destroyed_after,
            readers=[1],
        )
        await cases.change(tx, case, state="answered")


async def _whole(life: Life, channel: str, line: Line, bystander: Line) -> None:
    """A concern with files, its answer, a reply, a rating; drafts that are cancelled, left and refused."""
    deed = _Deed(life, channel)
    async with deed("submission"):
        await write(line, f"{PHRASE}, phần một.")
        await line.says(f"{PHRASE}, phần hai.", sees="phần hai")
        await line.sends_file("a.txt", "text/plain", f"{PHRASE} trong tệp".encode(), PHRASE, sees="tep-1.txt")
        await line.sends_file("b.png", "image/png", PIXEL, f"{PHRASE} ảnh", sees="tep-2")
        receipt = await send(line)
        await line.taps("Đã chép mã", sees="tờ giấy")
    await _note(life, receipt)
    await answer(life.instance, life.cases[-1], PHRASE)
    async with deed("look-up"):
        await _look_up(line, receipt)
    async with deed("rating"):
        await line.taps("Được một phần", sees="được một phần")
    async with deed("reply"):
        await line.taps("Viết thêm", sees="điều muốn nói thêm")
        await line.says(f"{PHRASE}, viết thêm.", sees="đọc lại")
        await line.taps("Gửi kín tin này", sees="Đã gửi kín")
    async with deed("cancelling"):
        await write(line, f"{PHRASE}, bỏ.")
        await line.says("/huy", sees="Đã bỏ")
    async with deed("failing"):
        await write(line, PHRASE)
        await line.says(f"{PHRASE} " * 126, sees="4.000")
        await line.taps("Thôi", sees="Đã bỏ")
    async with deed("timing out"):
        await write(line, f"{PHRASE}, để đó.")
        life.instance.forward(_TIMED_OUT_S)
        await line.says(f"{PHRASE}, quá lâu.", sees="Để lâu quá")
        life.instance.forward(0)
    await bystander.says("/menu", sees="muốn làm gì")
    await steady(life.instance)


async def _look_up(line: Line, receipt: Receipt) -> None:
    await line.says("/tracuu", sees="8 từ")
    await line.says(receipt.folded, sees="Nguyễn Thị Ánh")


async def _crowd(life: Life, lines: Sequence[Line]) -> None:
    """All write side by side, and send one after the other: of the shortest and of long texts."""
    async with _Deed(life, "")("crowd"):
        texts = [(f"{PHRASE} " * 60)[: 10 if number % 2 else 1_900] for number in range(len(lines))]
        await asyncio.gather(*map(write, lines, texts))
        for line in lines:
            await _note(life, await send(line))


async def _note(life: Life, receipt: Receipt) -> None:
    """The case is the one that wasn't there before: to calculate its id takes longer."""
    life.receipts.append(receipt)
    async with life.instance.database.read() as tx:
        [new] = {case.id for case in await cases.listed(tx)} - set(life.cases)
    life.cases.append(new)


class _Deed:
    """Notes what changed in the database meanwhile."""

    def __init__(self, life: Life, channel: str) -> None:
        self._life = life
        self._channel = channel

    def __call__(self, name: str) -> "_Deed":
        self._name = f"{self._channel} {name}".strip()
        return self

    async def __aenter__(self) -> None:
        await steady(self._life.instance)
        self._before = await snapshot(self._life.instance.database)
        self._began = SystemClock().now()

    async def __aexit__(self, kind: object, *_rest: object) -> None:
        if kind is None:
            self._life.hours.append((self._began, SystemClock().now()))
            told = await changes(self._life.instance.database, self._before)
            # Ordinary ones may have been forgotten meanwhile.
            told["processed_event"] = [
                each
                for each in told.get("processed_event", [])
                if each not in self._before["processed_event"]
            ]
            self._life.told[self._name] = {table: rows for table, rows in told.items() if rows}
