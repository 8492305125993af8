"""Jobs of a kind made for tests, and the program that carries them out."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from markupsafe import Markup
from sqlalchemy import select

from bot.jobs.carrier import Carrier
from handlers.kit.context import Work
from handlers.kit.jobs import JobKind, Letter, Plan
from handlers.kit.reply import Reply
from storage import jobs
from storage.jobs import Job, NewJob
from storage.schema.jobs import job
from storage.wanted import Wanted
from tests.world import START, World


@dataclass
class Occasions:
    """A kind whose letters say which job it is; what they go to and whether they apply is the test's."""

    to: Wanted = field(default_factory=lambda: Wanted("all"))
    applies: bool = True
    officers: Sequence[int] = ()
    broken: set[str] = field(default_factory=set)
    # Those of which nothing can be told, not even what they are about.
    nameless: set[str] = field(default_factory=set)

    def kind(self) -> JobKind:
        async def letter(_work: Work, job: Job) -> Letter | None:
            if job.key in self.broken:
                raise ZeroDivisionError
            occasion = job.details.get("occasion", "")
            words = Reply(Markup("This is {}").format(job.key))
            return Letter(words, replace(self.to, occasion=occasion)) if self.applies else None

        async def title(_work: Work, job: Job) -> str:
            if job.key in self.nameless:
                raise KeyError(job.key)
            return f"<{job.key}>"

        async def responsible(_work: Work, job: Job) -> Sequence[int]:
            if job.key in self.nameless:
                raise KeyError(job.key)
            return self.officers

        return JobKind("test", letter, title, responsible)

    def carrier(self, world: World, *plans: Plan) -> Carrier:
        kind = self.kind()
        return Carrier(
            world.database,
            world.services,
            world.clock,
            world.delivery.wake,
            kinds={kind.name: kind},
            plans=plans,
        )


async def put(world: World, *new: NewJob) -> int:
    async with world.database.write() as tx:
        return await jobs.add(tx, new, world.clock.now())


def occasion(
    key: str,
    *,
    due: datetime = START,
    lasts: timedelta = timedelta(hours=2),
    subject: int | None = None,
    of: str = "",
) -> NewJob:
    return NewJob(key, "test", due, due + lasts, subject, {"occasion": of})


async def state(world: World, key: str) -> tuple[str, int]:
    """The job's state and how many it missed."""
    async with world.database.read() as tx:
        found = await tx.first(select(job.c.state, job.c.late).where(job.c.key == key))
    assert found is not None
    return found.state, found.late


async def deliver(world: World) -> None:
    """Send everything that is due, to many and to one."""
    await world.delivery.send_shared()
    await world.deliver()
