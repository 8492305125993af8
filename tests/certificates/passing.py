"""People who have passed a document's quiz, and their certificates."""

from typing import Any

from storage import certificates, members
from storage.certificates import Certificate
from storage.database import Transaction
from storage.schema.studies import study
from tests.study.course import Course, confirm, read_all
from tests.talk import Talk
from tests.world import World


async def passes(course: Course, talk: Talk) -> None:
    """From /hoctap to the quiz's result, all answers right."""
    await read_all(talk)
    await confirm(talk)
    await talk.taps("Làm bài kiểm tra")
    await course.answers(talk, right=True)
    await talk.taps("Câu tiếp")
    await course.answers(talk, right=True)


async def have_passed(course: Course, *codes: str, **values: Any) -> None:
    """As if these people had studied in the chat; `values` are other columns of their study."""
    now = course.world.clock.now()
    done = {"card": 3, "acknowledged_at": now, "best_score": 100, "passed_at": now, **values}
    async with course.world.database.write() as tx:
        for code in codes:
            row = {"campaign_id": course.campaign_id, "member_id": await id_of(tx, code), **done}
            await tx.run(study.insert().values(row))


async def id_of(tx: Transaction, code: str) -> int:
    found = await members.by_code(tx, code)
    assert found is not None
    return found.id


async def issued(world: World) -> list[Certificate]:
    async with world.database.read() as tx:
        return await certificates.issued(tx)


async def rename(world: World, code: str, name: str) -> None:
    """As an import of a corrected roster does."""
    async with world.database.write() as tx:
        change = {"b_id": await id_of(tx, code), "full_name": name, "changed_at": world.clock.now()}
        await members.change(tx, [change])
