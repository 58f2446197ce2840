"""Whole transactions in one thread, for SQLite: the way to a thread and back is made once for all
statements, and nothing else happens in between."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, CursorResult, Engine, Executable
from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")
# Awaits nothing but the connection it is given.
Work = Callable[[AsyncConnection], Coroutine[Any, Any, T]]


class WriterThread:
    """Runs one transaction after the other. Whoever calls `run` holds the writer's lock."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")

    async def run(self, work: Work[T]) -> T:
        loop = asyncio.get_running_loop()
        running = loop.run_in_executor(self._thread, self._transact, work)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            await asyncio.wait([running])  # the writer is busy until then
            raise

    async def forget(self) -> None:
        """The next transaction opens the database anew."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._engine.dispose)

    async def close(self) -> None:
        await self.forget()
        self._thread.shutdown()

    def _transact(self, work: Work[T]) -> T:
        with self._engine.begin() as connection:
            return _finish(work(cast(AsyncConnection, _Executes(connection))))


class _Executes:
    """What stores need of an AsyncConnection. It never waits, so neither does who awaits it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        return self._connection.execute(statement, parameters)


def _finish(work: Coroutine[Any, Any, T]) -> T:
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    work.close()
    raise RuntimeError("work in the writer's thread may await only its connection")
