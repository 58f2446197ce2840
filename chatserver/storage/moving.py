"""Moves everything from one database into another one that is empty, and compares every row."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, delete, func, insert, inspect, select, tuple_
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.errors import Rejected
from chatserver.storage.postgresql import take_time
from chatserver.storage.schema import metadata, workspaces
from chatserver.storage.table_copy import LEFT_OUT

# Rows of one statement.
CHUNK = 1000
# Table, rows that are there, rows that shall be there.
Progress = Callable[[str, int, int], None]
# All tenants at once is what moving means; the tests' guard of tenancy looks for this.
ALL = {"all_tenants": True}


async def move(source: AsyncConnection, target: AsyncConnection, progress: Progress) -> int:
    """Copies all tables in the two transactions, which must see one current schema; returns the
    number of rows. Raises Rejected, and then nothing may be committed."""
    await _check(source, target)
    await take_time(target)
    total = 0
    for table in metadata.sorted_tables:
        total += await _move_table(source, target, table, progress)
    await target.exec_driver_sql("ANALYZE")
    return total


async def _check(source: AsyncConnection, target: AsyncConnection) -> None:
    for connection in (source, target):
        there = await connection.run_sync(_table_names)
        if there != set(metadata.tables):
            odd = ", ".join(sorted(there ^ set(metadata.tables)))
            raise Rejected(f"these tables are not of this release: {odd}")
    if await _count(target, workspaces):
        raise Rejected("the target holds an installation already; give an empty database")


async def _move_table(
    source: AsyncConnection, target: AsyncConnection, table: Table, progress: Progress
) -> int:
    if "workspace_id" not in table.c:  # what migrations put there
        await target.execute(delete(table))
    wanted, done = await _count(source, table), 0
    progress(table.name, done, wanted)
    last: Sequence[Any] | None = None
    while rows := (await source.execute(_chunk(table, last))).all():
        await _copy(target, table, rows)
        done, last = done + len(rows), _key(table, rows[-1])
        progress(table.name, done, wanted)
    if done != await _count(target, table) or done != wanted:
        raise Rejected(f"{table.name} has other rows than before")
    return done


def _chunk(table: Table, last: Sequence[Any] | None) -> Select[Any]:
    keys = list(table.primary_key)
    query = select(table).order_by(*keys).limit(CHUNK).execution_options(**ALL)
    return query if last is None else query.where(tuple_(*keys) > tuple(last))


async def _copy(target: AsyncConnection, table: Table, rows: Sequence[Row[Any]]) -> None:
    try:
        await target.execute(insert(table), [dict(row._mapping) for row in rows])
    except DBAPIError as error:  # longer than its column, or a character that only SQLite takes
        reason = type(error.orig.__cause__ or error.orig).__name__ if error.orig else "error"
        first = _key(table, rows[0])
        raise Rejected(f"{table.name}: rows from {first} on cannot be stored ({reason})") from error
    keys = list(table.primary_key)
    wanted = _by_key(table, rows)
    query = select(table).where(tuple_(*keys).in_(list(wanted))).execution_options(**ALL)
    found = _by_key(table, (await target.execute(query)).all())
    for key, row in wanted.items():
        if found.get(key) != row:
            raise Rejected(f"{table.name}: the row {key} did not arrive as it was")


def _by_key(table: Table, rows: Sequence[Row[Any]]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    return {tuple(_key(table, row)): tuple(row) for row in rows}


def _key(table: Table, row: Row[Any]) -> list[Any]:
    return [row._mapping[column.name] for column in table.primary_key]


async def _count(connection: AsyncConnection, table: Table) -> int:
    query = select(func.count()).select_from(table).execution_options(**ALL)
    number: int = (await connection.execute(query)).scalar_one()
    return number


def _table_names(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {LEFT_OUT}
