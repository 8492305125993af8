"""Looking at concerns: what is known of them without opening them, and the sealed items for readers."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.desk import rules
from handlers.desk.noting import note_act
from handlers.desk.people import require_reader
from handlers.kit import readership
from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from storage.concerns import cases, items
from storage.concerns.cases import Case
from storage.concerns.expiry import DestroyedError, ExpiryKeys
from storage.concerns.items import Item, ItemKind
from storage.desk.acts import Act
from storage.members import Member

_SHORT = 4


@dataclass(frozen=True, slots=True)
class Opened:
    """`merged` are the cases that tell the same, and are answered with it."""

    case: Case
    items: Sequence[Item]
    merged: Sequence[Case]


def short_name(case_id: bytes) -> str:
    """What people and the record of acts call a case."""
    return case_id[:_SHORT].hex()


async def case_of(work: Work, case_id: bytes) -> Case:
    found = await cases.by_id(work.db, case_id)
    if found is None:
        raise RefusedError("desk/case_gone")
    return found


async def held(work: Work, case_id: bytes) -> Case:
    """The case, which nobody else changes meanwhile."""
    found = await cases.hold(work.db, case_id)
    if found is None:
        raise RefusedError("desk/case_gone")
    return found


async def listed(work: Work, member: Member) -> Sequence[Case]:
    await require_reader(work, member)
    return await cases.listed(work.db)


async def items_of_kind(work: Work, member: Member, kind: ItemKind) -> Sequence[Item]:
    await require_reader(work, member)
    return await items.of_kind(work.db, kind)


async def stale(work: Work, member: Member) -> Sequence[Item]:
    """What must be sealed anew for those who may read now."""
    await require_reader(work, member)
    return await items.stale(work.db, [each.id for each in await readership.current(work.db)])


async def open_case(work: Work, member: Member, case_id: bytes) -> Opened:
    """A new case is read from now on."""
    await require_reader(work, member)
    case = await held(work, case_id)
    changed = rules.opened(case)
    if changed:
        await cases.change(work.db, case, **changed)
        case = await case_of(work, case_id)
    await note_act(work, member.id, Act.READ, short_name(case_id))
    merged = await cases.merged_into(work.db, case_id)
    return Opened(case, await items.of_case(work.db, case_id), merged)


async def sealed_item(work: Work, keys: ExpiryKeys, member: Member, item_id: bytes) -> bytes:
    """The age file; RefusedError when there is none, or its time is over."""
    await require_reader(work, member)
    item = await items.by_id(work.db, item_id)
    try:
        sealed = await items.sealed(work.db, keys, item_id)
    except DestroyedError as error:
        raise RefusedError("desk/item_gone") from error
    if item is None or sealed is None:
        raise RefusedError("desk/item_gone")
    await note_act(work, member.id, Act.READ, short_name(item.case_id), item=item.number)
    return sealed


async def begin_fetching(work: Work, member: Member) -> None:
    """Sealed texts are about to go to the member's browser. How many isn't on record: between two of these
    acts it would tell how many concerns came.
    """
    await require_reader(work, member)
    await note_act(work, member.id, Act.FETCHED)


async def begin_export(work: Work, member: Member) -> list[Item]:
    """Everything that is to be taken along, case by case."""
    await require_reader(work, member)
    found = [item for kind in ItemKind for item in await items.of_kind(work.db, kind)]
    await note_act(work, member.id, Act.EXPORTED)
    return sorted(found, key=lambda item: (item.case_id, item.number))
