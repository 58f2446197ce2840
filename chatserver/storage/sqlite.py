"""The SQLite connection that SQLAlchemy drives: each statement goes to its thread and back once.

aiosqlite's own cursor goes there four times for a query: to be made, to execute, to fetch and to be
closed. At a hundred small statements a second the ways cost more than the statements.
"""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

import aiosqlite

Rows = Sequence[Any]


class Cursor:
    """What SQLAlchemy's adapter asks of a cursor. All rows are there once a statement ran."""

    arraysize = 1

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._rows: Rows = ()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> "Cursor":
        return self

    async def execute(self, sql: str, parameters: Any = ()) -> "Cursor":
        return await self._run(self._connection.connection.execute, sql, parameters)

    async def executemany(self, sql: str, parameters: Any) -> "Cursor":
        return await self._run(self._connection.connection.executemany, sql, parameters)

    async def fetchall(self) -> Rows:
        return self._rows

    async def close(self) -> None:
        self._rows = ()

    async def _run(
        self, run: Callable[[str, Any], sqlite3.Cursor], sql: str, parameters: Any
    ) -> "Cursor":
        cursor, self._rows = await self._connection.in_thread(_all_rows, run, sql, parameters)
        self.description, self.rowcount = cursor.description, cursor.rowcount
        self.lastrowid = cursor.lastrowid
        return self


class Connection(aiosqlite.Connection):
    """A connection with its thread. Await it to open it."""

    def __init__(self, path: str) -> None:
        super().__init__(lambda: sqlite3.connect(path), iter_chunk_size=64)
        self._thread.daemon = True  # an interrupted process does not wait for it

    @property
    def connection(self) -> sqlite3.Connection:
        return self._conn

    def cursor(self) -> Cursor:  # type: ignore[override]
        return Cursor(self)

    async def in_thread(self, work: Callable[..., Any], *args: Any) -> Any:
        return await self._execute(work, *args)  # type: ignore[no-untyped-call]


def _all_rows(
    run: Callable[[str, Any], sqlite3.Cursor], sql: str, parameters: Any
) -> tuple[sqlite3.Cursor, Rows]:
    cursor = run(sql, parameters)
    return cursor, cursor.fetchall()
