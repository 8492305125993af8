"""Cases for tests of storage: sealed bytes as they would come from elsewhere."""

from datetime import date

from storage.concerns import cases, items, mixing
from storage.concerns.cases import NewCase
from storage.concerns.expiry import ExpiryKeys
from storage.concerns.items import ItemKind, NewItem
from storage.database import Database
from tests.world import SeededChance

WEEK = date(2026, 3, 2)
KEPT_TO = date(2027, 3, 1)
SEALED_BYTES = 20_480


async def file_case(
    database: Database,
    keys: ExpiryKeys,
    chance: SeededChance,
    *,
    files: int = 0,
    category: str = "pay",
    week: date = WEEK,
    until: date = KEPT_TO,
) -> bytes:
    """A case with its concern, stored as a submission stores it; its id."""
    case_id = chance.token(16)
    new = [NewItem(chance.token(16), ItemKind.CONCERN, chance.token(SEALED_BYTES))]
    new += [NewItem(chance.token(16), ItemKind.FILE, chance.token(SEALED_BYTES)) for _ in range(files)]
    async with database.write() as tx:
        await cases.add(tx, NewCase(case_id, week, category, date(2026, 3, 13), until))
        await items.add(tx, keys, case_id, new, week=week, until=until, readers=[1])
        await mixing.mix_around(tx, case_id, [new[0].id], chance.shuffle)
    return case_id
