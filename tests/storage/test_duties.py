from datetime import UTC, date, datetime, timedelta

from storage import duties, jobs
from storage.database import Database
from storage.jobs import NewJob, State

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


async def test_a_duty_is_made_once_for_each_period(database: Database) -> None:
    async with database.write() as tx:
        await duties.add(tx, [], NOW)
        await duties.add(tx, [("doi-thoai", "2026"), ("doi-thoai", "2027")], NOW)
        await duties.add(tx, [("doi-thoai", "2026"), ("hoi-nghi", "2026")], LATER)
        found = await duties.everything(tx)
    assert [(each.rule, each.period, each.changed_at) for each in found] == [
        ("doi-thoai", "2026", NOW),
        ("doi-thoai", "2027", NOW),
        ("hoi-nghi", "2026", LATER),
    ]
    assert (found[0].due_on, found[0].is_moved, found[0].is_dropped, found[0].note) == (
        None,
        False,
        False,
        "",
    )


async def test_a_counted_deadline_is_nobodys_change(database: Database) -> None:
    async with database.write() as tx:
        await duties.add(tx, [("doi-thoai", "2026"), ("doi-thoai", "2027")], NOW)
        first, second = await duties.everything(tx)
        await duties.change(tx, first.id, None, LATER, note="x", is_dropped=True)
        await duties.set_due(tx, [(first.id, date(2026, 12, 31)), (second.id, None)])
        first, second = await duties.everything(tx)
        assert await duties.locked(tx, first.id) == first
        assert await duties.locked(tx, 99) is None
    assert (first.due_on, first.note, first.is_dropped, first.changed_at) == (
        date(2026, 12, 31),
        "x",
        True,
        LATER,
    )
    assert (second.due_on, second.changed_at) == (None, NOW)


def planned(key: str, days: int, subject: int = 1) -> NewJob:
    due = NOW + timedelta(days=days)
    return NewJob(key, "duty", due, due + timedelta(days=1), subject)


async def test_jobs_are_replaced_by_what_is_planned_now(database: Database) -> None:
    async with database.write() as tx:
        other = NewJob("z", "greeting", NOW, LATER, 1)
        await jobs.add(
            tx, [planned("a", 1), planned("b", 2), planned("c", 3), planned("y", 1, 2), other], NOW
        )
        sent = next(each for each in await jobs.waiting(tx, 9) if each.key == "a")
        await jobs.finish(tx, sent.id, State.DONE, NOW)
        await jobs.replace(tx, "duty", 1, [planned("a", 5), planned("c", 4), planned("d", 6)], LATER)
        waiting = {each.key: (each.due_at - NOW).days for each in await jobs.waiting(tx, 9)}
        # What went out isn't planned again; nobody else's is touched.
        assert waiting == {"c": 4, "d": 6, "y": 1, "z": 0}
        assert [each.key for each in await jobs.waiting_of(tx, "duty")] == ["c", "y", "d"]
        await jobs.replace(tx, "duty", 1, [], LATER)
        assert [each.key for each in await jobs.waiting_of(tx, "duty")] == ["y"]
        # What was cancelled can be planned once more.
        await jobs.replace(tx, "duty", 1, [planned("b", 7)], LATER)
        again = next(each for each in await jobs.waiting_of(tx, "duty") if each.key == "b")
        assert (again.due_at, again.expires_at) == (NOW + timedelta(days=7), NOW + timedelta(days=8))
