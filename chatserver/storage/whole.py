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


class Threads:
    """As many threads as the engine has connections, one transaction each at a time. Whoever calls
    `run` of the writer's holds the writer's lock."""

    def __init__(self, engine: Engine, count: int, name: str) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(count, thread_name_prefix=name)

    async def run(self, work: Work[T]) -> T:
        loop = asyncio.get_running_loop()
        running = loop.run_in_executor(self._threads, self._transact, work)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            await asyncio.wait([running])  # the connection is busy until then
            raise

    async def forget(self) -> None:
        """The next transaction opens the database anew."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._threads, self._engine.dispose)

    async def close(self) -> None:
        await self.forget()
        self._threads.shutdown()

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
    raise RuntimeError("whole work may await only its connection")
