"""Hands a concern in: sealed in memory, and then written without anything that tells who or when."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from handlers.concerns.receipts import Receipt, from_secret
from handlers.concerns.room import Room
from handlers.concerns.rules import FUZZY_MONTHS, Draft, due_on, month_after
from handlers.kit import readership, sealing
from handlers.kit.calendar import workdays
from handlers.kit.context import Work
from handlers.kit.days import week_of
from handlers.kit.errors import RefusedError
from handlers.kit.private import PrivateContext
from storage.concerns import cases, items, mixing
from storage.concerns.cases import NewCase
from storage.concerns.items import ItemKind, NewItem
from storage.concerns.readers import Reader
from storage.database import Transaction

_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Submitted:
    """A concern that is stored. `due_on` is the last day for a first answer."""

    receipt: Receipt
    due_on: date


@dataclass(frozen=True, slots=True)
class _Sealed:
    case_id: bytes
    items: tuple[NewItem, ...]
    readers: tuple[int, ...]


async def submit(ctx: PrivateContext, room: Room, draft: Draft) -> Submitted:
    """Store the concern. RefusedError when nobody may read it; StorageUnavailableError when it could not be
    stored.
    """
    receipt = from_secret(room.words, draft.secret)
    keys = await room.derive(receipt)
    async with ctx.read() as tx:
        to = await readers_now(tx)
    answer_to = sealing.recipient_of(sealing.identity_from(keys.identity_seed))
    sealed = _seal(ctx, draft, keys.case_id, answer_to, to)
    async with ctx.write() as tx:
        # Somebody was let in or removed meanwhile: it is for those who may read it now.
        if (now := await readers_held(tx)) != to:
            sealed = _seal(ctx, draft, keys.case_id, answer_to, now)
        due = await _store(ctx, room, tx, draft, sealed)
    room.stored()
    return Submitted(receipt, due)


async def submitted(ctx: PrivateContext, room: Room, secret: bytes) -> Submitted | None:
    """What was handed in with this secret before, if it was."""
    receipt = from_secret(room.words, secret)
    keys = await room.derive(receipt)
    async with ctx.read() as tx:
        case = await cases.by_id(tx, keys.case_id)
    return Submitted(receipt, case.due_on) if case else None


async def readers_now(tx: Transaction) -> list[Reader]:
    """To whom everything is sealed; RefusedError when that is nobody."""
    return _some(await readership.current(tx))


async def readers_held(tx: Transaction) -> list[Reader]:
    """The same, and it stays so until the transaction ends."""
    return _some(await readership.held(tx))


def _some(found: list[Reader]) -> list[Reader]:
    if not found:
        raise RefusedError("concerns/no_readers")
    return found


def _seal(ctx: PrivateContext, draft: Draft, case_id: bytes, answer_to: str, to: list[Reader]) -> _Sealed:
    recipients = [each.recipient for each in to]
    files = [{"name": file.name, "mime": file.mime, "size": len(file.content)} for file in draft.files]
    concern = {"category": draft.category, "text": draft.text, "answer_to": answer_to, "files": files}
    packages = [_item(ctx, ItemKind.CONCERN, concern, recipients)]
    packages += [
        _item(ctx, ItemKind.FILE, {"name": file.name, "mime": file.mime}, recipients, file.content)
        for file in draft.files
    ]
    return _Sealed(case_id, tuple(packages), tuple(each.id for each in to))


def _item(
    ctx: PrivateContext, kind: ItemKind, header: dict[str, Any], recipients: list[str], body: bytes = b""
) -> NewItem:
    package = sealing.encode({"kind": kind.value, **header}, body)
    return NewItem(ctx.chance.token(_ID_BYTES), kind, sealing.seal_to(recipients, package))


async def _store(ctx: PrivateContext, room: Room, tx: Transaction, draft: Draft, sealed: _Sealed) -> date:
    """The day on which a first answer is due."""
    found = await cases.by_id(tx, sealed.case_id)
    if found is not None:
        # Stored before, and the connection broke off before anybody was told.
        return found.due_on
    week = week_of(ctx.today)
    days = await workdays(Work(services=ctx.services, now=ctx.now, db=tx))
    new = NewCase(
        id=sealed.case_id,
        week=week,
        category=draft.category,
        due_on=due_on(week, days, room.answer_days),
        # Not from the day: a week may lie in two months.
        destroyed_after=month_after(week, room.kept_months + ctx.chance.below(FUZZY_MONTHS)),
    )
    await cases.add(tx, new)
    await items.add(
        tx, room.keys, new.id, sealed.items, week=week, until=new.destroyed_after, readers=sealed.readers
    )
    texts = [item.id for item in sealed.items if item.kind is not ItemKind.FILE]
    await mixing.mix_around(tx, new.id, texts, ctx.chance.shuffle)
    return new.due_on
