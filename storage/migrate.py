"""Bringing a database to the newest schema. Alembic is imported only here, when there is something to do."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from storage.database import is_sqlite, parse_url, prepare_sqlite

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent / "migrations"


async def upgrade(url_text: str, revision: str = "head") -> None:
    """Run the migrations that are missing up to `revision`; each run is one transaction."""
    url = parse_url(url_text)
    if is_sqlite(url):
        Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(url)
    if is_sqlite(url):
        prepare_sqlite(engine, "BEGIN IMMEDIATE")
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade, revision)
    finally:
        await engine.dispose()


def config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - 10 MB that a running bot need not hold

    made = Config()
    made.set_main_option("script_location", str(HERE))
    return made


def _upgrade(connection: Connection, revision: str) -> None:
    from alembic import command  # noqa: PLC0415 - as above

    prepared: Any = config()
    prepared.attributes["connection"] = connection
    command.upgrade(prepared, revision)
