"""What is left, and what isn't, of concerns that many people handed in: a real program and all its files."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.anonymity import searching
from tests.anonymity.ids import calculated
from tests.anonymity.instance import instance
from tests.anonymity.life import PHRASE, TELEGRAM, Life, live
from tests.anonymity.marks import changed, of_different_lengths, timed
from tests.anonymity.order import ordered

pytestmark = pytest.mark.kill
# With those who do everything 30.
SENDERS = 28
# Few, to see that a check finds what is there to be found.
FEW = 3
# Of somebody on the roster: it has to be found.
KNOWN = "Đặng Thu Hà"


async def told(life: Life) -> list[str]:
    """What stands in a file of what was said, and of the receipts."""
    texts = [PHRASE]
    for receipt in (life.receipts[0], life.receipts[-1]):
        texts += [" ".join(receipt.words[:4]), receipt.secret.hex()]
    return searching.found(life.instance.files(), *texts)


Check = Callable[[Life], Awaitable[list[str]]]
CHECKS: dict[str, Check] = {
    "told": told,
    "calculated": calculated,
    "ordered": ordered,
    "timed": timed,
    "changed": changed,
    "of different lengths": of_different_lengths,
}


async def test_nothing_tells_who_sent_what_and_when(tmp_path: Path, database_url: str) -> None:
    async with instance(tmp_path, database_url, more_people=SENDERS) as place:
        life = await live(place, senders=SENDERS)
        while_it_runs = {name: await check(life) for name, check in CHECKS.items()}
        names = searching.found(place.files(), KNOWN)
        await place.stop()
        after_its_end = await told(life)
    assert while_it_runs == {name: [] for name in CHECKS}
    assert after_its_end == []
    # A search that finds nothing at all would prove nothing.
    assert names
    assert len(life.cases) == SENDERS + 2
    assert place.program.mistakes() == []


@pytest.mark.parametrize(
    ("weakness", "check"),
    [
        ("text_logged", "told"),
        ("text_in_a_file", "told"),
        ("draft_in_outbox", "told"),
        ("draft_in_outbox", "changed"),
        ("events_kept", "changed"),
        ("events_kept", "timed"),
        ("text_logged", "timed"),
        ("keys_made_late", "timed"),
        ("sender_hashed", "calculated"),
        ("unpadded", "of different lengths"),
    ],
)
async def test_what_is_left_is_found(tmp_path: Path, sqlite_url: str, weakness: str, check: str) -> None:
    async with instance(tmp_path, sqlite_url, weakness, more_people=FEW) as place:
        life = await live(place, senders=FEW, channels=(TELEGRAM,))
        assert await CHECKS[check](life)


async def test_an_order_is_found(tmp_path: Path, database_url: str) -> None:
    async with instance(tmp_path, database_url, "unmixed", more_people=SENDERS) as place:
        assert len(await ordered(await live(place, senders=SENDERS, channels=(TELEGRAM,)))) > 2
