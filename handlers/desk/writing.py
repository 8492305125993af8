"""What readers do with a case. Who decides on an older state of it is told so, and changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from handlers.desk import rules
from handlers.desk.noting import note_act
from handlers.desk.people import require_reader, require_set
from handlers.desk.reading import case_of, held, short_name
from handlers.desk.sealed import recipients_of, require_sealed
from handlers.kit import readership
from handlers.kit.context import Work
from handlers.kit.days import week_of
from handlers.kit.errors import RefusedError
from storage.concerns import cases, items, mixing, news
from storage.concerns.cases import OVER, Case, State
from storage.concerns.expiry import ExpiryKeys
from storage.concerns.items import ItemKind, NewItem
from storage.desk.acts import Act
from storage.members import Member


@dataclass(frozen=True, slots=True)
class Written:
    """Something that an officer's browser sealed, for the keys of `readers`; `version` is that of the case
    which they saw, `item_id` the browser's own, so that sending it twice adds it once.
    """

    case_id: bytes
    version: int
    item_id: bytes
    readers: frozenset[int]
    sealed: bytes


async def answer(work: Work, keys: ExpiryKeys, member: Member, written: Written, state: State) -> Case:
    """An answer for whoever wrote the concern; the case then stands at `state`."""
    case = await _seen(work, member, written)
    if await _is_there(work, written):
        return case
    changed = rules.answered(_same(case, written.version), state, work.today)
    await _change(work, case, changed)
    await _add(work, keys, case, written, ItemKind.ANSWER)
    await _close_with(work, case, state)
    await news.set_waiting(work.db)
    await _note(work, member, Act.ANSWERED, case, state=state.value)
    return await case_of(work, case.id)


async def decline(work: Work, keys: ExpiryKeys, member: Member, written: Written) -> Case:
    """`written` is an answer that says why."""
    case = await _seen(work, member, written)
    if await _is_there(work, written):
        return case
    changed = rules.declined(_same(case, written.version), work.today)
    await _change(work, case, changed)
    await _add(work, keys, case, written, ItemKind.ANSWER)
    await _close_with(work, case, State.DECLINED)
    await news.set_waiting(work.db)
    await _note(work, member, Act.DECLINED, case)
    return await case_of(work, case.id)


async def note(work: Work, keys: ExpiryKeys, member: Member, written: Written) -> Case:
    """Among readers only."""
    case = await _seen(work, member, written)
    if await _is_there(work, written):
        return case
    rules.require_open(_same(case, written.version))
    await _change(work, case, {})
    await _add(work, keys, case, written, ItemKind.NOTE)
    await _note(work, member, Act.NOTED, case)
    return await case_of(work, case.id)


async def set_state(work: Work, member: Member, case_id: bytes, version: int, state: State) -> Case:
    await require_reader(work, member)
    case = _same(await held(work, case_id), version)
    await _change(work, case, rules.moved(case, state, work.today))
    await _close_with(work, case, state)
    await _note(work, member, Act.STATE, case, before=case.state.value, after=state.value)
    return await case_of(work, case_id)


async def assign(work: Work, member: Member, case_id: bytes, version: int, reader_id: int | None) -> Case:
    """To one of those who can read, or to nobody."""
    await require_reader(work, member)
    case = _same(await held(work, case_id), version)
    rules.require_open(case)
    if reader_id is not None and reader_id not in {each.id for each in await readership.current(work.db)}:
        raise RefusedError("desk/reader_gone")
    await _change(work, case, {"assigned_to": reader_id})
    await _note(work, member, Act.ASSIGNED, case, reader=reader_id)
    return await case_of(work, case_id)


async def merge(work: Work, member: Member, case_id: bytes, version: int, into: bytes | None) -> Case:
    """As one that tells the same as `into`, or again as one of its own. Whoever is about to answer `into`
    hears that it changed, and answers both.
    """
    await require_reader(work, member)
    case = _same(await held(work, case_id), version)
    rules.require_open(case)
    changed: dict[str, Any] = {"merged_into": None}
    if into is not None:
        others = list(await cases.listed(work.db))
        target = await held(work, into)
        changed = rules.merged(case, target, others)
        await _change(work, target, {})
    await _change(work, case, changed)
    await _note(work, member, Act.MERGED, case, into=short_name(into) if into else None)
    return await case_of(work, case_id)


async def begin_linking(work: Work, member: Member, case_id: bytes, theme_id: int | None) -> None:
    """The case is about to be counted among those that speak of a theme, or of none."""
    await require_reader(work, member)
    await _note(work, member, Act.THEMED, await case_of(work, case_id), theme=theme_id)


async def reseal(
    work: Work,
    keys: ExpiryKeys,
    member: Member,
    sealed_for: frozenset[int],
    sealed: Iterable[tuple[bytes, bytes]],
) -> int:
    """The same items, sealed by the member's browser to the readers there are now; how many. RefusedError,
    and nothing changed, when these have changed again.
    """
    await require_reader(work, member)
    count = await require_set(work, sealed_for)
    done = 0
    for item_id, content in sealed:
        item = await items.by_id(work.db, item_id)
        if item is None:
            raise RefusedError("desk/item_gone")
        require_sealed(content, recipients_of(item.kind, count))
        case = await held(work, item.case_id)
        await items.seal_anew(work.db, keys, item_id, content, until=case.destroyed_after, readers=sealed_for)
        done += 1
    await note_act(work, member.id, Act.RESEALED)
    return done


async def _seen(work: Work, member: Member, written: Written) -> Case:
    await require_reader(work, member)
    return await held(work, written.case_id)


async def _is_there(work: Work, written: Written) -> bool:
    """Whether it was added before, and only the answer to that got lost."""
    found = await items.by_id(work.db, written.item_id)
    if found is not None and found.case_id != written.case_id:
        raise RefusedError("desk/not_so")
    return found is not None


def _same(case: Case, version: int) -> Case:
    if case.version != version:
        raise RefusedError("desk/case_changed")
    return case


async def _add(work: Work, keys: ExpiryKeys, case: Case, written: Written, kind: ItemKind) -> None:
    count = await require_set(work, written.readers)
    require_sealed(written.sealed, recipients_of(kind, count))
    new = NewItem(written.item_id, kind, written.sealed)
    week = week_of(work.today)
    await items.add(
        work.db, keys, case.id, [new], week=week, until=case.destroyed_after, readers=written.readers
    )
    await mixing.mix_around(work.db, case.id, [new.id], work.chance.shuffle)


async def _close_with(work: Work, case: Case, state: State) -> None:
    """What tells the same is over with the case."""
    if state in OVER:
        await cases.close_merged(work.db, case.id)


async def _change(work: Work, case: Case, changed: dict[str, Any]) -> None:
    if not await cases.change(work.db, case, **changed):
        raise RefusedError("desk/case_changed")


async def _note(work: Work, member: Member, act: Act, case: Case, **details: str | int | None) -> None:
    await note_act(work, member.id, act, short_name(case.id), **details)
