"""The roster's history: whatever is imported, admitted and withdrawn, any moment can be seen again."""

import asyncio
import random  # noqa: TID251 - seeded, so that a failure can be repeated
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.kit.access import roles_of
from handlers.kit.payload import encode
from handlers.kit.roles import Role
from handlers.roster import actions, history
from handlers.roster.reading import Reading, RosterRow
from storage import consents, members, roster_history, roster_keeping
from storage.database import Database, open_database
from storage.members import Member
from storage.roster_history import Period
from storage.roster_keeping import Cause
from tests.people import CHAIR, COMMITTEE, PEOPLE, WORKER
from tests.talk import Shown
from tests.world import START, SetClock, World

CODES = tuple(f"NV{number:02}" for number in range(6))
GROUPS = ("Tổ Một", "Tổ Hai")
ROLES = (Role.GROUP_LEADER, Role.COMMITTEE, Role.CELL_COMMITTEE)
NOBODY = RosterRow(0, CHAIR, "Mai Ánh", "Tổ Một", "", True, False, frozenset({Role.WORKER, Role.CHAIR}), None)

rows = st.builds(
    RosterRow,
    st.just(0),
    st.sampled_from(CODES),
    st.sampled_from(("Lê An", "Lê Thị An")),
    st.sampled_from(GROUPS),
    st.sampled_from(("", "Kỹ sư")),
    st.booleans(),
    st.booleans(),
    st.frozensets(st.sampled_from(ROLES)).map(lambda roles: roles | {Role.WORKER}),
    st.sampled_from((None, date(2020, 1, 2))),
)
rosters = st.lists(rows, max_size=6, unique_by=lambda row: row.code)
# Minutes that pass before each import; the clock may stand still, and go back.
steps = st.lists(
    st.tuples(st.sampled_from((-90, -1, 0, 1, 60, 60 * 24 * 40)), rosters), min_size=1, max_size=8
)


class Model:
    """Each person's states by the time at which they began; None: not on the roster."""

    def __init__(self) -> None:
        self._states: dict[str, list[tuple[datetime, RosterRow | None]]] = {}

    def note(self, now: datetime, roster: Sequence[RosterRow]) -> None:
        there = {row.code: row for row in roster}
        for code in {*self._states, *there}:
            held = self._states.setdefault(code, [])
            if (held[-1][1] if held else None) != there.get(code):
                held.append((max(now, held[-1][0]) if held else now, there.get(code)))

    def as_of(self, moment: datetime) -> set[RosterRow]:
        last = [[row for since, row in held if since <= moment][-1:] for held in self._states.values()]
        return {row for found in last for row in found if row is not None}

    def moments(self) -> set[datetime]:
        """Each change, and the instants before and after it."""
        changes = [since for held in self._states.values() for since, _row in held]
        return {at + timedelta(microseconds=shift) for at in changes for shift in (-1, 0, 1)}


def as_row(person: Member) -> RosterRow:
    return RosterRow(
        0,
        person.code,
        person.full_name,
        person.group_name,
        person.position,
        person.is_union_member,
        person.is_party_member,
        roles_of(person),
        person.started_on,
    )


async def _play(database: Database, played: Sequence[tuple[int, Sequence[RosterRow]]]) -> None:
    clock, model = SetClock(), Model()
    world = World(database, clock)
    await world.start()
    for minutes, roster in played:
        clock.forward(minutes=minutes)
        async with database.write() as tx:
            reading = Reading((NOBODY, *roster), ())
            await actions.import_roster(
                world.work(tx), reading, dry_run=False, allow_many_left=True, allow_renamed=True
            )
        model.note(clock.now(), (NOBODY, *roster))
    async with database.read() as tx:
        for moment in model.moments():
            found = await roster_history.as_of(tx, moment)
            assert len({each.id for each in found}) == len(found)
            assert {as_row(each) for each in found} == model.as_of(moment), moment


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps)
def test_any_moment_is_as_it_was(sqlite_template: Path, played: list[tuple[int, list[RosterRow]]]) -> None:
    async def run() -> None:
        with TemporaryDirectory() as folder:
            database = open_database(f"sqlite:///{shutil.copy(sqlite_template, folder)}")
            try:
                await _play(database, played)
            finally:
                await database.close()

    asyncio.run(run())


