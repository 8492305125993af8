"""Opening one branch: its database brought up to date, its texts and documents."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import content
from bot.config import Settings
from bot.system import SystemChance, SystemClock
from handlers.kit.calendar import load_calendar
from handlers.kit.canned import load_canned
from handlers.kit.categories import load_categories
from handlers.kit.context import Services, Work
from handlers.kit.documents import load_documents
from handlers.kit.duties import load_duties
from handlers.kit.texts import Texts
from handlers.kit.waiting import Waiting
from storage import branch
from storage.branch import Branch
from storage.database import Database, open_database
from storage.migrate import upgrade
from storage.reading import NoDatabaseError, read_only
from storage.signing_keys import SigningKeys

CONTENT = Path(content.__file__).parent
MESSAGES = CONTENT / "messages"
DOCUMENTS = CONTENT / "documents"
DUTIES = CONTENT / "duties" / "duties.yaml"
CALENDAR = CONTENT / "calendar"
RECEIPT_WORDS = CONTENT / "receipts" / "words.txt"
CATEGORIES = CONTENT / "concerns" / "categories.yaml"
CANNED = CONTENT / "concerns" / "canned.yaml"


ARCHIVE_README = CONTENT / "evidence" / "README.txt"


class NoBranchError(Exception):
    """The database holds no branch yet: `caunoi init` comes first."""


def signing_keys(settings: Settings) -> SigningKeys:
    """Beside the database, and never in its backups."""
    return SigningKeys(settings.data_dir / "keys" / "evidence")


def make_services(settings: Settings, of: Branch) -> Services:
    """Raises ContentError when a document, the duties, the calendar or what concerns need can't be read."""
    return Services(
        texts=Texts(MESSAGES, settings.zone, settings.address_as),
        chance=SystemChance(),
        zone=settings.zone,
        branch=of,
        documents=load_documents(DOCUMENTS),
        duties=load_duties(DUTIES),
        calendar=load_calendar(CALENDAR),
        categories=load_categories(CATEGORIES),
        canned=load_canned(CANNED),
        public_url=settings.public_url,
        papers=settings.data_dir / "templates",
        waiting=Waiting(),
    )


@asynccontextmanager
async def open_branch(settings: Settings) -> AsyncIterator[tuple[Database, Services]]:
    """The branch's migrated database and its services; NoBranchError before `caunoi init`."""
    await upgrade(settings.database)
    database = open_database(settings.database)
    try:
        async with database.read() as tx:
            of = await branch.load(tx)
        if of is None:
            raise NoBranchError
        yield database, make_services(settings, of)
    finally:
        await database.close()


@asynccontextmanager
async def open_reading(settings: Settings) -> AsyncIterator[Work]:
    """A look at the branch that needs no right to write, and migrates nothing.

    NoBranchError before `caunoi init`; for others see `storage.reading`.
    """
    try:
        async with read_only(settings.database) as tx:
            of = await branch.load(tx)
            if of is None:
                raise NoBranchError
            yield Work(services=make_services(settings, of), db=tx, now=SystemClock().now())
    except NoDatabaseError as error:
        raise NoBranchError from error


@asynccontextmanager
async def open_work(settings: Settings) -> AsyncIterator[Work]:
    """One write transaction with its surroundings, for commands."""
    async with open_branch(settings) as (database, services), database.write() as tx:
        yield Work(services=services, db=tx, now=SystemClock().now())
