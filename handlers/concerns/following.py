"""What whoever holds a receipt may do: read the answers, write again, say whether it helped."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from handlers.concerns.receipts import Keys
from handlers.concerns.room import Room
from handlers.concerns.rules import closes_on
from handlers.concerns.submitting import readers_held, readers_now
from handlers.kit import sealing
from handlers.kit.days import week_of
from handlers.kit.errors import RefusedError
from handlers.kit.private import PrivateContext
from handlers.kit.sealing import PackageError, SealingError
from storage.concerns import cases, items, mixing
from storage.concerns.cases import OVER, Case, State
from storage.concerns.expiry import DamagedError, DestroyedError
from storage.concerns.items import Item, ItemKind, NewItem
from storage.concerns.readers import Reader
from storage.database import Transaction


class Lost(StrEnum):
    """Why an answer can't be read."""

    DESTROYED = "destroyed"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, opened, or `lost`. `week` is the Monday of the week in which it was written."""

    week: date
    text: str = field(default="", repr=False)
    by: str = ""
    lost: Lost | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A case as whoever wrote it sees it; what they wrote themselves isn't shown again. `closes_on` is when
    it closes by itself, as far as that is known.
    """

    case: Case
    answers: tuple[Answer, ...] = field(repr=False)
    closes_on: date | None


async def open_case(ctx: PrivateContext, room: Room, keys: Keys) -> Opened | None:
    """The case of a receipt; None when there is none, or none any more. One answer that can't be read keeps
    nobody from the others.
    """
    async with ctx.read() as tx:
        case = await cases.by_id(tx, keys.case_id)
        if case is None:
            return None
        found = [item for item in await items.of_case(tx, case.id) if item.kind is ItemKind.ANSWER]
        sealed = [(item, await _sealed(tx, room, item)) for item in found]
    identity = sealing.identity_from(keys.identity_seed)
    answers = tuple(_answer(item, each, identity) for item, each in sealed)
    return Opened(case, answers, closes_on(case, room.close_weeks, room.kept_months))


async def _sealed(tx: Transaction, room: Room, item: Item) -> bytes | Lost:
    try:
        return await items.sealed(tx, room.keys, item.id) or Lost.DESTROYED
    except DamagedError:
        return Lost.DAMAGED
    except DestroyedError:
        return Lost.DESTROYED


def _answer(item: Item, sealed: bytes | Lost, identity: str) -> Answer:
    if isinstance(sealed, Lost):
        return Answer(item.week, lost=sealed)
    try:
        header = sealing.decode(sealing.open_with(identity, sealed)).header
        return Answer(item.week, str(header["text"]), str(header["by"]))
    except (SealingError, PackageError, KeyError):
        return Answer(item.week, lost=Lost.DAMAGED)


async def write_again(ctx: PrivateContext, room: Room, case_id: bytes, item_id: bytes, text: str) -> None:
    """Add what the writer has to say; with the same `item_id` once only. RefusedError when the case is over,
    gone, or nobody may read it.
    """
    async with ctx.read() as tx:
        to = await readers_now(tx)
    package = sealing.encode({"kind": ItemKind.REPLY.value, "text": text, "files": []})
    sealed = _seal(to, package)
    async with ctx.write() as tx:
        if await items.by_id(tx, item_id) is not None:
            return
        case = await _open(tx, case_id)
        # Somebody was let in or removed meanwhile: it is for those who may read it now.
        if (now := await readers_held(tx)) != to:
            sealed = _seal(now, package)
        new = NewItem(item_id, ItemKind.REPLY, sealed)
        week = week_of(ctx.today)
        ids = [each.id for each in now]
        await items.add(tx, room.keys, case_id, [new], week=week, until=case.destroyed_after, readers=ids)
        state = State.IN_PROGRESS if case.state is State.ANSWERED else case.state
        await cases.change(tx, case, state=state.value, last_week=week, has_news=True)
        await mixing.mix_around(tx, case_id, [item_id], ctx.chance.shuffle)
    room.stored()


def _seal(to: Sequence[Reader], package: bytes) -> bytes:
    return sealing.seal_to([each.recipient for each in to], package)


async def _open(tx: Transaction, case_id: bytes) -> Case:
    case = await cases.hold(tx, case_id)
    if case is None:
        raise RefusedError("concerns/gone")
    if case.state in OVER:
        raise RefusedError("concerns/over")
    return case


async def rate(ctx: PrivateContext, room: Room, case_id: bytes, satisfaction: int) -> bool:
    """Whether it helped, from 1 to 3; False when the case is gone, or was changed this very moment."""
    async with ctx.write() as tx:
        case = await cases.hold(tx, case_id)
        if case is None or not await cases.change(tx, case, satisfaction=satisfaction):
            return False
        await mixing.mix_around(tx, case_id, [], ctx.chance.shuffle)
    room.stored()
    return True
