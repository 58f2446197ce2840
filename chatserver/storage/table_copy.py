"""Every table of a PostgreSQL database as a file in the server's own COPY format, and back.

Ours and not pg_dump: that refuses a server newer than itself, and need not be installed.
"""

from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, MetaData, Table, delete, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.errors import Rejected
from chatserver.storage.postgresql import take_time

# Alembic's own; the revision stands in the manifest, and migrating writes it anew.
LEFT_OUT = "alembic_version"


class TableCopy(Struct, frozen=True):
    """A table that was written to the file `NAME.copy`."""

    name: str
    columns: list[str]
    rows: int


async def copy_out(connection: AsyncConnection, folder: Path) -> list[TableCopy]:
    """Writes all tables, parents first. The connection's transaction must be a snapshot."""
    await take_time(connection)
    copied = []
    for table in await connection.run_sync(tables_of):
        columns = [str(column.name) for column in table.columns]
        said = await (await _driver(connection)).copy_from_table(
            table.name, columns=columns, output=str(folder / f"{table.name}.copy")
        )
        copied.append(TableCopy(str(table.name), columns, _count(said)))
    return copied


async def copy_in(connection: AsyncConnection, folder: Path, copies: list[TableCopy]) -> None:
    """Fills the tables of a freshly migrated database. Raises Rejected when rows are missing."""
    await take_time(connection)
    for table in await connection.run_sync(tables_of):
        if "workspace_id" not in table.c:  # what migrations put there; nothing has a tenant yet
            await connection.execute(delete(table))
    for one in copies:
        said = await (await _driver(connection)).copy_to_table(
            one.name, columns=one.columns, source=str(folder / f"{one.name}.copy")
        )
        if _count(said) != one.rows:
            raise Rejected(f"{one.name} has {_count(said)} rows instead of {one.rows}")


async def drop_all(connection: AsyncConnection) -> None:
    """Removes every table, if nobody else is connected to this database. Raises Rejected."""
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    others: int = (await connection.execute(text(query))).scalar_one()
    if others:
        raise Rejected(f"{others} others are connected to this database: stop every node first")
    await connection.run_sync(_drop_all)


def tables_of(connection: Connection) -> list[Table]:
    """The tables that are there, parents before what refers to them."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != LEFT_OUT]


def _drop_all(connection: Connection) -> None:
    found = MetaData()
    found.reflect(connection)
    found.drop_all(connection)


async def _driver(connection: AsyncConnection) -> Any:
    """asyncpg's connection, in the transaction that SQLAlchemy has begun on it."""
    return (await connection.get_raw_connection()).driver_connection


def _count(said: str) -> int:
    return int(said.split()[-1])  # "COPY 42"