@pytest.mark.parametrize("seed", range(4))
async def test_any_moment_is_as_it_was_on_both(database: Database, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test's dice

    def row(code: str) -> RosterRow:
        roles = frozenset({Role.WORKER, *chance.sample(ROLES, chance.randrange(3))})
        flags = chance.random() < 0.5, chance.random() < 0.3
        return RosterRow(0, code, "Lê An", chance.choice(GROUPS), "", *flags, roles, None)

    played = [
        (chance.choice((-90, 0, 1, 60, 50_000)), [row(code) for code in CODES if chance.random() < 0.7])
        for _ in range(8)
    ]
    await _play(database, played)


# What is kept of one person.


async def _history(world: World, code: str) -> list[Period]:
    async with world.database.read() as tx:
        found = await members.by_code(tx, code)
        assert found is not None
        return await roster_history.of_member(tx, found.id)


async def _import(world: World, *changed: RosterRow, without: Sequence[str] = ()) -> None:
    async with world.database.write() as tx:
        there = {each.code: as_row(each) for each in await members.everybody(tx) if each.is_active}
        there |= {row.code: row for row in changed}
        reading = Reading(tuple(row for code, row in there.items() if code not in without), ())
        await actions.import_roster(world.work(tx), reading, dry_run=False)


async def _row(world: World, code: str) -> RosterRow:
    async with world.database.read() as tx:
        found = await members.by_code(tx, code)
    assert found is not None
    return as_row(found)


async def test_who_left_and_came_back(branch_world: World) -> None:
    worker = await _row(branch_world, WORKER)
    branch_world.clock.forward(days=10)
    await _import(branch_world, without=[WORKER])
    left_at = branch_world.clock.now()
    branch_world.clock.forward(days=10)
    await _import(branch_world, replace(worker, group="Tổ Kỹ thuật"))
    first, second = await _history(branch_world, WORKER)
    assert (first.since, first.until, first.standing.group_name) == (START, left_at, "Tổ Hành chính")
    assert (second.since, second.until) == (branch_world.clock.now(), None)
    assert (second.cause, second.standing.group_name) == (Cause.IMPORT, "Tổ Kỹ thuật")
    async with branch_world.database.read() as tx:
        assert WORKER not in {each.code for each in await roster_history.as_of(tx, left_at)}


async def test_the_same_roster_again_begins_nothing(branch_world: World) -> None:
    branch_world.clock.forward(days=1)
    await _import(branch_world)
    assert [len(await _history(branch_world, code)) for code, *_ in PEOPLE] == [1] * len(PEOPLE)


async def test_the_founder_under_the_code_of_before(database: Database, clock: SetClock) -> None:
    world = World(database, clock)
    async with database.write() as tx:
        work = world.work(tx)
        await actions.init_branch(
            tx, work.services.texts, work.chance, clock.now(), name="Công đoàn A", chair="Mai Ánh"
        )
    clock.forward(days=1)
    async with database.write() as tx:
        await actions.import_roster(world.work(tx), Reading((NOBODY,), ()), dry_run=False)
    founded, coded = await _history(world, CHAIR)
    assert [founded.standing.code, coded.standing.code] == ["CT", CHAIR]
    assert [founded.cause, coded.cause] == [Cause.FOUNDING, Cause.IMPORT]


async def test_the_changes_of_a_person_in_chat(branch_world: World) -> None:
    worker = await _row(branch_world, WORKER)
    for days, group in ((1, "Tổ Kỹ thuật"), (2, "Tổ Nghiệp vụ")):
        branch_world.clock.forward(days=days)
        await _import(branch_world, replace(worker, group=group))
    branch_world.clock.forward(days=1)
    await _import(branch_world, without=[WORKER])
    talk = await branch_world.talk(CHAIR)
    await talk.says("/doanvien")
    found = (await _history(branch_world, WORKER))[0].standing
    button = encode(branch_world.services.branch.tag, "roster.history", found.id, 0)
    await talk.presses(Shown("old", ""), button)
    talk.sees(
        "03/03/2026 – 08:30 05/03/2026 (nhập danh sách)",
        "Tổ công đoàn: Tổ Hành chính → Tổ Kỹ thuật",
        "Nay không còn trong danh sách đang dùng",
    )
    assert talk.screen.index("→ Tổ Nghiệp vụ") < talk.screen.index("→ Tổ Kỹ thuật")
    async with branch_world.database.read() as tx:
        first, *_rest = await history.of(branch_world.work(tx), found.id)
    assert first.as_json() | {"since": "", "until": ""} == {
        "since": "",
        "until": "",
        "cause": "import",
        "code": WORKER,
        "name": "Đặng Thu Hà",
        "group": "Tổ Hành chính",
        "position": "",
        "union_member": True,
        "party_member": False,
        "roles": ["worker"],
        "started_on": "2020-01-02",
    }


# Consent.


async def _withdraw(world: World, code: str) -> None:
    """As `handlers.me` does it."""
    async with world.database.write() as tx:
        found = await members.by_code(tx, code)
        assert found is not None
        await consents.withdraw(tx, found.id, world.clock.now())
        await roster_keeping.forget_withdrawn(tx)


async def _consent(world: World, code: str) -> None:
    account = await world.link("direct", f"p-{code}", code)
    async with world.database.write() as tx:
        assert account.id
        found = await members.by_code(tx, code)
        assert found is not None
        await consents.give(tx, found.id, account.id, "0" * 64, world.clock.now())


async def test_what_is_over_of_who_withdrew_keeps_no_name(branch_world: World) -> None:
    for code in (WORKER, COMMITTEE):
        await _consent(branch_world, code)
    branch_world.clock.forward(days=1)
    await _import(
        branch_world,
        *[replace(await _row(branch_world, each), group="Tổ Kỹ thuật") for each in (WORKER, COMMITTEE)],
    )
    await _withdraw(branch_world, COMMITTEE)
    past, present = await _history(branch_world, COMMITTEE)
    assert (past.standing.code, past.standing.full_name, past.standing.started_on) == ("", "", None)
    # Figures of that time stay right.
    assert (past.standing.group_name, past.standing.is_committee) == ("Tổ Nghiệp vụ", True)
    assert present.standing.code == COMMITTEE
    assert [each.standing.code for each in await _history(branch_world, WORKER)] == [WORKER, WORKER]


async def test_what_ends_after_withdrawing_keeps_no_name_either(branch_world: World) -> None:
    await _consent(branch_world, WORKER)
    await _withdraw(branch_world, WORKER)
    branch_world.clock.forward(days=1)
    await _import(branch_world, without=[WORKER])
    [only] = await _history(branch_world, WORKER)
    assert (only.standing.code, only.until) == ("", branch_world.clock.now())


async def test_who_agrees_again_is_kept_by_name(branch_world: World) -> None:
    await _consent(branch_world, WORKER)
    await _withdraw(branch_world, WORKER)
    await _consent(branch_world, WORKER)
    branch_world.clock.forward(days=1)
    await _import(branch_world, without=[WORKER])
    assert [each.standing.code for each in await _history(branch_world, WORKER)] == [WORKER]
