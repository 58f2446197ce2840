"""How busy the connections to the database are: how many there are, how long one is waited for."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import QueuePool

from chatserver.clock import Clock
from chatserver.counting import Spread


class Pool:
    """Of all engines of one database."""

    def __init__(self, clock: Clock, engines: Sequence[AsyncEngine]) -> None:
        self._clock = clock
        self._pools = [engine.sync_engine.pool for engine in engines]
        self.waiting = 0
        self.seconds = Spread(0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10)

    @property
    def size(self) -> int:
        """The most connections at a time."""
        return sum(pool.size() for pool in self._pools if isinstance(pool, QueuePool))

    @property
    def in_use(self) -> int:
        return sum(pool.checkedout() for pool in self._pools if isinstance(pool, QueuePool))

    @asynccontextmanager
    async def take(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        """A connection of this engine, once one is free; connecting counts as waiting."""
        began = self._clock.monotonic()
        is_waiting = True

        def waited() -> None:
            nonlocal is_waiting
            if is_waiting:
                is_waiting = False
                self.waiting -= 1
                self.seconds.add(self._clock.monotonic() - began)

        self.waiting += 1
        try:
            async with engine.connect() as connection:
                waited()
                yield connection
        finally:
            waited()
