"""Bringing a database to the newest schema. Alembic is imported only here, when there is something to do."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.database import is_sqlite, make_private_file, parse_url, prepare_sqlite, translated_errors

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent / "migrations"
# The newest revision: a database that stands there starts without loading Alembic.
HEAD = "0017"


async def upgrade(url_text: str) -> None:
    """Run the migrations that are missing, in one transaction."""
    url = parse_url(url_text)
    if is_sqlite(url):
        make_private_file(Path(url.database or ""))
    engine = create_async_engine(url)
    if is_sqlite(url):
        prepare_sqlite(engine, "BEGIN IMMEDIATE")
    try:
        with translated_errors():
            await _bring_to_head(engine)
    finally:
        await engine.dispose()


async def _bring_to_head(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        if await connection.run_sync(revision) != HEAD:
            await connection.run_sync(_upgrade)


def revision(connection: Connection) -> str | None:
    """Where the database stands; None before the first migration."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - 10 MB that a running bot need not hold

    made = Config()
    made.set_main_option("script_location", str(HERE))
    return made


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - as above

    prepared: Any = config()
    prepared.attributes["connection"] = connection
    command.upgrade(prepared, "head")
