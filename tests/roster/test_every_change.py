"""Imports, admissions, recodings and withdrawals in any order: each moment is seen again as it was, save that
who withdrew has no name in what is over.
"""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from handlers.kit.context import Work
from handlers.kit.errors import RefusedError
from handlers.kit.roles import Role
from handlers.me import actions as me
from handlers.registers.admission import actions as admission
from handlers.roster import actions
from handlers.roster.reading import Reading, RosterRow
from storage import accounts, consents, members, roster_history
from storage.database import Database, open_database
from storage.members import Member
from storage.registers import admissions
from tests.registers.office import do
from tests.roster.test_history import CODES, NOBODY, as_row, rows
from tests.world import SetClock, World

# So few people that one who withdrew is changed again soon.
FEW = CODES[:2]
rosters = st.lists(
    rows.map(lambda row: replace(row, code=FEW[int(row.code[-1]) % len(FEW)])),
    max_size=len(FEW),
    unique_by=lambda row: row.code,
)
# Minutes before each, and what is done: a roster of workers to import, or a deed and about whom.
deeds = st.lists(
    st.tuples(
        st.integers(1, 60 * 24 * 40),
        st.one_of(
            rosters,
            st.tuples(
                st.sampled_from(("admit", "reopen", "withdraw", "consent", "recode")), st.sampled_from(FEW)
            ),
        ),
    ),
    min_size=3,
    max_size=14,
)


@dataclass
class Time:
    """How somebody stood from a moment on, up to another one."""

    since: datetime
    until: datetime | None
    standing: Member


class Model:
    """What was seen of each person at each moment, without what those who withdrew may have forgotten."""

    def __init__(self) -> None:
        self.moments: list[datetime] = []
        self._times: dict[int, list[Time]] = {}

    def see(self, now: datetime, roster: Sequence[Member], withdrew: set[int]) -> None:
        self.moments.append(now)
        there = {each.id: each for each in roster}
        for each in {*there, *self._times}:
            times = self._times.setdefault(each, [])
            held = times[-1] if times and times[-1].until is None else None
            if held is not None and held.standing != there.get(each):
                held.until = now
            if each in there and (held is None or held.until is not None):
                times.append(Time(now, None, there[each]))
            for over in times if each in withdrew else ():
                if over.until is not None:
                    over.standing = replace(
                        over.standing, code="", full_name="", position="", started_on=None
                    )

    def as_of(self, moment: datetime) -> list[Member]:
        held = [
            each.standing
            for times in self._times.values()
            for each in times
            if each.since <= moment and (each.until is None or each.until > moment)
        ]
        return sorted(held, key=lambda each: each.id)


class Office:
    """Does what is drawn, and has the model look at the roster after each deed."""

    def __init__(self, world: World, clock: SetClock) -> None:
        self.model = Model()
        self._world, self._clock = world, clock
        self._withdrew: set[int] = set()
        # Nobody until a roster says the founder's real code.
        self._chair: tuple[RosterRow, ...] = ()

    async def found(self) -> None:
        async with self._world.database.write() as tx:
            work = self._world.work(tx)
            names = {"name": "Công đoàn A", "chair": NOBODY.full_name}
            await actions.init_branch(tx, work.services.texts, work.chance, work.now, **names)
        await self._see()

    async def do(self, deed: list[RosterRow] | tuple[str, str]) -> None:
        if isinstance(deed, list):
            await self._import(deed)
        else:
            what, code = deed
            async with self._world.database.read() as tx:
                person = await members.by_code(tx, code)
            if what == "recode":
                await self._recode()
            elif person is not None:
                await getattr(self, f"_{what}")(person)
        await self._see()

    async def _see(self) -> None:
        self.model.see(self._clock.now(), await self._roster(), self._withdrew)

    async def _roster(self) -> list[Member]:
        async with self._world.database.read() as tx:
            return [each for each in await members.everybody(tx) if each.is_active]

    async def _import(self, rows: Sequence[RosterRow]) -> None:
        async with self._world.database.write() as tx:
            reading = Reading((*self._chair, *rows), ())
            await actions.import_roster(self._world.work(tx), reading, dry_run=False, allow_many_left=True)

    async def _recode(self) -> None:
        workers = [as_row(each) for each in await self._roster() if each.code in CODES]
        self._chair = (NOBODY,)
        await self._import(workers)

    async def _admit(self, person: Member) -> None:
        async def enter(work: Work) -> None:
            begun = await admission.begin(work, None, person.id)
            await admission.note_signed(work, None, begun.id, work.today)
            await admission.admit(work, None, begun.id, "1/QĐ", work.today)

        await self._try(enter)

    async def _reopen(self, person: Member) -> None:
        async def enter(work: Work) -> None:
            for each in await admissions.everything(work.db, [admissions.State.ADMITTED]):
                if each.member_id == person.id:
                    await admission.reopen(work, None, each.id)

        await self._try(enter)

    async def _try(self, deed: Callable[[Work], Awaitable[None]]) -> None:
        with suppress(RefusedError):
            await do(self._world, deed)

    async def _consent(self, person: Member) -> None:
        account = await self._world.link("direct", f"p-{person.id}", person.code)
        async with self._world.database.write() as tx:
            await consents.give(tx, person.id, account.id, "0" * 64, self._clock.now())
        self._withdrew.discard(person.id)

    async def _withdraw(self, person: Member) -> None:
        async with self._world.database.write() as tx:
            for account in await accounts.of_member(tx, person.id):
                await me.withdraw(self._world.work(tx), person.id, account.id)
                self._withdrew.add(person.id)


async def _play(database: Database, played: Sequence[tuple[int, list[RosterRow] | tuple[str, str]]]) -> None:
    clock = SetClock()
    office = Office(World(database, clock), clock)
    await office.found()
    worker = replace(NOBODY, full_name="Lê An", roles=frozenset({Role.WORKER}))
    await office.do([replace(worker, code=code) for code in FEW])
    for code in FEW:
        await office.do(("consent", code))
    for minutes, deed in played:
        clock.forward(minutes=minutes)
        await office.do(deed)
    async with database.read() as tx:
        for moment in office.model.moments:
            for at in (moment, moment - timedelta(microseconds=1)):
                assert await roster_history.as_of(tx, at) == office.model.as_of(at), at


# A failure isn't made smaller: each play is a database of its own, and that would take minutes.
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(deeds)
def test_every_moment_is_as_it_was_seen(
    sqlite_template: Path, played: list[tuple[int, list[RosterRow] | tuple[str, str]]]
) -> None:
    async def run() -> None:
        with TemporaryDirectory() as folder:
            database = open_database(f"sqlite:///{shutil.copy(sqlite_template, folder)}")
            try:
                await _play(database, played)
            finally:
                await database.close()

    asyncio.run(run())
