"""Announcements that ask for an opinion, made and answered."""

from collections.abc import Iterable

from markupsafe import Markup

from handlers.announce import actions
from handlers.announce.polls import polling
from handlers.announce.polls.polling import Results
from storage import members
from storage.members import Member
from tests.announce.sending import go
from tests.announce.writing import to_options
from tests.people import PEOPLE
from tests.talk import Shown, Talk
from tests.world import World

OPTIONS = ("Đồng ý", "Không đồng ý", "Ý kiến khác")
CODES = tuple(person[0] for person in PEOPLE)


async def asked(
    world: World,
    *,
    named: bool,
    audience: str = "all",
    options: tuple[str, ...] = OPTIONS,
    codes: Iterable[str] = CODES,
) -> int:
    """Sent to everybody in the audience, of whom those with `codes` can be reached; its number."""
    for code in codes:
        await world.link("direct", f"p-{code}", code)
    async with world.database.write() as tx:
        work = world.work(tx)
        poll = polling.make(options, is_named=named)
        made = await actions.announce(work, None, actions.Draft(Markup("Đi đâu?"), audience, poll=poll))
    await go(world)
    return made.id


async def answer(world: World, number: int, code: str, option: int) -> str:
    """The label of what is said."""
    async with world.database.write() as tx:
        work = world.work(tx)
        return await polling.answer(work, await actions.find(work, number), await person(world, code), option)


async def close(world: World, number: int) -> None:
    async with world.database.write() as tx:
        work = world.work(tx)
        await polling.close(work, await actions.find(work, number))


async def results(world: World, number: int) -> Results:
    async with world.database.read() as tx:
        work = world.work(tx)
        found = await polling.results(work, await actions.find(work, number))
    assert found is not None
    return found


async def person(world: World, code: str) -> Member:
    async with world.database.read() as tx:
        found = await members.by_code(tx, code)
    assert found is not None
    return found


async def to_poll(talk: Talk, audience: str = "all") -> None:
    await to_options(talk, audience, "Đi <b>đâu</b>?")
    await talk.taps("Hỏi ý kiến…")
    talk.sees("mỗi câu một dòng")


async def forge(talk: Talk, press: str) -> None:
    """A press that no button of a message in sight may have made."""
    await talk.presses(Shown(f"forged {press} {len(talk.all)}", ""), f"1~t3st~announce.{press}")
