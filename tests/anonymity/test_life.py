"""What is left, and what isn't, of concerns that many people handed in: a real program and all its files."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from storage.database import is_sqlite, parse_url
from tests.anonymity import searching
from tests.anonymity.ids import calculated
from tests.anonymity.instance import instance
from tests.anonymity.life import PHRASE, TELEGRAM, ZALO, Life, live
from tests.anonymity.marks import changed, numbered, of_different_lengths, offered, timed
from tests.anonymity.order import ordered

pytestmark = pytest.mark.kill
# With those who do everything 30.
SENDERS = 27
# Few, to see that a check finds what is there to be found.
FEW, SOME = 3, 12
# Of somebody on the roster: it has to be found.
KNOWN = "Đặng Thu Hà"


async def told(life: Life) -> list[str]:
    """What stands in a file of what was said, and of the receipts."""
    texts = [PHRASE]
    # One of each channel among them.
    for receipt in (*life.receipts[:3], life.receipts[-1]):
        texts += [" ".join(receipt.words[:4]), receipt.secret.hex()]
    return searching.found(life.instance.files(), *texts)


Check = Callable[[Life], Awaitable[list[str]]]
CHECKS: dict[str, Check] = {
    "told": told,
    "calculated": calculated,
    "ordered": ordered,
    "timed": timed,
    "changed": changed,
    "numbered": numbered,
    "offered": offered,
    "of different lengths": of_different_lengths,
}


async def test_nothing_tells_who_sent_what_and_when(tmp_path: Path, database_url: str) -> None:
    # Zalo's events come by webhook in one of both runs, and by polling in the other.
    has_webhook = is_sqlite(parse_url(database_url))
    async with instance(tmp_path, database_url, more_people=SENDERS, has_webhook=has_webhook) as place:
        life = await live(place, senders=SENDERS)
        await place.numbers_forgotten()
        while_it_runs = {name: await check(life) for name, check in CHECKS.items()}
        names = searching.found(place.files(), KNOWN)
        await place.stop()
        after_its_end = await told(life)
    assert while_it_runs == {name: [] for name in CHECKS}
    assert after_its_end == []
    # A search that finds nothing at all would prove nothing.
    assert names
    assert len(life.cases) == SENDERS + 3
    assert place.program.mistakes() == []


# What is taken away, which check finds it, and by what.
WEAKNESSES = (
    ("text_logged", "told", ".log: "),
    ("text_logged", "timed", "log: private"),
    ("text_in_a_file", "told", "UTF-16 LE"),
    ("draft_in_outbox", "told", "caunoi.db"),
    ("draft_in_outbox", "changed", "cancelling changed outbox"),
    ("events_kept", "changed", "look-up changed processed_event"),
    ("counted_at_once", "changed", "zalo_bot look-up changed sending_budget"),
    ("menus_kept", "changed", "zalo_bot look-up changed offer"),
    ("menus_taken_over", "offered", "concerns.send"),
    ("numbers_kept", "numbered", "messages"),
    ("keys_made_late", "timed", ".key altered"),
    ("sender_hashed", "calculated", "HMAC sha256 of b'"),
    ("unpadded", "of different lengths", "concern"),
)


async def test_each_check_finds_what_a_weaker_program_leaves(tmp_path: Path, sqlite_url: str) -> None:
    names = dict.fromkeys(name for name, _, _ in WEAKNESSES)
    # Else a round might forget the private ones with the others before they are seen.
    names["events_remembered"] = None
    async with instance(tmp_path, sqlite_url, *names, more_people=FEW) as place:
        life = await live(place, senders=FEW, channels=(TELEGRAM, ZALO))
        hits = {name: "\n".join(await check(life)) for name, check in CHECKS.items()}
    assert [weakness for weakness in WEAKNESSES if weakness[2] not in hits[weakness[1]]] == []


async def test_an_order_is_found_where_rows_stay_as_they_came(tmp_path: Path, database_url: str) -> None:
    """And gaps where confirmed events stay."""
    names = ("unmixed", "events_remembered")
    async with instance(tmp_path, database_url, *names, more_people=SOME) as place:
        life = await live(place, senders=SOME, channels=())
        assert await ordered(life)
        assert any("events" in each for each in await numbered(life))
