"""The database: there, of this release, with a branch in it; room for it, and its server's clock."""

import shutil
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot.config import Settings
from bot.doctor.findings import Finding, ok, problem, warning
from handlers.kit.clock import Clock
from storage import branch, figures
from storage.database import StorageUnavailableError, Transaction, is_sqlite, parse_url
from storage.migrate import HEAD
from storage.reading import ChangedMeanwhileError, NoDatabaseError, OtherSchemaError, read_only

NAME, DISK, CLOCK = "database", "disk", "clock"
_MIB, _GIB = 2**20, 2**30
# Below the first nothing may fit soon; below the second it is time to make room.
LITTLE, SOME = 100 * _MIB, _GIB
# Deadlines and leases are told by both clocks: they may differ by so many seconds.
APART_S = 5.0


async def check(settings: Settings, clock: Clock) -> list[Finding]:
    return [*await _contents(settings, clock), *_room(settings.database)]


async def _contents(settings: Settings, clock: Clock) -> list[Finding]:
    try:
        async with read_only(settings.database) as tx:
            return [await _branch(tx), *await _server_clock(tx, clock)]
    except NoDatabaseError:
        return [problem(NAME, "database_none")]
    except OtherSchemaError as error:
        return [_other_schema(str(error))]
    except ChangedMeanwhileError:
        return [warning(NAME, "database_busy")]
    except StorageUnavailableError as error:
        return [problem(NAME, "database_unreachable", reason=error.reason)]
    except DBAPIError as error:
        # Such as a wrong password. The driver's own class says which, and its words may hold more.
        cause = error.orig and (error.orig.__cause__ or error.orig)
        return [problem(NAME, "database_unreachable", reason=type(cause).__name__)]


async def _branch(tx: Transaction) -> Finding:
    of = await branch.load(tx)
    return problem(NAME, "database_empty") if of is None else ok(NAME, "database_ok", branch=of.name)


def _other_schema(found: str) -> Finding:
    if found < HEAD:
        return warning(NAME, "database_older")
    return problem(NAME, "database_newer")


async def _server_clock(tx: Transaction, clock: Clock) -> list[Finding]:
    there = await figures.server_time(tx)
    if there is None:
        return []
    apart = abs((there - clock.now()).total_seconds())
    if apart > APART_S:
        return [warning(CLOCK, "clock_off", seconds=round(apart))]
    return [ok(CLOCK, "clock_ok")]


def _room(database: str) -> list[Finding]:
    """On the disk of a SQLite file; a server looks after its own."""
    url = parse_url(database)
    folder = Path(url.database or "").parent
    if not is_sqlite(url) or not folder.is_dir():
        return []
    return [_free(shutil.disk_usage(folder).free)]


def _free(free: int) -> Finding:
    if free >= SOME:
        return ok(DISK, "disk_ok", gib=free // _GIB)
    if free >= LITTLE:
        return warning(DISK, "disk_low", mib=free // _MIB)
    return problem(DISK, "disk_full", mib=free // _MIB)
