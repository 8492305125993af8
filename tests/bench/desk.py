"""Many cases at the desk: fetched, opened and listed in a real browser, with the server beside it."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from playwright.async_api import Page
from sqlalchemy import insert

from bot.web.site import WebSettings
from handlers.kit.vietnamese import fold
from storage.concerns import readers
from storage.concerns.items import ItemKind
from storage.database import open_database
from storage.migrate import upgrade
from storage.schema.concerns import concern_case, concern_item
from tests import people
from tests.bench.figures import Figure
from tests.bench.processes import Databases
from tests.concerns.place import make_place
from tests.people import CHAIR, COMMITTEE, LEADER
from tests.web.desk import seal
from tests.web.deskpage import PASSPHRASE, Desk, desk_of
from tests.web.house import House
from tests.world import CATEGORIES, SetClock, World

_AT_ONCE = 500
_WEEKS = 40
_TEXT = "Tăng ca ba tuần liền mà chưa thấy tính tiền làm thêm. " * 20
# Every second case begins with the one, a single case with the other.
_COMMON, _RARE = "Quạt trần hỏng. ", "Thang máy kẹt. "
_PATIENCE_MS = 300_000
# Fewer than so many, and nobody would call it progress.
_STEPS = 10
_SETTINGS = WebSettings(demo=False, public_url="", timezone="Asia/Ho_Chi_Minh")

_COUNT_STEPS = """() => {
  window.steps = 0;
  const count = (changes) => { window.steps += changes.length; };
  new MutationObserver(count).observe(document.body, { subtree: true, attributeFilter: ['value'] });
}"""
# In the pieces in which the page does it; the numbers of bytes and of seconds.
_FETCH = """async () => {
  const folder = document.querySelector('link[rel=stylesheet]').href.replace(/[^/]*$/, 'desk/');
  const modules = ['api', 'loading'].map((name) => import(`${folder}${name}.js`));
  const [api, { fetchSealed }] = await Promise.all(modules);
  const began = performance.now();
  const ids = (await api.get('items?kind=concern')).map((item) => item.id);
  let bytes = 0;
  for (let at = 0; at < ids.length; at += 1000) {
    for (const [, sealed] of await fetchSealed(ids.slice(at, at + 1000))) bytes += sealed.length;
  }
  return [bytes, (performance.now() - began) / 1000];
}"""
_DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


async def measure(databases: Databases, kind: str, home: Path, number: int) -> list[Figure]:
    """Three people may read. The key is open when the time begins: how long that takes is set on purpose."""
    url = await databases.fresh(kind)
    await upgrade(url)
    database = open_database(url)
    world = World(database, SetClock())
    await world.start()
    async with database.write() as tx:
        await people.seed(tx, world.clock.now())
    place = make_place(world, home / f"desk of {kind}")
    house = House(world)
    house.keys = place.room.keys
    async with house.opened(_SETTINGS), desk_of(house, CHAIR) as desk:
        await desk.enter()
        await desk.make_key()
        await desk.is_in()
        for code in (COMMITTEE, LEADER):
            await place.add_reader(code)
        await _fill(house, number)
        figures = [await _open(desk, kind, number), *await _look(desk, kind, number)]
    await database.close()
    return figures


async def _fill(house: House, number: int) -> None:
    """One concern each, every one sealed by itself."""
    async with house.database.read() as tx:
        recipients = [each.recipient for each in await readers.listed(tx)]
    for first in range(0, number, _AT_ONCE):
        rows = [_rows(house, recipients, each) for each in range(first, min(first + _AT_ONCE, number))]
        async with house.database.write() as tx:
            await tx.run_many(insert(concern_case), [case for case, _ in rows])
            await tx.run_many(insert(concern_item), [item for _, item in rows])


def _rows(
    house: House, recipients: Sequence[str], number: int
) -> tuple[dict[str, object], dict[str, object]]:
    today = house.clock.now().date()
    week = today - timedelta(days=today.weekday(), weeks=number % _WEEKS)
    until = today.replace(year=today.year + 1, day=1)
    case_id = house.chance.token(16)
    category = list(CATEGORIES)[number % len(CATEGORIES)]
    text = (_COMMON if number % 2 else "" if number else _RARE) + _TEXT
    sealed = seal(recipients, text, "concern", category=category, files=[], answer_to=recipients[0])
    case = {
        "id": case_id,
        "week": week,
        "category": category,
        "state": "new",
        "due_on": week + timedelta(days=11),
        "destroyed_after": until,
    }
    item = {
        "id": house.chance.token(16),
        "case_id": case_id,
        "number": 1,
        "kind": ItemKind.CONCERN.value,
        "week": week,
        "until": until,
        "sealed": house.keys.wrap(until, sealed),
    }
    return case, item


async def _open(desk: Desk, kind: str, number: int) -> Figure:
    page = desk.page
    await desk.lock()
    await page.evaluate(_COUNT_STEPS)
    await desk.unlock(PASSPHRASE)
    await page.locator("progress[data-part=bar]").wait_for()
    begin = perf_counter()
    await page.get_by_role("searchbox").wait_for(timeout=_PATIENCE_MS)
    await page.evaluate(_DRAWN)
    seconds = perf_counter() - begin
    steps = await page.evaluate("steps")
    if steps < _STEPS:
        raise RuntimeError(f"{steps} steps of progress were seen")
    return Figure(f"{number:,} cases fetched, opened and listed at the desk", kind, seconds, "s", 10)


async def _look(desk: Desk, kind: str, number: int) -> list[Figure]:
    page = desk.page
    searches = [await _search(page, words, count) for words, count in ((_COMMON, number // 2), (_RARE, 1))]
    await page.get_by_role("searchbox").fill("")
    begin = perf_counter()
    await page.locator(".row").first.click()
    await page.locator(".case .entry").first.wait_for()
    opening = perf_counter() - begin
    size, fetching = await page.evaluate(_FETCH)
    return [
        Figure(f"of it fetching {size / 1e6:,.0f} MB, done alone", kind, fetching, "s"),
        Figure(f"a search over {number:,} opened cases, the slower one", kind, max(searches) * 1_000, "ms"),
        Figure("opening one of them", kind, opening * 1_000, "ms"),
    ]


async def _search(page: Page, words: str, count: int) -> float:
    begin = perf_counter()
    await page.get_by_role("searchbox").fill(fold(words))
    await page.evaluate(_DRAWN)
    seconds = perf_counter() - begin
    told = await page.locator(".count").first.inner_text()
    if int("".join(filter(str.isdigit, told))) != count:
        raise RuntimeError(f"{words!r}: {told}")
    return seconds
