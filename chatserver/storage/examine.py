"""What a database says of itself, to whoever runs it."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import text

from chatserver.storage.database import Database
from chatserver.storage.migrate import is_current, revision_of

# Settings of PostgreSQL without which a commit is not on the disk.
SAFE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


class Examined(Struct, frozen=True):
    """`loose`: settings under which a commit may be lost. `now`: the server's clock, if it has one
    of its own."""

    engine: str
    revision: str
    is_current: bool
    loose: list[str]
    now: datetime | None


async def look(database: Database) -> Examined:
    """Raises Unavailable."""
    current = await is_current(database)
    async with database.read() as connection:
        revision = await connection.run_sync(revision_of)
        if database.dialect == "sqlite":
            engine = (await connection.execute(text("SELECT sqlite_version()"))).scalar_one()
            return Examined(f"SQLite {engine}", revision, current, [], None)
        engine = (await connection.execute(text("SHOW server_version"))).scalar_one()
        now: datetime = (await connection.execute(text("SELECT clock_timestamp()"))).scalar_one()
        query = text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)")
        rows = await connection.execute(query, {"names": list(SAFE)})
        # remote_write, remote_apply and local wait for our own disk as well.
        loose = [f"{name} is {value}" for name, value in rows if value in ("off", "false")]
    return Examined(f"PostgreSQL {engine}", revision, current, sorted(loose), now)
