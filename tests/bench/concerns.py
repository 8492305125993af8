"""Sealing and storing a concern among others; and the receipt's keys, which take longest and are neither."""

from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from bot.concerns import Deriver, Traces
from handlers.concerns import receipts
from handlers.concerns.receipts import Keys, Receipt
from handlers.concerns.rules import LONGEST_TEXT
from handlers.concerns.submitting import submit
from storage.database import Database, open_database
from storage.migrate import upgrade
from tests import people
from tests.bench.figures import Figure
from tests.bench.processes import Databases
from tests.concerns.place import Place, draft, make_place
from tests.people import CHAIR, COMMITTEE, LEADER
from tests.rooms import WORDS
from tests.world import BRANCH, SeededChance, SetClock, World

_THERE = 200
_MEASURED = 100
_DERIVED = 10
# Letters of three bytes each.
_TEXT = "ế" * LONGEST_TEXT


async def measure(databases: Databases, kind: str, home: Path) -> list[Figure]:
    """Three people may read; meanwhile earlier states of the rows are forgotten, as in the program."""
    url = await databases.fresh(kind)
    await upgrade(url)
    database = open_database(url)
    place = await _place(database, home / f"keys of {kind}")
    stored = [await _store(place) for _ in range(_THERE + _MEASURED)][_THERE:]
    derived = [await _derive() for _ in range(_DERIVED)]
    await database.close()
    what = f"a concern of {LONGEST_TEXT:,} characters sealed and stored among {_THERE}"
    return [
        Figure(f"{what}, median", kind, median(stored), "ms", 20),
        Figure(f"{what}, p95", kind, quantiles(stored, n=20)[-1], "ms"),
        Figure("the keys of a receipt, in a thread", kind, median(derived), "ms"),
    ]


async def _place(database: Database, folder: Path) -> Place:
    world = World(database, SetClock())
    await world.start()
    async with database.write() as tx:
        await people.seed(tx, world.clock.now())

    async def derive(_receipt: Receipt) -> Keys:
        return Keys(world.chance.token(32), world.chance.token(16))

    place = make_place(world, folder, derive=derive, stored=Traces(database).forget_soon)
    for code in (CHAIR, COMMITTEE, LEADER):
        await place.add_reader(code)
    return place


async def _store(place: Place) -> float:
    ctx, written = await place.context(), draft(place.world, _TEXT)
    begin = perf_counter()
    await submit(ctx, place.room, written)
    return (perf_counter() - begin) * 1_000


async def _derive() -> float:
    receipt = receipts.make(WORDS, SeededChance())
    begin = perf_counter()
    await Deriver(BRANCH).derive(receipt)
    return (perf_counter() - begin) * 1_000
